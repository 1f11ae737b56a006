//! What a node answered against what its own chain makes: the first difference, in one sentence.

mod live;
mod rows;

use bolao_answers::{Game, Scope, Table, round};
use bolao_ledger::{AccountId, Bet, MatchNo, Place, Text, UnixSeconds, json::from_value};
use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    check::unreadable,
    object::{object, put},
    own::{View, all, without},
    question::Asked,
    refusal::Refusal,
};
use rows::{Row, list};

/// A difference of an answer from the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Difference {
    /// A stable word: the field's name, or `left-out`, `unknown`, `order`.
    what: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    player: Option<String>,
    #[serde(rename = "match", skip_serializing_if = "Option::is_none")]
    game: Option<String>,
    /// The node's value, and the chain's.
    node: String,
    own: String,
    sentence: String,
}

/// Compares the `body` of what was answered to the route `of`. Of a list it has the rows `after` so many of the pages before; `now`
/// is what the time is at the latest: a match that takes bets after it is not closed.
#[allow(clippy::too_many_lines, reason = "some lines for each route")]
pub(crate) fn compare(view: View<'_>, asked: &mut Asked) -> Result<Value, Refusal> {
    let body = &asked.value("body");
    let mut route = Asked::of(asked.value("of"), "bad-question");
    let after = route.take::<Option<usize>>("after")?.unwrap_or_default();
    let now: Option<UnixSeconds> = route.take("now")?;
    let no: Option<MatchNo> = route.take("match_no")?;
    let the_no = || no.ok_or_else(|| Refusal::new("bad-question", "the route names no match"));
    let difference = match route.name.as_str() {
        "standings" => {
            let stage: Option<Text<64>> = route.take("stage")?;
            let scope = match no {
                None => stage.map_or(Scope::Pool, Scope::Stage),
                Some(no) => from_match(view, no)?,
            };
            standings(view, &scope, route.take("account")?, after, body)?
        }
        "match" => one_match(view, route.take("code")?, now, body)?,
        "matches" => list(&match_rows(view, &view.games()?, now)?, after, body)?,
        "rounds" => list(&named("the round", "/stage", view.rounds()?), after, body)?,
        "players" => list(&players(view.players()?), after, body)?,
        "votes" => {
            let mut waiting = view.votes()?;
            if let Some(no) = no {
                waiting.retain(|it| it.pointer("/match/no") == Some(&json!(no)));
            }
            list(&named("what waits on", "/match/code", waiting), after, body)?
        }
        "transactions" => list(
            &named("a transaction of", "/player/name", view.transactions()?),
            after,
            body,
        )?,
        "log" => list(
            &named("an act of", "/organiser/name", view.log()?),
            after,
            body,
        )?,
        "organisers" => Row::whole("the organisers", view.organisers_row()?).difference(body),
        "validators" => Row::plain("who makes the blocks", view.validators_row()?).difference(body),
        "objections" => {
            let said = view.objections(the_no()?)?;
            list(
                &named("the objection of", "/player/name", said),
                after,
                body,
            )?
        }
        "results" => {
            let game = view.game(the_no()?)?;
            let rows = view.versions(&game)?.into_iter();
            let code = game.entry.fixture.code.to_string();
            let rows = rows.map(|own| version_row(&code, own));
            list(&rows.collect::<Vec<_>>(), after, body)?
        }
        "match-bets" => {
            let game = view.game(the_no()?)?;
            let bets = view.bets_of_match(game.entry.fixture.no)?.into_iter();
            let rows = bets.map(|(account, bet)| bet_row(view, &game, account, &bet));
            list(&all(rows)?, after, body)?
        }
        "player-bets" => {
            let account: AccountId = route.take("account")?;
            let bets = view.bets_of_player(&account)?.into_iter();
            let rows = bets.map(|(no, bet)| bet_row(view, &view.game(no)?, account, &bet));
            list(&all(rows)?, after, body)?
        }
        "history" => {
            let account = route.take("account")?;
            list(&history(view, &account)?, after, body)?
        }
        "matrix" => {
            let stage: Text<64> = route.take("stage")?;
            matrix(view, &stage, now, after, body)?
        }
        "live" => live::scores(view, now, body)?,
        "as-it-stands" => live::table(view, &route.take::<Vec<live::Goals>>("live")?, body)?,
        "openings" => Row::plain("who opens sealed bets", view.keepers()?).difference(body),
        _ => return Err(route.unknown()),
    };
    Ok(match difference {
        None => object!({ "state": "equal" }),
        Some(difference) => object!({ "state": "different", "difference": difference }),
    })
}

fn shown(view: View<'_>, account: &AccountId) -> Result<String, Refusal> {
    Ok(view.name(account)?.unwrap_or_else(|| account.to_string()))
}

/// The player's chips after each change.
fn history(view: View<'_>, account: &AccountId) -> Result<Vec<Row>, Refusal> {
    let what = format!("the chips of {}", shown(view, account)?);
    let rows = view.history(account)?.into_iter();
    Ok(rows.map(|own| Row::whole(&what, own)).collect())
}

