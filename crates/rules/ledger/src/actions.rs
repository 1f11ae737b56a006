//! What a player or an organiser may do: a file for each action, with all that the rules say of it.
//!
//! A new action is a file that implements `Act`, whose every answer it must give, and two lines here: its module, and its line of
//! the list. Code elsewhere asks for a kind of action only where it has to do with that kind alone.

mod act;
mod address;
mod appoint;
mod bet;
mod day;
mod evidence;
mod join;
mod joker;
mod list;
mod next;
mod object;
mod offer;
mod open;
mod open_for;
mod organiser;
mod paid;
mod pools;
mod question;
mod result;
mod schedule;
mod schemes;
mod seal;
mod stake;
mod through;
mod transfer;
mod unstake;

use std::fmt;

use borsh::{BorshDeserialize, BorshSerialize, de::EnumExt as _, io};
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{self, Error as _},
};
use serde_json::Value;
use thiserror::Error;

pub use self::{
    act::{AffectedAccounts, Deadline, Named, NewBet, Opening, Signer},
    bet::OpenBet,
    next::KnownPlayer,
    paid::{Money, PlaceShare},
    schemes::StageScheme,
    seal::SealedBet,
};
pub(crate) use act::{Act, By};

use self::list::actions;
use crate::{
    account::AccountId,
    apply::{
        ApplyError, RuleError,
        run::{Applied, Run},
    },
    check::TxCheckError,
    codec::{invalid, newer},
    features::{BetOn, Broken, Compared, Feature, Owned, features},
    fixture::{Fixture, MatchNo},
    genesis::{Genesis, GenesisError},
    hashes::PoolId,
    item::Prediction,
    json::{JsonError, any, from_value, parted},
    reasons::Reason,
    round::Round,
    rules::Rules,
    said::{Said, Template},
    state::{StateView, Vote},
    units::{Points, UnixSeconds},
};

/// The most bets, seals or openings that one transaction carries: a whole round.
pub const MAX_BETS: usize = 128;

// Each type with its module, whose name is its name in JSON, and its byte.
actions! {
    /// An action. Its first byte says which ([`ActionKind`]), and has one meaning for good.
    pub enum Action {
        Join(join) = 0,
        Bet(bet) = 1,
        Seal(seal) = 2,
        Open(open) = 3,
        Schedule(schedule) = 4,
        Result(result) = 5,
        Transfer(transfer) = 6,
        Stake(stake) = 7,
        Unstake(unstake) = 8,
        Object(object) = 9,
        Appoint(appoint) = 10,
        Evidence(evidence) = 11,
        Organiser(organiser) = 12,
        OpenFor(open_for) = 13,
        Day(day) = 14,
        Offer(offer) = 15,
        Address(address) = 16,
        Question(question) = 17,
        Joker(joker) = 18,
        Paid(paid) = 19,
    }
}

// Each with what a pool chooses of it and what a player has of it, its module, and its byte.
features! {
    /// The optional rules that a pool has chosen. One that has chosen none plays by the other rules alone.
    pub struct Features {
        /// Jokers, which multiply the points of a tip.
        jokers: JokerRule, OwnJokers(joker) = 0,
        /// Points for the team that goes on to the next round.
        through: ThroughRule(through) = 1,
        /// An entry fee that is paid outside the pool.
        fee: FeeRule(paid) = 2,
        /// Points of their own in some stages.
        schemes: SchemesRule(schemes) = 3,
        /// The pool that this one comes after, whose players need no ticket and keep their names.
        next: NextRule(next) = 4,
    }
}

impl Action {
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
}

impl fmt::Display for ActionKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
