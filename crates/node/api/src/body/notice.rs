//! What a node noticed.

use bolao_rulebook::Said;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{MatchRef, PlayerRef};

/// Something that people counted on and that is not as it was, or a block that may be dated back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NoticeBody {
    /// Later ones have higher numbers.
    pub number: u64,
    /// The time at which this node noticed, by its clock.
    pub time: Timestamp,
    /// The chain's height then.
    pub height: u64,
    /// The kind of the notice.
    pub kind: NoticeKind,
    /// The match, where it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r#match: Option<MatchRef>,
    /// The matches of the bets that no block will hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub matches: Vec<MatchRef>,
    /// The player whose bet or name it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub player: Option<PlayerRef>,
    /// The changes of an organiser's act, in sentences that can be translated, where that is what happened.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub said: Vec<Said>,
    /// In a sentence.
    pub text: String,
    /// True if it is so no more: the bet that was gone is in the chain again, or was made again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub taken_back: bool,
}

/// A kind of notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// A bet that is gone or another one.
    Bet,
    /// A record that is gone or another one.
    Result,
    /// A match that is scheduled otherwise, or not at all.
    Schedule,
    /// A name that is nobody's or another account's.
    Name,
    /// A block with bets that this node first saw after kick-off.
    LateBets,
    /// The number of further changes that are not told one by one.
    More,
    /// A block of validators whose time is far from the one at which it came.
    Dated,
    /// Bets that validators left out until it was too late.
    HeldBack,
    /// A damaged store, which was made anew from what could be read of it.
    Mended,
    /// A transaction that this node had taken and that no block will hold.
    Dropped,
    /// A bet that this node had taken and that is void in its block.
    Void,
    /// An act of an organiser that changed something else than a record.
    Signed,
    /// A link of the pool that showed another key than its own node's.
    Link,
}
