//! What the page asks: a name, and what it is about. `web/src/rules/types.ts` says all of it to the page.

use std::{fmt::Display, mem};

use bolao_headers::Rank;
use bolao_ledger::{
    BlockHash, Work,
    json::{self, from_value},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use crate::refusal::Refusal;

/// A question, an act to sign, or a route: `{"check_name": {"name": "Ana"}}`, or the name alone.
pub(crate) struct Asked {
    pub(crate) name: String,
    about: Map<String, Value>,
    /// The code of the refusal where something is missing or wrong.
    code: &'static str,
}

impl Asked {
    /// Reads a question; what is none has a name that nobody knows.
    pub(crate) fn of(question: Value, code: &'static str) -> Self {
        let (name, about) = match question {
            Value::Object(named) if named.len() == 1 => {
                named.into_iter().next().unwrap_or_default()
            }
            Value::String(name) => (name, Value::Null),
            _ => (String::new(), Value::Null),
        };
        Self::about(name, about, code)
    }

    /// Reads what a question of this name is about.
    pub(crate) fn about(name: String, about: Value, code: &'static str) -> Self {
        let about = match about {
            Value::Object(about) => about,
            _ => Map::new(),
        };
        Self { name, about, code }
    }

    /// Takes what stands under a name.
    pub(crate) fn take<T: DeserializeOwned>(&mut self, name: &'static str) -> Result<T, Refusal> {
        from_value(self.value(name)).map_err(|error| self.wrong(name, &error))
    }

    /// The same, of a text that is wiped from memory.
    pub(crate) fn secret(&mut self, name: &'static str) -> Result<Zeroizing<String>, Refusal> {
        self.take(name).map(Zeroizing::new)
    }

    /// The same, of bytes that are written in hexadecimal.
    pub(crate) fn bytes<const N: usize>(
        &mut self,
        name: &'static str,
    ) -> Result<Zeroizing<[u8; N]>, Refusal> {
        let mut bytes = Zeroizing::new([0; N]);
        hex::decode_to_slice(self.secret(name)?.as_str(), bytes.as_mut_slice()).map_err(
            |error| {
                self.wrong(
                    name,
                    &format_args!("{error}, wanted {N} bytes in hexadecimal"),
                )
            },
        )?;
        Ok(bytes)
    }

    /// Takes a list of whatever it holds.
    pub(crate) fn list(&mut self, name: &'static str) -> Result<Vec<Value>, Refusal> {
        json::list(self.value(name)).map_err(|error| self.wrong(name, &error))
    }

    #[inline(never)]
    pub(crate) fn value(&mut self, name: &'static str) -> Value {
        let value = self.about.get_mut(name);
        value.map(mem::take).unwrap_or_default()
    }

    #[cold]
    fn wrong(&self, name: &str, error: &dyn Display) -> Refusal {
        Refusal::new(self.code, format_args!("{name}: {error}"))
    }

    #[cold]
    pub(crate) fn unknown(&self) -> Refusal {
        Refusal::new(self.code, format_args!("`{}` is not known", self.name))
    }
}

/// The end of the best chain that the page has read, as it has kept it.
#[derive(Deserialize)]
pub(crate) struct Best {
    /// Of the whole chain: 32 bytes that are written as those of a hash are, the highest first.
    work: BlockHash,
    tip: BlockHash,
}

impl Best {
    pub(crate) const fn rank(self) -> Rank {
        Rank::new(Work::from_le_bytes(self.work.0), self.tip)
    }
}
