//! Templates put into English.

use std::collections::BTreeMap;

use bolao_ledger::{
    AccountId, ItemKind, MatchNo, StateView, UnixSeconds, json::Words, said::Predicted,
};
use jiff::Timestamp;

use crate::{Said, SaidValue, catalogue::CATALOGUE, language::Language, records::scores};

type Values = BTreeMap<String, SaidValue>;

/// The most parts of a sentence, which another program may have nested as deep as it likes. What is behind them is left out.
const MOST_PARTS: usize = 2_000;

/// A sentence in English, as its template has it. Moments stand as in RFC 3339, in UTC;
/// players and matches by what they are in the chain's bytes.
#[must_use]
pub fn english(said: &Said) -> String {
    english_with(said, &Nameless)
}

/// The same with these words for players, matches and moments.
pub fn english_with(said: &Said, words: &dyn Words) -> String {
    let mut writer = SentenceWriter::new(words);
    writer.said(said);
    writer.text
}

/// The same in a language, as far as its translations go. Every text that stands in it is `shown` for where it is read.
pub(crate) fn in_language(
    said: &Said,
    language: Language,
    words: &dyn Words,
    shown: &dyn Fn(&str) -> String,
) -> String {
    let mut writer = SentenceWriter::new(words);
    (writer.language, writer.shown) = (language, Some(shown));
    writer.said(said);
    writer.text
}

/// The words of where there is nobody to ask for names: a player is an account, and a match its number.
#[derive(Clone, Copy, Debug)]
pub struct Nameless;

impl Words for Nameless {
    fn name(&self, _: &AccountId) -> Option<String> {
        None
    }

    fn code(&self, no: MatchNo) -> String {
        format!("match {no}")
    }

    fn kind(&self, _: MatchNo) -> ItemKind {
        ItemKind::Match
    }

    fn time(&self, at: UnixSeconds) -> String {
        moment(at.0)
    }
}

/// The words that a chain's state has; where it has none, those that stand in the chain's bytes.
#[derive(Clone, Copy, Debug)]
pub struct StateWords<'s, S>(pub &'s S);

impl<S: StateView> Words for StateWords<'_, S> {
    fn name(&self, account: &AccountId) -> Option<String> {
        let account = self.0.account(account).ok()??;
        Some(account.name.to_string())
    }

    fn code(&self, no: MatchNo) -> String {
        let item = self.0.item(no).ok().flatten();
        item.map_or_else(|| Nameless.code(no), |it| it.code.to_string())
    }

    fn kind(&self, no: MatchNo) -> ItemKind {
        let item = self.0.item(no).ok().flatten();
        item.map_or_else(|| Nameless.kind(no), |it| it.kind())
    }

    fn time(&self, at: UnixSeconds) -> String {
        Nameless.time(at)
    }
}

/// A template with its values.
pub(crate) fn filled(template: &str, values: &Values, words: &dyn Words) -> String {
    let mut writer = SentenceWriter::new(words);
    writer.fill(template, values, None);
    writer.text
}

struct SentenceWriter<'w> {
    words: &'w dyn Words,
    language: Language,
    /// The form in which a text that stands in a sentence is written there; as it is where nothing is said.
    shown: Option<&'w dyn Fn(&str) -> String>,
    text: String,
    /// Parts that may still be written.
    left: usize,
}

impl<'w> SentenceWriter<'w> {
    const fn new(words: &'w dyn Words) -> Self {
        Self {
            words,
            language: Language::English,
            shown: None,
            text: String::new(),
            left: MOST_PARTS,
        }
    }

    fn said(&mut self, said: &Said) {
        let own = CATALOGUE.get(&said.template);
        let template = own.map_or(&said.template, |it| &it.says);
        self.fill(self.language.of(template), &said.values, None);
    }

    /// `counted` is what `#` stands for, within a plural.
    fn fill(&mut self, template: &str, values: &Values, counted: Option<u64>) {
        let mut rest = template;
        while let Some((before, sign, after)) = cut(rest) {
            let Some(left) = self.left.checked_sub(1) else {
                return;
            };
            self.left = left;
            self.text.push_str(before);
            rest = after;
            if sign == '#' {
                let number = counted.map_or("#".to_owned(), |number| number.to_string());
                self.text.push_str(&number);
                continue;
            }
            let (inside, after) = braced(after);
            rest = after;
            let mut parts = inside.splitn(3, ", ");
            let value = parts.next().and_then(|name| values.get(name));
            match (value, parts.nth(1)) {
                (Some(SaidValue::Number(number)), Some(cases)) => {
                    self.fill(chosen(cases, *number), values, Some(*number));
                }
                (Some(value), _) => self.value(value),
                (None, _) => {}
            }
        }
        self.text.push_str(rest);
    }

