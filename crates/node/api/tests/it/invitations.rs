//! What short links leave to a node, over the API.

use bolao_api::ApiConfig;
use bolao_ledger::{BetMode, BlockHash, BlockId, Height, PoolId, UnixSeconds, sha256d};
use bolao_wallet::{Key, NewInvite, PublicInvite, TicketSecret};
use serde_json::json;

use crate::{
    app::{App, Reply},
    play::genesis,
};

/// Long after any test.
pub const LATER: UnixSeconds = UnixSeconds(4_000_000_000);

/// The key of [`crate::node::key`], as a wallet has it.
pub fn wallet_key(name: &str) -> Key {
    Key::from_secret(&sha256d(name.to_lowercase().as_bytes()))
}

/// An invitation to the app's pool, whose ticket has a key made of `secret`.
pub fn invitation(app: &App, organiser: &Key, secret: u8, expires: UnixSeconds) -> NewInvite {
    let pool = app.node.genesis.pool_id();
    let secret = TicketSecret::new([secret; 16]);
    NewInvite::issue(organiser, secret, pool, None, 5, expires)
}

async fn keep(app: &App, invitation: &str) -> Reply {
    let json = [("content-type", "application/json")];
    let body = json!({ "invitation": invitation }).to_string();
    let path = "/api/v1/invitations";
    app.request("POST", path, &json, body).await
}

fn pool() -> App {
    App::new(genesis(BetMode::Open), ApiConfig::default())
}

#[tokio::test]
async fn what_an_organiser_leaves_is_given_to_whoever_has_the_link() {
    let app = pool();
    let new = invitation(&app, &wallet_key("Org2"), 1, LATER);
    let path = format!("/api/v1/invitations/{}", new.short.ticket());
    let (code, unknown) = app.get(&path).await.coded(404);
    assert_eq!(code, "unknown-invitation");
    assert!(
        unknown.contains("does not know the invitation") && unknown.contains("new link"),
        "{unknown}"
    );
    for _ in 0..2 {
        let kept = keep(&app, &new.public.to_string()).await;
        assert_eq!(kept.status, 201, "{}", kept.text());
    }
    let given = app.json(&path).await;
    let whole = new.short.complete(given["invitation"].as_str().unwrap());
    assert_eq!(whole.unwrap().to_string(), new.whole.to_string());
    app.get("/api/v1/invitations/bolao1nonsense")
        .await
        .problem(400);
}

#[tokio::test]
async fn what_is_no_invitation_of_this_pool_s_organisers_is_not_kept() {
    let app = pool();
    let organiser = wallet_key("Org1");
    let issue = |key: &Key, expires| invitation(&app, key, 1, expires).public;
    let other_pool = NewInvite::issue(
        &organiser,
        TicketSecret::new([1; 16]),
        PoolId([9; 32]),
        None,
        5,
        LATER,
    );
    let refused = [
        (
            issue(&wallet_key("Ana"), LATER),
            (403, "not-invited-by-organiser"),
            "not an organiser",
        ),
        (
            issue(&organiser, UnixSeconds(1_000_000_000)),
            (403, "ticket-expired"),
            "expired",
        ),
        (
            other_pool.public,
            (409, "other-pool"),
            "is to the pool 0909",
        ),
        (
            forged(&issue(&organiser, LATER)),
            (400, "bad-signature"),
            "signatures",
        ),
    ];
    for (invite, (status, wanted), why) in refused {
        let (code, said) = keep(&app, &invite.to_string()).await.coded(status);
        assert_eq!(code, wanted);
        assert!(said.contains(why), "{said}");
    }
    for bad in ["", "A", "é", &"A".repeat(5_000)] {
        let said = keep(&app, bad).await.problem(400);
        assert!(said.contains("wanted"), "{said}");
    }
    // What has all of it, its secret included, is none of the node's business.
    let whole = invitation(&app, &organiser, 1, LATER).whole.to_string();
    keep(&app, &whole).await.problem(400);
    let json = [("content-type", "application/json")];
    for body in ["", "{}", "[]", r#"{"invitation": 1}"#] {
        let reply = app.request("POST", "/api/v1/invitations", &json, body);
        reply.await.problem(400);
    }
    assert!(app.node.invitations.lock().unwrap().is_empty());
}

/// With a ticket that stands in the chain anybody could write this; it is as the organiser signed it but for the block.
fn forged(invite: &PublicInvite) -> PublicInvite {
    let mut forged = invite.clone();
    forged.named = Some(BlockId {
        height: Height(7),
        hash: BlockHash([7; 32]),
    });
    forged
}
