//! Live scores, which no block holds.

use bolao_ledger::{AccountId, Signature};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::MatchRef;

/// Something that an organiser tells this node, and no block keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WordBody {
    /// The organiser.
    #[serde(serialize_with = "AccountId::plain")]
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub account: AccountId,
    /// When it was signed, in seconds since 1970: five minutes ago at most, and not before the last word of this account.
    pub at: u64,
    /// `live CODE 1-0 63` (a score, and the minute if it is known), `live CODE -` (no live score any more), `sources on CODE` (the
    /// code of a competition, or none), `sources off`.
    #[cfg_attr(feature = "schema", schema(max_length = 200))]
    pub text: String,
    /// The organiser's, over `"bolao/word/1"`, the pool's id, `at` (8 bytes, little-endian) and `text` after its length (4 bytes,
    /// little-endian): in hexadecimal.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub signature: Signature,
}

/// The scores of matches that are played now. They are in no block, and count for nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct LivesBody {
    /// Each match.
    pub items: Vec<LiveBody>,
}

/// The score of a match that is played now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct LiveBody {
    /// The match.
    pub r#match: MatchRef,
    /// The home team's goals.
    pub home: u8,
    /// The away team's.
    pub away: u8,
    /// The minute, where it is known.
    pub minute: Option<u8>,
    /// When it was heard.
    pub at: Timestamp,
    /// The source, or the organiser's name.
    pub from: String,
    /// The organiser's signed word; `null` where a source told it, whose word nobody can check.
    pub word: Option<WordBody>,
}
