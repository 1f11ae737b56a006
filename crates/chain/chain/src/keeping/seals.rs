//! Which seals may still be opened. The one rule of what a node keeps, of what it says is to be dealt, and of what it opens for
//! others.

use std::collections::BTreeMap;

use bolao_ledger::{AccountId, Genesis, Item, MatchNo, Nonce, Placed, StateView as _};
use bolao_openings::SealId;
use bolao_store::{Snapshot, StoreError};

/// An account's seals in transactions that wait, each with its transaction's nonce.
pub type WaitingSeals = BTreeMap<SealId, Nonce>;

/// The seals that may still be opened, in one snapshot. Each item, and what waits of each account, is read once.
#[derive(Debug)]
pub struct Seals<'a> {
    snapshot: &'a Snapshot,
    genesis: &'a Genesis,
    items: BTreeMap<MatchNo, Option<Item>>,
    waiting: BTreeMap<AccountId, WaitingSeals>,
}

impl<'a> Seals<'a> {
    /// Those of a pool as a snapshot has them.
    #[must_use]
    pub fn new(snapshot: &'a Snapshot, genesis: &'a Genesis) -> Self {
        Self {
            snapshot,
            genesis,
            items: BTreeMap::new(),
            waiting: BTreeMap::new(),
        }
    }

    /// Whether a seal stands in the chain, or waits, and may still be opened.
    pub fn may_be_opened(&mut self, seal: &SealId) -> Result<bool, StoreError> {
        Ok(self.item_to_open(seal.match_no)?.is_some()
            && (self.stands(seal)? || self.waiting_of(&seal.account)?.contains_key(seal)))
    }

    /// Whether a seal stands in the chain, not opened and not replaced.
    pub fn stands(&self, seal: &SealId) -> Result<bool, StoreError> {
        let bet = self.snapshot.bet(seal.match_no, &seal.account)?;
        Ok(bet.is_some_and(|bet| bet.placed == Placed::Sealed(seal.commitment)))
    }

    /// An item whose seals may still be opened, now or once it begins.
    pub fn item_to_open(&mut self, no: MatchNo) -> Result<Option<&Item>, StoreError> {
        if !self.items.contains_key(&no) {
            let found = self.snapshot.item_to_open(no, &self.genesis.rules)?;
            self.items.insert(no, found);
        }
        Ok(self.items.get(&no).and_then(Option::as_ref))
    }

    /// Gives the seals of an account in transactions that wait and that the next block may hold: one behind a gap in the nonces
    /// costs its sender nothing, and counts for nothing.
    pub fn waiting_of(&mut self, account: &AccountId) -> Result<&WaitingSeals, StoreError> {
        if !self.waiting.contains_key(account) {
            let found = self.read_waiting(account)?;
            self.waiting.insert(*account, found);
        }
        Ok(self.waiting.entry(*account).or_default())
    }

    fn read_waiting(&self, account: &AccountId) -> Result<WaitingSeals, StoreError> {
        let mut seals = WaitingSeals::new();
        for transaction in self.snapshot.ready_of(account)? {
            for bet in transaction.body.action.placed() {
                if let Placed::Sealed(commitment) = bet.placed {
                    let seal = SealId {
                        match_no: bet.match_no,
                        account: *account,
                        commitment,
                    };
                    seals.insert(seal, transaction.body.nonce);
                }
            }
        }
        Ok(seals)
    }
}
