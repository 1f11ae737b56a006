//! A reminder in words: of what, until when, and who lacks a tip.

use bolao_ledger::{Item, UnixSeconds};
use bolao_store::{Snapshot, StoreError};
use jiff::{Timestamp, tz::TimeZone};

use crate::services::missing_tips::missing;

/// The most matches of a message.
const MOST_MATCHES: usize = 12;
/// The most names of a message.
const MOST_NAMES: usize = 50;
/// The length of the matches of a message, in bytes, from which on the rest is counted. Discord takes 2000 characters.
const MATCHES_BYTES: usize = 500;
/// The same of its names.
const NAMES_BYTES: usize = 900;

/// A message about one end of betting.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Reminder {
    /// The pool's name.
    pub(super) pool: String,
    /// The end of betting, in the zone of the home.
    pub(super) closes: String,
    /// The titles, such as both teams of a match.
    pub(super) matches: Vec<String>,
    /// The names of those who lack a tip, in their order; with a number where they lack some of the tips.
    pub(super) missing: Vec<String>,
    /// The page's address.
    pub(super) page: Option<String>,
}

impl Reminder {
    /// None where nobody lacks a tip. A tip that waits for its block is one.
    pub(super) fn read(
        snapshot: &Snapshot,
        closes: UnixSeconds,
        items: &[&Item],
        zone: &TimeZone,
    ) -> Result<Option<Self>, StoreError> {
        let (mut names, mut all) = (Vec::new(), items.to_vec());
        all.dedup_by_key(|item| item.of);
        for (id, account) in snapshot.accounts(None, usize::MAX)? {
            match missing(snapshot, &id, items.iter().copied())?.len() {
                0 => {}
                none if none == all.len() => names.push(account.name.to_string()),
                some => names.push(format!("{} ({some} of {})", account.name, all.len())),
            }
        }
        names.sort_by_key(|name| name.to_lowercase());
        Ok((!names.is_empty()).then(|| Self {
            closes: moment(closes, zone),
            matches: all.iter().map(|item| item.title.to_string()).collect(),
            missing: names,
            ..Self::default()
        }))
    }

    /// The heading.
    pub(super) fn title(&self, shown: impl Fn(&str) -> String) -> String {
        format!("{}: bets are missing", shown(&self.pool))
    }

    /// The lines below it. What players and organisers wrote is `shown` so that the place takes it for nothing else.
    pub(super) fn body(&self, shown: impl Fn(&str) -> String) -> String {
        let matches = bounded(&self.matches, "\n", MOST_MATCHES, MATCHES_BYTES, &shown);
        let names = bounded(&self.missing, ", ", MOST_NAMES, NAMES_BYTES, &shown);
        let mut body = format!(
            "Betting closes on {}:\n{matches}\nStill missing: {names}",
            self.closes
        );
        if let Some(page) = &self.page {
            body.push('\n');
            body.push_str(page);
        }
        body
    }
}

/// Day and minute with the zone, such as `Wed 5 Jun 20:45 CEST`.
fn moment(at: UnixSeconds, zone: &TimeZone) -> String {
    let at = { i64::try_from(at.0).ok() }.and_then(|at| Timestamp::from_second(at).ok());
    at.map_or_else(String::new, |at| {
        let at = at.to_zoned(zone.clone());
        at.strftime("%a %-d %b %H:%M %Z").to_string()
    })
}

/// A list whose rest is counted: `Ana, Bruno and 12 more`.
fn bounded(
    items: &[String],
    between: &str,
    most: usize,
    most_bytes: usize,
    shown: &impl Fn(&str) -> String,
) -> String {
    let mut text = String::new();
    let mut count = 0;
    for item in items.iter().take(most) {
        let item = shown(item);
        if count > 0 && text.len() + between.len() + item.len() > most_bytes {
            break;
        }
        if count > 0 {
            text.push_str(between);
        }
        text.push_str(&item);
        count += 1;
    }
    match items.len() - count {
        0 => text,
        more => {
            let before = if between == "\n" { "\n" } else { " " };
            format!("{text}{before}and {more} more")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reminder(names: usize) -> Reminder {
        Reminder {
            pool: "Cup".to_owned(),
            closes: "Wed 5 Jun 20:45 WEST".to_owned(),
            matches: vec!["Portugal – Spain".to_owned(), "France – Italy".to_owned()],
            missing: (1..=names).map(|no| format!("P{no}")).collect(),
            page: Some("https://pool.example".to_owned()),
        }
    }

    #[test]
    fn a_message_says_which_matches_and_who() {
        let said = reminder(2).body(str::to_owned);
        let wanted = "Betting closes on Wed 5 Jun 20:45 WEST:\nPortugal – Spain\nFrance – Italy\nStill missing: P1, \
            P2\nhttps://pool.example";
        assert_eq!(said, wanted);
        assert_eq!(reminder(2).title(str::to_owned), "Cup: bets are missing");
    }

    #[test]
    fn long_lists_are_bounded() {
        let said = reminder(62).body(str::to_owned);
        assert!(said.contains("P49, P50 and 12 more\n"), "{said}");
        let mut long = reminder(0);
        long.missing = vec!["名".repeat(32); 50];
        long.matches = vec!["x".repeat(131); 60];
        let said = long.body(|text| format!(r"\{text}"));
        assert!(said.len() < 1_700, "{}", said.len());
        assert!(
            said.contains("and 57 more\n") && said.contains("and 41 more\n"),
            "{said}"
        );
    }

    #[test]
    fn the_end_of_betting_is_told_in_a_zone() {
        let lisbon = TimeZone::get("Europe/Lisbon").expect("it is there");
        let said = moment(UnixSeconds(1_559_760_300), &lisbon);
        assert_eq!(said, "Wed 5 Jun 19:45 WEST");
    }
}
