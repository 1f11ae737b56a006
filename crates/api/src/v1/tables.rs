//! Standings and tips as files, for spreadsheets and scripts.

use std::collections::HashMap;

use axum::{extract::State, response::Response};
use bolao_ledger::{AccountId, Bet, Score, StateView, Tier};
use bolao_limits::Slot;
use bolao_store::{Reader, Snapshot, StoreError};
use http::{Extensions, HeaderValue, header};

use super::{
    game::Game,
    standings::{TableQuery, may_add, row, table},
    views::Lookup,
};
use crate::{
    body::{BetBody, Moment, StandingBody},
    extract::InQuery,
    problem::{Problem, ProblemBody},
    ranking::Table,
    state::Api,
    stream::{Sink, Stop, answer},
};

/// Lines read at once.
const LINES: usize = 256;
/// Names kept while one file is written; beyond that it starts anew.
const NAMES_KEPT: usize = 16_384;

/// The standings as a CSV file, the best first.
#[utoipa::path(get, path = "/api/v1/standings.csv", tag = "pool", params(TableQuery), responses(
    (status = OK, body = String, content_type = "text/csv"),
    (status = "default", body = ProblemBody<'static>, content_type = "application/problem+json"),
))]
pub(crate) async fn standings_csv(
    State(api): State<Api>,
    InQuery(which): InQuery<TableQuery>,
    extensions: Extensions,
) -> Result<Response, Problem> {
    let permit = api.exports.take(&extensions)?;
    let (snapshot, table) = open_table(&api, which).await?;
    file(permit, "standings.csv", move |sink| {
        lines(
            sink,
            &[[
                "place",
                "name",
                "account",
                "points",
                "exact",
                "differences",
                "tendencies",
                "missing",
                "tips",
                "chips",
            ]
            .map(str::to_owned)],
        )?;
        for places in table.places.chunks(LINES) {
            let rows = places
                .iter()
                .map(|place| Ok(standing_line(row(&snapshot, &table, place)?)))
                .collect::<Result<Vec<_>, StoreError>>()?;
            lines(sink, &rows)?;
        }
        Ok(())
    })
    .await
}

fn standing_line(row: StandingBody) -> [String; 10] {
    let tally = row.tally;
    [
        tally.place.to_string(),
        text(&row.player.name.unwrap_or_default()),
        row.player.account.to_string(),
        tally.points.to_string(),
        tally.exact.to_string(),
        tally.differences.to_string(),
        tally.tendencies.to_string(),
        tally.missing.to_string(),
        tally.tips.to_string(),
        row.chips.to_string(),
    ]
}

/// The standings as one JSON array, the best first.
#[utoipa::path(get, path = "/api/v1/standings.json", tag = "pool", params(TableQuery), responses(
    (status = OK, body = Vec<StandingBody>),
    (status = "default", body = ProblemBody<'static>, content_type = "application/problem+json"),
))]
pub(crate) async fn standings_json(
    State(api): State<Api>,
    InQuery(which): InQuery<TableQuery>,
    extensions: Extensions,
) -> Result<Response, Problem> {
    let permit = api.exports.take(&extensions)?;
    let (snapshot, table) = open_table(&api, which).await?;
    file(permit, "standings.json", move |sink| {
        let mut before = b"[";
        for place in &table.places {
            sink.put(before)?;
            sink.json(&row(&snapshot, &table, place)?)?;
            before = b",";
        }
        sink.put(if table.places.is_empty() { b"[]" } else { b"]" })
    })
    .await
}

async fn open_table(
    api: &Api,
    which: TableQuery,
) -> Result<(Snapshot, std::sync::Arc<Table>), Problem> {
    let adding = may_add(api, &which).await?;
    let shared = api.clone();
    api.read(move |_| {
        let snapshot = shared.backend.reader().snapshot()?;
        let table = table(&shared, &snapshot, &which)?;
        drop(adding);
        Ok((snapshot, table))
    })
    .await
}

/// Every standing tip as a CSV file, in order of matches, then of accounts. The goals of a sealed
/// one are empty.
#[utoipa::path(get, path = "/api/v1/tips.csv", tag = "pool", responses(
    (status = OK, body = String, content_type = "text/csv"),
    (status = "default", body = ProblemBody<'static>, content_type = "application/problem+json"),
))]
pub(crate) async fn tips_csv(
    State(api): State<Api>,
    extensions: Extensions,
) -> Result<Response, Problem> {
    let permit = api.exports.take(&extensions)?;
    let reader = api.backend.reader().clone();
    file(permit, "tips.csv", move |sink| {
        lines(
            sink,
            &[[
                "no",
                "match",
                "stage",
                "home",
                "away",
                "kickoff",
                "name",
                "account",
                "tip_home",
                "tip_away",
                "sealed",
                "stake",
                "placed",
                "result_home",
                "result_away",
                "points",
                "tier",
            ]
            .map(str::to_owned)],
        )?;
        let mut names: HashMap<AccountId, String> = HashMap::new();
        each_match(&reader, |snapshot, game, bets| {
            let rows = bets
                .iter()
                .map(|(id, bet)| {
                    let name = name(snapshot, &mut names, id)?;
                    Ok(tip_line(&reader, game, id, name, bet))
                })
                .collect::<Result<Vec<_>, StoreError>>()?;
            lines(sink, &rows)
        })
    })
    .await
}

