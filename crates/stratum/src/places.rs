//! Connections are counted in all and per address; loopback has its own count, so that strangers
//! cannot lock out the node's own user.
//!
//! Where no place is left for a newcomer, the connection among the counted ones that has gone longest
//! without a share gives way, if that is long enough: places are for those who mine.

use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::{sync::Notify, time::Instant};

use crate::config::StratumConfig;

/// Open connections.
#[derive(Debug, Default)]
pub(crate) struct Places(Mutex<Open>);

#[derive(Debug, Default)]
struct Open {
    next: u64,
    held: BTreeMap<u64, Held>,
}

#[derive(Debug)]
struct Held {
    counted: Vec<Counted>,
    /// When it came, or had its last share.
    earned: Instant,
    wanted: Arc<Notify>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Counted {
    Loopback,
    Others,
    Address(IpAddr),
}

/// A connection's place among the counted ones; given back when dropped.
#[derive(Debug)]
pub(crate) struct Place {
    places: Arc<Places>,
    number: u64,
    wanted: Arc<Notify>,
}

impl Places {
    fn open(&self) -> MutexGuard<'_, Open> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    /// Whether there is room for one more; another gives way for it if need be.
    fn make_room(
        &mut self,
        counted: Counted,
        limit: usize,
        config: &StratumConfig,
        now: Instant,
    ) -> bool {
        let same = |held: &&Held| held.counted.contains(&counted);
        if self.held.values().filter(same).count() < limit {
            return true;
        }
        let idlest = self
            .held
            .iter()
            .filter(|(_, held)| same(held))
            .min_by_key(|(_, held)| held.earned)
            .filter(|(_, held)| now.duration_since(held.earned) >= config.share_timeout)
            .map(|(number, _)| *number);
        let gone = idlest.and_then(|number| self.held.remove(&number));
        gone.inspect(|held| held.wanted.notify_one()).is_some()
    }
}

impl Place {
    /// A place for a caller, if there is one.
    pub(crate) fn take(
        places: &Arc<Places>,
        caller: IpAddr,
        config: &StratumConfig,
        now: Instant,
    ) -> Option<Self> {
        let caller = caller.to_canonical();
        // The address goes first: who gives way there makes room among all others too.
        let wanted = if caller.is_loopback() {
            vec![(Counted::Loopback, config.connections_loopback)]
        } else {
            vec![
                (
                    Counted::Address(network(caller)),
                    config.connections_per_address,
                ),
                (Counted::Others, config.connections),
            ]
        };
        let mut open = places.open();
        for (counted, limit) in &wanted {
            if !open.make_room(*counted, *limit, config, now) {
                return None;
            }
        }
        let number = open.next;
        open.next += 1;
        let notify = Arc::new(Notify::new());
        let held = Held {
            counted: wanted.into_iter().map(|(counted, _)| counted).collect(),
            earned: now,
            wanted: Arc::clone(&notify),
        };
        open.held.insert(number, held);
        drop(open);
        Some(Self {
            places: Arc::clone(places),
            number,
            wanted: notify,
        })
    }

    /// The connection had a share that counts.
    pub(crate) fn earn(&self, now: Instant) {
        if let Some(held) = self.places.open().held.get_mut(&self.number) {
            held.earned = now;
        }
    }

    /// Waits until the place is another's.
    pub(crate) async fn wanted(&self) {
        self.wanted.notified().await;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.places.open().held.remove(&self.number);
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

    use std::time::Duration;

    use futures::FutureExt as _;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);
    const MINUTE: Duration = Duration::from_mins(1);

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
        let now = Instant::now();
        let take = |caller: &str| Place::take(&places, address(caller), &config, now);
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
        let place = Place::take(&places, address("192.0.2.1"), &config, Instant::now());
        drop(place.unwrap());
        assert!(places.open().held.is_empty());
    }

    #[test]
    fn who_mines_stays_and_the_idlest_gives_way() {
        let config = StratumConfig {
            connections: 3,
            connections_per_address: 2,
            share_timeout: MINUTE,
            ..StratumConfig::default()
        };
        let places = Arc::new(Places::default());
        let start = Instant::now();
        let take = |caller: &str, now| Place::take(&places, address(caller), &config, now);
        let gave_way = |place: &Place| place.wanted().now_or_never().is_some();
        let first = take("192.0.2.1", start).unwrap();
        let miner = take("192.0.2.1", start).unwrap();
        let third = take("192.0.2.2", start).unwrap();
        miner.earn(start + MINUTE / 2);
        let almost = start + MINUTE - SECOND;
        assert!(take("192.0.2.3", almost).is_none());
        assert!(!gave_way(&first) && !gave_way(&third));
        let fourth = take("192.0.2.1", start + MINUTE).unwrap();
        assert!(gave_way(&first) && !gave_way(&miner) && !gave_way(&third));
        drop(first);
        let fifth = take("192.0.2.3", start + MINUTE).unwrap();
        assert!(gave_way(&third) && !gave_way(&miner));
        drop(third);
        assert!(take("192.0.2.4", start + MINUTE).is_none());
        assert!(take("192.0.2.4", start + MINUTE * 3 / 2).is_some());
        assert!(gave_way(&miner) && !gave_way(&fourth) && !gave_way(&fifth));
    }
}
