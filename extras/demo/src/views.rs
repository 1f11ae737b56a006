//! What the demo shows of the API's answers besides what the commands show.

use bolao_api::body::{
    AnswersBody, BetBody, HistoryBody, MatchBody, ObjectionBody, Page, QuestionBody, StandingsBody,
};
use bolao_client::{Client, escape};
use serde::de::DeserializeOwned;

/// Entries of one page: more than the demo has players or matches.
const PAGE: usize = 500;

async fn page<T: DeserializeOwned>(node: &Client, path: &str) -> anyhow::Result<Vec<T>> {
    let page: Page<T> = node.read(&format!("{path}?limit={PAGE}")).await?;
    Ok(page.items)
}

/// The table; equals in order of their names.
pub(crate) async fn standings(node: &Client) -> anyhow::Result<StandingsBody> {
    let path = format!("/api/v1/standings?limit={PAGE}");
    let mut table: StandingsBody = node.read(&path).await?;
    table
        .items
        .sort_by_cached_key(|row| (row.tally.place, row.player.shown()));
    Ok(table)
}

pub(crate) async fn matches(node: &Client) -> anyhow::Result<Vec<MatchBody>> {
    page(node, "/api/v1/matches").await
}

pub(crate) async fn game(node: &Client, code: &str) -> anyhow::Result<MatchBody> {
    node.read(&format!("/api/v1/matches/{code}")).await
}

pub(crate) async fn question(node: &Client, code: &str) -> anyhow::Result<QuestionBody> {
    node.read(&format!("/api/v1/questions/{code}")).await
}

pub(crate) async fn answers(node: &Client, code: &str) -> anyhow::Result<Vec<AnswersBody>> {
    page(node, &format!("/api/v1/questions/{code}/answers")).await
}

pub(crate) async fn tips(node: &Client, code: &str) -> anyhow::Result<Vec<BetBody>> {
    page(node, &format!("/api/v1/matches/{code}/tips")).await
}

pub(crate) async fn objections(node: &Client, code: &str) -> anyhow::Result<Vec<ObjectionBody>> {
    page(node, &format!("/api/v1/matches/{code}/objections")).await
}

pub(crate) async fn history(node: &Client, player: &str) -> anyhow::Result<Vec<HistoryBody>> {
    page(node, &format!("/api/v1/players/{}/history", escape(player))).await
}
