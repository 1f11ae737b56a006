//! What organisers sign, and what becomes of it.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use crate::{
    account::AccountId,
    actions::{self, Action},
    address::PageAddress,
    fixture::{Day, Fixture, MatchCode, MatchNo},
    genesis::Validator,
    hashes::TxId,
    item::Question,
    outcome::Outcome,
    rules::Rules,
    units::{Height, UnixSeconds},
};

/// The vote of an organiser: what one has signed and the quorum has not yet.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
#[borsh(use_discriminant = true)]
#[repr(u8)]
pub enum Vote {
    /// The schedule of a match.
    Schedule(Fixture) = 0,
    /// The outcome of a match.
    Result(Outcome) = 1,
    /// A validator, who is to vote on blocks with a weight.
    Appoint(Validator) = 2,
    /// An account that is to be an organiser, or no more.
    Organiser {
        /// The account that it is about.
        account: AccountId,
        /// Whether to be one.
        added: bool,
    } = 3,
    /// On which day a match is.
    Day(Option<Day>) = 4,
    /// The address of the pool's page.
    Address(PageAddress) = 5,
    /// A question, as it is asked from now on.
    Question(Box<Question>) = 6,
}

impl Vote {
    /// The kinds that are about what players bet on.
    pub const KINDS: [u8; 4] = [0, 1, 4, 6];

    /// The kind that is about the address of the page.
    pub const ADDRESS: u8 = 5;

    /// Whether it is about what players bet on.
    #[must_use]
    pub const fn is_of_item(&self) -> bool {
        match self {
            Self::Schedule(_) | Self::Result(_) | Self::Day(_) | Self::Question(_) => true,
            Self::Appoint(_) | Self::Organiser { .. } | Self::Address(_) => false,
        }
    }

    /// The kind of the vote, as a number.
    #[must_use]
    pub const fn kind(&self) -> u8 {
        match self {
            Self::Schedule(_) => 0,
            Self::Result(_) => 1,
            Self::Appoint(_) => 2,
            Self::Organiser { .. } => 3,
            Self::Day(_) => 4,
            Self::Address(_) => Self::ADDRESS,
            Self::Question(_) => 6,
        }
    }

    /// The code that it gives to what it is about, if it gives one.
    #[must_use]
    pub const fn code(&self) -> Option<&MatchCode> {
        match self {
            Self::Schedule(fixture) => Some(&fixture.code),
            Self::Question(question) => Some(&question.code),
            Self::Result(_)
            | Self::Appoint(_)
            | Self::Organiser { .. }
            | Self::Day(_)
            | Self::Address(_) => None,
        }
    }

    /// When what it is about begins by it, if it says so.
    pub(crate) const fn begins(&self) -> Option<UnixSeconds> {
        match self {
            Self::Schedule(fixture) => fixture.kickoff,
            Self::Question(question) => Some(question.closes),
            Self::Result(_)
            | Self::Appoint(_)
            | Self::Organiser { .. }
            | Self::Day(_)
            | Self::Address(_) => None,
        }
    }

    /// The action that signs the vote; `match_no` is its match, if it is about one.
    #[must_use]
    pub fn action(&self, match_no: MatchNo) -> Action {
        match self.clone() {
            Self::Schedule(fixture) => Action::Schedule(actions::Schedule { fixture }),
            Self::Result(outcome) => Action::Result(actions::Result { match_no, outcome }),
            Self::Day(day) => Action::Day(actions::Day { match_no, day }),
            Self::Appoint(validator) => Action::Appoint(actions::Appoint { validator }),
            Self::Organiser { account, added } => {
                Action::Organiser(actions::Organiser { account, added })
            }
            Self::Address(address) => Action::Address(actions::Address { address }),
            Self::Question(question) => Action::Question(actions::Question { question }),
        }
    }
}

/// An act of an organiser: a vote that was signed.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Act {
    /// The organiser who signed it.
    pub organiser: AccountId,
    /// All who have signed it alike by then, in the order of their accounts.
    pub signers: Vec<AccountId>,
    /// The vote that was signed.
    pub vote: Vote,
    /// Of which match; 0 if it is about none.
    pub match_no: MatchNo,
    /// The change that the quorum, which was reached with it, has made; `None` while other signatures are missing, and where one was
    /// added to a record that stands.
    pub effect: Option<Effect>,
    /// The transaction that holds it.
    pub tx: TxId,
    /// The block that holds it.
    pub height: Height,
    /// The pool's time then.
    pub time: UnixSeconds,
}

