//! Whether whoever decides alone may date a block by this machine's clock. Several validators bound one another's times; one that
//! holds more than two thirds of the weight has nobody, and a block that it dates a year ahead ends all betting for good.
//!
//! - **Witnesses**: the kernel, which also says whether the network sets its clock; the date of an answer over TLS; and others, who
//!   are the connected peers and the page that was heard last.
//! - A witness that is more than [`CONTRADICTS_S`] off **contradicts**, else it **agrees**. Of others more than half decide; where they are
//!   even, a synchronised kernel. Anybody may be many others: where a synchronised kernel and a date both agree, they are not asked.
//! - A time more than an hour before the last block's is in doubt, whoever agrees; and one more than [`CONFIRMED_S`] after it, unless
//!   somebody agrees, or the clock has gone on as it was when it was last beyond doubt.
//! - The operator's word is the last one. It holds as long as the clock goes on as it was then.

use bolao_ledger::UnixSeconds;

use serde::{Deserialize, Serialize};

use super::arrivals::{CONFIRMED_S, CONTRADICTS_S, TOLD_MS};
use crate::io::{ClockWitness, Now};

/// A doubt about this machine's clock, for which whoever decides alone makes no block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ClockDoubt {
    /// The side that contradicts it.
    pub cause: DoubtCause,
    /// The number of seconds by which the clock is ahead of theirs, or behind if negative.
    pub ahead_s: i64,
}

/// The cause of a doubt: what contradicts a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = ClockDoubtCause))]
#[serde(rename_all = "snake_case")]
pub enum DoubtCause {
    /// This machine's kernel tells another time than the program is given.
    Kernel,
    /// The date of an answer over TLS.
    Date,
    /// Most connected peers and pages.
    Others,
    /// The last block, which is dated after it.
    LastBlock,
    /// Nobody: it is long after the last block, and no one confirms it.
    Unconfirmed,
}

impl DoubtCause {
    /// The side that contradicts, in words.
    #[must_use]
    pub const fn whom(self) -> &'static str {
        match self {
            Self::Kernel => "the time of this machine's own kernel",
            Self::Date => "the date of a server on the web",
            Self::Others => "the clocks of most connected nodes and pages",
            Self::LastBlock => "the last block's time",
            Self::Unconfirmed => {
                "the last block's time, and no other node, page or server on the web confirms it, nor does the network \
                set it"
            }
        }
    }
}

/// A time that somebody told, and when.
#[derive(Clone, Copy, Debug)]
struct Told {
    time: UnixSeconds,
    at_ms: u64,
}

impl Told {
    /// The number of seconds by which our clock is ahead of it now.
    fn ahead_s(self, now: Now) -> Option<i64> {
        let since_ms = now.mono_ms.saturating_sub(self.at_ms);
        let theirs = self.time.0.saturating_add(since_ms / 1_000);
        let counts = since_ms < TOLD_MS;
        now.unix.0.checked_signed_diff(theirs).filter(|_| counts)
    }
}

/// The facts by which the clock is judged, besides what is remembered.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facts<'a> {
    pub(crate) now: Now,
    /// The time of the last block.
    pub(crate) last: UnixSeconds,
    /// The number of seconds by which the clock is ahead of each connected peer's.
    pub(crate) peers: &'a [i64],
}

/// The witnesses to the time besides the own clock, as far as they were heard.
#[derive(Debug, Default)]
pub(crate) struct Witnesses {
    /// The number of seconds by which our clock is ahead of the kernel's, and whether the network sets that.
    kernel: Option<(i64, bool)>,
    date: Option<Told>,
    page: Option<Told>,
    /// When the operator said that the clock is right.
    trusted: Option<Now>,
    /// When the clock was beyond doubt, as it has gone on since.
    sure: Option<Now>,
}

fn contradicts(ahead_s: i64) -> bool {
    ahead_s.unsigned_abs() > CONTRADICTS_S
}

/// Whether the clock that is judged by has gone on since as the one did that never goes back.
fn goes_on(since: Now, now: Now) -> bool {
    let ran_s = now.mono_ms.saturating_sub(since.mono_ms) / 1_000;
    let expected = since.unix.0.saturating_add(ran_s);
    now.unix.0.abs_diff(expected) <= CONTRADICTS_S
}

impl Witnesses {
    pub(crate) fn hear(&mut self, now: Now, witness: ClockWitness) {
        let told = |time| {
            Some(Told {
                time,
                at_ms: now.mono_ms,
            })
        };
        match witness {
            ClockWitness::Kernel {
                ahead_s,
                synchronised,
            } => self.kernel = Some((ahead_s, synchronised)),
            ClockWitness::Date(time) => self.date = told(time),
            ClockWitness::Page(time) => self.page = told(time),
            ClockWitness::Operator => self.trusted = Some(now),
        }
    }

    /// The clock was set, or the machine slept: what was told before is measured by neither clock.
    pub(crate) fn leapt(&mut self) {
        self.date = None;
        self.page = None;
    }

    /// The doubt about the clock, if there is one.
    pub(crate) fn judge(&mut self, facts: Facts<'_>) -> Option<ClockDoubt> {
        let now = facts.now;
        self.trusted = self.trusted.filter(|at| goes_on(*at, now));
        if self.trusted.is_some() {
            return None;
        }
        self.sure = self.sure.filter(|at| goes_on(*at, now));
        let doubt = self.doubt(facts);
        if doubt.is_none() {
            self.sure.get_or_insert(now);
        }
        doubt
    }

    fn doubt(&self, facts: Facts<'_>) -> Option<ClockDoubt> {
        let (now, last) = (facts.now, facts.last);
        let by = |cause, ahead_s| Some(ClockDoubt { cause, ahead_s });
        let is_synchronised = match self.kernel {
            Some((ahead_s, _)) if contradicts(ahead_s) => return by(DoubtCause::Kernel, ahead_s),
            Some((_, is_synchronised)) => is_synchronised,
            None => false,
        };
        let date = self.date.and_then(|told| told.ahead_s(now));
        if let Some(ahead_s) = date.filter(|it| contradicts(*it)) {
            return by(DoubtCause::Date, ahead_s);
        }
        let page = self.page.and_then(|told| told.ahead_s(now));
        // A page is anybody's: it can confirm, and contradicts only a clock that nothing else sets right.
        let page = page.filter(|it| !contradicts(*it) || !is_synchronised && date.is_none());
        let (off, agree): (Vec<i64>, Vec<i64>) = facts
            .peers
            .iter()
            .copied()
            .chain(page)
            .partition(|it| contradicts(*it));
        let are_asked = !(is_synchronised && date.is_some());
        let decide = off.len() > agree.len() || off.len() == agree.len() && !is_synchronised;
        if let Some(nearest) = off.iter().min_by_key(|it| it.unsigned_abs())
            && are_asked
            && decide
        {
            return by(DoubtCause::Others, *nearest);
        }
        let after_last = now.unix.0.checked_signed_diff(last.0).unwrap_or(i64::MAX);
        if after_last < 0 && contradicts(after_last) {
            return by(DoubtCause::LastBlock, after_last);
        }
        let is_confirmed =
            is_synchronised || date.is_some() || !agree.is_empty() || self.sure.is_some();
        if after_last > 0 && after_last.unsigned_abs() > CONFIRMED_S && !is_confirmed {
            return by(DoubtCause::Unconfirmed, after_last);
        }
        None
    }
}
