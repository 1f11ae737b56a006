//! Bets by name: which fields are taken, and who else hears of them.

use bolao_api::{ApiConfig, BET_POOL, NotTaken};
use bolao_ledger::BetMode;
use serde_json::{Value, json};

use crate::{
    app::{App, classic_on},
    node::easy,
};

const CREATED: &str = "Bet created and broadcast successfully.";

fn john(more: &str) -> String {
    format!(r#"{{"playername":"John","matchid":"NlEn","teamonescore":1,"teamtwoscore":2{more}}}"#)
}

async fn stake_of_the_last(app: &App) -> Value {
    let chain = app.json("/blockchain").await;
    chain["pending_bets"].as_array().unwrap().last().unwrap()["stake"].clone()
}

#[tokio::test]
async fn a_field_that_means_nothing_is_refused_by_its_name() {
    let app = App::classic();
    for (path, body, named) in [
        ("/bet", john(r#","bet":10"#), "`bet`"),
        ("/bet/broadcast", john(r#","Amount":10"#), "`Amount`"),
        ("/bet", john(r#","extra":null"#), "`extra`"),
        ("/bet", john(r#","":1"#), "``"),
        (
            "/bet",
            john(r#","stake":5,"amount":10"#),
            "`stake` and `amount`",
        ),
        (
            "/bet",
            john(r#","team_one_score":3"#),
            "`teamonescore` and `team_one_score`",
        ),
        (
            "/bet",
            john(r#","player":"Mary""#),
            "`playername` and `player`",
        ),
        (
            "/register-node",
            r#"{"newnodeurl":"http://localhost:9001","name":"x"}"#.to_owned(),
            "`name`",
        ),
        (
            "/register-nodes-bulk",
            r#"{"all_network_nodes":[],"newnodeurl":"http://localhost:9001"}"#.to_owned(),
            "`newnodeurl`",
        ),
        (
            "/receive-new-block",
            r#"{"new_block":{},"block":{}}"#.to_owned(),
            "`block`",
        ),
    ] {
        let (code, said) = app.post(path, body.clone()).await.coded(422);
        assert_eq!(code, "unknown-field", "{body}");
        assert!(said.contains(named), "{body}: {said}");
    }
    assert!(app.node.calls.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_stake_is_taken_in_each_spelling() {
    let app = App::classic();
    for (more, stake) in [
        (r#","amount":7"#, 7),
        (r#","stake":"8""#, 8),
        (r#","stake":9,"amount":"9""#, 9),
        (r#","stake":null,"amount":10"#, 10),
        // As it is shown in a block.
        (r#","match_id":"NlEn","team_one_score":"1","stake":11"#, 11),
    ] {
        let reply = app.post("/bet", john(more)).await;
        assert_eq!(
            (reply.status.as_u16(), reply.text()),
            (200, CREATED.to_owned()),
            "{more}"
        );
        assert_eq!(stake_of_the_last(&app).await, stake, "{more}");
    }
}

#[tokio::test]
async fn only_what_is_broadcast_goes_on() {
    let app = App::classic();
    app.post("/bet", john("")).await;
    assert!(
        app.node.posted.lock().unwrap().is_empty(),
        "endless, with a node that does the same"
    );
    let reply = app.post("/bet/broadcast", john(r#","amount":"5""#)).await;
    assert_eq!(reply.text(), CREATED);
    let posted: Value = serde_json::from_str(&app.node.posted.lock().unwrap()[0]).unwrap();
    let wanted = json!({
        "playername": "John", "matchid": "NlEn", "teamonescore": 1, "teamtwoscore": 2, "amount": 5, "stake": 5,
    });
    assert_eq!(posted, wanted);
    app.post("/bet/broadcast", john(r#","x":5"#))
        .await
        .coded(422);
    assert_eq!(
        app.node.posted.lock().unwrap().len(),
        1,
        "a bet that was refused"
    );

    let (url, why) = (
        "http://localhost:9001".to_owned(),
        "it answered 500".to_owned(),
    );
    app.node.missed.lock().unwrap().push(NotTaken { url, why });
    let reply = app.post("/bet/broadcast", john("")).await;
    assert_eq!(reply.status, 200);
    let missed = " Not taken by http://localhost:9001 (it answered 500).";
    assert_eq!(reply.text(), format!("{CREATED}{missed}"));
}

#[tokio::test]
async fn what_is_sealed_is_told_nobody() {
    let mut genesis = easy();
    genesis.rules.bets = BetMode::Sealed;
    let app = App::new(genesis, classic_on());
    assert_eq!(app.post("/bet/broadcast", john("")).await.text(), CREATED);
    assert!(app.node.posted.lock().unwrap().is_empty());
}

/// It would sign with another key than the node that passes it on.
#[tokio::test]
async fn a_bet_of_the_same_pool_is_not_made_twice() {
    let app = App::classic();
    let pool = app.node.genesis.pool_id().to_string();
    let other = "00".repeat(32);
    for (named, status) in [(pool.as_str(), 409), (&other, 200)] {
        let headers = [(BET_POOL, named)];
        let reply = app.request("POST", "/bet", &headers, john("")).await;
        assert_eq!(reply.status, status, "{}", reply.text());
        let ours = if status == 409 { pool.as_str() } else { "" };
        assert_eq!(reply.header(BET_POOL), ours);
    }
    // Where the routes are off, too: it says that it is a node of the pool.
    let off = App::new(easy(), ApiConfig::default());
    let headers = [(BET_POOL, pool.as_str())];
    let reply = off.request("POST", "/bet", &headers, john("")).await;
    assert_eq!(
        (reply.status.as_u16(), reply.header(BET_POOL)),
        (409, pool.as_str())
    );
}
