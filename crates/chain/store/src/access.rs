//! All tables, opened once: for reading in a snapshot, or for writing in a transaction.

use std::{fmt, marker::PhantomData};

use bolao_ledger::{Genesis, Target, Work, decode};
use borsh::BorshDeserialize;
use redb::{Key, ReadTransaction, ReadableTable, Value, WriteTransaction};

use crate::{
    arrival::Arrival,
    error::StoreError,
    schema::{self, Bytes, HalfHash, Hash, SealKey},
};

/// The mode in which tables were opened: [`ReadOnly`] or [`Writing`].
pub trait Access: sealed::Sealed {
    /// redb's table of this kind.
    type Table<K: Key + 'static, V: Value + 'static>: ReadableTable<K, V>;
}

/// Opened in a read transaction.
#[derive(Debug)]
pub enum ReadOnly {}

/// Opened in a write transaction that lives for `'t`.
#[derive(Debug)]
pub struct Writing<'t>(PhantomData<&'t WriteTransaction>);

impl Access for ReadOnly {
    type Table<K: Key + 'static, V: Value + 'static> = redb::ReadOnlyTable<K, V>;
}

impl<'t> Access for Writing<'t> {
    type Table<K: Key + 'static, V: Value + 'static> = redb::Table<'t, K, V>;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::ReadOnly {}
    impl Sealed for super::Writing<'_> {}
}

/// Every table. Reads are the same in a [`Snapshot`] and in a write transaction's [`Tables`].
pub struct View<A: Access> {
    pub(crate) meta: A::Table<&'static str, Bytes>,
    pub(crate) headers: A::Table<Hash, Bytes>,
    pub(crate) leaves: A::Table<Hash, Hash>,
    pub(crate) main: A::Table<u64, Hash>,
    pub(crate) blocks: A::Table<u64, Bytes>,
    pub(crate) bodies: A::Table<u64, Bytes>,
    pub(crate) side_bodies: A::Table<(u64, Hash), ()>,
    pub(crate) undo: A::Table<u64, Bytes>,
    pub(crate) tx_index: A::Table<HalfHash, Bytes>,
    pub(crate) state: A::Table<Bytes, Bytes>,
    pub(crate) finals: A::Table<u64, Bytes>,
    pub(crate) taken_back: A::Table<Bytes, Bytes>,
    pub(crate) notices: A::Table<u64, Bytes>,
    pub(crate) votes: A::Table<(u64, u64), Bytes>,
    pub(crate) proposals: A::Table<Hash, Bytes>,
    pub(crate) arrivals: A::Table<(u64, Hash), Bytes>,
    pub(crate) openings: A::Table<SealKey, Bytes>,
    pub(crate) pending: A::Table<u64, Bytes>,
    pub(crate) pending_ids: A::Table<Hash, u64>,
    pub(crate) pending_nonces: A::Table<(Hash, u64), u64>,
    /// Whether validators make the blocks, so that each is one entry of `blocks`.
    pub(crate) certified: bool,
    /// Genesis' own.
    pub(crate) first_work: Work,
    /// Set by the first write that fails: this transaction must not be committed.
    pub(crate) failed: bool,
    /// Set by what moves the tip.
    pub(crate) tip_moved: bool,
    /// The arrival of what arrives in this transaction.
    pub(crate) now: Option<Arrival>,
}

/// A consistent view of the store as one commit left it. It never waits for the writer; as long as it lives, the
/// pages that it sees are not reused, so do not keep it for long.
pub type Snapshot = View<ReadOnly>;

/// All tables in a write transaction: what [`crate::Store::write`] hands to its closure.
pub type Tables<'t> = View<Writing<'t>>;

macro_rules! open_all {
    ($transaction:expr, $genesis:expr) => {
        View {
            meta: $transaction.open_table(schema::META)?,
            headers: $transaction.open_table(schema::HEADERS)?,
            leaves: $transaction.open_table(schema::LEAVES)?,
            main: $transaction.open_table(schema::MAIN)?,
            blocks: $transaction.open_table(schema::BLOCKS)?,
            bodies: $transaction.open_table(schema::BODIES)?,
            side_bodies: $transaction.open_table(schema::SIDE_BODIES)?,
            undo: $transaction.open_table(schema::UNDO)?,
            tx_index: $transaction.open_table(schema::TX_INDEX)?,
            state: $transaction.open_table(schema::STATE)?,
            finals: $transaction.open_table(schema::FINALS)?,
            taken_back: $transaction.open_table(schema::TAKEN_BACK)?,
            notices: $transaction.open_table(schema::NOTICES)?,
            votes: $transaction.open_table(schema::VOTES)?,
            proposals: $transaction.open_table(schema::PROPOSALS)?,
            arrivals: $transaction.open_table(schema::ARRIVALS)?,
            openings: $transaction.open_table(schema::OPENINGS)?,
            pending: $transaction.open_table(schema::PENDING)?,
            pending_ids: $transaction.open_table(schema::PENDING_IDS)?,
            pending_nonces: $transaction.open_table(schema::PENDING_NONCES)?,
            certified: $genesis.proof().is_certified(),
            first_work: Target::from_compact($genesis.target.initial_bits()).to_work(),
            failed: false,
            tip_moved: false,
            now: None,
        }
    };
}

impl Snapshot {
    pub(crate) fn open(
        transaction: &ReadTransaction,
        genesis: &Genesis,
    ) -> Result<Self, StoreError> {
        Ok(open_all!(transaction, genesis))
    }
}

impl<'t> Tables<'t> {
    pub(crate) fn open(
        transaction: &'t WriteTransaction,
        genesis: &Genesis,
    ) -> Result<Self, StoreError> {
        Ok(open_all!(transaction, genesis))
    }
}

impl<A: Access> fmt::Debug for View<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("View").finish_non_exhaustive()
    }
}

/// A stored value, or [`StoreError::Corrupt`] that names where it was found.
pub(crate) fn decoded<T: BorshDeserialize>(
    table: &'static str,
    key: impl fmt::Display,
    bytes: &[u8],
) -> Result<T, StoreError> {
    decode(bytes).map_err(|error| StoreError::corrupt(table, key, error))
}
