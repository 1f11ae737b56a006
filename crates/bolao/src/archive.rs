//! The form of a backup: a tar file with a description first, the home's small files, and the chain's export last.

use serde::{Deserialize, Serialize};

/// The first entry.
pub(crate) const ABOUT: &str = "bolao-backup.json";
/// The last entry: the chain as `/api/v1/export` gives it.
pub(crate) const CHAIN: &str = "chain.export";
/// The version that this program writes, and the newest that it reads.
pub(crate) const FORMAT: u32 = 1;

/// The description.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct About {
    /// The version of the form.
    pub(crate) format: u32,
    /// Whether there are keys in it.
    pub(crate) keys: bool,
}
