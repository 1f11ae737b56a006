//! What a home keeps of browsers that are told of news.

use super::{Home, HomeError};
use crate::push::Kept;

/// The file of the key by which push services know this node. Browsers subscribe with it: without it they subscribe anew.
pub(super) const KEY: &str = "push.key";
/// The file of the browsers, and of what they were told.
pub(super) const SUBSCRIBERS: &str = "push.json";

impl Home {
    /// Made on first use.
    pub(crate) fn push_key(&self) -> Result<[u8; 32], HomeError> {
        self.key(KEY)
    }

    /// The browsers that are told. A file that cannot be read as such is none: who opens the page subscribes again.
    pub(crate) fn subscribers(&self) -> Result<Kept, HomeError> {
        match self.read_json(SUBSCRIBERS) {
            Err(error @ (HomeError::Damaged { .. } | HomeError::TooLong { .. })) => {
                tracing::warn!(%error, "browsers that were told of news are forgotten");
                Ok(Kept::default())
            }
            other => Ok(other?.unwrap_or_default()),
        }
    }

    pub(crate) fn set_subscribers(&self, kept: &Kept) -> Result<(), HomeError> {
        self.write_json(SUBSCRIBERS, kept, 0o600)
    }
}
