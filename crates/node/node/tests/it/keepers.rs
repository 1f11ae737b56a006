//! A player's phone is off at kick-off, and so is the computer that the phone talked to.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bolao_ledger::{
    BetMode, Chips, Genesis, MatchNo, Name, Nonce, OpenBet, Opening, Score, StateView as _,
    Transaction, UnixSeconds, ValidatorKey, encode,
};
use bolao_node::{Home, MiningMode};
use bolao_openings::Entropy;
use bolao_wallet::{Draft, Key};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    two_nodes::Running,
    validators::{pool_of, until},
};

const NO: MatchNo = MatchNo(1);
const SOON_S: u64 = 25;

fn sealed_pool(homes: &[TempDir]) -> Genesis {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let mut genesis = pool_of(homes);
    genesis.rules.bets = BetMode::Sealed;
    genesis.rules.anybody_opens = true;
    genesis.matches[0].kickoff = Some(UnixSeconds(now.as_secs() + SOON_S));
    genesis.check().unwrap();
    genesis
}

async fn send(host: &Running, path: &str, body: Value) -> (u16, String) {
    let sent = reqwest::Client::new().post(format!("{}{path}", host.url));
    let answer = sent.json(&body).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

async fn submit(host: &Running, transaction: &Transaction) {
    let transaction = hex::encode(encode(transaction));
    let path = "/api/v1/transactions";
    let (status, answer) = send(host, path, json!({ "transaction": transaction })).await;
    assert_eq!(status, 202, "{answer}");
}

async fn openings(host: &Running, phone: &Key) -> Value {
    let path = format!("/api/v1/openings?account={}", phone.account());
    serde_json::from_str(&host.get(&path).await).unwrap()
}

fn is_open(node: &Running, phone: &Key) -> bool {
    let snapshot = node.reader.snapshot().unwrap();
    let bet = snapshot.bet(NO, &phone.account()).unwrap();
    bet.is_some_and(|bet| bet.prediction() == Some(Score::new(3, 1).unwrap().into()))
}

/// Four keepers, of whom two play, and a host that is none: the last.
async fn connected() -> (Genesis, Vec<Running>) {
    let homes: Vec<TempDir> = (0..4).map(|_| tempfile::tempdir().unwrap()).collect();
    for (home, name) in homes.iter().zip(["Org1", "Org2"]) {
        let home = Home::open(home.path()).unwrap();
        let mut profile = home.profile().unwrap();
        profile.name = Some(name.to_owned());
        home.set_profile(&profile).unwrap();
    }
    let genesis = sealed_pool(&homes);
    let mut nodes = Vec::new();
    for home in homes.into_iter().chain([tempfile::tempdir().unwrap()]) {
        nodes.push(Running::start_in(home, genesis.clone(), MiningMode::Manual).await);
    }
    for other in &nodes[1..] {
        let path = "/register-and-broadcast-node";
        let registered = nodes[0]
            .post(path, json!({ "newnodeurl": other.url }))
            .await;
        assert_eq!(registered.0, 200, "{}", registered.1);
    }
    (genesis, nodes)
}

#[tokio::test(flavor = "multi_thread")]
async fn keepers_open_a_phones_bet_while_phone_and_host_are_off_slow() {
    let (genesis, mut nodes) = connected().await;
    let host = nodes.pop().unwrap();
    let (phone, pool) = (Key::from_secret(&[9; 32]), genesis.pool_id());
    let mut draft = Draft::new(phone.account(), Nonce::ZERO);
    let join = draft.join(Name::new("Clara").unwrap());
    submit(&host, &phone.sign(pool, join)).await;
    let bet = OpenBet {
        match_no: NO,
        prediction: Score::new(3, 1).unwrap().into(),
        stake: Chips(0),
    };
    let nonce = Nonce(1);
    let seal = draft.seal_bets(&phone, pool, &[bet]);
    submit(&host, &phone.sign(pool, seal)).await;

    let seen = openings(&host, &phone).await;
    assert_eq!(
        (&seen["needed"], &seen["host_could_look"]),
        (&json!(3), &json!(false))
    );
    let keys: Vec<ValidatorKey> = seen["keepers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|keeper| serde_json::from_value(keeper["key"].clone()).unwrap())
        .collect();
    assert_eq!(keys.len(), 4);
    let opening = Opening {
        match_no: NO,
        prediction: bet.prediction,
        salt: phone.salt(pool, NO, nonce),
    };
    let deal = phone
        .deal(pool, &opening, 0, &keys, &Entropy([4; 32]))
        .unwrap();
    let deals = json!({ "deals": [hex::encode(encode(&deal))] });
    let (status, answer) = send(&host, "/api/v1/openings", deals).await;
    assert_eq!(status, 202, "{answer}");
    let held = |node: &Running| {
        let snapshot = node.reader.snapshot().unwrap();
        let kept = snapshot.kept(&deal.body.seal()).unwrap();
        kept.is_some_and(|kept| kept.receipts.len() == 4)
    };
    until(Duration::from_secs(15), || held(&host)).await;
    let seen = openings(&host, &phone).await;
    assert_eq!(seen["seals"][0]["will_open"], json!(true), "{seen}");

    // The phone's screen is dark, the host's lid shut, and one of the keepers is away as well.
    host.stop().await;
    nodes.pop().unwrap().stop().await;
    assert!(nodes.iter().all(|node| !is_open(node, &phone)));
    let limit = Duration::from_secs(SOON_S + 40);
    until(limit, || nodes.iter().all(|node| is_open(node, &phone))).await;
    let gone = |node: &Running| node.reader.snapshot().unwrap().kept_count().unwrap() == 0;
    until(Duration::from_secs(70), || nodes.iter().all(gone)).await;
    for node in nodes {
        node.stop().await;
    }
}
