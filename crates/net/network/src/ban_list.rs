//! Who broke the rules, and how long they are refused.
//!
//! A peer is refused for [`FIRST`], then twice as long each time. Its address is not: a household has one address, and
//! may have one bad node. But peer ids are free. So after [`ALLOWANCE`] offences from an address, peers that never behaved
//! well are refused from there too, in the same growing way; those that did still come in.

use std::net::IpAddr;
use std::time::Duration;

use bolao_limits::address_key;
use libp2p::PeerId;
use tokio::time::Instant;

use crate::remembered::Remembered;

/// The time that the first offence counts.
const FIRST: Duration = Duration::from_secs(10);
/// The longest that an offence counts; shorter than offences are remembered.
const LONGEST: Duration = Duration::from_mins(20);
/// Offences from one address that are its peers' own.
const ALLOWANCE: u32 = 8;

#[derive(Debug, Clone, Copy)]
struct Ban {
    offences: u32,
    until: Instant,
}

impl Ban {
    fn next(before: Option<Self>, free: u32, now: Instant) -> Self {
        let offences = before.map_or(0, |ban| ban.offences).saturating_add(1);
        let until = match offences.checked_sub(free + 1) {
            Some(more) => now + FIRST.saturating_mul(1 << more.min(16)).min(LONGEST),
            None => now,
        };
        Self { offences, until }
    }
}

#[derive(Debug)]
pub(crate) struct BanList {
    peers: Remembered<PeerId, Ban>,
    addresses: Remembered<IpAddr, Ban>,
    good: Remembered<PeerId>,
}

impl BanList {
    pub(crate) fn new() -> Self {
        Self {
            peers: Remembered::new(),
            addresses: Remembered::new(),
            good: Remembered::new(),
        }
    }

    /// A peer broke the rules, from an address if it has one.
    pub(crate) fn note(&mut self, peer: PeerId, from: Option<IpAddr>, now: Instant) {
        self.good.remove(&peer);
        let ban = Ban::next(self.peers.get(&peer, now), 0, now);
        self.peers.add(peer, ban, now);
        if let Some(ip) = from.filter(|ip| !ip.is_loopback()) {
            let address = address_key(ip);
            let ban = Ban::next(self.addresses.get(&address, now), ALLOWANCE, now);
            self.addresses.add(address, ban, now);
        }
    }

    /// A peer has shown that it is of this pool.
    pub(crate) fn behaved(&mut self, peer: PeerId, now: Instant) {
        if self.peers.get(&peer, now).is_none() {
            self.good.add(peer, (), now);
        }
    }

    pub(crate) fn refuse_peer(&self, peer: &PeerId, now: Instant) -> bool {
        self.peers.get(peer, now).is_some_and(|ban| now < ban.until)
    }

    pub(crate) fn refuse(&self, peer: &PeerId, from: IpAddr, now: Instant) -> bool {
        let address = self.addresses.get(&address_key(from), now);
        self.refuse_peer(peer, now)
            || (address.is_some_and(|ban| now < ban.until) && self.good.get(peer, now).is_none())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUSE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(203, 0, 113, 9));

    #[test]
    fn a_peer_is_refused_for_a_moment_and_then_for_longer() {
        let (mut offences, peer, mut now) = (BanList::new(), PeerId::random(), Instant::now());
        for seconds in [10, 20, 40, 80, 160, 320, 640, 1200, 1200] {
            offences.note(peer, Some(HOUSE), now);
            let end = now + Duration::from_secs(seconds);
            let before = end.checked_sub(Duration::from_millis(1));
            assert!(before.is_some_and(|at| offences.refuse(&peer, HOUSE, at)));
            assert!(!offences.refuse_peer(&peer, end), "{seconds} s");
            now = end;
        }
    }

    #[test]
    fn the_household_still_comes_in() {
        let (mut offences, now) = (BanList::new(), Instant::now());
        let [friend, stranger] = [PeerId::random(), PeerId::random()];
        offences.behaved(friend, now);
        for _ in 0..ALLOWANCE {
            offences.note(PeerId::random(), Some(HOUSE), now);
            assert!(!offences.refuse(&friend, HOUSE, now));
            assert!(!offences.refuse(&stranger, HOUSE, now));
        }
        offences.note(PeerId::random(), Some(HOUSE), now);
        assert!(offences.refuse(&stranger, HOUSE, now));
        assert!(!offences.refuse(&stranger, HOUSE, now + FIRST));
        assert!(!offences.refuse(&friend, HOUSE, now));
    }

    #[test]
    fn who_broke_the_rules_has_not_behaved() {
        let (mut offences, now) = (BanList::new(), Instant::now());
        let peer = PeerId::random();
        offences.behaved(peer, now);
        offences.note(peer, None, now);
        let later = now + FIRST;
        offences.behaved(peer, later);
        assert!(offences.good.get(&peer, later).is_none());
    }
}
