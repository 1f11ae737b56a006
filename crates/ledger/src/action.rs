//! What a player or an organiser may do.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use crate::{
    fixture::{Fixture, MatchNo},
    name::Name,
    score::Score,
    units::Chips,
};

/// The most tips that one transaction carries: a whole round.
pub const MAX_TIPS: usize = 128;

/// A player's prediction of one match: 12 bytes in a block.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
pub struct Tip {
    /// The match.
    pub match_no: MatchNo,
    /// The score predicted.
    pub score: Score,
    /// Chips put on it; 0 is a tip for points alone.
    pub stake: Chips,
}

/// An action, told apart by its first byte. The bytes 2, 3 and 5 to 8 are kept for seals, openings, results,
/// transfers and stakes; a block that holds one is not canonical in a pool of this version.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case")]
#[repr(u8)]
pub enum Action {
    /// Enters the pool under a name. The first transaction of every account.
    Join {
        /// Unique in the pool.
        name: Name,
    } = 0,
    /// Places or replaces tips.
    Bet {
        /// 1 to [`MAX_TIPS`], each of another match.
        tips: Vec<Tip>,
    } = 1,
    /// Adds a match, or changes its teams, kick-off or stage. Organisers only.
    Schedule {
        /// The match as it is from now on.
        fixture: Fixture,
    } = 4,
}
