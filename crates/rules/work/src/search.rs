//! What to search next. This is the one place that decides it: for a node's own miner, for `bolao miner` and for miners
//! that are only simulated. It does nothing itself: jobs, finds, answers and the time go in, what the threads are to do
//! comes out.
//!
//! - The newest job is searched. The same job again goes on; another begins at once.
//! - Of the jobs before, the last on the same tip may still be solved: a thread may have had one at hand.
//! - While a block is on its way to the chain, nothing is searched on its tip, and nothing ever again once it was taken.
//! - An unwanted job is searched only by a miner that always mines, and not sooner than the pace allows.
//! - After a refused block the miner rests ([`Backoff`]).
//! - A user who asks for a block gets it: neither what is wanted, nor the pace, nor a rest holds that one up.

use std::{collections::BTreeMap, num::NonZeroU64, sync::Arc, time::Duration};

use crate::{backoff::Backoff, job::Job, pace::Pace};

/// Jobs whose solutions may still come from the threads, and solutions that may be on their way at once.
pub const JOBS: usize = 8;

/// When to look for blocks of one's own accord.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Only while a user asks for one.
    Asked,
    /// While the pool has use for one.
    Wanted,
    /// All the time, whether the pool has use for one or not.
    Always,
}

/// The order to the threads: to search a job, or to rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// To search the job of this number.
    Search(u64),
    /// To search nothing, and why.
    Rest(Rest),
}

/// Why nothing is searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    /// No user asks for a block.
    Unasked,
    /// There is no job, or none after the last.
    NoJob,
    /// The pool has no use for a block.
    Unwanted,
    /// A block on this tip, or the last that was to be found, is on its way to the chain.
    Submitting,
    /// The last block came just now.
    Pace(Duration),
    /// A block was refused, and the next might be too.
    Refused(Duration),
}

impl Doing {
    /// When to decide anew if nothing happens before.
    #[must_use]
    pub const fn ends(self) -> Option<Duration> {
        match self {
            Self::Rest(Rest::Pace(end) | Rest::Refused(end)) => Some(end),
            Self::Rest(Rest::Unasked | Rest::NoJob | Rest::Unwanted | Rest::Submitting)
            | Self::Search(_) => None,
        }
    }
}

/// The outcome for a block that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is the chain's tip.
    Taken,
    /// The chain had gone on.
    Stale,
    /// It was refused, or could not be sent.
    Refused,
}

/// A job and when it came.
#[derive(Clone, Debug)]
pub struct Received {
    /// The job that came.
    pub job: Arc<Job>,
    /// When it came: its header carried the giver's time then.
    pub at: Duration,
}

impl Received {
    /// Gives the Unix seconds that a header is to carry now by the giver's clock, whatever this machine's says.
    #[must_use]
    pub fn time(&self, now: Duration) -> u32 {
        let passed = now.saturating_sub(self.at).as_secs();
        let passed = u32::try_from(passed).unwrap_or(u32::MAX);
        self.job.time().saturating_add(passed)
    }
}

/// The state of a search. Times are counted from any origin of the caller's.
#[derive(Debug)]
pub struct Search {
    when: When,
    pace: Pace,
    /// The number of blocks that are enough.
    enough: Option<NonZeroU64>,
    asked: bool,
    current: Option<Received>,
    /// The last order to the threads.
    doing: Doing,
    /// The jobs that the threads may still solve, all on one tip.
    given: BTreeMap<u64, Received>,
    submitting: BTreeMap<u64, Arc<Job>>,
    /// The tip on which the last block that was taken builds.
    solved: Option<[u8; 32]>,
    last: u64,
    last_found: Option<Duration>,
    taken: u64,
    backoff: Backoff,
}

impl Search {
    /// Nothing is there to be searched yet. With `enough` it looks for no more blocks than these.
    #[must_use]
    pub fn new(when: When, pace: Pace, enough: Option<NonZeroU64>) -> Self {
        Self {
            when,
            pace,
            enough,
            asked: false,
            current: None,
            doing: Doing::Rest(Rest::NoJob),
            given: BTreeMap::new(),
            submitting: BTreeMap::new(),
            solved: None,
            last: 0,
            last_found: None,
            taken: 0,
            backoff: Backoff::default(),
        }
    }

