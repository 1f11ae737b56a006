use std::collections::HashSet;

use bolao_api::ApiConfig;
use bolao_ledger::{Action, Genesis, actions, encode};
use serde_json::{Value, json};

use crate::{
    app::{App, tip},
    node::{TOKEN, account, easy, join, peer, say, sign},
    play,
};

/// Three blocks of bets, and one bet that waits.
fn played() -> App {
    let app = App::new(easy(), ApiConfig::default());
    for (name, home) in [("John", 1), ("Mary", 2), ("Ann", 3)] {
        app.node.bet(name, vec![tip(1, home, 0), tip(2, 0, home)]);
        app.node.mine_now();
    }
    app.node.bet("John", vec![tip(1, 5, 5)]);
    app
}

/// Every entry of a list, page by page.
pub(crate) async fn all(app: &App, path: &str, limit: usize) -> Vec<Value> {
    let mut items = Vec::new();
    let mut cursor = String::new();
    for _ in 0..100 {
        let join = if path.contains('?') { '&' } else { '?' };
        let page = app
            .json(&format!("{path}{join}limit={limit}{cursor}"))
            .await;
        let page_items = page["items"].as_array().unwrap();
        assert!(page_items.len() <= limit);
        items.extend(page_items.iter().cloned());
        match page.get("next_cursor") {
            None => return items,
            Some(next) => cursor = format!("&cursor={}", next.as_str().unwrap()),
        }
    }
    panic!("{path}: the pages have no end");
}

#[tokio::test]
async fn shapes() {
    let app = played();
    app.node.peers.lock().unwrap().push(peer("12D3KooW1"));
    let mut shapes = serde_json::Map::new();
    for path in [
        "/api/v1/status",
        "/api/v1/pool",
        "/api/v1/peers",
        "/api/v1/matches",
        "/api/v1/matches/ptch",
        "/api/v1/bets?player=john",
        "/api/v1/players/MARY",
        "/api/v1/blocks?limit=1",
        "/api/v1/blocks/0",
        "/api/v1/blocks/1",
        "/api/v1/blocks/1/transactions",
        "/api/v1/transactions?state=pending",
    ] {
        shapes.insert(path.to_owned(), app.json(path).await);
    }
    shapes.insert("nonce".into(), {
        let path = format!("/api/v1/accounts/{}/nonce", account("John"));
        app.json(&path).await
    });
    insta::assert_json_snapshot!(shapes);
}

#[tokio::test]
async fn pages_list_everything_once() {
    let app = played();
    for id in ["c", "a", "b"] {
        app.node.peers.lock().unwrap().push(peer(id));
    }
    for (path, key, count) in [
        ("/api/v1/matches", "/code", 2),
        ("/api/v1/players", "/account", 3),
        ("/api/v1/blocks", "/hash", 4),
        ("/api/v1/peers", "/id", 3),
        ("/api/v1/transactions", "/id", 6),
        ("/api/v1/transactions?state=pending", "/id", 1),
        ("/api/v1/blocks/1/transactions", "/id", 2),
    ] {
        for limit in [1, 2, 3, 500] {
            let items = all(&app, path, limit).await;
            let keys: HashSet<String> = items
                .iter()
                .map(|item| item.pointer(key).unwrap().to_string())
                .collect();
            assert_eq!((items.len(), keys.len()), (count, count), "{path} {limit}");
        }
    }
    let bets = all(&app, "/api/v1/bets", 500).await;
    assert_eq!(bets.len(), 6);
    for limit in [1, 2, 5, 6] {
        assert_eq!(all(&app, "/api/v1/bets", limit).await, bets);
        let of_match = all(&app, "/api/v1/bets?match=nlen", limit).await;
        assert_eq!(of_match, bets[3..]);
        let of_john = all(&app, "/api/v1/bets?player=john", limit).await;
        assert_eq!(of_john.len(), 2);
    }
    let path = format!("/api/v1/bets?match=PtCh&player={}", account("Ann"));
    let one = all(&app, &path, 1).await;
    assert_eq!(one.len(), 1);
    assert_eq!(one[0]["score"], json!({"home": 3, "away": 0}));
    let heights: Vec<u64> = all(&app, "/api/v1/blocks", 2)
        .await
        .iter()
        .map(|block| block["height"].as_u64().unwrap())
        .collect();
    assert_eq!(heights, [3, 2, 1, 0]);
}