fn bet_row(view: View<'_>, game: &Game, account: AccountId, bet: &Bet) -> Result<Row, Refusal> {
    let (player, code) = (shown(view, &account)?, game.entry.fixture.code.to_string());
    Ok(Row {
        subject: format!("{player}'s tip on {code}"),
        player: Some(player),
        game: Some(code),
        own: view.bet(game, &account, bet)?,
        whole: true,
    })
}

/// The table from a match on.
fn from_match(view: View<'_>, no: MatchNo) -> Result<Scope, Refusal> {
    let kickoff = view.game(no)?.entry.fixture.kickoff;
    let missing = || Refusal::new("bad-question", "the match of the table has no kick-off");
    kickoff.map(Scope::From).ok_or_else(missing)
}

/// A table, or the line of one account in it.
fn standings(
    view: View<'_>,
    scope: &Scope,
    account: Option<AccountId>,
    after: usize,
    body: &Value,
) -> Result<Option<Difference>, Refusal> {
    let mut table = view.table(scope)?;
    let mut rests_on = basis(&table);
    if let Some(account) = account {
        rests_on.own = object!({
            "players": table.places.len(),
            "provisional": table.provisional,
        });
        table.places.retain(|place| place.account == account);
    }
    if let Some(difference) = rests_on.difference(body) {
        return Ok(Some(difference));
    }
    // A player's own line may come without the place before.
    let before = account.is_none() || body.pointer("/items/0/before").is_some();
    list(&lines(view, &table, before)?, after, body)
}

/// The lines of a table, with everybody's place `before` if it is wanted.
fn lines(view: View<'_>, table: &Table, before: bool) -> Result<Vec<Row>, Refusal> {
    let row = |place: &Place| {
        let mut own = view.line(table, place)?;
        if !before {
            own = without(own, "before");
        }
        Ok(Row::of_player(shown(view, &place.account)?, own))
    };
    all(table.places.iter().map(row))
}

fn version_row(code: &str, own: Value) -> Row {
    Row {
        subject: format!("a result of {code}"),
        player: None,
        game: Some(code.to_owned()),
        own,
        whole: true,
    }
}

/// The records that a table rests on.
fn basis(table: &Table) -> Row {
    Row::plain(
        "the table",
        object!({
            "players": table.places.len(),
            "scored": table.scored,
            "provisional": table.provisional,
        }),
    )
}

/// The match that was asked for by its code or, in a part of a list, whichever the answer names.
fn one_match(
    view: View<'_>,
    code: Option<String>,
    now: Option<UnixSeconds>,
    body: &Value,
) -> Result<Option<Difference>, Refusal> {
    let no = body.get("no").cloned().unwrap_or_default();
    let no = from_value(no).map_err(|_| Refusal::new("bad-answer", "the answer names no match"))?;
    let game = match &code {
        None => view.game(no)?,
        Some(code) => view.game_of(code)?,
    };
    Ok(match_row(view.match_row(&game, now)?).difference(body))
}

fn match_rows(
    view: View<'_>,
    games: &[Game],
    now: Option<UnixSeconds>,
) -> Result<Vec<Row>, Refusal> {
    let row = |game| Ok(match_row(view.match_row(game, now)?));
    all(games.iter().map(row))
}

/// Rows that a sentence calls by one of their texts.
fn named(what: &str, by: &str, rows: Vec<Value>) -> Vec<Row> {
    let named = |own: Value| {
        let name = own.pointer(by).and_then(Value::as_str).unwrap_or_default();
        Row::whole(&format!("{what} {name}"), own)
    };
    rows.into_iter().map(named).collect()
}

fn players(rows: Vec<Value>) -> Vec<Row> {
    let row = |own: Value| {
        let name = own.get("name").and_then(Value::as_str).unwrap_or_default();
        Row::of_player(name.to_owned(), own)
    };
    rows.into_iter().map(row).collect()
}

fn match_row(own: Value) -> Row {
    let code = own.get("code").and_then(Value::as_str).unwrap_or_default();
    Row {
        subject: code.to_owned(),
        player: None,
        game: Some(code.to_owned()),
        own,
        whole: true,
    }
}

/// A stage's players and matches, with the bet of each player on each.
fn matrix(
    view: View<'_>,
    stage: &Text<64>,
    now: Option<UnixSeconds>,
    after: usize,
    body: &Value,
) -> Result<Option<Difference>, Refusal> {
    let games = round(&view, &view.genesis.rules, stage).map_err(unreadable)?;
    let columns = match_rows(view, &games, now)?;
    let answered = object!({ "items": body.get("matches") });
    if let Some(difference) = list(&columns, 0, &answered)? {
        return Ok(Some(difference));
    }
    let table = view.table(&Scope::Stage(stage.clone()))?;
    if let Some(difference) = basis(&table).difference(body) {
        return Ok(Some(difference));
    }
    let rows = table.places.iter().map(|place| {
        let mut own = without(without(view.line(&table, place)?, "chips"), "before");
        let cells = games.iter().map(|game| {
            let bets = view.bet_on(game, &place.account)?;
            Ok(bets.map(|bet| view.cell(game, &bet)))
        });
        let cells = all(cells)?;
        if let Value::Object(own) = &mut own {
            put(own, "cells", &cells);
        }
        Ok(Row::of_player(shown(view, &place.account)?, own))
    });
    list(&all(rows)?, after, body)
}
