//! What a message tells of, and what it is made of.

use std::collections::BTreeMap;

use bolao_ledger::{Genesis, UnixSeconds};
use bolao_rulebook::chat::Chat;
use bolao_store::Snapshot;
use serde::{Deserialize, Serialize};

use super::message::ChatMessage;

/// Messages that are due, by what each tells of.
pub(super) type DueMessages = BTreeMap<ToldOf, ChatMessage>;

/// The thing that a message tells of, once.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum ToldOf {
    /// An end of betting.
    Closes(UnixSeconds),
    /// A round that is over.
    Over { round: String, until: UnixSeconds },
}

impl ToldOf {
    /// The time after which it is never due again.
    pub(super) const fn ends(&self) -> UnixSeconds {
        match self {
            Self::Closes(at) | Self::Over { until: at, .. } => *at,
        }
    }
}

/// The things that a message is made of.
pub(super) struct Telling<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) genesis: &'a Genesis,
    pub(super) now: UnixSeconds,
    /// The time before betting ends in which it is told, in seconds.
    pub(super) before_s: u64,
    /// The place's language, zone and form.
    pub(super) chat: &'a Chat,
    /// The page's address.
    pub(super) page: Option<&'a str>,
}
