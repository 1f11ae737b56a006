//! What can be known before anything is written: whether the invitation still lets anybody in, and the name is free.

use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use bolao_api::body::{Page, TicketBody};
use bolao_ledger::{AccountId, Genesis, Membership, Name};
use tokio::time::timeout;

use super::entry::Entry;
use crate::{
    source::{Client, escape},
    time,
    view::Player,
};

/// The most pages of used tickets that are looked through, of the most entries that a page has.
const MAX_PAGES: usize = 40;
/// How long all of them may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// The player with a name or an account, if the node knows one.
pub(super) async fn player(client: &Client, who: &str) -> Option<Player> {
    let path = format!("/api/v1/players/{}", escape(who));
    client.read(&path).await.ok()
}

/// Refuses a name that another account has.
pub(super) async fn name(entry: &Entry, name: &Name, own: Option<AccountId>) -> anyhow::Result<()> {
    if let Some(client) = entry.client()
        && let Some(player) = player(client, name.as_str()).await
    {
        ensure!(
            own == Some(player.account),
            "the name `{name}` is another player's in this pool: choose another with --name"
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
    if !genesis.organisers.contains(&held.organiser()) {
        bail!(
            "the invitation was signed by {}, who is no organiser of the pool `{}`: ask one of its organisers for a link",
            held.organiser(),
            genesis.name
        );
    }
    if genesis.membership == Membership::Open {
        return Ok(());
    }
    if ticket.expires <= time::now() {
        let when = time::timestamp(ticket.expires).map_or_else(String::new, time::local);
        bail!("the invitation expired on {when}: ask an organiser for a new link");
    }
    let used = timeout(PATIENCE, used(client, ticket.key))
        .await
        .ok()
        .with_context(|| {
            format!(
                "the node at {} takes more than {} s to say who joined with the invitation: try again later, or ask for a link to another node",
                client.base(),
                PATIENCE.as_secs()
            )
        })??;
    if used >= ticket.uses {
        bail!(
            "the invitation is used up, {} joined with it: ask an organiser for a new link",
            crate::output::count(ticket.uses, "player has", "players have")
        );
    }
    Ok(())
}

/// How often a ticket was used, by the friend's chain.
async fn used(client: &Client, key: AccountId) -> anyhow::Result<u32> {
    let mut path = "/api/v1/invitations?limit=500".to_owned();
    for _ in 0..MAX_PAGES {
        let page: Page<TicketBody> = client.read(&path).await?;
        if let Some(found) = page.items.iter().find(|used| used.ticket == key) {
            return Ok(found.used);
        }
        match page.next_cursor {
            Some(cursor) => {
                path = format!("/api/v1/invitations?limit=500&cursor={}", escape(&cursor));
            }
            None => break,
        }
    }
    Ok(0)
}
