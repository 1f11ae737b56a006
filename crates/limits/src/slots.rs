//! Slots: so many in all, so many for one address, so that nobody takes them all. This machine has its own count, so that
//! others cannot lock out the node's own user.
//!
//! A newcomer that finds no slot may evict the one that has been idle longest, if that is long enough.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::Notify;

/// How many slots there are.
#[derive(Clone, Copy, Debug)]
pub struct SlotLimits {
    /// For other machines.
    pub elsewhere: usize,
    /// Of these, for one IPv4 address or IPv6 /64 network.
    pub per_address: usize,
    /// For this machine, counted apart.
    pub loopback: usize,
}

/// Who calls: the address of the other end of a connection, which is IPv4 where it can be. Whoever calls from the address
/// that he called, `reached`, is on this machine and has a loopback address here: a server that listens on the network alone
/// is not reached from loopback.
#[must_use]
pub fn caller_of(peer: SocketAddr, reached: Option<SocketAddr>) -> SocketAddr {
    let ip = peer.ip().to_canonical();
    let ip = match reached {
        Some(reached) if reached.ip().to_canonical() == ip => match ip {
            IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        },
        _ => ip,
    };
    SocketAddr::new(ip, peer.port())
}

/// What bounds are counted by: an IPv4 address, or the /64 that one IPv6 host commands.
#[must_use]
pub fn address_key(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) if !address.is_loopback() => {
            Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into()
        }
        address => address,
    }
}

/// A bounded number of slots; clones share them.
#[derive(Clone, Debug)]
pub struct Slots(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    limits: SlotLimits,
    held: Mutex<Vec<Held>>,
}

#[derive(Debug)]
struct Held {
    address: IpAddr,
    /// When it was taken or used last.
    used: Duration,
    /// Also tells the slots apart.
    evicted: Arc<Notify>,
}

/// A slot; free again when dropped.
#[derive(Debug)]
#[must_use = "the slot is free again when this is dropped"]
pub struct Slot {
    slots: Slots,
    evicted: Arc<Notify>,
}

impl Slots {
    /// So many slots, none of them taken.
    #[must_use]
    pub fn new(limits: SlotLimits) -> Self {
        Self(Arc::new(Inner {
            limits,
            held: Mutex::default(),
        }))
    }

    /// A slot for a caller, if there is one.
    pub fn take(&self, caller: IpAddr) -> Option<Slot> {
        self.take_or_evict(caller, Duration::MAX, Duration::ZERO)
    }

    /// A slot for a caller, if there is one or one has not been used for `idle`.
    pub fn take_or_evict(&self, caller: IpAddr, idle: Duration, now: Duration) -> Option<Slot> {
        let address = address_key(caller);
        let limits = self.0.limits;
        let mut held = self.held();
        let mut has_room = |limit, counts: &dyn Fn(IpAddr) -> bool| {
            let counted = held
                .iter()
                .enumerate()
                .filter(|(_, held)| counts(held.address));
            if counted.clone().count() < limit {
                return true;
            }
            let idlest = counted
                .clone()
                .min_by_key(|(_, held)| held.used)
                .filter(|(_, held)| now.saturating_sub(held.used) >= idle)
                .map(|(at, _)| at);
            if let Some(at) = idlest {
                held.swap_remove(at).evicted.notify_one();
            }
            idlest.is_some()
        };
        // The address goes first: its slot that is evicted makes room among all others too.
        let has_room = if address.is_loopback() {
            has_room(limits.loopback, &|other| other.is_loopback())
        } else {
            has_room(limits.per_address, &|other| other == address)
                && has_room(limits.elsewhere, &|other| !other.is_loopback())
        };
        has_room.then(|| {
            let evicted = Arc::new(Notify::new());
            held.push(Held {
                address,
                used: now,
                evicted: Arc::clone(&evicted),
            });
            Slot {
                slots: self.clone(),
                evicted,
            }
        })
    }

