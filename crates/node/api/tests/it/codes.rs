//! Each code that says more than its status does, from a request that it is the answer to.

use std::collections::BTreeMap;

use bolao_api::{CODES, NodeError, body::Viewers};
use bolao_fixtures::LIST_CODES;
use bolao_ledger::PoolId;
use bolao_wallet::{NewInvite, PushAddress, TicketSecret};
use serde_json::{Value, json};

use crate::{
    app::{App, Reply},
    handovers::{ID, hand_over},
    invitations::{LATER, invitation, wallet_key},
    newer_file,
    node::account,
    sources::{begun, now, word},
};

const JSON: &[(&str, &str)] = &[("content-type", "application/json")];

/// The codes that were answered, with their statuses.
#[derive(Default)]
struct Answered(BTreeMap<String, u16>);

impl Answered {
    fn note(&mut self, reply: &Reply) {
        assert!(!reply.status.is_success(), "{}", reply.text());
        let (code, _) = reply.coded(reply.status.as_u16());
        self.0.insert(code, reply.status.as_u16());
    }

    async fn post(&mut self, app: &App, path: &str, body: &Value) {
        let path = format!("/api/v1/{path}");
        let reply = app.request("POST", &path, JSON, body.to_string()).await;
        self.note(&reply);
    }
}

#[tokio::test]
async fn each_of_them_is_answered() {
    let mut answered = Answered::default();
    of_invitations(&mut answered).await;
    of_handovers(&mut answered).await;
    of_browsers(&mut answered).await;
    of_words(&mut answered).await;
    of_lists(&mut answered).await;
    let app = begun();
    *app.node.viewers.lock().unwrap() = Viewers::Players;
    let host = [("host", "192.168.1.5:9000"), ("forwarded", "for=192.0.2.1")];
    answered.note(&app.get_with("/api/v1/players", &host).await);
    answered.note(&App::classic().post("/bet", r#"{"extra":1}"#).await);

    let of_lists = LIST_CODES.iter().map(|it| (it.code().to_owned(), 422));
    let codes = { CODES.iter() }.map(|it| (it.code().to_owned(), it.status().as_u16()));
    assert_eq!(answered.0, codes.chain(of_lists).collect());
}

async fn of_invitations(answered: &mut Answered) {
    let app = begun();
    let organiser = wallet_key("Ana");
    let unknown = format!("/api/v1/invitations/{}", account("Ana"));
    answered.note(&app.get(&unknown).await);
    let invite = |invite: NewInvite| json!({ "invitation": invite.public.to_string() });
    let (secret, other) = (TicketSecret::new([1; 16]), PoolId([9; 32]));
    let other = invite(NewInvite::issue(&organiser, secret, other, None, 5, LATER));
    answered.post(&app, "invitations", &other).await;
    for refusal in [NodeError::InvitationTaken, NodeError::InvitationsFull] {
        app.node.refuse(refusal);
        let body = invite(invitation(&app, &organiser, 1, LATER));
        answered.post(&app, "invitations", &body).await;
    }
}

async fn of_handovers(answered: &mut Answered) {
    let app = begun();
    answered.note(
        &app.request("DELETE", &format!("/api/v1/handovers/{ID}"), &[], "")
            .await,
    );
    assert_eq!(hand_over(&app, ID, "x").await.status, 204);
    answered.note(&hand_over(&app, ID, "x").await);
    for number in 1..256 {
        let held = hand_over(&app, &format!("{number:032x}"), "x").await;
        assert_eq!(held.status, 204, "{number}");
    }
    answered.note(&hand_over(&app, &format!("{:032x}", 256), "x").await);
}

async fn of_browsers(answered: &mut Answered) {
    let app = begun();
    let address = PushAddress {
        endpoint: "https://push.example/1".to_owned(),
        p256dh: "p".to_owned(),
        auth: "a".to_owned(),
    };
    let signature = wallet_key("Bob").subscribe(app.node.genesis.pool_id(), &address);
    let body = json!({
        "account": account("Bob"), "address": address, "signature": signature,
    });
    for refusal in [NodeError::NoPush, NodeError::SubscribersFull] {
        app.node.refuse(refusal);
        answered.post(&app, "push", &body).await;
    }
}

async fn of_words(answered: &mut Answered) {
    let app = begun();
    let matches = &app.node.genesis.matches;
    let later = format!("live {} 1-0", matches[1].code);
    let later = word(&app, "Ana", now(), &later);
    answered.post(&app, "words", &later).await;
    let reason = "no competition has this name".to_owned();
    for refusal in [NodeError::OldWord, NodeError::NoCompetition { reason }] {
        app.node.refuse(refusal);
        let word = word(&app, "Ana", now(), "sources off");
        answered.post(&app, "words", &word).await;
    }
}

async fn of_lists(answered: &mut Answered) {
    let app = newer_file::pool();
    let line = |date: &str, time: &str, home: &str| {
        format!("Date,Time,Home,Away,Round\n{date},{time},{home},Spain,Final\n")
    };
    let zone = "UTC";
    for asked in [
        json!({ "text": line("2040-06-09", "19:45", "Portugal") }),
        json!({ "text": line("05/06/2040", "19:45", "Portugal"), "zone": zone }),
        json!({ "text": line("2040-06-31", "19:45", "Portugal"), "zone": zone }),
        json!({ "text": line("2040-06-09", "19:45", "Ghana"), "zone": zone }),
        json!({ "text": "2040-06-09 19:45 Portugal v Spain\n2040-06-10 19:45 Portugal\n", "zone": zone }),
        json!({ "text": "<html>" }),
    ] {
        answered.post(&app, "fixtures/plan", &asked).await;
    }
}

/// As `docs/PROTOCOL.md` says of `bad-request`.
#[tokio::test]
async fn a_malformed_account_is_a_bad_request_where_no_name_may_stand() {
    let app = begun();
    let good = account("Bob").to_string();
    let mistyped = format!("{}x", &good[..good.len() - 1]);
    for (path, status) in [
        (format!("accounts/{mistyped}/nonce"), 400),
        (format!("openings?account={mistyped}"), 400),
        (format!("invitations/{mistyped}"), 400),
        (format!("players/{mistyped}"), 404),
        (format!("players/{mistyped}/bets"), 404),
    ] {
        app.get(&format!("/api/v1/{path}")).await.problem(status);
    }
}
