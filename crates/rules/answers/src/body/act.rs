//! What organisers do.

use bolao_rulebook::Said;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{EffectBody, MatchRef, PlayerRef, SignedBody};

/// Something that an organiser did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ActBody {
    /// From 0.
    pub seq: u64,
    /// The player's account and name.
    pub organiser: PlayerRef,
    /// On which match, if on one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r#match: Option<MatchRef>,
    /// The statement that was signed.
    #[serde(flatten)]
    pub signed: SignedBody,
    /// All who had signed it alike by then.
    pub signers: Vec<PlayerRef>,
    /// The change that it made, as enough organisers had signed alike with it; `null` while it waits for others.
    pub effect: Option<EffectBody>,
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