    /// Whether a user waits for a block.
    pub const fn ask(&mut self, asked: bool) {
        self.asked = asked;
    }

    /// From now on blocks are looked for then.
    pub const fn set_when(&mut self, when: When) {
        self.when = when;
    }

    /// Whether a job is of use.
    #[must_use]
    pub fn wants_jobs(&self) -> bool {
        self.asked || self.when != When::Asked
    }

    /// The present job, or none while whoever gives them does not answer.
    pub fn receive(&mut self, now: Duration, job: Option<Job>) {
        self.current = job.map(|job| Received {
            job: Arc::new(job),
            at: now,
        });
    }

    /// The job of a solution, which is to be submitted. The threads rest from then on.
    pub fn found(&mut self, now: Duration, number: u64) -> Option<Arc<Job>> {
        // Each number is solved once.
        let Received { job, .. } = self.given.remove(&number)?;
        self.last_found = Some(now);
        self.submitting.insert(number, Arc::clone(&job));
        if self.doing == Doing::Search(number) {
            self.doing = Doing::Rest(Rest::Submitting);
        }
        Some(job)
    }

    /// Takes in what became of the solution of that number.
    pub fn answered(&mut self, now: Duration, number: u64, outcome: Outcome) {
        let Some(job) = self.submitting.remove(&number) else {
            return;
        };
        match outcome {
            Outcome::Taken => {
                self.taken += 1;
                self.solved = Some(job.previous());
                self.backoff.taken();
            }
            // The next one is on its way.
            Outcome::Stale => {
                self.current.take_if(|current| current.job.id == job.id);
            }
            Outcome::Refused => self.backoff.refused(now),
        }
    }

    /// Whether as many blocks were taken as were asked for.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.enough.is_some_and(|enough| self.taken >= enough.get())
    }

    /// Gives the order to the threads from now on, and whether that is another thing than before.
    pub fn decide(&mut self, now: Duration) -> (Doing, bool) {
        let before = self.doing;
        self.doing = match self.wanted(now) {
            Err(rest) => Doing::Rest(rest),
            Ok(received) => match before {
                Doing::Search(number) if self.is_given(number, &received.job) => before,
                Doing::Search(_) | Doing::Rest(_) => Doing::Search(self.give(received)),
            },
        };
        (self.doing, self.doing != before)
    }

    /// The job of that number.
    #[must_use]
    pub fn job(&self, number: u64) -> Option<&Received> {
        self.given.get(&number)
    }

    fn is_given(&self, number: u64, job: &Job) -> bool {
        let given = self.given.get(&number);
        given.is_some_and(|given| given.job.id == job.id)
    }

    fn give(&mut self, received: Received) -> u64 {
        let tip = received.job.previous();
        self.given.retain(|_, given| given.job.previous() == tip);
        self.last += 1;
        self.given.insert(self.last, received);
        while self.given.len() > JOBS {
            self.given.pop_first();
        }
        self.last
    }

    fn wanted(&self, now: Duration) -> Result<Received, Rest> {
        if !self.wants_jobs() {
            return Err(Rest::Unasked);
        }
        let is_next = |received: &&Received| self.solved != Some(received.job.previous());
        let received = self.current.as_ref().filter(is_next).ok_or(Rest::NoJob)?;
        let job = &received.job;
        if !self.asked && !job.wanted && self.when != When::Always {
            return Err(Rest::Unwanted);
        }
        let on_their_way = u64::try_from(self.submitting.len()).unwrap_or(u64::MAX);
        let could_be_enough = self
            .enough
            .is_some_and(|enough| self.taken.saturating_add(on_their_way) >= enough.get());
        let mut others = self.submitting.values();
        let is_solved = others.any(|other| other.previous() == job.previous());
        if could_be_enough || self.submitting.len() >= JOBS || is_solved {
            return Err(Rest::Submitting);
        }
        if !self.asked {
            if let Some(end) = self.backoff.rests_until(now) {
                return Err(Rest::Refused(end));
            }
            let paced = self.pace.waits_until(self.last_found, job.wanted, now);
            if let Some(end) = paced {
                return Err(Rest::Pace(end));
            }
        }
        Ok(received.clone())
    }
}

#[cfg(test)]
mod tests;
