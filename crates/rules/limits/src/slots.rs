//! Slots: so many in all, so many for one address, so that nobody takes them all. This machine has its own count, so that
//! others cannot lock out the node's own user.
//!
//! A newcomer that finds no slot may evict one: of those that have been idle for long enough, or where an address has far
//! more than its share. An address with many loses one first, so that who opens hundreds pushes out itself.

use std::{
    cmp::Reverse,
    collections::HashMap,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::sync::Notify;

/// The most slots that may be held at once.
#[derive(Clone, Copy, Debug)]
pub struct SlotLimits {
    /// For other machines.
    pub elsewhere: usize,
    /// Of these, for one IPv4 address or IPv6 /64 network.
    pub per_address: usize,
    /// For this machine, counted apart.
    pub loopback: usize,
}

/// Gives the caller's address: that of the other end of a connection, as IPv4 where it can be. A caller whose address is the one
/// that it called, `reached`, is on this machine and has a loopback address here: a server that listens on the network alone is
/// not reached from loopback.
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

/// Gives the address that bounds are counted by: an IPv4 address, or the /64 that one IPv6 host commands.
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
    state: Arc<State>,
}

/// The state of a slot that is held: its last use, and whether it may be or was taken away.
#[derive(Debug, Default)]
struct State {
    /// When it was taken or used last, in milliseconds.
    used_ms: AtomicU64,
    /// Whether nobody may take it away.
    kept: AtomicBool,
    is_evicted: AtomicBool,
    evicted: Notify,
}

impl State {
    fn used(&self) -> Duration {
        Duration::from_millis(self.used_ms.load(Ordering::Relaxed))
    }

    fn use_at(&self, now: Duration) {
        let now = u64::try_from(now.as_millis()).unwrap_or(u64::MAX);
        self.used_ms.store(now, Ordering::Relaxed);
    }
}

/// A slot; free again when dropped.
#[derive(Debug)]
#[must_use = "the slot is free again when this is dropped"]
pub struct Slot {
    slots: Slots,
    state: Arc<State>,
}

/// The slot that is taken away to make room for a newcomer.
#[derive(Clone, Copy)]
enum Room {
    /// None: only a free slot is given.
    Free,
    /// One that was not used for so long; of these, one of the address that has the most, the one idle longest.
    Idle(Duration),
    /// The oldest of the address that has the most, if that is at least two more than the newcomer's has.
    Share,
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
        self.find(caller, Room::Free, Duration::ZERO)
    }

    /// A slot for a caller, if there is one or one that may be taken away has not been used for `idle`. An address with
    /// many gives one before an address with few.
    pub fn take_or_evict(&self, caller: IpAddr, idle: Duration, now: Duration) -> Option<Slot> {
        self.find(caller, Room::Idle(idle), now)
    }

    /// A slot for a caller, if there is one or another address has at least two more than the caller's.
    pub fn take_share(&self, caller: IpAddr, now: Duration) -> Option<Slot> {
        self.find(caller, Room::Share, now)
    }

    fn find(&self, caller: IpAddr, room: Room, now: Duration) -> Option<Slot> {
        let address = address_key(caller);
        let limits = self.0.limits;
        let mut held = self.held();
        // The address goes first: its slot that is evicted makes room among all others too.
        let has_room = if address.is_loopback() {
            make_room(&mut held, limits.loopback, address, room, now, |other| {
                other.is_loopback()
            })
        } else {
            make_room(&mut held, limits.per_address, address, room, now, |other| {
                other == address
            }) && make_room(&mut held, limits.elsewhere, address, room, now, |other| {
                !other.is_loopback()
            })
        };
        has_room.then(|| {
            let state = Arc::<State>::default();
            state.use_at(now);
            held.push(Held {
                address,
                state: Arc::clone(&state),
            });
            Slot {
                slots: self.clone(),
                state,
            }
        })
    }

    fn held(&self) -> MutexGuard<'_, Vec<Held>> {
        self.0.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether fewer than `limit` slots are held that count; takes one away, if that may be.
fn make_room(
    held: &mut Vec<Held>,
    limit: usize,
    newcomer: IpAddr,
    room: Room,
    now: Duration,
    counts: impl Fn(IpAddr) -> bool,
) -> bool {
    let counted = || held.iter().enumerate().filter(|(_, it)| counts(it.address));
    if counted().count() < limit {
        return true;
    }
    if let Room::Free = room {
        return false;
    }
    let mut sizes: HashMap<IpAddr, usize> = HashMap::new();
    for (_, it) in counted() {
        *sizes.entry(it.address).or_default() += 1;
    }
    let size = |address: IpAddr| sizes.get(&address).copied().unwrap_or_default();
    let may_go = |it: &Held| match room {
        Room::Free => false,
        Room::Idle(idle) => {
            !it.state.kept.load(Ordering::Relaxed) && now.saturating_sub(it.state.used()) >= idle
        }
        Room::Share => size(it.address) >= size(newcomer) + 2,
    };
    let goes = counted()
        .filter(|(_, it)| may_go(it))
        .min_by_key(|(_, it)| (Reverse(size(it.address)), it.state.used()))
        .map(|(at, _)| at);
    if let Some(at) = goes {
        let state = held.swap_remove(at).state;
        state.is_evicted.store(true, Ordering::Relaxed);
        state.evicted.notify_one();
    }
    goes.is_some()
}

impl Slot {
    /// Counts as used now.
    pub fn touch(&self, now: Duration) {
        self.state.use_at(now);
    }

    /// Whether it is kept from now on, however long it is not used.
    pub fn keep(&self, kept: bool) {
        self.state.kept.store(kept, Ordering::Relaxed);
    }

    /// Waits until another caller has the slot.
    pub async fn evicted(&self) {
        self.state.evicted.notified().await;
    }

    /// Whether another caller has the slot.
    #[must_use]
    pub fn is_evicted(&self) -> bool {
        self.state.is_evicted.load(Ordering::Relaxed)
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut held = self.slots.held();
        if let Some(at) = held
            .iter()
            .position(|held| Arc::ptr_eq(&held.state, &self.state))
        {
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

    #[test]
    fn an_address_with_many_makes_room_before_one_with_few() {
        let slots = slots();
        let take =
            |caller: &str, now| slots.take_or_evict(caller.parse().unwrap(), Duration::ZERO, now);
        let single = take("192.0.2.1", MINUTE).unwrap();
        let _newer = take("192.0.2.2", MINUTE * 2).unwrap();
        let many = take("192.0.2.2", MINUTE * 2).unwrap();
        many.keep(true);
        assert!(take("192.0.2.3", MINUTE * 3).is_some());
        assert!(
            !single.is_evicted(),
            "it is the oldest, but it is the only one"
        );
        assert!(!many.is_evicted(), "it is kept");
    }

    #[test]
    fn who_has_more_than_its_share_gives_one() {
        let slots = Slots::new(SlotLimits {
            elsewhere: 3,
            per_address: 3,
            loopback: 1,
        });
        let take = |caller: &str, now| slots.take_share(caller.parse().unwrap(), now);
        let greedy = [1, 2, 3].map(|minute| take("192.0.2.1", MINUTE * minute).unwrap());
        assert!(take("192.0.2.1", MINUTE * 4).is_none());
        let second = take("192.0.2.2", MINUTE * 4).unwrap();
        let third = take("192.0.2.3", MINUTE * 5).unwrap();
        assert_eq!(greedy.each_ref().map(Slot::is_evicted), [true, true, false]);
        assert!(take("192.0.2.4", MINUTE * 6).is_none(), "each has one");
        assert!(!second.is_evicted() && !third.is_evicted());
    }
}
