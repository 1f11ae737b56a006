//! Transactions that wait for a block.
//!
//! - Each account has a queue by nonce. What follows on from the chain is **ready**: applied, in the order of arrival,
//!   to an overlay over the tip, so that a taken name shows at once. What leaves a gap **waits**.
//! - On receiving a transaction: known → refused; another one with its nonce is there → refused; a tip after
//!   kick-off → refused; a gap of `pending_per_account` or more → refused; else it is ready or waits, and those that
//!   waited for it become ready.
//! - On a new tip: everything is applied anew in the same order, what returned from a lost branch first. No
//!   signature is checked twice. What contradicts the chain is dropped; what became late stays, and is void in its
//!   block.
//! - Full is full: newcomers are refused, nobody is pushed out. Those that wait may take a quarter of the room.

mod admit;
mod rebuild;

use std::{collections::BTreeMap, sync::Arc};

use bolao_ledger::{
    AccountId, BlockContext, CheckedTransaction, Genesis, Nonce, Overlay, StateView as _, TxId,
    UnixSeconds,
};
use bolao_store::{Snapshot, StoreError};

pub(crate) use rebuild::Dropped;

/// How much may wait.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    pub(crate) transactions: usize,
    pub(crate) bytes: usize,
}

#[derive(Debug)]
struct Entry {
    transaction: CheckedTransaction,
    arrival: u64,
    ready: bool,
}

#[derive(Debug)]
pub(crate) struct Mempool {
    genesis: Arc<Genesis>,
    bounds: Bounds,
    entries: BTreeMap<TxId, Entry>,
    accounts: BTreeMap<AccountId, BTreeMap<Nonce, TxId>>,
    /// In an order in which they apply.
    ready: Vec<TxId>,
    arrivals: u64,
    bytes: usize,
    digest: [u8; 32],
    /// The tip's state with everything ready on top.
    overlay: Overlay<Snapshot>,
    context: BlockContext,
}

impl Mempool {
    pub(crate) fn new(
        genesis: Arc<Genesis>,
        bounds: Bounds,
        snapshot: Snapshot,
        context: BlockContext,
    ) -> Self {
        Self {
            genesis,
            bounds,
            entries: BTreeMap::new(),
            accounts: BTreeMap::new(),
            ready: Vec::new(),
            arrivals: 0,
            bytes: 0,
            digest: [0; 32],
            overlay: Overlay::new(snapshot),
            context,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// The exclusive or of all ids: the same for the same set.
    pub(crate) fn digest(&self) -> [u8; 32] {
        self.digest
    }

    pub(crate) fn get(&self, id: &TxId) -> Option<&CheckedTransaction> {
        self.entries.get(id).map(|entry| &entry.transaction)
    }

    /// What is ready, then what waits for others.
    pub(crate) fn in_order(&self) -> impl Iterator<Item = &CheckedTransaction> {
        let waiting = self.entries.values().filter(|entry| !entry.ready);
        self.ready().chain(waiting.map(|entry| &entry.transaction))
    }

    /// What a block may hold, in a valid order.
    pub(crate) fn ready(&self) -> impl Iterator<Item = &CheckedTransaction> {
        self.ready.iter().filter_map(|id| self.get(id))
    }

    /// The time that the next block would have now.
    pub(crate) fn set_time(&mut self, time: UnixSeconds) {
        self.context.time = time;
    }

    fn per_account(&self) -> u64 {
        self.genesis.limits.pending_per_account.into()
    }

    /// The nonce that the account's next transaction must have, once everything ready is in a block.
    fn next_nonce(&self, account: &AccountId) -> Result<Nonce, StoreError> {
        Ok(self
            .overlay
            .account(account)?
            .map_or(Nonce::ZERO, |account| account.next_nonce))
    }

    fn insert(&mut self, transaction: CheckedTransaction, ready: bool) {
        let id = transaction.id();
        let body = &transaction.get().body;
        self.accounts
            .entry(body.account)
            .or_default()
            .insert(body.nonce, id);
        self.bytes = self.bytes.saturating_add(transaction.encoded_bytes());
        self.flip(&id);
        if ready {
            self.ready.push(id);
        }
        self.arrivals += 1;
        self.entries.insert(
            id,
            Entry {
                transaction,
                arrival: self.arrivals,
                ready,
            },
        );
    }

    /// Forgets one that is not ready.
    fn remove_waiting(&mut self, id: &TxId) {
        let Some(entry) = self.entries.remove(id) else {
            return;
        };
        let body = &entry.transaction.get().body;
        if let Some(queue) = self.accounts.get_mut(&body.account) {
            queue.remove(&body.nonce);
            if queue.is_empty() {
                self.accounts.remove(&body.account);
            }
        }
        self.bytes = self.bytes.saturating_sub(entry.transaction.encoded_bytes());
        self.flip(id);
    }

    fn flip(&mut self, id: &TxId) {
        for (byte, other) in self.digest.iter_mut().zip(id.0) {
            *byte ^= other;
        }
    }
}
