//! How texts look to people (UTS 39): what a node asks of the name of a newcomer, and of what organisers sign that players choose by
//! its look, besides the ledger's rules.
//!
//! The tables stand here and not in the ledger: they are no rule of the chain, since they grow with Unicode, and a web page has
//! no room for them.

use std::collections::{BTreeMap, BTreeSet};

use bolao_ledger::{
    Action, Fixture, Genesis, MatchNo, Name, Named, ROLES, Reason, StateView, Title, TxBody, alike,
    item::{Asks, Question},
    misleading,
    table::Accounts,
};
use bolao_store::StoreError;
use unicode_security::{
    MixedScript as _, RestrictionLevel, RestrictionLevelDetection as _,
    confusable_detection::skeleton,
};

use crate::{error::AdmitError, io::Rejection};

/// Gives the looks of a name, as written, without regard to case, and without its signs and emoji: two names look alike if they share
/// one of these.
#[must_use]
pub fn looks(name: &Name) -> BTreeSet<String> {
    let folded = name.folded();
    let bare = words(folded.as_str()).collect::<Vec<_>>().join(" ");
    let texts = [name.as_str(), folded.as_str(), &bare];
    let looks = texts.map(look).into_iter();
    looks.filter(|look| !look.is_empty()).collect()
}

fn look(text: &str) -> String {
    skeleton(text).flat_map(char::to_lowercase).collect()
}

/// The looks of all names that are taken, and of what players choose from, read once they are asked for.
#[derive(Debug, Default)]
pub(crate) struct Looks {
    names: Option<BTreeSet<String>>,
    chosen: Option<Chosen>,
}

/// The texts that players choose from: by its look, what it is compared by and the number that it belongs to.
#[derive(Debug, Default)]
struct Chosen {
    teams: BTreeMap<String, BTreeSet<(String, MatchNo)>>,
    codes: BTreeMap<String, BTreeSet<(String, MatchNo)>>,
    questions: BTreeMap<String, BTreeSet<(String, MatchNo)>>,
}

impl Chosen {
    fn read<S: StateView>(state: &S) -> Result<Self, S::Error> {
        let mut chosen = Self::default();
        for item in state.items()? {
            chosen.add(item.of, item.code.as_str(), &item.title);
        }
        Ok(chosen)
    }

    fn add(&mut self, no: MatchNo, code: &str, title: &Title) {
        note(&mut self.codes, code, no);
        match title {
            Title::Teams { home, away } => {
                for team in [home, away] {
                    if !team.is_placeholder() {
                        note(&mut self.teams, team.name.as_str(), no);
                    }
                }
            }
            Title::Question(text) => note(&mut self.questions, text.as_str(), no),
        }
    }
}

/// The looks of a text that players choose by: as it is compared, as written, in capitals, which may look like other letters than small
/// ones do, and without its signs and emoji.
fn looks_of(text: &str) -> BTreeSet<String> {
    let bare = words(text).collect::<String>();
    let capitals = bare.to_uppercase();
    let texts = [
        alike(text),
        alike(&look(text)),
        alike(&look(&bare)),
        alike(&look(&capitals)),
    ];
    let looks = texts.iter().map(|text| look(text));
    looks.filter(|look| !look.is_empty()).collect()
}

fn note(texts: &mut BTreeMap<String, BTreeSet<(String, MatchNo)>>, text: &str, no: MatchNo) {
    for look in looks_of(text) {
        let entry = texts.entry(look).or_default();
        entry.insert((alike(text), no));
    }
}

/// Whether a text looks like another one of another number; `same`: whether one that is compared alike counts.
fn is_taken(
    texts: &BTreeMap<String, BTreeSet<(String, MatchNo)>>,
    text: &str,
    no: MatchNo,
    same: bool,
) -> bool {
    let looks = looks_of(text).into_iter();
    let there = looks.filter_map(|look| texts.get(&look)).flatten();
    let mut others = there.filter(|(_, of)| *of != no);
    others.any(|(other, _)| same || *other != alike(text))
}

