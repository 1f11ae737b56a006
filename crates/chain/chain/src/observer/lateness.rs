//! Which blocks of the chain reached this node long after their time, or before it, as it noted when they came: no rule is broken
//! by that, but whoever made such a block may have dated it back, or ahead.
//!
//! A node that was away cannot say of a block that it came late, unless it noticed so then ([`super::times`]). That one came before
//! its time, it can say anyhow.

use std::collections::BTreeSet;

use bolao_ledger::{AccountId, BlockHash, Genesis, Height, MatchNo, UnixSeconds};
use bolao_store::{BlockArrivals, HeaderRecord, MAX_NOTICES, NoticedChange, Snapshot, StoreError};

use crate::kind::{Timing, thresholds};

/// The most blocks that are looked at, the last ones.
const MAX_BLOCKS: u64 = 20_000;
/// The most late blocks, and ones that are ahead, that are told one by one, the last ones.
const MAX_LATE: u64 = 100;

/// A count of the blocks that were looked at, by when they came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lateness {
    /// The height of the first block that was looked at.
    pub from: Height,
    /// The number of seconds after its time within which a block may come and not be late.
    pub grace_s: u64,
    /// The number of blocks that came while this node was there: connected, in step with its peers, its clock as theirs; or that
    /// are late or ahead all the same.
    pub judged: u64,
    /// The number of blocks that came while it was not there.
    pub away: u64,
    /// The number of blocks that came before this node kept such times.
    pub unknown: u64,
    /// The number of those judged that were late.
    pub late: u64,
    /// The number of those judged that came so long before their time.
    pub ahead: u64,
    /// The last hundred of each of these two kinds, the highest first.
    pub blocks: Vec<LateBlock>,
}

/// A block that was late, or ahead: then its time is after that at which it was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LateBlock {
    /// The height of the block.
    pub height: Height,
    /// The hash of the block.
    pub hash: BlockHash,
    /// The time that it names.
    pub time: UnixSeconds,
    /// When it reached this node.
    pub seen: UnixSeconds,
    /// Whether this node's clock agreed with those of its peers then.
    pub clock_agrees: bool,
    /// Its bets that this node had not had before.
    pub bets: Vec<(AccountId, Vec<MatchNo>)>,
}

/// Looks through the last blocks of the main chain.
pub fn lateness(snapshot: &Snapshot, genesis: &Genesis) -> Result<Lateness, StoreError> {
    let tip = snapshot.tip()?.height;
    let thresholds = thresholds(genesis);
    let from = tip.0.saturating_sub(MAX_BLOCKS - 1).max(1);
    let mut found = Lateness {
        from: Height(from),
        grace_s: thresholds.grace_s,
        ..Lateness::default()
    };
    let noticed = noticed_late(snapshot)?;
    for height in (from..=tip.0).rev().map(Height) {
        let Some(record) = snapshot.header_at(height)? else {
            continue;
        };
        let Some(arrivals) = snapshot.block_arrivals(height, &record.hash)? else {
            found.unknown += 1;
            continue;
        };
        let (came, time) = (arrivals.block, record.header.time());
        let mut timing = thresholds.timing(time, came);
        if timing == Timing::Missed && noticed.contains(&record.hash) {
            timing = Timing::Late;
        }
        let kind = match timing {
            Timing::Late => &mut found.late,
            Timing::Ahead => &mut found.ahead,
            _ if came.there() => {
                found.judged += 1;
                continue;
            }
            _ => {
                found.away += 1;
                continue;
            }
        };
        found.judged += 1;
        *kind += 1;
        if *kind > MAX_LATE {
            continue;
        }
        let bets = if timing == Timing::Late {
            new_bets(snapshot, &record, &arrivals)?
        } else {
            Vec::new()
        };
        found.blocks.push(LateBlock {
            height,
            hash: record.hash,
            time,
            seen: came.at,
            clock_agrees: came.clock_agrees,
            bets,
        });
    }
    Ok(found)
}

/// The blocks of which this node noticed, when they came, that they were dated back.
fn noticed_late(snapshot: &Snapshot) -> Result<BTreeSet<BlockHash>, StoreError> {
    let most = usize::try_from(MAX_NOTICES).unwrap_or(usize::MAX);
    let notices = snapshot.notices(None, most)?.into_iter();
    let late = notices.filter_map(|(_, notice)| match notice.change {
        NoticedChange::Dated { block, .. } | NoticedChange::LateBets { block, .. } => Some(block),
        _ => None,
    });
    Ok(late.collect())
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
