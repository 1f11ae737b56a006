//! Which blocks of the chain reached this node long after their time, as it noted when they came: no rule is broken by that,
//! but whoever made such a block may have dated it back.

use bolao_ledger::{AccountId, BlockHash, Genesis, Height, MatchNo, UnixSeconds};
use bolao_store::{BlockArrivals, HeaderRecord, Snapshot, StoreError};

use crate::times::grace_s;

/// The most blocks that are looked at, the last ones.
const MAX_BLOCKS: u64 = 20_000;
/// The most late blocks that are told one by one, the last ones.
const MAX_LATE: usize = 100;

/// What became of the blocks that were looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lateness {
    /// The height of the first block that was looked at.
    pub from: Height,
    /// How long after its time a block may come and not be late, in seconds.
    pub grace_s: u64,
    /// How many came while this node was there: connected, in step with its peers, its clock as theirs.
    pub judged: u64,
    /// How many came while it was not.
    pub away: u64,
    /// How many came before this node kept such times.
    pub unknown: u64,
    /// How many of those judged were late.
    pub late: u64,
    /// The last hundred of these, the highest first.
    pub blocks: Vec<LateBlock>,
}

/// A block that was late.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LateBlock {
    /// Its height.
    pub height: Height,
    /// Its hash.
    pub hash: BlockHash,
    /// The time that it names.
    pub time: UnixSeconds,
    /// When it reached this node.
    pub seen: UnixSeconds,
    /// Its bets that this node had not had before.
    pub bets: Vec<(AccountId, Vec<MatchNo>)>,
}

/// Looks through the last blocks of the main chain.
pub fn lateness(snapshot: &Snapshot, genesis: &Genesis) -> Result<Lateness, StoreError> {
    let tip = snapshot.tip()?.height;
    let grace_s = grace_s(genesis);
    let from = tip.0.saturating_sub(MAX_BLOCKS - 1).max(1);
    let mut found = Lateness {
        from: Height(from),
        grace_s,
        ..Lateness::default()
    };
    for height in (from..=tip.0).rev().map(Height) {
        let Some(record) = snapshot.header_at(height)? else {
            continue;
        };
        let Some(arrivals) = snapshot.block_arrivals(height, &record.hash)? else {
            found.unknown += 1;
            continue;
        };
        if !arrivals.block.there() {
            found.away += 1;
            continue;
        }
        found.judged += 1;
        let (time, seen) = (record.header.time(), arrivals.block.at);
        if seen.0 <= time.0.saturating_add(grace_s) {
            continue;
        }
        found.late += 1;
        if found.blocks.len() < MAX_LATE {
            found.blocks.push(LateBlock {
                height,
                hash: record.hash,
                time,
                seen,
                bets: new_bets(snapshot, &record, &arrivals)?,
            });
        }
    }
    Ok(found)
}

fn new_bets(
    snapshot: &Snapshot,
    record: &HeaderRecord,
    arrivals: &BlockArrivals,
) -> Result<Vec<(AccountId, Vec<MatchNo>)>, StoreError> {
    let transactions = snapshot.block(&record.hash)?;
    let transactions = transactions.map_or(Vec::new(), |block| block.transactions);
    let transactions = transactions.iter().zip(&arrivals.transactions);
    let new = transactions.filter(|(_, arrival)| arrival.at >= arrivals.block.at);
    let bets = new.map(|(transaction, _)| {
        let placed = transaction.body.action.placed().into_iter();
        let matches: Vec<MatchNo> = placed.map(|bet| bet.match_no).collect();
        (transaction.body.account, matches)
    });
    Ok(bets.filter(|(_, matches)| !matches.is_empty()).collect())
}
