//! Transactions, as they are answered.

use bolao_ledger::{MatchNo, Transaction, TxId, encode};

use crate::{
    Chain, Lookup,
    body::{BlockRef, PlaceState, TransactionBody},
};

impl TransactionBody {
    /// One in a block, or one that waits; `void`: the matches of its void bets.
    pub fn new<S: Chain>(
        lookup: &mut Lookup<'_, S>,
        id: TxId,
        transaction: &Transaction,
        void: &[MatchNo],
        block: Option<BlockRef>,
    ) -> Result<Self, S::Error> {
        let state = match &block {
            Some(block) => lookup.state_at(block.at.height)?,
            None => PlaceState::Waiting,
        };
        Ok(Self {
            id: id.to_string(),
            player: lookup.player(&transaction.body.account)?,
            nonce: transaction.body.nonce.0,
            action: transaction.body.action.clone().into(),
            void: lookup.codes(void)?,
            signature: transaction.signature.to_string(),
            raw: hex::encode(encode(transaction)),
            block,
            state,
        })
    }
}
