//! Matches, records, tips, standings, rounds, players, the log: over a pool that is played.

use bolao_ledger::BetMode;
use serde_json::{Value, json};

use crate::{
    play::{act, at, joined, played, recorded, score, tipped},
    v1::all,
};

fn column(value: &Value, pointer: &str) -> Vec<Value> {
    let items = value["items"]
        .as_array()
        .unwrap_or_else(|| panic!("{value}"));
    items
        .iter()
        .map(|item| item.pointer(pointer).cloned().unwrap_or(Value::Null))
        .collect()
}

#[tokio::test]
async fn the_pool_says_how_it_is_played() {
    let app = joined(BetMode::Sealed);
    let pool = app.json("/api/v1/pool").await;
    assert_eq!(
        (&pool["membership"], &pool["tips"]),
        (&json!("open"), &json!("sealed"))
    );
    assert_eq!(pool["organisers"][1]["name"], "Org2");
    assert_eq!(pool["matches"], 4);
    let rules = app.json("/api/v1/pool/rules").await;
    assert_eq!(rules["preset"], "kicktipp");
    assert_eq!(rules["rules"]["stages"][0]["multiplier"], 2);
    let sentences: Vec<&str> = rules["sentences"]
        .as_array()
        .unwrap()
        .iter()
        .map(|sentence| sentence.as_str().unwrap())
        .collect();
    assert_eq!(sentences, bolao_rulebook::explain(&app.node.genesis));
    let place = sentences
        .iter()
        .position(|it| *it == "2 of the 3 organisers must agree to enter a result.")
        .unwrap();
    assert_eq!(rules["said"].as_array().unwrap().len(), sentences.len());
    assert_eq!(
        rules["said"][place]["values"],
        json!({"quorum": 2, "organisers": 3, "what": {"template": "enter a result"}})
    );
}

#[tokio::test]
async fn a_match_from_scheduled_to_final() {
    let app = tipped();
    let open = app.json("/api/v1/matches/x1").await;
    assert_eq!(
        (&open["status"], &open["deadline"], &open["record"]),
        (&json!("scheduled"), &Value::Null, &Value::Null)
    );
    assert_eq!(
        (&open["base"], &open["multiplier"]),
        (&json!("120"), &json!(2))
    );
    let closed = app.json("/api/v1/matches/a1").await;
    // The node's clock is long past the kick-off.
    assert_eq!(closed["status"], "closed");
    assert_eq!(
        (&closed["bets"], &closed["pot"], &closed["unopened"]),
        (&json!(3), &json!(200), &json!(0))
    );

    let app = recorded();
    let game = app.json("/api/v1/matches/a1").await;
    assert_eq!(game["status"], "provisional");
    let record = &game["record"];
    assert_eq!(record["score"], json!({"home": 2, "away": 1}));
    assert_eq!(
        (&record["version"], &record["provisional"]),
        (&json!(0), &json!(true))
    );
    let mut names: Vec<&Value> = (0..2).map(|no| &record["signers"][no]["name"]).collect();
    names.sort_by_key(ToString::to_string);
    assert_eq!(names, ["Org1", "Org2"]);

    let app = played();
    let states = column(&app.json("/api/v1/matches").await, "/status");
    assert_eq!(states, ["final", "final", "provisional", "scheduled"]);
    let game = app.json("/api/v1/matches/A1").await;
    assert_eq!(
        (&game["pot"], &game["record"]["version"]),
        (&json!(0), &json!(1))
    );
    assert_eq!(game["record"]["objections"], 1);
    assert_eq!(game["record"]["final_at"], "2019-06-05T00:27:10Z");
    let last = app.json("/api/v1/matches/f1").await;
    assert_eq!(
        last["record"]["outcome"]["after_90"],
        json!({"home": 1, "away": 1})
    );
    assert_eq!(last["record"]["score"], json!({"home": 2, "away": 1}));
}

