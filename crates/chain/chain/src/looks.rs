//! How names look to people (UTS 39): what a node asks of the name of a newcomer, besides the ledger's rules.
//!
//! The tables stand here and not in the ledger: they are no rule of the chain, since they grow with Unicode, and a web page has
//! no room for them.

use std::collections::BTreeSet;

use bolao_ledger::{Action, Name, ROLES, Reason, StateView, TxBody, misleading, table::Accounts};
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

/// The looks of all names that are taken, read once they are asked for.
#[derive(Debug, Default)]
pub(crate) struct Looks(Option<BTreeSet<String>>);

impl Looks {
    /// Refuses to let somebody join under a name that others could take for more than a name, or for another player's.
    pub(crate) fn check<S: StateView<Error = StoreError>>(
        &mut self,
        state: &S,
        body: &TxBody,
    ) -> Result<(), AdmitError> {
        let Action::Join { name, .. } = &body.action else {
            return Ok(());
        };
        // The ledger says more of these.
        if state.account(&body.account)?.is_some() || state.name_owner(&name.folded())?.is_some() {
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
        let taken = match &mut self.0 {
            Some(taken) => taken,
            none => none.insert(taken(state)?),
        };
        if looks(name).iter().any(|look| taken.contains(look)) {
            return Err(refused(format!(
                "the name `{name}` looks like another player's: choose another"
            )));
        }
        Ok(())
    }

    /// Notes the name of somebody who has just joined.
    pub(crate) fn add(&mut self, action: &Action) {
        if let (Some(taken), Action::Join { name, .. }) = (&mut self.0, action) {
            taken.extend(looks(name));
        }
    }
}

fn refused(message: String) -> AdmitError {
    Rejection::new(Reason::MisleadingName, message).into()
}

fn taken<S: StateView>(state: &S) -> Result<BTreeSet<String>, S::Error> {
    let accounts = state.scan::<Accounts>(&(), None, usize::MAX)?;
    Ok(accounts
        .iter()
        .flat_map(|(_, it)| looks(&it.name))
        .collect())
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
        ] {
            assert!(role(&name(text)).is_some(), "{text}");
        }
        for text in ["Ana", "Hosta", "Hans Admiral", "systematic", "Kɔfi", "Meg"] {
            assert_eq!(role(&name(text)), None, "{text}");
        }
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
