//! Bets by name: which fields are taken.

use serde_json::Value;

use crate::app::App;

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
