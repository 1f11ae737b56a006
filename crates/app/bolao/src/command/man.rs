//! `bolao man`: the manual's pages, for packages.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;

use crate::cli;

/// Writes the manual: one page for each command
#[derive(Args, Clone, Debug)]
pub(crate) struct ManArgs {
    /// Into this directory, which must be there
    dir: PathBuf,
}

pub(crate) fn run(args: &ManArgs) -> anyhow::Result<()> {
    clap_mangen::generate_to(cli::command(), &args.dir)
        .with_context(|| format!("cannot write the manual into {}", args.dir.display()))
}
