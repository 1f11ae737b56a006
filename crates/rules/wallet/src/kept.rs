//! A wallet as a page keeps it in its browser: the text of a wallet file, with a key derivation that phones bear.

use std::collections::BTreeMap;

use crate::{
    contents::Contents,
    phrase::Phrase,
    sealed::{Cost, FileKey, SealError, Sealed},
};

/// Words under a passphrase, which may be empty.
#[derive(Debug)]
pub struct KeptWords(Sealed);

impl KeptWords {
    /// Encrypts words; salt and nonce are random.
    ///
    /// # Errors
    /// There is not the memory that the key derivation takes.
    pub fn seal(
        phrase: &Phrase,
        passphrase: &str,
        salt: [u8; 16],
        nonce: [u8; 24],
    ) -> Result<String, SealError> {
        let key = FileKey::create(passphrase, Cost::Page, salt)?;
        key.seal(&Contents::new(phrase, BTreeMap::new()), nonce)
    }

    /// Reads a text; nothing is decrypted yet.
    ///
    /// # Errors
    /// It is no wallet, or a later program's.
    pub fn parse(text: &str) -> Result<Self, SealError> {
        Sealed::parse(text.as_bytes()).map(Self)
    }

    /// Whether there is a passphrase to ask for.
    #[must_use]
    pub const fn wants_passphrase(&self) -> bool {
        self.0.wants_passphrase()
    }

    /// Opens it with its passphrase and gives the words.
    ///
    /// # Errors
    /// The passphrase is another, or the text was changed.
    pub fn open(&self, passphrase: &str) -> Result<Phrase, SealError> {
        let opened = self.0.key(passphrase)?.open::<Contents>(&self.0)?;
        let contents = opened.ok_or(SealError::WrongPassphrase)?;
        contents
            .phrase()
            .map_err(|reason| SealError::Malformed { reason })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn what_is_kept_opens_with_its_passphrase_alone() {
        let phrase = Phrase::from_entropy(&[7; 32]).unwrap();
        for passphrase in ["", "ölpest"] {
            let text = KeptWords::seal(&phrase, passphrase, [1; 16], [2; 24]).unwrap();
            let kept = KeptWords::parse(&text).unwrap();
            assert_eq!(kept.wants_passphrase(), !passphrase.is_empty());
            assert_eq!(kept.open(passphrase).unwrap(), phrase);
            assert!(matches!(
                kept.open("other"),
                Err(SealError::WrongPassphrase)
            ));
            let changed = text.replace("\"passes\": ", "\"passes\": 1");
            let opened = KeptWords::parse(&changed).and_then(|kept| kept.open(passphrase));
            assert!(opened.is_err());
        }
        assert!(KeptWords::parse("{}").is_err());
    }

    #[cfg(feature = "file")]
    #[test]
    fn a_file_of_the_command_line_is_read() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("wallet.json");
        let wallet = crate::WalletFile::create(&path, "secret").unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let kept = KeptWords::parse(&text).unwrap();
        assert_eq!(&kept.open("secret").unwrap(), wallet.phrase());
    }
}
