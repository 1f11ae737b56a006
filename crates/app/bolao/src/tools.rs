//! The tools of `extras/`: a program may be built without each of them.

use std::{path::Path, process::ExitCode};

#[cfg(feature = "demo")]
use bolao_demo::DemoArgs;
#[cfg(feature = "laboratory")]
use bolao_laboratory::SimulateArgs;
use clap::Subcommand;

#[cfg(feature = "miner")]
use crate::command::miner::{self, MinerArgs};
#[cfg(feature = "relay")]
use crate::command::relay::{self, RelayArgs};

#[derive(Subcommand, Debug)]
pub(crate) enum Tool {
    #[cfg(feature = "demo")]
    Demo(DemoArgs),
    #[cfg(feature = "laboratory")]
    Simulate(SimulateArgs),
    #[cfg(feature = "miner")]
    Miner(MinerArgs),
    #[cfg(feature = "relay")]
    Relay(RelayArgs),
}

impl Tool {
    /// Starts its log, if it has one of its own; gives whether it has.
    pub(crate) fn start_log(&self) -> bool {
        match *self {
            #[cfg(feature = "demo")]
            Self::Demo(_) => false,
            #[cfg(feature = "laboratory")]
            Self::Simulate(_) => {
                // What simulated nodes log is part of what is measured.
                crate::log::start("off", crate::log::Format::Text);
                true
            }
            #[cfg(feature = "miner")]
            Self::Miner(ref args) => args.start_log(),
            #[cfg(feature = "relay")]
            Self::Relay(ref args) => {
                args.log().start();
                true
            }
        }
    }

    /// Does what was asked, in the home that was chosen.
    #[allow(clippy::unused_async, reason = "of a program without tools")]
    pub(crate) async fn run(self, chosen: Option<&Path>) -> anyhow::Result<ExitCode> {
        let _ = chosen;
        match self {
            #[cfg(feature = "demo")]
            Self::Demo(args) => bolao_demo::run(args).await,
            #[cfg(feature = "laboratory")]
            Self::Simulate(args) => bolao_laboratory::run(args).await,
            #[cfg(feature = "miner")]
            Self::Miner(args) => miner::run(args, chosen).await.map(|()| ExitCode::SUCCESS),
            #[cfg(feature = "relay")]
            Self::Relay(args) => {
                let home = crate::home::default(chosen)?;
                relay::run(args, &home).await.map(|()| ExitCode::SUCCESS)
            }
        }
    }
}
