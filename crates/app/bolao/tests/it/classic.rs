//! The betting article's walk, as `curl` takes it.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Classic, Http, TIMEOUT, assert_audit_is_clean, eventually, players};

fn keys(object: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = object
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    keys.sort_unstable();
    keys
}

fn bet(player: &str, game: &str, one: u8, two: u8) -> Value {
    json!({
        "player": player, "match_id": game, "matchid": game,
        "team_one_score": one, "team_two_score": two,
        "teamonescore": one, "teamtwoscore": two, "stake": 0,
    })
}

async fn list(http: &Http, path: &str) -> Value {
    http.get(path).await.json()
}

#[tokio::test]
async fn the_walk() {
    let one = Classic::start().await;
    eventually("its URL, printed", TIMEOUT, async || {
        let url = one.daemon.url();
        one.daemon
            .log()
            .lines()
            .any(|line| line == url)
            .then_some(())
    })
    .await;

    // A node alone: a mined bet of John's.
    let fresh = one.blockchain().await;
    assert_eq!(
        keys(&fresh),
        ["chain", "current_node_url", "network_nodes", "pending_bets"]
    );
    assert_eq!(fresh["current_node_url"], one.daemon.url());
    assert_eq!(fresh["network_nodes"], json!([]));
    assert_eq!(fresh["chain"].as_array().unwrap().len(), 1);
    one.bet("John", "NlEn", 1, 2).await;
    assert_eq!(
        one.blockchain().await["pending_bets"],
        json!([bet("john", "NlEn", 1, 2)])
    );
    assert_eq!(
        list(one.http(), "/player/john").await,
        json!([]),
        "not confirmed yet"
    );
    one.mine().await;

    let chain = one.chain().await;
    let (genesis, block) = (&chain[0], &chain[1]);
    assert_eq!(
        keys(block),
        [
            "bets",
            "hash",
            "index",
            "nonce",
            "previous_block_hash",
            "timestamp"
        ]
    );
    assert_eq!((&genesis["index"], &block["index"]), (&json!(1), &json!(2)));
    assert_eq!(block["bets"], json!([bet("john", "NlEn", 1, 2)]));
    assert_eq!(block["previous_block_hash"], genesis["hash"]);
    let hash = block["hash"].as_str().unwrap();
    assert!(hash.starts_with("0000") && hash.len() == 64, "{hash}");
    assert!(block["nonce"].is_u64() && block["timestamp"].is_u64());

    // A second one, empty, is registered and takes the chain over.
    let two = Classic::start().await;
    one.register(&two).await;
    assert_eq!(two.consensus().await, "This chain has been replaced.");
    assert_eq!(two.chain().await, chain);
    assert_eq!(
        two.consensus().await,
        "Current chain has not been replaced."
    );
    assert_eq!(
        one.consensus().await,
        "Current chain has not been replaced."
    );
    assert_eq!(
        one.blockchain().await["network_nodes"],
        json!([two.daemon.url()])
    );
    assert_eq!(
        two.blockchain().await["network_nodes"],
        json!([one.daemon.url()])
    );

    // Bets wait on both as soon as the answer is there.
    one.bet("Mary", "ptch", 3, 1).await;
    assert_eq!(one.pending().await, ["mary"]);
    assert_eq!(two.pending().await, ["mary"]);
    let ok = "Bet created and broadcast successfully.";
    let body = r#"{"playername":"JOHN","matchid":"PtCh","teamonescore":"2","teamtwoscore":"0"}"#;
    one.http().post("/bet", body).await.assert_text(ok);
    assert_eq!(two.pending().await, ["mary", "john"]);
    assert_eq!(
        one.blockchain().await["pending_bets"],
        two.blockchain().await["pending_bets"]
    );

    // Mining on either empties both.
    two.mine().await;
    assert_eq!(one.pending().await, Vec::<String>::new());
    assert_eq!(two.pending().await, Vec::<String>::new());
    assert_eq!(one.chain().await, two.chain().await);
    assert_eq!(one.chain().await.as_array().unwrap().len(), 3);
    let last = one.chain().await[2].clone();
    assert!(last["hash"].as_str().unwrap().starts_with("0000"));

    // Confirmed ones only, each once, in any case.
    one.bet("Mary", "PtCh", 0, 0).await;
    for node in [&one, &two] {
        for path in ["/player/john", "/player/John", "/player/JOHN"] {
            let mut games = list(node.http(), path).await.as_array().unwrap().clone();
            games.sort_by_key(|bet| bet["matchid"].as_str().unwrap().to_owned());
            assert_eq!(
                games,
                [bet("john", "NlEn", 1, 2), bet("john", "PtCh", 2, 0)],
                "{path}"
            );
        }
        for path in ["/match/NlEn", "/match/nlen"] {
            assert_eq!(
                list(node.http(), path).await,
                json!([bet("john", "NlEn", 1, 2)])
            );
        }
        let mut names = players(&list(node.http(), "/match/ptch").await);
        names.sort();
        assert_eq!(names, ["john", "mary"]);
        assert_eq!(
            list(node.http(), "/player/mary").await,
            json!([bet("mary", "PtCh", 3, 1)])
        );
        assert_eq!(list(node.http(), "/player/nobody").await, json!([]));
        assert_eq!(list(node.http(), "/match/nothing").await, json!([]));
    }

    // The latest bet before kick-off counts, and only that.
    one.mine().await;
    assert_eq!(
        list(two.http(), "/player/mary").await,
        json!([bet("mary", "PtCh", 0, 0)])
    );

    for mut node in [one, two] {
        let (status, took) = node.daemon.terminate().await;
        assert!(status.success(), "{status}");
        assert!(took < Duration::from_secs(5), "SIGTERM took {took:?}");
        assert_audit_is_clean(node.home.path());
    }
}

