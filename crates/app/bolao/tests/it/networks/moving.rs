//! A friend's machine whose address changes while its node runs.

use std::{
    fs,
    net::{Ipv4Addr, SocketAddr, TcpStream},
    time::{Duration, Instant},
};

use serde_json::Value;

use super::{
    lab::{Lab, address},
    routers::CUP,
};
use crate::{
    faults::row::Row,
    support::{TIMEOUT, eventually},
};

const ORGANISER: usize = 0;
const FRIEND: usize = 1;
/// The time in which a friend's node is connected again.
const SOON: Duration = Duration::from_secs(10);
/// A bet in a pool whose only validator is the organiser, while nobody hears it.
const UNHEARD: &str = "no other node is connected to yours now, so it goes out once one is";

/// A pool whose organiser makes the blocks.
async fn pool(lab: &mut Lab, organiser: &str) {
    let cup = lab.dir().join("cup.json");
    fs::write(&cup, CUP).unwrap();
    let cup = cup.display();
    lab.run(
        ORGANISER,
        &format!("new Cup --fixtures {cup} --as p0 --consensus pos --membership open --tips open"),
    );
    lab.start(ORGANISER, organiser).await;
}

fn status(lab: &Lab, machine: usize) -> Value {
    serde_json::from_str(&lab.run(machine, "status --json")).unwrap()
}

/// Bets, and waits until a block holds the bet; how long that took, and what was said.
async fn bet(lab: &Lab, score: &str, what: &str) -> (Duration, String) {
    let start = Instant::now();
    let said = lab.run(FRIEND, &format!("bet 1 {score}"));
    eventually(what, SOON, async || {
        let status = status(lab, FRIEND);
        (status["pending"] == 0 && status["peers"] == 1).then_some(())
    })
    .await;
    (start.elapsed(), said)
}

#[ignore = "needs root: sudo -E cargo nextest run -p bolao --run-ignored only networks::"]
#[tokio::test]
async fn a_friend_whose_address_changes_five_times_is_connected_again_each_time() {
    let mut lab = Lab::new(2);
    lab.ip(ORGANISER, "addr add fd77::10/64 dev e nodad");
    pool(&mut lab, "-i 0.0.0.0 -p 9000").await;
    let organiser = address(ORGANISER);
    lab.run(FRIEND, &format!("join http://{organiser}:9000 --name p1"));
    lab.start(FRIEND, "-p 9000").await;
    eventually("the friend's first block", TIMEOUT, async || {
        let status = status(&lab, FRIEND);
        (status["peers"] == 1 && status["totals"]["players"] == 2).then_some(())
    })
    .await;
    let mut row = Row::new(
        "address changes",
        "a friend's address changes, also to a router's and to IPv6; until a bet is in a block",
    );
    bet(&lab, "0-0", "the first bet").await;

    let moved = Ipv4Addr::new(10, 77, 0, 60);
    lab.remove_address(FRIEND, address(FRIEND));
    lab.add_address(FRIEND, moved);
    row.took(bet(&lab, "1-0", "another address of the network").await.0);
    for told in ["status", "doctor"] {
        let told = lab.say(FRIEND, told).replace('\n', " ");
        let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
        let gone = "10.77.0.11 is no longer an address of this machine";
        assert!(told.contains(gone), "{told}");
        assert!(told.contains("http://10.77.0.60:9000"), "{told}");
    }

    lab.move_behind(FRIEND, 110, Ipv4Addr::new(10, 77, 0, 61));
    row.took(bet(&lab, "2-0", "behind a router").await.0);

    lab.move_behind(FRIEND, 111, Ipv4Addr::new(10, 77, 0, 62));
    row.took(bet(&lab, "3-0", "behind another router").await.0);

    lab.move_before(FRIEND);
    lab.ip(FRIEND, "addr add fd77::60/64 dev e nodad");
    row.took(bet(&lab, "4-0", "IPv6 only").await.0);

    // Longer than a connection lives in silence, and than any wait between two dials.
    lab.ip(FRIEND, "link set e down");
    tokio::time::sleep(Duration::from_secs(25)).await;
    let said = lab.run(FRIEND, "bet 1 5-0");
    assert!(said.contains(UNHEARD), "{said}");
    assert_eq!(status(&lab, FRIEND)["peers"], 0);
    lab.add_address(FRIEND, Ipv4Addr::new(10, 77, 0, 63));
    lab.ip(FRIEND, "link set e up");
    row.took(bet(&lab, "6-0", "after a while without a network").await.0);
    drop(lab);
    row.end(None).check();
}

