//! `POST /api/v1/transactions?dry_run=true`, and what waits of one account.

use std::{collections::BTreeMap, net::SocketAddr};

use axum::extract::ConnectInfo;
use bolao_api::body::{ProposalBody, RehearsalBody, VerdictBody};
use bolao_ledger::{
    Action, BetMode, Outcome, Reason, StateView as _, Transaction, actions, encode,
};
use bolao_store::Snapshot;
use futures::future::join_all;
use http::Request;
use serde_json::{Value, json};

use crate::{
    app::{App, Reply},
    node::{account, join, sign},
    play::{bet, joined, result, score},
};

const DRY: &str = "/api/v1/transactions?dry_run=true";
const JSON: &[(&str, &str)] = &[("content-type", "application/json")];

async fn post(app: &App, path: &str, body: &Value) -> Reply {
    app.request("POST", path, JSON, body.to_string()).await
}

async fn rehearsed(app: &App, proposals: &[ProposalBody]) -> Vec<VerdictBody> {
    let reply = post(app, DRY, &json!({ "transactions": proposals })).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let body: RehearsalBody = serde_json::from_value(reply.json()).unwrap();
    assert_eq!(serde_json::to_value(&body).unwrap(), reply.json());
    body.transactions
}

fn of(name: &str, action: Action) -> ProposalBody {
    ProposalBody::unsigned(account(name), action)
}

fn codes(verdicts: &[VerdictBody]) -> Vec<Option<&str>> {
    verdicts.iter().map(|it| it.code.as_deref()).collect()
}

fn everything(snapshot: &Snapshot) -> Vec<(Vec<u8>, Vec<u8>)> {
    snapshot.scan_bytes(&[], None, usize::MAX).unwrap()
}

#[tokio::test]
async fn each_has_its_verdict_and_nothing_is_written() {
    let app = joined(BetMode::Open);
    let state = || {
        let snapshot = app.node.store().reader().snapshot().unwrap();
        (everything(&snapshot), snapshot.pending().unwrap())
    };
    let before = state();
    let tips = |tips| Action::Bet(actions::Bet { bets: tips });
    let verdicts = rehearsed(
        &app,
        &[
            of("Ana", tips(vec![bet(4, 2, 1, 10)])),
            of("Ana", tips(vec![bet(4, 0, 0, 5), bet(99, 0, 0, 5)])),
            of("Ana", tips(vec![bet(4, 0, 0, 4)])),
            of("nobody", tips(vec![bet(4, 0, 0, 4)])),
            of("new", join("ANA")),
            of("new", join("new")),
            of("Org1", result(4, Outcome::played(score(1, 1)))),
            of("Ana", result(4, Outcome::played(score(1, 1)))),
        ],
    )
    .await;
    assert_eq!(
        codes(&verdicts),
        [
            None,
            Some("unknown-match"),
            None,
            Some("unknown-account"),
            Some("name-taken"),
            None,
            Some("result-too-early"),
            Some("not-an-organiser"),
        ]
    );
    assert!(verdicts.iter().all(|it| it.detail.is_some() != it.accepted));
    let (first, third) = (&verdicts[0], &verdicts[2]);
    assert!(first.accepted && first.ready && first.void.is_empty());
    assert_eq!(first.bets[0].before, None);
    assert_eq!(first.bets[0].after.stake, 10);
    // The second was refused, so that the third follows on from the first.
    assert_eq!(third.nonce, first.nonce + 1);
    let replaced = third.bets[0].before.unwrap();
    assert_eq!(
        (replaced.predicted.score, replaced.stake),
        (Some(score(2, 1)), 10)
    );
    let (before_bet, left) = (first.chips.unwrap(), third.chips.unwrap());
    assert_eq!(before_bet.before, Some(before_bet.after + 10));
    assert_eq!(left.after, before_bet.after + 6);
    assert_eq!(verdicts[5].chips.unwrap().before, None);
    assert_eq!(state(), before);
}

#[tokio::test]
async fn signed_ones_are_taken_too_and_their_signatures_checked() {
    let app = joined(BetMode::Open);
    let genesis = app.node.store().reader().genesis().clone();
    let mut transaction = sign(&genesis, "new", 0, join("new"));
    let text = |transaction: &Transaction| hex::encode(encode(transaction));
    let one = json!({ "transaction": text(&transaction) });
    let good: RehearsalBody = serde_json::from_value(post(&app, DRY, &one).await.json()).unwrap();
    assert_eq!(good.transactions[0].id, transaction.id().to_string());
    assert!(good.transactions[0].accepted);
    transaction.signature.0[0] ^= 1;
    let forged = ProposalBody {
        transaction: Some(text(&transaction)),
        ..ProposalBody::default()
    };
    let verdicts = rehearsed(&app, &[forged]).await;
    assert_eq!(codes(&verdicts), [Some(Reason::BadSignature.code())]);
    let bytes = [("content-type", "application/octet-stream")];
    let reply = app.request("POST", DRY, &bytes, encode(&transaction)).await;
    assert_eq!(reply.json()["transactions"][0]["code"], "bad-signature");
}

