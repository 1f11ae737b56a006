//! What people read of bets.

use bolao_ledger::Side;

use super::{closing::closing, plan::Planned, player_bets::CurrentBet};
use crate::output;

/// A bet on one line: what it says, what it replaces, and until when it can be changed.
pub(super) fn placed(planned: &Planned<'_>) -> String {
    let Planned {
        game, bet, before, ..
    } = planned;
    let text = format!(
        "{} {} {}",
        game.entry.fixture.home.name, bet.prediction, game.entry.fixture.away.name
    );
    let mut about = vec![game.entry.fixture.code.to_string()];
    let [home, away] = [&game.entry.fixture.home, &game.entry.fixture.away];
    about.extend(bet.prediction.through().map(|side| {
        let team = if side == Side::Home { home } else { away };
        format!("{} goes through", team.name)
    }));
    about.extend(before.map(|before| replaced(before, bet.stake.0)));
    if bet.stake.0 > 0 {
        about.push(format!("stake {}", bet.stake));
    }
    about.push(closing(game));
    format!("{}  ({})", output::bold(&text), about.join("; "))
}

fn replaced(before: &CurrentBet, stake: u64) -> String {
    let score = match before.predicted.score {
        None => "a bet that another program sealed".to_owned(),
        Some(_) => before.predicted.to_string(),
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
