#![allow(clippy::unwrap_used)]

use super::*;

fn node(text: &str) -> Node {
    text.parse().unwrap()
}

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn known(limits: KnownLimits) -> KnownNodes {
    KnownNodes::within(vec![node("127.0.0.1:1")], limits)
}

#[test]
fn a_candidate_is_shown_to_nobody_until_promoted() {
    let known = known(KnownLimits::default());
    let changes = known.subscribe();
    let other = node("10.0.0.2:5");
    assert_eq!(known.add_candidate(other, ip("10.0.0.9")), Ok(true));
    assert_eq!(known.add_candidate(other, ip("10.0.0.9")), Ok(false));
    assert!(known.is_empty());
    assert!(!changes.has_changed().unwrap());
    assert!(known.promote(&other));
    assert!(!known.promote(&other));
    assert!(changes.has_changed().unwrap());
    assert_eq!(*known.list(), [other]);
    assert_eq!(known.candidates(), []);
    assert_eq!(known.add_candidate(other, ip("10.0.0.9")), Ok(false));
}

#[test]
fn a_withdrawn_candidate_is_not_promoted() {
    let known = known(KnownLimits::default());
    let other = node("10.0.0.2:5");
    known.add_candidate(other, ip("10.0.0.9")).unwrap();
    assert!(!known.remove(&other));
    assert!(!known.promote(&other));
}

#[test]
fn never_ourselves() {
    let known = known(KnownLimits::default());
    for own in ["127.0.0.1:1", "[::ffff:127.0.0.1]:1", "localhost:1"] {
        let own = node(own);
        let refused = Err(Refused::Ourselves(own));
        assert_eq!(known.add_candidate(own, ip("127.0.0.1")), refused);
        assert_eq!(known.add_verified(own), refused);
    }
}

#[test]
fn nobody_names_what_lies_further_inside() {
    let known = known(KnownLimits::default());
    for (other, source, taken) in [
        ("127.0.0.1:5", "127.0.0.1", true),
        ("127.0.0.1:6", "10.0.0.1", false),
        ("127.0.0.1:7", "8.8.8.8", false),
        ("10.0.0.1:5", "127.0.0.1", true),
        ("10.0.0.1:6", "192.168.0.1", true),
        ("10.0.0.1:7", "8.8.8.8", false),
        ("9.9.9.9:5", "8.8.8.8", true),
        ("9.9.9.9:6", "127.0.0.1", true),
        ("[::ffff:127.0.0.1]:8", "8.8.8.8", false),
    ] {
        let got = known.add_candidate(node(other), ip(source));
        assert_eq!(got.is_ok(), taken, "{other} from {source}: {got:?}");
    }
}

#[test]
fn bounded_in_all_and_per_address() {
    let known = known(KnownLimits {
        verified: 10,
        candidates: 5,
        per_address: 3,
    });
    let taken = (1..100u16)
        .filter(|port| {
            let other = Node::new(ip("2a00::1").to_canonical(), *port).unwrap();
            known.add_verified(other).is_ok()
        })
        .count();
    assert_eq!(taken, 3);
    let neighbour = known.add_verified(node("[2a00::ffff]:1"));
    assert!(matches!(neighbour, Err(Refused::FullForAddress(_, 3))));
    let taken = (2..100u16)
        .filter(|port| {
            known.add_candidate(Node::new(ip("127.0.0.1"), *port).unwrap(), ip("::1")) == Ok(true)
        })
        .count();
    assert_eq!(taken, 5);
    let taken = (2..100u16)
        .filter(|port| known.add_verified(Node::new(ip("127.0.0.1"), *port).unwrap()) == Ok(true))
        .count();
    assert_eq!((taken, known.len()), (7, 10));
    assert!(matches!(
        known.add_verified(node("9.9.9.9:1")),
        Err(Refused::Full(_, 10))
    ));
}
