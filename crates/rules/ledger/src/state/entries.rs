//! What the state holds.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use super::{acts::Terms, short};
use crate::{
    account::AccountId,
    fixture::{Day, Fixture, MatchNo},
    hashes::TxId,
    item::Prediction,
    name::Name,
    outcome::Outcome,
    rules::Rules,
    score::Score,
    scoring::Tier,
    text::Text,
    units::{Chips, Height, Nonce, Points, UnixSeconds},
};

/// A player or organiser who has joined.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Account {
    /// The name, as written at joining.
    pub name: Name,
    /// The nonce that the next transaction must carry.
    pub next_nonce: Nonce,
    /// Chips at hand, stakes in pots not included.
    pub chips: Chips,
    /// The height of the block of the join.
    pub joined: Height,
    /// The number of entries in the history of its chips.
    pub history: u64,
}

/// A match and what is staked on it.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Match {
    /// Teams, kick-off, stage.
    #[serde(flatten)]
    pub fixture: Fixture,
    /// When betting ends; `None` until a kick-off or a day is known.
    pub deadline: Option<UnixSeconds>,
    /// Since when it is what it is to bet on: its teams in their order, that it takes place, and that betting on it has an end that
    /// counts; zero, and not shown, if since genesis.
    #[serde(default, skip_serializing_if = "UnixSeconds::is_zero")]
    pub since: UnixSeconds,
    /// The end of betting that stood before the last act that changed the match while bets on it counted; `None` if that took the end
    /// away with the notice, or there was no such act.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stood: Option<UnixSeconds>,
    /// The sum of the stakes of its bets; zero once it is paid.
    pub pot: Chips,
    /// The number of players who have a bet on it.
    pub bets: u32,
    /// The number of those bets that are sealed and not opened.
    pub unopened: u32,
    /// Whether it was put off and has not been scheduled anew.
    pub postponed: bool,
    /// Whether it was scheduled anew after a kick-off that it had has passed: betting on it has ended for good.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub begun_before: bool,
    /// The day, where the kick-off is not known and the day is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<Day>,
}

impl Match {
    /// A match of genesis, with betting until `lead_s` seconds before kick-off, or until its day begins.
    #[must_use]
    pub fn new(fixture: Fixture, day: Option<Day>, lead_s: u32) -> Self {
        Self {
            deadline: deadline(&fixture, day, lead_s),
            since: UnixSeconds::ZERO,
            stood: None,
            fixture,
            day,
            pot: Chips::ZERO,
            bets: 0,
            unopened: 0,
            postponed: false,
            begun_before: false,
        }
    }

    /// Whether bets on it do not count, for want of notice (S22).
    #[must_use]
    pub fn lacks_notice(&self, rules: &Rules) -> bool {
        rules.lacks_notice(self.since, self.deadline)
    }

    /// Whether a bet in a block of this time is taken.
    #[must_use]
    pub fn is_open_at(&self, time: UnixSeconds, rules: &Rules) -> bool {
        !self.lacks_notice(rules) && self.deadline.is_none_or(|deadline| time < deadline)
    }

    /// The score of an outcome that bets on it are compared with; `None` where none counts, or no bet does.
    #[must_use]
    pub fn counting_score(&self, rules: &Rules, outcome: &Outcome) -> Option<Score> {
        // # Rule S22: bets on what lacks notice do not count.
        if self.lacks_notice(rules) {
            return None;
        }
        rules.counting_score(&self.fixture, outcome)
    }

    /// Its terms: all that an act of an organiser can change of it.
    #[must_use]
    pub fn terms(&self) -> Terms {
        Terms {
            fixture: self.fixture.clone(),
            day: self.day,
            deadline: self.deadline,
            since: self.since,
            bets: self.bets,
        }
    }

    /// When it begins: its kick-off or, where only its day is known, the end of that, when it has been played.
    #[must_use]
    pub fn begins_at(&self) -> Option<UnixSeconds> {
        self.fixture.kickoff.or(self.day.map(|day| day.ends))
    }

    /// Whether it has kicked off, from when on its seals are opened.
    #[must_use]
    pub fn has_begun_at(&self, time: UnixSeconds) -> bool {
        self.begins_at().is_some_and(|begins| begins <= time)
    }

    /// From when on its seals are not opened any more, if the window is `window_s` long.
    #[must_use]
    pub fn openings_end(&self, window_s: u32) -> Option<UnixSeconds> {
        let begins = self.begins_at()?;
        Some(UnixSeconds(begins.0.saturating_add(window_s.into())))
    }
}

