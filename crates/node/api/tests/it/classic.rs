use bolao_ledger::{Fixture, Genesis, TargetRule, UnixSeconds, encode};
use serde_json::{Value, json};

use crate::{
    app::{App, Reply, classic_on, tip},
    node::{easy, join, sign},
};

const JOHN: &str = r#"{"playername":"John","matchid":"NlEn","teamonescore":1,"teamtwoscore":2}"#;
const MARY: &str =
    r#"{"playername":"Mary","matchid":"ptch","teamonescore":"3","teamtwoscore":"0"}"#;

fn is_text(reply: &Reply, text: &str) {
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_eq!(reply.text(), text);
    assert_eq!(reply.header("content-type"), "text/html; charset=utf-8");
}

fn john() -> Value {
    json!({
        "player": "john", "match_id": "NlEn", "matchid": "NlEn",
        "team_one_score": 1, "team_two_score": 2, "teamonescore": 1, "teamtwoscore": 2,
        "stake": 0,
    })
}

#[tokio::test]
async fn the_article_walks() {
    let genesis = Genesis {
        target: TargetRule::Fixed { zero_bits: 16 },
        ..easy()
    };
    let pool = genesis.pool_id();
    let app = App::new(genesis, classic_on());
    let empty = app.json("/blockchain").await;
    let genesis_block = json!({
        "index": 1, "timestamp": 1_559_692_800, "bets": [], "nonce": 0,
        "hash": pool.to_string(), "previous_block_hash": "0".repeat(64),
    });
    assert_eq!(
        empty,
        json!({
            "chain": [genesis_block], "pending_bets": [],
            "network_nodes": [], "current_node_url": "http://localhost:9000",
        })
    );

    let created = "Bet created and broadcast successfully.";
    is_text(&app.post("/bet/broadcast", JOHN).await, created);
    is_text(&app.post("/bet", MARY).await, created);
    let chain = app.json("/blockchain").await;
    let mary = json!({
        "player": "mary", "match_id": "PtCh", "matchid": "PtCh",
        "team_one_score": 3, "team_two_score": 0, "teamonescore": 3, "teamtwoscore": 0,
        "stake": 0,
    });
    assert_eq!(chain["pending_bets"], json!([john(), mary]));
    assert_eq!(app.json("/player/john").await, json!([]));

    is_text(
        &app.get("/mine").await,
        "New block mined and broadcast successfully.",
    );
    let chain = app.json("/blockchain").await;
    assert_eq!(chain["pending_bets"], json!([]));
    let block = &chain["chain"][1];
    assert_eq!(block["index"], 2);
    assert_eq!(block["bets"], json!([john(), mary]));
    assert_eq!(block["previous_block_hash"], pool.to_string());
    assert!(block["hash"].as_str().unwrap().starts_with("0000"));
    assert_eq!(block["timestamp"], 1_559_692_810);

    for path in ["/player/john", "/player/JOHN", "/player/Jo%48n"] {
        assert_eq!(app.json(path).await, json!([john()]), "{path}");
    }
    assert_eq!(app.json("/match/nlen").await, json!([john()]));
    assert_eq!(app.json("/match/NLEN").await, json!([john()]));
    assert_eq!(app.json("/match/PtCh").await, json!([mary]));
    for path in [
        "/player/nobody",
        "/match/nothing",
        "/player/%00",
        "/player/a%2Fb",
    ] {
        assert_eq!(app.json(path).await, json!([]), "{path}");
    }
}

#[tokio::test]
async fn the_order_of_keys_is_the_articles() {
    let app = App::classic();
    app.post("/bet", JOHN).await;
    app.get("/mine").await;
    let text = app.get("/blockchain").await.text();
    let mut from = 0;
    for key in [
        "chain",
        "index",
        "timestamp",
        "bets",
        "nonce",
        "hash",
        "previous_block_hash",
    ] {
        let at = text[from..].find(&format!("\"{key}\":")).expect(key);
        from += at;
    }
    assert_eq!(
        app.get("/blockchain").await.header("content-type"),
        "application/json"
    );
    assert_eq!(
        app.get("/player/john").await.header("content-type"),
        "application/json"
    );
}

