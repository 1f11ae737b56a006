//! `bolao reindex`: everything that follows from blocks, made anew.

use anyhow::{Context as _, anyhow};
use bolao_node::Home;
use bolao_store::{OpenError, ReindexError, Store, StoreError};
use clap::Args;

use crate::{log::Progress, output};

/// Rebuilds the state from the blocks, for a store that was damaged; the node must be stopped
#[derive(Args, Clone, Debug)]
pub(crate) struct ReindexArgs {}

pub(crate) fn run(_: ReindexArgs, home: &Home) -> anyhow::Result<()> {
    home.genesis()?;
    let mut store = match Store::open_for_repair(&home.chain_path()) {
        Err(error @ OpenError::InUse { .. }) => {
            return Err(anyhow::Error::new(error).context("stop the home's node first"));
        }
        Err(OpenError::NotFound { .. }) => {
            return output::line("There is no chain yet, so nothing to rebuild.");
        }
        opened => opened?,
    };
    let tip = store
        .reader()
        .snapshot()
        .and_then(|snapshot| snapshot.tip());
    let all = tip.map_or(0, |tip| tip.height.0);
    let mut progress = Progress::new("rebuilding");
    let height = store
        .reindex(|height| progress.at(height.0, all.max(height.0)))
        .map_err(|error| match error {
            // The store's own sentence would send him here again.
            ReindexError::Store(StoreError::Corrupt { table, key, reason }) => {
                anyhow!("table `{table}`, key {key}: {reason}; copy a healthy store")
            }
            error => error.into(),
        })
        .context("the store could not be rebuilt and is as it was")?;
    drop(progress);
    output::line!(
        "Rebuilt everything up to block {height}. `bolao audit` compares it with the rules."
    )
}