impl Looks {
    /// Refuses to let somebody join under a name that others could take for more than a name, or for another player's.
    pub(crate) fn check<S: StateView<Error = StoreError>>(
        &mut self,
        genesis: &Genesis,
        state: &S,
        body: &TxBody,
    ) -> Result<(), AdmitError> {
        let name = match body.action.named() {
            Named::Player(name) => name,
            Named::Fixture(fixture) => return self.check_fixture(state, fixture),
            Named::Question(question) => return self.check_question(state, question),
            Named::Nothing => return Ok(()),
        };
        // The ledger says more of these.
        // # Rule J6: a name that is kept was somebody's before, who may have it again, however it looks.
        let (folded, next) = (name.folded(), genesis.rules.features.next.as_ref());
        let is_kept = next.is_some_and(|it| it.owner_of(&folded).is_some());
        if is_kept
            || state.account(&body.account)?.is_some()
            || state.name_owner(&folded)?.is_some()
        {
            return Ok(());
        }
        // # Rule J6: a node takes no joining under a name that could be taken for more than a name, or for another player's.
        if let Some(part) = role(name) {
            return Err(refused(format!(
                "`{part}` in the name `{name}` could mislead others: choose another name"
            )));
        }
        if let Some(word) = words(name.as_str()).find(|word| is_mixed(word)) {
            return Err(refused(format!(
                "`{word}` in the name `{name}` mixes letters of several alphabets, which can look like another name: choose another"
            )));
        }
        let taken = match &mut self.names {
            Some(taken) => taken,
            none => none.insert(taken(genesis, state)?),
        };
        if looks(name).iter().any(|look| taken.contains(look)) {
            return Err(refused(format!(
                "the name `{name}` looks like another player's: choose another"
            )));
        }
        if lists(name).is_some_and(|mut all| all.all(|one| taken.contains(&one))) {
            return Err(refused(format!(
                "the name `{name}` reads as several players': choose another"
            )));
        }
        Ok(())
    }

    fn chosen<S: StateView<Error = StoreError>>(
        &mut self,
        state: &S,
    ) -> Result<&Chosen, StoreError> {
        Ok(match &mut self.chosen {
            Some(chosen) => chosen,
            none => none.insert(Chosen::read(state)?),
        })
    }

    /// # Rule J7: a node takes no schedule with a team that looks like another one without having its name.
    fn check_fixture<S: StateView<Error = StoreError>>(
        &mut self,
        state: &S,
        fixture: &Fixture,
    ) -> Result<(), AdmitError> {
        let chosen = self.chosen(state)?;
        for team in [&fixture.home, &fixture.away] {
            let name = team.name.as_str();
            if !team.is_placeholder() && is_taken(&chosen.teams, name, fixture.no, false) {
                return Err(refused(format!(
                    "`{name}` looks like another team of this pool and is spelt with other letters: type that team's name again"
                )));
            }
        }
        Ok(())
    }

    /// # Rule J7: a node takes no question whose options look alike, or whose text or code looks like another one's.
    fn check_question<S: StateView<Error = StoreError>>(
        &mut self,
        state: &S,
        question: &Question,
    ) -> Result<(), AdmitError> {
        if let Asks::Choice { options, .. } = &question.asks {
            let mut seen = BTreeSet::new();
            for option in options {
                let looks = looks_of(option.as_str());
                let is_taken = looks.iter().any(|look| seen.contains(look));
                seen.extend(looks);
                if is_taken {
                    return Err(refused(format!(
                        "the option `{}` looks like another one of this question: choose another",
                        option.as_str()
                    )));
                }
            }
        }
        let (no, chosen) = (question.no, self.chosen(state)?);
        for (what, text, texts, same) in [
            ("text", question.text.as_str(), &chosen.questions, true),
            ("code", question.code.as_str(), &chosen.codes, false),
        ] {
            if is_taken(texts, text, no, same) {
                return Err(refused(format!(
                    "the {what} `{text}` looks like that of something else in this pool: choose another"
                )));
            }
        }
        Ok(())
    }

    /// Notes what an action has added.
    pub(crate) fn add(&mut self, action: &Action) {
        match action.named() {
            Named::Player(name) => {
                if let Some(taken) = &mut self.names {
                    taken.extend(looks(name));
                }
            }
            Named::Fixture(fixture) => {
                if let Some(chosen) = &mut self.chosen {
                    chosen.add(fixture.no, fixture.code.as_str(), &fixture.into());
                }
            }
            Named::Question(question) => {
                if let Some(chosen) = &mut self.chosen {
                    let title = Title::Question(question.text.clone());
                    chosen.add(question.no, question.code.as_str(), &title);
                }
            }
            Named::Nothing => {}
        }
    }
}

fn refused(message: String) -> AdmitError {
    Rejection::new(Reason::MisleadingName, message).into()
}

/// The looks of the names of players, and of those that are kept for some.
fn taken<S: StateView>(genesis: &Genesis, state: &S) -> Result<BTreeSet<String>, S::Error> {
    let accounts = state.scan::<Accounts>(&(), None, usize::MAX)?;
    let next = genesis.rules.features.next.iter();
    let kept = next.flat_map(|it| &it.known).map(|it| &it.name);
    let names = accounts.iter().map(|(_, it)| &it.name);
    Ok(names.chain(kept).flat_map(looks).collect())
}