fn name(
    snapshot: &Snapshot,
    names: &mut HashMap<AccountId, String>,
    id: &AccountId,
) -> Result<String, StoreError> {
    if let Some(name) = names.get(id) {
        return Ok(name.clone());
    }
    let account = snapshot.account(id)?;
    let name = account.map_or_else(String::new, |account| account.name.as_str().to_owned());
    if names.len() >= NAMES_KEPT {
        names.clear();
    }
    names.insert(*id, name.clone());
    Ok(name)
}

fn tip_line(reader: &Reader, game: &Game, id: &AccountId, name: String, bet: &Bet) -> [String; 17] {
    let fixture = &game.entry.fixture;
    let home = |score: Option<Score>| score.map_or_else(String::new, |s| s.home().to_string());
    let away = |score: Option<Score>| score.map_or_else(String::new, |s| s.away().to_string());
    let earned = game.points(&reader.genesis().rules, bet);
    [
        fixture.no.to_string(),
        text(fixture.code.as_str()),
        text(fixture.stage.as_str()),
        text(fixture.home.name.as_str()),
        text(fixture.away.name.as_str()),
        fixture
            .kickoff
            .map_or_else(String::new, |at| Moment::from(at).to_string()),
        text(&name),
        id.to_string(),
        home(bet.score()),
        away(bet.score()),
        bet.score().is_none().to_string(),
        bet.stake.to_string(),
        Moment::from(bet.time).to_string(),
        home(game.score),
        away(game.score),
        earned.map_or_else(String::new, |(points, _)| points.to_string()),
        earned.map_or("", |(_, tier)| tier_name(tier)).to_owned(),
    ]
}

const fn tier_name(tier: Tier) -> &'static str {
    match tier {
        Tier::Exact => "exact",
        Tier::Difference => "difference",
        Tier::Tendency => "tendency",
        Tier::OneTeam => "one_team",
        Tier::None => "none",
    }
}

/// Every standing tip as one JSON array, in order of matches, then of accounts.
#[utoipa::path(get, path = "/api/v1/tips.json", tag = "pool", responses(
    (status = OK, body = Vec<BetBody>),
    (status = "default", body = ProblemBody<'static>, content_type = "application/problem+json"),
))]
pub(crate) async fn tips_json(
    State(api): State<Api>,
    extensions: Extensions,
) -> Result<Response, Problem> {
    let permit = api.exports.take(&extensions)?;
    let reader = api.backend.reader().clone();
    file(permit, "tips.json", move |sink| {
        sink.put(b"[")?;
        let mut begun = false;
        each_match(&reader, |snapshot, game, bets| {
            let mut lookup = Lookup::new(snapshot);
            for (id, bet) in bets {
                if std::mem::replace(&mut begun, true) {
                    sink.put(b",")?;
                }
                let rules = &reader.genesis().rules;
                sink.json(&BetBody::new(&mut lookup, rules, game, id, bet)?)?;
            }
            Ok(())
        })?;
        sink.put(b"]")
    })
    .await
}

/// Hands on the bets of every match, at most [`LINES`] at once.
fn each_match(
    reader: &Reader,
    mut each: impl FnMut(&Snapshot, &Game, &[(AccountId, Bet)]) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let snapshot = reader.snapshot()?;
    for game in Game::all(&snapshot, &reader.genesis().rules)? {
        let mut after = None;
        loop {
            let bets = snapshot.bets_of_match(game.no(), after, LINES)?;
            each(&snapshot, &game, &bets)?;
            match bets.last() {
                Some((id, _)) if bets.len() == LINES => after = Some(*id),
                _ => break,
            }
        }
    }
    Ok(())
}

fn lines<const N: usize>(sink: &mut Sink, rows: &[[String; N]]) -> Result<(), Stop> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.write_record(row)?;
    }
    let bytes = writer
        .into_inner()
        .map_err(|error| csv::Error::from(error.into_error()))?;
    sink.put(&bytes)
}

/// A text that no spreadsheet takes for a formula: a quotation mark before what could begin one.
fn text(text: &str) -> String {
    const BEGINS: &[char] = &['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r', '\n'];
    if text.trim_start().starts_with(BEGINS) || text.starts_with(BEGINS) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

async fn file(
    permit: Slot,
    name: &'static str,
    write: impl FnOnce(&mut Sink) -> Result<(), Stop> + Send + 'static,
) -> Result<Response, Problem> {
    let answer = answer(permit, LINES, write).await?;
    let mut response = answer.into_response();
    let headers = response.headers_mut();
    let kind = match name.rsplit_once('.') {
        Some((_, "csv")) => "text/csv; charset=utf-8",
        _ => "application/json",
    };
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    let place = format!("attachment; filename=\"bolao-{name}\"");
    if let Ok(place) = HeaderValue::from_str(&place) {
        headers.insert(header::CONTENT_DISPOSITION, place);
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_player_writes_is_a_formula() {
        for bad in ["=1+1", "+1", "-1", "@SUM(A1)", "＝1", "\t=1", " =1"] {
            assert_eq!(text(bad), format!("'{bad}"));
        }
        for good in ["Ana", "'Ana", "1-1", "a=b", ""] {
            assert_eq!(text(good), good);
        }
    }
}
