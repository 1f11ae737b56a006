//! How long to rest after a block of our own was refused: the next one would most likely be refused too.

use std::time::Duration;

use tokio::time::Instant;

/// After the first refusal; each further one doubles it.
const FIRST: Duration = Duration::from_secs(1);
/// The longest rest.
const LONGEST: Duration = Duration::from_mins(1);
/// As often as it doubles before it is the longest.
const DOUBLINGS: u32 = 6;

#[derive(Debug, Default)]
pub(super) struct Backoff {
    refusals: u32,
    until: Option<Instant>,
}

impl Backoff {
    pub(super) fn refused(&mut self, now: Instant) {
        let rest = FIRST * 2_u32.pow(self.refusals.min(DOUBLINGS));
        self.refusals = self.refusals.saturating_add(1);
        self.until = Some(now + rest.min(LONGEST));
    }

    /// One was taken: all is well again.
    pub(super) fn taken(&mut self) {
        *self = Self::default();
    }

    pub(super) fn rests_until(&self, now: Instant) -> Option<Instant> {
        self.until.filter(|until| *until > now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rests_double_up_to_a_minute_and_end_with_a_block_that_is_taken() {
        let now = Instant::now();
        let mut backoff = Backoff::default();
        assert_eq!(backoff.rests_until(now), None);
        for seconds in [1, 2, 4, 8, 16, 32, 60, 60] {
            backoff.refused(now);
            let end = now + Duration::from_secs(seconds);
            assert_eq!(backoff.rests_until(now), Some(end));
            assert_eq!(backoff.rests_until(end), None);
        }
        backoff.taken();
        assert_eq!(backoff.rests_until(now), None);
        backoff.refused(now);
        assert_eq!(backoff.rests_until(now), Some(now + FIRST));
    }
}