/// The looks of the names that a name lists, such as `ana & bruno`, if it lists several.
fn lists(name: &Name) -> Option<impl Iterator<Item = String>> {
    const JOINTS: [&str; 7] = ["&", "+", "/", "and", "und", "e", "y"];
    let folded = name.folded();
    let spaced = folded.as_str().replace(['&', '+', '/'], " & ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let names = words.split(|word| JOINTS.contains(word));
    let looks: Vec<String> = names.map(|name| look(&name.join(" "))).collect();
    (looks.len() > 1).then(|| looks.into_iter())
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    words.filter(|word| !word.is_empty())
}

/// Finds what in a name could be taken for more than a name, however it is spelt.
fn role(name: &Name) -> Option<String> {
    let folded = name.folded();
    misleading(name.as_str()).or_else(|| {
        let mut words = words(folded.as_str());
        let meant = words.find_map(|word| ROLES.iter().find(|role| look(role) == look(word)));
        meant.map(ToString::to_string)
    })
}

/// Whether a word is of several alphabets that are not written together: Latin and Japanese are, Latin and Cyrillic are not.
fn is_mixed(word: &str) -> bool {
    let letters: String = word.chars().filter(|c| c.is_alphabetic()).collect();
    !letters.as_str().is_single_script()
        && !letters.check_restriction_level(RestrictionLevel::HighlyRestrictive)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn name(text: &str) -> Name {
        Name::new(text).unwrap()
    }

    #[test]
    fn words_of_roles_are_seen_through() {
        for text in [
            "ana (host)",
            "Organiser",
            "ѕystem",
            "the hοst",
            "Bolão",
            "0rganiser",
            "Referee",
            "Me",
            "ʌna",
            "ᴀɴᴀ",
            "bruno, carla",
        ] {
            assert!(role(&name(text)).is_some(), "{text}");
        }
        for text in ["Ana", "Hosta", "Hans Admiral", "systematic", "Kɔfi", "Meg"] {
            assert_eq!(role(&name(text)), None, "{text}");
        }
    }

    #[test]
    fn names_that_list_players() {
        let lists = |text: &str| lists(&name(text)).map(Vec::from_iter);
        for text in ["Ana & Bruno", "ana und bruno", "ana+bruno", "Ana e Bruno"] {
            assert_eq!(
                lists(text),
                Some(vec!["ana".to_owned(), "bruno".to_owned()])
            );
        }
        assert_eq!(lists("Sandy Brown"), None);
    }

    #[test]
    fn alphabets_that_people_mix_are_no_disguise() {
        let is_mixed = |text: &str| words(text).any(is_mixed);
        for text in ["anа", "Αna", "Дima"] {
            assert!(is_mixed(text), "{text}");
        }
        for text in [
            "Ana",
            "José",
            "Zoë Müller",
            "Оля",
            "Ана Ana",
            "Ελένη",
            "東京Taro",
            "さくらサクラ桜",
            "김 Kim",
            "אבי",
            "محمد",
            "R2-D2",
            "Ana 🎉",
            "O'Neil",
            "Łukasz_7",
            "ნინო",
            "नीरज",
        ] {
            assert!(!is_mixed(text), "{text}");
        }
    }

    #[test]
    fn texts_to_choose_from_that_look_alike() {
        let alike = |a: &str, b: &str| !looks_of(a).is_disjoint(&looks_of(b));
        for (a, b) in [
            ("Brazil", "Brаzil"),
            ("Brazil", "Вrazil"),
            ("Brazil", "ΒRΑΖΙL"),
            ("Spain", "SPΑΙΝ"),
            ("H2", "Н2"),
            ("Brazil", "BRAZIL"),
            ("Brazil", "Brazil."),
            ("Brazil", "Bra zil"),
            ("Brazil", "“Brazil”"),
            ("Brazil", "Brazil–"),
            ("Brazil", "Brazil 🇧🇷"),
        ] {
            assert!(alike(a, b), "{a} {b}");
        }
        for (a, b) in [("Brazil", "Spain"), ("+", "-"), ("Group A", "Group B")] {
            assert!(!alike(a, b), "{a} {b}");
        }
    }

    #[test]
    fn names_that_look_alike() {
        let alike = |a: &str, b: &str| !looks(&name(a)).is_disjoint(&looks(&name(b)));
        for (a, b) in [
            ("ana", "аnа"),
            ("Luca", "Iuca"),
            ("luca", "Iuca"),
            ("Tim", "Tirn"),
            ("Оля", "Oля"),
            ("ANA", "ana"),
            ("ana", "ana_"),
            ("ana", "👑 Ana"),
        ] {
            assert!(alike(a, b), "{a} {b}");
        }
        for (a, b) in [
            ("Ana", "Anna"),
            ("Jose", "José"),
            ("Leo", "Lea"),
            ("Player 1", "Player 2"),
            ("👑", "⚽"),
        ] {
            assert!(!alike(a, b), "{a} {b}");
        }
    }
}
