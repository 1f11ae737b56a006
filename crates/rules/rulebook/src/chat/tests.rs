use std::collections::BTreeSet;

use super::*;
use crate::language::TRANSLATIONS;

fn chat(language: Language) -> Chat {
    Chat {
        language,
        zone: TimeZone::get("Europe/Lisbon").expect("it is there"),
        shown: str::to_owned,
    }
}

#[test]
fn the_end_of_betting_is_told_in_a_zone_and_a_language() {
    let at = UnixSeconds(1_559_760_300);
    for (language, wanted) in [
        (Language::English, "Betting closes on Wed 5 Jun 19:45 WEST:"),
        (
            Language::German,
            "Tippen kann man bis Mi., 5. Juni, 19:45 WEST:",
        ),
        (
            Language::Portuguese,
            "Dá para palpitar até qua., 5 de junho, 19:45 WEST:",
        ),
    ] {
        let said = CLOSES.with([("at", at.into())]);
        assert_eq!(chat(language).says(&said, &Nameless), wanted);
    }
}

#[test]
fn texts_of_players_are_shown_as_the_chat_wants_it_and_sentences_as_they_are() {
    let chat = Chat {
        shown: |text| format!("<{text}>"),
        ..chat(Language::German)
    };
    let some = SOME_OF.with([
        ("name", "Ana".into()),
        ("some", 1_u32.into()),
        ("all", 2_u32.into()),
    ]);
    assert_eq!(chat.says(&some, &Nameless), "<Ana> (1 von 2)");
}

/// Each day and month of a year, as a date has them.
fn names() -> BTreeSet<String> {
    let first = Timestamp::UNIX_EPOCH.to_zoned(TimeZone::UTC);
    let days = (0..366).map(|day| first.saturating_add(jiff::Span::new().days(day)));
    days.flat_map(|it| ["%a", "%b"].map(|of| it.strftime(of).to_string()))
        .collect()
}

#[test]
fn all_that_is_said_in_a_chat_is_translated_and_nothing_else_is() {
    let said = ALL.iter().chain(recap::ALL).map(|it| it.0.to_owned());
    let rounds = recap::ROUNDS.map(str::to_owned);
    let said: BTreeSet<String> = said.chain(rounds).chain(names()).collect();
    let translated: BTreeSet<String> = TRANSLATIONS.keys().cloned().collect();
    assert_eq!(said, translated);
    for (template, to) in &*TRANSLATIONS {
        for text in [&to.de, &to.pt] {
            assert_eq!(places(text), places(template), "{template}: {text}");
        }
    }
}

/// The names of what stands in a template.
fn places(template: &str) -> BTreeSet<&str> {
    let inside = template.split('{').skip(1);
    let names = inside.filter_map(|it| it.split(['}', ',', ' ']).next());
    names
        .filter(|it| it.starts_with(char::is_lowercase))
        .collect()
}