#[tokio::test]
async fn a_later_bet_replaces_and_late_ones_are_void() {
    let base = easy();
    let kickoff = UnixSeconds(base.created.0 + 15);
    let matches: Vec<Fixture> = base
        .matches
        .iter()
        .map(|fixture| Fixture {
            kickoff: Some(kickoff),
            ..fixture.clone()
        })
        .collect();
    let app = App::new(Genesis { matches, ..base }, classic_on());
    app.node.bet("John", vec![tip(1, 1, 0)]);
    app.node.bet("John", vec![tip(1, 2, 0)]);
    app.node.mine_now();
    app.node.bet("John", vec![tip(1, 9, 0)]);
    app.node.mine_now();
    let standing = app.json("/player/john").await;
    assert_eq!(standing.as_array().unwrap().len(), 1);
    assert_eq!(standing[0]["teamonescore"], 2);
    let chain = app.json("/blockchain").await;
    assert_eq!(chain["chain"][1]["bets"].as_array().unwrap().len(), 2);
    assert_eq!(chain["chain"][2]["bets"], json!([]));
    let late = app.json("/api/v1/blocks/2/transactions").await;
    assert_eq!(late["items"][0]["void"][0]["code"], "PtCh");
    let first = app.json("/api/v1/blocks/1/transactions").await;
    assert_eq!(first["items"][1].get("void"), None);
}

#[tokio::test]
async fn ready_bytes_follow_every_change() {
    let app = App::classic();
    let before = app.get("/blockchain").await;
    assert_eq!(app.get("/blockchain").await.body, before.body);
    app.post("/bet", JOHN).await;
    assert_eq!(
        app.json("/blockchain").await["pending_bets"],
        json!([john()])
    );
    app.post(
        "/register-node",
        r#"{"newnodeurl":"http://localhost:9001"}"#,
    )
    .await;
    let chain = app.json("/blockchain").await;
    assert_eq!(chain["network_nodes"], json!(["http://localhost:9001"]));
    app.get("/mine").await;
    let chain = app.json("/blockchain").await;
    assert_eq!(chain["chain"].as_array().unwrap().len(), 2);
    assert_eq!(chain["pending_bets"], json!([]));
}

#[tokio::test]
async fn both_spellings_any_content_type_and_a_stake() {
    let app = App::classic();
    let body = r#"{"player":"Eve","match_id":" NLEN ","team_one_score":"0","team_two_score":99,
        "stake":"7"}"#;
    for kind in [
        "application/json",
        "text/plain",
        "application/x-www-form-urlencoded",
        "💥",
    ] {
        let reply = app
            .request("POST", "/bet", &[("content-type", kind)], body)
            .await;
        is_text(&reply, "Bet created and broadcast successfully.");
    }
    let chain = app.json("/blockchain").await;
    let bet = &chain["pending_bets"][0];
    assert_eq!(bet["player"], "eve");
    assert_eq!(
        (&bet["stake"], &bet["teamtwoscore"]),
        (&json!(7), &json!(99))
    );
}

