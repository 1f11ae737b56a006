//! Connections are counted in all and per address; loopback has its own count, so that strangers
//! cannot lock out the node's own user.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, PoisonError},
};

use crate::config::StratumConfig;

/// Open connections.
#[derive(Debug, Default)]
pub(crate) struct Places(Mutex<HashMap<Counted, usize>>);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Counted {
    Loopback,
    Others,
    Address(IpAddr),
}

/// A connection's place among the counted ones; given back when dropped.
#[derive(Debug)]
pub(crate) struct Place {
    places: Arc<Places>,
    held: Vec<Counted>,
}

impl Place {
    /// A place for a caller, if there is one.
    pub(crate) fn take(
        places: &Arc<Places>,
        caller: IpAddr,
        config: &StratumConfig,
    ) -> Option<Self> {
        let caller = caller.to_canonical();
        let wanted = if caller.is_loopback() {
            vec![(Counted::Loopback, config.connections_loopback)]
        } else {
            vec![
                (Counted::Others, config.connections),
                (
                    Counted::Address(network(caller)),
                    config.connections_per_address,
                ),
            ]
        };
        let mut open = places.0.lock().unwrap_or_else(PoisonError::into_inner);
        let room = |(key, limit): &(Counted, usize)| open.get(key).copied().unwrap_or(0) < *limit;
        if !wanted.iter().all(room) {
            return None;
        }
        let held: Vec<Counted> = wanted.into_iter().map(|(key, _)| key).collect();
        for key in &held {
            *open.entry(*key).or_default() += 1;
        }
        drop(open);
        Some(Self {
            places: Arc::clone(places),
            held,
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.places.0.lock().unwrap_or_else(PoisonError::into_inner);
        for key in &self.held {
            if let Some(count) = open.get_mut(key) {
                *count -= 1;
                if *count == 0 {
                    open.remove(key);
                }
            }
        }
    }
}

/// An IPv4 address, or the first 64 bits of an IPv6 address, which one household has to itself.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn counts_networks_and_loopback_apart() {
        let config = StratumConfig {
            connections: 3,
            connections_per_address: 2,
            connections_loopback: 1,
            ..StratumConfig::default()
        };
        let places = Arc::new(Places::default());
        let take = |caller: &str| Place::take(&places, address(caller), &config);
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
    fn forgets_who_left() {
        let places = Arc::new(Places::default());
        let config = StratumConfig::default();
        drop(Place::take(&places, address("192.0.2.1"), &config).unwrap());
        assert!(places.0.lock().unwrap().is_empty());
    }
}
