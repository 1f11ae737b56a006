//! `bolao slip`: a receipt for a bet, which proves without a node that the chain holds it.

use std::{ops::Range, path::PathBuf};

use anyhow::{Context as _, bail};
use bolao_ledger::item::Answer;
use bolao_node::Home;
use bolao_receipts::{Proven, Slip, SlipReport, verify};
use clap::Args;

use crate::{
    actor::not_joined,
    betting::waits_on,
    command::questions::{self, Item},
    meant,
    output::{self, count},
    qr,
    source::{self, Source, escape, segment},
    view::{self, Answers, Asked, Bet, PlayerRef, Transaction},
    whole,
};

/// Writes a receipt for your bet on a match, or your answer to a question: a file that proves it to friends who have the chain
#[derive(Args, Clone, Debug)]
pub(crate) struct SlipArgs {
    /// The match: its code, number or team; or a question's code
    #[arg(value_name = "MATCH")]
    code: String,
    /// Whose bet [default: yours]
    #[arg(long, value_name = "NAME")]
    player: Option<String>,
    /// The file to write [default: CODE-NAME.slip.json]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Replaces an existing file
    #[arg(long)]
    force: bool,
    /// Prints the slip itself; writes a file only with --output
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: SlipArgs, home: &Home) -> anyhow::Result<()> {
    let genesis = home.genesis()?;
    let source = source::open(home).await?;
    let (who, whose) = asked_of(&source, home, args.player.as_deref()).await?;
    let (code, bet) = match questions::item(&source, &args.code).await? {
        Item::Question(it) => (
            it.asked.code.clone(),
            answer(&source, &it.asked, &who).await?,
        ),
        Item::Match(it) => {
            let code = it.entry.fixture.code;
            let bet = bet(&source, &code, &who).await?;
            (code, bet)
        }
    };
    let bet = bet.with_context(|| {
        format!("no block includes a bet {whose} on {code} yet: `bolao bets` shows those there are")
    })?;
    let path = format!("/api/v1/transactions/{}", escape(&bet.transaction));
    let slip: Slip = source.read(&format!("{path}/slip")).await?;
    let report = verify(&slip, genesis.pool_id()).context("the node gave an invalid slip")?;
    let text = slip.to_json();
    let file = match (&args.output, args.json) {
        (None, true) => None,
        (Some(path), _) => Some(path.clone()),
        (None, false) => Some(PathBuf::from(file_name(&code, &bet.player.shown()))),
    };
    if let Some(path) = &file {
        whole::write(path, format!("{text}\n").as_bytes(), args.force)?;
    }
    if args.json {
        return output::raw(&text);
    }
    let file = file.unwrap_or_default();
    let how = place(&report);
    output::line!(
        "{} proves: {} bet {} on {code}, in block {}, {how}.",
        output::bold(&file.display().to_string()),
        bet.player.shown(),
        bet.says,
        report.height,
    )?;
    output::line!(
        "{} bytes. Check it in a friend's home, or anywhere with a final block from a friend (--at): bolao verify {} --pool {}",
        text.len(),
        file.display(),
        genesis.pool_id()
    )?;
    if let Some(others) = others(&source.read(&path).await?, &bet.numbers) {
        output::line!(
            "It also shows the bets on {others}: they were sent together, under one signature. A bet that is sent \
            separately has its own receipt."
        )?;
    }
    let no = bet.numbers.start;
    if waits_on(&source, bet.player.account, no).await? {
        output::hint!(
            "A later bet on {code} is waiting for a block and will replace this one: ask for its slip once a block \
            includes it."
        );
    }
    if let Some(code) = output::width().and_then(|width| scannable(&text, width)) {
        output::line("")?;
        output::line(code)?;
    }
    Ok(())
}

/// The certainty of the block's place.
fn place(report: &SlipReport) -> String {
    match &report.proven {
        Proven::Work(work) => {
            let on_top = work.confirmations.saturating_sub(1);
            let waits = if report.becomes_final() {
                ", not final yet: ask again when it is"
            } else {
                ""
            };
            format!("with {} on top{waits}", count(on_top, "block", "blocks"))
        }
        _ => "which is final".to_owned(),
    }
}

/// A bet that a slip can prove.
struct Placed {
    transaction: String,
    player: PlayerRef,
    /// The numbers that it is on.
    numbers: Range<u16>,
    /// The prediction, as far as it can be read.
    says: String,
}

