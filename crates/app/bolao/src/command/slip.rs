//! `bolao slip`: a receipt for a bet, which proves without a node that the chain holds it.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use bolao_node::Home;
use bolao_receipts::{Proven, Slip, SlipReport, verify};
use clap::Args;

use crate::{
    actor::not_joined,
    betting::waits_on,
    games, meant,
    output::{self, count},
    qr,
    source::{self, Source, escape},
    view::{self, Bet},
    whole,
};

/// Writes a receipt for your bet on a match: a file that proves it to friends who have the chain
#[derive(Args, Clone, Debug)]
pub(crate) struct SlipArgs {
    /// The match: its code, number or team
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
    let code = games::code(&source, &args.code).await?;
    let bet = bet(&source, home, args.player.as_deref(), &code).await?;
    let path = format!("/api/v1/transactions/{}/slip", escape(&bet.transaction));
    let slip: Slip = source.read(&path).await?;
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
    let path = file.unwrap_or_default();
    // A slip of a seal holds the seal, and not what it was opened with.
    let score = match (bet.score, bet.opened) {
        (None, _) => "a sealed score".to_owned(),
        (Some(score), Some(_)) => {
            format!("a sealed score (opened later as {score}, which only the chain shows)")
        }
        (Some(_), None) => view::bet(&bet),
    };
    let how = match &report.proven {
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
    };
    output::line!(
        "{} proves: {} bet {score} on {code}, in block {}, {how}.",
        output::bold(&path.display().to_string()),
        bet.player.shown(),
        report.height,
    )?;
    output::line!(
        "{} bytes. Check it in a friend's home, or anywhere with a final block from a friend (--at): bolao verify {} --pool {}",
        text.len(),
        path.display(),
        genesis.pool_id()
    )?;
    if let Some(others) = others(&report, bet.r#match.no) {
        output::line!(
            "It also shows the bets on {others}: they were sent together, under one signature. A bet that is sent \
            separately has its own receipt."
        )?;
    }
    if waits_on(&source, bet.player.account, bet.r#match.no).await? {
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

/// The bet that is asked for: of a player, or of whoever's home this is.
async fn bet(
    source: &Source,
    home: &Home,
    player: Option<&str>,
    code: &str,
) -> anyhow::Result<Bet> {
    let (who, whose) = if let Some(name) = player {
        (name.to_owned(), format!("of {name}"))
    } else {
        let own = home.profile()?.account.with_context(|| {
            format!(
                "{} does not say which account is yours: run its node once, or name the player with --player NAME",
                home.dir().display()
            )
        })?;
        if let Some(why) = not_joined(home, source, own).await? {
            bail!(why);
        }
        (own.to_string(), "of yours".to_owned())
    };
    let query = format!(
        "/api/v1/bets?match={}&player={}",
        escape(code),
        escape(&who)
    );
    let bets: Vec<Bet> = match source.all(&query).await {
        Ok(bets) => bets,
        Err(error) => return Err(meant::player(source, &who, error).await),
    };
    bets.into_iter().next().with_context(|| {
        format!("no block includes a bet {whose} on {code} yet: `bolao bets` shows those there are")
    })
}

/// The other matches that the same transaction bets on, by their codes.
fn others(report: &SlipReport, asked: u16) -> Option<String> {
    let placed = report.transaction.body.action.placed().into_iter();
    let others = placed.filter(|bet| bet.match_no.0 != asked).map(|bet| {
        let mut games = report.genesis.matches.iter();
        let game = games.find(|game| game.no == bet.match_no);
        game.map_or_else(|| bet.match_no.to_string(), |game| game.code.to_string())
    });
    let others: Vec<String> = others.collect();
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
