//! The form of a backup: a tar file with a description first, the home's small files, and the chain's export last.
//!
//! The description names every other member with its digest, so that a backup in which a disk changed a byte, of a key say, is not
//! restored. It is written last, into the room that was left for it. It protects from accidents: who can write the file can write
//! the digests.

use std::{collections::BTreeMap, fs::File, io::Read as _, path::Path};

use bolao_ledger::{Height, PoolId, UnixSeconds};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tar::Archive;

/// The first entry.
pub(crate) const ABOUT: &str = "bolao-backup.json";
/// The room for it, in bytes: it is filled up with blanks.
pub(crate) const ABOUT_BYTES: usize = 8 << 10;
/// The last entry: the chain as `/api/v1/export` gives it.
pub(crate) const CHAIN: &str = "chain.export";
/// The version that this program writes, and the only one that it reads.
pub(crate) const FORMAT: u32 = 2;

/// The description.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct About {
    /// The version of the form.
    pub(crate) format: u32,
    /// Whether there are keys in it.
    pub(crate) keys: bool,
    /// The pool of its chain.
    pub(crate) pool: PoolId,
    /// The height of its chain.
    pub(crate) height: Height,
    /// When it was begun; older ones do not say it.
    #[serde(default)]
    pub(crate) made: Option<UnixSeconds>,
    /// The digest of each other member.
    pub(crate) digests: BTreeMap<String, MemberDigest>,
}

impl About {
    /// The description in a backup that is there; none in a file that is none.
    pub(crate) fn of(file: &Path) -> Option<Self> {
        let mut archive = Archive::new(File::open(file).ok()?);
        let entry = archive.entries().ok()?.raw(true).next()?.ok()?;
        if *entry.path_bytes() != *ABOUT.as_bytes() {
            return None;
        }
        let mut text = String::new();
        let most = u64::try_from(ABOUT_BYTES).ok()?;
        entry.take(most).read_to_string(&mut text).ok()?;
        serde_json::from_str(&text).ok()
    }
}

/// SHA-256 of a member, in hex.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct MemberDigest(String);

impl MemberDigest {
    pub(crate) fn of(bytes: &[u8]) -> Self {
        Self::from(Sha256::new_with_prefix(bytes))
    }
}

impl From<Sha256> for MemberDigest {
    fn from(hasher: Sha256) -> Self {
        Self(hex::encode(hasher.finalize()))
    }
}
