//! What a home keeps of browsers that are told of news.

use super::{Home, HomeError};
use crate::push::Kept;

/// The file of the key by which push services know this node. Browsers subscribe with it: without it they subscribe anew.
pub(super) const PUSH_KEY: &str = "push.key";
/// The file of the browsers, and of what they were told.
pub(super) const SUBSCRIBERS: &str = "push.json";

impl Home {
    /// Made on first use.
    pub(crate) fn push_key(&self) -> Result<[u8; 32], HomeError> {
        self.key(PUSH_KEY)
    }

    /// The browsers that are told.
    pub(crate) fn subscribers(&self) -> Result<Kept, HomeError> {
        Ok(self.read_json(SUBSCRIBERS)?.unwrap_or_default())
    }

    pub(crate) fn set_subscribers(&self, kept: &Kept) -> Result<(), HomeError> {
        self.write_json(SUBSCRIBERS, kept, 0o600)
    }
}
