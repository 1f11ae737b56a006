//! `bolao bet`: tips, signed with the home's wallet.

use std::time::Duration;

use anyhow::bail;
use bolao_ledger::{Chips, MatchNo, Score, Tip};
use bolao_node::Home;
use clap::Args;

use crate::{
    command::submit::{submit, wait},
    games, output, parse,
    passphrase::PassphraseArgs,
    source::{self, Source},
    time,
    view::{Action, Match},
};

/// Bets on one or more matches; until kick-off a later bet replaces an earlier one
#[derive(Args, Clone, Debug)]
pub(crate) struct BetArgs {
    #[arg(
        required = true,
        num_args = 2..,
        value_names = ["MATCH", "SCORE"],
        help = "Matches and scores, such as: PtCh 2-1 NlEn 1-1"
    )]
    tips: Vec<String>,
    /// Chips on each of them
    #[arg(long, default_value_t = 0, value_name = "CHIPS")]
    stake: u64,
    /// Waits until a block holds the bet, at most so long
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "600", value_name = "SECONDS")]
    wait: Option<u64>,
    #[command(flatten)]
    passphrase: PassphraseArgs,
}

pub(crate) async fn run(args: BetArgs, home: &Home) -> anyhow::Result<()> {
    let wanted = parse::tips(&args.tips)?;
    let pool = home.genesis()?.pool_id();
    let client = source::node(home).await?;
    let source = Source::Running(client.clone());
    let matches = games::all(&source).await?;
    let games = wanted
        .iter()
        .map(|(code, score)| Ok((games::find(&matches, code)?, *score)))
        .collect::<anyhow::Result<Vec<_>>>()?;
    let tips: Vec<Tip> = games
        .iter()
        .map(|(game, score)| Tip {
            match_no: MatchNo(game.no),
            score: *score,
            stake: Chips(args.stake),
        })
        .collect();
    let key = args.passphrase.open(home)?.player();
    let id = submit(home, &client, &key, pool, |draft| draft.bet(tips.clone())).await?;
    for (game, score) in &games {
        output::line(told(game, *score))?;
    }
    match args.wait {
        None => output::line("The bet is on its way to the other nodes and waits for a block.")?,
        Some(seconds) => {
            output::line("Waiting for a block.")?;
            let placed = wait(&client, &id, Duration::from_secs(seconds)).await?;
            confirmed(&placed)?;
        }
    }
    Ok(())
}

fn told(game: &Match, score: Score) -> String {
    let closes = game.kickoff.map_or_else(
        || "betting stays open until it is scheduled".to_owned(),
        |kickoff| {
            format!(
                "betting closes {}, {}",
                time::local(kickoff),
                time::relative(kickoff)
            )
        },
    );
    let bet = format!("{} {score} {}", game.home.name, game.away.name);
    format!("{}  ({}; {closes})", output::bold(&bet), game.code)
}

fn confirmed(placed: &crate::view::Transaction) -> anyhow::Result<()> {
    if let Action::Bet { tips } = &placed.action {
        let late: Vec<&str> = tips
            .iter()
            .filter(|tip| tip.void)
            .map(|tip| tip.r#match.code.as_str())
            .collect();
        if !late.is_empty() {
            bail!(
                "the block came after kick-off: the bet on {} does not count",
                late.join(", ")
            );
        }
    }
    let height = placed.block.as_ref().map_or(0, |block| block.height);
    Ok(output::line(format_args!("Block {height} holds it."))?)
}
