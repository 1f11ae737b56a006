//! `bolao chain`: the last blocks, or one of them.

use std::collections::BTreeMap;

use bolao_api::body::moment;
use bolao_ledger::{AccountId, BlockProof, Height};
use bolao_node::Home;
use clap::Args;
use serde_json::json;

use crate::{
    moves, output,
    source::{self, Source, as_view, as_views, segment},
    time,
    view::{Block, Player, Transaction},
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
    let mut table = output::table(["Transaction", "What"]);
    for transaction in as_views::<Transaction>(transactions)? {
        table.add_row([output::fitting(&transaction.id), what(&transaction)]);
    }
    output::line("")?;
    output::show(&table)
}

fn what(transaction: &Transaction) -> String {
    let says = moves::says(transaction);
    let mut void: Vec<&str> = transaction.void.iter().map(|it| it.code.as_str()).collect();
    let of = transaction.action.matches().len();
    let count = void.len();
    if count == 0 {
        return says;
    }
    void.dedup();
    let codes = void.join(", ");
    format!("{says} Void, and changes nothing: {count} of {of} ({codes}).")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use bolao_api::{
        Named,
        body::{MatchRef, PlaceState, PlayerRef},
    };
    use bolao_ledger::{ItemKind, encode};
    use serde_json::Value;

    use super::*;

    /// The transactions of the vectors, signed by Ana.
    fn transactions() -> BTreeMap<String, Transaction> {
        let vectors = include_str!("../../../../rules/ledger/vectors/actions.json");
        let vectors: BTreeMap<String, Value> = serde_json::from_str(vectors).unwrap();
        let each = vectors.into_iter().map(|(name, vector)| {
            let signed: bolao_ledger::Transaction =
                serde_json::from_value(vector["transaction"].clone()).unwrap();
            let account = signed.body.account;
            let player = PlayerRef {
                account,
                name: Some("Ana".to_owned()),
            };
            let says = signed.body.action.says(&account);
            let transaction = Transaction {
                id: signed.id().to_string(),
                raw: hex::encode(encode(&signed)),
                nonce: signed.body.nonce.0,
                action: signed.body.action.into(),
                says: Named::new(says, [player.clone()], []),
                player,
                void: Vec::new(),
                signature: signed.signature.to_string(),
                block: None,
                state: PlaceState::default(),
            };
            (name, transaction)
        });
        each.collect()
    }

    #[test]
    fn every_action_is_said_in_a_line() {
        let lines: Vec<String> = transactions().values().map(what).collect();
        insta::assert_snapshot!(lines.join("\n"));
    }

    #[test]
    fn what_is_void_is_said_behind_it() {
        let mut seal = transactions().remove("seal").unwrap();
        seal.void = vec![MatchRef {
            no: 2,
            code: "NlEn".to_owned(),
            kind: ItemKind::Match,
        }];
        let says = "Ana seals bets on 2. Void, and changes nothing: 1 of 1 (NlEn).";
        assert_eq!(what(&seal), says);
    }
}
