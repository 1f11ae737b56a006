//! Nodes of a pool whose blocks validators make, over real sockets on loopback.

use std::{
    fs,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use bolao_ledger::{
    AccountId, Consensus, GENESIS_VERSION, Genesis, Height, Pos, StateView as _, UnixSeconds,
    Validator, ValidatorKey,
};
use bolao_node::{Home, MiningMode};
use bolao_store::{CACHE_BYTES, Store};
use ed25519_zebra::{SigningKey, VerificationKeyBytes};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::time::{Instant, sleep};

use crate::two_nodes::Running;

fn key_of(home: &TempDir) -> ValidatorKey {
    let home = Home::open(home.path()).unwrap();
    home.validator_key().unwrap()
}

/// The pool was made years ago, and not every machine's clock is set by the network.
fn trust_clock(home: &TempDir) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let home = Home::open(home.path()).unwrap();
    home.trust_clock(UnixSeconds(now.as_secs())).unwrap();
}

/// A pool whose validators are these homes'.
pub(crate) fn pool_of(homes: &[TempDir]) -> Genesis {
    let validators = homes.iter().zip(1_u8..).map(|(home, number)| {
        let account = SigningKey::from([number; 32]);
        trust_clock(home);
        Validator {
            account: AccountId(VerificationKeyBytes::from(&account).into()),
            key: key_of(home),
            weight: 1,
        }
    });
    let genesis = Genesis {
        version: GENESIS_VERSION,
        consensus: Consensus::Pos(Pos::appointed(validators)),
        ..Genesis::article()
    };
    genesis.check().unwrap();
    genesis
}

pub(crate) async fn until(limit: Duration, done: impl Fn() -> bool) {
    let end = Instant::now() + limit;
    while !done() {
        assert!(Instant::now() < end, "it takes too long");
        sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn four_validators_decide_a_bet_and_an_observer_has_it() {
    let homes: Vec<TempDir> = (0..4).map(|_| tempfile::tempdir().unwrap()).collect();
    let genesis = pool_of(&homes);
    let mut nodes = Vec::new();
    for home in homes.into_iter().chain([tempfile::tempdir().unwrap()]) {
        // Whatever is asked for, nobody mines.
        nodes.push(Running::start_in(home, genesis.clone(), MiningMode::Always).await);
    }
    for other in &nodes[1..] {
        let path = "/register-and-broadcast-node";
        let registered = nodes[0]
            .post(path, json!({ "newnodeurl": other.url }))
            .await;
        assert_eq!(registered.0, 200, "{}", registered.1);
    }
    let (status, refused) = nodes[0].try_get("/mine").await;
    assert_eq!(status, 422, "{refused}");
    assert!(refused.contains("nobody mines"), "{refused}");
    let bet =
        json!({ "playername": "John", "matchid": "NlEn", "teamonescore": 1, "teamtwoscore": "2" });
    let placed = nodes[1].post("/bet/broadcast", bet).await;
    assert_eq!(placed.0, 200, "{}", placed.1);
    let has_bet = |node: &Running| {
        let snapshot = node.reader.snapshot().unwrap();
        snapshot.totals().unwrap().bets == 1
    };
    until(Duration::from_secs(20), || nodes.iter().all(has_bet)).await;
    for node in nodes {
        let snapshot = node.reader.snapshot().unwrap();
        let tip = snapshot.tip().unwrap();
        assert!(tip.height >= Height(1));
        let last = snapshot.last_final().unwrap().unwrap();
        assert_eq!((last.height, last.hash), (tip.height, tip.hash));
        drop(snapshot);
        let bets: Value = serde_json::from_str(&node.get("/player/john").await).unwrap();
        assert_eq!(bets.as_array().unwrap().len(), 1, "{bets}");
        node.stop().await;
    }
}

/// A home that once voted, and whose key is gone, follows: with a new key nobody would know why nothing becomes final.
#[tokio::test(flavor = "multi_thread")]
async fn where_there_was_a_key_no_other_is_made() {
    let home = tempfile::tempdir().unwrap();
    let genesis = pool_of(std::slice::from_ref(&home));
    let start = |home| Running::start_in(home, genesis.clone(), MiningMode::Manual);
    let bet = |score: u8| json!({ "playername": "John", "matchid": "NlEn", "teamonescore": score, "teamtwoscore": "2" });
    let node = start(home).await;
    let placed = node.post("/bet/broadcast", bet(1)).await;
    assert_eq!(placed.0, 200, "{}", placed.1);
    let marked = node.home.path().join("validator.used");
    until(Duration::from_secs(20), || marked.exists()).await;
    let home = node.stop().await;
    let path = home.path().join("validator.key");
    let key = fs::read(&path).unwrap();
    fs::remove_file(&path).unwrap();
    let before = height_in(&home, &genesis);

    let node = start(home).await;
    let waits = node.post("/bet/broadcast", bet(3)).await;
    assert_eq!(waits.0, 200, "{}", waits.1);
    assert!(!path.exists());
    assert_eq!(node.height(), before);
    let home = node.stop().await;
    fs::write(&path, key).unwrap();
    let node = start(home).await;
    until(Duration::from_secs(20), || node.height() > before).await;
    node.stop().await;
}

fn height_in(home: &TempDir, genesis: &Genesis) -> Height {
    let path = Home::open(home.path()).unwrap().chain_path();
    let store = Store::open_or_create(&path, genesis, CACHE_BYTES).unwrap();
    store.reader().snapshot().unwrap().tip().unwrap().height
}