#[tokio::test]
async fn many_empty_blocks_between_transactions() {
    let app = App::new(easy(), ApiConfig::default());
    app.node.bet("John", vec![tip(1, 1, 0)]);
    app.node.mine_now();
    for _ in 0..450 {
        app.node.mine_now();
    }
    let first = app.json("/api/v1/transactions").await;
    assert_eq!(first["items"], json!([]));
    assert!(first["next_cursor"].is_string());
    assert_eq!(all(&app, "/api/v1/transactions", 50).await.len(), 2);
}

#[tokio::test]
async fn tags_change_with_the_tip() {
    let app = played();
    for path in [
        "/api/v1/pool",
        "/api/v1/matches",
        "/api/v1/bets",
        "/api/v1/players",
        "/api/v1/players/john",
        "/api/v1/blocks",
        "/api/v1/blocks/1",
        "/api/v1/pool/genesis",
        "/api/v1/pool/rules",
        "/api/v1/standings",
        "/api/v1/rounds",
        "/api/v1/rounds/Semi-finals/matrix",
        "/api/v1/matches/PtCh/tips",
        "/api/v1/players/john/history",
        "/api/v1/log",
        "/api/v1/votes",
        "/api/v1/validators",
        "/api/v1/transactions",
        "/api/v1/transactions?state=pending",
    ] {
        let reply = app.get(path).await;
        let tag = reply.header("etag").to_owned();
        assert!(tag.starts_with("W/\""), "{path}");
        let strong = tag.trim_start_matches("W/").to_owned();
        let many = format!("\"other\", {tag}");
        for known in [tag.as_str(), &strong, &many, "*"] {
            let again = app.get_with(path, &[("if-none-match", known)]).await;
            assert_eq!(
                (again.status.as_u16(), again.body.len()),
                (304, 0),
                "{path}"
            );
            assert_eq!(again.header("etag"), tag);
        }
        let other = app.get_with(path, &[("if-none-match", "\"other\"")]).await;
        assert_eq!(other.status, 200);
    }
    let tag = app.get("/api/v1/bets").await.header("etag").to_owned();
    app.node.mine_now();
    let changed = app
        .get_with("/api/v1/bets", &[("if-none-match", &tag)])
        .await;
    assert_eq!(changed.status, 200);
    assert_ne!(changed.header("etag"), tag);
}

#[tokio::test]
async fn tags_of_what_waits_change_without_the_tip() {
    let app = played();
    let waiting = "/api/v1/transactions?state=pending";
    let known = app.get(waiting).await.header("etag").to_owned();
    let known = [("if-none-match", known.as_str())];
    let id = app.node.bet("Mary", vec![tip(1, 4, 4)]);
    assert_eq!(app.get_with(waiting, &known).await.status, 200);
    app.node.drop_pending(&id);
    assert_eq!(app.get_with(waiting, &known).await.status, 304);

    let id = app.node.bet("Ann", vec![tip(2, 4, 4)]);
    let one = format!("/api/v1/transactions/{id}");
    let known = app.get(&one).await.header("etag").to_owned();
    let known = [("if-none-match", known.as_str())];
    assert_eq!(app.get_with(&one, &known).await.status, 304);
    app.node.mine_now();
    let changed = app.get_with(&one, &known).await;
    assert_eq!(changed.status, 200);
    assert!(changed.json()["block"].is_object());
}

