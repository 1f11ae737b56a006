//! What a thread hashes next: its extra nonces, and the times under which it uses them.
//!
//! An extra nonce is `salt (8) ‖ thread (2, big-endian) ‖ counter (6, big-endian)`. The counter
//! goes on from work to work, so that a job which is set again is not hashed again. When
//! all extra nonces were used under one time, the time moves on by a second; when it would
//! pass the job's `max_time`, the work is exhausted.

use std::time::Duration;

/// Extra nonces of one thread under one header time: as many as six bytes count.
const EXTRA_NONCES: u64 = 1 << 48;

/// The limits up to which a thread goes before it takes the next extra nonce, and the next time. Tests use
/// less than there is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) last_nonce: u32,
    pub(crate) extra_nonces: u64,
    /// The time to stay with one header while there is a clock: a slow thread needs minutes for all of its nonces.
    pub(crate) header_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            last_nonce: u32::MAX,
            extra_nonces: EXTRA_NONCES,
            header_time: Duration::from_secs(5),
        }
    }
}

#[derive(Debug)]
pub(crate) struct Space {
    salt: [u8; 8],
    thread: u16,
    limits: Limits,
    counter: u64,
    left: u64,
    time: u32,
    max_time: u32,
}

impl Space {
    pub(crate) fn new(salt: [u8; 8], thread: u16, limits: Limits) -> Self {
        Self {
            salt,
            thread,
            limits,
            counter: 0,
            left: 0,
            time: 0,
            max_time: 0,
        }
    }

    pub(crate) fn last_nonce(&self) -> u32 {
        self.limits.last_nonce
    }

    pub(crate) fn header_time(&self) -> Duration {
        self.limits.header_time
    }

    /// Starts on work whose header may carry the times from `time` to `max_time`.
    pub(crate) fn begin(&mut self, time: u32, max_time: u32) {
        self.left = self.limits.extra_nonces;
        self.time = time;
        self.max_time = max_time;
    }

    /// The next extra nonce and header time, or `None` when all are used. `now` moves the time
    /// forward where it is later, as far as `max_time`.
    pub(crate) fn next(&mut self, now: Option<u32>) -> Option<([u8; 16], u32)> {
        let now = now.unwrap_or(0).min(self.max_time);
        if now > self.time {
            self.begin(now, self.max_time);
        }
        if self.left == 0 {
            if self.time >= self.max_time {
                return None;
            }
            self.begin(self.time + 1, self.max_time);
        }
        self.left -= 1;
        let counter = self.counter;
        self.counter = (counter + 1) % self.limits.extra_nonces;
        Some((self.extra_nonce(counter), self.time))
    }

    fn extra_nonce(&self, counter: u64) -> [u8; 16] {
        let mut bytes = [0; 16];
        bytes[8..].copy_from_slice(&counter.to_be_bytes());
        bytes[..8].copy_from_slice(&self.salt);
        bytes[8..10].copy_from_slice(&self.thread.to_be_bytes());
        bytes
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::collections::HashSet;

    use super::*;

    const SALT: [u8; 8] = *b"saltsalt";

    fn limits(extra_nonces: u64) -> Limits {
        Limits {
            extra_nonces,
            ..Limits::default()
        }
    }

    #[test]
    fn salt_thread_and_counter_have_their_places() {
        let mut space = Space::new(SALT, 0x0102, Limits::default());
        space.begin(50, 50);
        space.next(None).unwrap();
        let (extra_nonce, time) = space.next(None).unwrap();
        assert_eq!(&extra_nonce, b"saltsalt\x01\x02\0\0\0\0\0\x01");
        assert_eq!(time, 50);
    }

    #[test]
    fn the_last_counter_does_not_reach_into_the_thread() {
        let mut space = Space::new(SALT, 7, Limits::default());
        space.counter = EXTRA_NONCES - 1;
        space.begin(0, 0);
        let (last, _) = space.next(None).unwrap();
        assert_eq!(&last[8..], &[0, 7, 255, 255, 255, 255, 255, 255]);
        let (wrapped, _) = space.next(None).unwrap();
        assert_eq!(&wrapped[8..], &[0, 7, 0, 0, 0, 0, 0, 0]);
    }

    #[test]
    fn threads_and_salts_never_meet() {
        let mut seen = HashSet::new();
        for (salt, thread) in [(SALT, 0), (SALT, 1), (SALT, u16::MAX), ([0; 8], 0)] {
            let mut space = Space::new(salt, thread, limits(5));
            for _ in 0..2 {
                space.begin(10, 12);
                let mut points = 0;
                while let Some(point) = space.next(None) {
                    points += 1;
                    // Work that is begun again under the same times wraps a counter of five.
                    assert!(seen.insert(point) || points <= 15);
                }
                assert_eq!(points, 15);
            }
        }
        assert_eq!(seen.len(), 4 * 15);
    }

    #[test]
    fn the_same_work_goes_on_where_it_stopped() {
        let mut space = Space::new(SALT, 0, Limits::default());
        space.begin(10, 10);
        let first = space.next(None);
        space.begin(10, 10);
        assert_ne!(space.next(None), first);
    }

    #[test]
    fn time_moves_only_forward_and_not_past_its_maximum() {
        let mut space = Space::new(SALT, 0, limits(2));
        space.begin(100, 110);
        let times: Vec<u32> = [
            None,
            Some(90),
            Some(105),
            Some(101),
            Some(105),
            Some(u32::MAX),
        ]
        .into_iter()
        .map(|now| space.next(now).unwrap().1)
        .collect();
        assert_eq!(times, [100, 100, 105, 105, 106, 110]);
        assert_eq!(space.next(Some(u32::MAX)).unwrap().1, 110);
        assert_eq!(space.next(Some(u32::MAX)), None);
    }

    #[test]
    fn a_maximum_below_the_start_keeps_the_start() {
        let mut space = Space::new(SALT, 0, limits(1));
        space.begin(100, 0);
        assert_eq!(space.next(Some(200)).unwrap().1, 100);
        assert_eq!(space.next(Some(200)), None);
    }
}
