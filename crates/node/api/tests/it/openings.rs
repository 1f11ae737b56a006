//! What players deal to keepers, over the API.

use bolao_api::{
    ApiConfig,
    body::{OpeningsBody, PlayerRef},
};
use bolao_ledger::{
    Action, BetMode, Chips, Consensus, Genesis, MatchNo, Opening, Outcome, Pos, SealedBet,
    Signature, Status, ValidatorKey, actions, encode, seal_commitment,
};
use bolao_openings::{Deal, Entropy, Kept, deal, receipt, take};
use bolao_store::{Durability, StoreError};
use serde_json::{Value, json};

use crate::{
    app::{App, Reply},
    bodies::one,
    certified::{validator, vote_key},
    node::{account, join, key, sign},
    play::{act, at, genesis, result, score},
};

/// A pool of sealed bets that these keep; Ana and Ben have joined.
pub fn pool(keepers: &[&str]) -> App {
    let validators = keepers.iter().map(|name| validator(name, 1));
    let mut genesis = Genesis {
        consensus: Consensus::Pos(Pos::appointed(validators)),
        ..genesis(BetMode::Sealed)
    };
    genesis.rules.anybody_opens = true;
    let app = App::new(genesis, ApiConfig::default());
    for name in ["Org1", "Org2", "Org3", "Ana", "Ben"] {
        act(&app, name, join(name));
    }
    app.node.mine_at(at(10));
    app
}

fn opening(no: u16) -> Opening {
    Opening {
        match_no: MatchNo(no),
        prediction: score(2, 1).into(),
        salt: [7; 32],
    }
}

pub fn seal(app: &App, name: &str, no: u16) -> Action {
    let Opening {
        match_no,
        prediction,
        salt,
    } = opening(no);
    let pool = app.node.genesis.pool_id();
    let commitment = seal_commitment(pool, &account(name), match_no, prediction, &salt);
    Action::Seal(actions::Seal {
        bets: vec![SealedBet {
            match_no,
            commitment,
            stake: Chips(0),
        }],
    })
}

pub fn dealt(app: &App, name: &str, no: u16, keepers: &[&str]) -> Deal {
    let pool = app.node.genesis.pool_id();
    let keys: Vec<ValidatorKey> = keepers.iter().map(|name| validator(name, 1).key).collect();
    let entropy = Entropy([3; 32]);
    let body = deal(pool, account(name), &opening(no), 0, &keys, &entropy).unwrap();
    let signature = Signature(key(name).sign(&body.signing_bytes(pool)).to_bytes());
    Deal { body, signature }
}

/// What a node has once these keepers have said that they hold their shares, and those gave them out.
fn kept(app: &App, deal: Deal, holding: &[&str], gave: &[&str]) -> Kept {
    let (pool, mut kept) = (app.node.genesis.pool_id(), Kept::from(deal));
    let id = kept.deal.body.id();
    for name in holding {
        let place = kept.deal.body.place_of(&validator(name, 1).key).unwrap();
        let receipt = receipt(pool, id, &vote_key(name));
        kept.receipts.insert(place, receipt);
    }
    for name in gave {
        let (place, share) = take(pool, &kept.deal.body, &vote_key(name)).unwrap();
        kept.shares.insert(place, share);
    }
    kept
}

async fn post(app: &App, body: Value) -> Reply {
    let json = [("content-type", "application/json")];
    app.request("POST", "/api/v1/openings", &json, body.to_string())
        .await
}

async fn seen(app: &App, name: &str) -> OpeningsBody {
    let path = format!("/api/v1/openings?account={}", account(name));
    serde_json::from_value(app.json(&path).await).unwrap()
}

async fn could_look(app: &App) -> Value {
    app.json("/api/v1/pool").await["could_look"].take()
}

pub const THREE: [&str; 3] = ["Org1", "Org2", "Org3"];

