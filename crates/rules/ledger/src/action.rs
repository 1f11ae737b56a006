//! What a player or an organiser may do.
//!
//! A new action is an entry of [`Action`] and, where it names matches, places bets, names times or can be checked without a state, an arm
//! in the methods beside it; what no one sentence says has its words in `words`; its effect is in `apply`. No other crate asks which
//! action it is but to show its content.

mod kind;
mod words;

pub use kind::{AffectedAccounts, Deadline};

use kind::{Pools, actions};

use borsh::{BorshDeserialize, BorshSerialize, de::EnumExt as _, io};
use ed25519_zebra::{SigningKey, VerificationKeyBytes};
use serde::{Deserialize, Deserializer, Serialize};

use crate::{
    account::AccountId,
    address::PageAddress,
    check::TxCheckError,
    codec::newer,
    fixture::{Day, Fixture, MatchNo},
    genesis::{Genesis, MAX_WEIGHT, Membership, Validator, ValidatorKey},
    hashes::PoolId,
    item::Question,
    json::tagged,
    name::Name,
    outcome::Outcome,
    score::Score,
    signing::{Signature, offer_bytes, verify},
    state::{Prediction, deadline},
    text::Text,
    ticket::Invitation,
    units::{Chips, UnixSeconds},
    voting::DoubleSign,
};

/// The most bets, seals or openings that one transaction carries: a whole round.
pub const MAX_BETS: usize = 128;

/// A bet that everybody can read: 12 bytes in a block.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
pub struct OpenBet {
    /// The number of the match that the bet is on.
    pub match_no: MatchNo,
    /// The score predicted.
    pub score: Score,
    /// Chips put on it; 0 is a bet for points alone.
    pub stake: Chips,
}

/// A bet whose score nobody can read yet.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
pub struct SealedBet {
    /// The number of the match that the bet is on.
    pub match_no: MatchNo,
    /// [`crate::seal_commitment`] of the score; in JSON, in hexadecimal.
    #[serde(with = "hex::serde")]
    pub commitment: [u8; 32],
    /// Chips put on it.
    pub stake: Chips,
}

/// The opening of a seal: the score and the salt that it hid.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
pub struct Opening {
    /// The number of the match that the sealed bet is on.
    pub match_no: MatchNo,
    /// The score predicted.
    pub score: Score,
    /// The salt that kept the score from being guessed; in JSON, in hexadecimal.
    #[serde(with = "hex::serde")]
    pub salt: [u8; 32],
}