/// The article on betting with money calls the stake so.
#[tokio::test]
async fn an_amount_is_a_stake() {
    let app = App::classic();
    let body = JOHN.replace('}', r#","amount":7}"#);
    is_text(
        &app.post("/bet", body).await,
        "Bet created and broadcast successfully.",
    );
    let chain = app.json("/blockchain").await;
    assert_eq!(chain["pending_bets"][0]["stake"], 7);
}

#[tokio::test]
async fn a_name_of_another_wallet_is_a_conflict() {
    let app = App::classic();
    app.node.foreign.lock().unwrap().insert("John".into());
    let reply = app.post("/bet", JOHN).await;
    assert!(reply.problem(409).contains("another wallet"));
    assert_eq!(reply.json()["code"], "name-taken");
    let stake = JOHN
        .replace('}', r#","stake":5000}"#)
        .replace("John", "Ann");
    let reply = app.post("/bet", stake).await;
    reply.problem(422);
    assert_eq!(reply.json()["code"], "not-enough-chips");
}

#[tokio::test]
async fn nodes_are_registered_and_peers_asked() {
    let app = App::classic();
    let node = r#"{"newnodeurl":"http://localhost:9001"}"#;
    let twice = "New node registered successfully successfully.";
    is_text(&app.post("/register-node", node).await, twice);
    is_text(&app.post("/register-and-broadcast-node", node).await, twice);
    let nodes = r#"{"all_network_nodes":["http://localhost:9002","http://127.0.0.1:9003"]}"#;
    is_text(
        &app.post("/register-nodes-bulk", nodes).await,
        "Bulk registration successful.",
    );
    is_text(
        &app.get("/consensus").await,
        "Current chain has not been replaced.",
    );
    *app.node.replaced.lock().unwrap() = true;
    is_text(
        &app.get("/consensus").await,
        "This chain has been replaced.",
    );
    let calls = app.node.calls.lock().unwrap().clone();
    assert_eq!(
        calls,
        [
            "register http://localhost:9001/ false",
            "register http://localhost:9001/ true",
            "register many",
            "consensus",
            "consensus"
        ]
    );
}

#[tokio::test]
async fn only_validated_blocks_are_received() {
    const ACCEPTED: &str = "New block received and accepted.";
    const REJECTED: &str = "New block rejected.";
    let app = App::classic();
    app.post("/bet", JOHN).await;
    app.get("/mine").await;
    let chain = app.json("/blockchain").await["chain"].clone();
    for block in chain.as_array().unwrap() {
        let body = json!({ "new_block": block }).to_string();
        is_text(&app.post("/receive-new-block", body).await, ACCEPTED);
    }
    for (key, value) in [
        ("nonce", json!(1)),
        ("index", json!(3)),
        ("bets", json!([])),
        ("hash", json!("0000".repeat(16))),
        ("hash", json!(7)),
        ("extra", json!(0)),
    ] {
        let mut block = chain[1].clone();
        block[key] = value;
        let body = json!({ "new_block": block }).to_string();
        is_text(&app.post("/receive-new-block", body).await, REJECTED);
    }
    let made_up = json!({"new_block": {"index": 3, "timestamp": 1, "bets": [john()], "nonce": 5,
        "hash": format!("0000{}", "a".repeat(60)), "previous_block_hash": chain[1]["hash"]}});
    is_text(
        &app.post("/receive-new-block", made_up.to_string()).await,
        REJECTED,
    );
    assert!(
        !app.node
            .calls
            .lock()
            .unwrap()
            .contains(&"receive_block".into())
    );

    let genesis = &app.node.genesis;
    let joining = sign(genesis, "Zoe", 0, join("Zoe"));
    let block = app.node.template(app.node.next_time(), vec![joining]);
    let raw = hex::encode(encode(&block));
    let body = |raw: &str| json!({"new_block": {"raw": raw}}).to_string();
    let mut spoilt = block.clone();
    spoilt.transactions.clear();
    let spoilt = hex::encode(encode(&spoilt));
    is_text(
        &app.post("/receive-new-block", body(&spoilt)).await,
        REJECTED,
    );
    is_text(&app.post("/receive-new-block", body("zz")).await, REJECTED);
    is_text(
        &app.post("/receive-new-block", body(&raw[2..])).await,
        REJECTED,
    );
    let other = json!({"new_block": {"raw": raw, "hash": chain[1]["hash"]}}).to_string();
    is_text(&app.post("/receive-new-block", other).await, REJECTED);
    is_text(&app.post("/receive-new-block", body(&raw)).await, ACCEPTED);
    let chain = app.json("/blockchain").await["chain"].clone();
    assert_eq!(chain[2]["hash"], block.hash().to_string());
    is_text(&app.post("/receive-new-block", body(&raw)).await, REJECTED);
}

#[tokio::test]
async fn node_routes_and_the_front_door() {
    let app = App::classic();
    assert_eq!(app.json("/").await, json!({}));
    assert_eq!(app.json("/nodes/").await, json!([]));
    assert_eq!(app.get("/nodes").await.status, 308);
    let page = app
        .get_with("/", &[("accept", "text/html,application/xhtml+xml;q=0.9")])
        .await;
    assert_eq!(
        (page.status.as_u16(), page.header("location")),
        (303, "api/docs")
    );
    let reply = app.get_with("/", &[("accept", "*/*")]).await;
    assert_eq!(reply.text(), "{}");
    let node = r#"{"ip_address":"127.0.0.1","port":1}"#;
    assert_eq!(
        app.post("/", node).await.text(),
        r#"{"ip_address":"127.0.0.1","port":1}"#
    );
    assert_eq!(app.post("/", "{}").await.status, 400);
}