#[tokio::test]
async fn a_player_sees_who_holds_shares_of_which_seal() {
    let app = pool(&THREE);
    act(&app, "Ana", seal(&app, "Ana", 2));
    app.node.mine_at(at(20));
    act(&app, "Ana", seal(&app, "Ana", 1));
    let before = seen(&app, "Ana").await;
    assert!(before.keepers.has_keepers && !before.keepers.host_could_look);
    assert_eq!(
        (before.keepers.keepers.len(), before.keepers.needed),
        (3, 2)
    );
    assert_eq!(could_look(&app).await, Value::Null);
    // That which begins first comes first, though it waits for a block.
    let [first, second] = &before.seals[..] else {
        panic!("{before:?}");
    };
    assert_eq!((first.r#match.no, first.waits), (1, true));
    assert_eq!((second.r#match.no, second.waits), (2, false));
    assert_eq!((second.nonce, first.nonce), (1, 2));
    assert!(first.deal && first.dealt.is_none() && !first.will_open);
    assert_eq!(first.next_round, Some(0));

    let deals = [1, 2].map(|no| hex::encode(encode(&dealt(&app, "Ana", no, &THREE))));
    let reply = post(&app, json!({ "deals": deals })).await;
    assert_eq!(reply.status, 202, "{}", reply.text());
    assert_eq!(reply.json(), json!({ "taken": 2 }));
    let sent = seen(&app, "Ana").await;
    assert!(!sent.seals[0].deal && !sent.seals[0].will_open);
    assert_eq!(sent.seals[0].next_round, Some(1));

    let deal = dealt(&app, "Ana", 1, &THREE);
    app.node.keep(&kept(&app, deal.clone(), &["Org2"], &[]));
    assert!(!seen(&app, "Ana").await.seals[0].will_open);
    app.node.keep(&kept(&app, deal, &["Org2"], &["Org3"]));
    let held = seen(&app, "Ana").await;
    assert!(held.seals[0].will_open && !held.seals[1].will_open);
    let dealt = held.seals[0].dealt.as_ref().unwrap();
    assert_eq!((dealt.holding, dealt.needed), (2, 2));
    assert!(!dealt.host_could_look);
    let of = |name: &str| {
        let mut all = dealt.keepers.iter();
        all.find(|it| it.keeper.keeper.account == account(name))
            .unwrap()
    };
    assert_eq!((of("Org1").holds, of("Org1").gave), (false, false));
    assert_eq!((of("Org2").holds, of("Org2").gave), (true, false));
    assert_eq!((of("Org3").holds, of("Org3").gave), (true, true));
    let PlayerRef { name, .. } = &of("Org3").keeper.keeper;
    assert_eq!(name.as_deref(), Some("Org3"));
    assert_eq!(seen(&app, "Ben").await.seals, []);
    let path = format!("/api/v1/openings?account={}", account("Ana"));
    one::<OpeningsBody>(&app, &path).await;
}

#[tokio::test]
async fn no_block_is_read_for_what_can_be_opened_no_more() {
    let app = pool(&THREE);
    act(&app, "Ana", seal(&app, "Ana", 1));
    let long_over = app.node.mine_at(at(20));
    act(&app, "Ana", seal(&app, "Ana", 2));
    app.node.mine_at(at(30));
    // One opening window after the first match, and before that of the second is over.
    let window_s = u64::from(app.node.genesis.rules.opening_window_s);
    app.node.mine_at(at(1_500 + window_s));
    app.node
        .store()
        .write::<_, StoreError>(Durability::Volatile, |tables| tables.lose_body(&long_over))
        .unwrap();
    let [left] = &seen(&app, "Ana").await.seals[..] else {
        panic!("one seal");
    };
    assert_eq!((left.r#match.no, left.nonce, left.waits), (2, 2, false));
}

#[tokio::test]
async fn what_no_node_would_take_is_not_to_be_dealt() {
    let app = pool(&THREE);
    for no in [1, 2] {
        act(&app, "Ana", seal(&app, "Ana", no));
    }
    app.node.mine_at(at(20));
    // A bet behind a gap in the nonces.
    let later = seal(&app, "Ana", 3);
    app.node
        .put_pending(&sign(&app.node.genesis, "Ana", 9, later));
    let called_off = Outcome::without_score(Status::Cancelled, None);
    for name in ["Org1", "Org2"] {
        act(&app, name, result(1, called_off.clone()));
    }
    app.node.mine_at(at(30));
    let listed = async || {
        let seals = seen(&app, "Ana").await.seals;
        seals.iter().map(|seal| seal.r#match.no).collect::<Vec<_>>()
    };
    assert_eq!(listed().await, [1, 2], "somebody may object");
    app.node.mine_at(at(600));
    assert_eq!(listed().await, [2]);
}

#[tokio::test]
async fn a_deal_to_others_than_todays_keepers_is_to_be_made_anew() {
    let app = pool(&THREE);
    act(&app, "Ana", seal(&app, "Ana", 1));
    let two = ["Org1", "Org2"];
    let deal = dealt(&app, "Ana", 1, &two);
    app.node.keep(&kept(&app, deal, &two, &[]));
    let seal = seen(&app, "Ana").await.seals.remove(0);
    assert!(seal.deal && seal.will_open);
    assert_eq!(seal.next_round, Some(1));
    // Those few have it, whoever are keepers today.
    assert!(seal.dealt.unwrap().host_could_look);
}

#[tokio::test]
async fn with_fewer_than_three_keepers_the_host_could_look() {
    for (keepers, needed) in [(&["Org1"][..], 1), (&["Org1", "Org2"], 2)] {
        let seen = seen(&pool(keepers), "Ana").await;
        assert!(seen.keepers.host_could_look);
        assert_eq!(seen.keepers.needed, needed);
    }
}

#[tokio::test]
async fn what_is_no_deal_is_refused() {
    let app = pool(&THREE);
    let good = hex::encode(encode(&dealt(&app, "Ana", 1, &THREE)));
    let mut forged = dealt(&app, "Ana", 1, &THREE);
    forged.body.round = 1;
    let forged = hex::encode(encode(&forged));
    let refused = [
        (json!({}), 400, "wanted {\"deals\""),
        (json!({ "deals": [] }), 400, "got 0 deals"),
        (json!({ "deals": vec!["00"; 129] }), 400, "got 129 deals"),
        (json!({ "deals": [good, "xy"] }), 400, "deal 2"),
        (json!({ "deals": [good, "00"] }), 400, "deal 2"),
        (json!({ "deals": [good, forged] }), 400, "signature"),
        (json!({ "deals": [good], "more": 1 }), 400, "more"),
    ];
    for (body, status, says) in refused {
        let reply = post(&app, body).await;
        let detail = reply.problem(status);
        assert!(detail.contains(says), "{detail}");
    }
    let long = json!({ "deals": ["0".repeat(256 * 1024)] });
    post(&app, long).await.problem(413);
    let text = [("content-type", "text/plain")];
    let path = "/api/v1/openings";
    app.request("POST", path, &text, "{}").await.problem(415);
    app.get(path).await.problem(400);
    app.get("/api/v1/openings?account=ana").await.problem(400);
    let snapshot = bolao_api::ReadNode::reader(&*app.node).snapshot().unwrap();
    assert_eq!(snapshot.kept_count().unwrap(), 0);
}

#[tokio::test]
async fn a_pool_without_keepers_says_so() {
    let app = crate::play::joined(BetMode::Sealed);
    let seen = seen(&app, "Ana").await;
    assert!(!seen.keepers.has_keepers);
    assert_eq!(seen.keepers.keepers, []);
    assert_eq!(could_look(&app).await, Value::Null);
}

#[tokio::test]
async fn a_pool_says_who_could_look_while_keepers_are_few() {
    let app = pool(&THREE[..2]);
    let both = could_look(&app).await;
    let accounts: Vec<_> = both
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["account"])
        .collect();
    assert_eq!(accounts, [&json!(account("Org1")), &json!(account("Org2"))]);
}
