//! RULES.toml: reading a pool's file. `docs/rules-example.toml` shows every key.

use std::path::Path;

use anyhow::Context as _;
use bolao_ledger::{PoolFile, PoolFileError};

use crate::{exit::usage, input};

/// The longest file that is read, in bytes.
const MAX_BYTES: usize = 1 << 20;

/// Reads a file.
pub(crate) fn read(path: &Path) -> anyhow::Result<PoolFile> {
    let text = input::text(path, MAX_BYTES, "a file of rules")?;
    parse(&text).with_context(|| format!("cannot use the rules in {}", path.display()))
}

fn parse(text: &str) -> anyhow::Result<PoolFile> {
    toml::from_str(text).map_err(|error| {
        let line = error
            .span()
            .and_then(|span| text.get(..span.start))
            .map_or(1, |before| before.matches('\n').count() + 1);
        // The library's own text draws the line, over several lines.
        anyhow::anyhow!("line {line}: {}", error.message().replace('\n', " "))
    })
}

/// The file's error, and what to do about it on the command line.
pub(crate) fn explained(error: anyhow::Error) -> anyhow::Error {
    let error = match error.downcast() {
        Ok(error) => error,
        Err(other) => return other,
    };
    match error {
        PoolFileError::Quorum {
            what,
            got,
            organisers,
        } => {
            let there = match organisers {
                1 => "you are the only organiser".to_owned(),
                more => format!("there are {more} organisers, you among them"),
            };
            usage(format!(
                "{what}: got {got}, but {there}: name the others with --organiser ACCOUNT, which `bolao wallet account` shows them"
            ))
        }
        PoolFileError::NobodyMines
        | PoolFileError::NoValidators { .. }
        | PoolFileError::OtherConsensus { .. }
        | PoolFileError::Consensus { .. } => usage(error.to_string()),
        error => error.into(),
    }
}

#[cfg(test)]
mod tests;
