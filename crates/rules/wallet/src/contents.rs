//! What is encrypted in a wallet.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{keyring::KeyIndex, phrase::Phrase};

/// The words, and which name of the classic routes has which key.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Contents {
    entropy: Zeroizing<String>,
    pub(crate) names: BTreeMap<String, KeyIndex>,
}

impl Contents {
    pub(crate) fn new(phrase: &Phrase, names: BTreeMap<String, KeyIndex>) -> Self {
        Self {
            entropy: Zeroizing::new(hex::encode(phrase.entropy())),
            names,
        }
    }

    /// The words; else what is there in their place.
    pub(crate) fn phrase(&self) -> Result<Phrase, String> {
        let entropy = hex::decode(self.entropy.as_str()).map(Zeroizing::new);
        let entropy = entropy.map_err(|error| error.to_string())?;
        Phrase::from_entropy(&entropy).map_err(|error| error.to_string())
    }
}
