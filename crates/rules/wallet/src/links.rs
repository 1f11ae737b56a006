//! What players' nodes say to one another: which key a link of the pool has, and which one it showed; that they run; who may look.

use std::{fmt, str::FromStr};

/// The most keys of one claim: the one in use, and those before it.
pub const MAX_LINK_KEYS: usize = 4;
/// The longest URL of a link, in bytes.
const MAX_URL: usize = 200;
/// The longest name of a node, in bytes.
const MAX_NODE: usize = 80;
const WANTED: &str = "wanted `serves URL KEY`, `fronted URL KEY`, `saw URL KEY CERTIFICATE`, `runs NODE RUN`, `viewers \
    players` or `viewers everybody`";

/// A sentence of a player's node to others, most of them about links. It is signed as text, as a [`crate::Word`] is, and no word is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkWord {
    /// The node answers at a link with these keys of TLS (SHA-256 of the certificate's `SubjectPublicKeyInfo`), the one in use
    /// first: `serves https://pool.example.org 0f…`, or `fronted …` where the key is that of a proxy in front of it.
    Key {
        /// The link, without a slash at its end.
        url: String,
        /// The keys.
        keys: Vec<[u8; 32]>,
        /// Whether the key is a proxy's, as the node itself saw it.
        fronted: bool,
    },
    /// The node opened a link of another node and met another key: `saw https://pool.example.org 0f… 7a…`.
    Saw {
        /// The link.
        url: String,
        /// The key that it met.
        key: [u8; 32],
        /// SHA-256 of the certificate, by which logs of certificates list it.
        certificate: [u8; 32],
    },
    /// The node runs: `runs 12D3… 5c…`. It says so once when it starts, and again where it hears that another runs with its keys.
    Runs {
        /// The id by which other nodes know it.
        node: String,
        /// Drawn when it starts.
        run: [u8; 16],
    },
    /// Who may look at the pool, as an organiser chose: `viewers players`, `viewers everybody`.
    Viewers {
        /// Only players.
        players: bool,
    },
}

impl fmt::Display for LinkWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key { url, keys, fronted } => {
                let verb = if *fronted { "fronted" } else { "serves" };
                write!(f, "{verb} {url}")?;
                keys.iter()
                    .try_for_each(|key| write!(f, " {}", hex::encode(key)))
            }
            Self::Saw {
                url,
                key,
                certificate,
            } => {
                let (key, certificate) = (hex::encode(key), hex::encode(certificate));
                write!(f, "saw {url} {key} {certificate}")
            }
            Self::Runs { node, run } => write!(f, "runs {node} {}", hex::encode(run)),
            Self::Viewers { players: true } => f.write_str("viewers players"),
            Self::Viewers { players: false } => f.write_str("viewers everybody"),
        }
    }
}

fn key<const BYTES: usize>(text: &str) -> Result<[u8; BYTES], &'static str> {
    let mut key = [0; BYTES];
    hex::decode_to_slice(text, &mut key).map_err(|_| WANTED)?;
    Ok(key)
}

fn link(text: &str) -> Result<String, &'static str> {
    let host = text.strip_prefix("https://").ok_or(WANTED)?;
    let is_host = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || b"-.:[]".contains(&it);
    let is_bare = !host.is_empty() && host.bytes().all(is_host) && text.len() <= MAX_URL;
    is_bare.then(|| text.to_owned()).ok_or(WANTED)
}

impl FromStr for LinkWord {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let words: Vec<&str> = text.split(' ').take(MAX_LINK_KEYS + 3).collect();
        Ok(match words.as_slice() {
            [verb @ ("serves" | "fronted"), url, keys @ ..]
                if (1..=MAX_LINK_KEYS).contains(&keys.len()) =>
            {
                Self::Key {
                    url: link(url)?,
                    keys: keys.iter().map(|it| key(it)).collect::<Result<_, _>>()?,
                    fronted: *verb == "fronted",
                }
            }
            ["saw", url, met, certificate] => Self::Saw {
                url: link(url)?,
                key: key(met)?,
                certificate: key(certificate)?,
            },
            ["runs", node, run] => {
                let is_name = node.bytes().all(|it| it.is_ascii_alphanumeric());
                if !is_name || node.is_empty() || node.len() > MAX_NODE {
                    return Err(WANTED);
                }
                Self::Runs {
                    node: (*node).to_owned(),
                    run: key(run)?,
                }
            }
            ["viewers", "players"] => Self::Viewers { players: true },
            ["viewers", "everybody"] => Self::Viewers { players: false },
            _ => return Err(WANTED),
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::Word;

    #[test]
    fn a_word_about_a_link_is_read_as_it_is_written_and_is_no_organisers() {
        let (key, other) = ("0f".repeat(32), "a7".repeat(32));
        for text in [
            format!("serves https://ana.relay.example {key}"),
            format!("serves https://ana.relay.example:8443 {key} {other}"),
            format!("fronted https://[2001:db8::1] {key}"),
            format!("saw https://ana.relay.example {key} {other}"),
            format!("runs 12D3KooWGQmdpz {}", "5c".repeat(16)),
            "viewers players".to_owned(),
            "viewers everybody".to_owned(),
        ] {
            assert_eq!(text.parse::<LinkWord>().unwrap().to_string(), text);
            assert!(text.parse::<Word>().is_err());
        }
        for bad in [
            String::new(),
            "serves https://a.example".to_owned(),
            format!("serves http://a.example {key}"),
            format!("serves https:// {key}"),
            format!("serves https://a.example/ {key}"),
            format!("serves https://u@a.example {key}"),
            format!("serves https://A.example {key}"),
            format!("serves https://{}.example {key}", "a".repeat(MAX_URL)),
            format!("serves https://a.example {key} {key} {key} {key} {key}"),
            format!("serves https://a.example {}", "0f".repeat(31)),
            format!("saw https://a.example {key}"),
            format!("saw https://a.example {key} {other} x"),
            format!("runs 12D3 {key}"),
            format!("runs a/b {}", "5c".repeat(16)),
            "viewers".to_owned(),
            "viewers nobody".to_owned(),
            "viewers players everybody".to_owned(),
        ] {
            assert!(bad.parse::<LinkWord>().is_err(), "{bad}");
        }
    }
}
