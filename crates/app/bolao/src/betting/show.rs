//! What people read of bets.

use jiff::Timestamp;

use super::{plan::Planned, player_bets::CurrentBet};
use crate::{
    output, time,
    view::{Match, MatchStatus},
};

/// Until when a match takes bets.
fn closing(game: &Match) -> String {
    game.deadline.map_or_else(
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
    match game.deadline {
        None if game.lacks_notice => {
            format!("{} takes no bets until it has a date", game.fixture.code)
        }
        Some(_) if game.lacks_notice => format!(
            "no bets on {} count: it was cancelled, or it was added or got its date or teams too late",
            game.fixture.code
        ),
        _ if matches!(game.status, MatchStatus::Provisional | MatchStatus::Final) => format!(
            "betting on {} has ended: the organisers have recorded a result",
            game.fixture.code
        ),
        Some(deadline) if deadline > Timestamp::now() => format!(
            "betting on {} has ended: the node says it ended {}, which is {} on this machine's clock: set the clock \
            that is wrong",
            game.fixture.code,
            time::local(deadline),
            time::relative(deadline)
        ),
        Some(deadline) => format!(
            "betting on {} ended {}, {}",
            game.fixture.code,
            time::local(deadline),
            time::relative(deadline)
        ),
        None => format!("betting on {} has ended", game.fixture.code),
    }
}

/// A bet on one line: what it says, what it replaces, and until when it can be changed.
pub(super) fn placed(planned: &Planned<'_>) -> String {
    let Planned {
        game, bet, before, ..
    } = planned;
    let text = format!(
        "{} {} {}",
        game.fixture.home.name, bet.score, game.fixture.away.name
    );
    let mut about = vec![game.fixture.code.clone()];
    about.extend(before.map(|before| replaced(before, bet.stake.0)));
    if bet.stake.0 > 0 {
        about.push(format!("stake {}", bet.stake));
    }
    about.push(closing(game));
    format!("{}  ({})", output::bold(&text), about.join("; "))
}

fn replaced(before: &CurrentBet, stake: u64) -> String {
    let score = match (before.score, before.sealed) {
        (None, _) => "a bet that another program sealed".to_owned(),
        (Some(score), _) => score.to_string(),
    };
    let stake = if before.stake == stake {
        String::new()
    } else {
        format!(" with stake {}", before.stake)
    };
    let waits = if before.waits {
        ", which no block holds yet"
    } else {
        ""
    };
    format!("replaces {score}{stake}{waits}")
}