#[tokio::test]
async fn every_record_stays_visible_with_what_was_said_against_it() {
    let app = played();
    for limit in [1, 2, 500] {
        let versions = all(&app, "/api/v1/matches/a1/results", limit).await;
        assert_eq!(versions.len(), 2);
        assert_eq!(versions[0]["score"], json!({"home": 2, "away": 1}));
        assert_eq!(versions[0]["current"], false);
        assert_eq!(versions[1]["outcome"]["reason"], "read again");
        assert_eq!(versions[1]["current"], true);
        assert_eq!(versions[1]["signers"].as_array().unwrap().len(), 2);
    }
    let said = all(&app, "/api/v1/matches/a1/objections", 1).await;
    assert_eq!(said.len(), 1);
    assert_eq!(
        (
            &said[0]["text"],
            &said[0]["version"],
            &said[0]["player"]["name"]
        ),
        (&json!("it was 2-2"), &json!(0), &json!("=Eva"))
    );
    assert_eq!(
        all(&app, "/api/v1/matches/b1/objections", 1).await,
        [] as [Value; 0]
    );
    app.get("/api/v1/matches/none/results").await.problem(404);
}

#[tokio::test]
async fn tips_with_points() {
    let open = tipped();
    let tips = all(&open, "/api/v1/matches/a1/tips", 2).await;
    assert_eq!(tips.len(), 3);
    assert!(
        tips.iter()
            .all(|tip| tip["points"].is_null() && tip["tier"].is_null())
    );

    let app = recorded();
    let of = |tips: &[Value], name: &str| {
        let tip = tips.iter().find(|tip| tip["player"]["name"] == name);
        let tip = tip.unwrap();
        (
            tip["points"].clone(),
            tip["tier"].clone(),
            tip["provisional"].clone(),
        )
    };
    let tips = all(&app, "/api/v1/matches/a1/tips", 2).await;
    assert_eq!(of(&tips, "Ana"), (json!(4), json!("exact"), json!(true)));
    assert_eq!(
        of(&tips, "Ben"),
        (json!(3), json!("difference"), json!(true))
    );
    assert_eq!(of(&tips, "=Eva"), (json!(0), json!("none"), json!(true)));

    let app = played();
    let tips = all(&app, "/api/v1/matches/a1/tips", 500).await;
    assert_eq!(
        of(&tips, "Ana"),
        (json!(0), json!("one_team"), json!(false))
    );
    assert_eq!(
        of(&tips, "=Eva"),
        (json!(2), json!("tendency"), json!(false))
    );
    let paid = |name: &str| {
        let tip = tips.iter().find(|tip| tip["player"]["name"] == name);
        tip.unwrap()["payout"].clone()
    };
    assert_eq!(
        [paid("Ana"), paid("Ben"), paid("=Eva")],
        [json!(0), json!(0), json!(200)]
    );
    let unpaid = all(&app, "/api/v1/matches/f1/tips", 500).await;
    assert!(unpaid.iter().all(|tip| tip["payout"].is_null()));
    let bets = all(&app, "/api/v1/players/ben/bets", 1).await;
    assert_eq!(bets.len(), 2);
    assert_eq!(
        (&bets[1]["points"], &bets[1]["match"]["code"]),
        (&json!(8), &json!("F1"))
    );
}

