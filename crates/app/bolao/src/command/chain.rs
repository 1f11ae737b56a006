//! `bolao chain`: the last blocks, or one of them.

use std::collections::BTreeMap;

use bolao_api::body::moment;
use bolao_ledger::{AccountId, BlockProof, Height, MatchNo, actions};
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
    let named = players
        .into_iter()
        .map(|it| (it.account, it.entry.name.to_string()));
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
            what(&transaction),
        ]);
    }
    output::line("")?;
    output::show(&table)
}

fn what(transaction: &Transaction) -> String {
    let action = &transaction.action;
    let code = |no: MatchNo| action.item(no).code;
    let codes = || {
        let codes = action.matches().into_iter().map(|no| {
            let of = action.item(no);
            let void = void(transaction, &of);
            format!("{}{void}", of.code)
        });
        output::joined(codes, ", ")
    };
    match &**action {
        Action::Join(actions::Join { name, .. }) => format!("joins as {name}"),
        Action::Bet(actions::Bet { bets }) => {
            let tips = bets.iter().map(|bet| {
                let of = action.item(bet.match_no);
                format!("{} {}{}", of.code, bet.prediction, void(transaction, &of))
            });
            format!("bets {}", output::joined(tips, ", "))
        }
        Action::Schedule(actions::Schedule { fixture }) => {
            let kickoff = fixture.kickoff.map(|at| time::local(moment(at)));
            let kickoff = kickoff.unwrap_or_else(|| "not yet".to_owned());
            format!("schedules {}: {kickoff}", fixture.code)
        }
        Action::Seal(_) => format!("seals bets on {}", codes()),
        Action::Open(_) => format!("opens bets on {}", codes()),
        Action::OpenFor(actions::OpenFor { player, .. }) => {
            format!(
                "opens bets of {} on {}",
                action.player(player).shown(),
                codes()
            )
        }
        Action::Organiser(actions::Organiser { account, added }) => {
            format!("signs that {}", organises(&action.player(account), *added))
        }
        Action::Day(actions::Day { match_no, day }) => {
            let day = time::span_of(day.as_ref());
            format!("sets the day of {}: {day}", code(*match_no))
        }
        Action::Result(actions::Result { match_no, .. }) => {
            format!("signs a result of {}", code(*match_no))
        }
        Action::Transfer(actions::Transfer { to, chips }) => {
            format!("gives {chips} chips to {}", action.player(to).shown())
        }
        Action::Object(actions::Object { match_no, text }) => {
            format!("objects to the result of {}: {text}", code(*match_no))
        }
        Action::Stake(actions::Stake { chips }) => format!("stakes {chips} chips as a validator"),
        Action::Unstake(actions::Unstake { chips }) => {
            format!("takes {chips} chips back from a validator's stake")
        }
        Action::Appoint(actions::Appoint { validator }) => {
            let player = action.player(&validator.account);
            format!("signs that {}", appointed(&player, validator.weight))
        }
        Action::Evidence(actions::Evidence { proof }) => {
            let number = proof.first.0.height;
            format!("proves that a validator signed two different votes, both number {number}")
        }
        Action::Address(actions::Address { address }) => {
            format!("signs that the page is at {address}")
        }
        Action::Question(actions::Question { question }) => {
            format!("asks {}: {}", question.code, question.text)
        }
        Action::Offer(_) => "offers to be a validator".to_owned(),
    }
}

/// The mark of a bet that changed nothing.
fn void(transaction: &Transaction, of: &MatchRef) -> &'static str {
    if transaction.void.contains(of) {
        " (void)"
    } else {
        ""
    }
}
