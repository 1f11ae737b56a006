//! What a player or an organiser may do.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use crate::{
    account::AccountId,
    fixture::{Fixture, MatchNo},
    name::Name,
    outcome::Outcome,
    score::Score,
    text::Text,
    ticket::Invitation,
    units::Chips,
};

/// The most tips, seals or openings that one transaction carries: a whole round.
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

/// A prediction that nobody can read yet.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
pub struct SealedTip {
    /// The match.
    pub match_no: MatchNo,
    /// [`crate::seal_commitment`] of the score; in JSON, in hexadecimal.
    #[serde(with = "hex::serde")]
    pub commitment: [u8; 32],
    /// Chips put on it.
    pub stake: Chips,
}

/// What a seal hid.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
pub struct Opening {
    /// The match.
    pub match_no: MatchNo,
    /// The score predicted.
    pub score: Score,
    /// What kept the score from being guessed; in JSON, in hexadecimal.
    #[serde(with = "hex::serde")]
    pub salt: [u8; 32],
}

/// An action, told apart by its first byte. The bytes 7 and 8 are kept for staking; a block that holds one is not
/// canonical in a pool of this version.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case")]
#[repr(u8)]
pub enum Action {
    /// Enters the pool under a name. The first transaction of every account.
    Join {
        /// Unique in the pool.
        name: Name,
        /// Where the pool wants one.
        invitation: Option<Box<Invitation>>,
    } = 0,
    /// Places or replaces tips, in a pool with open tips.
    Bet {
        /// 1 to [`MAX_TIPS`], each of another match.
        tips: Vec<Tip>,
    } = 1,
    /// Places or replaces tips, in a pool with sealed tips.
    Seal {
        /// 1 to [`MAX_TIPS`], each of another match.
        tips: Vec<SealedTip>,
    } = 2,
    /// Opens seals, from kick-off on.
    Open {
        /// 1 to [`MAX_TIPS`], each of another match.
        openings: Vec<Opening>,
    } = 3,
    /// Adds a match, or changes its teams, kick-off or stage. Organisers only.
    Schedule {
        /// The match as it is from now on.
        fixture: Fixture,
    } = 4,
    /// Signs what became of a match. Organisers only.
    Result {
        /// The match.
        match_no: MatchNo,
        /// What became of it.
        outcome: Outcome,
    } = 5,
    /// Gives chips to another player.
    Transfer {
        /// Who gets them.
        to: AccountId,
        /// How many.
        chips: Chips,
    } = 6,
    /// Objects to a record that is not final.
    Object {
        /// The match.
        match_no: MatchNo,
        /// What is wrong with the record.
        text: Text<280>,
    } = 9,
}