#[tokio::test]
async fn pages_of_what_waits_skip_nothing_when_something_leaves() {
    let app = played();
    let ids: Vec<String> = ["Mary", "Ann"]
        .map(|name| app.node.bet(name, vec![tip(1, 4, 4)]).to_string())
        .into();
    let first = app.json("/api/v1/transactions?state=pending&limit=1").await;
    let gone = first["items"][0]["id"].as_str().unwrap();
    app.node.drop_pending(&gone.parse().unwrap());
    let cursor = first["next_cursor"].as_str().unwrap();
    let path = format!("/api/v1/transactions?state=pending&cursor={cursor}");
    let rest = app.json(&path).await;
    let rest: Vec<&Value> = rest["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| &item["id"])
        .collect();
    assert_eq!(rest, [&json!(ids[0]), &json!(ids[1])]);
}

#[tokio::test]
async fn transactions_are_handed_in() {
    let app = App::new(easy(), ApiConfig::default());
    let genesis = app.node.genesis.clone();
    let path = format!("/api/v1/accounts/{}/nonce", account("Zoe"));
    let nonce = app.json(&path).await;
    assert_eq!(
        (&nonce["next_nonce"], &nonce["joined"]),
        (&json!(0), &json!(false))
    );

    let joining = sign(&genesis, "Zoe", 0, join("Zoe"));
    let body = json!({"transaction": hex::encode(encode(&joining))}).to_string();
    let kind = [("content-type", "application/json")];
    let reply = app
        .request("POST", "/api/v1/transactions", &kind, body)
        .await;
    assert_eq!(reply.status, 202, "{}", reply.text());
    assert_eq!(reply.json(), json!({"id": joining.id(), "chips": null}));
    let place = reply.header("location").to_owned();
    assert_eq!(place, format!("transactions/{}", joining.id()));
    let place = format!("/api/v1/{place}");
    assert_eq!(app.json(&place).await["block"], Value::Null);
    assert_eq!(app.json(&path).await["next_nonce"], 1);

    let tips = vec![tip(1, 2, 1)];
    let bet = sign(&genesis, "Zoe", 1, Action::Bet(actions::Bet { bets: tips }));
    let kind = [("content-type", "application/octet-stream")];
    let reply = app
        .request("POST", "/api/v1/transactions", &kind, encode(&bet))
        .await;
    assert_eq!(reply.status, 202);
    assert_eq!(app.json(&path).await["next_nonce"], 2);
    app.node.mine_now();
    let shown = app.json(&place).await;
    assert_eq!(shown["block"]["height"], 1);
    assert_eq!(shown["player"]["name"], "Zoe");
    assert_eq!(shown["raw"], hex::encode(encode(&joining)));
    let nonce = app.json(&path).await;
    assert_eq!(
        (&nonce["next_nonce"], &nonce["joined"]),
        (&json!(2), &json!(true))
    );

    let mut forged = bet.clone();
    forged.body.nonce.0 = 9;
    let reply = app
        .request("POST", "/api/v1/transactions", &kind, encode(&forged))
        .await;
    reply.problem(400);
    assert_eq!(reply.json()["code"], "bad-signature");
}

#[tokio::test]
async fn mining_is_for_the_nodes_own_user() {
    let app = App::new(easy(), ApiConfig::default());
    let mine = async |token: &str| {
        let headers = [("authorization", token)];
        app.request("POST", "/api/v1/mine", &headers, "").await
    };
    for token in ["", "Bearer", "Bearer ", "Bearer wrong", TOKEN, "Basic abc"] {
        let reply = mine(token).await;
        reply.problem(401);
        assert_eq!(reply.header("www-authenticate"), "Bearer");
    }
    assert_eq!(app.post("/api/v1/mine", "").await.status, 401);
    assert!(app.node.calls.lock().unwrap().is_empty());
    let reply = mine(&format!("Bearer {TOKEN}")).await;
    assert_eq!(reply.status, 200);
    let tip = app.json("/api/v1/status").await["tip"].clone();
    assert_eq!(reply.json()["hash"], tip["hash"]);
}

#[tokio::test]
async fn the_last_word_on_the_clock_is_for_the_nodes_own_user() {
    let app = App::new(easy(), ApiConfig::default());
    let trust = async |token: &str| {
        let headers = [("authorization", token)];
        let path = "/api/v1/clock/trust";
        app.request("POST", path, &headers, "").await.status
    };
    assert_eq!(trust("").await, 401);
    assert_eq!(trust("Bearer wrong").await, 401);
    assert!(app.node.calls.lock().unwrap().is_empty());
    assert_eq!(trust(&format!("Bearer {TOKEN}")).await, 204);
    assert_eq!(*app.node.calls.lock().unwrap(), ["trust"]);
}

/// The time of a page counts only over its player's signature, and over a nonce that the node gave of late.
#[tokio::test]
async fn a_time_is_heard_from_players_only() {
    let mut genesis = easy();
    genesis.organisers = vec![account("Ana")];
    let app = App::new(genesis, ApiConfig::default());
    play::act(&app, "Bob", join("Bob"));
    app.node.mine_now();
    app.node.calls.lock().unwrap().clear();
    *app.node.clock_nonces.lock().unwrap() = vec!["0f".to_owned(), "0e".to_owned()];
    let nonce = app.json("/api/v1/status").await["clock_nonce"].clone();
    assert_eq!(nonce, "0f");
    let pool = app.node.genesis.pool_id();
    let at = 1_900_000_000;
    let tell = async |name: &str, text: &str, at: u64, signed_at: u64| {
        let signature = say(pool, name, signed_at, text);
        let body = json!({"account": account(name), "at": at, "signature": signature});
        let json = &[("content-type", "application/json")];
        app.request("POST", "/api/v1/clock", json, body.to_string())
            .await
            .status
            .as_u16()
    };
    // An organiser need not play.
    assert_eq!(tell("Ana", "clock 0f", at, at).await, 204);
    assert_eq!(tell("Bob", "clock 0e", at + 1, at + 1).await, 204);
    for (name, text, at, signed_at, status) in [
        ("Zoe", "clock 0f", at, at, 422),
        ("Bob", "clock 0d", at, at, 400),
        ("Bob", "look", at, at, 400),
        ("Bob", "clock 0f", at + 5, at, 400),
    ] {
        let got = tell(name, text, at, signed_at).await;
        assert_eq!(got, status, "{name} {text}");
    }
    // Anybody can write a header.
    let headers = [("bolao-time", "1560000000")];
    let reply = app.request("GET", "/api/v1/status", &headers, "").await;
    assert_eq!(reply.status, 200);
    assert_eq!(
        *app.node.calls.lock().unwrap(),
        ["told 1900000000 by Ana", "told 1900000001 by another"]
    );
}

#[tokio::test]
async fn the_genesis_file_is_the_pool() {
    let app = played();
    let reply = app.get("/api/v1/pool/genesis").await;
    let genesis = Genesis::from_json(&reply.text()).unwrap();
    assert_eq!(genesis, app.node.genesis);
    let bytes = app.get("/api/v1/pool/genesis.bin").await;
    assert_eq!(bytes.header("content-type"), "application/octet-stream");
    assert_eq!(bytes.body, encode(&genesis));
    let pool = app.json("/api/v1/pool").await;
    assert_eq!(pool["id"], genesis.pool_id().to_string());
}

#[tokio::test]
async fn answers_are_compressed_where_asked() {
    let app = played();
    for (coding, path) in [
        ("gzip", "/api/v1/transactions"),
        ("gzip, deflate, br, zstd", "/api/v1/pool"),
        ("gzip", "/api/v1/chain"),
        ("gzip", "/api/v1/chain?proven=0"),
    ] {
        let reply = app.get_with(path, &[("accept-encoding", coding)]).await;
        assert_eq!(reply.header("content-encoding"), "gzip");
        assert_eq!(app.get(path).await.header("content-encoding"), "");
    }
    for path in ["/api/v1/export"] {
        let reply = app.get_with(path, &[("accept-encoding", "gzip, br")]).await;
        assert_eq!(reply.header("content-encoding"), "", "{path}");
    }
}
