//! Players' names: kept as written, compared by the PRECIS Nickname profile (RFC 8266).

mod characters;
mod normal;
mod profile;

use std::fmt;

use borsh::{BorshDeserialize, BorshSerialize};
use serde::Serialize;
use thiserror::Error;

use crate::text::{Text, text_type};

/// The characters that every account begins with.
const ACCOUNT_START: &str = "bolao1";

/// The longest name, in characters.
const MAX_CHARACTERS: usize = 32;

/// A name as its player wrote it, spaces collapsed: 1 to 32 printable characters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize, Serialize)]
pub struct Name(Text<MAX_CHARACTERS>);

/// A name in the form in which two are compared: the profile's comparison form.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize, BorshDeserialize)]
pub struct FoldedName(String);

/// Why a text is no name.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "got a name that cannot be used ({reason}), wanted 1 to {MAX_CHARACTERS} printable characters"
)]
pub struct NameError {
    reason: String,
}

impl NameError {
    fn new(reason: impl fmt::Display) -> Self {
        Self {
            reason: reason.to_string(),
        }
    }
}

/// Words of roles, in the languages of the page: what names of new players are not, so that nobody takes a player for somebody
/// who decides, or for the program.
pub const ROLES: [&str; 37] = [
    "admin",
    "administrador",
    "administradora",
    "administrator",
    "anfitriã",
    "anfitrião",
    "arbitro",
    "bolao",
    "bolão",
    "gastgeber",
    "gastgeberin",
    "genesis",
    "host",
    "moderador",
    "moderator",
    "nobody",
    "organisator",
    "organisatorin",
    "organiser",
    "organisers",
    "organizador",
    "organizadora",
    "organizer",
    "organizers",
    "referee",
    "schiedsrichter",
    "sistema",
    "spielleiter",
    "spielleiterin",
    "system",
    "validador",
    "validator",
    "validatoren",
    "validators",
    "veranstalter",
    "veranstalterin",
    "verwalter",
];

/// Finds what in the name of a new player others could take for more than a name: a word such as `organiser`, a bracket, in
/// which programs add "(you)", or a comma or semicolon, by which they list names. No rule of the chain: programs ask before they sign, and nodes before they pass a joining on.
pub fn misleading(name: &str) -> Option<String> {
    if let Some(sign) = name.chars().find(|c| "()[],;".contains(*c)) {
        return Some(sign.into());
    }
    let plain: String = name.chars().flat_map(char::to_lowercase).collect();
    if ["me", "you", "ich", "du", "eu", "você"].contains(&plain.as_str()) {
        return Some(plain);
    }
    // Letters that only write sounds down: `ʌ` and `ᴀ` pass for others.
    let sound = |c: &char| matches!(*c, 'ʌ' | '\u{1d00}'..='\u{1dbf}');
    if let Some(sound) = plain.chars().find(sound) {
        return Some(sound.into());
    }
    let mut words = plain.split(|c: char| !c.is_alphanumeric());
    words.find(|word| ROLES.contains(word)).map(Into::into)
}

impl Name {
    /// Takes a name as a person typed it; spaces are trimmed and collapsed.
    pub fn new(text: &str) -> Result<Self, NameError> {
        if text.len() > 4 * MAX_CHARACTERS {
            return Err(NameError::new(format_args!("{} bytes long", text.len())));
        }
        if text.trim().is_empty() {
            return Err(NameError::new("it is empty"));
        }
        let enforced = if is_plain(text) {
            text.to_owned()
        } else {
            profile::enforced(text).map_err(NameError::new)?
        };
        let name = Self(Text::new(enforced).map_err(NameError::new)?);
        // # Rule J5: a name begins with a character of its own, holds nothing that does not show, and does not look like
        // # an account.
        if name.as_str().chars().next().is_some_and(profile::is_mark) {
            return Err(NameError::new(
                "it begins with a mark that belongs on a letter",
            ));
        }
        if FoldedName::of(name.as_str())?
            .as_str()
            .starts_with(ACCOUNT_START)
        {
            return Err(NameError::new("it looks like an account"));
        }
        Ok(name)
    }

    /// The form by which names are compared.
    #[must_use]
    pub fn folded(&self) -> FoldedName {
        FoldedName::of(self.as_str()).expect("checked when the name was made")
    }
}

/// Whether the profile leaves a text as it is, and folds it by ASCII alone: printable ASCII, words parted by one space.
/// Most names are, and every stored account holds one.
fn is_plain(text: &str) -> bool {
    let printable = |byte: u8| byte.is_ascii_graphic() || byte == b' ';
    !text.is_empty()
        && text.bytes().all(printable)
        && !text.starts_with(' ')
        && !text.ends_with(' ')
        && !text.as_bytes().windows(2).any(|pair| pair == b"  ")
}

impl FoldedName {
    /// Folds a text; two texts name the same player exactly when this is equal.
    pub fn of(text: &str) -> Result<Self, NameError> {
        if text.len() > 4 * MAX_CHARACTERS {
            return Err(NameError::new(format_args!("{} bytes long", text.len())));
        }
        if is_plain(text) {
            return Ok(Self(text.to_ascii_lowercase()));
        }
        Ok(Self(profile::folded(text).map_err(NameError::new)?))
    }

    /// The folded text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The form in which a text is compared that people choose by its look: folded as a name is, where it could be one, and without
/// spaces and ASCII punctuation, unless it has nothing else.
#[must_use]
pub fn alike(text: &str) -> String {
    let folded = if is_plain(text) {
        text.to_ascii_lowercase()
    } else {
        profile::folded(text).unwrap_or_else(|_| text.to_owned())
    };
    let says = |c: &char| !c.is_ascii_punctuation() && *c != ' ';
    let bare: String = folded.chars().filter(says).collect();
    if bare.is_empty() { folded } else { bare }
}

impl FoldedName {
    /// Takes back what [`Self::as_str`] gave.
    pub(crate) const fn from_folded(folded: String) -> Self {
        Self(folded)
    }
}

text_type!(Name, NameError);

#[cfg(test)]
mod tests;
