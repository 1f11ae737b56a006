//! Live scores, which no block holds: what organisers have signed of them.

use bolao_answers::{
    Game,
    body::{LiveBody, MatchRef, WordBody, moment},
};
use bolao_ledger::{
    FoldedCode, ItemKind, MatchNo, Score, StateView as _, UnixSeconds, json::from_json,
};
use bolao_wallet::{Word, is_word_signed};
use serde_json::Value;

use crate::{
    object::AnswerText,
    refusal::{Refusal, unreadable},
    view::View,
};

/// A node shows the minute that was typed with a score for so long, in seconds.
const MINUTE_S: u64 = 600;
/// So far what is known of the node's clock may be off, and the node late, in seconds.
const OFF_S: u64 = 360;
/// A node shows the score for so long, in seconds.
const SHOWN_S: u64 = 4 * 3_600;

/// Compares live scores with what organisers signed. Of one that a list from the web told, only the match is looked at: nobody has
/// signed it.
pub(crate) fn scores(view: View<'_>, now: UnixSeconds, body: &Value) -> Result<(), Refusal> {
    let items = body.get("items").and_then(Value::as_array);
    { items.into_iter().flatten() }.try_for_each(|item| one(view, now, item))
}

fn one(view: View<'_>, now: UnixSeconds, item: &Value) -> Result<(), Refusal> {
    let no = item.pointer("/match/no").and_then(Value::as_u64);
    let no = no.and_then(|no| u16::try_from(no).ok()).map(MatchNo);
    let no = no.ok_or_else(|| false_score("a match", "names none"))?;
    let game = Game::load(&view, &view.genesis.rules, no).map_err(unreadable)?;
    let game = game.ok_or_else(|| false_score("a match", "is of none of the chain's"))?;
    let fixture = game.entry.fixture;
    let of = fixture.code.as_str();
    let has_begun = fixture
        .kickoff
        .is_some_and(|kickoff| kickoff.0 <= now.0.saturating_add(OFF_S));
    if game.result.is_some() || !has_begun {
        return Err(false_score(of, "is of a match that is not played"));
    }
    let Some(word) = item.get("word").filter(|word| !word.is_null()) else {
        let is_of_it = item.pointer("/match/code").and_then(Value::as_str) == Some(of);
        return if is_of_it {
            Ok(())
        } else {
            Err(false_score(of, "names another match"))
        };
    };
    let (word, score, minute) = signed(view, word, of)?;
    let at = UnixSeconds(word.at);
    let is_early = fixture
        .kickoff
        .is_some_and(|it| word.at.saturating_add(OFF_S) < it.0);
    let age_s = now.0.saturating_sub(word.at);
    if is_early || age_s > SHOWN_S + OFF_S {
        return Err(false_score(of, "is from another time"));
    }
    let has_none = item.get("minute").is_none_or(Value::is_null);
    let may_have_none = age_s >= MINUTE_S && has_none;
    let name = view.name(&word.account)?;
    let own = LiveBody {
        r#match: MatchRef {
            no: no.0,
            code: of.to_owned(),
            kind: ItemKind::Match,
        },
        home: score.home(),
        away: score.away(),
        minute: minute.filter(|_| !may_have_none && age_s < MINUTE_S + OFF_S),
        at: moment(at),
        from: name.unwrap_or_else(|| word.account.to_string()),
        word: Some(word),
    };
    if AnswerText::of(&own).value() == *item {
        Ok(())
    } else {
        Err(false_score(of, "is not the one that its organiser signed"))
    }
}

/// The live score of this match that an organiser of the pool has signed.
fn signed(
    view: View<'_>,
    word: &Value,
    of: &str,
) -> Result<(WordBody, Score, Option<u8>), Refusal> {
    let false_word = |why| false_score(of, why);
    let said: WordBody = from_json(AnswerText::of(word).as_str())
        .map_err(|_| false_word("carries no readable signature"))?;
    if !is_word_signed(
        &said.text,
        view.pool,
        &said.account,
        UnixSeconds(said.at),
        &said.signature,
    ) {
        return Err(false_word("is not signed by who it is said to be from"));
    }
    let organisers = view.organisers(view.genesis).map_err(unreadable)?;
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
