//! Sealed tips, every action, files.

use bolao_ledger::{
    Action, BetMode, Genesis, Invitation, MatchNo, Membership, Name, Opening, SealedBet, Signature,
    SignedTicket, Ticket, actions, admission_bytes, seal_commitment, ticket_bytes,
};
use serde_json::{Value, json};

use crate::{
    app::App,
    node::{account, join, key},
    play::{act, at, joined, played, score},
    v1::all,
};

pub fn sealed(genesis: &Genesis, name: &str, no: u16, home: u64) -> (Action, Action) {
    let (match_no, salt) = (MatchNo(no), [7; 32]);
    let score = score(home, 0);
    let pool = genesis.pool_id();
    let tip = SealedBet {
        match_no,
        commitment: seal_commitment(pool, &account(name), match_no, score.into(), &salt),
        stake: bolao_ledger::Chips(30),
    };
    let opening = Opening {
        match_no,
        prediction: score.into(),
        salt,
    };
    (
        Action::Seal(actions::Seal { bets: vec![tip] }),
        Action::Open(actions::Open {
            openings: vec![opening],
        }),
    )
}

async fn kinds(app: &App) -> Vec<Value> {
    let list = all(app, "/api/v1/transactions", 500).await;
    list.iter().map(|tx| tx["action"]["type"].clone()).collect()
}

#[tokio::test]
async fn sealed_tips_stay_sealed_until_they_are_opened() {
    let app = joined(BetMode::Sealed);
    let (seal, open) = sealed(&app.node.genesis, "Ana", 1, 3);
    let (other, _) = sealed(&app.node.genesis, "Ben", 1, 2);
    act(&app, "Ana", seal);
    act(&app, "Ben", other);
    app.node.mine_at(at(20));
    for path in [
        "/api/v1/matches/a1/tips",
        "/api/v1/bets",
        "/api/v1/players/ana/bets",
        "/api/v1/tips.json",
    ] {
        let text = app.get(path).await.text();
        assert!(
            text.contains(r#""score":null,"sealed":true,"commitment":""#),
            "{path}: {text}"
        );
        assert!(!text.contains("\"home\":3"), "{path}");
    }
    let game = app.json("/api/v1/matches/a1").await;
    assert_eq!((&game["bets"], &game["unopened"]), (&json!(2), &json!(2)));
    let cell = app.json("/api/v1/rounds/Group%20A%2F1/matrix").await;
    assert!(cell.to_string().contains(r#""sealed":true"#));
    let lines = app.get("/api/v1/tips.csv").await.text();
    assert!(
        lines.lines().nth(1).unwrap().contains(",,,true,30,"),
        "{lines}"
    );

    app.node.mine_at(at(1_000));
    act(&app, "Ana", open);
    app.node.mine_at(at(1_001));
    let tips = all(&app, "/api/v1/matches/a1/tips", 500).await;
    let ana = tips
        .iter()
        .find(|tip| tip["player"]["name"] == "Ana")
        .unwrap();
    assert_eq!(
        (&ana["sealed"], &ana["score"]["home"]),
        (&json!(false), &json!(3))
    );
    assert_eq!(ana["opened"], 4);
    assert_eq!(app.json("/api/v1/matches/a1").await["unopened"], 1);
    assert_eq!(kinds(&app).await[..3], ["open", "seal", "seal"]);
}

#[tokio::test]
async fn every_action_is_shown() {
    let kinds = kinds(&played()).await;
    for kind in ["join", "bet", "transfer", "result", "object"] {
        assert!(kinds.contains(&json!(kind)), "{kind}");
    }
}

#[tokio::test]
async fn files_for_spreadsheets() {
    let app = played();
    let reply = app.get("/api/v1/standings.csv").await;
    assert_eq!(reply.header("content-type"), "text/csv; charset=utf-8");
    assert!(
        reply
            .header("content-disposition")
            .contains("bolao-standings.csv")
    );
    let text = reply.text();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 7);
    assert!(lines[0].starts_with("\u{feff}place,name,account,points,"));
    assert!(lines[1].starts_with("1,Ana,bolao1"), "{text}");
    assert!(lines[3].starts_with("3,'=Eva,bolao1"), "{text}");
    let stage = app.get("/api/v1/standings.csv?stage=Final").await.text();
    assert!(stage.lines().nth(1).unwrap().starts_with("1,Ben,"));
    let json = app.json("/api/v1/standings.json").await;
    assert_eq!(json, app.json("/api/v1/standings").await["items"]);
    let from = app.json("/api/v1/standings.json?from=f1").await;
    assert_eq!(from[0]["points"], 8);

    let text = app.get("/api/v1/tips.csv").await.text();
    assert_eq!(text.lines().count(), 7);
    assert!(
        text.contains(",2,1,false,100,2019-06-05T00:00:20Z,2,2,0,one_team"),
        "{text}"
    );
    let tips = app.json("/api/v1/tips.json").await;
    assert_eq!(tips.as_array().unwrap().len(), 6);
}

#[tokio::test]
async fn an_empty_pool_has_empty_tables() {
    let app = App::new(crate::node::easy(), bolao_api::ApiConfig::default());
    assert_eq!(app.json("/api/v1/standings").await["items"], json!([]));
    assert_eq!(app.json("/api/v1/standings.json").await, json!([]));
    assert_eq!(app.json("/api/v1/tips.json").await, json!([]));
    assert_eq!(
        app.get("/api/v1/standings.csv")
            .await
            .text()
            .lines()
            .count(),
        1
    );
}

/// A pool that Ana and Ben have joined with one ticket.
pub fn by_ticket() -> App {
    let genesis = Genesis {
        membership: Membership::Invite,
        ..crate::play::genesis(BetMode::Open)
    };
    let pool = genesis.pool_id();
    let app = App::new(genesis, bolao_api::ApiConfig::default());
    let ticket = Ticket {
        key: account("ticket"),
        uses: 2,
        expires: at(1_000),
    };
    let signed = |name: &str, message: &[u8]| Signature(key(name).sign(message).to_bytes());
    act(&app, "Org1", join("Org1"));
    for name in ["Ana", "Ben"] {
        let invitation = Invitation {
            given: SignedTicket {
                ticket,
                organiser: account("Org1"),
                organiser_signature: signed("Org1", &ticket_bytes(pool, &ticket)),
            },
            ticket_signature: signed("ticket", &admission_bytes(pool, &account(name))),
        };
        let name_written = Name::new(name).unwrap();
        let invitation = Some(Box::new(invitation));
        act(
            &app,
            name,
            Action::Join(actions::Join {
                name: name_written,
                invitation,
            }),
        );
    }
    app.node.mine_at(at(10));
    app
}

#[tokio::test]
async fn tickets_are_counted() {
    let app = by_ticket();
    let tickets = app.json("/api/v1/invitations").await["items"].clone();
    assert_eq!(
        tickets,
        json!([{"ticket": account("ticket").to_string(), "used": 2}])
    );
    let last = app.json("/api/v1/transactions?limit=1").await["items"][0]["action"].clone();
    assert_eq!(
        (&last["name"], &last["invitation"]["ticket"]["uses"]),
        (&json!("Ben"), &json!(2))
    );
    assert_eq!(last["invitation"]["organiser"]["name"], "Org1");
    assert_eq!(app.json("/api/v1/pool").await["membership"], "invite");
}
