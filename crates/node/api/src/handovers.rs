//! Players on their way from one device to another: each is held for five minutes, in memory, and given once.
//!
//! A device encrypts its player's keys and shows the secret to the other device alone, as a QR code. This node sees neither.

use std::{
    collections::BTreeMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use bolao_limits::address_key;

/// The time that one is held.
pub(crate) const HELD: Duration = Duration::from_mins(5);
/// So many are held at once.
const MOST: usize = 256;
/// So many of one IPv4 address or IPv6 /64 network; this machine may leave all.
const MOST_OF_CALLER: usize = 8;

/// The texts that were left, by id, until somebody takes them. An id stays taken: a copy that is left again would hide that.
#[derive(Default)]
pub(crate) struct Handovers(Mutex<BTreeMap<String, Held>>);

/// A text that was left.
struct Held {
    since: Instant,
    caller: IpAddr,
    sealed: Option<String>,
}

/// Why one is not held.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum NotHeld {
    Taken,
    Full,
    /// The caller has left as many as one may.
    TooMany,
}

impl Handovers {
    /// Holds a caller's text under an id, from `now` on.
    pub(crate) fn hold(
        &self,
        id: String,
        sealed: String,
        caller: IpAddr,
        now: Instant,
    ) -> Result<(), NotHeld> {
        let caller = address_key(caller);
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.retain(|_, it| now.duration_since(it.since) < HELD);
        if held.contains_key(&id) {
            return Err(NotHeld::Taken);
        }
        if held.len() >= MOST {
            return Err(NotHeld::Full);
        }
        let own = held.values().filter(|it| it.caller == caller).count();
        if own >= MOST_OF_CALLER && !caller.is_loopback() {
            return Err(NotHeld::TooMany);
        }
        held.insert(
            id,
            Held {
                since: now,
                caller,
                sealed: Some(sealed),
            },
        );
        Ok(())
    }

    /// Gives what is held under an id, once.
    pub(crate) fn take(&self, id: &str, now: Instant) -> Option<String> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let it = held.get_mut(id)?;
        let sealed = it.sealed.take();
        sealed.filter(|_| now.duration_since(it.since) < HELD)
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    /// A caller elsewhere.
    fn caller(number: usize) -> IpAddr {
        let last = u8::try_from(number % 256).unwrap_or_default();
        Ipv4Addr::new(192, 0, 2, last).into()
    }

    impl Handovers {
        fn hold_of(&self, number: usize, id: &str, now: Instant) -> Result<(), NotHeld> {
            self.hold(id.to_owned(), "keys".to_owned(), caller(number), now)
        }
    }

    #[test]
    fn each_is_given_once_and_for_five_minutes() {
        let (handovers, now) = (Handovers::default(), Instant::now());
        assert_eq!(handovers.hold_of(1, "a", now), Ok(()));
        assert_eq!(handovers.hold_of(1, "a", now), Err(NotHeld::Taken));
        assert_eq!(handovers.take("a", now).as_deref(), Some("keys"));
        assert_eq!(handovers.take("a", now), None);
        assert_eq!(handovers.hold_of(2, "a", now), Err(NotHeld::Taken));
        assert_eq!(handovers.hold_of(1, "b", now), Ok(()));
        assert_eq!(handovers.take("b", now + HELD), None);
    }

    #[test]
    fn old_ones_make_room() {
        let (handovers, now) = (Handovers::default(), Instant::now());
        for id in 0..MOST {
            assert_eq!(handovers.hold_of(id, &id.to_string(), now), Ok(()));
        }
        assert_eq!(handovers.hold_of(1, "one more", now), Err(NotHeld::Full));
        assert_eq!(handovers.hold_of(1, "one more", now + HELD), Ok(()));
    }

    /// One address took all places, for five minutes.
    #[test]
    fn one_caller_leaves_room_for_others() {
        let (handovers, now) = (Handovers::default(), Instant::now());
        let held = (0..MOST).filter(|id| handovers.hold_of(1, &id.to_string(), now).is_ok());
        assert_eq!(held.count(), MOST_OF_CALLER);
        assert_eq!(handovers.hold_of(1, "more", now), Err(NotHeld::TooMany));
        assert_eq!(handovers.hold_of(2, "a friend", now), Ok(()));
        let own = Ipv4Addr::LOCALHOST.into();
        for id in 0..2 * MOST_OF_CALLER {
            let left = handovers.hold(format!("own {id}"), String::new(), own, now);
            assert_eq!(left, Ok(()));
        }
    }
}