/// The player whose bet is asked for, and how to name it.
async fn asked_of(
    source: &Source,
    home: &Home,
    player: Option<&str>,
) -> anyhow::Result<(String, String)> {
    if let Some(name) = player {
        return Ok((name.to_owned(), format!("of {name}")));
    }
    let own = home.profile()?.account.with_context(|| {
        format!(
            "{} does not say which account is yours: run its node once, or name the player with --player NAME",
            home.dir().display()
        )
    })?;
    if let Some(why) = not_joined(home, source, own).await? {
        bail!(why);
    }
    Ok((own.to_string(), "of yours".to_owned()))
}

/// A player's bet on a match.
async fn bet(source: &Source, code: &str, who: &str) -> anyhow::Result<Option<Placed>> {
    let query = format!("/api/v1/bets?match={}&player={}", escape(code), escape(who));
    let bets: Vec<Bet> = meant::all_of(source, &query, who).await?;
    Ok(bets.into_iter().next().map(|bet| Placed {
        // A slip of a seal holds the seal, and not what it was opened with.
        says: match (bet.predicted.score, bet.opened) {
            (None, _) => "a sealed score".to_owned(),
            (Some(_), Some(_)) => {
                let opened = bet.predicted;
                format!("a sealed score (opened later as {opened}, which only the chain shows)")
            }
            (Some(_), None) => view::bet(&bet),
        },
        numbers: bet.r#match.no..bet.r#match.no.saturating_add(1),
        transaction: bet.transaction,
        player: bet.player,
    }))
}

/// A player's answers to a question; where they came one by one, the first of them.
async fn answer(source: &Source, asked: &Asked, who: &str) -> anyhow::Result<Option<Placed>> {
    let path = format!(
        "/api/v1/players/{}/answers",
        segment(who, "a player's name or account")?
    );
    let answers: Vec<Answers> = meant::all_of(source, &path, who).await?;
    let given = answers.into_iter().find(|it| it.question.no == asked.no.0);
    Ok(given.and_then(|given| {
        let answers = || given.answers.iter().flatten();
        let transaction = answers().next()?.transaction.clone();
        let of_it = answers().filter(|it| it.transaction == transaction);
        let readable: Option<Vec<Answer>> = of_it.map(|it| it.answer).collect();
        let words = readable.map(|it| questions::words(&asked.asks, &it));
        Some(Placed {
            says: words.unwrap_or_else(|| "a sealed answer".to_owned()),
            transaction,
            player: given.player,
            numbers: questions::numbers(asked),
        })
    }))
}

/// What else the same transaction bets on, by the codes.
fn others(transaction: &Transaction, numbers: &Range<u16>) -> Option<String> {
    let placed = view::placed(transaction).into_iter();
    let others = placed.filter(|(of, _)| !numbers.contains(&of.no));
    let mut others: Vec<String> = others.map(|(of, _)| of.code).collect();
    others.dedup();
    (!others.is_empty()).then(|| others.join(", "))
}

/// A name that every file system takes: what is neither letter nor digit becomes a hyphen.
fn file_name(code: &str, name: &str) -> String {
    let plain = |text: &str| -> String {
        text.chars()
            .map(|c| if c.is_alphanumeric() { c } else { '-' })
            .collect()
    };
    format!("{}-{}.slip.json", plain(code), plain(name))
}

/// The slip as a QR code, if one holds it and the terminal is wide enough.
fn scannable(text: &str, width: usize) -> Option<String> {
    let code = qr::code(text).ok()?;
    let needs = code.lines().map(|line| line.chars().count()).max();
    needs.is_some_and(|needs| needs <= width).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_after_match_and_player() {
        assert_eq!(file_name("PtCh", "ana"), "PtCh-ana.slip.json");
        assert_eq!(
            file_name("A/1", "../=Zé b"),
            "A-1----=Zé-b.slip.json".replace('=', "-")
        );
    }

    #[test]
    fn a_code_is_shown_where_it_fits() {
        assert!(scannable("short", 80).is_some_and(|code| code.contains('█')));
        assert!(scannable(&"x".repeat(1_000), 80).is_none());
        assert!(scannable(&"x".repeat(3_000), 500).is_none());
    }
}
