//! Standings: of the pool, of a stage, from a match on.

use std::sync::Arc;

use bolao_answers::{Game, Scope, Table};
use bolao_ledger::{Rules, StateView, Text, table::RoundScored};
use bolao_store::{Snapshot, StoreError};
use serde::Deserialize;
use tokio::sync::OwnedSemaphorePermit;
use utoipa::IntoParams;

use super::{
    matches::find_game,
    page::{self, Paging},
    read::{Reply, tagged_json},
};
use crate::{
    body::{BasisBody, StandingBody, StandingsBody},
    extract::InQuery,
    problem::Problem,
    state::Api,
};

/// A query of a table.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct TableQuery {
    /// Only the matches of this stage, as its matches write it.
    pub(crate) stage: Option<String>,
    /// Only the match with this code and those that do not kick off before it, for whoever joined
    /// late.
    pub(crate) from: Option<String>,
}

/// A query of a table, and of a page of it.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct StandingsQuery {
    /// Only the matches of this stage, as its matches write it.
    stage: Option<String>,
    /// Only the match with this code and those that do not kick off before it, for whoever joined
    /// late.
    from: Option<String>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
    /// Entries wanted, 1 to 500; 50 if absent.
    limit: Option<u16>,
}

/// The standings: of the whole pool, of a stage, or from a match on.
#[utoipa::path(get, path = "/api/v1/standings", tag = "pool", params(StandingsQuery),
    responses((status = OK, body = StandingsBody)))]
pub(crate) async fn standings(api: Api, InQuery(query): InQuery<StandingsQuery>) -> Reply {
    let page = Paging::<u64>::of(query.limit, query.cursor.as_deref())?;
    let which = TableQuery {
        stage: query.stage,
        from: query.from,
    };
    let adding = may_add(&api, &which).await?;
    tagged_json(&api, move |api, snapshot| {
        let table = table(api, snapshot, &which)?;
        drop(adding);
        let first = next_index(page.after);
        let places = table.places.get(first..).unwrap_or_default();
        let items: Vec<StandingBody> = places
            .iter()
            .take(page.limit)
            .map(|place| StandingBody::new(snapshot, &table, place))
            .collect::<Result<_, StoreError>>()?;
        Ok(StandingsBody {
            basis: BasisBody::new(&snapshot.tip()?.hash, &table),
            next_cursor: (places.len() > items.len())
                .then(|| index_cursor(first.saturating_add(items.len()))),
            items,
        })
    })
    .await
}

/// The index at which a page begins whose cursor stands after an index.
pub(crate) fn next_index(after: Option<u64>) -> usize {
    after.map_or(0, |after| {
        usize::try_from(after).map_or(usize::MAX, |after| after.saturating_add(1))
    })
}

/// The cursor of the page that begins at an index.
pub(crate) fn index_cursor(next: usize) -> String {
    let last = next.saturating_sub(1);
    page::cursor(&u64::try_from(last).unwrap_or(u64::MAX))
}

/// Waits for the right to add up the bets on many matches, where that is what was asked for.
pub(crate) async fn may_add(
    api: &Api,
    which: &TableQuery,
) -> Result<Option<OwnedSemaphorePermit>, Problem> {
    if which.from.is_none() {
        return Ok(None);
    }
    let adding = Arc::clone(&api.adding).acquire_owned().await;
    adding.map(Some).map_err(|_| Problem::busy())
}

/// The table that was asked for.
pub(crate) fn table(
    api: &Api,
    snapshot: &Snapshot,
    which: &TableQuery,
) -> Result<Arc<Table>, Problem> {
    let rules = &api.backend.reader().genesis().rules;
    let scope = match (&which.stage, &which.from) {
        (None, None) => Scope::Pool,
        (Some(stage), None) => Scope::Stage(find_stage(snapshot, rules, stage)?),
        (None, Some(code)) => {
            let game = find_game(snapshot, rules, code)?;
            let start = game.entry.fixture.kickoff.ok_or_else(|| {
                Problem::bad_request(format!(
                    "`from`: the match {} has no kick-off yet",
                    game.entry.fixture.code
                ))
            })?;
            Scope::From(start)
        }
        (Some(_), Some(_)) => {
            return Err(Problem::bad_request(
                "got `stage` and `from`, wanted at most one of them",
            ));
        }
    };
    Ok(api.tables.get(snapshot, rules, scope)?)
}

/// The stage that a person named, in any case.
pub(crate) fn find_stage(
    snapshot: &Snapshot,
    rules: &Rules,
    wanted: &str,
) -> Result<Text<64>, Problem> {
    if let Ok(stage) = Text::new(wanted)
        && snapshot.get::<RoundScored>(&stage)?.is_some()
    {
        return Ok(stage);
    }
    let stages: Vec<Text<64>> = Game::all(snapshot, rules)?
        .into_iter()
        .map(|game| game.entry.fixture.stage)
        .collect();
    let exact = stages.iter().find(|stage| stage.as_str() == wanted);
    let folded = wanted.to_lowercase();
    exact
        .or_else(|| {
            stages
                .iter()
                .find(|stage| stage.as_str().to_lowercase() == folded)
        })
        .cloned()
        .ok_or_else(|| {
            let wanted: String = wanted.chars().take(64).collect();
            Problem::not_found(format!(
                "this pool has no stage {wanted:?}; /api/v1/rounds lists its stages"
            ))
        })
}
