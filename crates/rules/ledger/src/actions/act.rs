//! The questions that every action answers. None has an answer by default: an action that forgets one does not compile.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use crate::{
    account::AccountId,
    apply::run::{Applied, Run},
    check::TxCheckError,
    fixture::{Fixture, MatchNo},
    genesis::Genesis,
    hashes::{PoolId, TxId},
    item::{Prediction, Question},
    name::Name,
    said::Said,
    state::{Account, Placed, StateView, Vote},
    units::{Chips, UnixSeconds},
};

/// The accounts that may sign an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signer {
    /// Every player.
    Player,
    /// An organiser.
    Organiser,
}

/// The accounts whose transactions an action can decide the fate of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AffectedAccounts {
    /// Only its own.
    Nobody,
    /// Those that join, and those that give chips to one that has joined: names and tickets are taken.
    Newcomers,
    /// The transactions of every account.
    Everybody,
}

/// The end of the time in which an action can still do what it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deadline {
    /// Betting on its matches ends: it places bets.
    Betting,
    /// The opening windows of its matches end: it opens seals.
    Opening,
    /// The record of its match becomes final.
    Record,
    /// There is no such end.
    Never,
}

/// A bet as it is placed, open or sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewBet {
    /// The number of the match that the bet is on.
    pub match_no: MatchNo,
    /// The prediction, or the commitment to it.
    pub placed: Placed,
    /// Chips put on it.
    pub stake: Chips,
}

/// The opening of a seal: the prediction and the salt that it hid.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = OpeningBody))]
pub struct Opening {
    /// The number of the match that the sealed bet is on.
    #[serde(alias = "match")]
    #[cfg_attr(feature = "schema", schema(rename = "match"))]
    pub match_no: MatchNo,
    /// The prediction.
    pub prediction: Prediction,
    /// The salt that kept the prediction from being guessed; in JSON, in hexadecimal.
    #[serde(with = "hex::serde")]
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub salt: [u8; 32],
}

/// The thing that an action gives a name to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named<'a> {
    /// Nothing.
    Nothing,
    /// A player.
    Player(&'a Name),
    /// A match, with its teams.
    Fixture(&'a Fixture),
    /// A question, with its options.
    Question(&'a Question),
}

/// The signer of an action, and the transaction that holds it.
#[derive(Debug)]
pub(crate) struct By<'a> {
    pub(crate) id: AccountId,
    /// Is put back into the state once the action is applied.
    pub(crate) account: &'a mut Account,
    pub(crate) tx: TxId,
}

/// An action.
pub(crate) trait Act {
    /// The accounts that may sign it.
    const SIGNER: Signer;
    /// The accounts whose transactions it can decide the fate of, besides its own.
    const AFFECTS: AffectedAccounts;
    /// The end of the time in which it can still do what it is for.
    const ENDS: Deadline;
    /// Whether a page that shows it signs it. What moves bets, chips or a validator's key has a way of its own, or none.
    const IS_OF_PAGES: bool;
    /// Whether it changes the standings by itself: a player joins, or a bet becomes known. Records are compared apart.
    const CHANGES_STANDINGS: bool;

    /// Whether the actions of a pool include it. A program that can do more refuses it in a pool that does not know it, as a program
    /// does that cannot: both follow the same chain.
    fn is_known_to(genesis: &Genesis) -> bool;

    /// The matches that it names, in its order.
    fn matches(&self) -> Vec<MatchNo>;

    /// The bets that it places.
    fn placed(&self) -> Vec<NewBet>;

    /// The player whose seals it opens, and the openings.
    fn openings<'a>(&'a self, signer: &AccountId) -> Option<(AccountId, &'a [Opening])>;

    /// The thing that it gives a name to, which others choose by and could take for something else.
    fn named(&self) -> Named<'_>;

    /// The vote that it signs, which counts once enough organisers have signed the same.
    fn vote(&self) -> Option<Vote>;

    /// The times that it names itself, from which on it does something else: a ticket expires, a new kick-off comes.
    fn times(&self, genesis: &Genesis) -> Vec<UnixSeconds>;

    /// Checks what of the action can be checked without a state, besides its list of matches.
    fn check(
        &self,
        account: &AccountId,
        genesis: &Genesis,
        pool: PoolId,
    ) -> Result<(), TxCheckError>;

    /// Says what the account that signs it does.
    fn says(&self, by: &AccountId) -> Said;

    /// Applies it; gives the matches of its bets, seals or openings that are void. Its signer is one who may sign it.
    fn apply<S: StateView>(
        &self,
        run: &mut Run<'_, S>,
        by: &mut By<'_>,
    ) -> Applied<Vec<MatchNo>, S>;
}
