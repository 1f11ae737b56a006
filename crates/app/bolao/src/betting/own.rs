//! The home's own accounts, and their sealed bets, which the wallet's keys read.

use std::collections::BTreeMap;

use bolao_ledger::{AccountId, MatchNo, Nonce, Placed, PoolId, Prediction};
use bolao_wallet::{Key, KeyIndex, WalletFile};

use crate::{
    source::{Source, escape},
    view::Transaction,
};

/// The keys of a wallet that is open.
pub(crate) struct Own {
    pool: PoolId,
    player: AccountId,
    keys: BTreeMap<AccountId, Key>,
    read: BTreeMap<String, Transaction>,
}

impl Own {
    /// The player's key, and those of the names that bet by the classic routes.
    pub(crate) fn new(wallet: &WalletFile, pool: PoolId) -> Self {
        let indexes = wallet.names().map(|(_, index)| index);
        let keys = std::iter::once(KeyIndex::PLAYER)
            .chain(indexes)
            .map(|index| wallet.key(index))
            .map(|key| (key.account(), key))
            .collect();
        Self {
            pool,
            player: wallet.player().account(),
            keys,
            read: BTreeMap::new(),
        }
    }

    /// The player's own account.
    pub(crate) const fn player(&self) -> AccountId {
        self.player
    }

    /// Whether an account is one of the wallet's.
    pub(crate) fn has(&self, account: &AccountId) -> bool {
        self.keys.contains_key(account)
    }

    /// The prediction that one of the wallet's accounts sealed with a transaction of this nonce.
    pub(crate) fn prediction(
        &self,
        account: &AccountId,
        no: u16,
        nonce: u64,
        commitment: &str,
    ) -> Option<Prediction> {
        let key = self.keys.get(account)?;
        let mut bytes = [0; 32];
        hex::decode_to_slice(commitment, &mut bytes).ok()?;
        key.reopen(self.pool, MatchNo(no), Nonce(nonce), &bytes)
    }

    /// The prediction that a transaction seals, where one of the wallet's accounts sent it.
    pub(crate) async fn reopen(
        &mut self,
        source: &Source,
        account: &AccountId,
        no: u16,
        id: &str,
    ) -> anyhow::Result<Option<Prediction>> {
        if !self.has(account) {
            return Ok(None);
        }
        if !self.read.contains_key(id) {
            let path = format!("/api/v1/transactions/{}", escape(id));
            self.read.insert(id.to_owned(), source.read(&path).await?);
        }
        Ok(self.read.get(id).and_then(|transaction| {
            let mut placed = transaction.action.placed().into_iter();
            let bet = placed.find(|it| it.match_no.0 == no)?;
            let Placed::Sealed(commitment) = bet.placed else {
                return None;
            };
            let commitment = hex::encode(commitment);
            self.prediction(account, no, transaction.nonce, &commitment)
        }))
    }
}