// Each with its byte, its name in JSON, the pools that know it, the accounts concerned, when it ends, whether it changes the standings
// by itself and, if one sentence does for all, its words.
actions! {
    /// An action. Its first byte says which ([`ActionKind`]).
    #[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize)]
    #[borsh(use_discriminant = true)]
    #[serde(tag = "type", rename_all = "snake_case")]
    #[repr(u8)]
    pub enum Action {
        /// Enters the pool under a name. The first transaction of every account.
        Join {
            /// Unique in the pool.
            name: Name,
            /// The player's invitation, where the pool wants one.
            invitation: Option<Box<Invitation>>,
        } = 0, "join", All, Newcomers, Never, true, |name| "joins the pool as {name}";
        /// Places or replaces bets, in a pool with open ones.
        Bet {
            /// 1 to [`MAX_BETS`], each of another match.
            #[serde(rename = "tips")]
            bets: Vec<OpenBet>,
        } = 1, "bet", All, Nobody, Betting, false;
        /// Places or replaces bets, in a pool with sealed ones.
        Seal {
            /// 1 to [`MAX_BETS`], each of another match.
            #[serde(rename = "tips")]
            bets: Vec<SealedBet>,
        } = 2, "seal", All, Nobody, Betting, false;
        /// Opens seals, from kick-off on.
        Open {
            /// 1 to [`MAX_BETS`], each of another match.
            openings: Vec<Opening>,
        } = 3, "open", All, Nobody, Opening, true;
        /// Adds a match, or changes its teams, kick-off or stage. Organisers only.
        Schedule {
            /// The match as it is from now on.
            fixture: Fixture,
        } = 4, "schedule", All, Everybody, Never, false;
        /// Signs what became of a match. Organisers only.
        Result {
            /// The number of the match that the record is about.
            match_no: MatchNo,
            /// The record: the outcome of the match.
            outcome: Outcome,
        } = 5, "result", All, Everybody, Record, false, |match_no| "signs a result of match {match_no}";
        /// Gives chips to another player.
        Transfer {
            /// The account that gets the chips.
            to: AccountId,
            /// The number of chips to give.
            chips: Chips,
        } = 6, "transfer", All, Everybody, Never, false;
        /// Locks chips as the weight of one's vote.
        Stake {
            /// The number of chips to lock, besides those that are locked already.
            chips: Chips,
        } = 7, "stake", Staking, Everybody, Never, false, |chips| "stakes {chips} chips as a validator";
        /// Frees chips that are locked, after the time that the rules name.
        Unstake {
            /// The number of chips to free.
            chips: Chips,
        } = 8, "unstake", Staking, Everybody, Never, false, |chips| "takes {chips} chips back from the validators' stakes";
        /// Objects to a record that is not final.
        Object {
            /// The number of the match whose record is objected to.
            match_no: MatchNo,
            /// The objection: what is wrong with the record.
            text: Text<280>,
        } = 9, "object", All, Nobody, Record, false, |match_no, text| "objects to the result of match {match_no}: {text}";
        /// Signs that somebody is to vote with a weight, or, with the weight 0, no more. Organisers only.
        Appoint {
            /// The validator: its account, its key and its weight.
            validator: Validator,
        } = 10, "appoint", Appointing, Everybody, Never, false;
        /// Proves that a validator signed two votes of which an honest one signs only one.
        Evidence {
            /// The two votes, with their signatures.
            proof: Box<DoubleSign>,
        } = 11, "evidence", Voting, Everybody, Never, false;
        /// Signs that somebody is to be an organiser, or no more. Organisers only.
        Organiser {
            /// The account that is to be an organiser, or no more.
            account: AccountId,
            /// Whether to be one.
            added: bool,
        } = 12, "organiser", Organising, Everybody, Never, false;
        /// Opens seals of another player, from kick-off on.
        OpenFor {
            /// The player whose seals are opened.
            player: AccountId,
            /// 1 to [`MAX_BETS`], each of another match.
            openings: Vec<Opening>,
        } = 13, "open_for", OpenedByAnybody, Everybody, Opening, true;
        /// Signs on which day a match is whose time is not known. Organisers only.
        Day {
            /// The number of the match whose day is signed.
            match_no: MatchNo,
            /// Its day; none if that is not known either.
            day: Option<Day>,
        } = 14, "day", ByDays, Everybody, Never, false, |match_no| "sets the day of match {match_no}";
        /// Offers to vote with a key from now on.
        Offer {
            /// A key that nobody offered before.
            key: ValidatorKey,
            /// The key's own signature over [`offer_bytes`]: who sees a key on its way cannot offer it as theirs.
            signature: Signature,
        } = 15, "offer", Voting, Everybody, Never, false, |key| "offers to vote with the key {key}";
        /// Signs where the pool's page is. Organisers only.
        Address {
            /// The address, at which every browser finds it.
            address: PageAddress,
        } = 16, "address", WithNotice, Everybody, Never, false, |address| "signs that the pool's page is at {address}";
        /// Asks a question, or asks it otherwise. Organisers only.
        Question {
            /// The question as it is from now on.
            question: Box<Question>,
        } = 17, "question", WithNotice, Everybody, Never, false;
    }
}

/// A bet as it is placed, open or sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewBet {
    /// The number of the match that the bet is on.
    pub match_no: MatchNo,
    /// The score, or the commitment to it.
    pub prediction: Prediction,
    /// Chips put on it.
    pub stake: Chips,
}

impl Action {
    /// An account's offer to vote with a key.
    #[must_use]
    pub fn offer(pool: PoolId, account: &AccountId, key: &SigningKey) -> Self {
        let signature = key.sign(&offer_bytes(pool, account));
        Self::Offer {
            key: ValidatorKey(VerificationKeyBytes::from(key).into()),
            signature: Signature(signature.to_bytes()),
        }
    }

    /// The matches that it names, in its order.
    #[must_use]
    pub fn matches(&self) -> Vec<MatchNo> {
        match self {
            Self::Bet { bets } => bets.iter().map(|bet| bet.match_no).collect(),
            Self::Seal { bets } => bets.iter().map(|bet| bet.match_no).collect(),
            Self::Open { openings } | Self::OpenFor { openings, .. } => {
                openings.iter().map(|opening| opening.match_no).collect()
            }
            Self::Schedule { fixture } => vec![fixture.no],
            Self::Question { question } => vec![question.no],
            Self::Result { match_no, .. }
            | Self::Object { match_no, .. }
            | Self::Day { match_no, .. } => vec![*match_no],
            _ => Vec::new(),
        }
    }

