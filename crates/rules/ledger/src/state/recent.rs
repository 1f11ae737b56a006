//! What came within the last seconds of the pool's time.

use borsh::{BorshDeserialize, BorshSerialize};

use super::short;
use crate::units::UnixSeconds;

/// The tally of what came in the blocks of one time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Came {
    /// The pool's time.
    #[borsh(serialize_with = "short::write", deserialize_with = "short::read")]
    pub time: UnixSeconds,
    /// The number of transactions or accounts.
    #[borsh(serialize_with = "short::write", deserialize_with = "short::read")]
    pub count: u64,
    /// The number of their bytes.
    #[borsh(serialize_with = "short::write", deserialize_with = "short::read")]
    pub bytes: u64,
}

/// The tallies of what came within the last seconds, the oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Recent(pub Vec<Came>);

impl Recent {
    /// With one more of so many bytes that comes now, and without what is `window_s` seconds old. Times never fall.
    #[must_use]
    pub(crate) fn with(mut self, now: UnixSeconds, bytes: u64, window_s: u32) -> Self {
        let window_s = u64::from(window_s);
        self.0
            .retain(|came| came.time.0.saturating_add(window_s) > now.0);
        match self.0.last_mut().filter(|last| last.time == now) {
            Some(last) => {
                last.count = last.count.saturating_add(1);
                last.bytes = last.bytes.saturating_add(bytes);
            }
            None => self.0.push(Came {
                time: now,
                count: 1,
                bytes,
            }),
        }
        self
    }

    /// The number of those that came, and of their bytes.
    #[must_use]
    pub fn sums(&self) -> (u64, u64) {
        self.0.iter().fold((0, 0), |(count, bytes), came| {
            (
                count.saturating_add(came.count),
                bytes.saturating_add(came.bytes),
            )
        })
    }

    /// When the oldest leaves the window.
    #[must_use]
    pub fn eases_at(&self, window_s: u32) -> UnixSeconds {
        let first = self.0.first().map_or(0, |came| came.time.0);
        UnixSeconds(first.saturating_add(window_s.into()))
    }
}
