//! What `bolao result` says before it signs.

use bolao_ledger::{Outcome, Score};

use crate::{
    output, record,
    session::Session,
    view::{Match, Waiting},
    votes::{SignedId, names},
};

/// A record that waits, in one line.
pub(crate) fn waits(game: &Match, waiting: &Waiting) -> String {
    let record = waiting
        .outcome()
        .map(|outcome| record::words(outcome, game))
        .unwrap_or_default();
    format!("{record} (signed by {})", names(&waiting.signers))
}

/// Says what is about to be signed.
pub(super) fn announce(
    session: &Session<'_>,
    game: &Match,
    outcome: &Outcome,
    waiting: &[Waiting],
) -> anyhow::Result<()> {
    let rules = &session.genesis.rules;
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
            "Note: it went on though it was no draw, as second legs may. If this was a single match, look again.",
        );
    }
    if let Some(record) = &game.record {
        let stands = record.outcome == *outcome && !game.reopened();
        if stands {
            return output::line!(
                "This stands already, signed by {}; your signature is added.",
                names(&record.signers)
            );
        }
        if !game.reopened() {
            output::line!(
                "It corrects the record that stands: {} (signed by {}).",
                record::words(&record.outcome, game),
                names(&record.signers)
            )?;
        }
    }
    let mut others = 0;
    for other in waiting {
        if other.outcome() == Some(outcome) {
            others = other
                .signers
                .iter()
                .filter(|signer| signer.account != session.account())
                .count();
        } else {
            output::line!("Another record waits: {}.", waits(game, other))?;
        }
    }
    output::line(signatures(
        others.saturating_add(1),
        rules.results_quorum,
        &format!(
            "bolao result {} --confirm={}",
            game.fixture.code,
            SignedId::of_record(game.fixture.no, outcome)
        ),
    ))
}

fn is_level(score: Score) -> bool {
    score.home() == score.away()
}

/// How many signatures there are with this one, and what is missing.
pub(crate) fn signatures(with_this: usize, quorum: u8, confirm: &str) -> String {
    let missing = usize::from(quorum).saturating_sub(with_this);
    if missing == 0 {
        return format!("Signatures: {with_this} of {quorum} needed, with yours. It takes effect.");
    }
    format!(
        "Signatures: {with_this} of {quorum} needed, with yours. Another organiser adds one: {confirm}"
    )
}
