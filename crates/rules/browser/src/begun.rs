//! Which matches have begun for sure (rule O8), as far as this device knows.

use bolao_ledger::{BettingClosed, MatchNo, OwnClock, StateView as _, UnixSeconds};

use crate::{
    check::Check,
    refusal::{Refusal, unreadable},
};

/// Their numbers, by a clock that shows this. A page has no peers who could tell of other blocks and clocks: what is not final begins
/// a match only if its player says so, `undecided`.
pub(crate) fn begun(
    check: &Check,
    shows: UnixSeconds,
    undecided: bool,
) -> Result<Vec<MatchNo>, Refusal> {
    let view = check.view();
    let clock = OwnClock {
        shows,
        agrees: undecided,
    };
    let begun =
        BettingClosed::read(&view, view.genesis, clock, check.last_final()).map_err(unreadable)?;
    let items = view.items().map_err(unreadable)?;
    let begun = items.into_iter().filter(|item| begun.has(item));
    Ok(begun.map(|item| item.no).collect())
}
