//! Transactions, as they are answered.

use bolao_ledger::{MatchNo, Transaction, TxBody, TxId, encode};

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
        let TxBody {
            account, action, ..
        } = &transaction.body;
        Ok(Self {
            id: id.to_string(),
            player: lookup.player(account)?,
            nonce: transaction.body.nonce.0,
            action: action.clone().into(),
            says: action.says(account).into(),
            void: lookup.codes(void)?,
            signature: transaction.signature.to_string(),
            raw: hex::encode(encode(transaction)),
            block,
            state,
        })
    }
}
