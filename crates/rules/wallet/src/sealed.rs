//! What stands in the file: the key derivation's parameters in the clear, everything else encrypted.

use argon2::{Algorithm, Argon2, Params, Version};
use bolao_ledger::json::from_json;
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305,
    aead::{Aead, Payload},
};
#[cfg(feature = "file")]
use rand::rngs::SysError;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::domains;

/// The only version of the format.
const VERSION: u32 = 1;

/// The longest file that is read or written, in bytes.
pub const MAX_FILE_BYTES: usize = 1 << 20;

/// The most that a file may ask of us: 256 MiB (here in KiB), and about a second or two.
const MAX_MEMORY_KIB: u32 = 256 * 1_024;
const MAX_PASSES: u32 = 16;
const MAX_LANES: u32 = 8;

/// The parameters by which the passphrase becomes a key: argon2id (RFC 9106).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Kdf {
    algorithm: KdfAlgorithm,
    memory_kib: u32,
    passes: u32,
    lanes: u32,
    #[serde(with = "hex::serde")]
    salt: [u8; 16],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum KdfAlgorithm {
    Argon2id,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Cipher {
    #[serde(rename = "xchacha20-poly1305")]
    XChaCha20Poly1305,
}

/// The file as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sealed {
    version: u32,
    kdf: Kdf,
    cipher: Cipher,
    #[serde(with = "hex::serde")]
    nonce: [u8; 24],
    #[serde(with = "hex::serde")]
    ciphertext: Vec<u8>,
}

/// The part that files of every version have.
#[derive(Deserialize)]
struct Head {
    version: u32,
}

/// The file's key, with the parameters that it was made by.
#[derive(Clone)]
pub(crate) struct FileKey {
    kdf: Kdf,
    key: Zeroizing<[u8; 32]>,
}

/// Why a file cannot be read or made.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SealError {
    /// Longer than a wallet is.
    #[error("got more than {MAX_FILE_BYTES} bytes, a wallet file is never longer")]
    TooLarge,
    /// Made by a newer program, or no wallet file.
    #[error("got a wallet file of version {got}, this program knows version {VERSION}")]
    Version {
        /// The version found.
        got: u32,
    },
    /// Not the JSON that was written.
    #[error("got a file that is not a wallet: {reason}")]
    Malformed {
        /// The fault that was found.
        reason: String,
    },
    /// Parameters that would cost too much or too little.
    #[error("got the key derivation parameter {what} = {got}, wanted {min} to {max}")]
    Kdf {
        /// The name of the parameter.
        what: &'static str,
        /// The value found.
        got: u32,
        /// The least value allowed.
        min: u32,
        /// The greatest value allowed.
        max: u32,
    },
    /// The key does not open it.
    #[error("the passphrase is wrong, or the file was changed since it was written")]
    WrongPassphrase,
    /// Any passphrase would open it as well: it has none.
    #[error("the file was changed since it was written")]
    Changed,
    /// No memory for the key derivation.
    #[error("the key could not be derived: {reason}")]
    Derivation {
        /// The error of argon2.
        reason: String,
    },
    /// The operating system gave no randomness.
    #[cfg(feature = "file")]
    #[error("the operating system gave no randomness: {0}")]
    Randomness(#[from] SysError),
}

/// The cost of trying a passphrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cost {
    /// RFC 9106 §4, second recommendation, on one lane: for a file.
    #[cfg(feature = "file")]
    File,
    /// The cost that a phone bears in less than a second: the least that OWASP recommends.
    Page,
    /// An empty passphrase holds no secret that stretching could protect.
    Nothing,
}

impl SealError {
    /// Whether the file is not what was written, as far as can be told.
    #[must_use]
    pub const fn is_damage(&self) -> bool {
        matches!(
            self,
            Self::TooLarge | Self::Malformed { .. } | Self::Kdf { .. } | Self::Changed
        )
    }
}

impl Kdf {
    fn new(cost: Cost, salt: [u8; 16]) -> Self {
        let (memory_kib, passes) = match cost {
            #[cfg(feature = "file")]
            Cost::File => (64 * 1_024, 3),
            Cost::Page => (19 * 1_024, 2),
            Cost::Nothing => (Params::MIN_M_COST, Params::MIN_T_COST),
        };
        Self {
            algorithm: KdfAlgorithm::Argon2id,
            memory_kib,
            passes,
            lanes: 1,
            salt,
        }
    }

