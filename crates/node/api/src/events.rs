//! The last events of a node, for those who listen.
//!
//! - Each event is written once and has a number, without gaps. One ring keeps the last ones, for everybody; a listener has nothing but the
//!   number that it has read to. Whoever was cut off goes on from there, and whoever reads too slowly is told how many it missed.
//! - An id is the chain's height at that moment, this run of the node, the number, and a proof that this home wrote it. Clients give it
//!   back as it is, also to a later run: so a home that has lost blocks hears from whoever listened how high it was ([`Events::told`]).
//! - Nothing is written while nobody listens, but for [`KEPT_FOR`] after the last one has left: whoever comes back later than that is told to
//!   read again.

use std::{
    collections::VecDeque,
    fmt,
    hash::BuildHasher as _,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bolao_ledger::sha256d;
use tokio::{sync::watch, time::Instant};

use crate::EventText;

/// The time for which events are written although nobody listens any more.
pub(crate) const KEPT_FOR: Duration = Duration::from_mins(10);
/// Hashed with the home's secret and an id to prove that.
const DOMAIN: &[u8] = b"bolao/event/1";
/// The bytes of that hash in an id.
const PROOF_BYTES: usize = 8;
/// The most bytes of events that are kept.
const BYTES_KEPT: usize = 4 * 1024 * 1024;

/// The events of a node. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Events {
    ring: Arc<Mutex<Ring>>,
    /// Wakes those who listen, and counts them.
    wake: watch::Sender<()>,
    /// The greatest height in a proven id that somebody gave back.
    told: watch::Sender<u64>,
}

struct Ring {
    secret: [u8; 32],
    /// One run of the node, so that an id of an earlier one is not taken for one of this.
    run: u64,
    /// The number of the last event that happened, kept or not.
    last: u64,
    /// The height of the last event.
    height: u64,
    /// The last events, the newest at the end.
    kept: VecDeque<EventText>,
    bytes: usize,
    most: usize,
    /// When the last listener left.
    left: Option<Instant>,
}

/// One thing that a listener hears.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    /// An event with its id.
    Event { id: String, event: EventText },
    /// So many events were missed; the id is that of the last of them.
    Missed { id: String, missed: u64 },
}

/// The place from which a listener hears.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Begin {
    /// Now, under the last event's id.
    Now { id: String },
    /// After the event that it heard last; so many have happened since.
    Resumed { missed: u64 },
    /// Now, since what happened after the event that it heard last is not known.
    Lost { id: String },
}

/// One who listens.
#[derive(Debug)]
pub(crate) struct Listener {
    ring: Arc<Mutex<Ring>>,
    wake: watch::Receiver<()>,
    /// The number of the event that it has read to.
    read: u64,
}

impl Events {
    /// No events yet; at most so many will be kept. The secret is the home's in every run.
    #[must_use]
    pub fn keeping(most: usize, secret: &[u8; 32]) -> Self {
        let ring = Ring {
            secret: *secret,
            // A hasher's keys are random.
            run: std::hash::RandomState::new().hash_one(0),
            last: 0,
            height: 0,
            kept: VecDeque::new(),
            bytes: 0,
            most,
            left: None,
        };
        Self {
            ring: Arc::new(Mutex::new(ring)),
            wake: watch::Sender::new(()),
            told: watch::Sender::new(0),
        }
    }

    /// Whether an event that happens now is to be written. Where it is not, those before it are given up, as they would have a gap.
    #[must_use]
    pub fn are_wanted(&self) -> bool {
        let mut ring = locked(&self.ring);
        let recent = |left: Instant| left.elapsed() < KEPT_FOR;
        let wanted = self.wake.receiver_count() > 0 || ring.left.is_some_and(recent);
        if !wanted {
            ring.last += 1;
            ring.kept.clear();
            ring.bytes = 0;
        }
        wanted
    }

    /// The greatest height that this home has told in any run, as far as listeners gave it back; 0 at first.
    #[must_use]
    pub fn told(&self) -> watch::Receiver<u64> {
        self.told.subscribe()
    }

