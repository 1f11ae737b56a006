//! Standings and bets as files, for spreadsheets and scripts.

use std::sync::Arc;

use bolao_answers::{Game, Table};
use bolao_ledger::{AccountId, Bet, Score, UnixSeconds};
use bolao_limits::Slot;
use bolao_rulebook::english;
use bolao_store::{Snapshot, StoreError};
use http::{Extensions, HeaderValue, header};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use super::{
    asked::ask,
    game::clock,
    read::{Reply, body_tag},
    views::Lookup,
};
use crate::{
    body::{BetBody, Earned, StandingBody, moment},
    extract::InQuery,
    problem::Problem,
    ready::LONGEST_FILE,
    state::Api,
    stream::{Answer, Sink, Stop, answer},
};

/// Lines read at once.
const LINES: usize = 256;
/// The mark by which spreadsheets know UTF-8: without it, some show "SÃ£o".
const BOM: &[u8] = "\u{feff}".as_bytes();

/// A query of a table.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct TableQuery {
    /// Only the matches of this stage, as its matches write it.
    stage: Option<String>,
    /// Only the match with this code and those that do not kick off before it, for players who joined
    /// late.
    from: Option<String>,
}

/// The standings as a CSV file, the best first.
#[utoipa::path(get, path = "/api/v1/standings.csv", tag = "pool", params(TableQuery),
    responses((status = OK, body = String, content_type = "text/csv")))]
pub(crate) async fn standings_csv(
    api: Api,
    InQuery(which): InQuery<TableQuery>,
    extensions: Extensions,
) -> Reply {
    let permit = api.exports.take(&extensions)?;
    let (snapshot, table) = open_table(&api, which).await?;
    file(permit, "standings.csv", move |sink| {
        sink.put(BOM)?;
        sink.put(b"place,name,account,points,exact,differences,tendencies,missing,tips,chips\n")?;
        for places in table.places.chunks(LINES) {
            let rows = places
                .iter()
                .map(|place| StandingBody::new(&snapshot, &table, place));
            let rows = rows.collect::<Result<Vec<_>, StoreError>>()?;
            lines(sink, rows.iter().map(standing_line))?;
        }
        Ok(())
    })
    .await
}

fn standing_line(row: &StandingBody) -> impl Serialize {
    let StandingBody {
        player,
        tally,
        chips,
        before: _,
    } = row;
    (
        tally.place,
        text(player.name.as_deref().unwrap_or_default()),
        player.account,
        tally.standing.points,
        tally.standing.exact,
        tally.standing.differences,
        tally.standing.tendencies,
        tally.missing,
        tally.standing.bets,
        *chips,
    )
}

/// The standings as one JSON array, the best first.
#[utoipa::path(get, path = "/api/v1/standings.json", tag = "pool", params(TableQuery),
    responses((status = OK, body = Vec<StandingBody>)))]
pub(crate) async fn standings_json(
    api: Api,
    InQuery(which): InQuery<TableQuery>,
    extensions: Extensions,
) -> Reply {
    let permit = api.exports.take(&extensions)?;
    let (snapshot, table) = open_table(&api, which).await?;
    file(permit, "standings.json", move |sink| {
        sink.list(|list| {
            let mut places = table.places.iter();
            places.try_for_each(|place| list.item(&StandingBody::new(&snapshot, &table, place)?))
        })
    })
    .await
}

async fn open_table(api: &Api, which: TableQuery) -> Result<(Snapshot, Arc<Table>), Problem> {
    let adding = match which.from {
        Some(_) => Some(Arc::clone(&api.adding).acquire_owned().await),
        None => None,
    };
    let adding = adding.transpose().map_err(|_| Problem::busy())?;
    let shared = api.clone();
    api.read(move |_| {
        let snapshot = shared.backend.reader().snapshot()?;
        let (stage, from) = (which.stage.as_deref(), which.from.as_deref());
        let table = ask(&shared, &snapshot, clock(), &[], |it| {
            it.table_of(stage, from)
        })?;
        drop(adding);
        Ok((snapshot, table))
    })
    .await
}

/// Every standing bet as a CSV file, in order of matches, then of accounts. The goals of a sealed
/// one are empty.
#[utoipa::path(get, path = "/api/v1/tips.csv", tag = "pool",
    responses((status = OK, body = String, content_type = "text/csv")))]
