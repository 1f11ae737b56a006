//! Records of matches in words: what organisers are about to sign, and what stands in the chain.

use bolao_ledger::{Base, Outcome, Score, Side, Status};

use crate::{exit::printable, view::Match};

/// `played`, as a person writes it.
pub(crate) const fn status(status: Status) -> &'static str {
    match status {
        Status::Played => "played",
        Status::Cancelled => "cancelled",
        Status::Postponed => "postponed",
        Status::Abandoned => "abandoned",
        Status::Awarded => "awarded",
    }
}

/// Who goes on, where the scores alone tell.
///
/// A shoot-out always does. Extra time does where 90 minutes ended level: in the second of two legs as in a single
/// match. What ends within 90 minutes does not: it may be a group match, or the second leg of a tie that was lost.
pub(crate) fn advances(
    after_90: Option<Score>,
    after_120: Option<Score>,
    shootout: Option<Score>,
) -> Option<Side> {
    if let Some(side) = shootout.and_then(winner) {
        return Some(side);
    }
    let level = after_90.is_some_and(|score| winner(score).is_none());
    after_120.filter(|_| level).and_then(winner)
}

fn winner(score: Score) -> Option<Side> {
    match score.home().cmp(&score.away()) {
        std::cmp::Ordering::Greater => Some(Side::Home),
        std::cmp::Ordering::Less => Some(Side::Away),
        std::cmp::Ordering::Equal => None,
    }
}

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
        parts.push(status(outcome.status).to_owned());
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

/// Everything that a record says, in one line. The teams are those of the match.
pub(crate) fn told(outcome: &Outcome, home: &str, away: &str) -> String {
    let text = played(outcome, home, away);
    match &outcome.reason {
        Some(reason) => format!("{text}; reason: {}", printable(reason.as_str())),
        None => text,
    }
}

/// What a record means for points, in a sentence.
pub(crate) fn counting(outcome: &Outcome, game: &Match, awarded_counts: bool) -> String {
    let base = match game.base {
        Base::After90 => "the score after 90 minutes",
        Base::After120 => "the score after 120 minutes where they were played, else after 90,",
    };
    match (
        outcome.counting_score(game.base, awarded_counts),
        outcome.status,
    ) {
        (Some(score), _) => format!("For points {base} counts here: {score}."),
        (None, Status::Postponed) => {
            "No score counts: tips and stakes stay until it is played.".to_owned()
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
        words.push(format!("--status {}", status(outcome.status)));
    }
    words.join(" ")
}

/// Whether two records say the same of a match: scores and status are equal, and nothing that both say differs. Half-time
/// and who advances may be missing in one; reasons may differ.
pub(crate) fn agree(one: &Outcome, other: &Outcome) -> bool {
    fn fits<T: PartialEq>(one: Option<T>, other: Option<T>) -> bool {
        one.is_none() || other.is_none() || one == other
    }
    one.status == other.status
        && one.after_90 == other.after_90
        && one.after_120 == other.after_120
        && one.shootout == other.shootout
        && fits(one.half_time, other.half_time)
        && fits(one.advances, other.advances)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn score(text: &str) -> Option<Score> {
        (!text.is_empty()).then(|| text.parse().unwrap())
    }

    #[test]
    fn who_goes_on() {
        let cases = [
            ("1-1", "3-1", "", Some(Side::Home)),
            ("0-0", "0-0", "5-6", Some(Side::Away)),
            // The second leg of a tie whose first was lost: the shoot-out tells.
            ("2-1", "2-1", "3-4", Some(Side::Away)),
            // Two legs, level over both after 90 minutes: one match's extra time does not tell.
            ("2-0", "2-1", "", None),
            ("3-1", "", "", None),
            ("1-1", "2-2", "", None),
        ];
        for (after_90, after_120, shootout, wanted) in cases {
            let got = advances(score(after_90), score(after_120), score(shootout));
            assert_eq!(got, wanted, "{after_90} {after_120} {shootout}");
        }
    }

    #[test]
    fn words_and_the_command() {
        let mut outcome = Outcome::played(score("1-1").unwrap());
        outcome.half_time = score("1-0");
        outcome.after_120 = score("3-1");
        outcome.advances = Some(Side::Home);
        assert_eq!(
            told(&outcome, "Netherlands", "England"),
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

    #[test]
    fn half_time_may_be_missing_but_not_wrong() {
        let plain = Outcome::played(score("1-1").unwrap());
        let mut half = plain.clone();
        half.half_time = score("1-0");
        assert!(agree(&plain, &half));
        let mut other = half.clone();
        other.half_time = score("0-1");
        assert!(!agree(&half, &other));
        let mut longer = plain.clone();
        longer.after_120 = score("2-1");
        assert!(!agree(&plain, &longer));
    }
}
