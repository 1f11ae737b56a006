//! Labels: the names that homes have below a relay's domain.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

const MOST_BYTES: usize = 40;
/// Labels that visitors would take for the relay's own, or that mail and certificates have a use for.
const RESERVED: &str = "admin api autoconfig autodiscover ftp imap localhost mail mta-sts ns ns1 ns2 relay smtp wpad www";

/// A label: the first part of the name of a home, such as `ana` of `ana.relay.example`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Label(String);

/// Why a text is no label.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LabelError {
    /// Not the form of a label.
    #[error(
        "got `{0}` as a label, wanted 1 to {MOST_BYTES} of a-z, 0-9 and, between them, `-`: such as `ana` or `our-cup`"
    )]
    Form(String),
    /// A name that no home may have.
    #[error("the label `{0}` is reserved: choose another, such as a name of your own")]
    Reserved(String),
}

impl FromStr for Label {
    type Err = LabelError;

    fn from_str(text: &str) -> Result<Self, LabelError> {
        let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let is_edge = |byte: Option<&u8>| byte.is_some_and(|byte| is_letter(*byte));
        let bytes = text.as_bytes();
        // `xn--`: another name to the eye than to the computer.
        let has_form = bytes.len() <= MOST_BYTES
            && is_edge(bytes.first())
            && is_edge(bytes.last())
            && bytes.iter().all(|byte| is_letter(*byte) || *byte == b'-')
            && bytes.get(2..4) != Some(b"--");
        if !has_form {
            return Err(LabelError::Form(text.to_owned()));
        }
        if RESERVED.split(' ').any(|reserved| reserved == text) {
            return Err(LabelError::Reserved(text.to_owned()));
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Label {
    type Error = LabelError;

    fn try_from(text: String) -> Result<Self, LabelError> {
        text.parse()
    }
}

impl From<Label> for String {
    fn from(label: Label) -> Self {
        label.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_parts_of_names() {
        let long = "x".repeat(MOST_BYTES);
        for good in ["a", "7", "our-cup", "a--b", &long] {
            assert!(good.parse::<Label>().is_ok(), "{good}");
        }
        let longer = "x".repeat(MOST_BYTES + 1);
        for bad in [
            "", "-a", "a-", "a.b", "A", "ä", "a b", "xn--a", "www", "ns1", &longer,
        ] {
            assert!(bad.parse::<Label>().is_err(), "{bad}");
        }
    }
}
