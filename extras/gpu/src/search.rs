//! Searching on a device that is not trusted.
//!
//! - A dispatch reports how many nonces have a top word that is low enough, and the first 256 of
//!   them one by one. If there are more, the same nonces are tried again in smaller dispatches; one
//!   of no more nonces than places cannot overflow. So no hit is lost.
//! - Each reported nonce is hashed again on the CPU. So no hit is made up. By its top word alone a nonce
//!   passes only if that word equals the target's; any other whose hash is too high, one that was
//!   not asked for, and one reported twice show that the device is wrong.
//! - A device that finds nothing looks as if there were nothing. So it is tried on a target that one
//!   nonce in 16 meets: when it is opened, and every ten seconds of searching.

use std::{
    fmt,
    ops::{ControlFlow, RangeInclusive},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use bolao_miner::{SearchHeader, top_word};
use bolao_work::meets_target;

use crate::{pace::Pace, source::PLACES};

/// The smallest dispatches are made so small that the lowest hit is not waited for long: this
/// many are expected in one.
const EXPECTED: u64 = 8;
/// Nonces of a check.
const CHECKED: u32 = 2_048;
/// From one check to the next.
const CHECK_EVERY: Duration = Duration::from_secs(10);

/// A device that tries nonces, one dispatch after the other.
pub(crate) trait Dispatch: fmt::Debug + Send + Sync {
    /// Tries `count` nonces from `start` on; they do not go past the last that there is.
    fn dispatch(&self, header: &SearchHeader, start: u32, count: u32) -> Result<Hits, String>;
}

/// The result of a dispatch: the nonces that passed, and its times.
#[derive(Debug)]
pub(crate) struct Hits {
    /// Nonces that passed, reported or not.
    pub(crate) count: u32,
    /// In no order; all of them unless there are more than places.
    pub(crate) nonces: Vec<u32>,
    pub(crate) submitted: Instant,
    pub(crate) ended: Instant,
}

/// Why a device is not searched with any more.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// By its driver.
    #[error("{0}")]
    Driver(String),
    /// By what it reported.
    #[error("it gives wrong hashes ({0}), want those that the CPU computes")]
    Wrong(String),
}

#[derive(Debug)]
pub(crate) struct Search<D> {
    pub(crate) device: D,
    pub(crate) pace: Pace,
    check_every: Duration,
    /// When the last check began.
    checked: Mutex<Instant>,
}

impl<D: Dispatch> Search<D> {
    pub(crate) fn new(device: D) -> Self {
        Self {
            device,
            pace: Pace::new(),
            check_every: CHECK_EVERY,
            checked: Mutex::new(Instant::now()),
        }
    }

    /// The lowest nonce that meets the target.
    pub(crate) fn lowest(
        &self,
        header: &SearchHeader,
        nonces: RangeInclusive<u32>,
    ) -> Result<Option<u32>, Fault> {
        if self.is_due(Instant::now()) {
            self.check(header, *nonces.start())?;
        }
        let room = few(header.target_top());
        self.each(header, nonces, room, |hits| {
            hits.first().map_or(ControlFlow::Continue(()), |nonce| {
                ControlFlow::Break(*nonce)
            })
        })
    }

    /// Whether it is time for a check; of threads that ask at the same time one hears so.
    fn is_due(&self, now: Instant) -> bool {
        let mut checked = self.checked.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = now.saturating_duration_since(*checked) >= self.check_every;
        if is_due {
            *checked = now;
        }
        is_due
    }

    /// Compares 2,048 nonces from about `start` on with the CPU's, under a target that one in 16
    /// meets.
    pub(crate) fn check(&self, header: &SearchHeader, start: u32) -> Result<(), Fault> {
        let mut target = [0xff; 32];
        target[31] = 0x0f;
        let header = header.with_target(target);
        let start = start.min(u32::MAX - (CHECKED - 1));
        let nonces = start..=start + (CHECKED - 1);
        let mut found = Vec::new();
        self.each(&header, nonces.clone(), u32::MAX, |hits| {
            found.extend(hits);
            ControlFlow::<()>::Continue(())
        })?;
        let wanted = nonces.filter(|nonce| header.is_met_by(*nonce));
        let wanted: Vec<u32> = wanted.collect();
        if wanted == found {
            return Ok(());
        }
        Err(Fault::Wrong(format!(
            "it found {} of {} hits among {CHECKED} nonces",
            found.len(),
            wanted.len()
        )))
    }

    /// Hands the hits of each dispatch, lowest first, to `look` until it breaks. No dispatch has
    /// more than `room` nonces.
    pub(crate) fn each<T>(
        &self,
        header: &SearchHeader,
        nonces: RangeInclusive<u32>,
        mut room: u32,
        mut look: impl FnMut(Vec<u32>) -> ControlFlow<T>,
    ) -> Result<Option<T>, Fault> {
        let (mut start, last) = nonces.into_inner();
        while start <= last {
            let left = (last - start).saturating_add(1);
            let count = left.min(self.pace.nonces()).min(room);
            let hits = self.device.dispatch(header, start, count);
            let hits = hits.map_err(Fault::Driver)?;
            self.pace.took(count, hits.submitted, hits.ended);
            let all = hits.count;
            let hits = confirmed(header, hits, start, count).map_err(Fault::Wrong)?;
            if all > PLACES {
                room = fewer(count, all);
                continue;
            }
            if let ControlFlow::Break(value) = look(hits) {
                return Ok(Some(value));
            }
            let Some(next) = start.checked_add(count) else {
                break;
            };
            start = next;
        }
        Ok(None)
    }
}

/// Those of the reported nonces that meet the target, lowest first. An error if the device is wrong.
fn confirmed(
    header: &SearchHeader,
    hits: Hits,
    start: u32,
    count: u32,
) -> Result<Vec<u32>, String> {
    if hits.count > count {
        return Err(format!(
            "it reported {} hits among {count} nonces",
            hits.count
        ));
    }
    let mut nonces = hits.nonces;
    nonces.sort_unstable();
    let asked = start..=start + (count - 1);
    if let Some(nonce) = nonces.iter().find(|nonce| !asked.contains(nonce)) {
        return Err(format!(
            "it reported nonce {nonce}, which was not asked for"
        ));
    }
    let pairs = nonces.iter().zip(nonces.iter().skip(1));
    if let Some((nonce, _)) = pairs.into_iter().find(|(one, next)| one == next) {
        return Err(format!("it reported nonce {nonce} twice"));
    }
    let mut confirmed = Vec::with_capacity(nonces.len());
    for nonce in nonces {
        let hash = header.hash(nonce);
        if meets_target(&hash, header.target()) {
            confirmed.push(nonce);
        } else if top_word(&hash) != header.target_top() {
            return Err(format!(
                "it reported nonce {nonce}, whose hash misses the target"
            ));
        }
    }
    Ok(confirmed)
}

/// So many nonces that a few hits are expected among them.
fn few(target_top: u32) -> u32 {
    let nonces = (EXPECTED << 32) / (u64::from(target_top) + 1);
    u32::try_from(nonces).unwrap_or(u32::MAX).max(PLACES)
}

/// Gives the number of nonces that leaves half of the places free if `hits` of `count` nonces hit; never fewer than there are
/// places, for so many have room even if all of them hit.
fn fewer(count: u32, hits: u32) -> u32 {
    let fitting = u64::from(count) * u64::from(PLACES / 2) / u64::from(hits).max(1);
    u32::try_from(fitting).unwrap_or(count).max(PLACES)
}

#[cfg(test)]
mod tests;
