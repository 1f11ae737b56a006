//! Transactions that wait for a block: which may, in which order, and for how long.
//!
//! [`admit`]: taking one in. [`rebuild`]: all anew on another tip. [`remove`]: what leaves without a block. [`forgotten`]: what is not
//! asked for again. [`base`]: the tip's state.
//!
//! - Each account has a queue by nonce. What follows on from the chain is **ready**: applied, in the order of arrival,
//!   to an overlay over the tip, so that a taken name shows at once. What leaves a gap **waits**.
//! - On receiving a transaction: known → refused; another one with its nonce is there → refused; from the own user a bet
//!   after kick-off → refused; a joining under a misleading name → refused; an opening before a block has passed the kick-off → refused; a gap of
//!   `pending_per_account` or more → refused; else it is ready or waits, and those that waited for it become ready.
//! - A peer's late bet or opening is taken. Its player may have signed it in time and have been cut off; it is void in its
//!   block, and refusing it would keep out what the player signed after it. A peer's record of a match, or objection, that comes
//!   after the record is final is refused: no block can hold it.
//! - On a new block, and before another transaction is looked at once a time has passed at which what is ready does something
//!   else (a match kicks off, a record is final): everything is applied anew in the same order, what returned from a lost branch first. No
//!   signature is checked twice. What contradicts the chain is dropped; what became late stays, and is void in its
//!   block.
//! - With a transaction that is dropped go those of its account with higher nonces, which nothing could make ready.
//! - Full is full: what comes is refused, nobody is pushed out. Those that wait may take a quarter of the room, those of
//!   accounts that have not joined a sixteenth, and none waits longer than `gap_timeout_ms`.

mod admit;
mod base;
mod forgotten;
mod rebuild;
mod remove;

use std::{collections::BTreeMap, sync::Arc};

use bolao_ledger::{
    AccountId, Block, BlockContext, CheckedTransaction, Genesis, Nonce, Overlay, StateView as _,
    Transaction, TxId, UnixSeconds,
};
use bolao_store::{Reader, StoreError};

use crate::{changes::NextChange, config::CoreConfig, looks::Looks};
use base::Base;
use forgotten::Forgotten;
pub(crate) use rebuild::Returned;
pub(crate) use remove::{Dropped, Past};

/// The bounds on what may wait.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    pub(crate) transactions: usize,
    pub(crate) bytes: usize,
    /// The time for which one waits for those with lower nonces, in milliseconds.
    pub(crate) gap_timeout_ms: u64,
}

impl Bounds {
    pub(crate) fn of(config: &CoreConfig) -> Self {
        Self {
            transactions: config.mempool_transactions,
            bytes: config.mempool_bytes,
            gap_timeout_ms: config.gap_timeout_ms,
        }
    }
}

/// Whether a transaction can be in the next block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Ready,
    /// Those with lower nonces are not here.
    Waits {
        since_ms: u64,
        /// Its account has not joined.
        newcomer: bool,
    },
}

#[derive(Debug)]
struct Entry {
    transaction: CheckedTransaction,
    arrival: u64,
    standing: Standing,
    /// Whether it was given here, and not by a peer.
    own: bool,
}

#[derive(Debug)]
pub(crate) struct Mempool {
    genesis: Arc<Genesis>,
    reader: Reader,
    bounds: Bounds,
    entries: BTreeMap<TxId, Entry>,
    accounts: BTreeMap<AccountId, BTreeMap<Nonce, TxId>>,
    /// In an order in which they apply.
    ready: Vec<TxId>,
    /// Since when a block could hold what is or was ready; of what came back from a lost branch, its block's time.
    /// What waited on the disk when the node started is ready since then.
    ready_since: BTreeMap<TxId, UnixSeconds>,
    /// The number of those that wait whose accounts had not joined.
    newcomers: usize,
    forgotten: Forgotten,
    arrivals: u64,
    bytes: usize,
    digest: [u8; 32],
    /// None waits since an earlier time.
    waits_since_ms: Option<u64>,
    base: Base,
    /// The tip's state with everything ready on top.
    overlay: Overlay<Base>,
    context: BlockContext,
    /// When what is ready would do something else than on the overlay.
    changes: NextChange,
    /// Of the names on the overlay.
    looks: Looks,
    now_ms: u64,
}

