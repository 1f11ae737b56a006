//! A round, match by match: asked on a terminal, or a line for each.

use std::io::{BufRead, Read as _};

use anyhow::{Context as _, bail};
use bolao_ledger::Score;
use jiff::Timestamp;

use crate::{
    exit::printable,
    games,
    output::{self, count},
    time,
    tipping::{Board, Planned, Wanted, closing, ended, is_open},
    view::Match,
};

/// The longest line, in bytes.
const MAX_LINE: u64 = 1_024;
/// How many rounds an error names.
const NAMED: usize = 12;

/// The open matches of a round, soonest first; without a name, of the round that closes next.
pub(super) fn round<'a>(
    board: &'a Board,
    name: Option<&str>,
    now: Timestamp,
) -> anyhow::Result<Vec<&'a Match>> {
    let mut open: Vec<&Match> = board
        .matches
        .iter()
        .filter(|game| is_open(game, now))
        .collect();
    open.sort_by_key(|game| games::by_kickoff(game));
    let stage = match name {
        Some(name) => known_stage(&board.matches, name)?,
        None => match open.first() {
            Some(game) => game.stage.as_str(),
            None => bail!("no match of this pool takes tips any more"),
        },
    };
    open.retain(|game| game.stage == stage);
    if open.is_empty() {
        let last = board.matches.iter().rfind(|game| game.stage == stage);
        bail!(
            "no match of {stage} takes tips any more: {}",
            last.map_or_else(String::new, ended)
        );
    }
    Ok(open)
}

fn known_stage<'a>(matches: &'a [Match], name: &str) -> anyhow::Result<&'a str> {
    let folded = name.to_lowercase();
    let mut stages: Vec<&str> = Vec::new();
    for game in matches {
        if game.stage.to_lowercase() == folded {
            return Ok(&game.stage);
        }
        if !stages.contains(&game.stage.as_str()) {
            stages.push(&game.stage);
        }
    }
    let more = stages.len().saturating_sub(NAMED);
    stages.truncate(NAMED);
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    bail!(
        "this pool has no round `{}`, it has {}{more}",
        printable(name),
        stages.join(", ")
    )
}

/// A line without its end; none at the end of the input.
fn line(input: &mut impl BufRead) -> anyhow::Result<Option<String>> {
    let mut text = String::new();
    let got = input
        .by_ref()
        .take(MAX_LINE)
        .read_line(&mut text)
        .context("cannot read the answer")?;
    if u64::try_from(got).unwrap_or(u64::MAX) >= MAX_LINE {
        bail!("a line is longer than {MAX_LINE} bytes, which no tip is");
    }
    Ok((got > 0).then(|| text.trim().to_owned()))
}

fn wanted(game: &Match, score: Score, stake: Option<u64>, line: Option<u64>) -> Wanted {
    Wanted {
        code: game.code.clone(),
        score,
        stake,
        line,
    }
}

/// Asks for each match; Enter keeps what is there, `q` ends the asking.
pub(super) fn by_hand(
    input: &mut impl BufRead,
    board: &Board,
    round: &[&Match],
    stake: Option<u64>,
) -> anyhow::Result<Vec<Wanted>> {
    let stage = round.first().map_or("", |game| game.stage.as_str());
    output::line(format_args!(
        "{}: {}. A score such as 2-1; Enter leaves a match as it is; q ends.",
        output::bold(stage),
        count(round.len(), "open match", "open matches")
    ))?;
    let mut tips = Vec::new();
    'matches: for game in round {
        let now = board
            .tips
            .get(&game.no)
            .map_or_else(String::new, |tip| format!(", now {}", tip.shown()));
        let kickoff = game.kickoff.map_or_else(
            || "not scheduled".to_owned(),
            |at| format!("{}, {}", time::local(at), time::relative(at)),
        );
        loop {
            output::prompt(format_args!(
                "{}  ({}; {kickoff}{now}): ",
                game.teams(),
                game.code
            ))?;
            let Some(text) = line(input)? else {
                output::line("")?;
                break 'matches;
            };
            if text.eq_ignore_ascii_case("q") {
                break 'matches;
            }
            if text.is_empty() {
                break;
            }
            match text.parse() {
                Ok(score) => {
                    tips.push(wanted(game, score, stake, None));
                    break;
                }
                Err(error) => output::line(format_args!("  {}", printable(&format!("{error}"))))?,
            }
        }
    }
    Ok(tips)
}

/// A line for each match; what is left out at the end stays as it is.
pub(super) fn by_lines(
    input: &mut impl BufRead,
    round: &[&Match],
    stake: Option<u64>,
) -> anyhow::Result<Vec<Wanted>> {
    let mut tips = Vec::new();
    let mut number = 0;
    let mut matches = round.iter();
    while let Some(text) = line(input)? {
        number += 1;
        let Some(game) = matches.next() else {
            if text.is_empty() {
                continue;
            }
            bail!(
                "line {number}: got `{text}`, but the round has no more than {}",
                count(round.len(), "open match", "open matches")
            );
        };
        if text.is_empty() {
            continue;
        }
        let score = text
            .parse()
            .with_context(|| format!("line {number}: the score of {} cannot be used", game.code))?;
        tips.push(wanted(game, score, stake, Some(number)));
    }
    Ok(tips)
}

/// Shows what is to be sent, and asks.
pub(super) fn agreed(
    input: &mut impl BufRead,
    planned: &[Planned<'_>],
    left: u64,
) -> anyhow::Result<bool> {
    let mut table = output::table(["Code", "Match", "Tip", "Before", "Stake", "Closes"]);
    for Planned { game, tip, before } in planned {
        table.add_row([
            game.code.clone(),
            game.teams(),
            tip.score.to_string(),
            before.map_or_else(|| "none".to_owned(), crate::tipping::Standing::shown),
            tip.stake.to_string(),
            closing(game),
        ]);
    }
    output::show(&table)?;
    loop {
        output::prompt(format_args!(
            "Send {}? {} then left at hand. [y/n] ",
            count(planned.len(), "tip", "tips"),
            count(left, "chip is", "chips are")
        ))?;
        match line(input)?.map(|answer| answer.to_lowercase()).as_deref() {
            Some("y" | "yes") => return Ok(true),
            Some("n" | "no" | "q") => return Ok(false),
            Some(_) => {}
            None => {
                output::line("")?;
                return Ok(false);
            }
        }
    }
}

#[cfg(test)]
mod tests;
