//! Scores of matches that are played. No block has them; those that an organiser typed carry the organiser's signature.

use bolao_answers::{Table, body::moment};
use bolao_ledger::{
    AccountId, FoldedCode, MatchNo, Score, Signature, StateView as _, UnixSeconds, json::from_value,
};
use bolao_wallet::{Word, is_word_signed};
use serde::Deserialize;
use serde_json::Value;

use super::{
    Difference, lines,
    rows::{Row, list},
};
use crate::{
    check::unreadable,
    object::{object, put},
    own::View,
    refusal::Refusal,
};

/// A node shows the minute that was typed with a score for so long, in seconds.
const MINUTE_S: u64 = 600;
/// So far what is known of the node's clock may be off, and the node late, in seconds.
const OFF_S: u64 = 360;
/// A node shows the score for so long, in seconds.
const SHOWN_S: u64 = 4 * 3_600;
/// A node answers with so many lines of the table at most.
const MOST_LINES: usize = 500;

/// A live score as an organiser signed it.
#[derive(Deserialize)]
struct Said {
    account: AccountId,
    at: UnixSeconds,
    text: String,
    signature: Signature,
}

/// The score of a match, as it was answered.
#[derive(Deserialize)]
pub(super) struct Goals {
    no: MatchNo,
    home: u64,
    away: u64,
}

/// Compares live scores with what organisers signed. Of one that a list from the web told, only the match is looked at: nobody has
/// signed it.
pub(super) fn scores(
    view: View<'_>,
    now: Option<UnixSeconds>,
    body: &Value,
) -> Result<Option<Difference>, Refusal> {
    let items = body.get("items").and_then(Value::as_array);
    let items = items.ok_or_else(|| Refusal::new("bad-answer", "the answer has no `items`"))?;
    for item in items {
        let no = item.pointer("/match/no").cloned().unwrap_or_default();
        let no: MatchNo = from_value(no)
            .map_err(|_| Refusal::new("bad-answer", "a live score names no match"))?;
        let game = view.game(no)?;
        let fixture = game.entry.fixture;
        let on = |kickoff: UnixSeconds| now.is_none_or(|now| kickoff <= now);
        if game.result.is_some() || !fixture.kickoff.is_some_and(on) {
            return Err(false_score(
                fixture.code.as_str(),
                "is of a match that is not played",
            ));
        }
        let mut own = object!({ "match": object!({ "no": no, "code": fixture.code }) });
        if let (Value::Object(own), Some(word)) = (&mut own, item.get("word"))
            && !word.is_null()
        {
            let (said, score, minute) = signed(view, word, fixture.code.as_str())?;
            let is_early = fixture
                .kickoff
                .is_some_and(|it| said.at.0.saturating_add(OFF_S) < it.0);
            let age_s = now.map_or(0, |now| now.0.saturating_sub(said.at.0));
            if is_early || age_s > SHOWN_S + OFF_S {
                return Err(false_score(fixture.code.as_str(), "is from another time"));
            }
            put(own, "home", &score.home());
            put(own, "away", &score.away());
            put(own, "at", &moment(said.at));
            let name = view.name(&said.account)?;
            put(
                own,
                "from",
                &name.unwrap_or_else(|| said.account.to_string()),
            );
            let has_none = item.get("minute").is_none_or(Value::is_null);
            let may_have_none = age_s >= MINUTE_S && has_none;
            let minute = minute.filter(|_| !may_have_none && age_s < MINUTE_S + OFF_S);
            put(own, "minute", &minute);
        }
        let row = Row::plain(&format!("the live score of {}", fixture.code), own);
        if let Some(difference) = row.difference(item) {
            return Ok(Some(difference));
        }
    }
    Ok(None)
}

/// The live score of this match that an organiser of the pool has signed.
fn signed(view: View<'_>, word: &Value, of: &str) -> Result<(Said, Score, Option<u8>), Refusal> {
    let false_word = |why| false_score(of, why);
    let said: Said =
        from_value(word.clone()).map_err(|_| false_word("carries no readable signature"))?;
    let pool = view.genesis.pool_id();
    if !is_word_signed(&said.text, pool, &said.account, said.at, &said.signature) {
        return Err(false_word("is not signed by who it is said to be from"));
    }
    let organisers = view.state.organisers(view.genesis).map_err(unreadable)?;
    if !organisers.contains(&said.account) {
        return Err(false_word("is signed by nobody who organises the pool"));
    }
    match said.text.parse() {
        Ok(Word::Live {
            code,
            score: Some(score),
            minute,
        }) if FoldedCode::of(&code) == FoldedCode::of(of) => Ok((said, score, minute)),
        _ => Err(false_word("carries a signature over something else")),
    }
}

fn false_score(of: &str, why: &str) -> Refusal {
    Refusal::new("bad-answer", format_args!("the live score of {of} {why}"))
}

/// Compares the table as it would stand if matches ended with these scores.
pub(super) fn table(
    view: View<'_>,
    live: &[Goals],
    body: &Value,
) -> Result<Option<Difference>, Refusal> {
    let scores = live
        .iter()
        .map(|it| Some((it.no, Score::new(it.home, it.away).ok()?)));
    let scores: Option<Vec<_>> = scores.collect();
    let scores = scores.ok_or_else(|| Refusal::new("bad-answer", "a live score is none"))?;
    let mut table = Table::as_it_stands(&view, &view.genesis.rules, &scores).map_err(unreadable)?;
    if let Some(difference) = super::basis(&table).difference(body) {
        return Ok(Some(difference));
    }
    table.places.truncate(MOST_LINES);
    list(&lines(view, &table, true)?, 0, body)
}
