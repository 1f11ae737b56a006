//! What organisers do.

use bolao_ledger::{Action, Effect};
use bolao_rulebook::Said;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    MatchRef, PlayerRef,
    named::{Named, shown},
};

/// Something that an organiser did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ActBody {
    /// From 0.
    pub seq: u64,
    /// The player's account and name.
    pub organiser: PlayerRef,
    /// The match or question that it is about, if it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<MatchRef>,
    /// The action that was signed.
    #[serde(flatten)]
    #[cfg_attr(feature = "schema", schema(value_type = Action))]
    pub action: Named<Action>,
    /// All who had signed it alike by then.
    pub signers: Vec<PlayerRef>,
    /// The change that it made, as enough organisers had signed alike with it; `null` while it waits for others.
    #[serde(with = "shown")]
    pub effect: Option<Effect>,
    /// The change in sentences for every player; none where it waits, changed nothing or made a record.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub said: Vec<Said>,
    /// True if it came with less notice than the pool's rules ask for.
    pub short: bool,
    /// The transaction that holds the signature.
    #[cfg_attr(feature = "schema", schema(pattern = "^[0-9a-f]{64}$"))]
    pub transaction: String,
    /// The block that holds it.
    pub height: u64,
    /// The pool's time then.
    pub time: Timestamp,
}
