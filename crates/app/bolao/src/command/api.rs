//! `bolao api`: any answer of the API, as it is.

use std::io;

use bolao_node::Home;
use clap::Args;

use crate::{output, source};

/// Prints what the API answers at a path, for what has no command of its own
#[derive(Args, Clone, Debug)]
pub(crate) struct ApiArgs {
    /// The path with its query, such as validators or /api/v1/bets?player=ana; a running node lists all at /api/docs
    path: String,
}

pub(crate) async fn run(args: ApiArgs, home: &Home) -> anyhow::Result<()> {
    let source = source::open(home).await?;
    let path = if args.path.starts_with('/') {
        args.path
    } else {
        format!("/api/v1/{}", args.path)
    };
    source.copy(&path, &mut io::stdout().lock()).await?;
    output::line("")
}
