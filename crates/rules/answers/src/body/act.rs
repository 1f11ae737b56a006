//! What organisers do.

use bolao_ledger::Outcome;
use bolao_rulebook::Said;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{DayBody, FixtureBody, MatchRef, PlayerRef, ValidatorBody};

/// A statement of an organiser: what was signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum SignedBody {
    /// The schedule of a match.
    Schedule {
        /// The match as it was to be.
        fixture: FixtureBody,
    },
    /// The outcome of a match.
    Result {
        /// The outcome of the match.
        outcome: Outcome,
    },
    /// The validator who is to vote on blocks.
    Appoint(ValidatorBody),
    /// The player who is to be an organiser, or no more.
    Organiser {
        /// The player's account and name.
        player: PlayerRef,
        /// True to add the player, false to remove.
        added: bool,
    },
    /// On which day a match is whose time is not known.
    Day {
        /// Its day; `null` if that is not known either.
        day: Option<DayBody>,
    },
    /// The address of the pool's page.
    Address {
        /// The address, at which every browser finds it.
        address: String,
    },
}

/// The change that the signatures on an act have made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum EffectBody {
    /// A match, or its record.
    Match {
        /// The match as it was; `null` if it is new.
        before: Option<Box<TermsBody>>,
        /// The match as it was then.
        after: Box<TermsBody>,
    },
    /// The weight of a validator.
    Weight {
        /// The weight before; 0 if the player was no validator.
        before: u64,
        /// The first block of this time or later changes it.
        effective: Timestamp,
    },
    /// The organisers.
    Organiser,
    /// The address of the pool's page.
    Address {
        /// The one before; `null` if there was none.
        before: Option<String>,
    },
}

/// The terms of a match by which people bet on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TermsBody {
    /// The fixture.
    #[serde(flatten)]
    pub fixture: FixtureBody,
    /// The day, where the kick-off is not known and the day is.
    pub day: Option<DayBody>,
    /// The time at which betting ends.
    pub deadline: Option<Timestamp>,
    /// True if it takes no bets, since its end of betting came too late or is not known.
    pub lacks_notice: bool,
    /// The number of players who had a bet on it.
    pub bets: u32,
}

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