    fn value(&mut self, value: &SaidValue) {
        let words = self.words;
        let text = match value {
            SaidValue::Number(number) => return self.text.push_str(&number.to_string()),
            SaidValue::Moment { at } => return self.text.push_str(&words.time(UnixSeconds(*at))),
            SaidValue::Text(text) => text.clone(),
            SaidValue::Seconds { seconds } => duration(*seconds),
            SaidValue::Teams { teams } => teams.join(" – "),
            SaidValue::Player { player, called } => {
                let name = words
                    .name(player)
                    .or_else(|| called.as_ref().map(ToString::to_string));
                name.unwrap_or_else(|| player.to_string())
            }
            SaidValue::Items { items } => {
                let mut codes: Vec<String> = items.iter().map(|no| words.code(*no)).collect();
                codes.dedup();
                codes.join(", ")
            }
            SaidValue::Predictions { predictions } => {
                let said = predictions.iter().map(|it| predicted(it, words));
                said.collect::<Vec<_>>().join(", ")
            }
            SaidValue::Scheduled { between, .. } => between.join(" – "),
            SaidValue::Record { outcome, .. } if outcome.right.is_empty() => scores(outcome),
            // Whether a right answer is an option or a number, only the question says.
            SaidValue::Record { .. } => "answered".to_owned(),
            SaidValue::Names { names } => {
                let names: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                either(&names, "and")
            }
            SaidValue::Said(said) => return self.said(said),
            SaidValue::Several { said } => {
                for (place, said) in said.iter().enumerate() {
                    if place > 0 {
                        self.text.push(' ');
                    }
                    self.said(said);
                }
                return;
            }
        };
        match self.shown {
            Some(shown) => self.text.push_str(&shown(&text)),
            None => self.text.push_str(&text),
        }
    }
}

/// Cuts a text at the next `{` or `#`: gives what stands before the sign, the sign, and what stands behind it.
fn cut(text: &str) -> Option<(&str, char, &str)> {
    let (before, from) = text.split_at(text.find(['{', '#'])?);
    let mut after = from.chars();
    Some((before, after.next()?, after.as_str()))
}

/// Cuts a text at the brace that closes: gives what stands before the brace, and behind it.
fn braced(text: &str) -> (&str, &str) {
    let mut open = 1_u32;
    let closes = |sign| {
        open = match sign {
            '{' => open.saturating_add(1),
            '}' => open.saturating_sub(1),
            _ => open,
        };
        open == 0
    };
    let Some(at) = text.find(closes) else {
        return (text, "");
    };
    let (inside, from) = text.split_at(at);
    (inside, from.strip_prefix('}').unwrap_or_default())
}

/// The case of a plural for a number.
fn chosen(cases: &str, number: u64) -> &str {
    let (exact, word) = (
        format!("={number}"),
        if number == 1 { "one" } else { "other" },
    );
    let (mut rest, mut found) = (cases, None);
    while let Some((case, after)) = rest.split_once('{') {
        let (inside, after) = braced(after);
        rest = after;
        match case.trim() {
            case if case == exact => return inside,
            case if case == word => found = Some(inside),
            "other" => found = found.or(Some(inside)),
            _ => {}
        }
    }
    found.unwrap_or_default()
}

/// `PtCh 2-1`.
fn predicted(Predicted { on, prediction }: &Predicted, words: &dyn Words) -> String {
    format!("{} {}", words.code(*on), prediction.words())
}

/// A time in unix seconds; years past what a calendar holds as the number that they are.
fn moment(at: u64) -> String {
    let known = i64::try_from(at).ok().map(Timestamp::from_second);
    known
        .and_then(Result::ok)
        .map_or_else(|| at.to_string(), |it| it.to_string())
}

/// Exactly, in the largest units: `1 day 30 minutes`.
pub(super) fn duration(seconds: u32) -> String {
    let mut left = seconds;
    let mut parts = Vec::new();
    for (unit, name) in [
        (86_400, "day"),
        (3_600, "hour"),
        (60, "minute"),
        (1, "second"),
    ] {
        let number = left / unit;
        if number > 0 || (unit == 1 && parts.is_empty()) {
            let plural = if number == 1 { "" } else { "s" };
            parts.push(format!("{number} {name}{plural}"));
            left %= unit;
        }
    }
    parts.join(" ")
}

/// Names with commas, and a word such as `or` before the last.
#[must_use]
pub fn either(names: &[&str], word: &str) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [firsts @ .., last] => format!("{} {word} {last}", firsts.join(", ")),
    }
}
