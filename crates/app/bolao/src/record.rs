//! Records of matches in words: what organisers are about to sign, and what stands in the chain.

use bolao_ledger::{Outcome, Rules, Side, Status};
use bolao_rulebook::records::{self, recorded};
pub(crate) use bolao_rulebook::records::{played, scores};

use crate::{
    exit::printable,
    view::{Match, MatchStatus},
};

/// Everything that a record of a match says, in one line.
pub(crate) fn words(outcome: &Outcome, game: &Match) -> String {
    let (home, away) = (&game.entry.fixture.home.name, &game.entry.fixture.away.name);
    in_words(outcome, home, away)
}

/// The same where the match is not at hand, but its teams.
pub(crate) fn in_words(outcome: &Outcome, home: &str, away: &str) -> String {
    printable(&recorded(outcome, home, away))
}

/// The meaning of a record for points, in a sentence.
pub(crate) fn counting(rules: &Rules, outcome: &Outcome, game: &Match) -> String {
    let is_to_come = game.status == MatchStatus::Scheduled;
    records::counting(rules, outcome, game.base, game.lacks_notice, is_to_come)
}

/// The command that records it.
pub(crate) fn command(code: &str, outcome: &Outcome) -> String {
    let mut words = vec![format!("bolao result {code}")];
    words.extend(outcome.after_90.map(|score| score.to_string()));
    let flags = [
        ("half-time", outcome.half_time),
        ("extra-time", outcome.after_120),
        ("penalties", outcome.shootout),
    ];
    for (flag, score) in flags {
        words.extend(score.map(|score| format!("--{flag} {score}")));
    }
    let told = outcome.who_goes_on();
    words.extend(outcome.advances.filter(|_| told.is_none()).map(|side| {
        let side = if side == Side::Home { "home" } else { "away" };
        format!("--advances {side}")
    }));
    if outcome.status != Status::Played {
        words.push(format!("--status {}", outcome.status.name()));
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use bolao_ledger::Score;

    use super::*;

    fn score(text: &str) -> Option<Score> {
        (!text.is_empty()).then(|| text.parse().unwrap())
    }

    #[test]
    fn the_command_has_every_part() {
        let mut outcome = Outcome::played(score("1-1").unwrap());
        outcome.half_time = score("1-0");
        outcome.after_120 = score("3-1");
        assert_eq!(
            command("NlEn", &outcome),
            "bolao result NlEn 1-1 --half-time 1-0 --extra-time 3-1"
        );
        let mut won = Outcome::played(score("1-0").unwrap());
        won.advances = Some(Side::Away);
        assert_eq!(
            command("NlEn", &won),
            "bolao result NlEn 1-0 --advances away"
        );
        let off = Outcome::without_score(Status::Cancelled, None);
        assert_eq!(
            command("NlEn", &off),
            "bolao result NlEn --status cancelled"
        );
    }
}
