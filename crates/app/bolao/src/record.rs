//! Records of matches in words: what organisers are about to sign, and what stands in the chain.

use bolao_ledger::{Base, Outcome, Side, Status};

use crate::{
    exit::printable,
    view::{Match, MatchStatus},
};

/// The scores in one line, such as `1-1 (1-0 at half-time), 3-1 after 120 minutes`; the status alone where there are none.
pub(crate) fn scores(outcome: &Outcome) -> String {
    let mut parts = Vec::new();
    match (outcome.after_90, outcome.half_time) {
        (Some(score), Some(half)) => parts.push(format!("{score} ({half} at half-time)")),
        (Some(score), None) => parts.push(score.to_string()),
        (None, Some(half)) => parts.push(format!("{half} at half-time")),
        (None, None) => {}
    }
    if let Some(score) = outcome.after_120 {
        parts.push(format!("{score} after 120 minutes"));
    }
    if let Some(score) = outcome.shootout {
        parts.push(format!("{score} on penalties"));
    }
    if outcome.status != Status::Played {
        parts.push(outcome.status.name().to_owned());
    }
    parts.join(", ")
}

/// The scores and who goes on, in one line. The teams are those of the match.
pub(crate) fn played(outcome: &Outcome, home: &str, away: &str) -> String {
    let mut parts = vec![scores(outcome)];
    if let Some(side) = outcome.advances {
        let team = match side {
            Side::Home => home,
            Side::Away => away,
        };
        parts.push(format!("{team} advance"));
    }
    parts.join(", ")
}

/// Everything that a record of a match says, in one line.
pub(crate) fn words(outcome: &Outcome, game: &Match) -> String {
    let (home, away) = (&game.fixture.home.name, &game.fixture.away.name);
    in_words(outcome, home, away)
}

/// The same where the match is not at hand, but its teams.
pub(crate) fn in_words(outcome: &Outcome, home: &str, away: &str) -> String {
    with_reason(played(outcome, home, away), outcome)
}

/// What a record says, with the reason that was given.
pub(crate) fn with_reason(text: String, outcome: &Outcome) -> String {
    match &outcome.reason {
        Some(reason) => format!("{text}; reason: {}", printable(reason.as_str())),
        None => text,
    }
}

/// The meaning of a record for points, in a sentence.
pub(crate) fn counting(outcome: &Outcome, game: &Match, awarded_counts: bool) -> String {
    let base = match game.base {
        Base::After90 => "the score after 90 minutes",
        Base::After120 => "the score after 120 minutes where they were played, else after 90,",
    };
    if game.lacks_notice && outcome.status == Status::Postponed {
        return "No bets on it count unless it gets a date again in time: the rules' notice before betting would have ended."
            .to_owned();
    }
    if game.lacks_notice {
        return "No bets on it count, whatever the score: it did not stand open as it is for the rules' notice. Stakes go back."
            .to_owned();
    }
    match (
        outcome.counting_score(game.base, awarded_counts),
        outcome.status,
    ) {
        (Some(score), _) => format!("For points {base} counts here: {score}."),
        (None, Status::Postponed) => {
            "No score counts: bets and stakes stay until it is played.".to_owned()
        }
        (None, Status::Cancelled) if game.status == MatchStatus::Scheduled => {
            "Betting on it ends at once, and stakes go back. If it is played after all, bets on it count only if you \
             postpone it first and set a date in time: the rules' notice before betting would have ended."
                .to_owned()
        }
        (None, _) => "No score counts: stakes go back.".to_owned(),
    }
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
    fn words_and_the_command() {
        let mut outcome = Outcome::played(score("1-1").unwrap());
        outcome.half_time = score("1-0");
        outcome.after_120 = score("3-1");
        outcome.advances = Some(Side::Home);
        assert_eq!(
            in_words(&outcome, "Netherlands", "England"),
            "1-1 (1-0 at half-time), 3-1 after 120 minutes, Netherlands advance"
        );
        assert_eq!(
            command("NlEn", &outcome),
            "bolao result NlEn 1-1 --half-time 1-0 --extra-time 3-1"
        );
        let off = Outcome::without_score(Status::Cancelled, None);
        assert_eq!(scores(&off), "cancelled");
        assert_eq!(
            command("NlEn", &off),
            "bolao result NlEn --status cancelled"
        );
    }
}