#[tokio::test]
async fn standings_of_the_pool_a_stage_and_from_a_match_on() {
    let app = played();
    let table = app.json("/api/v1/standings").await;
    assert_eq!(
        (
            &table["scored"],
            &table["provisional"],
            &table["rests_on_provisional"]
        ),
        (&json!(3), &json!(1), &json!(true))
    );
    assert_eq!(table["players"], 6);
    let names = column(&table, "/player/name");
    assert_eq!(names[..3], ["Ana", "Ben", "=Eva"]);
    assert_eq!(column(&table, "/points"), [10, 8, 2, 0, 0, 0]);
    assert_eq!(column(&table, "/place"), [1, 2, 3, 4, 4, 4]);
    assert_eq!(column(&table, "/missing"), [0, 1, 2, 3, 3, 3]);
    assert_eq!(column(&table, "/exact"), [1, 1, 0, 0, 0, 0]);
    assert_eq!(column(&table, "/differences"), [1, 0, 0, 0, 0, 0]);
    assert_eq!(column(&table, "/chips")[..3], [850, 955, 1145]);

    let stage = app.json("/api/v1/standings?stage=final").await;
    assert_eq!(column(&stage, "/player/name")[..2], ["Ben", "Ana"]);
    assert_eq!(column(&stage, "/points")[..3], [8, 6, 0]);
    assert_eq!(
        (&stage["scored"], &stage["provisional"]),
        (&json!(1), &json!(1))
    );
    let group = app.json("/api/v1/standings?stage=Group%20A%2F1").await;
    assert_eq!(column(&group, "/points")[..3], [4, 2, 0]);
    assert_eq!(group["rests_on_provisional"], false);

    let late = app.json("/api/v1/standings?from=b1").await;
    assert_eq!(column(&late, "/points")[..3], [10, 8, 0]);
    assert_eq!(late["scored"], 2);
    let whole = app.json("/api/v1/standings?from=A1").await;
    let mut items = table["items"].clone();
    for line in items.as_array_mut().unwrap() {
        // The final was scored last: before it the table was that of the other stage.
        let before = line.as_object_mut().unwrap().remove("before").unwrap();
        let of_group = group["items"].as_array().unwrap();
        let of_group = of_group.iter().find(|it| it["player"] == line["player"]);
        assert_eq!(before, of_group.unwrap()["place"]);
    }
    assert_eq!(column(&table, "/before")[..3], [1, 3, 2]);
    assert_eq!(whole["items"], items);
    app.get("/api/v1/standings?from=x1").await.problem(400);
    app.get("/api/v1/standings?from=none").await.problem(404);
    app.get("/api/v1/standings?stage=none").await.problem(404);
    app.get("/api/v1/standings?stage=Final&from=A1")
        .await
        .problem(400);
    for limit in [1, 2, 5, 6, 7] {
        let items = all(&app, "/api/v1/standings", limit).await;
        assert_eq!(json!(items), table["items"], "{limit}");
    }
}

#[tokio::test]
async fn a_table_changes_with_the_tip() {
    let app = recorded();
    let first = app.json("/api/v1/standings").await;
    assert_eq!(first, app.json("/api/v1/standings").await);
    let line = first["items"][0].as_object().unwrap();
    assert!(!line.contains_key("before"), "one stage was scored");
    assert_eq!(column(&first, "/points")[0], 4);
    let same = crate::play::result(1, bolao_ledger::Outcome::played(score(0, 0)));
    for name in ["Org1", "Org2"] {
        act(&app, name, same.clone());
    }
    app.node.mine_at(at(1_200));
    let second = app.json("/api/v1/standings").await;
    assert_eq!(column(&second, "/player/name")[0], "=Eva");
    assert_ne!(first["tip"], second["tip"]);
    // A block without results or joins leaves the table as it was.
    app.node.mine_at(at(1_210));
    let third = app.json("/api/v1/standings").await;
    assert_ne!(third["tip"], second["tip"]);
    assert_eq!(third["items"], second["items"]);
    act(&app, "Zed", crate::node::join("Zed"));
    app.node.mine_at(at(1_220));
    let fourth = app.json("/api/v1/standings").await;
    assert_eq!(
        fourth["players"].as_u64(),
        third["players"].as_u64().map(|players| players + 1)
    );
}

