//! Which blocks of the chain reached this node long after their time, or before it, as it noted when they came: no rule is broken
//! by that, but whoever made such a block may have dated it back, or ahead.
//!
//! A node that was away cannot say of a block that it came late, unless it noticed so then ([`super::times`]). That one came before
//! its time, it can say anyhow.

use std::collections::BTreeSet;

use bolao_answers::{
    Lookup,
    body::{DatedBlock, PlayerRef, moments},
};
use bolao_ledger::{BlockHash, Genesis, Height, UnixSeconds};
use bolao_store::{BlockArrivals, HeaderRecord, MAX_NOTICES, NoticedChange, Snapshot, StoreError};
use serde::{Deserialize, Serialize};

use crate::kind::{Timing, thresholds};

/// The most blocks that are looked at, the last ones.
const MAX_BLOCKS: u64 = 20_000;
/// The most late blocks, and ones that are ahead, that are told one by one, the last ones.
const MAX_LATE: u64 = 100;

/// The last blocks, judged by when they reached this node.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = LateBlocksBody))]
pub struct Lateness {
    /// The height of the first block that was looked at.
    #[cfg_attr(feature = "schema", schema(value_type = u64))]
    pub from_height: Height,
    /// The longest time, in seconds, between a block's time and its arrival, before or after, that is not late.
    pub grace_s: u64,
    /// The number of those that came while this node was connected, in step with its peers, and its clock as theirs, or that are late or ahead
    /// all the same.
    pub judged: u64,
    /// The number of those that came while it was not: it cannot judge them.
    pub away: u64,
    /// The number of those that came before this node kept such times.
    pub unknown: u64,
    /// The number of those judged that were late.
    pub late: u64,
    /// The number of those judged that came that long before their time.
    #[serde(default)]
    pub ahead: u64,
    /// The last hundred of each of these two kinds, the highest first.
    pub blocks: Vec<LateBlock>,
}

const fn agrees() -> bool {
    true
}

/// A block that was late, or dated ahead: then its time is after that at which it was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = LateBlockBody))]
pub struct LateBlock {
    /// The block, with the time that it names.
    #[serde(flatten)]
    pub at: DatedBlock,
    /// The time of its arrival at this node, by its clock.
    #[serde(with = "moments")]
    #[cfg_attr(feature = "schema", schema(value_type = String, format = DateTime))]
    pub seen: UnixSeconds,
    /// True if that clock agreed with those of this node's peers then.
    #[serde(default = "agrees")]
    pub clock_agrees: bool,
    /// Its bets that this node had not had before.
    pub bets: Vec<LateBets>,
}

/// Bets of one transaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = LateBetsBody))]
pub struct LateBets {
    /// The player's account and name.
    pub player: PlayerRef,
    /// The codes of their matches.
    pub matches: Vec<String>,
}

/// Looks through the last blocks of the main chain.
pub fn lateness(snapshot: &Snapshot, genesis: &Genesis) -> Result<Lateness, StoreError> {
    let tip = snapshot.tip()?.height;
    let thresholds = thresholds(genesis);
    let from = tip.0.saturating_sub(MAX_BLOCKS - 1).max(1);
    let mut found = Lateness {
        from_height: Height(from),
        grace_s: thresholds.grace_s,
        ..Lateness::default()
    };
    let noticed = noticed_late(snapshot)?;
    let mut lookup = Lookup::new(snapshot);
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
            new_bets(&mut lookup, &record, &arrivals)?
        } else {
            Vec::new()
        };
        found.blocks.push(LateBlock {
            at: DatedBlock {
                id: record.block,
                time,
            },
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
    lookup: &mut Lookup<'_, Snapshot>,
    record: &HeaderRecord,
    arrivals: &BlockArrivals,
) -> Result<Vec<LateBets>, StoreError> {
    let transactions = lookup.chain().block(&record.hash)?;
    let transactions = transactions.map_or(Vec::new(), |block| block.transactions);
    let transactions = transactions.iter().zip(&arrivals.transactions);
    let new = transactions.filter(|(_, arrival)| arrival.at >= arrivals.block.at);
    let mut bets = Vec::new();
    for (transaction, _) in new {
        let placed = transaction.body.action.placed().into_iter();
        let matches = placed.map(|bet| Ok(lookup.code(bet.match_no)?.code));
        let matches = matches.collect::<Result<Vec<_>, StoreError>>()?;
        if !matches.is_empty() {
            bets.push(LateBets {
                player: lookup.player(&transaction.body.account)?,
                matches,
            });
        }
    }
    Ok(bets)
}
