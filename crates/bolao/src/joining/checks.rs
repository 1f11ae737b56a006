//! What can be known before anything is written: whether the invitation still lets anybody in, and the name is free.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use bolao_api::body::{ProposalBody, RehearsalBody};
use bolao_ledger::{AccountId, Genesis, Name, Nonce, Reason};
use bolao_wallet::{Draft, Key};
use serde_json::json;
use tokio::time::timeout;

use super::entry::Entry;
use crate::{
    source::{ApiError, Source, as_view, escape},
    time,
    view::Player,
};

/// How long the node may take to say whether it would let somebody in.
const PATIENCE: Duration = Duration::from_secs(30);

/// The player with a name or an account, if the node knows one.
pub(super) async fn player(source: &Source, who: &str) -> Option<Player> {
    let path = format!("/api/v1/players/{}", escape(who));
    source.read(&path).await.ok()
}

/// Refuses a name that another account has.
pub(super) async fn name(
    source: &Source,
    name: &Name,
    own: Option<AccountId>,
) -> anyhow::Result<()> {
    if let Some(player) = player(source, name.as_str()).await {
        ensure!(
            own == Some(player.account),
            "the name `{name}` is another player's in this pool: choose another name"
        );
    }
    Ok(())
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
    let asked = client.post("/api/v1/transactions?dry_run=true", &body);
    let answer = timeout(PATIENCE, asked).await.ok().with_context(|| {
        format!(
            "the node at {} takes more than {} s to say whether the invitation is good: try again later, or ask for a link to another node",
            client.base(),
            PATIENCE.as_secs()
        )
    })??;
    let answer: RehearsalBody = as_view(answer)?;
    let Some(mut refusal) = answer.transactions.iter().find_map(ApiError::refusal) else {
        return Ok(());
    };
    if refusal.is(Reason::TicketExpired) {
        let when = time::timestamp(ticket.expires).map_or_else(String::new, time::local);
        refusal.detail =
            format!("the invitation expired on {when}: ask an organiser for a new link");
    } else if refusal.is(Reason::TicketUsedUp) {
        refusal.detail = format!(
            "the invitation is used up, {} joined with it: ask an organiser for a new link",
            crate::output::count(ticket.uses, "player has", "players have")
        );
    } else if refusal.is(Reason::NotInvitedByOrganiser) {
        refusal.detail = format!(
            "the invitation was signed by {}, who is no organiser of the pool `{}`: ask one of its organisers for a link",
            held.organiser(),
            genesis.name
        );
    }
    Err(refusal.into())
}