impl Act {
    /// The code of what it changed, as it is since.
    #[must_use]
    pub fn code(&self) -> Option<&MatchCode> {
        match &self.effect {
            Some(Effect::Match { after, .. }) => Some(&after.fixture.code),
            Some(Effect::Question { after, .. }) => Some(&after.code),
            Some(Effect::Weight { .. } | Effect::Organiser { .. } | Effect::Address { .. })
            | None => None,
        }
    }

    /// Whether every player is told of it at once: it changed something, and not by a record of a match that was played and on which
    /// bets count.
    #[must_use]
    pub fn is_told(&self, rules: &Rules) -> bool {
        let record = matches!(&self.vote, Vote::Result(outcome) if !outcome.calls_off());
        match &self.effect {
            None => false,
            Some(Effect::Match { after, .. }) if record => {
                after.lacks_notice(rules) && after.bets > 0
            }
            Some(Effect::Match { before, after }) => {
                before.as_deref() != Some(after) || matches!(self.vote, Vote::Result(_))
            }
            Some(Effect::Question { .. }) => !record,
            Some(Effect::Weight { .. } | Effect::Organiser { .. } | Effect::Address { .. }) => true,
        }
    }

    /// Whether it came with less notice than the rules ask for.
    #[must_use]
    pub fn is_short(&self, rules: &Rules) -> bool {
        let lead_s = self.lead_s(rules);
        self.is_told(rules) && lead_s.is_some_and(|lead_s| lead_s < rules.notice_s.into())
    }

    /// The seconds from it to the change of a validator's weight; or to the end of betting that stood and counted, or to the one
    /// since, whichever is sooner; 0 if that was over. None if it changed neither. What calls a match off sets no end: only the one
    /// that stood counts there.
    fn lead_s(&self, rules: &Rules) -> Option<u64> {
        if let (Some(Effect::Weight { before, from }), Vote::Appoint(validator)) =
            (&self.effect, &self.vote)
        {
            return (*before != validator.weight).then(|| from.0.saturating_sub(self.time.0));
        }
        let Some(Effect::Match { before, after }) = &self.effect else {
            return None;
        };
        let stood = before.as_deref().filter(|it| !it.lacks_notice(rules));
        let calls_off = matches!(&self.vote, Vote::Result(outcome) if outcome.calls_off());
        let since = after.deadline.filter(|_| !calls_off);
        let ends = [stood.and_then(|it| it.deadline), since];
        let end = ends.into_iter().flatten().min()?;
        (before.as_deref() != Some(after)).then(|| end.0.saturating_sub(self.time.0))
    }

    /// The number of what players bet on, if it is about that.
    #[must_use]
    pub fn about(&self) -> Option<MatchNo> {
        self.vote.is_of_item().then_some(self.match_no)
    }
}

/// The terms of a match by which people bet on it.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Terms {
    /// Teams, kick-off, stage.
    pub fixture: Fixture,
    /// The day, where the kick-off is not known and the day is.
    pub day: Option<Day>,
    /// When betting ends.
    pub deadline: Option<UnixSeconds>,
    /// Since when it is what it is to bet on.
    pub since: UnixSeconds,
    /// The number of players who have a bet on it.
    pub bets: u32,
}

impl Terms {
    /// Whether bets on it do not count, for want of notice (S22).
    #[must_use]
    pub fn lacks_notice(&self, rules: &Rules) -> bool {
        rules.lacks_notice(self.since, self.deadline)
    }
}

/// The change that an act made which completed a quorum.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[borsh(use_discriminant = true)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Effect {
    /// A match: as it was, unless it is new, and as it is since. Its record too, where that is what was signed.
    Match {
        /// As it was before.
        before: Option<Box<Terms>>,
        /// As it is since.
        after: Box<Terms>,
    } = 0,
    /// The weight of a validator.
    Weight {
        /// As it was before; 0 if the account was no validator.
        before: u64,
        /// The first block of this time or later changes it.
        from: UnixSeconds,
    } = 1,
    /// The organisers.
    Organiser {
        /// The first block of this time or later changes them. If that is later than the act, an organiser leaves then who signs
        /// nothing before.
        from: UnixSeconds,
    } = 2,
    /// The address of the pool's page.
    Address {
        /// The one before.
        before: Option<PageAddress>,
    } = 3,
    /// A question, or its record, where that is what was signed.
    Question {
        /// As it was before, unless it is new.
        before: Option<Box<Question>>,
        /// As it is since.
        after: Box<Question>,
        /// The number of players who had answered.
        answered: u32,
    } = 4,
}
