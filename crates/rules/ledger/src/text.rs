//! Short texts that people read: bounded, printable, trimmed.

use std::{fmt, ops::Deref, str::FromStr};

use borsh::{BorshDeserialize, BorshSerialize, io};
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use thiserror::Error;

/// A printable text of 1 to `MAX` characters without leading or trailing space.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize, Serialize)]
pub struct Text<const MAX: usize>(String);

/// Why a text is refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TextError {
    /// Nothing there, or too much.
    #[error("got a text of {got} characters, wanted 1 to {max}")]
    Length {
        /// The number of characters given.
        got: usize,
        /// The most that are allowed.
        max: usize,
    },
    /// A character that cannot be shown.
    #[error("got the character {got:?}, wanted only printable ones")]
    Control {
        /// The first such character.
        got: char,
    },
    /// A character that has no place in a match's code.
    #[error("got the character {got:?} in a code, wanted only letters A to Z, digits, `-` and `_`")]
    Code {
        /// The first such character.
        got: char,
    },
    /// Space around the text.
    #[error("got a text that begins or ends with a space, wanted none there")]
    Untrimmed,
}

impl<const MAX: usize> Text<MAX> {
    /// Takes a text that is already within the limits.
    pub fn new(text: impl Into<String>) -> Result<Self, TextError> {
        let text = text.into();
        check(&text, MAX)?;
        Ok(Self(text))
    }

    /// The text as a string.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn check(text: &str, max: usize) -> Result<(), TextError> {
    let got = text.chars().count();
    if got == 0 || got > max {
        return Err(TextError::Length { got, max });
    }
    let mut before = ' ';
    for got in text.chars() {
        // A style that is chosen for a sign shows; after a letter it would only make two texts differ.
        let chooses_style = matches!(got, '\u{fe0e}' | '\u{fe0f}')
            && !before.is_alphanumeric()
            && !before.is_whitespace()
            && !is_invisible(before);
        if is_invisible(got) && !chooses_style {
            return Err(TextError::Control { got });
        }
        before = got;
    }
    if text.trim() != text {
        return Err(TextError::Untrimmed);
    }
    Ok(())
}

/// Control characters, those that turn the direction of a line so that it reads as something else, and those that show
/// nothing: Unicode's default ignorable code points, its invisible format characters and the blank Braille pattern.
#[must_use]
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{70f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{13430}'..='\u{13442}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

impl<const MAX: usize> Deref for Text<MAX> {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl<const MAX: usize> fmt::Display for Text<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<const MAX: usize> fmt::Debug for Text<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<const MAX: usize> FromStr for Text<MAX> {
    type Err = TextError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::new(text)
    }
}

impl<const MAX: usize> BorshDeserialize for Text<MAX> {
    fn deserialize_reader<R: io::Read>(reader: &mut R) -> io::Result<Self> {
        Self::new(String::deserialize_reader(reader)?).map_err(crate::codec::invalid)
    }
}

impl<'de, const MAX: usize> Deserialize<'de> for Text<MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(<String as Deserialize>::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// A type around a [`Text`] that its own `new` checks: it is shown as the text, and read by `new` wherever it stands.
macro_rules! text_type {
    ($name:ident, $error:ty) => {
        impl $name {
            /// The text as a string.
            #[must_use]
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }
        }

        impl std::ops::Deref for $name {
            type Target = str;

            fn deref(&self) -> &str {
                self.as_str()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(&self.0, f)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Debug::fmt(&self.0, f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::new(text)
            }
        }

        impl borsh::BorshDeserialize for $name {
            fn deserialize_reader<R: borsh::io::Read>(reader: &mut R) -> borsh::io::Result<Self> {
                let text = String::deserialize_reader(reader)?;
                match Self::new(&text) {
                    Ok(value) if value.as_str() == text => Ok(value),
                    Ok(_) => Err($crate::codec::invalid(format_args!(
                        "`{text}` is not in its canonical form"
                    ))),
                    Err(error) => Err($crate::codec::invalid(error)),
                }
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                Self::new(&text).map_err(serde::de::Error::custom)
            }
        }
    };
}

pub(crate) use text_type;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    type Short = Text<64>;

    #[test]
    fn what_does_not_show_is_refused() {
        for hidden in [
            '\u{ad}',
            '\u{34f}',
            '\u{61c}',
            '\u{115f}',
            '\u{180e}',
            '\u{200b}',
            '\u{200d}',
            '\u{202e}',
            '\u{2060}',
            '\u{2800}',
            '\u{3164}',
            '\u{fe00}',
            '\u{feff}',
            '\u{ffa0}',
            '\u{e0067}',
            '\u{7}',
        ] {
            let text = format!("Co{hidden}pa");
            assert_eq!(Short::new(text), Err(TextError::Control { got: hidden }));
        }
    }

    #[test]
    fn what_shows_is_taken() {
        for text in [
            "São Tomé e Príncipe",
            "日本 – 대한민국",
            "مصر",
            "Copa ⚽\u{fe0f} 2026",
            "❤\u{fe0f}",
        ] {
            assert_eq!(Short::new(text).unwrap().as_str(), text);
        }
        for text in [
            "Copa\u{fe0f}",
            "Copa \u{fe0f}2",
            "\u{fe0f}",
            "⚽\u{fe0f}\u{fe0f}",
        ] {
            assert!(Short::new(text).is_err(), "{text:?}");
        }
    }
}
