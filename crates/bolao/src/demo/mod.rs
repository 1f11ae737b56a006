//! `bolao demo`: a whole pool on this machine, to look at and to bet along.

use std::process::ExitCode;

use clap::Args;

/// Shows a pool at work on this machine: nodes, friends who bet, blocks, a node that fails and comes back
#[derive(Args, Clone, Debug)]
pub(crate) struct DemoArgs {
    /// HTTP port of the first node; the others take free ones
    #[arg(short, long, default_value_t = 9000)]
    pub(crate) port: u16,
    /// Prints plain lines, needs no terminal and ends by itself within two minutes
    #[arg(long)]
    pub(crate) headless: bool,
    /// Opens the first node's page in the browser
    #[arg(long, overrides_with = "no_open")]
    pub(crate) open: bool,
    /// Leaves the browser alone, as it is the default without a screen
    #[arg(long)]
    pub(crate) no_open: bool,
}

/// Runs the demo to its end; failure unless all nodes agree and the audit is clean.
pub(crate) async fn run(args: DemoArgs) -> anyhow::Result<ExitCode> {
    anyhow::bail!("`bolao demo --port {}` is not there yet", args.port)
}
