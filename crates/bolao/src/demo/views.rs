//! What the demo shows of the API's answers besides what the commands show.

use serde::{Deserialize, de::DeserializeOwned};

use crate::{
    source::{Client, as_view, escape},
    view::{Bet, Change, Match, Objection, Standings},
};

/// Entries of one page: more than the demo has players or matches.
const PAGE: usize = 500;

#[derive(Debug, Deserialize)]
struct Page<T> {
    items: Vec<T>,
}

async fn page<T: DeserializeOwned>(node: &Client, path: &str) -> anyhow::Result<Vec<T>> {
    let page: Page<T> = as_view(node.get(&format!("{path}?limit={PAGE}")).await?)?;
    Ok(page.items)
}

/// The table; equals in order of their names.
pub(super) async fn standings(node: &Client) -> anyhow::Result<Standings> {
    let mut table: Standings =
        as_view(node.get(&format!("/api/v1/standings?limit={PAGE}")).await?)?;
    table
        .items
        .sort_by_cached_key(|row| (row.tally.place, row.player.shown()));
    Ok(table)
}

pub(super) async fn matches(node: &Client) -> anyhow::Result<Vec<Match>> {
    page(node, "/api/v1/matches").await
}

pub(super) async fn game(node: &Client, code: &str) -> anyhow::Result<Match> {
    as_view(node.get(&format!("/api/v1/matches/{code}")).await?)
}

pub(super) async fn tips(node: &Client, code: &str) -> anyhow::Result<Vec<Bet>> {
    page(node, &format!("/api/v1/matches/{code}/tips")).await
}

pub(super) async fn objections(node: &Client, code: &str) -> anyhow::Result<Vec<Objection>> {
    page(node, &format!("/api/v1/matches/{code}/objections")).await
}

pub(super) async fn history(node: &Client, player: &str) -> anyhow::Result<Vec<Change>> {
    page(node, &format!("/api/v1/players/{}/history", escape(player))).await
}
