//! `bolao reindex`: everything that follows from blocks, made anew; of a damaged store, whatever can be found in it.

use anyhow::Context as _;
use bolao_ledger::Genesis;
use bolao_node::{Home, StartError, mend};
use bolao_store::{OpenError, Store};
use clap::Args;

use crate::{log::Progress, output};

/// Rebuilds a damaged store from what can be read in it; stop the node first
#[derive(Args, Clone, Debug)]
pub(crate) struct ReindexArgs {}

pub(crate) fn run(_: ReindexArgs, home: &Home) -> anyhow::Result<()> {
    let genesis = home.genesis()?;
    let mut store = match Store::open_for_repair(&home.chain_path()) {
        Err(error @ OpenError::InUse { .. }) => return Err(stop_first(error)),
        Err(OpenError::NotFound { .. }) => {
            return output::line("There is no chain yet, so nothing to rebuild.");
        }
        Err(error) if error.is_damage() => return recover(home, &genesis),
        opened => opened?,
    };
    let tip = store
        .reader()
        .snapshot()
        .and_then(|snapshot| snapshot.tip());
    let all = tip.map_or(0, |tip| tip.height.0);
    let mut progress = Progress::new("rebuilding");
    let rebuilt = store.reindex(|height| progress.at(height.0, all.max(height.0)));
    drop(progress);
    match rebuilt {
        Ok(height) => output::line!(
            "Rebuilt everything up to block {height}. `bolao audit` compares it with the rules."
        ),
        Err(error) => {
            output::hint!("The store cannot be rebuilt in place: {error}");
            drop(store);
            recover(home, &genesis)
        }
    }
}

fn stop_first(error: OpenError) -> anyhow::Error {
    anyhow::Error::new(error).context("stop the home's node first")
}

/// Makes a new store of what can be found in the damaged one, and says what is lost and how to get it.
fn recover(home: &Home, genesis: &Genesis) -> anyhow::Result<()> {
    let mut progress = Progress::new("salvaging");
    let salvaged = mend(home, genesis, |done, all| progress.at(done, all));
    drop(progress);
    let salvaged = match salvaged {
        Err(StartError::Open(error @ OpenError::InUse { .. })) => return Err(stop_first(error)),
        salvaged => salvaged.context("no new store can be made; the old one is unchanged")?,
    };
    output::line!(
        "The store was damaged and has been rebuilt: blocks up to {} of {} could be read; {} waiting {} kept.",
        salvaged.kept,
        salvaged.found,
        salvaged.waiting,
        if salvaged.waiting == 1 {
            "transaction is"
        } else {
            "transactions are"
        },
    )?;
    output::line!(
        "`bolao run` gets what is missing from other nodes. If no other node has it, keep {}: it is the old file.",
        home.damaged_chain_path().display()
    )
}
