#![allow(clippy::indexing_slicing)]

use super::*;

fn here(all: &[(&str, [u8; 4])]) -> Vec<Local> {
    let all = all.iter().map(|(interface, ip)| Local {
        ip: (*ip).into(),
        interface: (*interface).to_owned(),
    });
    all.collect()
}

fn facts(listen: SocketAddr) -> Facts<'static> {
    Facts {
        listen,
        interface: None,
        advertised: &[],
        towards: &[],
    }
}

#[test]
fn loopback_stays_loopback() {
    let listen = (Ipv4Addr::LOCALHOST, 9000).into();
    let found = Addresses::find(facts(listen), &local());
    assert_eq!((found.own, &found.listens[..]), (listen, &[listen][..]));
    assert!(found.contains(listen) && found.aliases.is_empty() && found.told.is_empty());
}

#[test]
fn what_is_advertised_is_what_others_learn() {
    let listen = (Ipv4Addr::LOCALHOST, 9000).into();
    let advertised = [1, 2].map(|last| (Ipv4Addr::new(203, 0, 113, last), 9100).into());
    let facts = Facts {
        advertised: &advertised,
        ..facts(listen)
    };
    let found = Addresses::find(facts, &local());
    assert_eq!(found.own, advertised[0]);
    assert_eq!(found.aliases, [listen, advertised[1]]);
    assert_eq!(found.told, advertised);
}

#[test]
fn everywhere_is_some_address_of_this_machine_and_both_families() {
    for listen in [
        IpAddr::from(Ipv4Addr::UNSPECIFIED),
        Ipv6Addr::UNSPECIFIED.into(),
    ] {
        let found = Addresses::find(facts((listen, 9000).into()), &local());
        assert!(Node::try_from(found.own).is_ok(), "{found:?}");
        for ip in [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()] {
            let loopback: SocketAddr = (IpAddr::clone(&ip), 9000).into();
            assert!(found.contains(loopback), "{found:?}");
        }
        assert!(!found.aliases.contains(&found.own), "{found:?}");
        assert_eq!(found.alias_nodes().count(), found.aliases.len());
        assert_eq!(found.listens.len(), 2);
        assert_eq!(found.listens[0].ip(), listen);
    }
}

/// It limits where the node listens, so that another interface is none of its business.
#[test]
fn a_chosen_address_is_followed_within_its_interface() {
    let listen: SocketAddr = ([192, 168, 1, 20], 9000).into();
    let facts = Facts {
        interface: Some("wlan0"),
        ..facts(listen)
    };
    let before = here(&[("vpn", [10, 8, 0, 2]), ("wlan0", [192, 168, 1, 20])]);
    assert_eq!(Addresses::find(facts, &before).listens, [listen]);
    let after = here(&[("vpn", [10, 8, 0, 2]), ("wlan0", [192, 168, 1, 35])]);
    let moved: SocketAddr = ([192, 168, 1, 35], 9000).into();
    let found = Addresses::find(facts, &after);
    assert_eq!((found.own, &found.listens[..]), (moved, &[moved][..]));
    let off = here(&[("vpn", [10, 8, 0, 2])]);
    let found = Addresses::find(facts, &off);
    assert_eq!((found.own, &found.listens[..]), (listen, &[][..]));
}

#[test]
fn others_learn_the_address_towards_whom_this_node_joined_through() {
    let listen = (Ipv4Addr::UNSPECIFIED, 9000).into();
    let towards = [(Ipv4Addr::LOCALHOST, 9000).into()];
    let facts = Facts {
        towards: &towards,
        ..facts(listen)
    };
    let alone = here(&[("e", [10, 77, 0, 10])]);
    // A friend on the same machine says nothing of that.
    let found = Addresses::find(facts, &alone);
    assert!(!found.own.ip().is_loopback(), "{found:?}");
    assert_eq!(found.told[0], found.own);
}