    /// Tells those who listen, and keeps it for those who come back.
    pub fn send(&self, event: EventText) {
        let mut ring = locked(&self.ring);
        ring.last += 1;
        ring.height = event.height;
        ring.bytes += event.data.len();
        ring.kept.push_back(event);
        while ring.kept.len() > ring.most || ring.bytes > BYTES_KEPT {
            let gone = ring.kept.pop_front();
            ring.bytes -= gone.map_or(0, |gone| gone.data.len());
        }
        drop(ring);
        self.wake.send_replace(());
    }

    /// Begins to listen, after the event with this id if it is given.
    pub(crate) fn listen(&self, after: Option<&str>) -> (Begin, Listener) {
        let mut ring = locked(&self.ring);
        let resumed = after.and_then(|id| ring.number(id));
        if let Some(height) = after.and_then(|id| ring.height_told(id)) {
            self.told.send_if_modified(|told| {
                let is_more = height > *told;
                *told = height.max(*told);
                is_more
            });
        }
        let id = ring.id(ring.last);
        let begin = match (after, resumed) {
            (_, Some(read)) => Begin::Resumed {
                missed: ring.last - read,
            },
            (Some(_), None) => Begin::Lost { id },
            (None, None) => Begin::Now { id },
        };
        let listener = Listener {
            ring: Arc::clone(&self.ring),
            wake: self.wake.subscribe(),
            read: resumed.unwrap_or(ring.last),
        };
        ring.left = None;
        (begin, listener)
    }
}

fn locked(ring: &Mutex<Ring>) -> MutexGuard<'_, Ring> {
    ring.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for Ring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ring").finish_non_exhaustive()
    }
}

impl Ring {
    /// The number of the event before the first one that is kept.
    fn before(&self) -> u64 {
        let kept = u64::try_from(self.kept.len()).unwrap_or(u64::MAX);
        self.last.saturating_sub(kept)
    }

    fn event(&self, number: u64) -> Option<&EventText> {
        let place = number.checked_sub(self.before())?.checked_sub(1)?;
        self.kept.get(usize::try_from(place).ok()?)
    }

    fn id(&self, number: u64) -> String {
        let height = self.event(number).map_or(self.height, |event| event.height);
        let id = format!("{height}-{:x}-{number}", self.run);
        let proof = self.proof(&id);
        format!("{id}-{proof}")
    }

    fn proof(&self, id: &str) -> String {
        let hash = sha256d(&[DOMAIN, &self.secret, id.as_bytes()].concat());
        hex::encode(
            hash.first_chunk::<PROOF_BYTES>()
                .unwrap_or(&[0; PROOF_BYTES]),
        )
    }

    /// The height in an id that this home wrote, in whatever run.
    fn height_told(&self, id: &str) -> Option<u64> {
        let (id, proof) = id.rsplit_once('-')?;
        let (height, _) = id.split_once('-')?;
        let height = height.parse().ok()?;
        (proof == self.proof(id)).then_some(height)
    }

    /// The number of an event whose id this is, if all that happened after it is kept.
    fn number(&self, id: &str) -> Option<u64> {
        let (id, _) = id.rsplit_once('-')?;
        let (run, number) = id.split_once('-')?.1.split_once('-')?;
        let number = number.parse().ok()?;
        let is_kept = (self.before()..=self.last).contains(&number);
        (run == format!("{:x}", self.run) && is_kept).then_some(number)
    }
}

impl Listener {
    /// The next event; `None` once the node has ended.
    pub(crate) async fn next(&mut self) -> Option<Heard> {
        loop {
            if let Some(heard) = self.read_on() {
                return Some(heard);
            }
            self.wake.changed().await.ok()?;
        }
    }

    fn read_on(&mut self) -> Option<Heard> {
        let ring = locked(&self.ring);
        let missed = ring.before().saturating_sub(self.read);
        if missed > 0 {
            self.read = ring.before();
            let id = ring.id(self.read);
            return Some(Heard::Missed { id, missed });
        }
        let event = ring.event(self.read + 1)?.clone();
        self.read += 1;
        let id = ring.id(self.read);
        Some(Heard::Event { id, event })
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        locked(&self.ring).left = Some(Instant::now());
    }
}

#[cfg(test)]
mod tests;
