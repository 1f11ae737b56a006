//! A round, match by match, asked on a terminal.

use std::io::BufRead;

use anyhow::bail;
use bolao_ledger::{Reason, Score};

use crate::{
    betting::{CurrentBet, Plan, Planned, PlayerBets, Wanted, ended, is_open},
    exit::{printable, sentence},
    games,
    output::{self, count},
    source::ApiError,
    time,
    view::Match,
};

use super::lines::line;

/// The column of the codes.
const CODE: usize = 0;

/// The open matches of a round, soonest first; without a name, of the round that closes next.
pub(super) fn round<'a>(
    bets: &'a PlayerBets,
    name: Option<&str>,
) -> anyhow::Result<Vec<&'a Match>> {
    let mut open: Vec<&Match> = bets.matches.iter().filter(|game| is_open(game)).collect();
    open.sort_by_key(|game| games::by_kickoff(game));
    let stages = bets
        .matches
        .iter()
        .map(|game| game.entry.fixture.stage.as_str());
    let stage = match name {
        Some(name) => games::stage(stages, name)?,
        None => match open.first() {
            Some(game) => game.entry.fixture.stage.as_str(),
            None => bail!("betting has ended on every match of this pool"),
        },
    };
    open.retain(|game| *game.entry.fixture.stage == *stage);
    if open.is_empty() {
        let last = bets
            .matches
            .iter()
            .rfind(|game| *game.entry.fixture.stage == *stage);
        bail!(
            "betting has ended on every match of {stage}: {}",
            last.map_or_else(String::new, ended)
        );
    }
    Ok(open)
}

/// Asks for each match; Enter keeps what is there, `q` ends the asking. What `judge` says of the answers so far is asked
/// again where another stake would mend it, and waits for the end otherwise.
pub(super) async fn by_hand(
    input: &mut impl BufRead,
    bets: &PlayerBets,
    round: &[&Match],
    stake: Option<u64>,
    judge: impl AsyncFn(&[Wanted]) -> anyhow::Result<()>,
) -> anyhow::Result<Vec<Wanted>> {
    let stage = round
        .first()
        .map_or("", |game| game.entry.fixture.stage.as_str());
    output::line!(
        "{}: {}. A score such as 2-1, or `2-1 20` to stake 20 chips; Enter leaves a match as it is; q ends.",
        output::bold(stage),
        count(round.len(), "open match", "open matches")
    )?;
    let mut tips = Vec::new();
    'matches: for game in round {
        let before = bets.current.get(&game.entry.fixture.no.0);
        let now = before.map_or_else(String::new, |bet| format!("; now {}", standing(bet)));
        let kickoff = game.entry.fixture.kickoff.map_or_else(
            || "not scheduled".to_owned(),
            |at| format!("{}, {}", time::local(at), time::relative(at)),
        );
        loop {
            output::prompt(format_args!(
                "{}  ({}; {kickoff}{now}): ",
                game.teams(),
                game.entry.fixture.code
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
            let tip = answer(&text, stake).map(|(score, stake)| Wanted {
                code: game.entry.fixture.code.to_string(),
                prediction: score.into(),
                stake,
                line: None,
            });
            let refused = match tip {
                Ok(tip) => {
                    tips.push(tip);
                    judge(&tips).await.err().filter(is_of_the_stake)
                }
                Err(error) => {
                    output::line!("  {}", printable(&format!("{error}")))?;
                    continue;
                }
            };
            let Some(error) = refused else { break };
            tips.pop();
            output::line!("  {}", printable(&sentence(&error)))?;
        }
    }
    Ok(tips)
}

/// Whether another stake is all that is wanted.
fn is_of_the_stake(error: &anyhow::Error) -> bool {
    ApiError::is_any(error, &[Reason::BadStake, Reason::NotEnoughChips])
}

/// A score, perhaps with a stake behind it.
fn answer(text: &str, stake: Option<u64>) -> anyhow::Result<(Score, Option<u64>)> {
    let with_stake = text
        .rsplit_once(char::is_whitespace)
        .and_then(|(score, chips)| Some((score.trim().parse().ok()?, chips.parse().ok()?)));
    match with_stake {
        Some((score, chips)) => Ok((score, Some(chips))),
        None => Ok((text.parse()?, stake)),
    }
}

/// When a match closes, for a column that says so.
fn closes(game: &Match) -> String {
    game.entry.deadline.map_or_else(
        || "not scheduled".to_owned(),
        |at| format!("{}, {}", time::short(at), time::relative(at)),
    )
}

/// A bet that is there already.
fn standing(bet: &CurrentBet) -> String {
    let waits = if bet.waits { ", waits for a block" } else { "" };
    format!("{}{waits}", bet.predicted)
}

/// Shows what is to be sent, and asks.
pub(super) fn agreed(input: &mut impl BufRead, plan: &Plan<'_>) -> anyhow::Result<bool> {
    let mut table = output::table(["Code", "Match", "Bet", "Before", "Stake", "Closes"]);
    for Planned {
        game, bet, before, ..
    } in &plan.bets
    {
        table.add_row([
            game.entry.fixture.code.to_string(),
            game.teams(),
            bet.prediction.to_string(),
            before.map_or_else(|| "none".to_owned(), standing),
            bet.stake.to_string(),
            closes(game),
        ]);
    }
    output::show_fitting(table, &[CODE])?;
    loop {
        output::prompt(format_args!(
            "Send {}? You will have {} left. [y/n] ",
            count(plan.bets.len(), "bet", "bets"),
            count(plan.left, "chip", "chips")
        ))?;
        match line(input)?.map(|answer| answer.to_lowercase()).as_deref() {
            Some("y" | "yes") => return Ok(true),
            Some("n" | "no" | "q") => return Ok(false),
            Some(_) => output::line("  Answer y or n.")?,
            None => {
                output::line("")?;
                return Ok(false);
            }
        }
    }
}

#[cfg(test)]
pub(super) mod tests;
