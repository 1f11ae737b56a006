//! This machine's clock beside those of others, as watchers hear of it. [`crate::observer`] compares them.

use serde::{Deserialize, Serialize};

/// A comparison of this machine's clock with those of the peers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Clocks {
    /// The number of seconds by which it is ahead of most of them, or behind if negative; none up to a minute, or up to `clock_s`
    /// where validators vote.
    pub ahead_s: Option<i64>,
    /// Whether validators besides this node are heard by whom the rules go, and it agrees with them.
    pub agrees: bool,
    /// Whether a peer has blocks that wait for this clock.
    pub held_back: bool,
    /// The doubt for which this node, which decides alone, makes no block.
    pub doubt: Option<ClockDoubt>,
}

impl Clocks {
    fn doubted_s(self) -> Option<i64> {
        // By the last block's time it grows by itself.
        let grows = |cause: DoubtCause| cause == DoubtCause::LastBlock || cause.wants_witnesses();
        self.doubt
            .filter(|it| !grows(it.cause))
            .map(|it| it.ahead_s)
    }

    /// Whether there is nothing new to say of the same difference, measured again.
    pub(crate) fn is_as(self, before: Self, most_s: u64) -> bool {
        let differ = |(now, before): (i64, i64)| now.abs_diff(before) > most_s / 2;
        let said = |it: ClockDoubt| (it.cause, it.synchronised, it.dates, it.players);
        self.held_back == before.held_back
            && self.agrees == before.agrees
            && self.doubt.map(said) == before.doubt.map(said)
            && self.ahead_s.is_some() == before.ahead_s.is_some()
            && !self.ahead_s.zip(before.ahead_s).is_some_and(differ)
            && !self.doubted_s().zip(before.doubted_s()).is_some_and(differ)
    }
}

/// A doubt about this machine's clock, for which whoever decides alone makes no block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ClockDoubt {
    /// The side that contradicts it, or why somebody has to confirm it.
    pub cause: DoubtCause,
    /// The number of seconds by which the clock is ahead of theirs, or behind if negative.
    pub ahead_s: i64,
    /// Whether the network sets this machine's clock; null where the system does not say.
    pub synchronised: Option<bool>,
    /// The testimony of lists, by the dates of their answers over TLS.
    pub dates: Testimony,
    /// The testimony of players' nodes and pages.
    pub players: Testimony,
}

/// The cause of a doubt: what contradicts a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = ClockDoubtCause))]
#[serde(rename_all = "snake_case")]
pub enum DoubtCause {
    /// This machine's kernel tells another time than the program is given.
    Kernel,
    /// The dates of answers over TLS.
    Date,
    /// Most players' nodes and pages.
    Others,
    /// The last block, which is dated after it.
    LastBlock,
    /// Nobody: it is long after the last block, and too few confirm it.
    Unconfirmed,
    /// Nobody: by it betting on something has ended since the last block, and too few confirm it.
    BettingEnds,
}

impl DoubtCause {
    /// Whether somebody has to confirm the clock; else it is contradicted.
    #[must_use]
    pub const fn wants_witnesses(self) -> bool {
        matches!(self, Self::Unconfirmed | Self::BettingEnds)
    }
}

/// The testimony of the witnesses of one kind on this machine's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = ClockTestimony))]
#[serde(rename_all = "snake_case")]
pub enum Testimony {
    /// Most of them say that it is right, within an hour.
    Agrees,
    /// Most of them say that it is wrong, or as many as say that it is right.
    Contradicts,
    /// None of them was heard.
    Silent,
}