impl Mempool {
    pub(crate) fn new(
        genesis: Arc<Genesis>,
        bounds: Bounds,
        reader: Reader,
        context: BlockContext,
    ) -> Self {
        let base = Base::new(reader.clone());
        Self {
            genesis,
            reader,
            bounds,
            entries: BTreeMap::new(),
            accounts: BTreeMap::new(),
            ready: Vec::new(),
            ready_since: BTreeMap::new(),
            newcomers: 0,
            forgotten: Forgotten::default(),
            arrivals: 0,
            bytes: 0,
            digest: [0; 32],
            waits_since_ms: None,
            overlay: Overlay::new(base.clone()),
            base,
            context,
            changes: NextChange::after(context.time),
            looks: Looks::default(),
            now_ms: 0,
        }
    }

    /// Lets go of the store until the next use.
    pub(crate) fn release(&self) {
        self.base.release();
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether the next block has nothing to hold.
    pub(crate) fn is_idle(&self) -> bool {
        self.ready.is_empty()
    }

    /// The exclusive or of all ids: the same for the same set.
    pub(crate) fn digest(&self) -> [u8; 32] {
        self.digest
    }

    pub(crate) fn get(&self, id: &TxId) -> Option<&CheckedTransaction> {
        self.entries.get(id).map(|entry| &entry.transaction)
    }

    /// Since when a block could hold a transaction that waits; none while those with lower nonces never were here.
    pub(crate) fn ready_since(&self, id: &TxId) -> Option<UnixSeconds> {
        self.ready_since.get(id).copied()
    }

    /// Notes the transactions of a block that is taken off the chain, before they are here again.
    pub(crate) fn came_back(&mut self, block: &Block) {
        let ids = block.transactions.iter().map(Transaction::id);
        let time = block.header.time();
        self.ready_since.extend(ids.map(|id| (id, time)));
    }

    fn now_ready(&mut self, id: TxId) {
        self.ready_since.entry(id).or_insert(self.context.time);
        self.ready.push(id);
    }

    /// Whether it was given up a short time ago.
    pub(crate) fn is_forgotten(&self, id: &TxId, now_ms: u64) -> bool {
        self.forgotten.has(id, now_ms)
    }

    /// Gives the transactions that a block may hold, in a valid order.
    pub(crate) fn ready(&self) -> impl Iterator<Item = &CheckedTransaction> {
        self.ready.iter().filter_map(|id| self.get(id))
    }

    /// Whether something that is ready would do something else in a block of this time than it did when it came.
    pub(crate) fn is_outdated(&self, time: UnixSeconds) -> bool {
        self.changes.at().is_some_and(|at| at <= time)
    }

    /// The time that the next block would have now, and the clock that waiting is measured by.
    pub(crate) fn set_time(&mut self, time: UnixSeconds, now_ms: u64) {
        self.context.time = time;
        self.now_ms = now_ms;
    }

    /// The nonce that the account's next transaction must have, once everything ready is in a block.
    fn next_nonce(&self, account: &AccountId) -> Result<Nonce, StoreError> {
        Ok(self
            .overlay
            .account(account)?
            .map_or(Nonce::ZERO, |account| account.next_nonce))
    }

    /// The standing of a transaction that leaves a gap.
    fn waits(&self, account: &AccountId, since_ms: u64) -> Result<Standing, StoreError> {
        let newcomer = self.overlay.account(account)?.is_none();
        Ok(Standing::Waits { since_ms, newcomer })
    }

    fn is_full(&self, more_bytes: usize, standing: Standing) -> bool {
        let most = self.bounds.transactions;
        let waiting = self.entries.len().saturating_sub(self.ready.len());
        let share = match standing {
            Standing::Ready => false,
            Standing::Waits { newcomer, .. } => {
                waiting >= most.div_ceil(4) || (newcomer && self.newcomers >= most.div_ceil(16))
            }
        };
        share
            || self.entries.len() >= most
            || self.bytes.saturating_add(more_bytes) > self.bounds.bytes
    }

    fn insert(&mut self, transaction: CheckedTransaction, standing: Standing, own: bool) {
        let id = transaction.id();
        let body = &transaction.get().body;
        self.accounts
            .entry(body.account)
            .or_default()
            .insert(body.nonce, id);
        self.bytes = self.bytes.saturating_add(transaction.encoded_bytes());
        self.flip(&id);
        match standing {
            Standing::Ready => self.now_ready(id),
            Standing::Waits { newcomer, since_ms } => {
                self.newcomers += usize::from(newcomer);
                let before = self.waits_since_ms.unwrap_or(since_ms);
                self.waits_since_ms = Some(before.min(since_ms));
            }
        }
        self.arrivals += 1;
        self.entries.insert(
            id,
            Entry {
                transaction,
                arrival: self.arrivals,
                standing,
                own,
            },
        );
    }

    fn flip(&mut self, id: &TxId) {
        for (byte, other) in self.digest.iter_mut().zip(id.0) {
            *byte ^= other;
        }
    }
}
