//! `bolao tip`: a whole round at once, asked match by match or read from a file.

mod ask;
mod file;
mod lines;

use std::{
    io::{self, IsTerminal as _},
    path::{Path, PathBuf},
};

use anyhow::bail;
use bolao_acting::Leave;
use bolao_node::Home;
use clap::Args;

use crate::{
    betting::{Bettor, Plan, Sending, Wanted},
    command::wait::WaitArgs,
    exit::usage,
    output,
    passphrase::CommonArgs,
};

/// Bets on a whole round: asks match by match, or takes a file of bets
///
/// Without a terminal it reads lines of MATCH SCORE [STAKE], such as `PtCh 2-1`. With --round it takes bare scores too,
/// if there is a line for each match of the round in the order of kick-offs, closed ones included: an empty line leaves
/// a match as it is.
#[derive(Args, Clone, Debug)]
#[allow(
    rustdoc::broken_intra_doc_links,
    reason = "brackets of the help text are no links"
)]
pub(crate) struct TipArgs {
    /// Bets as CSV, columns match,score[,stake]; - reads standard input
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// The round, such as "Matchday 1" [default: the next open one]
    #[arg(long, num_args = 0..=1, default_missing_value = "", value_name = "NAME", conflicts_with = "file")]
    round: Option<String>,
    /// Chips on each bet [default: the bet's current stake, else the rules' minimum]
    #[arg(long, value_name = "CHIPS")]
    stake: Option<u64>,
    /// Skips matches that no longer take bets, and sends the rest; being asked match by match does so anyway
    #[arg(long)]
    skip_closed: bool,
    /// Shows what would be done, and sends nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    wait: WaitArgs,
    #[command(flatten)]
    common: CommonArgs,
}

pub(crate) async fn run(args: TipArgs, home: &Home) -> anyhow::Result<()> {
    let listed = args
        .file
        .as_ref()
        .map(|path| from_file(&args, path))
        .transpose()?;
    let bettor = Bettor::open(home, &args.common.passphrase, args.dry_run).await?;
    let by_hand = listed.is_none() && io::stdin().is_terminal();
    let wanted = match listed {
        Some(wanted) => wanted,
        None => typed(&args, &bettor, by_hand).await?,
    };
    if wanted.is_empty() && !args.common.json {
        return output::line("No bet was changed, and nothing was sent.");
    }
    let how = Sending {
        dry_run: args.dry_run,
        wait: args.wait,
        json: args.common.json,
        leave: if by_hand || args.skip_closed {
            Leave::Late
        } else {
            Leave::Nothing
        },
    };
    if by_hand && !args.dry_run {
        let ask = |plan: &Plan<'_>| ask::agreed(&mut io::stdin().lock(), plan);
        bettor.place(&wanted, how, Some(&ask)).await
    } else {
        bettor.place(&wanted, how, None).await
    }
}

fn from_file(args: &TipArgs, path: &Path) -> anyhow::Result<Vec<Wanted>> {
    let name = path.display().to_string();
    let is_number = !name.is_empty() && name.chars().all(|c| c.is_ascii_digit());
    if args.wait.is_given() && is_number && !path.exists() {
        return Err(usage(format!(
            "there is no file `{name}`: to wait at most {name} s, write `--wait={name}`"
        )));
    }
    if name != "-" && !path.exists() {
        bail!("cannot read {name}: no such file; for a round: `bolao tip --round \"{name}\"`");
    }
    file::read(path, args.stake)
}

async fn typed(args: &TipArgs, bettor: &Bettor<'_>, by_hand: bool) -> anyhow::Result<Vec<Wanted>> {
    let name = args
        .round
        .as_deref()
        .map(str::trim)
        .filter(|name| !name.is_empty());
    let mut input = io::stdin().lock();
    if by_hand {
        let round = ask::round(&bettor.bets, name)?;
        let judge = async |wanted: &[Wanted]| bettor.judge(wanted).await;
        ask::by_hand(&mut input, &bettor.bets, &round, args.stake, judge).await
    } else {
        lines::read(&mut input, &bettor.bets.matches, name, args.stake)
    }
}
