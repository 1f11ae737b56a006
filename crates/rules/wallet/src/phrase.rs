//! The backup words (BIP-39, English).

use std::fmt;

use bip39::{Language, Mnemonic};
use pbkdf2::pbkdf2_hmac;
use sha2::Sha512;
use thiserror::Error;
use zeroize::Zeroizing;

/// The longest text that is looked at, in bytes: 24 words of 8 letters with room for spaces.
const MAX_TEXT_BYTES: usize = 1_024;

/// 12 to 24 words that bring every key of a wallet back. Wiped from memory when dropped, hidden in debug output.
#[derive(Clone, PartialEq, Eq)]
pub struct Phrase(Mnemonic);

/// Why a text is no backup phrase.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PhraseError {
    /// Too few or too many words.
    #[error("got {got} words, wanted 12, 15, 18, 21 or 24")]
    WordCount {
        /// The words found.
        got: usize,
    },
    /// A word that is not on the list.
    #[error("word {position} is `{word}`, which is not on the English BIP-39 list")]
    UnknownWord {
        /// The first such word, cut short.
        word: String,
        /// Its place, counted from 1.
        position: usize,
    },
    /// Known words that do not belong together.
    #[error(
        "every word is on the list, but their checksum is wrong: a word was swapped or mistaken for another"
    )]
    Checksum,
    /// Entropy that no phrase has.
    #[error("got {got} bytes of entropy, wanted 16, 20, 24, 28 or 32")]
    Entropy {
        /// The bytes found.
        got: usize,
    },
}

impl Phrase {
    /// Reads words as a person types them: any spaces and line breaks between them, upper or lower case.
    pub fn parse(text: &str) -> Result<Self, PhraseError> {
        let got = text.split_whitespace().count();
        if text.len() > MAX_TEXT_BYTES || !matches!(got, 12 | 15 | 18 | 21 | 24) {
            return Err(PhraseError::WordCount { got });
        }
        let mut plain = Zeroizing::new(String::with_capacity(MAX_TEXT_BYTES));
        for (position, word) in (1..).zip(text.split_whitespace()) {
            let word = Zeroizing::new(word.to_ascii_lowercase());
            if Language::English.find_word(&word).is_none() {
                return Err(PhraseError::UnknownWord {
                    word: word.chars().take(40).collect(),
                    position,
                });
            }
            if position > 1 {
                plain.push(' ');
            }
            plain.push_str(&word);
        }
        Mnemonic::parse_in_normalized(Language::English, &plain)
            .map(Self)
            .map_err(|_| PhraseError::Checksum)
    }

    /// The words, in their order.
    pub fn words(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.0.words()
    }

    /// The words for entropy that is kept or was drawn at random: 32 bytes for 24 words.
    pub fn from_entropy(entropy: &[u8]) -> Result<Self, PhraseError> {
        Mnemonic::from_entropy(entropy)
            .map(Self)
            .map_err(|_| PhraseError::Entropy { got: entropy.len() })
    }

    /// Gives the entropy that the words stand for, to be kept encrypted.
    #[must_use]
    pub fn entropy(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.0.to_entropy())
    }

    /// BIP-39's seed, under a passphrase that is empty in every wallet of ours.
    pub(crate) fn seed(&self, passphrase: &str) -> Zeroizing<[u8; 64]> {
        // With room for all of them: a text that grows leaves copies behind.
        let mut words = Zeroizing::new(String::with_capacity(MAX_TEXT_BYTES));
        for word in self.words() {
            if !words.is_empty() {
                words.push(' ');
            }
            words.push_str(word);
        }
        let salt = Zeroizing::new(["mnemonic", passphrase].concat());
        let mut seed = Zeroizing::new([0; 64]);
        pbkdf2_hmac::<Sha512>(
            words.as_bytes(),
            salt.as_bytes(),
            2_048,
            seed.as_mut_slice(),
        );
        seed
    }
}

/// The 2,048 words that phrases are made of.
pub fn word_list() -> impl Iterator<Item = &'static str> {
    Language::English.word_list().iter().copied()
}

impl fmt::Debug for Phrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Phrase(hidden)")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    struct Vectors {
        passphrase: String,
        vectors: Vec<Vector>,
    }

    #[derive(Deserialize)]
    struct Vector {
        entropy: String,
        words: String,
        seed: String,
    }

    #[test]
    fn published_vectors_hold() {
        let file: Vectors = serde_json::from_str(include_str!("../vectors/bip39.json")).unwrap();
        assert_eq!(file.vectors.len(), 24);
        for vector in file.vectors {
            let phrase = Phrase::from_entropy(&hex::decode(&vector.entropy).unwrap()).unwrap();
            assert_eq!(phrase.words().collect::<Vec<_>>().join(" "), vector.words);
            assert_eq!(Phrase::parse(&vector.words).unwrap(), phrase);
            assert_eq!(hex::encode(phrase.entropy()), vector.entropy);
            assert_eq!(hex::encode(*phrase.seed(&file.passphrase)), vector.seed);
        }
    }

    #[test]
    fn a_new_phrase_has_24_words_and_reads_back() {
        let phrase = Phrase::generate().unwrap();
        let words: Vec<_> = phrase.words().collect();
        assert_eq!(words.len(), 24);
        let typed = format!("  {}\n", words.join("  \n").to_uppercase());
        assert_eq!(Phrase::parse(&typed).unwrap(), phrase);
        assert_ne!(Phrase::generate().unwrap(), phrase);
    }

    #[test]
    fn the_wrong_word_is_named() {
        let mut words = ["abandon"; 12];
        words[11] = "about";
        words[2] = "Abandom";
        assert_eq!(
            Phrase::parse(&words.join(" ")),
            Err(PhraseError::UnknownWord {
                word: "abandom".into(),
                position: 3
            })
        );
        assert_eq!(
            Phrase::parse(&["abandon"; 12].join(" ")),
            Err(PhraseError::Checksum)
        );
        for count in [0, 1, 11, 13, 23, 25, 5_000] {
            assert_eq!(
                Phrase::parse(&vec!["abandon"; count].join(" ")),
                Err(PhraseError::WordCount { got: count })
            );
        }
    }

    #[test]
    fn debug_output_hides_the_words() {
        let shown = format!("{:?}", Phrase::generate().unwrap());
        assert_eq!(shown, "Phrase(hidden)");
    }
}
