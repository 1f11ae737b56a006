//! What organisers sign, and what that changes.

use bolao_ledger::{Effect, Outcome, PageAddress, Rules, Terms, Validator, Vote};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{AskedBody, DayBody, FixtureBody, FixtureError, PlayerRef, ValidatorBody, moment};
use crate::{Chain, Lookup};

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
        #[cfg_attr(feature = "schema", schema(value_type = String))]
        address: PageAddress,
    },
    /// A question.
    Question {
        /// The question as it was to be.
        question: AskedBody,
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
    Organiser {
        /// The first block of this time or later changes them. Where that is later than the act, an organiser leaves then who has
        /// signed nothing for seven days, and signs nothing before.
        effective: Timestamp,
    },
    /// The address of the pool's page.
    Address {
        /// The one before; `null` if there was none.
        before: Option<String>,
    },
    /// A question, or its record.
    Question {
        /// The question as it was; `null` if it is new.
        before: Option<Box<AskedBody>>,
        /// The question as it was then.
        after: Box<AskedBody>,
        /// The number of players who had answered, at most in one slot.
        answered: u32,
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
    /// True if bets on it do not count, since it was not open for the notice as it is, or has no end of betting.
    pub lacks_notice: bool,
    /// The number of players who had a bet on it.
    pub bets: u32,
}

impl SignedBody {
    /// The content of a vote.
    ///
    /// # Errors
    /// The chain cannot be read, as of every answer.
    pub fn new<S: Chain>(lookup: &mut Lookup<'_, S>, vote: &Vote) -> Result<Self, S::Error> {
        Ok(match vote {
            Vote::Schedule(fixture) => Self::Schedule {
                fixture: fixture.into(),
            },
            Vote::Result(outcome) => Self::Result {
                outcome: outcome.clone(),
            },
            Vote::Appoint(validator) => Self::Appoint(lookup.validator(validator)?),
            Vote::Organiser { account, added } => Self::Organiser {
                player: lookup.player(account)?,
                added: *added,
            },
            Vote::Day(day) => Self::Day {
                day: day.map(Into::into),
            },
            Vote::Address(address) => Self::Address {
                address: address.clone(),
            },
            Vote::Question(question) => Self::Question {
                question: (&**question).into(),
            },
        })
    }

    /// The vote as the ledger has it.
    ///
    /// # Errors
    /// What it says is none that the ledger takes.
    pub fn vote(&self) -> Result<Vote, FixtureError> {
        Ok(match self {
            Self::Schedule { fixture } => Vote::Schedule(fixture.try_into()?),
            Self::Result { outcome } => Vote::Result(outcome.clone()),
            Self::Appoint(one) => Vote::Appoint(Validator {
                account: one.validator.account,
                key: one.key,
                weight: one.weight,
            }),
            Self::Organiser { player, added } => Vote::Organiser {
                account: player.account,
                added: *added,
            },
            Self::Day { day } => Vote::Day(day.and_then(|day| day.day())),
            Self::Address { address } => Vote::Address(address.clone()),
            Self::Question { question } => Vote::Question(Box::new(question.try_into()?)),
        })
    }
}

impl TermsBody {
    /// The terms of a match.
    #[must_use]
    pub fn new(rules: &Rules, terms: &Terms) -> Self {
        Self {
            fixture: (&terms.fixture).into(),
            day: terms.day.map(Into::into),
            deadline: terms.deadline.map(moment),
            lacks_notice: terms.lacks_notice(rules),
            bets: terms.bets,
        }
    }
}

impl EffectBody {
    /// The change that an act made.
    #[must_use]
    pub fn new(rules: &Rules, effect: &Effect) -> Self {
        let terms = |it: &Terms| Box::new(TermsBody::new(rules, it));
        match effect {
            Effect::Match { before, after } => Self::Match {
                before: before.as_deref().map(terms),
                after: terms(after),
            },
            Effect::Weight { before, from } => Self::Weight {
                before: *before,
                effective: moment(*from),
            },
            Effect::Organiser { from } => Self::Organiser {
                effective: moment(*from),
            },
            Effect::Address { before } => Self::Address {
                before: before.as_ref().map(ToString::to_string),
            },
            Effect::Question {
                before,
                after,
                answered,
            } => Self::Question {
                before: before.as_deref().map(|it| Box::new(it.into())),
                after: Box::new((&**after).into()),
                answered: *answered,
            },
        }
    }
}