#[tokio::test]
async fn a_name_belongs_to_the_wallet_where_it_first_bet() {
    let (one, two) = (Classic::start().await, Classic::start().await);
    one.register(&two).await;
    one.bet("John", "NlEn", 1, 2).await;
    let waiting = two.try_bet("john", "PtCh", 1, 0).await;
    assert_eq!(waiting.status, 409, "{waiting:?}");
    one.mine().await;
    let refused = two.try_bet(" JOHN ", "PtCh", 1, 0).await;
    assert_eq!(refused.status, 409, "{refused:?}");
    let sentence = refused.problem();
    assert!(sentence.contains("wallet"), "{sentence}");
    assert_eq!(two.pending().await, Vec::<String>::new());
    one.bet("john", "PtCh", 1, 0).await;
    assert_eq!(two.pending().await, ["john"]);
}

#[tokio::test]
async fn registering() {
    let (one, two, three) = (
        Classic::start().await,
        Classic::start().await,
        Classic::start().await,
    );
    // The third learns of all, and all of the third.
    one.register(&two).await;
    one.register(&three).await;
    for (node, others) in [
        (&one, [&two, &three]),
        (&two, [&one, &three]),
        (&three, [&two, &one]),
    ] {
        let mut listed: Vec<String> =
            serde_json::from_value(node.blockchain().await["network_nodes"].clone()).unwrap();
        listed.sort();
        let mut wanted = others.map(|other| other.daemon.url());
        wanted.sort();
        assert_eq!(listed, wanted);
    }
    three.bet("Zoe", "PtCh", 2, 2).await;
    for node in [&one, &two] {
        eventually("the bet at every node", TIMEOUT, async || {
            (node.pending().await == ["zoe"]).then_some(())
        })
        .await;
    }

    // Twice is once; oneself is nobody; the other two routes.
    one.register(&two).await;
    let url = |node: &Classic| json!({ "newnodeurl": node.daemon.url() }).to_string();
    let registered = "New node registered successfully successfully.";
    one.http()
        .post("/register-node", url(&two))
        .await
        .assert_text(registered);
    one.http()
        .post("/register-node", url(&one))
        .await
        .assert_text(registered);
    let bulk = json!({ "all_network_nodes": [one.daemon.url(), two.daemon.url()] });
    let answer = two
        .http()
        .post("/register-nodes-bulk", bulk.to_string())
        .await;
    answer.assert_text("Bulk registration successful.");
    assert_eq!(
        one.blockchain().await["network_nodes"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    assert_eq!(
        two.blockchain().await["network_nodes"]
            .as_array()
            .unwrap()
            .len(),
        2
    );

    // Nobody there: a sentence, and nothing changes.
    let nobody = crate::support::free_port();
    let nobody = json!({ "newnodeurl": format!("http://localhost:{}", nobody.number()) });
    let answer = one
        .http()
        .post("/register-and-broadcast-node", nobody.to_string())
        .await;
    answer.problem();
    assert_eq!(
        one.blockchain().await["network_nodes"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[tokio::test]
async fn everything_survives_sigkill() {
    let (mut one, mut two) = (Classic::start().await, Classic::start().await);
    one.register(&two).await;
    one.bet("John", "NlEn", 1, 2).await;
    two.bet("Mary", "PtCh", 0, 1).await;
    one.mine().await;
    one.bet("John", "PtCh", 2, 2).await;
    two.bet("Rita", "NlEn", 4, 4).await;
    let before = [one.blockchain().await, two.blockchain().await];
    assert_eq!(before[0]["pending_bets"], before[1]["pending_bets"]);

    one.daemon.kill();
    two.daemon.kill();
    assert_audit_is_clean(one.home.path());
    for node in [&mut one, &mut two] {
        node.daemon.spawn();
        let took = node.daemon.wait().await;
        assert!(took < Duration::from_secs(5), "it listened after {took:?}");
    }
    eventually("everything, as it was", TIMEOUT, async || {
        ([one.blockchain().await, two.blockchain().await] == before).then_some(())
    })
    .await;
    assert_eq!(
        list(two.http(), "/player/john").await,
        json!([bet("john", "NlEn", 1, 2)])
    );

    // The wallet's keys and the connection are back too.
    two.bet("Mary", "NlEn", 3, 3).await;
    eventually("the bet at the other node", TIMEOUT, async || {
        one.pending()
            .await
            .contains(&"mary".to_owned())
            .then_some(())
    })
    .await;
    one.mine().await;
    eventually("the block at the other node", TIMEOUT, async || {
        (two.chain().await == one.chain().await).then_some(())
    })
    .await;
    assert_eq!(two.pending().await, Vec::<String>::new());
}

#[tokio::test]
async fn what_a_peer_took_over_survives_its_sigkill() {
    let (mut one, mut two) = (Classic::start().await, Classic::start().await);
    one.register(&two).await;
    one.bet("John", "NlEn", 1, 2).await;
    one.mine().await;
    one.bet("Mary", "PtCh", 0, 1).await;
    let before = two.blockchain().await;
    assert_eq!(two.pending().await, ["mary"]);

    // Nobody is there who could tell the second node again.
    one.daemon.kill();
    two.daemon.kill();
    two.daemon.spawn();
    two.daemon.wait().await;
    assert_eq!(two.blockchain().await, before);
}

#[tokio::test]
async fn only_valid_blocks_are_received() {
    let node = Classic::start().await;
    node.bet("John", "NlEn", 1, 2).await;
    node.mine().await;
    let before = node.blockchain().await;
    let block = before["chain"][1].clone();
    let receive = async |block: &Value| {
        let body = json!({ "new_block": block }).to_string();
        node.http().post("/receive-new-block", body).await
    };

    receive(&block)
        .await
        .assert_text("New block received and accepted.");
    let made_up = json!({
        "index": 3, "timestamp": 1_559_764_800, "bets": [], "nonce": 7,
        "hash": format!("0000{}", "a".repeat(60)), "previous_block_hash": block["hash"],
    });
    receive(&made_up).await.assert_text("New block rejected.");
    for (key, value) in [
        ("index", json!(3)),
        ("timestamp", json!(0)),
        ("nonce", json!(0)),
        ("bets", json!([])),
        ("bets", json!([bet("john", "NlEn", 2, 2)])),
        ("hash", json!("0".repeat(64))),
        ("hash", json!("zz")),
        ("previous_block_hash", json!("0".repeat(64))),
        ("raw", json!("00")),
    ] {
        let mut altered = block.clone();
        altered[key] = value;
        let answer = receive(&altered).await;
        if key == "raw" {
            // What cannot be read may be left aside, but nothing comes of it.
            assert_eq!(answer.status, 200);
        } else {
            answer.assert_text("New block rejected.");
        }
    }
    receive(&json!({})).await.assert_text("New block rejected.");
    assert_eq!(node.blockchain().await, before);
}
