//! Bets from a pipe: a line for each, with its match; or bare scores for every match of a round.
//!
//! Bare scores stand for matches by their places, so the places must not depend on which matches are open when the line
//! is read: they count only for a round that is named, and only if all of its matches have a line.

use std::io::{BufRead, Read as _};

use anyhow::{Context as _, bail};
use bolao_ledger::Score;

use crate::{betting::Wanted, exit::usage, games, output::count, view::Match};

/// The longest line, in bytes.
const MAX_LINE: u64 = 1_024;
/// The most lines, far more than the most matches need.
const MAX_LINES: usize = 10_000;

/// A line without its end; none at the end of the input.
pub(super) fn line(input: &mut impl BufRead) -> anyhow::Result<Option<String>> {
    let mut text = String::new();
    let got = input
        .by_ref()
        .take(MAX_LINE)
        .read_line(&mut text)
        .context("cannot read the answer")?;
    if u64::try_from(got).unwrap_or(u64::MAX) >= MAX_LINE {
        bail!("a line is longer than {MAX_LINE} bytes, too long for a bet");
    }
    Ok((got > 0).then(|| text.trim().to_owned()))
}

/// Reads all lines; `name` is the round's, if one was given.
pub(super) fn read(
    input: &mut impl BufRead,
    matches: &[Match],
    name: Option<&str>,
    stake: Option<u64>,
) -> anyhow::Result<Vec<Wanted>> {
    let stages = matches.iter().map(|game| game.entry.fixture.stage.as_str());
    let stage = name.map(|name| games::stage(stages, name)).transpose()?;
    let mut lines = Vec::new();
    while let Some(line) = line(input)? {
        if lines.len() == MAX_LINES {
            bail!("got more than {MAX_LINES} lines, too many for a round");
        }
        lines.push(line);
    }
    let Some(first) = lines.iter().find(|line| !line.is_empty()) else {
        return Ok(Vec::new());
    };
    if first.parse::<Score>().is_err() {
        return with_codes(&lines, matches, stage, stake);
    }
    match stage {
        Some(stage) => by_places(&lines, matches, stage, stake),
        None => Err(usage(format!(
            "got `{first}` without a match: write it as `MATCH {first}`, or name the round with --round NAME"
        ))),
    }
}

fn with_codes(
    lines: &[String],
    matches: &[Match],
    stage: Option<&str>,
    stake: Option<u64>,
) -> anyhow::Result<Vec<Wanted>> {
    let mut tips = Vec::new();
    for (number, line) in (1..).zip(lines).filter(|(_, line)| !line.is_empty()) {
        let tip = with_code(line, stake, number).with_context(|| format!("line {number}"))?;
        if let Some(stage) = stage {
            let game = games::find(matches, &tip.code).with_context(|| format!("line {number}"))?;
            if *game.entry.fixture.stage != *stage {
                let (code, other) = (&game.entry.fixture.code, &game.entry.fixture.stage);
                bail!("line {number}: {code} belongs to {other}, but the bets are for {stage}");
            }
        }
        tips.push(tip);
    }
    Ok(tips)
}

fn with_code(line: &str, stake: Option<u64>, number: u64) -> anyhow::Result<Wanted> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let (code, score, chips) = match *words.as_slice() {
        [code, score] => (code, score, None),
        [code, score, chips] => (code, score, Some(chips)),
        _ if line.contains([',', ';']) => bail!(
            "got `{line}`, wanted MATCH SCORE [STAKE] with spaces, such as `PtCh 2-1`; CSV is read with `bolao tip \
            -`, or as a file with `bolao tip FILE`"
        ),
        _ => bail!("got `{line}`, wanted MATCH SCORE [STAKE] such as `PtCh 2-1` or `PtCh 2-1 50`"),
    };
    Wanted::read(code, score, chips, stake, number)
}

fn by_places(
    lines: &[String],
    matches: &[Match],
    stage: &str,
    stake: Option<u64>,
) -> anyhow::Result<Vec<Wanted>> {
    let mut round: Vec<&Match> = matches
        .iter()
        .filter(|game| *game.entry.fixture.stage == *stage)
        .collect();
    round.sort_by_key(|game| games::by_kickoff(game));
    let more = lines.iter().skip(round.len());
    if lines.len() < round.len() || more.clone().any(|line| !line.is_empty()) {
        bail!(
            "got {} of scores without matches, but {stage} has {}, including closed ones: write a line for each, an \
            empty one to leave a bet as it is, or write MATCH SCORE",
            count(lines.len(), "line", "lines"),
            count(round.len(), "match", "matches")
        );
    }
    let mut tips = Vec::new();
    for ((number, line), game) in (1..).zip(lines).zip(round) {
        if line.is_empty() {
            continue;
        }
        let tip = Wanted::read(&game.entry.fixture.code, line, None, stake, number);
        tips.push(tip.with_context(|| format!("line {number}"))?);
    }
    Ok(tips)
}

#[cfg(test)]
mod tests;
