//! Players on their way from one device to another: each is held for five minutes, in memory, and given once.
//!
//! A device encrypts its player's keys and shows the secret to the other device alone, as a QR code. This node sees neither.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// The time that one is held.
pub(crate) const HELD: Duration = Duration::from_mins(5);
/// So many are held at once.
const MOST: usize = 64;

/// The texts that were left, by id, until somebody takes them. An id stays taken: a copy that is left again would hide that.
#[derive(Default)]
pub(crate) struct Handovers(Mutex<BTreeMap<String, (Instant, Option<String>)>>);

/// Why one is not held.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum NotHeld {
    Taken,
    Full,
}

impl Handovers {
    /// Holds a text under an id, from `now` on.
    pub(crate) fn hold(&self, id: String, sealed: String, now: Instant) -> Result<(), NotHeld> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.retain(|_, (since, _)| now.duration_since(*since) < HELD);
        if held.contains_key(&id) {
            return Err(NotHeld::Taken);
        }
        if held.len() >= MOST {
            return Err(NotHeld::Full);
        }
        held.insert(id, (now, Some(sealed)));
        Ok(())
    }

    /// Gives what is held under an id, once.
    pub(crate) fn take(&self, id: &str, now: Instant) -> Option<String> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, sealed) = held.get_mut(id)?;
        let sealed = sealed.take();
        sealed.filter(|_| now.duration_since(*since) < HELD)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_given_once_and_for_five_minutes() {
        let (handovers, now) = (Handovers::default(), Instant::now());
        assert_eq!(handovers.hold("a".into(), "keys".into(), now), Ok(()));
        assert_eq!(
            handovers.hold("a".into(), "others".into(), now),
            Err(NotHeld::Taken)
        );
        assert_eq!(handovers.take("a", now).as_deref(), Some("keys"));
        assert_eq!(handovers.take("a", now), None);
        assert_eq!(
            handovers.hold("a".into(), "keys".into(), now),
            Err(NotHeld::Taken)
        );
        assert_eq!(handovers.hold("b".into(), "keys".into(), now), Ok(()));
        assert_eq!(handovers.take("b", now + HELD), None);
    }

    #[test]
    fn old_ones_make_room() {
        let (handovers, now) = (Handovers::default(), Instant::now());
        for id in 0..MOST {
            assert_eq!(handovers.hold(id.to_string(), String::new(), now), Ok(()));
        }
        assert_eq!(
            handovers.hold("one more".into(), String::new(), now),
            Err(NotHeld::Full)
        );
        assert_eq!(
            handovers.hold("one more".into(), String::new(), now + HELD),
            Ok(())
        );
    }
}