/// None is a bad request, also where the pool does not know it.
#[tokio::test]
async fn every_action_can_be_tried() {
    let vectors = include_str!("../../../../rules/ledger/vectors/actions.json");
    let vectors: BTreeMap<String, Value> = serde_json::from_str(vectors).unwrap();
    assert!(!vectors.is_empty());
    let app = joined(BetMode::Open);
    for (name, vector) in vectors {
        let body = &vector["transaction"]["body"];
        let proposal = json!({ "account": body["account"], "action": body["action"] });
        let reply = post(&app, DRY, &json!({ "transactions": [proposal] })).await;
        assert_eq!(reply.status, 200, "{name}: {}", reply.text());
    }
}

#[tokio::test]
async fn what_cannot_be_tried_is_a_bad_request() {
    let app = joined(BetMode::Open);
    let one = of("new", join("new"));
    let body = |list: &[ProposalBody]| json!({ "transactions": list });
    for bad in [
        body(&[]),
        body(&vec![ProposalBody::default(); 1]),
        json!({}),
        json!({ "transactions": [{ "account": account("Ana") }] }),
        json!({ "transactions": [{ "account": "Ana", "action": { "type": "join" } }] }),
        json!({ "transactions": [], "transaction": "00" }),
    ] {
        post(&app, DRY, &bad).await.problem(400);
    }
    let small =
        ProposalBody::unsigned(account("n"), Action::Bet(actions::Bet { bets: Vec::new() }));
    let many = post(&app, DRY, &body(&vec![small; 257])).await;
    assert!(many.problem(400).contains("1 to 256"));
    // Only what is signed is submitted, one by one.
    post(&app, "/api/v1/transactions", &body(&[one]))
        .await
        .problem(400);
}

/// As many as are taken at once, each of a round of ten bets.
#[tokio::test]
async fn the_longest_list_fits_into_a_body() {
    let app = joined(BetMode::Open);
    let bets = (1..=10).map(|no| bet(no, 10, 10, 1_000)).collect();
    let round = of("Ana", Action::Bet(actions::Bet { bets }));
    let body = json!({ "transactions": vec![round; 256] });
    assert!(body.to_string().len() > 64 * 1024);
    assert_eq!(post(&app, DRY, &body).await.status, 200);
    let long = "x".repeat(256 * 1024 + 1);
    let reply = app.request("POST", DRY, JSON, long).await;
    assert_eq!(reply.status, 413);
}

#[tokio::test]
async fn dry_runs_of_here_and_of_elsewhere_do_not_count_together() {
    let app = joined(BetMode::Open);
    let from = |ip: [u8; 4]| {
        let body = json!({ "transactions": [of("Ana", join("Ana"))] }).to_string();
        let mut request = Request::post(DRY)
            .header("host", "localhost")
            .header("content-type", "application/json")
            .body(body.into())
            .unwrap();
        let caller = SocketAddr::from((ip, 5555));
        request.extensions_mut().insert(ConnectInfo(caller));
        app.send(request)
    };
    let here = (0..8).map(|_| from([127, 0, 0, 1]));
    let there = [1, 2].map(|last| from([192, 0, 2, last]));
    let (here, there) = tokio::join!(join_all(here), join_all(there));
    assert!(here.iter().chain(&there).all(|reply| reply.status == 200));
    assert_eq!(from([192, 0, 2, 3]).await.status, 200);
}

#[tokio::test]
async fn what_waits_of_one_account() {
    let app = joined(BetMode::Open);
    for goals in 0..3 {
        app.node.bet("Ana", vec![bet(4, goals, 0, 1)]);
        app.node.bet("Org1", vec![bet(4, goals, 0, 1)]);
    }
    let path = format!(
        "/api/v1/transactions?state=pending&account={}",
        account("Ana")
    );
    let all = app.json(&path).await;
    let nonces = |page: &Value| -> Vec<u64> {
        let items = page["items"].as_array().unwrap();
        items
            .iter()
            .map(|it| it["nonce"].as_u64().unwrap())
            .collect()
    };
    let all = nonces(&all);
    assert_eq!(all.len(), 3);
    let page = app.json(&format!("{path}&limit=2")).await;
    assert_eq!(nonces(&page), all[..2]);
    let cursor = page["next_cursor"].as_str().unwrap();
    let rest = app.json(&format!("{path}&limit=2&cursor={cursor}")).await;
    assert_eq!(nonces(&rest), all[2..]);
    assert!(rest.get("next_cursor").is_none());
    let confirmed = format!("/api/v1/transactions?account={}", account("Ana"));
    app.get(&confirmed).await.problem(400);
    app.get(&format!("{path}x")).await.problem(400);
}
