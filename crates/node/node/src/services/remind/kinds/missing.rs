//! A reminder: of what, until when, and who lacks a tip.

use bolao_ledger::{Item, StateView as _, UnixSeconds};
use bolao_rulebook::{
    Nameless, SaidValue,
    chat::{CLOSES, Chat, MISSING, MORE, SOME_OF, STILL},
};
use bolao_store::{Snapshot, StoreError};

use super::super::{
    message::ChatMessage,
    told::{DueMessages, Telling, ToldOf},
};
use crate::services::missing_tips::{closing, missing};

/// The most matches of a message.
const MOST_MATCHES: usize = 12;
/// The most names of a message.
const MOST_NAMES: usize = 50;
/// The length of the matches of a message, in bytes, from which on the rest is counted. Discord takes 2000 characters.
const MATCHES_BYTES: usize = 500;
/// The same of its names.
const NAMES_BYTES: usize = 900;

/// The messages of ends of betting, for which nobody was told who lacks a tip.
pub(super) fn due(
    at: &Telling<'_>,
    is_wanted: &dyn Fn(&ToldOf) -> bool,
) -> Result<DueMessages, StoreError> {
    let items = at.snapshot.items()?;
    let mut near = closing(&items, &at.genesis.rules, at.now, at.before_s);
    near.retain(|closes, _| is_wanted(&ToldOf::Closes(*closes)));
    let mut due = DueMessages::new();
    for (closes, items) in near {
        if let Some(missing) = MissingTips::read(at.snapshot, closes, &items)? {
            let message = missing.message(&at.genesis.name.to_string(), at.chat, at.page);
            due.insert(ToldOf::Closes(closes), message);
        }
    }
    Ok(due)
}

/// Those who lack a tip of what closes then.
#[derive(Clone, Debug)]
struct MissingTips {
    closes: UnixSeconds,
    /// The titles, such as both teams of a match.
    matches: Vec<String>,
    /// The names in their order, with the number of tips that each lacks.
    players: Vec<(String, usize)>,
}

impl MissingTips {
    /// None where nobody lacks a tip. A tip that waits for its block is one.
    fn read(
        snapshot: &Snapshot,
        closes: UnixSeconds,
        items: &[&Item],
    ) -> Result<Option<Self>, StoreError> {
        let (mut players, mut all) = (Vec::new(), items.to_vec());
        all.dedup_by_key(|item| item.of);
        for (id, account) in snapshot.accounts(None, usize::MAX)? {
            let lacks = missing(snapshot, &id, items.iter().copied())?.len();
            if lacks > 0 {
                players.push((account.name.to_string(), lacks));
            }
        }
        players.sort_by_key(|(name, _)| name.to_lowercase());
        Ok((!players.is_empty()).then(|| Self {
            closes,
            matches: all.iter().map(|item| item.title.to_string()).collect(),
            players,
        }))
    }

    fn message(&self, pool: &str, chat: &Chat, page: Option<&str>) -> ChatMessage {
        let all = self.matches.len();
        let named = |(name, lacks): &(String, usize)| {
            if *lacks == all {
                return (chat.shown)(name);
            }
            let some = SOME_OF.with([
                ("name", name.as_str().into()),
                ("some", SaidValue::count(*lacks)),
                ("all", SaidValue::count(all)),
            ]);
            chat.says(&some, &Nameless)
        };
        let matches: Vec<String> = self.matches.iter().map(|it| (chat.shown)(it)).collect();
        let names: Vec<String> = self.players.iter().map(named).collect();
        let matches = bounded(&matches, "\n", MOST_MATCHES, MATCHES_BYTES, chat);
        let names = bounded(&names, ", ", MOST_NAMES, NAMES_BYTES, chat);
        let says = |said| chat.says(&said, &Nameless);
        ChatMessage::new(
            says(MISSING.with([("pool", pool.into())])),
            vec![
                says(CLOSES.with([("at", self.closes.into())])),
                matches,
                format!("{} {names}", says(STILL.said())),
            ],
            page,
        )
    }
}

/// A list whose rest is counted: `Ana, Bruno and 12 more`.
fn bounded(items: &[String], between: &str, most: usize, most_bytes: usize, chat: &Chat) -> String {
    let mut text = String::new();
    let mut count = 0;
    for item in items.iter().take(most) {
        if count > 0 && text.len() + between.len() + item.len() > most_bytes {
            break;
        }
        if count > 0 {
            text.push_str(between);
        }
        text.push_str(item);
        count += 1;
    }
    match items.len() - count {
        0 => text,
        more => {
            let before = if between == "\n" { "\n" } else { " " };
            let more = MORE.with([("count", SaidValue::count(more))]);
            format!("{text}{before}{}", chat.says(&more, &Nameless))
        }
    }
}

#[cfg(test)]
mod tests {
    use bolao_rulebook::Language;
    use jiff::tz::TimeZone;

    use super::*;

    fn chat() -> Chat {
        Chat {
            language: Language::English,
            zone: TimeZone::get("Europe/Lisbon").expect("it is there"),
            shown: str::to_owned,
        }
    }

    fn missing(names: usize) -> MissingTips {
        MissingTips {
            closes: UnixSeconds(1_559_760_300),
            matches: vec!["Portugal – Spain".to_owned(), "France – Italy".to_owned()],
            players: (1..=names).map(|no| (format!("P{no}"), 2)).collect(),
        }
    }

    #[test]
    fn a_message_says_which_matches_and_who() {
        let mut missing = missing(2);
        missing.players.last_mut().expect("two").1 = 1;
        let said = missing.message("Cup", &chat(), Some("https://pool.example"));
        let wanted = "Betting closes on Wed 5 Jun 19:45 WEST:\nPortugal – Spain\nFrance – Italy\nStill missing: P1, \
            P2 (1 of 2)\nhttps://pool.example";
        assert_eq!(said.body, wanted);
        assert_eq!(said.title, "Cup: bets are missing");
        let german = Chat {
            language: Language::German,
            ..chat()
        };
        let said = missing.message("Cup", &german, None);
        assert_eq!(said.title, "Cup: Es fehlen Tipps");
        assert!(
            said.body.ends_with("\nEs fehlen noch: P1, P2 (1 von 2)"),
            "{}",
            said.body
        );
    }

    #[test]
    fn long_lists_are_bounded() {
        let said = missing(62).message("Cup", &chat(), None).body;
        assert!(said.contains("P49, P50 and 12 more"), "{said}");
        let mut long = missing(0);
        long.players = vec![("名".repeat(32), 60); 50];
        long.matches = vec!["x".repeat(131); 60];
        let escaping = Chat {
            shown: |text| format!(r"\{text}"),
            ..chat()
        };
        let said = long.message("Cup", &escaping, None).body;
        assert!(said.len() < 1_700, "{}", said.len());
        assert!(
            said.contains("and 57 more\n") && said.contains("and 41 more"),
            "{said}"
        );
    }
}