    /// The bets that it places.
    #[must_use]
    pub fn placed(&self) -> Vec<NewBet> {
        let new = |match_no, prediction, stake| NewBet {
            match_no,
            prediction,
            stake,
        };
        match self {
            Self::Bet { bets } => bets
                .iter()
                .map(|bet| new(bet.match_no, Prediction::Open(bet.score), bet.stake))
                .collect(),
            Self::Seal { bets } => bets
                .iter()
                .map(|bet| new(bet.match_no, Prediction::Sealed(bet.commitment), bet.stake))
                .collect(),
            _ => Vec::new(),
        }
    }

    /// The times that it names itself, from which on it does something else: a ticket expires, a new kick-off comes.
    #[must_use]
    pub fn times(&self, genesis: &Genesis) -> Vec<UnixSeconds> {
        match self {
            Self::Join { invitation, .. } => match invitation {
                Some(invitation) if genesis.membership == Membership::Invite => {
                    vec![invitation.ticket.expires]
                }
                _ => Vec::new(),
            },
            Self::Schedule { fixture } => {
                let closes = deadline(fixture, None, genesis.rules.deadline_lead_s);
                fixture.kickoff.into_iter().chain(closes).collect()
            }
            // # Rule X5: it is refused from when the notice would be too short.
            Self::Question { question } => {
                let notice_s = u64::from(genesis.rules.notice_s);
                let late = question.closes.0.saturating_sub(notice_s).saturating_add(1);
                vec![UnixSeconds(late)]
            }
            Self::Day { day, .. } => {
                let day = day.iter();
                day.flat_map(|day| [day.begins, day.ends]).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Reads an action; one that only a newer program can do is no damage.
    pub(crate) fn read<R: io::Read>(reader: &mut R) -> io::Result<Self> {
        let byte = u8::deserialize_reader(reader)?;
        match ActionKind::of(byte) {
            Some(_) => Self::deserialize_variant(reader, byte),
            None => Err(newer(format_args!(
                "got the action {byte}, which this program does not know"
            ))),
        }
    }

    /// Checks what of the action can be checked without a state, besides its list of matches.
    pub(crate) fn check(
        &self,
        account: &AccountId,
        genesis: &Genesis,
        pool: PoolId,
    ) -> Result<(), TxCheckError> {
        match self {
            // # Rule T6: a key of small order cannot join.
            Self::Join { .. } if account.is_weak() => Err(TxCheckError::WeakKey),
            // # Rule J4: a ticket is signed by its organiser, and by its own key for the joining account.
            Self::Join {
                invitation: Some(invitation),
                ..
            } if !invitation.is_signed_for(pool, account) => Err(TxCheckError::BadInvitation),
            // # Rule T6: a key of small order cannot be an organiser.
            Self::Organiser {
                account,
                added: true,
            } if account.is_weak() => Err(TxCheckError::WeakKey),
            // # Rule S12: a day is 1 s to 26 h long.
            Self::Day { day: Some(day), .. } if !day.is_a_day() => Err(TxCheckError::BadDay),
            // # Rule S24: a kick-off is at most 253402207200.
            Self::Schedule { fixture } if fixture.kickoff > Some(Day::LATEST) => {
                Err(TxCheckError::BadDay)
            }
            // # Rule C6: chips are given where the rules allow it.
            Self::Transfer { .. } if !genesis.rules.transfers => Err(TxCheckError::TransfersOff),
            // # Rule Q2: a key of small order is not offered.
            Self::Offer { key, .. } if AccountId(key.0).is_weak() => Err(TxCheckError::WeakKey),
            // # Rule Q13: an offer is signed by the key that is offered, too.
            Self::Offer { key, signature }
                if !verify(&AccountId(key.0), signature, &offer_bytes(pool, account)) =>
            {
                Err(TxCheckError::BadOffer)
            }
            // # Rule Q3: a weight is at most 2^50.
            Self::Appoint { validator } if validator.weight > MAX_WEIGHT => {
                Err(TxCheckError::BadWeight {
                    got: validator.weight,
                })
            }
            // # Rule Q9: evidence is two votes that contradict one another, both signed by the key.
            Self::Evidence { proof } if !proof.is_proof(pool) => Err(TxCheckError::BadEvidence),
            _ => Ok(()),
        }
    }
}
