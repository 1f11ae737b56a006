//! What became of a match: every record, and what players object to.

use axum::{extract::State, response::Response};
use bolao_ledger::{
    AccountId, StateView,
    table::{Objections, ResultVersions},
};

use super::{
    matches::{find_game, find_match},
    page::{self, Page, PageQuery},
    read::chain_json,
    views::Lookup,
};
use crate::{
    body::{ObjectionBody, VersionBody, moment},
    extract::{InPath, InQuery},
    problem::{Problem, ProblemBody},
    state::Api,
};

/// Every record that a match ever had, the first one first.
#[utoipa::path(get, path = "/api/v1/matches/{code}/results", tag = "pool",
    operation_id = "match_results",
    params(("code" = String, Path, description = "The match's code, in any case"), PageQuery),
    responses(
        (status = OK, body = Page<VersionBody>),
        (status = NOT_MODIFIED, description = "The client's ETag is current"),
        (status = "default", body = ProblemBody<'static>, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn results(
    State(api): State<Api>,
    InPath(code): InPath<String>,
    InQuery(query): InQuery<PageQuery>,
) -> Result<Response, Problem> {
    let limit = page::limit(query.limit)?;
    let after: Option<u32> = page::after(query.cursor.as_deref())?;
    let reader = api.backend.reader().clone();
    chain_json(&api, move |snapshot| {
        let rules = &reader.genesis().rules;
        let game = find_game(snapshot, rules, &code)?;
        let current = game.result.as_ref().map(|result| result.version);
        let after = after.map(|version| (game.no(), version));
        let versions =
            snapshot.scan::<ResultVersions>(&game.no(), after.as_ref(), limit.saturating_add(1))?;
        let mut lookup = Lookup::new(snapshot);
        Page::of(versions, limit, |((_, version), _)| *version).map(|((_, version), record)| {
            Ok(VersionBody {
                version,
                current: current == Some(version),
                score: record
                    .outcome
                    .counting_score(game.base, rules.awarded_counts),
                outcome: record.outcome,
                signers: lookup.players(&record.signers)?,
                height: record.height.0,
                time: moment(record.time),
            })
        })
    })
    .await
}

/// The objections to a match's records, in order of the records, then of the accounts.
#[utoipa::path(get, path = "/api/v1/matches/{code}/objections", tag = "pool",
    operation_id = "match_objections",
    params(("code" = String, Path, description = "The match's code, in any case"), PageQuery),
    responses(
        (status = OK, body = Page<ObjectionBody>),
        (status = NOT_MODIFIED, description = "The client's ETag is current"),
        (status = "default", body = ProblemBody<'static>, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn objections(
    State(api): State<Api>,
    InPath(code): InPath<String>,
    InQuery(query): InQuery<PageQuery>,
) -> Result<Response, Problem> {
    let limit = page::limit(query.limit)?;
    let after: Option<(u32, AccountId)> = page::after(query.cursor.as_deref())?;
    chain_json(&api, move |snapshot| {
        let no = find_match(snapshot, &code)?;
        let after = after.map(|(version, id)| (no, version, id));
        let found = snapshot.scan::<Objections>(&no, after.as_ref(), limit.saturating_add(1))?;
        let mut lookup = Lookup::new(snapshot);
        Page::of(found, limit, |((_, version, id), _)| (*version, *id)).map(
            |((_, version, id), objection)| {
                Ok(ObjectionBody {
                    player: lookup.player(&id)?,
                    version,
                    text: objection.text.to_string(),
                    height: objection.height.0,
                    time: moment(objection.time),
                })
            },
        )
    })
    .await
}
