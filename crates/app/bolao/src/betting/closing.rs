//! The end of betting on a match, in words.

use jiff::Timestamp;

use crate::{
    time::{self, ToInstant as _},
    view::{Match, MatchStatus},
};

/// Until when a match takes bets.
pub(super) fn closing(game: &Match) -> String {
    game.entry.deadline.map_or_else(
        || "open until it is scheduled".to_owned(),
        |deadline| {
            format!(
                "open until {}, {}",
                time::local(deadline),
                time::relative(deadline)
            )
        },
    )
}

/// Why a match takes no bets any more.
pub(crate) fn ended(game: &Match) -> String {
    match game.entry.deadline {
        None if game.lacks_notice => {
            format!(
                "{} takes no bets until it has a date",
                game.entry.fixture.code
            )
        }
        Some(_) if game.lacks_notice => format!(
            "no bets on {} count: it was cancelled, or it was added or got its date or teams too late",
            game.entry.fixture.code
        ),
        _ if matches!(game.status, MatchStatus::Provisional | MatchStatus::Final) => format!(
            "betting on {} has ended: the organisers have recorded a result",
            game.entry.fixture.code
        ),
        Some(deadline) if deadline.instant() > Timestamp::now() => format!(
            "betting on {} has ended: the node says it ended {}, which is {} on this machine's clock: set the clock \
            that is wrong",
            game.entry.fixture.code,
            time::local(deadline),
            time::relative(deadline)
        ),
        Some(deadline) => format!(
            "betting on {} ended {}, {}",
            game.entry.fixture.code,
            time::local(deadline),
            time::relative(deadline)
        ),
        None => format!("betting on {} has ended", game.entry.fixture.code),
    }
}
