//! Matches.

use bolao_answers::Game;
use bolao_ledger::{FoldedCode, MatchNo, Rules, StateView};
use bolao_store::Snapshot;

use super::{
    game::now,
    page::{Page, PageQuery, Paging},
    read::{Reply, tagged_json},
    views::Lookup,
};
use crate::{body::MatchBody, extract::InPath, problem::Problem, state::Api};

/// The matches, in order of their numbers.
#[utoipa::path(get, path = "/api/v1/matches", tag = "pool", params(PageQuery),
    responses((status = OK, body = Page<MatchBody>)))]
pub(crate) async fn matches(api: Api, page: Paging<MatchNo>) -> Reply {
    tagged_json(&api, move |api, snapshot| {
        let games = Game::all(snapshot, api.rules())?
            .into_iter()
            .filter(|game| page.after.is_none_or(|after| game.no() > after))
            .take(page.wanted())
            .collect();
        let (mut lookup, now) = (Lookup::new(snapshot), now(snapshot)?);
        page.page(games, Game::no)
            .map(|game| Ok(MatchBody::new(&mut lookup, &game, now)?))
    })
    .await
}

/// One match.
#[utoipa::path(get, path = "/api/v1/matches/{code}", tag = "pool",
    params(("code" = String, Path, description = "The match's code, in any case")),
    responses((status = OK, body = MatchBody)))]
pub(crate) async fn one_match(api: Api, InPath(code): InPath<String>) -> Reply {
    tagged_json(&api, move |api, snapshot| {
        let game = find_game(snapshot, api.rules(), &code)?;
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
