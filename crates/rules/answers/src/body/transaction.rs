//! Transactions and what they do.

use bolao_ledger::{Outcome, Prediction};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    AskedBody, DatedBlock, DayBody, FixtureBody, MatchRef, PlaceState, PlayerRef, ValidatorBody,
};

/// A transaction, waiting or in a block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TransactionBody {
    /// Its id.
    #[cfg_attr(feature = "schema", schema(pattern = "^[0-9a-f]{64}$"))]
    pub id: String,
    /// The player who signed it.
    pub player: PlayerRef,
    /// The number of transactions that the account had signed before.
    pub nonce: u64,
    /// The action of the transaction.
    pub action: ActionBody,
    /// 64 bytes in hexadecimal.
    pub signature: String,
    /// The canonical encoding in hexadecimal, for whoever checks the signature.
    pub raw: String,
    /// The block that holds it; `null` while it waits.
    pub block: Option<BlockRef>,
    /// The certainty that it stays in the chain.
    #[serde(default)]
    pub state: PlaceState,
}

/// The block that a transaction is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct BlockRef {
    /// The block.
    #[serde(flatten)]
    pub at: DatedBlock,
    /// Its place among the block's transactions.
    pub index: u32,
}

/// The action of a transaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ActionBody {
    /// Enters the pool.
    Join {
        /// The name as written.
        name: String,
        /// The ticket, in a pool by invitation.
        #[serde(skip_serializing_if = "Option::is_none")]
        invitation: Option<InvitationBody>,
    },
    /// Places or replaces bets.
    Bet {
        /// Each of another match.
        tips: Vec<TipBody>,
    },
    /// Places or replaces bets that nobody can read yet.
    Seal {
        /// Each of another match.
        tips: Vec<SealBody>,
    },
    /// Opens sealed bets.
    Open {
        /// Each of another match.
        openings: Vec<OpeningBody>,
    },
    /// Signs what is asked.
    Question {
        /// The question as it is once enough organisers have signed.
        question: AskedBody,
    },
    /// Signs how a match is scheduled.
    Schedule {
        /// The match as it is once enough organisers have signed.
        fixture: FixtureBody,
    },
    /// Signs what became of a match.
    Result {
        /// The match that it is about.
        r#match: MatchRef,
        /// The outcome of the match.
        outcome: Outcome,
    },
    /// Gives chips to another player.
    Transfer {
        /// The player who gets them.
        to: PlayerRef,
        /// The number of chips.
        chips: u64,
    },
    /// Objects to a record.
    Object {
        /// The match.
        r#match: MatchRef,
        /// The objection, in the player's words.
        text: String,
    },
    /// Locks chips as the weight of one's vote on blocks.
    Stake {
        /// The number of further chips.
        chips: u64,
    },
    /// Frees such chips after the time that the rules name.
    Unstake {
        /// The number of chips.
        chips: u64,
    },
    /// Signs that somebody is to vote on blocks.
    Appoint(ValidatorBody),
    /// Proves that a validator signed two votes of which an honest one signs only one.
    Evidence {
        /// The key that signed both.
        key: String,
        /// The number of the vote.
        number: u64,
    },
    /// Signs that somebody is to be an organiser, or no more.
    Organiser {
        /// The player's account and name.
        player: PlayerRef,
        /// True to add the player, false to remove.
        added: bool,
    },
    /// Opens sealed bets of another player.
    OpenFor {
        /// The player's account and name.
        player: PlayerRef,
        /// Each of another match.
        openings: Vec<OpeningBody>,
    },
    /// Signs on which day a match is whose time is not known.
    Day {
        /// The match that it is about.
        r#match: MatchRef,
        /// Its day; `null` if that is not known either.
        day: Option<DayBody>,
    },
    /// Signs the address of the pool's page.
    Address {
        /// The address, at which every browser finds it.
        address: String,
    },
    /// Offers to vote on blocks with a key.
    Offer {
        /// An ed25519 public key, in hexadecimal.
        key: String,
    },
}

/// A ticket, signed for use by one account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct InvitationBody {
    /// The ticket's public key, written as an account.
    pub ticket: String,
    /// The number of accounts that may join with it.
    pub uses: u32,
    /// Until when.
    pub expires: Timestamp,
    /// The player who signed it.
    pub organiser: PlayerRef,
}

/// A prediction of one match.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TipBody {
    /// On what.
    pub r#match: MatchRef,
    /// The prediction.
    #[serde(flatten)]
    pub predicted: Prediction,
    /// Chips put on it.
    pub stake: u64,
    /// True if it is void: it came too late, or the chips did not reach for it, and changed nothing.
    pub void: bool,
}

/// A sealed prediction of one match.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SealBody {
    /// On what.
    pub r#match: MatchRef,
    /// The hash that hides the score, in hexadecimal.
    pub commitment: String,
    /// Chips put on it.
    pub stake: u64,
    /// True if it is void: it came too late, or the chips did not reach for it, and changed nothing.
    pub void: bool,
}

/// An opening: the score that a seal hid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct OpeningBody {
    /// On what.
    pub r#match: MatchRef,
    /// The prediction.
    #[serde(flatten)]
    pub predicted: Prediction,
    /// The salt that kept the score from being guessed, in hexadecimal.
    pub salt: String,
    /// True if it is void: it came too late, or the bet was open already, and changed nothing.
    pub void: bool,
}