#[ignore = "needs root: sudo -E cargo nextest run -p bolao --run-ignored only networks::"]
#[tokio::test]
async fn a_node_with_a_chosen_address_follows_it_and_listens_on_no_other() {
    let mut lab = Lab::new(2);
    pool(&mut lab, "-i 10.77.0.10 -p 9000").await;
    let (organiser, own) = (address(ORGANISER), address(FRIEND));
    lab.ip(FRIEND, "link add name other type bridge");
    lab.ip(FRIEND, "addr add 10.99.0.1/24 dev other");
    lab.ip(FRIEND, "link set other up");
    lab.run(FRIEND, &format!("join http://{organiser}:9000 --name p1"));
    lab.start(FRIEND, &format!("-p 9000 -i {own}")).await;
    eventually("the friend", TIMEOUT, async || {
        (status(&lab, FRIEND)["totals"]["players"] == 2).then_some(())
    })
    .await;
    lab.enter(FRIEND);
    let answers = |ip: Ipv4Addr| {
        let address = SocketAddr::from((ip, 9000));
        TcpStream::connect_timeout(&address, Duration::from_secs(1)).is_ok()
    };
    let other = Ipv4Addr::new(10, 99, 0, 1);
    assert!(answers(own) && !answers(other));

    let moved = Ipv4Addr::new(10, 77, 0, 60);
    lab.remove_address(FRIEND, own);
    lab.add_address(FRIEND, moved);
    let (took, _) = bet(&lab, "1-0", "the interface's other address").await;
    println!("the bet was in a block after {took:?}");
    assert!(answers(moved) && !answers(other));

    // The organiser's machine moves, too.
    let organiser_moved = Ipv4Addr::new(10, 77, 0, 90);
    lab.remove_address(ORGANISER, organiser);
    lab.add_address(ORGANISER, organiser_moved);
    let (took, _) = bet(&lab, "2-0", "the organiser's other address").await;
    println!("the bet was in a block after {took:?}");

    lab.remove_address(FRIEND, moved);
    eventually("word of it", SOON, async || {
        let gone = status(&lab, FRIEND)["address_gone"]["code"].clone();
        (gone == "address-gone").then_some(())
    })
    .await;
    assert!(!answers(other));
}

#[ignore = "needs root: sudo -E cargo nextest run -p bolao --run-ignored only networks::"]
#[tokio::test]
async fn joining_again_connects_a_node_that_runs() {
    let mut lab = Lab::new(2);
    // Whoever calls a second address is answered from there.
    let second = Ipv4Addr::new(10, 77, 0, 12);
    lab.add_address(ORGANISER, second);
    pool(&mut lab, "-i 0.0.0.0 -p 9000").await;
    let genesis = lab.dir().join("0/genesis.json");
    lab.run(FRIEND, &format!("join {} --name p1", genesis.display()));
    lab.start(FRIEND, "-p 9000").await;
    assert_eq!(status(&lab, FRIEND)["url"], "http://localhost:9000");
    lab.run(FRIEND, &format!("join http://{second}:9000"));
    eventually("the organiser", SOON, async || {
        // For a moment it listens nowhere.
        let peers = lab.try_run(FRIEND, "peers --json")?;
        peers.contains(&format!("{second}:9000")).then_some(())
    })
    .await;
    let url = status(&lab, FRIEND)["url"].clone();
    assert_eq!(url, format!("http://{}:9000", address(FRIEND)));
}
