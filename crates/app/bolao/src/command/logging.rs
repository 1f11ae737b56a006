//! How much of what a node does is logged, and in which form.

use clap::{Args, ValueEnum};

use crate::log;

/// The levels for a person: what is wrong. A packet that could not be sent is no matter of his, and each change of network has some.
pub(crate) const WARNINGS: &str = "warn,arc_malachitebft=error,quinn_udp=error";
/// The levels for an operator.
pub(crate) const STEPS: &str = "info,libp2p=warn,arc_malachitebft=error,quinn_udp=error";
/// The levels for a developer.
const ALL: &str = "debug";

/// The form of the log's lines
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// For people
    Text,
    /// One object per line, for programs
    Json,
}

/// The flags of the log.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct LogArgs {
    /// Logs each step, not only warnings; -vv logs everything
    #[arg(short, long, action = clap::ArgAction::Count)]
    verbose: u8,
    /// Form of the log
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    log_format: LogFormat,
}

impl LogArgs {
    /// Starts the log.
    pub(crate) fn start(self) {
        let level = match self.verbose {
            0 => WARNINGS,
            1 => STEPS,
            _ => ALL,
        };
        let format = match self.log_format {
            LogFormat::Text => log::Format::Text,
            LogFormat::Json => log::Format::Json,
        };
        log::start(level, format);
    }
}
