//! The player's keys.

use bolao_ledger::AccountId;
use bolao_wallet::{KeptWords, Key, KeyIndex, Keyring, Phrase, PhraseError, SealError, word_list};

use crate::{
    object::{AnswerText, object},
    refusal::Refusal,
};

/// Words of the list shown for one that is not on it.
const NEAR: usize = 3;
/// The number of letters that such a word may differ by.
const LETTERS: usize = 2;

/// Keys in memory, and the words that they come from.
#[derive(Debug)]
pub(crate) struct Held {
    phrase: Phrase,
    key: Key,
}

impl Held {
    fn of(phrase: Phrase) -> Self {
        let key = Keyring::new(&phrase).key(KeyIndex::PLAYER);
        Self { phrase, key }
    }

    /// New keys of random bytes.
    pub(crate) fn new(entropy: &[u8; 32]) -> Result<Self, Refusal> {
        let phrase = Phrase::from_entropy(entropy);
        Ok(Self::of(phrase.map_err(|error| refusal(&error))?))
    }

    pub(crate) fn restore(words: &str) -> Result<Self, Refusal> {
        let phrase = Phrase::parse(words);
        Ok(Self::of(phrase.map_err(|error| refusal(&error))?))
    }

    pub(crate) fn open(kept: &str, passphrase: &str) -> Result<Self, Refusal> {
        let kept = KeptWords::parse(kept).map_err(|error| unreadable(&error))?;
        let phrase = kept.open(passphrase).map_err(|error| match error {
            SealError::WrongPassphrase => {
                Refusal::new("wrong-passphrase", "the passphrase is wrong: try again")
            }
            error => unreadable(&error),
        })?;
        Ok(Self::of(phrase))
    }

    pub(crate) fn keep(
        &self,
        passphrase: &str,
        salt: [u8; 16],
        nonce: [u8; 24],
    ) -> Result<String, Refusal> {
        KeptWords::seal(&self.phrase, passphrase, salt, nonce)
            .map_err(|error| Refusal::new("not-kept", error))
    }

    pub(crate) fn words(&self) -> Vec<&'static str> {
        self.phrase.words().collect()
    }

    pub(crate) const fn key(&self) -> &Key {
        &self.key
    }

    pub(crate) fn account(&self) -> AccountId {
        self.key.account()
    }
}

pub(crate) fn missing() -> Refusal {
    Refusal::new(
        "no-keys",
        "there are no keys here: make new ones or restore yours",
    )
}

/// Checks words: the error, and the words that were perhaps meant; else whose they are.
pub(crate) fn check_words(words: &str) -> AnswerText {
    let error = match Phrase::parse(words) {
        Ok(phrase) => return object!({ "ok": true, "account": Held::of(phrase).account() }),
        Err(error) => error,
    };
    let message = error.to_string();
    match error {
        PhraseError::UnknownWord { word, position } => object!({
            "ok": false, "problem": "unknown", "position": position, "near": near(&word), "word": word,
            "message": message,
        }),
        PhraseError::Checksum => {
            object!({ "ok": false, "problem": "checksum", "near": [(); 0], "message": message })
        }
        _ => object!({ "ok": false, "problem": "count", "near": [(); 0], "message": message }),
    }
}

/// The words of the list that look most like another.
fn near(word: &str) -> Vec<&'static str> {
    let found: Vec<(usize, &str)> = word_list()
        .map(|known| (strsim::osa_distance(known, word), known))
        .filter(|(letters, known)| *letters <= LETTERS || known.starts_with(word))
        .collect();
    // The list is in the order of the alphabet, its words are of 8 letters at most.
    let by_letters = |letters| found.iter().filter(move |(other, _)| *other == letters);
    let near = (0..=8).flat_map(by_letters).take(NEAR);
    near.map(|(_, known)| *known).collect()
}

fn refusal(error: &PhraseError) -> Refusal {
    Refusal::new("bad-words", error)
}

fn unreadable(error: &SealError) -> Refusal {
    Refusal::new(
        "kept-damaged",
        format_args!("{error}: restore your keys from your words"),
    )
}
