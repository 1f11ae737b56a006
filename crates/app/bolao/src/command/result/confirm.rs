//! Which record is signed: one that waits, the one that stands, or what was typed.

use anyhow::{Context as _, bail};
use bolao_ledger::{AccountId, Outcome, Rules};

use crate::{
    command::{
        confirm::{Answer, Candidate, ConfirmArgs, Kind, ask},
        results_shown::waits,
    },
    output, record,
    view::{Match, Waiting},
    votes::{SignedId, names},
};

/// The records that an organiser can add a signature to: those that wait, then the one that stands.
fn candidates(
    game: &Match,
    waiting: &[Waiting],
    own: AccountId,
) -> anyhow::Result<Vec<(bool, Candidate<Outcome>)>> {
    let mut all = Vec::new();
    for record in waiting {
        let outcome = record.outcome().cloned();
        let outcome = outcome.context("that is not a record")?;
        let words = record::words(&outcome, game);
        all.push((false, Candidate::new(record, outcome, &words, own)));
    }
    if let Some(record) = game.stands() {
        let record_words = record::words(&record.signed.outcome, game);
        let candidate = Candidate {
            id: SignedId::of_record(game.entry.fixture.no, &record.signed.outcome),
            signed: record.signed.outcome.clone(),
            words: format!(
                "{record_words} (signed by {}; current)",
                names(&record.signed.players(&record.signed.signers))
            ),
            is_own: record.signed.signers.contains(&own),
        };
        all.push((true, candidate));
    }
    Ok(all)
}

/// The record that `--confirm` means: that with the ID, else that which says what was typed, else the only one that
/// waits; where none waits, the one that stands.
pub(super) fn confirmed(
    args: ConfirmArgs,
    asks: bool,
    game: &Match,
    waiting: &[Waiting],
    own: AccountId,
    typed: Option<&Outcome>,
) -> anyhow::Result<Outcome> {
    let code = game.entry.fixture.code.as_str();
    let command = format!("bolao result {code}");
    let kind = Kind {
        word: "record",
        verb: "result",
        code,
    };
    let mut all = candidates(game, waiting, own)?;
    if all.is_empty() {
        bail!(
            "no record of {code} is waiting for a signature: give the score, such as `{command} 2-1`"
        );
    }
    if let Some(typed) = typed {
        all.retain(|(_, candidate)| says(&candidate.signed, typed));
        if all.is_empty() {
            bail!(
                "no waiting record of {code} says {}: see `{command}`, or sign your own without --confirm",
                record::words(typed, game)
            );
        }
    } else if args.id().is_none() && all.iter().any(|(stands, _)| !stands) {
        all.retain(|(stands, _)| !stands);
    }
    let is_stated = asks || typed.is_some() || args.id().is_some();
    let all = all.into_iter().map(|(_, candidate)| candidate).collect();
    kind.choose(all, args.id(), is_stated)
}

/// Whether a record says all that was typed. Scores are the same; it may have a half-time and a reason besides.
fn says(record: &Outcome, typed: &Outcome) -> bool {
    record.agrees_with(typed)
        && (typed.half_time.is_none() || typed.half_time == record.half_time)
        && (typed.reason.is_none() || typed.reason == record.reason)
        && (typed.advances.is_none() || typed.advances == record.advances)
}

/// Refuses what has one's own signature already and would gain nothing by another.
pub(super) fn refuse_twice(
    game: &Match,
    waiting: &[Waiting],
    own: AccountId,
    typed: &Outcome,
) -> anyhow::Result<()> {
    let mine = waiting.iter().find(|it| it.is_signed_by(own));
    let words = if let Some(mine) = mine {
        let is_it = mine.outcome() == Some(typed);
        is_it.then(|| format!("{}; it is waiting for another organiser", waits(game, mine)))
    } else {
        let stands = game.stands().filter(|record| {
            record.signed.outcome == *typed && record.signed.signers.contains(&own)
        });
        stands.map(|record| {
            format!(
                "{}; it is the current record",
                record::words(&record.signed.outcome, game)
            )
        })
    };
    match words {
        Some(words) => bail!("you have already signed this, so nothing was sent: {words}"),
        None => Ok(()),
    }
}

/// The record that was typed, or the one that waits and counts the same. None where nothing is to be signed.
///
/// Records count together only where they are the same to the letter, half-time and reason included.
pub(super) fn instead(
    asks: bool,
    game: &Match,
    waiting: &[Waiting],
    own: AccountId,
    typed: Outcome,
    rules: &Rules,
) -> anyhow::Result<Option<Outcome>> {
    let Some(other) = alike(game, waiting, own, &typed, rules) else {
        return Ok(Some(typed));
    };
    let id = other.content_id();
    output::hint!(
        "A waiting record counts the same: {}. Signatures add up only if everything is the same, including half-time \
        and reason.",
        waits(game, other)
    );
    if !asks {
        output::hint!(
            "To sign that one instead: `bolao result {} --confirm={id}`",
            game.entry.fixture.code
        );
        return Ok(Some(typed));
    }
    Ok(
        match ask("Sign that one instead of yours? [y/n, q signs nothing]")? {
            Answer::Yes => Some(other.outcome().cloned().context("that is not a record")?),
            Answer::No => Some(typed),
            Answer::Quit => {
                output::hint("Nothing was signed.");
                None
            }
        },
    )
}

/// The one record of others that counts as the typed one does and is not the same; none if the typed one itself waits.
fn alike<'a>(
    game: &Match,
    waiting: &'a [Waiting],
    own: AccountId,
    typed: &Outcome,
    rules: &Rules,
) -> Option<&'a Waiting> {
    if waiting.iter().any(|it| it.outcome() == Some(typed)) {
        return None;
    }
    let fixture = &game.entry.fixture;
    let advances = |outcome: &Outcome| outcome.advances.filter(|_| rules.ask_who_goes_on(fixture));
    let counts = |outcome: &Outcome| (rules.counting_score(fixture, outcome), advances(outcome));
    let mut others = waiting.iter().filter(|it| {
        !it.is_signed_by(own)
            && it.outcome().is_some_and(|outcome| {
                outcome.status == typed.status && counts(outcome) == counts(typed)
            })
    });
    let other = others.next()?;
    others.next().is_none().then_some(other)
}

#[cfg(test)]
mod tests;
