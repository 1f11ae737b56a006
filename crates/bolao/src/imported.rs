//! The file of matches that the command line names.

use std::path::Path;

use anyhow::Context as _;
pub(crate) use bolao_fixtures::pool::{days, matches as fixtures, rounds};
use bolao_fixtures::{Competition, ImportOptions, MAX_FILE_BYTES, import};
use jiff::tz::TimeZone;

use crate::input;

/// The matches of a file, which is read as far as the importer reads files.
pub(crate) fn read(path: &Path, zone: Option<TimeZone>) -> anyhow::Result<Competition> {
    let text = input::text(path, MAX_FILE_BYTES, "a file of fixtures")?;
    import(
        &text,
        &ImportOptions {
            zone,
            ..ImportOptions::default()
        },
    )
    .with_context(|| format!("cannot use {}", path.display()))
}
