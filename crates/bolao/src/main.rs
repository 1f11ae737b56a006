//! The `bolao` command.

mod demo;

use std::process::ExitCode;

use clap::Parser;

/// A football betting pool among friends that nobody, not even its host, can cheat
#[derive(Parser, Debug)]
#[command(name = "bolao", version)]
enum Cli {
    Demo(demo::DemoArgs),
}

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    match Cli::parse() {
        Cli::Demo(args) => demo::run(args).await,
    }
}