    fn check(&self) -> Result<(), SealError> {
        let range = |what, got, min, max| {
            if (min..=max).contains(&got) {
                Ok(())
            } else {
                Err(SealError::Kdf {
                    what,
                    got,
                    min,
                    max,
                })
            }
        };
        range("lanes", self.lanes, 1, MAX_LANES)?;
        range("passes", self.passes, 1, MAX_PASSES)?;
        let min = Params::MIN_M_COST * self.lanes;
        range("memory_kib", self.memory_kib, min, MAX_MEMORY_KIB)
    }
}

impl FileKey {
    /// The key of a new file, with a random salt.
    pub(crate) fn create(passphrase: &str, cost: Cost, salt: [u8; 16]) -> Result<Self, SealError> {
        let cost = if passphrase.is_empty() {
            Cost::Nothing
        } else {
            cost
        };
        Self::derive(passphrase, Kdf::new(cost, salt))
    }

    fn derive(passphrase: &str, kdf: Kdf) -> Result<Self, SealError> {
        kdf.check()?;
        let failed = |error: argon2::Error| SealError::Derivation {
            reason: error.to_string(),
        };
        let params =
            Params::new(kdf.memory_kib, kdf.passes, kdf.lanes, Some(32)).map_err(failed)?;
        let mut key = Zeroizing::new([0; 32]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(passphrase.as_bytes(), &kdf.salt, key.as_mut_slice())
            .map_err(failed)?;
        Ok(Self { kdf, key })
    }

    /// Encrypts under a random nonce.
    pub(crate) fn seal<T: Serialize>(
        &self,
        contents: &T,
        nonce: [u8; 24],
    ) -> Result<String, SealError> {
        let plain = Zeroizing::new(serde_json::to_vec(contents).map_err(malformed)?);
        let payload = Payload {
            msg: plain.as_slice(),
            aad: domains::FILE,
        };
        let ciphertext = self
            .cipher()
            .encrypt(&nonce.into(), payload)
            .map_err(|_| SealError::TooLarge)?;
        let text = serde_json::to_string_pretty(&Sealed {
            version: VERSION,
            kdf: self.kdf.clone(),
            cipher: Cipher::XChaCha20Poly1305,
            nonce,
            ciphertext,
        })
        .map_err(malformed)?;
        if text.len() > MAX_FILE_BYTES {
            return Err(SealError::TooLarge);
        }
        Ok(text + "\n")
    }

    /// Decrypts a file that this key made; `None` if another key made it.
    pub(crate) fn open<T: DeserializeOwned>(
        &self,
        sealed: &Sealed,
    ) -> Result<Option<T>, SealError> {
        if sealed.kdf != self.kdf {
            return Ok(None);
        }
        let payload = Payload {
            msg: sealed.ciphertext.as_slice(),
            aad: domains::FILE,
        };
        let plain = self
            .cipher()
            .decrypt(&sealed.nonce.into(), payload)
            .map(Zeroizing::new)
            .map_err(|_| SealError::WrongPassphrase)?;
        read(&plain).map(Some)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new((&*self.key).into())
    }
}

impl Sealed {
    /// Reads a file's text; nothing is decrypted yet.
    pub(crate) fn parse(text: &[u8]) -> Result<Self, SealError> {
        if text.len() > MAX_FILE_BYTES + 1 {
            return Err(SealError::TooLarge);
        }
        let sealed = read::<Self>(text);
        // One of another version may have other fields.
        let version = match &sealed {
            Ok(sealed) => sealed.version,
            Err(_) => read::<Head>(text)?.version,
        };
        if version != VERSION {
            return Err(SealError::Version { got: version });
        }
        sealed
    }

    /// Whether it was made with a passphrase, as far as its parameters tell.
    pub(crate) const fn wants_passphrase(&self) -> bool {
        self.kdf.memory_kib > Params::MIN_M_COST
    }

    /// The key that a passphrase makes with this file's parameters.
    pub(crate) fn key(&self, passphrase: &str) -> Result<FileKey, SealError> {
        FileKey::derive(passphrase, self.kdf.clone())
    }
}

fn read<T: DeserializeOwned>(text: &[u8]) -> Result<T, SealError> {
    let text = str::from_utf8(text).map_err(malformed)?;
    from_json(text).map_err(malformed)
}

fn malformed(error: impl std::fmt::Display) -> SealError {
    SealError::Malformed {
        reason: error.to_string(),
    }
}
