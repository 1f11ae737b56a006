//! The file of matches that the command line names.

use std::{io::Read as _, path::Path};

use anyhow::Context as _;
pub(crate) use bolao_fixtures::pool::{matches as fixtures, rounds};
use bolao_fixtures::{Competition, ImportOptions, MAX_FILE_BYTES, import};
use jiff::tz::TimeZone;

use crate::input;

/// The matches of a file, which is read as far as the importer reads files.
pub(crate) fn read(path: &Path, zone: Option<TimeZone>) -> anyhow::Result<Competition> {
    let most = u64::try_from(MAX_FILE_BYTES).unwrap_or(u64::MAX);
    let mut text = String::new();
    input::open(path)
        .and_then(|file| file.take(most.saturating_add(1)).read_to_string(&mut text))
        .with_context(|| format!("cannot read the fixtures from {}", path.display()))?;
    import(&text, &ImportOptions { zone }).with_context(|| format!("cannot use {}", path.display()))
}
