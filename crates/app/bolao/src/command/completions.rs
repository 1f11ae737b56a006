//! `bolao completions`: what shells need to complete commands and flags.

use clap::Args;
use clap_complete::{Shell, generate};

use crate::{cli, output};

/// Prints a completion script for a shell
#[derive(Args, Clone, Debug)]
pub(crate) struct CompletionsArgs {
    /// Which shell
    shell: Shell,
}

pub(crate) fn run(args: &CompletionsArgs) -> anyhow::Result<()> {
    let mut script = Vec::new();
    generate(args.shell, &mut cli::command(), "bolao", &mut script);
    output::line(String::from_utf8_lossy(&script).trim_end())
}
