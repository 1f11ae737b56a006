//! The tables. Big ones are keyed by height or sequence number, which redb writes several times faster than random
//! keys; those keyed by hashes hold thin values.

use redb::TableDefinition;

/// The format of the file. No other is read: before this one, blocks had another encoding.
pub const SCHEMA_VERSION: u32 = 11;

pub(crate) type Hash = &'static [u8; 32];
pub(crate) type HalfHash = &'static [u8; 16];
pub(crate) type Bytes = &'static [u8];
/// Match, account and commitment.
pub(crate) type SealKey = (u16, Hash, Hash);

pub(crate) const META: TableDefinition<&str, Bytes> = TableDefinition::new("meta");
pub(crate) const HEADERS: TableDefinition<Hash, Bytes> = TableDefinition::new("headers");
pub(crate) const LEAVES: TableDefinition<Hash, Hash> = TableDefinition::new("leaves");
pub(crate) const MAIN: TableDefinition<u64, Hash> = TableDefinition::new("main");
/// By height: all of a block, where validators make them.
pub(crate) const BLOCKS: TableDefinition<u64, Bytes> = TableDefinition::new("blocks");
pub(crate) const BODIES: TableDefinition<u64, Bytes> = TableDefinition::new("bodies");
/// Bodies that are not in the main chain, by height and hash.
pub(crate) const SIDE_BODIES: TableDefinition<(u64, Hash), ()> =
    TableDefinition::new("side_bodies");
pub(crate) const UNDO: TableDefinition<u64, Bytes> = TableDefinition::new("undo");
/// By the first half of its id: where a transaction is.
pub(crate) const TX_INDEX: TableDefinition<HalfHash, Bytes> = TableDefinition::new("tx_places");
/// The state, by the keys' bytes ([`bolao_ledger::table::key_bytes`]): tables of the ledger, one after the other.
pub(crate) const STATE: TableDefinition<Bytes, Bytes> = TableDefinition::new("state");
/// By height: the final block's hash and certificate.
pub(crate) const FINALS: TableDefinition<u64, Bytes> = TableDefinition::new("finals");
/// By keys of the state: what blocks that were taken off had left, until somebody judges it.
pub(crate) const TAKEN_BACK: TableDefinition<Bytes, Bytes> = TableDefinition::new("taken_back");
/// By number: what this node noticed.
pub(crate) const NOTICES: TableDefinition<u64, Bytes> = TableDefinition::new("notices");
/// By height and place: what this node has handled of the height that is voted on.
pub(crate) const VOTES: TableDefinition<(u64, u64), Bytes> = TableDefinition::new("votes");
/// Blocks that this height's votes may decide.
pub(crate) const PROPOSALS: TableDefinition<Hash, Bytes> = TableDefinition::new("proposals");
/// By height and hash: when a block and its transactions first came. What waits stands under the greatest height.
pub(crate) const ARRIVALS: TableDefinition<(u64, Hash), Bytes> = TableDefinition::new("arrivals");
/// By seals: what players dealt to keepers, and what keepers gave of it.
pub(crate) const OPENINGS: TableDefinition<SealKey, Bytes> = TableDefinition::new("openings");
pub(crate) const PENDING: TableDefinition<u64, Bytes> = TableDefinition::new("pending");
pub(crate) const PENDING_IDS: TableDefinition<Hash, u64> = TableDefinition::new("pending_ids");
pub(crate) const PENDING_NONCES: TableDefinition<(Hash, u64), u64> =
    TableDefinition::new("pending_nonces");

/// Keys of [`META`].
pub(crate) mod key {
    pub(crate) const SCHEMA: &str = "schema";
    pub(crate) const GENESIS: &str = "genesis";
    pub(crate) const TIP: &str = "tip";
    /// The number of durable writes so far.
    pub(crate) const COMMITS: &str = "commits";
    /// The arrival number of the next transaction that waits; none is given twice.
    pub(crate) const ARRIVALS: &str = "arrivals";
    /// Bets that this node can swear to.
    pub(crate) const KEPT: &str = "kept";
    /// The time that has certainly passed, where this node decides alone.
    pub(crate) const PROVEN: &str = "proven";
    /// The final block that contradicts another one, if there ever was one.
    pub(crate) const CONFLICTING_FINAL: &str = "conflicting_final";
}
