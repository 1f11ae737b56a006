//! Homes behind routers that let nobody in.

use std::{fs, time::Duration};

use serde_json::Value;

use super::lab::{Lab, address};
use crate::{
    pebble::Pebble,
    support::{TIMEOUT, eventually},
};

pub(crate) const CUP: &str = r#"{"name": "Cup", "matches": [
    {"round": "Final", "date": "2099-06-01", "time": "12:00 UTC+0", "team1": "Brazil", "team2": "Ghana"}
]}"#;
/// The time in which a relay that came back has its homes again.
const BACK: Duration = Duration::from_secs(30);
/// The time until validators who were all alone agree again: each has waited longer with every round.
const AGAIN: Duration = Duration::from_mins(1);

fn json(lab: &Lab, machine: usize, args: &str) -> Value {
    serde_json::from_str(&lab.run(machine, args)).unwrap()
}

/// Waits until a machine's tip is final, at a height that is more than before; that height.
async fn goes_on(lab: &Lab, machine: usize, before: u64, within: Duration) -> u64 {
    eventually("a final block", within, async || {
        let height = json(lab, machine, "status --json")["final"]["height"].as_u64()?;
        (height > before).then_some(height)
    })
    .await
}

/// Four homes behind routers, all of them validators, who know one another only through the relay of another machine.
pub(crate) struct Relayed {
    pub(crate) lab: Lab,
    /// The command that runs the relay.
    relay: String,
    pub(crate) authority: Pebble,
}

impl Relayed {
    /// The machine of the relay.
    pub(crate) const RELAY: usize = 0;
    /// The machines of the validators; the first is the organiser's.
    pub(crate) const HOMES: [usize; 4] = [1, 2, 3, 4];

    pub(crate) async fn start() -> Self {
        let mut lab = Lab::new(5);
        // One of them has a provider that shares its address.
        for (home, routers) in Self::HOMES.into_iter().zip([2, 1, 1, 1]) {
            lab.put_behind(home, routers);
        }
        let names = "relay.test p1.relay.test authority.test";
        lab.set_name(names, address(Self::RELAY));
        lab.enter(Self::RELAY);
        let pebble = Pebble::start_by(lab.program(Self::RELAY, "pebble"), 443, 80, 3600).await;
        let (roots, root) = (lab.dir().join("authority.pem"), lab.dir().join("root.pem"));
        fs::write(&roots, pebble.authority.roots.as_ref().unwrap()).unwrap();
        fs::write(&root, pebble.root().await.unwrap()).unwrap();
        lab.trusted = Some(root);
        let authority = pebble.authority.url.replace("localhost", "authority.test");
        let authority = format!("--acme {authority} --acme-ca {}", roots.display());
        let relay = format!("relay --domain relay.test {authority}");
        lab.begin(Self::RELAY, &relay);
        let mut relayed = Self {
            lab,
            relay,
            authority: pebble,
        };
        relayed.meet(&authority).await;
        relayed
    }

    async fn meet(&mut self, authority: &str) {
        let lab = &mut self.lab;
        let token = eventually("the relay's name", TIMEOUT, async || {
            let added = lab.try_run(Self::RELAY, "relay add p1")?;
            Some(added.trim().to_owned())
        })
        .await;
        let fixtures = lab.dir().join("cup.json");
        fs::write(&fixtures, CUP).unwrap();
        let fixtures = fixtures.display();
        let new = format!(
            "new Cup --fixtures {fixtures} --as p1 --consensus pos --membership open --tips open"
        );
        lab.run(1, &new);
        let run = format!("-p 9000 --relay {token} {authority}");
        lab.start(1, &run).await;
        eventually("the link", TIMEOUT, async || {
            let link = json(lab, 1, "status --json")["link"].clone();
            (link["reach"] == "by_relay").then_some(())
        })
        .await;
        for home in [2, 3, 4] {
            lab.run(home, &format!("join https://p1.relay.test --name p{home}"));
            lab.start(home, "-p 9000").await;
        }
        eventually("all homes", TIMEOUT, async || {
            (lab.peers(1).len() == 3).then_some(())
        })
        .await;
        // A relay's word for private addresses is not taken; whoever comes through it is not this machine.
        let peers = lab.peers(1);
        assert!(
            peers.iter().all(|it| it.starts_with("0.0.0.0:")),
            "{peers:?}"
        );
        eventually("their offers", TIMEOUT, async || {
            let validators = json(lab, 1, "validators --json");
            (validators["offers"].as_array()?.len() == 3).then_some(())
        })
        .await;
        lab.run(1, "validators appoint p2 p3 p4 --yes --wait");
    }
}

#[ignore = "needs root: sudo -E cargo nextest run -p bolao --run-ignored only networks::"]
#[tokio::test]
async fn validators_behind_routers_meet_through_a_relay() {
    let mut relayed = Relayed::start().await;
    let lab = &mut relayed.lab;
    let before = goes_on(lab, 4, 0, TIMEOUT).await;
    lab.run(2, "bet 1 2-1");
    let before = goes_on(lab, 3, before, TIMEOUT).await;

    // The relay is away for a while.
    lab.stop(Relayed::RELAY);
    eventually("that all are alone", TIMEOUT, async || {
        lab.peers(1).is_empty().then_some(())
    })
    .await;
    lab.begin(Relayed::RELAY, &relayed.relay);
    eventually("all homes again", BACK, async || {
        (lab.peers(1).len() == 3).then_some(())
    })
    .await;
    lab.run(3, "bet 1 1-1");
    goes_on(lab, 2, before, AGAIN).await;
}
