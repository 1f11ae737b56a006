#![doc = include_str!("../README.md")]

mod actor;
mod after;
mod alike;
mod archive;
mod betting;
mod choice;
mod cli;
mod command;
mod exit;
mod games;
mod home;
mod hosting;
mod imported;
mod input;
mod joining;
mod making;
mod meant;
#[cfg(feature = "miner")]
mod miner;
mod moves;
mod opens;
mod output;
mod parse;
mod passphrase;
mod record;
mod rulesfile;
mod service;
mod session;
mod signed;
mod source;
mod start;
mod time;
mod tools;
mod version;
mod view;
mod votes;
mod whole;

use std::{process::ExitCode, time::Duration};

use bolao_client::link;
use bolao_terminal::{log, qr};

/// musl's own allocator serves one thread at a time.
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The most time that tasks still at work may hold the end up.
const LINGER: Duration = Duration::from_millis(500);

fn main() -> ExitCode {
    exit::tell_panics_briefly();
    let cli = match cli::parse() {
        Ok(cli) => cli,
        Err(error) => return exit::report(&error),
    };
    bolao_discovery::allow_more_files();
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return exit::report(&anyhow::Error::new(error).context("cannot start")),
    };
    // A damaged store can make a library panic: the hook prints it, and the status is that of a failure.
    let run = std::panic::AssertUnwindSafe(|| runtime.block_on(cli.run()));
    let Ok(result) = std::panic::catch_unwind(run) else {
        return ExitCode::FAILURE;
    };
    runtime.shutdown_timeout(LINGER);
    match result {
        Ok(code) => code,
        Err(error) => exit::report(&error),
    }
}
