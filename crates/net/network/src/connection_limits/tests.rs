#![allow(clippy::unwrap_used)]

use super::*;

const HOME: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 168, 1, 7));
const AWAY: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(203, 0, 113, 9));
const LOOPBACK: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

fn limits(all: usize, group: usize) -> Limits {
    Limits {
        all,
        inbound: all,
        group,
    }
}

fn gate_of(local: PeerId, limits: Limits) -> ConnectionLimits {
    ConnectionLimits::new(local, limits, Tunnelled::default())
}

/// Two peer ids, the smaller first.
fn two() -> (PeerId, PeerId) {
    let (a, b) = (PeerId::random(), PeerId::random());
    (a.min(b), a.max(b))
}

fn connection(number: usize) -> ConnectionId {
    ConnectionId::new_unchecked(number)
}

#[test]
fn the_total_binds_even_loopback() {
    let mut gate = gate_of(PeerId::random(), limits(2, 2));
    let now = Instant::now();
    for number in 0..2 {
        gate.admit(PeerId::random(), connection(number), LOOPBACK, false, now)
            .unwrap();
    }
    assert_eq!(
        gate.admit(PeerId::random(), connection(2), LOOPBACK, true, now),
        Err(Refusal::Full(2))
    );
}

#[test]
fn each_address_has_a_limit_but_loopback() {
    let mut gate = gate_of(PeerId::random(), limits(64, 2));
    let now = Instant::now();
    let first = PeerId::random();
    gate.admit(first, connection(0), HOME, false, now).unwrap();
    gate.admit(PeerId::random(), connection(1), HOME, true, now)
        .unwrap();
    let third = PeerId::random();
    assert_eq!(
        gate.admit(third, connection(2), HOME, false, now),
        Err(Refusal::FullForAddress(2))
    );
    gate.admit(third, connection(3), AWAY, false, now).unwrap();
    for number in 4..10 {
        gate.admit(PeerId::random(), connection(number), LOOPBACK, false, now)
            .unwrap();
    }
    gate.forget(first, connection(0));
    gate.admit(PeerId::random(), connection(10), HOME, false, now)
        .unwrap();
}

#[test]
fn places_are_kept_for_those_that_are_dialled() {
    let kept = Limits {
        inbound: 2,
        ..limits(3, 64)
    };
    let mut gate = gate_of(PeerId::random(), kept);
    let now = Instant::now();
    for number in 0..2 {
        gate.admit(PeerId::random(), connection(number), AWAY, false, now)
            .unwrap();
    }
    assert_eq!(
        gate.admit(PeerId::random(), connection(2), HOME, false, now),
        Err(Refusal::FullForInbound(2))
    );
    gate.admit(PeerId::random(), connection(3), HOME, true, now)
        .unwrap();
    assert_eq!(
        gate.admit(PeerId::random(), connection(4), HOME, true, now),
        Err(Refusal::Full(3))
    );
}

#[test]
fn an_ipv6_network_is_one_address() {
    let ip = |text: &str| text.parse::<IpAddr>().unwrap();
    let mut gate = gate_of(PeerId::random(), limits(64, 1));
    let now = Instant::now();
    let mut number = 0;
    let mut admit = |gate: &mut ConnectionLimits, from: &str| {
        number += 1;
        gate.admit(PeerId::random(), connection(number), ip(from), false, now)
    };
    admit(&mut gate, "2001:db8:0:1::1").unwrap();
    assert_eq!(
        admit(&mut gate, "2001:db8:0:1::2"),
        Err(Refusal::FullForAddress(1))
    );
    admit(&mut gate, "2001:db8:0:2::1").unwrap();
    for _ in 0..3 {
        admit(&mut gate, "::1").unwrap();
    }
}

#[test]
fn a_restarted_peer_replaces_itself_even_when_full() {
    let mut gate = gate_of(PeerId::random(), limits(1, 1));
    let now = Instant::now();
    let peer = PeerId::random();
    let later = now + SIMULTANEOUS;
    gate.admit(peer, connection(0), HOME, false, now).unwrap();
    gate.admit(peer, connection(1), HOME, false, later).unwrap();
    assert_eq!(gate.to_close, [(peer, connection(0))]);
    gate.forget(peer, connection(0));
    assert_eq!(gate.active.get(&peer).unwrap().connection, connection(1));
}

#[test]
fn of_two_dials_at_once_the_smaller_peers_stays() {
    let (small, big) = two();
    let now = Instant::now();
    let soon = now + SIMULTANEOUS / 2;
    for outbound_first in [true, false] {
        let mut at_small = gate_of(small, limits(64, 64));
        at_small
            .admit(big, connection(0), HOME, outbound_first, now)
            .unwrap();
        let second = at_small.admit(big, connection(1), HOME, !outbound_first, soon);
        assert!(at_small.active.get(&big).unwrap().outbound);
        assert_eq!(second.is_err(), outbound_first);

        let mut at_big = gate_of(big, limits(64, 64));
        at_big
            .admit(small, connection(0), HOME, outbound_first, now)
            .unwrap();
        let second = at_big.admit(small, connection(1), HOME, !outbound_first, soon);
        assert!(!at_big.active.get(&small).unwrap().outbound);
        assert_eq!(second.is_err(), !outbound_first);
    }
}

#[test]
fn of_two_dials_of_one_side_the_first_stays() {
    let (small, big) = two();
    let now = Instant::now();
    for outbound in [true, false] {
        let mut gate = gate_of(small, limits(64, 64));
        gate.admit(big, connection(0), HOME, outbound, now).unwrap();
        let second = gate.admit(big, connection(1), HOME, outbound, now + SIMULTANEOUS / 2);
        assert_eq!(second, Err(Refusal::Duplicate));
        assert!(gate.to_close.is_empty());
    }
}

#[test]
fn later_the_newer_stays_whoever_dialled() {
    let (small, big) = two();
    let now = Instant::now();
    let mut gate = gate_of(small, limits(64, 64));
    gate.admit(big, connection(0), HOME, true, now).unwrap();
    gate.admit(big, connection(1), HOME, false, now + SIMULTANEOUS)
        .unwrap();
    assert_eq!(gate.active.get(&big).unwrap().connection, connection(1));
}

#[test]
fn the_discouraged_are_refused_and_their_household_is_not() {
    let mut gate = gate_of(PeerId::random(), limits(64, 64));
    let now = Instant::now();
    let peer = PeerId::random();
    gate.offences.note(peer, Some(HOME), now);
    for from in [HOME, AWAY] {
        assert_eq!(
            gate.admit(peer, connection(0), from, false, now),
            Err(Refusal::Discouraged)
        );
    }
    gate.admit(PeerId::random(), connection(1), HOME, false, now)
        .unwrap();
}

#[test]
fn a_household_of_many_offenders_is_refused_and_loopback_never() {
    let mut gate = gate_of(PeerId::random(), limits(64, 64));
    let now = Instant::now();
    for _ in 0..100 {
        for from in [HOME, LOOPBACK] {
            gate.offences.note(PeerId::random(), Some(from), now);
        }
    }
    assert_eq!(
        gate.admit(PeerId::random(), connection(0), HOME, false, now),
        Err(Refusal::Discouraged)
    );
    gate.admit(PeerId::random(), connection(1), LOOPBACK, false, now)
        .unwrap();
}
