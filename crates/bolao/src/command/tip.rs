//! `bolao tip`: a whole round at once, asked match by match or read from a file.

mod ask;
mod file;

use std::{
    io::{self, IsTerminal as _},
    path::PathBuf,
};

use bolao_ledger::Genesis;
use bolao_node::Home;
use bolao_wallet::WalletFile;
use clap::Args;
use jiff::Timestamp;

use crate::{
    command::wait::WaitArgs,
    exit::usage,
    output,
    passphrase::PassphraseArgs,
    source::{self, Client, Source},
    tipping::{self, Board, Own, Planned, Sending, Wanted},
};

/// Tips a whole round: asks match by match, or takes a file of tips
///
/// Without a terminal it reads a line for each open match of the round: a score such as 2-1, or nothing.
#[derive(Args, Clone, Debug)]
pub(crate) struct TipArgs {
    /// Tips as CSV, columns match,score[,stake]; - reads standard input
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// The round, such as "Matchday 1" [default: the next one that is open]
    #[arg(long, num_args = 0..=1, default_missing_value = "", value_name = "NAME", conflicts_with = "file")]
    round: Option<String>,
    /// Chips on each tip [default: what the tip has already, else the least that the rules take]
    #[arg(long, value_name = "CHIPS")]
    stake: Option<u64>,
    /// Checks everything and says what would be sent, but sends nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    wait: WaitArgs,
    /// Prints JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    passphrase: PassphraseArgs,
}

/// What is needed to read and to send.
struct Desk<'a> {
    home: &'a Home,
    genesis: Genesis,
    client: Option<Client>,
    wallet: WalletFile,
    board: Board,
}

pub(crate) async fn run(args: TipArgs, home: &Home) -> anyhow::Result<()> {
    let wanted = args
        .file
        .as_ref()
        .map(|path| from_file(&args, path))
        .transpose()?;
    let genesis = home.genesis()?;
    let source = if args.dry_run {
        Source::open(home).await?
    } else {
        Source::Running(source::node(home).await?)
    };
    let client = match &source {
        Source::Running(client) => Some(client.clone()),
        Source::Stopped(_) => None,
    };
    let wallet = args.passphrase.open(home)?;
    let mut own = Own::new(&wallet, genesis.pool_id());
    let board = Board::load(&source, &genesis, &mut own).await?;
    let desk = Desk {
        home,
        genesis,
        client,
        wallet,
        board,
    };
    match wanted {
        Some(wanted) => desk.send(&args, &wanted, false).await,
        None => desk.round(&args).await,
    }
}

fn from_file(args: &TipArgs, path: &std::path::Path) -> anyhow::Result<Vec<Wanted>> {
    let name = path.display().to_string();
    let is_number = !name.is_empty() && name.chars().all(|c| c.is_ascii_digit());
    if args.wait.is_given() && is_number && !path.exists() {
        return Err(usage(format!(
            "there is no file `{name}`: to wait at most {name} s, write `--wait={name}`"
        )));
    }
    file::read(path, args.stake)
}

impl Desk<'_> {
    async fn round(&self, args: &TipArgs) -> anyhow::Result<()> {
        let name = args
            .round
            .as_deref()
            .map(str::trim)
            .filter(|name| !name.is_empty());
        let round = ask::round(&self.board, name, Timestamp::now())?;
        let by_hand = io::stdin().is_terminal();
        let mut input = io::stdin().lock();
        let wanted = if by_hand {
            ask::by_hand(&mut input, &self.board, &round, args.stake)?
        } else {
            ask::by_lines(&mut input, &round, args.stake)?
        };
        drop(input);
        if wanted.is_empty() && !args.json {
            return Ok(output::line("No tip was changed: nothing was sent.")?);
        }
        self.send(args, &wanted, by_hand && !args.dry_run).await
    }

    async fn send(&self, args: &TipArgs, wanted: &[Wanted], asks: bool) -> anyhow::Result<()> {
        let (planned, left) = tipping::plan(&self.board, wanted, Timestamp::now())?;
        let changed: Vec<Planned<'_>> = planned;
        if asks && !ask::agreed(&mut io::stdin().lock(), &changed, left)? {
            return Ok(output::line("Nothing was sent.")?);
        }
        let key = self.wallet.player();
        let node = self.client.as_ref().map(|client| (client, &key));
        let how = Sending {
            dry_run: args.dry_run,
            wait: args.wait,
            json: args.json,
        };
        tipping::send(self.home, &self.genesis, node, (&changed, left), how).await
    }
}