#[tokio::test]
async fn rounds_and_their_matrix() {
    let app = played();
    let rounds = all(&app, "/api/v1/rounds", 1).await;
    assert_eq!(rounds.len(), 2);
    assert_eq!(rounds[0]["stage"], "Group A/1");
    assert_eq!(rounds[0]["scored"], 2);
    assert_eq!(
        (&rounds[1]["multiplier"], &rounds[1]["provisional"]),
        (&json!(2), &json!(1))
    );
    assert_eq!(rounds[1]["matches"][1]["code"], "X1");

    let matrix = app.json("/api/v1/rounds/Group%20A%2F1/matrix").await;
    let codes: Vec<&Value> = (0..2).map(|no| &matrix["matches"][no]["code"]).collect();
    assert_eq!(codes, ["A1", "B1"]);
    let first = &matrix["items"][0];
    assert_eq!(
        (&first["player"]["name"], &first["points"]),
        (&json!("Ana"), &json!(4))
    );
    assert_eq!(first["cells"][0]["tier"], "one_team");
    assert_eq!(first["cells"][1]["points"], 4);
    assert_eq!(matrix["items"][1]["cells"][1], Value::Null);
    let rows = all(&app, "/api/v1/rounds/final/matrix", 2).await;
    assert_eq!(rows.len(), 6);
    assert_eq!(rows[0]["player"]["name"], "Ben");
    app.get("/api/v1/rounds/none/matrix").await.problem(404);
}

#[tokio::test]
async fn a_players_chips() {
    let app = played();
    let eva = app.json("/api/v1/players/=eva").await;
    assert_eq!(
        (&eva["chips"], &eva["staked"], &eva["bets"]),
        (&json!(1145), &json!(0), &json!(1))
    );
    assert_eq!(
        (&eva["standing"]["place"], &eva["provisional"]),
        (&json!(3), &json!(1))
    );
    let ana = app.json("/api/v1/players/ana").await;
    assert_eq!((&ana["chips"], &ana["staked"]), (&json!(850), &json!(50)));
    for limit in [1, 2, 500] {
        let lines = all(&app, "/api/v1/players/=eva/history", limit).await;
        let shown: Vec<String> = lines
            .iter()
            .map(|line| {
                let cause = match line["cause"].as_object() {
                    Some(cause) => cause.keys().next().unwrap().clone(),
                    None => line["cause"].as_str().unwrap().to_owned(),
                };
                format!("{cause} {} {}", line["change"], line["balance"])
            })
            .collect();
        assert_eq!(
            shown,
            [
                "won 200 1145",
                "sent -5 945",
                "freed 10 950",
                "staked -60 940",
                "joined 1000 1000",
            ]
        );
        assert_eq!(lines[1]["cause"]["sent"]["name"], "Ben");
        assert_eq!(lines[0]["cause"]["won"]["code"], "A1");
    }
}

#[tokio::test]
async fn everything_that_organisers_did() {
    let app = played();
    for limit in [1, 3, 500] {
        let acts = all(&app, "/api/v1/log", limit).await;
        assert_eq!(acts.len(), 8);
        assert_eq!(
            (&acts[7]["seq"], &acts[7]["effect"]),
            (&json!(0), &json!(null))
        );
        assert_eq!(
            (
                &acts[6]["organiser"]["name"],
                &acts[6]["effect"]["match"]["after"]["fixture"]["code"]
            ),
            (&json!("Org2"), &json!("A1"))
        );
        assert_eq!(
            (&acts[0]["type"], &acts[0]["about"]["code"]),
            (&json!("result"), &json!("F1"))
        );
    }
    assert_eq!(app.json("/api/v1/invitations").await["items"], json!([]));
}

/// What a player did later has no say in what a pot paid, however much it is.
#[tokio::test]
async fn a_long_history_hides_no_payout() {
    let app = played();
    let payouts = async || {
        let tips = all(&app, "/api/v1/matches/a1/tips", 500).await;
        let mut paid: Vec<(String, Value)> = tips
            .iter()
            .map(|tip| (tip["player"]["name"].to_string(), tip["payout"].clone()))
            .collect();
        paid.sort_by(|a, b| a.0.cmp(&b.0));
        paid
    };
    let before = payouts().await;
    let amounts: Vec<&Value> = before.iter().map(|(_, paid)| paid).collect();
    assert_eq!(amounts, [&json!(200), &json!(0), &json!(0)], "{before:?}");
    for name in ["Ana", "=Eva"] {
        app.node.bloat_history(&crate::node::account(name), 5_000);
    }
    assert_eq!(payouts().await, before);
}
