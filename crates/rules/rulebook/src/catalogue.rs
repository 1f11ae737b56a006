//! The catalogue of findings: `findings.json`.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::{Deserialize, Serialize};

/// The gravity of a finding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// All is well.
    Good,
    /// It works, though less well than it could.
    Warning,
    /// Somebody has to do something, or has lost something.
    Bad,
    /// It cannot be known from here.
    #[default]
    Unknown,
}

/// An entry of the catalogue.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Entry {
    pub(crate) level: Level,
    pub(crate) subject: String,
    pub(crate) says: String,
}

pub(crate) static CATALOGUE: LazyLock<BTreeMap<String, Entry>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../findings.json")).expect("a test reads the catalogue")
});
