//! What is made from the operating system's randomness.

use rand::{
    TryRng,
    rngs::{SysError, SysRng},
};
use zeroize::Zeroizing;

use crate::{invite::TicketSecret, keyring::Key, phrase::Phrase};

/// Words of a new wallet carry this many bytes of entropy: 24 words.
const ENTROPY_BYTES: usize = 32;

pub(crate) fn random<const N: usize>() -> Result<[u8; N], SysError> {
    let mut bytes = [0; N];
    SysRng.try_fill_bytes(&mut bytes)?;
    Ok(bytes)
}

impl Phrase {
    /// 24 new words.
    pub fn generate() -> Result<Self, SysError> {
        let entropy = Zeroizing::new(random::<ENTROPY_BYTES>()?);
        let phrase = Self::from_entropy(entropy.as_slice());
        Ok(phrase.expect("32 bytes are an amount of entropy that BIP-39 knows"))
    }
}

impl Key {
    /// A key of no wallet.
    pub fn generate() -> Result<Self, SysError> {
        Ok(Self::from_secret(&Zeroizing::new(random()?)))
    }
}

impl TicketSecret {
    /// A new one.
    pub fn generate() -> Result<Self, SysError> {
        random().map(Self::new)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn two_new_keys_differ() {
        let key = || Key::generate().unwrap().account();
        assert_ne!(key(), key());
    }
}
