//! `bolao chain`: the last blocks, or one of them.

use std::collections::BTreeMap;

use bolao_api::body::moment;
use bolao_ledger::{AccountId, BlockProof, Height};
use bolao_node::Home;
use clap::Args;
use serde_json::json;

use crate::{
    output,
    signed::{appointed, organises},
    source::{self, Source, as_view, as_views, segment},
    time,
    view::{Action, Block, MatchRef, Player, Transaction},
};

/// Shows the last blocks, or one block and what it holds
#[derive(Args, Clone, Debug)]
pub(crate) struct ChainArgs {
    /// A block's hash or height
    #[arg(value_name = "HASH|HEIGHT")]
    block: Option<String>,
    /// How many of the last blocks
    #[arg(
        short = 'n',
        long,
        default_value_t = 10,
        value_name = "N",
        conflicts_with = "block"
    )]
    last: usize,
    /// Prints JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: ChainArgs, home: &Home) -> anyhow::Result<()> {
    let source = source::open(home).await?;
    let is_mined = home.genesis()?.proof() != BlockProof::Certificate;
    match &args.block {
        Some(which) => one(&source, which, args.json, is_mined).await,
        None => last(&source, args.last.max(1), args.json, is_mined).await,
    }
}

/// The heading of the column of those who made blocks.
const fn maker(is_mined: bool) -> &'static str {
    if is_mined { "Miner" } else { "Made by" }
}

/// The names of those who made blocks, where they have joined.
async fn names(source: &Source) -> anyhow::Result<BTreeMap<AccountId, String>> {
    let players: Vec<Player> = source.all("/api/v1/players").await?;
    let named = players.into_iter().map(|it| (it.account, it.name));
    Ok(named.collect())
}

async fn last(source: &Source, count: usize, json: bool, is_mined: bool) -> anyhow::Result<()> {
    let blocks = source.list("/api/v1/blocks", count).await?;
    if json {
        return output::json(&blocks);
    }
    let blocks: Vec<Block> = as_views(blocks)?;
    if let Some(tip) = blocks.first() {
        output::line!("Last block {}: {}", tip.at.height, tip.at.hash)?;
    }
    let names = names(source).await?;
    let made = maker(is_mined);
    let mut table = output::table(["Height", "Hash", "Time", "Transactions", made]);
    for block in blocks {
        table.add_row([
            block.at.height.to_string(),
            output::fitting(&block.at.hash.to_string()),
            time::exact(moment(block.at.time)),
            transactions(&block),
            miner(&block, &names, output::fitting),
        ]);
    }
    output::show(&table)
}

fn transactions(block: &Block) -> String {
    block
        .transactions
        .map_or_else(|| "?".to_owned(), |count| count.to_string())
}

fn miner(
    block: &Block,
    names: &BTreeMap<AccountId, String>,
    shown: impl Fn(&str) -> String,
) -> String {
    match &block.coinbase {
        Some(coinbase) => {
            let name = names.get(&coinbase.miner);
            name.map_or_else(|| shown(&coinbase.miner.to_string()), Clone::clone)
        }
        None if block.at.height == Height::ZERO => "genesis".to_owned(),
        None => String::new(),
    }
}

async fn one(source: &Source, which: &str, json: bool, is_mined: bool) -> anyhow::Result<()> {
    let which = segment(which, "a block's hash or height")?;
    let value = source.get(&format!("/api/v1/blocks/{which}")).await?;
    let block: Block = as_view(value.clone())?;
    // Only the main chain's transactions can be listed.
    let transactions = if block.main_chain {
        let path = format!("/api/v1/blocks/{}/transactions", block.at.hash);
        source.list(&path, usize::MAX).await?
    } else {
        Vec::new()
    };
    if json {
        return output::json(&json!({ "block": value, "transactions": transactions }));
    }
    let branch = if block.main_chain {
        ""
    } else {
        " (on an abandoned branch)"
    };
    output::line!("Block {}{branch}", block.at.height)?;
    output::line!("Hash      {}", block.at.hash)?;
    output::line!("Previous  {}", block.previous)?;
    output::line!("Time      {}", time::exact(moment(block.at.time)))?;
    if is_mined {
        output::line!("Target    {}", block.bits)?;
    }
    let names = names(source).await?;
    let miner = miner(&block, &names, str::to_owned);
    output::line!("{:<10}{miner}", maker(is_mined))?;
    if transactions.is_empty() {
        return Ok(());
    }
    let mut table = output::table(["Transaction", "Player", "What"]);
    for transaction in as_views::<Transaction>(transactions)? {
        table.add_row([
            output::fitting(&transaction.id),
            transaction.player.shown(),
            what(&transaction.action),
        ]);
    }
    output::line("")?;
    output::show(&table)
}

fn what(action: &Action) -> String {
    match action {
        Action::Join { name, .. } => format!("joins as {name}"),
        Action::Bet { tips } => {
            let tips = tips.iter().map(|tip| {
                let void = if tip.void { " (void)" } else { "" };
                format!("{} {}{void}", tip.r#match.code, tip.predicted)
            });
            format!("bets {}", output::joined(tips, ", "))
        }
        Action::Schedule { fixture } => {
            let kickoff = fixture
                .kickoff
                .map_or_else(|| "not yet".to_owned(), time::local);
            format!("schedules {}: {kickoff}", fixture.code)
        }
        Action::Seal { tips } => {
            let codes = codes(tips.iter().map(|tip| (&tip.r#match, tip.void)));
            format!("seals bets on {codes}")
        }
        Action::Open { openings } => {
            let codes = codes(openings.iter().map(|tip| (&tip.r#match, tip.void)));
            format!("opens bets on {codes}")
        }
        Action::OpenFor { player, openings } => {
            let codes = codes(openings.iter().map(|tip| (&tip.r#match, tip.void)));
            format!("opens bets of {} on {codes}", player.shown())
        }
        Action::Organiser { player, added } => format!("signs that {}", organises(player, *added)),
        Action::Day { r#match, day } => {
            format!(
                "sets the day of {}: {}",
                r#match.code,
                time::span_of(day.as_ref())
            )
        }
        Action::Result { r#match, .. } => format!("signs a result of {}", r#match.code),
        Action::Transfer { to, chips } => format!("gives {chips} chips to {}", to.shown()),
        Action::Object { r#match, text } => {
            format!("objects to the result of {}: {text}", r#match.code)
        }
        Action::Stake { chips } => format!("stakes {chips} chips as a validator"),
        Action::Unstake { chips } => format!("takes {chips} chips back from a validator's stake"),
        Action::Appoint(one) => format!("signs that {}", appointed(one)),
        Action::Evidence { number, .. } => {
            format!("proves that a validator signed two different votes, both number {number}")
        }
        Action::Address { address } => format!("signs that the page is at {address}"),
        Action::Question { question } => format!("asks {}: {}", question.code, question.text),
        Action::Offer { .. } => "offers to be a validator".to_owned(),
    }
}

fn codes<'a>(tips: impl Iterator<Item = (&'a MatchRef, bool)>) -> String {
    let codes = tips.map(|(of, void)| format!("{}{}", of.code, if void { " (void)" } else { "" }));
    output::joined(codes, ", ")
}
