//! What to search now. Decides, and does nothing itself: news and answers go in, what the threads are to do comes out.

use std::{collections::BTreeMap, num::NonZeroU64, sync::Arc, time::Duration};

use bolao_miner::Backoff;
use tokio::time::Instant;

use super::work::{Job, Outcome};
use crate::command::miner::When;

/// The least time from one block to an empty one, so that an easy pool's disks do not fill.
const IDLE_PACE: Duration = Duration::from_secs(1);
/// The least time from one block to any other, so that a node whose target is nothing does not keep the cores busy.
const LEAST_PACE: Duration = Duration::from_millis(50);
/// Jobs whose solutions may still come from the threads, and solutions that may be on their way at once.
pub(super) const JOBS: usize = 8;

/// What the threads are to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doing {
    /// To search the job of this number.
    Search(u64),
    Rest(Rest),
}

/// Why nothing is searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rest {
    /// The node has given no work, or none after the last.
    NoWork,
    /// The pool has no use for a block.
    Unwanted,
    /// A block of this tip, or the last that was asked for, is on its way to the node.
    HandingIn,
    /// The last block came just now.
    Pace(Instant),
    /// The node refused a block or did not take it, and might not take the next.
    Refused(Instant),
}

impl Rest {
    /// When to decide anew if nothing happens before.
    pub(super) const fn ends(self) -> Option<Instant> {
        match self {
            Self::NoWork | Self::Unwanted | Self::HandingIn => None,
            Self::Pace(end) | Self::Refused(end) => Some(end),
        }
    }
}

/// The state of a search.
#[derive(Debug)]
pub(super) struct Search {
    when: When,
    /// How many blocks are enough.
    enough: Option<NonZeroU64>,
    current: Option<Arc<Job>>,
    /// What the threads were told last.
    doing: Doing,
    /// What the threads may still have a solution of.
    given: BTreeMap<u64, Arc<Job>>,
    handing_in: BTreeMap<u64, Arc<Job>>,
    last: u64,
    last_found: Option<Instant>,
    accepted: u64,
    backoff: Backoff,
}

impl Search {
    pub(super) fn new(when: When, enough: Option<NonZeroU64>) -> Self {
        Self {
            when,
            enough,
            current: None,
            doing: Doing::Rest(Rest::NoWork),
            given: BTreeMap::new(),
            handing_in: BTreeMap::new(),
            last: 0,
            last_found: None,
            accepted: 0,
            backoff: Backoff::default(),
        }
    }

    /// The node's present work, or none while it does not answer.
    pub(super) fn take(&mut self, job: Option<Arc<Job>>) {
        self.current = job;
    }

    /// Of which job a solution is, to be handed in. The threads rest from then on.
    pub(super) fn found(&mut self, now: Instant, number: u64) -> Option<Arc<Job>> {
        // Each number is solved once.
        let job = self.given.remove(&number)?;
        self.last_found = Some(now);
        self.handing_in.insert(number, Arc::clone(&job));
        if self.doing == Doing::Search(number) {
            self.doing = Doing::Rest(Rest::HandingIn);
        }
        Some(job)
    }

    /// What became of the solution of that number.
    pub(super) fn answered(&mut self, now: Instant, number: u64, outcome: &Outcome) {
        let Some(job) = self.handing_in.remove(&number) else {
            return;
        };
        let is_current = |current: &Arc<Job>| match outcome {
            Outcome::Accepted { .. } => current.tip() == job.tip(),
            Outcome::Stale(_) => current.id == job.id,
            Outcome::Rejected(_) | Outcome::Lost(_) => false,
        };
        // The next one is on its way.
        self.current.take_if(|current| is_current(current));
        match outcome {
            Outcome::Accepted { .. } => {
                self.accepted += 1;
                self.backoff.taken();
            }
            Outcome::Rejected(_) | Outcome::Lost(_) => self.backoff.refused(now.into_std()),
            Outcome::Stale(_) => {}
        }
    }

    /// Whether the node took as many blocks as were asked for.
    pub(super) fn is_done(&self) -> bool {
        self.enough
            .is_some_and(|enough| self.accepted >= enough.get())
    }

    /// What the threads are to do from now on, and whether that is another thing than before.
    pub(super) fn decide(&mut self, now: Instant) -> (Doing, bool) {
        let before = self.doing;
        self.doing = match self.wanted(now) {
            Err(rest) => Doing::Rest(rest),
            Ok(job) => match before {
                Doing::Search(number) if self.is_given(number, &job) => before,
                _ => Doing::Search(self.give(job)),
            },
        };
        (self.doing, self.doing != before)
    }

    /// The job of that number.
    pub(super) fn job(&self, number: u64) -> Option<&Arc<Job>> {
        self.given.get(&number)
    }

    fn is_given(&self, number: u64, job: &Job) -> bool {
        self.given
            .get(&number)
            .is_some_and(|given| given.id == job.id)
    }

    fn give(&mut self, job: Arc<Job>) -> u64 {
        self.last += 1;
        self.given.insert(self.last, job);
        while self.given.len() > JOBS {
            self.given.pop_first();
        }
        self.last
    }

    fn wanted(&self, now: Instant) -> Result<Arc<Job>, Rest> {
        let job = self.current.as_ref().ok_or(Rest::NoWork)?;
        if !job.wanted && self.when == When::Pending {
            return Err(Rest::Unwanted);
        }
        let on_their_way = u64::try_from(self.handing_in.len()).unwrap_or(u64::MAX);
        let could_be_enough = self
            .enough
            .is_some_and(|enough| self.accepted.saturating_add(on_their_way) >= enough.get());
        let mut others = self.handing_in.values();
        let too_many = self.handing_in.len() >= JOBS;
        if could_be_enough || too_many || others.any(|other| other.tip() == job.tip()) {
            return Err(Rest::HandingIn);
        }
        if let Some(end) = self.backoff.rests_until(now.into_std()) {
            return Err(Rest::Refused(end.into()));
        }
        let pace = if job.wanted { LEAST_PACE } else { IDLE_PACE };
        let paced = self.last_found.map(|found| found + pace);
        match paced.filter(|end| *end > now) {
            Some(end) => Err(Rest::Pace(end)),
            None => Ok(Arc::clone(job)),
        }
    }
}

#[cfg(test)]
mod tests;