/// When betting on a fixture ends.
///
/// # Rule D1: at its kick-off less `deadline_lead_s`.
/// # Rule S12: where only its day is known, when that begins.
#[must_use]
pub fn deadline(fixture: &Fixture, day: Option<Day>, lead_s: u32) -> Option<UnixSeconds> {
    let lead_s = u64::from(lead_s);
    let kickoff = fixture.kickoff;
    let closes = kickoff.map(|kickoff| UnixSeconds(kickoff.0.saturating_sub(lead_s)));
    closes.or(day.map(|day| day.begins))
}

/// A prediction as it was placed: open, or as a commitment to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
#[borsh(use_discriminant = true)]
#[repr(u8)]
pub enum Placed {
    /// A prediction that everybody can read.
    Open(Prediction) = 0,
    /// A commitment to one.
    Sealed([u8; 32]) = 1,
}

/// A player's bet on a match: the latest before the deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Bet {
    /// The prediction, or the commitment to it.
    pub placed: Placed,
    /// Chips in the match's pot.
    #[borsh(serialize_with = "short::write", deserialize_with = "short::read")]
    pub stake: Chips,
    /// The block that holds it.
    #[borsh(serialize_with = "short::write", deserialize_with = "short::read")]
    pub height: Height,
    /// The pool's time then.
    #[borsh(serialize_with = "short::write", deserialize_with = "short::read")]
    pub time: UnixSeconds,
    /// The transaction that placed it.
    pub tx: TxId,
    /// The block in which it was opened, if it was sealed.
    pub opened: Option<Height>,
}

impl Placed {
    /// The prediction, unless it is still sealed.
    #[must_use]
    pub const fn prediction(&self) -> Option<Prediction> {
        match self {
            Self::Open(prediction) => Some(*prediction),
            Self::Sealed(_) => None,
        }
    }
}

impl Bet {
    /// The prediction, unless it is still sealed.
    #[must_use]
    pub const fn prediction(&self) -> Option<Prediction> {
        self.placed.prediction()
    }

    /// The predicted score, unless it is still sealed or something else is predicted.
    #[must_use]
    pub fn score(&self) -> Option<Score> {
        self.prediction()?.score()
    }
}

/// Counts of the whole chain.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = TotalsBody))]
pub struct Totals {
    /// Accounts that have joined.
    #[serde(rename = "players")]
    pub accounts: u64,
    /// The number of matches.
    pub matches: u64,
    /// The number of standing bets.
    pub bets: u64,
    /// Transactions in blocks, coinbases aside.
    pub transactions: u64,
    /// Chips ever created.
    pub chips_issued: Chips,
    /// Chips of pots that nobody won, which go to the next pot that is paid.
    pub rollover: Chips,
    /// Matches whose record has a score that counts.
    pub scored: u32,
    /// Records among those that are not final.
    pub provisional: u32,
    /// The number of acts of organisers so far.
    pub acts: u64,
    /// The pool's time: the largest of the blocks so far.
    pub clock: UnixSeconds,
}

/// The record of a match as it is now.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MatchResult {
    /// The outcome of the match.
    pub outcome: Outcome,
    /// The number of records before this one.
    pub version: u32,
    /// The organisers who signed it.
    pub signers: Vec<AccountId>,
    /// The pool's time when the quorum was reached.
    pub since: UnixSeconds,
    /// It is final in the first block of this time or later; `None` while the match is to be played later.
    pub final_at: Option<UnixSeconds>,
    /// The block in which it became final and the pot was paid, before its transactions.
    pub settled: Option<Height>,
    /// The number of objections, all versions counted.
    pub objections: u32,
}

impl MatchResult {
    /// Whether it is final and the pot paid.
    #[must_use]
    pub const fn is_settled(&self) -> bool {
        self.settled.is_some()
    }
}

/// A record that a match has or had.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ResultVersion {
    /// The outcome that it said.
    pub outcome: Outcome,
    /// The organisers who signed it.
    pub signers: Vec<AccountId>,
    /// The block in which the quorum was reached.
    pub height: Height,
    /// The pool's time then.
    pub time: UnixSeconds,
}

