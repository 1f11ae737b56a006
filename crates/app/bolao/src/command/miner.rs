//! `bolao miner`: a miner as a program of its own.

use std::{num::NonZeroU64, path::Path};

use anyhow::anyhow;
use bolao_miner::Priority;
use clap::{Args, ValueEnum};

use crate::{
    choice,
    command::{
        cores::CoreArgs,
        logging::{STEPS, WARNINGS},
    },
    exit::usage,
    home, link, log,
    miner::{self, Plan},
    passphrase::PassphraseArgs,
    source::{self, Client},
};

/// When to look for blocks
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum When {
    /// When transactions are waiting, and to close kick-offs
    Pending,
    /// Always: empty blocks too, which may make the next ones harder for everyone
    Always,
}

/// How the mining threads share the cores
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Yields {
    /// They give way to other programs
    Low,
    /// They share the cores evenly with other programs
    Normal,
}

/// Mines for any node, from any machine
#[derive(Args, Clone, Debug)]
#[command(
    after_help = "Mined blocks belong to --account, or else to the account of your home's wallet."
)]
pub(crate) struct MinerArgs {
    #[arg(
        long,
        value_name = "URL",
        help = "The node, such as http://192.168.1.5:9000 [default: your home's running node]"
    )]
    node: Option<String>,
    /// Whose blocks: an account or a player's name [default: your wallet's]
    #[arg(long, value_name = "NAME_OR_ACCOUNT")]
    account: Option<String>,
    /// When to look for blocks
    #[arg(long, value_enum, default_value = "pending", value_name = "WHEN")]
    when: When,
    /// Stops after the node has accepted this many blocks
    #[arg(long, value_name = "N")]
    blocks: Option<NonZeroU64>,
    /// Shows how fast each kernel is on this machine, and which one is chosen
    #[arg(long, conflicts_with_all = ["node", "account", "blocks", "when", "priority"])]
    list: bool,
    /// Prints JSON, a line for each event
    #[arg(long)]
    pub(crate) json: bool,
    /// How the mining threads share the cores with other programs
    #[arg(long, value_enum, default_value = "low", value_name = "PRIORITY")]
    priority: Yields,
    #[command(flatten)]
    cores: CoreArgs,
    #[command(flatten)]
    passphrase: PassphraseArgs,
}

impl MinerArgs {
    /// Starts its log if it mines: a list has none of its own.
    pub(crate) fn start_log(&self) -> bool {
        if !self.list {
            let level = if self.json { WARNINGS } else { STEPS };
            log::start(level, log::Format::Text);
        }
        !self.list
    }
}

pub(crate) async fn run(args: MinerArgs, chosen: Option<&Path>) -> anyhow::Result<()> {
    if args.list {
        return args.cores.list(args.json);
    }
    let mut options = args.cores.options()?;
    options.priority = match args.priority {
        Yields::Low => Priority::Low,
        Yields::Normal => Priority::Normal,
    };
    let client = if let Some(url) = &args.node {
        let client = link::node(url).and_then(|url| Client::new(&url));
        client.map_err(|error| usage(format!("--node: {error}")))?
    } else {
        let flags = match args.account {
            Some(_) => "--node URL",
            None => "--node URL and --account NAME_OR_ACCOUNT",
        };
        let node = source::node(&there(chosen, flags)?).await;
        node.map_err(|error| anyhow!("{error}; or give another machine's with --node URL"))?
    };
    let account = if let Some(account) = args.account {
        account
    } else {
        let home = there(chosen, "--account NAME_OR_ACCOUNT")?;
        args.passphrase.open(&home)?.player().account().to_string()
    };
    let plan = Plan {
        client,
        account,
        options,
        when: match args.when {
            When::Pending => bolao_work::When::Wanted,
            When::Always => bolao_work::When::Always,
        },
        blocks: args.blocks,
        json: args.json,
    };
    Box::pin(miner::run(plan)).await
}

fn there(chosen: Option<&Path>, flag: &str) -> anyhow::Result<bolao_node::Home> {
    let dir = home::default(chosen)?;
    if !dir.is_dir() {
        return Err(usage(format!(
            "there is no home in {}: give {flag}, or the home with --home",
            dir.display()
        )));
    }
    choice::existing(&dir)
}
