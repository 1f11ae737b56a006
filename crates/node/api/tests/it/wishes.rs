//! `POST /api/v1/wishes`: what would come of a wish by names.

use bolao_api::{
    ApiConfig,
    body::{Foreseen, Intent, WishBody},
};
use bolao_ledger::{Action, BetMode, Chips, MatchNo, Outcome, StateView as _, actions};
use bolao_rulebook::english;
use serde_json::{Value, json};

use crate::{
    app::{App, Reply},
    node::{account, join},
    play::{act, at, genesis, joined, result},
};

const JSON: &[(&str, &str)] = &[("content-type", "application/json")];

async fn wish(app: &App, body: &Value) -> Reply {
    app.request("POST", "/api/v1/wishes", JSON, body.to_string())
        .await
}

async fn of(app: &App, name: &str, wanted: Value) -> Reply {
    let body = json!({ "account": account(name), "wish": wanted });
    wish(app, &body).await
}

fn sentences(foreseen: &Foreseen) -> Vec<String> {
    foreseen.says.iter().map(english).collect()
}

#[tokio::test]
async fn a_name_becomes_an_account_and_nothing_is_written() {
    let app = joined(BetMode::Open);
    let everything = || {
        let snapshot = app.node.store().reader().snapshot().unwrap();
        let state = snapshot.scan_bytes(&[], None, usize::MAX).unwrap();
        (state, snapshot.pending().unwrap())
    };
    let before = everything();
    let reply = of(
        &app,
        "Ana",
        json!({ "type": "give", "to": "BEN", "chips": 1 }),
    )
    .await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let foreseen: Foreseen = serde_json::from_value(reply.json()).unwrap();
    let (to, chips) = (account("Ben"), Chips(1));
    let gives = Action::Transfer(actions::Transfer { to, chips });
    assert_eq!(foreseen.actions, [gives]);
    let [said] = &sentences(&foreseen)[..] else {
        panic!("{foreseen:?}")
    };
    assert!(
        said.starts_with("1 chip for Ben. That leaves you "),
        "{said}"
    );
    assert!(before == everything());
}

#[tokio::test]
async fn a_wish_is_refused_with_the_rules_code_and_what_helps() {
    let app = joined(BetMode::Open);
    let give = |to: &str, chips: u64| json!({ "type": "give", "to": to, "chips": chips });
    let organise = json!({ "type": "organise", "who": "Ben", "added": true });
    let kickoff = json!({ "type": "schedule", "code": "X9", "kickoff": "2100-01-01T12:00:00Z" });
    for (name, wanted, status, code, detail) in [
        ("Ana", give("ana", 1), 422, "empty-transfer", "`ana` is you"),
        (
            "Ana",
            give("Ben", 1 << 50),
            422,
            "not-enough-chips",
            "stakes in pots are not available",
        ),
        ("Ana", give("nobody", 1), 404, "not-found", "\"nobody\""),
        ("Ana", organise, 409, "conflict", "organise"),
        ("Org1", kickoff, 404, "not-found", "to add it, give"),
        (
            "Ana",
            json!({ "type": "stake", "chips": 1 }),
            409,
            "conflict",
            "has no validators",
        ),
        (
            "Ana",
            json!({ "type": "fly" }),
            400,
            "bad-request",
            "wanted",
        ),
    ] {
        let reply = of(&app, name, wanted.clone()).await;
        let problem = reply.json();
        assert_eq!(reply.status, status, "{wanted}: {problem}");
        assert_eq!(problem["code"], code, "{wanted}: {problem}");
        let said = problem["detail"].as_str().unwrap();
        assert!(said.contains(detail), "{wanted}: {said}");
    }
}

/// Who has not joined would join first, and only that is put before a wish.
#[tokio::test]
async fn a_joining_comes_before_the_wish() {
    let app = joined(BetMode::Open);
    let body = |joining: Option<Action>| WishBody {
        account: account("new"),
        wish: Intent::Give {
            to: "Ben".to_owned(),
            chips: 1,
        },
        joining,
    };
    let reply = wish(&app, &json!(body(None))).await;
    assert_eq!(reply.json()["code"], "unknown-account");
    let reply = wish(&app, &json!(body(Some(join("new"))))).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let to = account("Ben");
    let other = Action::Transfer(actions::Transfer {
        to,
        chips: Chips(1),
    });
    let reply = wish(&app, &json!(body(Some(other)))).await;
    assert_eq!(reply.status, 400);
}

/// Where nobody asks questions, their numbers are those of matches.
#[tokio::test]
async fn a_result_is_signed_whatever_the_number_of_the_match() {
    let mut genesis = genesis(BetMode::Open);
    genesis.matches[0].no = MatchNo(0x4000);
    let app = App::new(genesis, ApiConfig::default());
    act(&app, "Org1", join("Org1"));
    app.node.mine_at(at(1_010));
    let signs = result(0x4000, Outcome::played("2-1".parse().unwrap()));
    let wanted = Intent::Sign {
        action: Box::new(signs.clone()),
        again: false,
    };
    let reply = of(&app, "Org1", json!(wanted)).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let foreseen: Foreseen = serde_json::from_value(reply.json()).unwrap();
    let said = sentences(&foreseen).join(" ");
    assert!(said.contains("bolao result A1 --confirm="), "{said}");

    act(&app, "Org1", signs);
    app.node.mine_at(at(1_020));
    let votes = app.json("/api/v1/votes").await;
    let about = &votes["items"][0]["about"];
    assert_eq!(*about, json!({ "no": 0x4000, "code": "A1" }));
}
