//! Nodes on machines of their own, and networks that go wrong. These tests need root, for network namespaces:
//! `sudo -E cargo nextest run -p bolao --run-ignored only networks::`. `make test` runs the shorter ones where it can.

pub(crate) mod lab;
mod moving;
pub(crate) mod routers;

use std::{net::Ipv4Addr, time::Duration};

use lab::{Lab, address};

use crate::support::{TIMEOUT, eventually};

/// How soon everybody is connected with everybody again.
const MESH: Duration = Duration::from_secs(10);

async fn mesh(lab: &Lab, machines: &[usize], patience: Duration) {
    eventually("everybody is everybody's peer", patience, async || {
        let all = machines.len() - 1;
        machines
            .iter()
            .all(|it| lab.peers(*it).len() == all)
            .then_some(())
    })
    .await;
}

#[ignore = "needs root: sudo -E cargo nextest run -p bolao --run-ignored only networks::"]
#[tokio::test]
async fn after_a_cut_everybody_is_connected_with_everybody_again() {
    let mut lab = Lab::new(5);
    lab.pool("-i 10.77.0.10 -p 9000").await;
    mesh(&lab, &[0, 1, 2, 3, 4], TIMEOUT).await;
    lab.plug(&[3, 4], "two");
    // Longer than discovery remembers who is silent.
    tokio::time::sleep(Duration::from_secs(75)).await;
    assert_eq!([0, 3].map(|it| lab.peers(it).len()), [2, 1]);
    lab.plug(&[3, 4], "one");
    mesh(&lab, &[0, 1, 2, 3, 4], MESH).await;
    lab.stop(0);
    mesh(&lab, &[1, 2, 3, 4], MESH).await;
    // Who was away and has forgotten nobody's address needs nobody to introduce it.
    lab.stop(4);
    lab.start(4, "-p 9000").await;
    mesh(&lab, &[1, 2, 3, 4], MESH).await;
}

#[ignore = "needs root: sudo -E cargo nextest run -p bolao --run-ignored only networks::"]
#[tokio::test]
async fn an_organiser_who_moves_is_found_again() {
    let mut lab = Lab::new(3);
    lab.pool("-i 0.0.0.0 -p 9000").await;
    mesh(&lab, &[0, 1, 2], TIMEOUT).await;
    // While its node runs: the address of the laptop changes.
    let moved = Ipv4Addr::new(10, 77, 0, 90);
    lab.remove_address(0, address(0));
    lab.add_address(0, moved);
    let at_moved = |it: usize| lab.peers(it).contains(&format!("{moved}:9000"));
    eventually("the new address", MESH * 2, async || {
        (at_moved(1) && at_moved(2)).then_some(())
    })
    .await;
    let status = lab.run(0, "status --json");
    assert!(status.contains("http://10.77.0.90:9000"), "{status}");

    // Both are off meanwhile, and it has forgotten the friends: they join again by the new address, while they run.
    lab.stop(0);
    lab.remove_address(0, moved);
    let moved = Ipv4Addr::new(10, 77, 0, 91);
    lab.add_address(0, moved);
    lab.forget(0);
    lab.start(0, "-p 9000 -i 10.77.0.91").await;
    lab.run(1, "join http://10.77.0.91:9000");
    eventually("the organiser at the first friend", MESH / 2, async || {
        lab.peers(1)
            .contains(&format!("{moved}:9000"))
            .then_some(())
    })
    .await;
    // The second friend hears of it from the first.
    mesh(&lab, &[0, 1, 2], MESH * 3).await;
}

#[ignore = "needs root: sudo -E cargo nextest run -p bolao --run-ignored only networks::"]
#[tokio::test]
async fn a_name_is_advertised_invited_by_and_followed() {
    let mut lab = Lab::new(3);
    lab.set_name("cup.example", address(0));
    lab.pool("-p 9000 --advertise cup.example").await;
    let link = lab.run(0, "invite");
    assert!(link.starts_with("http://cup.example:9000/join#"), "{link}");
    let link = lab.run(0, "invite --url http://CUP.example:9000");
    lab.run(2, &format!("join {}", link.trim()));
    lab.run(2, "join http://cup.example:9000");
    let status = lab.fails(0, "run -i 203.0.113.7 -p 9001");
    assert!(
        status.contains("--advertise 203.0.113.7") && status.contains("10.77.0.10"),
        "{status}"
    );

    // The name leads elsewhere: who joined by it follows.
    lab.stop(0);
    lab.stop(1);
    let moved = Ipv4Addr::new(10, 77, 0, 90);
    lab.remove_address(0, address(0));
    lab.add_address(0, moved);
    lab.forget(0);
    lab.set_name("cup.example", moved);
    lab.start(0, "-p 9000 --advertise cup.example").await;
    eventually("the name's new address", MESH * 3, async || {
        lab.peers(2)
            .contains(&format!("{moved}:9000"))
            .then_some(())
    })
    .await;
}