    fn held(&self) -> MutexGuard<'_, Vec<Held>> {
        self.0.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Slot {
    /// Counts as used now.
    pub fn touch(&self, now: Duration) {
        let mut held = self.slots.held();
        if let Some(held) = held.iter_mut().find(|held| self.is(held)) {
            held.used = now;
        }
    }

    /// Waits until another caller has the slot.
    pub async fn evicted(&self) {
        self.evicted.notified().await;
    }

    fn is(&self, held: &Held) -> bool {
        Arc::ptr_eq(&held.evicted, &self.evicted)
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut held = self.slots.held();
        if let Some(at) = held.iter().position(|held| self.is(held)) {
            held.swap_remove(at);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::{
        pin::pin,
        task::{Context, Waker},
    };

    use super::*;

    const MINUTE: Duration = Duration::from_mins(1);

    fn slots() -> Slots {
        Slots::new(SlotLimits {
            elsewhere: 3,
            per_address: 2,
            loopback: 1,
        })
    }

    #[test]
    fn networks_and_loopback_are_counted_apart() {
        let slots = slots();
        let take = |caller: &str| slots.take(caller.parse().unwrap());
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
    fn who_calls_from_the_address_that_he_called_is_on_this_machine() {
        let caller = |peer: &str, reached: &str| {
            let [peer, reached] =
                [peer, reached].map(|ip| (ip.parse::<IpAddr>().unwrap(), 9).into());
            caller_of(peer, Some(reached)).ip().to_string()
        };
        assert_eq!(caller("192.0.2.1", "192.0.2.1"), "127.0.0.1");
        assert_eq!(caller("::ffff:192.0.2.1", "192.0.2.1"), "127.0.0.1");
        assert_eq!(caller("2001:db8::1", "2001:db8::1"), "::1");
        assert_eq!(caller("2001:db8::2", "2001:db8::1"), "2001:db8::2");
        assert_eq!(caller("::ffff:192.0.2.2", "192.0.2.1"), "192.0.2.2");
        assert_eq!(caller("127.0.0.1", "127.0.0.2"), "127.0.0.1");
        let unknown = caller_of("192.0.2.1:9".parse().unwrap(), None);
        assert_eq!(unknown, "192.0.2.1:9".parse().unwrap());
    }

    #[test]
    fn who_left_is_forgotten() {
        let slots = slots();
        drop(slots.take("192.0.2.1".parse().unwrap()).unwrap());
        assert!(slots.held().is_empty());
    }

    #[test]
    fn who_uses_its_slot_stays_and_the_idlest_is_evicted() {
        let slots = slots();
        let start = MINUTE * 60;
        let take = |caller: &str, now| slots.take_or_evict(caller.parse().unwrap(), MINUTE, now);
        let evicted = |slot: &Slot| {
            let mut context = Context::from_waker(Waker::noop());
            pin!(slot.evicted()).poll(&mut context).is_ready()
        };
        let first = take("192.0.2.1", start).unwrap();
        let busy = take("192.0.2.1", start).unwrap();
        let third = take("192.0.2.2", start).unwrap();
        busy.touch(start + MINUTE / 2);
        let almost = start + MINUTE * 59 / 60;
        assert!(take("192.0.2.3", almost).is_none());
        assert!(!evicted(&first) && !evicted(&third));
        let fourth = take("192.0.2.1", start + MINUTE).unwrap();
        assert!(evicted(&first) && !evicted(&busy) && !evicted(&third));
        drop(first);
        let fifth = take("192.0.2.3", start + MINUTE).unwrap();
        assert!(evicted(&third) && !evicted(&busy));
        drop(third);
        assert!(take("192.0.2.4", start + MINUTE).is_none());
        assert!(take("192.0.2.4", start + MINUTE * 3 / 2).is_some());
        assert!(evicted(&busy) && !evicted(&fourth) && !evicted(&fifth));
    }
}
