//! What can be known before anything is written: whether the invitation still lets anybody in, and the name is free.

use bolao_api::body::{OrganisersBody, ProposalBody, RehearsalBody};
use bolao_ledger::{AccountId, Genesis, Name, Nonce, Reason};
use bolao_wallet::{Draft, Key};
use serde_json::json;

use super::entry::Entry;
use crate::{
    exit::coded,
    source::{ApiError, Source, as_view, escape},
    time,
    view::Player,
};

/// The player with a name or an account, if the node knows one.
pub(super) async fn player(source: &Source, who: &str) -> Option<Player> {
    let path = format!("/api/v1/players/{}", escape(who));
    source.read(&path).await.ok()
}

/// Whether an account is an organiser's, as a chain has it, or else as the rules say.
pub(super) async fn organises(
    chain: Option<&Source>,
    genesis: &Genesis,
    account: &AccountId,
) -> bool {
    let known = match chain {
        Some(source) => source
            .read::<OrganisersBody>("/api/v1/organisers")
            .await
            .ok(),
        None => None,
    };
    known.map_or_else(
        || genesis.organisers.contains(account),
        |known| known.organisers.iter().any(|it| it.account == *account),
    )
}

/// Refuses a name that another account has.
pub(super) async fn name(
    source: &Source,
    name: &Name,
    own: Option<AccountId>,
) -> anyhow::Result<()> {
    match player(source, name.as_str()).await {
        Some(player) if own != Some(player.account) => Err(coded(
            Reason::NameTaken.code(),
            format!("the name `{name}` is taken in this pool: choose another one"),
        )),
        _ => Ok(()),
    }
}

/// Refuses a link whose ticket lets nobody in any more.
pub(super) async fn ticket(entry: &Entry, genesis: &Genesis) -> anyhow::Result<()> {
    let (Some(held), Some(client)) = (entry.ticket(), entry.client()) else {
        return Ok(());
    };
    let ticket = held.ticket();
    // Whose account it is makes no difference to a ticket; none is made before it is known to be good.
    let account = Key::generate()?.account();
    let [a, b, c, d, ..] = account.0;
    let name = Name::new(&format!("guest {a} {b} {c} {d}"))?;
    let join = Draft::new(account, Nonce::ZERO).enter(genesis.pool_id(), name, Some(held));
    let body = json!({ "transactions": [ProposalBody::unsigned(account, join.action)] });
    let answer = client.post("/api/v1/transactions?dry_run=true", &body);
    let answer: RehearsalBody = as_view(answer.await?)?;
    let Some(mut refusal) = answer.transactions.iter().find_map(ApiError::refusal) else {
        return Ok(());
    };
    if refusal.is(Reason::TicketExpired) {
        let when = time::timestamp(ticket.expires).map_or_else(String::new, time::local);
        refusal.detail =
            format!("the invitation expired on {when}: ask an organiser for a new link");
    } else if refusal.is(Reason::TicketUsedUp) {
        refusal.detail = format!(
            "the invitation is used up: {} joined with it; ask an organiser for a new link",
            crate::output::count(ticket.uses, "player has", "players have")
        );
    } else if refusal.is(Reason::NotInvitedByOrganiser) {
        refusal.detail = format!(
            "the invitation was signed by {}, who is not an organiser of the pool `{}`: ask one of its organisers \
            for a link",
            held.organiser(),
            genesis.name
        );
    }
    Err(refusal.into())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    use axum::{Json, Router, http::StatusCode, response::IntoResponse as _, routing::post};
    use bolao_ledger::UnixSeconds;
    use bolao_wallet::{HeldTicket, Invite};
    use tokio::net::TcpListener;

    use super::*;

    /// A busy host lets few dry runs in at once.
    #[tokio::test]
    async fn a_busy_node_is_asked_again() {
        let asked = Arc::new(AtomicUsize::new(0));
        let answer = {
            let asked = Arc::clone(&asked);
            async move || {
                match asked.fetch_add(1, Ordering::SeqCst) {
                0 => StatusCode::SERVICE_UNAVAILABLE.into_response(),
                1 => StatusCode::TOO_MANY_REQUESTS.into_response(),
                _ => Json(json!({
                    "tip": { "height": 0, "hash": "00".repeat(32), "time": "2030-01-01T00:00:00Z", "work": "0" },
                    "transactions": [],
                }))
                .into_response(),
            }
            }
        };
        let routes = Router::new().route("/api/v1/transactions", post(answer));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let node = listener.local_addr().unwrap();
        let serving = tokio::spawn(async { axum::serve(listener, routes).await });
        let genesis = Genesis::article();
        let pool = genesis.pool_id();
        let [organiser, key] = [Key::generate().unwrap(), Key::generate().unwrap()];
        let ticket = HeldTicket::issue(&organiser, key, pool, 5, UnixSeconds(9));
        let invite = Invite {
            pool,
            named: None,
            ticket: Some(ticket),
        };
        let entry = Entry::of(&format!("http://{node}/join#{invite}")).await;
        super::ticket(&entry.unwrap(), &genesis).await.unwrap();
        assert_eq!(asked.load(Ordering::SeqCst), 3);
        serving.abort();
    }
}
