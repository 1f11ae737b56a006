//! A round in a few lines, once all of its matches are final.
//!
//! Nobody is named for having been bad, and no line is there without somebody or something to name.

use bolao_ledger::{AccountId, Fixture, Points, Score, UnixSeconds, json::Words};

use super::Chat;
use crate::{Said, SaidValue, template::templates};

templates! {
    OVER = "{pool}: {round} in a nutshell";
    WON = "{round}: won by {who} with {points, plural, one {# point} other {# points}}.";
    EACH = "{round}: won by {who} with {points, plural, one {# point} other {# points}} each.";
    NOBODY = "{round}: no points, no winner. Literally pointless.";
    BELIEVED = "{match} {score}? Only {who} called it.";
    KNEW = "Spot on with {match} {score}: {who}.";
    FOOLED = "{match} {score} fooled most of you: only {right, number} of {tips, number} tips saw it coming.";
    FOOLED_ALL = "Nobody saw {match} {score} coming.";
    CLIMBED = "On the march: {who}, up {places, plural, one {# place} other {# places}} to number {place, number}.";
    STILL_FIRST = "Still top: {who} on {points, plural, one {# point} other {# points}}.";
    NEW_FIRST = "Change at the top: {who} on {points, plural, one {# point} other {# points}}.";
    FIRST = "In the lead: {who} on {points, plural, one {# point} other {# points}}.";
    CHAMPION = "Final whistle! Finishing top: {who} on {points, plural, one {# point} other {# points}}.";
    NEXT = "Next: {match}, {at}.";
    TWO = "{first} and {second}";
    MORE = "{first}, {second} and {more, plural, one {# other} other {# others}}";
}

/// The names that the program gives to rounds of lists that give none, which are translated.
pub(super) const ROUNDS: [&str; 8] = [
    "Regular season",
    "Group stage",
    "Round of 32",
    "Round of 16",
    "Quarter-finals",
    "Semi-finals",
    "Third place",
    "Final",
];

/// A line in a chat, with these words for players and matches.
#[must_use]
pub fn in_chat(line: &Said, chat: &Chat, words: &dyn Words) -> String {
    let mut line = line.clone();
    if let Some(SaidValue::Text(round)) = line.values.get_mut("round")
        && ROUNDS.contains(&round.as_str())
    {
        *round = chat.language.of(round).to_owned();
    }
    chat.says(&line, words)
}

/// The place before the round of those who are first now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnTop {
    /// They were first before.
    Still,
    /// None of them was.
    New,
    /// Some were, or there was nothing before.
    Now,
    /// There is nothing left that gives points.
    Champion,
}

/// Players by name, more than a few by number.
fn players(all: &[AccountId]) -> SaidValue {
    match all {
        [] => "".into(),
        [one] => one.into(),
        [first, second] => TWO
            .with([("first", first.into()), ("second", second.into())])
            .into(),
        [first, second, more @ ..] => MORE
            .with([
                ("first", first.into()),
                ("second", second.into()),
                ("more", SaidValue::count(more.len())),
            ])
            .into(),
    }
}

/// The heading.
#[must_use]
pub fn over(pool: &str, round: &str) -> Said {
    OVER.with([("pool", pool.into()), ("round", round.into())])
}

/// The line on who won the round.
#[must_use]
pub fn won(round: &str, winners: &[AccountId], points: Points) -> Said {
    let round = ("round", round.into());
    let template = match winners {
        [] => return NOBODY.with([round]),
        [_] => WON,
        _ => EACH,
    };
    template.with([
        round,
        ("who", players(winners)),
        ("points", points.0.into()),
    ])
}

/// The tip that fewest others had, of those that were exactly right; `tips`: all tips on the match.
#[must_use]
pub fn best(fixture: &Fixture, score: Score, who: &[AccountId], tips: usize) -> Said {
    let is_rare = tips > 1 && (who.len() == 1 || who.len().saturating_mul(2) < tips);
    let template = if is_rare { BELIEVED } else { KNEW };
    template.with([
        ("who", players(who)),
        ("match", fixture.into()),
        goals(score),
    ])
}

/// The match whose result most did not foresee.
#[must_use]
pub fn upset(fixture: &Fixture, score: Score, right: usize, tips: usize) -> Said {
    let of = ("match", fixture.into());
    if right == 0 {
        return FOOLED_ALL.with([of, goals(score)]);
    }
    FOOLED.with([
        of,
        goals(score),
        ("right", SaidValue::count(right)),
        ("tips", SaidValue::count(tips)),
    ])
}

/// The line on who has climbed most.
#[must_use]
pub fn climbed(who: AccountId, places: u32, place: u32) -> Said {
    CLIMBED.with([
        ("who", (&who).into()),
        ("places", places.into()),
        ("place", place.into()),
    ])
}

/// The line on who is first of all.
#[must_use]
pub fn leads(who: &[AccountId], points: Points, first: OnTop) -> Said {
    let template = match first {
        OnTop::Still => STILL_FIRST,
        OnTop::New => NEW_FIRST,
        OnTop::Now => FIRST,
        OnTop::Champion => CHAMPION,
    };
    template.with([("who", players(who)), ("points", points.0.into())])
}

/// The match that is played next.
#[must_use]
pub fn next(fixture: &Fixture, kickoff: UnixSeconds) -> Said {
    NEXT.with([("match", fixture.into()), ("at", kickoff.into())])
}

fn goals(score: Score) -> (&'static str, SaidValue) {
    let text = format!("{}:{}", score.home(), score.away());
    ("score", text.into())
}