pub(crate) async fn tips_csv(api: Api, extensions: Extensions) -> Reply {
    let permit = api.exports.take(&extensions)?;
    file(permit, "tips.csv", move |sink| {
        sink.put(BOM)?;
        sink.put(
            b"no,match,stage,home,away,kickoff,name,account,tip_home,tip_away,sealed,stake,placed,",
        )?;
        sink.put(b"result_home,result_away,points,tier,modifiers\n")?;
        each_match(&api, |lookup, game, bets| {
            let rows = bets.iter().map(|(id, bet)| {
                let name = lookup.player(id)?.name.unwrap_or_default();
                bet_line(&api, lookup, game, id, &name, bet)
            });
            let rows = rows.collect::<Result<Vec<_>, StoreError>>()?;
            lines(sink, rows.into_iter())
        })
    })
    .await
}

fn bet_line(
    api: &Api,
    lookup: &Lookup<'_>,
    game: &Game,
    id: &AccountId,
    name: &str,
    bet: &Bet,
) -> Result<impl Serialize + use<>, StoreError> {
    let fixture = &game.entry.fixture;
    let goals = |score: Option<Score>| (score.map(Score::home), score.map(Score::away));
    let time = |at: UnixSeconds| moment(at).to_string();
    let teams = [&fixture.home, &fixture.away].map(|team| text(team.name.as_str()));
    let earned = Earned::new(lookup.chain(), api.rules(), game, id, bet)?;
    let modifiers: Vec<String> = earned.modifiers.iter().map(english).collect();
    let sealed = bet.prediction().is_none();
    Ok((
        (fixture.no, text(fixture.code.as_str())),
        (text(fixture.stage.as_str()), teams),
        (fixture.kickoff.map(time), text(name), *id),
        (goals(bet.score()), sealed, bet.stake, time(bet.time)),
        goals(game.score),
        earned.points,
        earned.tier,
        text(&modifiers.join(", ")),
    ))
}

/// Every standing bet as one JSON array, in order of matches, then of accounts.
#[utoipa::path(get, path = "/api/v1/tips.json", tag = "pool", responses((status = OK, body = Vec<BetBody>)))]
pub(crate) async fn tips_json(api: Api, extensions: Extensions) -> Reply {
    let permit = api.exports.take(&extensions)?;
    file(permit, "tips.json", move |sink| {
        sink.list(|list| {
            each_match(&api, |lookup, game, bets| {
                let mut bets = bets.iter();
                bets.try_for_each(|(id, bet)| {
                    list.item(&BetBody::new(lookup, api.rules(), game, id, bet)?)
                })
            })
        })
    })
    .await
}

/// Passes on the bets of every match, at most [`LINES`] at once.
fn each_match(
    api: &Api,
    mut each: impl FnMut(&mut Lookup<'_>, &Game, &[(AccountId, Bet)]) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let snapshot = api.backend.reader().snapshot()?;
    let mut lookup = Lookup::new(&snapshot);
    for game in Game::all(&snapshot, api.rules())? {
        let mut after = None;
        loop {
            let bets = snapshot.bets_of_match(game.no(), after, LINES)?;
            each(&mut lookup, &game, &bets)?;
            match bets.last() {
                Some((id, _)) if bets.len() == LINES => after = Some(*id),
                _ => break,
            }
        }
    }
    Ok(())
}

fn lines(sink: &mut Sink, rows: impl Iterator<Item = impl Serialize>) -> Result<(), Stop> {
    let mut writer = csv::WriterBuilder::new();
    let mut writer = writer.has_headers(false).from_writer(Vec::new());
    for row in rows {
        writer.serialize(row)?;
    }
    let bytes = writer.into_inner();
    sink.put(&bytes.map_err(|error| csv::Error::from(error.into_error()))?)
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
) -> Reply {
    let answer = answer(permit, LONGEST_FILE, write).await?;
    let tag = match &answer {
        Answer::Whole(bytes) => Some(body_tag(bytes)),
        Answer::Stream(_) => None,
    };
    let mut response = answer.into_response();
    let headers = response.headers_mut();
    if let Some(Ok(tag)) = tag.map(|tag| HeaderValue::from_str(&tag)) {
        headers.insert(header::ETAG, tag);
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    }
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
