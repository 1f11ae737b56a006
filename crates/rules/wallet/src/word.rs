//! Words of an organiser to a node, and no block keeps: a live score, whether the node reads lists from the web.

use std::{fmt, str::FromStr};

use bolao_ledger::{AccountId, PoolId, Score, Signature, UnixSeconds, domain, encode, verify};

use crate::Key;

/// The text by which a player, rather than an organiser, asks a node to show what only players see.
pub const LOOK: &str = "look";

/// The same for a player's node, by the id that its peers know it by: the pass is of no use to any other node.
#[must_use]
pub fn look_of_node(id: &str) -> String {
    format!("{LOOK} {id}")
}

/// The text by which a player's device tells a node the time that it has: the word's own. `nonce` is the node's, so that nobody who
/// heard an earlier word says it again.
#[must_use]
pub fn clock_word(nonce: &str) -> String {
    format!("clock {nonce}")
}

/// Something that an organiser tells a node. It is signed as the text that people see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Word {
    /// The score of a match that is played, and the minute: `live PtCh 1-0 63`, `live PtCh 1-0`.
    Live {
        /// The match's code.
        code: String,
        /// Its score; none ends it: `live PtCh -`.
        score: Option<Score>,
        /// The minute.
        minute: Option<u8>,
    },
    /// Whether the node reads lists from the web, and which one besides: `sources on en.1.2026-27`, `sources on
    /// https://example.org/cup.txt`, `sources on`, `sources off`.
    Sources {
        /// Whether it does.
        on: bool,
        /// One that is to be added: the code of a competition, or an address.
        list: Option<String>,
    },
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Live {
                code,
                score,
                minute,
            } => {
                write!(f, "live {code} ")?;
                match score {
                    Some(score) => score.fmt(f)?,
                    None => f.write_str("-")?,
                }
                minute.map_or(Ok(()), |minute| write!(f, " {minute}"))
            }
            Self::Sources { on, list } => {
                f.write_str(if *on { "sources on" } else { "sources off" })?;
                let list = list.as_ref();
                list.map_or(Ok(()), |list| write!(f, " {list}"))
            }
        }
    }
}

impl FromStr for Word {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WANTED: &str =
            "wanted `live CODE 1-0 63`, `live CODE -`, `sources on CODE` or `sources off`";
        let words: Vec<&str> = text.split(' ').collect();
        Ok(match words.as_slice() {
            ["live", code, "-"] => Self::Live {
                code: (*code).to_owned(),
                score: None,
                minute: None,
            },
            ["live", code, score, minute @ ..] if minute.len() <= 1 => Self::Live {
                code: (*code).to_owned(),
                score: Some(score.parse().map_err(|_| WANTED)?),
                minute: match minute.first() {
                    Some(minute) => Some(minute.parse().map_err(|_| WANTED)?),
                    None => None,
                },
            },
            ["sources", "on", list @ ..] if list.len() <= 1 => Self::Sources {
                on: true,
                list: list.first().map(|it| (*it).to_owned()),
            },
            ["sources", "off"] => Self::Sources {
                on: false,
                list: None,
            },
            _ => return Err(WANTED),
        })
    }
}

fn signing_bytes(text: &str, pool: PoolId, at: UnixSeconds) -> Vec<u8> {
    [domain::WORD, &pool.0, &encode(&(at, text))].concat()
}

/// Whether an account has signed a text for a pool at a time.
#[must_use]
pub fn is_word_signed(
    text: &str,
    pool: PoolId,
    account: &AccountId,
    at: UnixSeconds,
    signature: &Signature,
) -> bool {
    verify(account, signature, &signing_bytes(text, pool, at))
}

impl Key {
    /// Signs a text for a node, such as a [`Word`].
    #[must_use]
    pub fn say(&self, text: &str, pool: PoolId, at: UnixSeconds) -> Signature {
        self.sign_bytes(&signing_bytes(text, pool, at))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_word_is_read_as_it_is_written() {
        for text in [
            "live PtCh 1-0 63",
            "live PtCh 1-0",
            "live PtCh -",
            "sources on en.1.2026-27",
            "sources on",
            "sources off",
        ] {
            assert_eq!(text.parse::<Word>().unwrap().to_string(), text);
        }
        for bad in [
            "",
            "live",
            "live PtCh",
            "live PtCh 1",
            "live PtCh 1-0 1 2",
            "live PtCh 1-0 300",
            "sources",
            "sources off x",
            "on",
            // No organiser's word: it is good for weeks.
            LOOK,
            &look_of_node("12D3KooWGQmdpz"),
            &clock_word("0f"),
        ] {
            assert!(bad.parse::<Word>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_signature_is_of_one_account_pool_time_and_text() {
        let (key, pool, at) = (Key::from_secret(&[7; 32]), PoolId([1; 32]), UnixSeconds(9));
        let signature = key.say("sources on", pool, at);
        let own = key.account();
        assert!(is_word_signed("sources on", pool, &own, at, &signature));
        assert!(!is_word_signed("sources off", pool, &own, at, &signature));
        assert!(!is_word_signed(
            "sources on",
            PoolId([2; 32]),
            &own,
            at,
            &signature
        ));
        assert!(!is_word_signed(
            "sources on",
            pool,
            &own,
            UnixSeconds(8),
            &signature
        ));
    }
}
