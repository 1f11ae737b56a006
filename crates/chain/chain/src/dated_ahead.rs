//! Whether the chain has gone ahead of the clock: a block names a time that is still to come, and no later block can name an earlier
//! one. A clock that was wrong once, of whoever made that block, has ended all betting up to that time.

use bolao_answers::{
    Lookup,
    body::{DatedBlock, MatchRef, moments},
};
use bolao_ledger::{Genesis, Height, StateView as _, UnixSeconds};
use bolao_store::{Snapshot, StoreError};
use serde::{Deserialize, Serialize};

use crate::observer::CONTRADICTS_S;

/// A block that names a time which is far from come, and what has passed by that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = DatedAheadBody))]
pub struct DatedAhead {
    /// The block, with the time that it names.
    #[serde(flatten)]
    pub block: DatedBlock,
    /// The time of the block before it.
    #[serde(with = "moments")]
    #[cfg_attr(feature = "schema", schema(value_type = String, format = DateTime))]
    pub before: UnixSeconds,
    /// The matches whose betting the chain has ended early by that.
    pub closed: Vec<MatchRef>,
}

/// Looks for the first block of the chain that is so far ahead of the clock.
pub fn dated_ahead(
    snapshot: &Snapshot,
    genesis: &Genesis,
    now: UnixSeconds,
) -> Result<Option<DatedAhead>, StoreError> {
    let latest = now
        .0
        .saturating_add(CONTRADICTS_S.max(genesis.most_ahead_s().into()));
    let tip = snapshot.tip()?;
    if tip.time.0 <= latest {
        return Ok(None);
    }
    let at = |height| {
        let record = snapshot.header_at(height)?;
        record.ok_or_else(|| StoreError::corrupt("chain", height, "its header is missing"))
    };
    // By a clock that is before the pool was made, it is the clock that is wrong.
    if at(Height(0))?.header.time().0 > latest {
        return Ok(None);
    }
    // Times go on with heights.
    let (mut low, mut high) = (0, tip.height.0);
    while low < high {
        let middle = low.midpoint(high);
        if at(Height(middle))?.header.time().0 > latest {
            high = middle;
        } else {
            low = middle.saturating_add(1);
        }
    }
    let height = Height(high);
    let record = at(height)?;
    let before = at(Height(high.saturating_sub(1)))?.header.time();
    let closed = snapshot.items()?.into_iter().filter(|item| {
        let end = item.deadline;
        end.is_some_and(|end| now < end && end <= tip.time)
    });
    let mut lookup = Lookup::new(snapshot);
    Ok(Some(DatedAhead {
        block: DatedBlock {
            id: record.block,
            time: record.header.time(),
        },
        before,
        closed: closed
            .map(|item| lookup.code(item.no))
            .collect::<Result<_, _>>()?,
    }))
}
