//! Records in words: what organisers sign of a match or a question, and what it means for points.

use bolao_ledger::{
    Base, Outcome, Rules, Side, Status,
    item::{Answer, Asks},
};

/// The scores in one line, such as `1-1 (1-0 at half-time), 3-1 after 120 minutes`; the status alone where there are none.
#[must_use]
pub fn scores(outcome: &Outcome) -> String {
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
#[must_use]
pub fn played(outcome: &Outcome, home: &str, away: &str) -> String {
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
#[must_use]
pub fn recorded(outcome: &Outcome, home: &str, away: &str) -> String {
    with_reason(played(outcome, home, away), outcome)
}

/// Everything that a record of a question says, in one line: what is right, or that the question is off.
#[must_use]
pub fn settled(asks: &Asks, outcome: &Outcome) -> String {
    let text = match outcome.status {
        Status::Answered => answers(asks, &outcome.right),
        other => other.name().to_owned(),
    };
    with_reason(text, outcome)
}

/// Answers in words: the options, or the numbers.
#[must_use]
pub fn answers(asks: &Asks, answers: &[Answer]) -> String {
    let word = |answer: &Answer| match asks {
        Asks::Choice { options, .. } => { options.get(usize::from(answer.get())) }.map_or_else(
            || "no option".to_owned(),
            |option| option.as_str().to_owned(),
        ),
        Asks::Number { .. } => answer.get().to_string(),
    };
    answers.iter().map(word).collect::<Vec<_>>().join(", ")
}

fn with_reason(text: String, outcome: &Outcome) -> String {
    match &outcome.reason {
        Some(reason) => format!("{text}; reason: {}", reason.as_str()),
        None => text,
    }
}

/// The meaning of a record for points, in a sentence. `is_to_come`: betting on the match has not ended.
#[must_use]
pub fn counting(
    rules: &Rules,
    outcome: &Outcome,
    base: Base,
    lacks_notice: bool,
    is_to_come: bool,
) -> String {
    let compared = base.words();
    if lacks_notice && outcome.status == Status::Postponed {
        return "No bets on it count unless it gets a date again in time: the rules' notice before betting would have ended."
            .to_owned();
    }
    if lacks_notice {
        return "No bets on it count, whatever the score: it did not stand open as it is for the rules' notice. Stakes go back."
            .to_owned();
    }
    match (
        outcome.counting_score(base, rules.awarded_counts),
        outcome.status,
    ) {
        (Some(score), _) => format!("For points the score {compared} counts here: {score}."),
        (None, Status::Postponed) => {
            "No score counts: bets and stakes stay until it is played.".to_owned()
        }
        (None, Status::Cancelled) if is_to_come => {
            "Betting on it ends at once, and stakes go back. If it is played after all, bets on it count only if you \
             postpone it first and set a date in time: the rules' notice before betting would have ended."
                .to_owned()
        }
        (None, _) => "No score counts: stakes go back.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use bolao_ledger::Score;

    use super::*;

    #[test]
    fn every_part_of_a_record_is_said() {
        let score = |text: &str| text.parse::<Score>().ok();
        let mut outcome = Outcome::played(score("1-1").unwrap());
        outcome.half_time = score("1-0");
        outcome.after_120 = score("3-1");
        outcome.advances = Some(Side::Home);
        assert_eq!(
            recorded(&outcome, "Netherlands", "England"),
            "1-1 (1-0 at half-time), 3-1 after 120 minutes, Netherlands advance"
        );
        let off = Outcome::without_score(Status::Cancelled, None);
        assert_eq!(scores(&off), "cancelled");
    }
}
