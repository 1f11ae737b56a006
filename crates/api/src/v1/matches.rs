//! Matches and the bets on them.

use std::collections::{BTreeMap, btree_map::Entry};

use axum::{extract::State, response::Response};
use bolao_ledger::{AccountId, Bet, FoldedCode, MatchNo, Rules, StateView};
use bolao_store::Snapshot;
use http::HeaderMap;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    game::{Game, now},
    page::{self, Page, PageQuery},
    players::find_player,
    read::{chain_json, tagged_json},
    views::Lookup,
};
use crate::{
    body::{BetBody, MatchBody},
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
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let limit = page::limit(query.limit)?;
    let after: Option<MatchNo> = page::after(query.cursor.as_deref())?;
    let reader = api.backend.reader().clone();
    tagged_json(&api, &headers, move |snapshot| {
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
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let reader = api.backend.reader().clone();
    tagged_json(&api, &headers, move |snapshot| {
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

/// Which bets, and which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct BetsQuery {
    /// Only those on the match with this code.
    r#match: Option<String>,
    /// Only those of this player: a name or an account.
    player: Option<String>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
    /// Entries wanted, 1 to 500; 50 if absent.
    limit: Option<u16>,
}

/// A bet's place in every list.
pub(super) type BetKey = (MatchNo, AccountId);

/// The standing bets, in order of matches, then of accounts.
#[utoipa::path(get, path = "/api/v1/bets", tag = "pool", params(BetsQuery), responses(
    (status = OK, body = Page<BetBody>),
    (status = NOT_MODIFIED, description = "The client's ETag is current"),
    (status = "default", body = ProblemBody<'static>, content_type = "application/problem+json"),
))]
pub(crate) async fn bets(
    State(api): State<Api>,
    InQuery(query): InQuery<BetsQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let limit = page::limit(query.limit)?;
    let after: Option<BetKey> = page::after(query.cursor.as_deref())?;
    let reader = api.backend.reader().clone();
    chain_json(&api, &headers, move |snapshot| {
        let game = query.r#match.as_deref();
        let game = game.map(|code| find_match(snapshot, code)).transpose()?;
        let player = query.player.as_deref();
        let player = player.map(|who| find_player(snapshot, who)).transpose()?;
        let wanted = limit.saturating_add(1);
        let found: Vec<(BetKey, Bet)> = match (game, player) {
            (Some(no), Some((account, _))) => {
                let key = (no, account);
                let bet = snapshot.bet(no, &account)?;
                let ahead = after.is_none_or(|after| key > after);
                bet.filter(|_| ahead)
                    .map(|bet| (key, bet))
                    .into_iter()
                    .collect()
            }
            (None, Some((account, _))) => snapshot
                .bets_of_account(&account, after.map(|(no, _)| no), wanted)?
                .into_iter()
                .map(|(no, bet)| ((no, account), bet))
                .collect(),
            (game, None) => bets_by_match(snapshot, game, after, wanted)?,
        };
        bet_page(snapshot, &reader.genesis().rules, found, limit)
    })
    .await
}

/// A page of bets, of which one more than `limit` was read.
pub(super) fn bet_page(
    snapshot: &Snapshot,
    rules: &Rules,
    found: Vec<(BetKey, Bet)>,
    limit: usize,
) -> Result<Page<BetBody>, Problem> {
    let mut lookup = Lookup::new(snapshot);
    let mut games: BTreeMap<MatchNo, Game> = BTreeMap::new();
    Page::of(found, limit, |(key, _)| *key).map(|((no, account), bet)| {
        let game = match games.entry(no) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new
                .insert(Game::load(snapshot, rules, no)?.ok_or_else(|| no_match(&no.to_string()))?),
        };
        Ok(BetBody::new(&mut lookup, rules, game, &account, &bet)?)
    })
}

fn bets_by_match(
    snapshot: &Snapshot,
    only: Option<MatchNo>,
    after: Option<BetKey>,
    wanted: usize,
) -> Result<Vec<(BetKey, Bet)>, Problem> {
    let numbers: Vec<MatchNo> = if let Some(no) = only {
        vec![no]
    } else {
        let games = snapshot.matches()?;
        games
            .iter()
            .filter(|game| game.bets > 0)
            .map(|game| game.fixture.no)
            .collect()
    };
    let mut found = Vec::new();
    for no in numbers {
        let from = match after {
            Some((last, _)) if last > no => continue,
            Some((last, account)) if last == no => Some(account),
            _ => None,
        };
        let room = wanted.saturating_sub(found.len());
        if room == 0 {
            break;
        }
        let bets = snapshot.bets_of_match(no, from, room)?;
        found.extend(bets.into_iter().map(|(account, bet)| ((no, account), bet)));
    }
    Ok(found)
}
