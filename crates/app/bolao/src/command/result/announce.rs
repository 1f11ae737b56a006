//! What `bolao result` says before it signs.

use bolao_ledger::{Outcome, Score, Status, UnixSeconds};

use crate::{
    command::{results_shown::waits, signing::Signing},
    output, record, time,
    view::{Match, Waiting},
    votes::names,
};

/// In which no match is over, in seconds: two halves and the shortest break.
const SHORTEST_S: u64 = 105 * 60;

/// Says what is about to be signed.
pub(super) fn announce(
    signing: &Signing<'_>,
    game: &Match,
    outcome: &Outcome,
    waiting: &[Waiting],
) -> anyhow::Result<()> {
    let rules = &signing.session.genesis.rules;
    let (home, away) = (&game.fixture.home.name, &game.fixture.away.name);
    output::line!(
        "{}  ({}, {})",
        output::bold(&format!(
            "{home} – {away}: {}",
            record::words(outcome, game)
        )),
        game.fixture.code,
        game.fixture.stage
    )?;
    output::line(record::counting(outcome, game, rules.awarded_counts))?;
    let (level, after_120) = (
        outcome.after_90.map(is_level),
        outcome.after_120.map(is_level),
    );
    if level == Some(false) && (outcome.after_120.is_some() || outcome.shootout.is_some())
        || after_120 == Some(false) && outcome.shootout.is_some()
    {
        output::hint(
            "Note: it had extra time without a draw, as second legs may. If this was a single match, check the score.",
        );
    }
    if let Some(ago) = too_soon(outcome, game, time::now()) {
        output::hint!(
            "Has it finished? It kicked off {ago} ago. A wrong record can be corrected until it is final."
        );
    }
    if let Some(record) = &game.record {
        let stands = record.outcome == *outcome && !game.reopened();
        if stands {
            return output::line!(
                "This is already the record, signed by {}; your signature is added.",
                names(&record.signers)
            );
        }
        if !game.reopened() {
            output::line!(
                "It corrects the current record: {} (signed by {}).",
                record::words(&record.outcome, game),
                names(&record.signers)
            )?;
        }
    }
    for other in waiting.iter().filter(|it| it.outcome() != Some(outcome)) {
        output::line!("Another record is waiting: {}.", waits(game, other))?;
    }
    output::line(signing.signatures(waiting))
}

/// The time since the kick-off of a match whose score is recorded, if it can hardly be over.
fn too_soon(outcome: &Outcome, game: &Match, now: UnixSeconds) -> Option<String> {
    let kickoff = u64::try_from(game.fixture.kickoff?.as_second()).ok()?;
    let passed_s = now.0.saturating_sub(kickoff);
    let is_early = outcome.status == Status::Played && passed_s < SHORTEST_S;
    is_early.then(|| time::span(passed_s))
}

fn is_level(score: Score) -> bool {
    score.home() == score.away()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::view::fixtures::match_json;

    #[test]
    fn a_match_that_has_just_begun_is_not_over() {
        let game = match_json(1, "PtCh", "Portugal", "Switzerland");
        let game: Match = serde_json::from_value(game).unwrap();
        let kickoff = u64::try_from(game.fixture.kickoff.unwrap().as_second()).unwrap();
        let mut outcome = Outcome::played("2-1".parse().unwrap());
        let after = |seconds| UnixSeconds(kickoff + seconds);
        assert_eq!(
            too_soon(&outcome, &game, after(24)),
            Some("24 s".to_owned())
        );
        assert_eq!(too_soon(&outcome, &game, after(SHORTEST_S)), None);
        outcome.status = Status::Abandoned;
        assert_eq!(too_soon(&outcome, &game, after(24)), None);
    }
}
