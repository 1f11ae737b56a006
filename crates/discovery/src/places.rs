//! Places for callers: so many in all, so many for one address, so that nobody takes them all. Loopback has its own
//! count, so that strangers cannot lock out the node's own user.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

use crate::known::address_key;

/// How many places there are.
#[derive(Debug, Clone, Copy)]
pub struct PlaceLimits {
    /// For other machines.
    pub elsewhere: usize,
    /// Of these, for one IPv4 address or IPv6 /64 network.
    pub per_address: usize,
    /// For this machine, counted apart.
    pub loopback: usize,
}

/// A bounded number of places; clones share them.
#[derive(Debug, Clone)]
pub struct Places(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    limits: PlaceLimits,
    held: Mutex<HashMap<Counted, usize>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Counted {
    Loopback,
    Elsewhere,
    Address(IpAddr),
}

/// One place; given back when dropped.
#[derive(Debug)]
#[must_use = "the place is given back when this is dropped"]
pub struct Place {
    places: Places,
    counted: Vec<Counted>,
}

impl Places {
    /// So many places, none of them taken.
    pub fn new(limits: PlaceLimits) -> Self {
        Self(Arc::new(Inner {
            limits,
            held: Mutex::default(),
        }))
    }

    /// A place for a caller, if there is one.
    pub fn take(&self, caller: IpAddr) -> Option<Place> {
        let limits = self.0.limits;
        let wanted = if caller.to_canonical().is_loopback() {
            vec![(Counted::Loopback, limits.loopback)]
        } else {
            vec![
                (Counted::Elsewhere, limits.elsewhere),
                (Counted::Address(address_key(caller)), limits.per_address),
            ]
        };
        let mut held = self.0.held.lock().unwrap_or_else(PoisonError::into_inner);
        let room = |(key, limit): &(Counted, usize)| held.get(key).copied().unwrap_or(0) < *limit;
        if !wanted.iter().all(room) {
            return None;
        }
        let counted: Vec<Counted> = wanted.into_iter().map(|(key, _)| key).collect();
        for key in &counted {
            *held.entry(*key).or_default() += 1;
        }
        drop(held);
        Some(Place {
            places: self.clone(),
            counted,
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let held = &self.places.0.held;
        let mut held = held.lock().unwrap_or_else(PoisonError::into_inner);
        for key in &self.counted {
            if let Some(count) = held.get_mut(key) {
                *count -= 1;
                if *count == 0 {
                    held.remove(key);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn places() -> Places {
        Places::new(PlaceLimits {
            elsewhere: 3,
            per_address: 2,
            loopback: 1,
        })
    }

    #[test]
    fn networks_and_loopback_are_counted_apart() {
        let places = places();
        let take = |caller: &str| places.take(caller.parse().unwrap());
        let first = take("2001:db8::1").unwrap();
        let _second = take("2001:db8::2").unwrap();
        assert!(take("2001:db8::3").is_none(), "same /64");
        let _third = take("192.0.2.1").unwrap();
        assert!(take("192.0.2.2").is_none(), "all of three");
        let home = take("127.0.0.1").unwrap();
        assert!(take("::1").is_none());
        assert!(take("::ffff:127.0.0.1").is_none());
        drop(home);
        drop(first);
        assert!(take("::1").is_some());
        assert!(take("192.0.2.2").is_some());
    }

    #[test]
    fn who_left_is_forgotten() {
        let places = places();
        drop(places.take("192.0.2.1".parse().unwrap()).unwrap());
        assert!(places.0.held.lock().unwrap().is_empty());
    }
}
