//! RULES.toml: reading a pool's file. `docs/rules-example.toml` shows every key.

use std::{io::Read as _, path::Path};

use anyhow::{Context as _, bail};
use bolao_ledger::{PoolFile, PoolFileError};

use crate::{exit::usage, input};

/// The longest file that is read, in bytes.
const MAX_BYTES: u64 = 1 << 20;

/// Reads a file.
pub(crate) fn read(path: &Path) -> anyhow::Result<PoolFile> {
    let mut text = String::new();
    let got = input::open(path)
        .and_then(|file| file.take(MAX_BYTES + 1).read_to_string(&mut text))
        .with_context(|| format!("cannot read the rules from {}", path.display()))?;
    if u64::try_from(got).unwrap_or(u64::MAX) > MAX_BYTES {
        bail!(
            "{} is longer than {MAX_BYTES} bytes, which no file of rules is",
            path.display()
        );
    }
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
pub(crate) fn explained(error: PoolFileError) -> anyhow::Error {
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
        error => error.into(),
    }
}

#[cfg(test)]
mod tests;