/// A change of a match's kick-off.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = MoveBody))]
pub struct Move {
    /// The kick-off before; `None` where none stood, since the match had been put off.
    #[serde(rename = "kickoff_before")]
    pub from: Option<UnixSeconds>,
    /// The kick-off since; `None` until the match is scheduled anew.
    #[serde(rename = "kickoff_after")]
    pub to: Option<UnixSeconds>,
    /// The earliest kick-off that this change or one before it has moved later; bets placed since then are marked with
    /// `after_kickoff`.
    #[serde(rename = "earliest_kickoff")]
    pub earliest: Option<UnixSeconds>,
    /// The organisers who signed it.
    pub signers: Vec<AccountId>,
    /// The block in which the quorum was reached.
    pub height: Height,
    /// The pool's time then.
    pub time: UnixSeconds,
}

impl Move {
    /// Whether a bet was placed when a kick-off had passed that once stood, and that was moved later.
    #[must_use]
    pub fn marks(&self, bet: &Bet) -> bool {
        self.earliest.is_some_and(|kickoff| kickoff <= bet.time)
    }
}

/// A player's objection to a record that is not final.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Objection {
    /// The text, which says what is wrong with the record.
    pub text: Text<280>,
    /// The block that holds it.
    pub height: Height,
    /// The pool's time then.
    pub time: UnixSeconds,
}

/// A player's points.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Standing {
    /// The sum of the player's points.
    pub points: Points,
    /// Bets that were exact.
    pub exact: u32,
    /// Bets with the right difference and no more.
    pub differences: u32,
    /// Bets with the right tendency and no more.
    pub tendencies: u32,
    /// Bets that were compared with a score.
    #[serde(rename = "tips")]
    pub bets: u32,
}

impl Standing {
    /// With one bet's points more.
    #[must_use]
    pub fn plus(mut self, points: Points, tier: Tier) -> Option<Self> {
        self.points = self.points.checked_add(points.0)?;
        self.bets = self.bets.checked_add(1)?;
        if let Some(count) = self.count(tier) {
            *count = count.checked_add(1)?;
        }
        Some(self)
    }

    /// With one bet's points fewer.
    #[must_use]
    pub fn minus(mut self, points: Points, tier: Tier) -> Option<Self> {
        self.points = self.points.checked_sub(points.0)?;
        self.bets = self.bets.checked_sub(1)?;
        if let Some(count) = self.count(tier) {
            *count = count.checked_sub(1)?;
        }
        Some(self)
    }

    const fn count(&mut self, tier: Tier) -> Option<&mut u32> {
        match tier {
            Tier::Exact => Some(&mut self.exact),
            Tier::Difference => Some(&mut self.differences),
            Tier::Tendency => Some(&mut self.tendencies),
            Tier::OneTeam | Tier::None => None,
        }
    }
}

/// Why a player's chips changed.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[borsh(use_discriminant = true)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Cause {
    /// The chips that everybody starts with.
    Joined = 0,
    /// Staked on a match, less what a replaced bet freed.
    Staked(MatchNo) = 1,
    /// Freed by a smaller bet in place of a larger one.
    Freed(MatchNo) = 2,
    /// A share of a pot.
    Won(MatchNo) = 3,
    /// A stake that went back.
    Refunded(MatchNo) = 4,
    /// Given to another player.
    Sent(AccountId) = 5,
    /// Got from another player.
    Received(AccountId) = 6,
    /// Locked to vote with.
    Locked = 7,
    /// Free again, after having been locked so.
    Unlocked = 8,
}

impl Cause {
    /// Whether chips come, and do not go.
    #[must_use]
    pub const fn gives(self) -> bool {
        match self {
            Self::Joined
            | Self::Freed(_)
            | Self::Won(_)
            | Self::Refunded(_)
            | Self::Received(_)
            | Self::Unlocked => true,
            Self::Staked(_) | Self::Sent(_) | Self::Locked => false,
        }
    }
}

/// One change of a player's chips.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct HistoryEntry {
    /// The cause of the change.
    pub cause: Cause,
    /// The number of chips, whether they came or went.
    #[borsh(serialize_with = "short::write", deserialize_with = "short::read")]
    pub amount: Chips,
    /// Chips at hand afterwards.
    #[borsh(serialize_with = "short::write", deserialize_with = "short::read")]
    pub balance: Chips,
    /// The block of the change.
    #[borsh(serialize_with = "short::write", deserialize_with = "short::read")]
    pub height: Height,
    /// The pool's time then.
    #[borsh(serialize_with = "short::write", deserialize_with = "short::read")]
    pub time: UnixSeconds,
}
