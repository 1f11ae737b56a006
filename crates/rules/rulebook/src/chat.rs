//! What a node says in the friends' chat, in their language: templates whose translations stand in `chat.json`.

pub mod recap;

use bolao_ledger::{AccountId, ItemKind, MatchNo, UnixSeconds, json::Words};
use jiff::{Timestamp, tz::TimeZone};

use crate::{
    Said, SaidValue,
    english::{Nameless, in_language},
    language::Language,
    template::templates,
};

templates! {
    /// The heading of who lacks bets.
    pub MISSING = "{pool}: bets are missing";
    /// Above the matches that close.
    pub CLOSES = "Betting closes on {at}:";
    /// Below them.
    pub STILL = "Still missing:";
    /// A player who lacks some of the bets.
    pub SOME_OF = "{name} ({some, number} of {all, number})";
    /// The end of a list.
    pub MORE = "and {count, number} more";
    DATE = "{weekday} {day} {month} {time}";
}

/// The chat that a message is for.
#[derive(Clone, Debug)]
pub struct Chat {
    /// The friends' language.
    pub language: Language,
    /// Their time zone.
    pub zone: TimeZone,
    /// The form in which a text that players or organisers wrote stands in it, so that the chat takes it for nothing else.
    pub shown: fn(&str) -> String,
}

impl Chat {
    /// A sentence, with these words for players and matches.
    #[must_use]
    pub fn says(&self, said: &Said, words: &dyn Words) -> String {
        let words = WordsInChat { words, chat: self };
        in_language(said, self.language, &words, &self.shown)
    }

    /// Day and minute with the zone, such as `Wed 5 Jun 20:45 CEST`.
    fn moment(&self, at: UnixSeconds) -> String {
        let at = { i64::try_from(at.0).ok() }.and_then(|at| Timestamp::from_second(at).ok());
        let Some(at) = at.map(|at| at.to_zoned(self.zone.clone())) else {
            return String::new();
        };
        let part = |of: &str| at.strftime(of).to_string();
        let name = |of: &str| SaidValue::from(self.language.of(&part(of)));
        let date = DATE.with([
            ("weekday", name("%a")),
            ("day", part("%-d").into()),
            ("month", name("%b")),
            ("time", part("%H:%M %Z").into()),
        ]);
        in_language(&date, self.language, &Nameless, &str::to_owned)
    }
}

/// Words with the chat's times.
struct WordsInChat<'w> {
    words: &'w dyn Words,
    chat: &'w Chat,
}

impl Words for WordsInChat<'_> {
    fn name(&self, account: &AccountId) -> Option<String> {
        self.words.name(account)
    }

    fn code(&self, no: MatchNo) -> String {
        self.words.code(no)
    }

    fn kind(&self, no: MatchNo) -> ItemKind {
        self.words.kind(no)
    }

    fn time(&self, at: UnixSeconds) -> String {
        self.chat.moment(at)
    }
}

#[cfg(test)]
mod tests;
