//! Matches.

use axum::{extract::State, response::Response};
use bolao_ledger::{FoldedCode, MatchNo, Rules, StateView};
use bolao_store::Snapshot;

use super::{
    game::{Game, now},
    page::{self, Page, PageQuery},
    read::tagged_json,
    views::Lookup,
};
use crate::{
    body::MatchBody,
    extract::{InPath, InQuery},
    problem::{Problem, ProblemBody},
    state::Api,
};

/// The matches, in order of their numbers.
#[utoipa::path(get, path = "/api/v1/matches", tag = "pool", params(PageQuery), responses(
    (status = OK, body = Page<MatchBody>),
    (status = NOT_MODIFIED, description = "The client's ETag is current"),
    (status = "default", body = ProblemBody<'static>, content_type = "application/problem+json"),
))]
pub(crate) async fn matches(
    State(api): State<Api>,
    InQuery(query): InQuery<PageQuery>,
) -> Result<Response, Problem> {
    let limit = page::limit(query.limit)?;
    let after: Option<MatchNo> = page::after(query.cursor.as_deref())?;
    let reader = api.backend.reader().clone();
    tagged_json(&api, move |snapshot| {
        let games = Game::all(snapshot, &reader.genesis().rules)?
            .into_iter()
            .filter(|game| after.is_none_or(|after| game.no() > after))
            .take(limit.saturating_add(1))
            .collect();
        let (mut lookup, now) = (Lookup::new(snapshot), now(snapshot)?);
        Page::of(games, limit, Game::no).map(|game| Ok(MatchBody::new(&mut lookup, &game, now)?))
    })
    .await
}

/// One match.
#[utoipa::path(get, path = "/api/v1/matches/{code}", tag = "pool",
    params(("code" = String, Path, description = "The match's code, in any case")),
    responses(
        (status = OK, body = MatchBody),
        (status = NOT_MODIFIED, description = "The client's ETag is current"),
        (status = "default", body = ProblemBody<'static>, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn one_match(
    State(api): State<Api>,
    InPath(code): InPath<String>,
) -> Result<Response, Problem> {
    let reader = api.backend.reader().clone();
    tagged_json(&api, move |snapshot| {
        let game = find_game(snapshot, &reader.genesis().rules, &code)?;
        let mut lookup = Lookup::new(snapshot);
        Ok(MatchBody::new(&mut lookup, &game, now(snapshot)?)?)
    })
    .await
}

pub(super) fn find_match(snapshot: &Snapshot, code: &str) -> Result<MatchNo, Problem> {
    snapshot
        .match_by_code(&FoldedCode::of(code))?
        .ok_or_else(|| no_match(code))
}

/// The match with a code, and its record.
pub(super) fn find_game(snapshot: &Snapshot, rules: &Rules, code: &str) -> Result<Game, Problem> {
    let no = find_match(snapshot, code)?;
    Game::load(snapshot, rules, no)?.ok_or_else(|| no_match(code))
}

pub(super) fn no_match(code: &str) -> Problem {
    let code: String = code.chars().take(40).collect();
    Problem::not_found(format!(
        "this pool has no match {code:?}; /api/v1/matches lists its matches"
    ))
}
