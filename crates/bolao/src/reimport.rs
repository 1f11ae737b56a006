//! A newer file of the same competition: what it changes of a pool's matches, and which results it proposes.
//!
//! Nothing here signs. A [`Plan`] follows from the file, the pool's matches, what waits for signatures, what the ledger says
//! and the time alone, so that several organisers who import one file sign the same.

mod plan;
mod scores;
mod verdict;

#[cfg(test)]
use plan::Change;
pub(crate) use plan::{Plan, compare, days, plan, schedules};
pub(crate) use scores::{Proposal, proposals, refuse, results};
pub(crate) use verdict::Refusals;

use std::collections::BTreeMap;

use bolao_ledger::{AccountId, UnixSeconds};

use jiff::tz::TimeZone;
use serde::Serialize;

use crate::view::{Match, Waiting};

/// What the file is compared with.
pub(crate) struct Pool<'a> {
    pub(crate) matches: &'a [Match],
    /// Whose days the file's are; none where the rules know no days.
    pub(crate) zone: Option<TimeZone>,
    /// How many matches the pool can hold.
    pub(crate) room: usize,
    /// What waits for signatures, by the numbers of the matches.
    pub(crate) waiting: &'a BTreeMap<u16, Vec<Waiting>>,
    /// Whose signature it would be, if that is known.
    pub(crate) own: Option<AccountId>,
    pub(crate) now: UnixSeconds,
}

/// Whether something can be signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "verdict", content = "reason", rename_all = "snake_case")]
pub(crate) enum Verdict {
    /// It can.
    Sign,
    /// One has signed it, and it waits for others.
    Signed,
    /// The rules or caution forbid it, for this reason.
    Refused(String),
}

impl Pool<'_> {
    fn find(&self, code: &str) -> Option<&Match> {
        self.matches.iter().find(|game| game.fixture.code == code)
    }

    fn waits(&self, no: u16) -> &[Waiting] {
        self.waiting.get(&no).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests;
