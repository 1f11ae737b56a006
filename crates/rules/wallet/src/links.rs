//! What players' nodes say to one another: which keys a link of the pool has, which one it showed, and which certificates public logs
//! list for its name; that they run; who may look.

use std::{fmt, str::FromStr};

/// The most keys of one claim: the one in use, and those before it.
pub const MAX_LINK_KEYS: usize = 4;
/// The most other keys that a player's node calls its own at a link.
pub const MAX_OWNED_KEYS: usize = 4;
/// The longest name of a log's server, and of a certificate there, in bytes.
const MAX_LOG: usize = 64;
const MAX_ID: usize = 32;
/// The longest URL of a link, in bytes.
const MAX_URL: usize = 200;
/// The longest name of a node, in bytes.
const MAX_NODE: usize = 80;
/// No sentence has more words.
const MAX_WORDS: usize = 9;
const WANTED: &str = "wanted `serves URL KEY`, `fronted URL KEY`, `owns URL KEY`, `saw URL KEY CERTIFICATE`, \
    `logged URL KEY CERTIFICATE LOG ID`, `runs NODE RUN`, `viewers players` or `viewers everybody`";

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
    /// These keys are the player's, too, though the link does not show them now: earlier ones, and the next: `owns
    /// https://pool.example.org 0f…`.
    Owns {
        /// The link.
        url: String,
        /// The keys.
        keys: Vec<[u8; 32]>,
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
    /// The node read in a public log that a certificate for the link's name was issued: `logged https://pool.example.org 0f… 7a…
    /// crt.sh 9876543210`, with ` *` behind it where the certificate is for all names beside the link's.
    Logged {
        /// The link.
        url: String,
        /// The certificate's key.
        key: [u8; 32],
        /// SHA-256 of the certificate.
        certificate: [u8; 32],
        /// The server that lists it.
        log: String,
        /// The certificate's name there.
        id: String,
        /// Whether it is for all names beside the link's.
        is_wildcard: bool,
    },
    /// The node runs: `runs 12D3… 5c…`. It says so once when it starts, and again where it hears that another runs with its keys.
    Runs {
        /// The id by which other nodes know it.
        node: String,
        /// Drawn when it starts.
        run: [u8; 16],
    },
    /// The people who may look at the pool, as an organiser chose: `viewers players`, `viewers everybody`.
    Viewers {
        /// Only players.
        players: bool,
    },
}

impl LinkWord {
    /// The link that it is about, if it is about one.
    #[must_use]
    pub fn url(&self) -> Option<&str> {
        match self {
            Self::Key { url, .. }
            | Self::Owns { url, .. }
            | Self::Saw { url, .. }
            | Self::Logged { url, .. } => Some(url),
            Self::Runs { .. } | Self::Viewers { .. } => None,
        }
    }
}

impl fmt::Display for LinkWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key { url, keys, fronted } => {
                let verb = if *fronted { "fronted" } else { "serves" };
                write!(f, "{verb} {url}")?;
                write_keys(f, keys)
            }
            Self::Owns { url, keys } => {
                write!(f, "owns {url}")?;
                write_keys(f, keys)
            }
            Self::Saw {
                url,
                key,
                certificate,
            } => {
                let (key, certificate) = (hex::encode(key), hex::encode(certificate));
                write!(f, "saw {url} {key} {certificate}")
            }
            Self::Logged {
                url,
                key,
                certificate,
                log,
                id,
                is_wildcard,
            } => {
                let (key, certificate) = (hex::encode(key), hex::encode(certificate));
                let wildcard = if *is_wildcard { " *" } else { "" };
                write!(f, "logged {url} {key} {certificate} {log} {id}{wildcard}")
            }
            Self::Runs { node, run } => write!(f, "runs {node} {}", hex::encode(run)),
            Self::Viewers { players: true } => f.write_str("viewers players"),
            Self::Viewers { players: false } => f.write_str("viewers everybody"),
        }
    }
}

fn write_keys(f: &mut fmt::Formatter<'_>, keys: &[[u8; 32]]) -> fmt::Result {
    keys.iter()
        .try_for_each(|key| write!(f, " {}", hex::encode(key)))
}

fn keys(all: &[&str], most: usize) -> Result<Vec<[u8; 32]>, &'static str> {
    if !(1..=most).contains(&all.len()) {
        return Err(WANTED);
    }
    all.iter().map(|it| key(it)).collect()
}

/// A text of at most so many of these bytes.
fn plain(text: &str, most: usize, others: &[u8]) -> Result<String, &'static str> {
    let is_plain = |it: u8| it.is_ascii_alphanumeric() || others.contains(&it);
    let is_good = (1..=most).contains(&text.len()) && text.bytes().all(is_plain);
    is_good.then(|| text.to_owned()).ok_or(WANTED)
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
        let words: Vec<&str> = text.split(' ').take(MAX_WORDS).collect();
        Ok(match words.as_slice() {
            [verb @ ("serves" | "fronted"), url, all @ ..] => Self::Key {
                url: link(url)?,
                keys: keys(all, MAX_LINK_KEYS)?,
                fronted: *verb == "fronted",
            },
            ["owns", url, all @ ..] => Self::Owns {
                url: link(url)?,
                keys: keys(all, MAX_OWNED_KEYS)?,
            },
            ["saw", url, met, certificate] => Self::Saw {
                url: link(url)?,
                key: key(met)?,
                certificate: key(certificate)?,
            },
            ["logged", url, met, certificate, log, id, wildcard @ ..] => Self::Logged {
                url: link(url)?,
                key: key(met)?,
                certificate: key(certificate)?,
                log: plain(log, MAX_LOG, b".-:[]")?,
                id: plain(id, MAX_ID, b"-_")?,
                is_wildcard: match wildcard {
                    [] => false,
                    ["*"] => true,
                    _ => return Err(WANTED),
                },
            },
            ["runs", node, run] => Self::Runs {
                node: plain(node, MAX_NODE, b"")?,
                run: key(run)?,
            },
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
            format!("owns https://ana.relay.example {key} {other} {key} {other}"),
            format!("logged https://ana.relay.example {key} {other} crt.sh 9876543210"),
            format!("logged https://ana.relay.example {key} {other} 127.0.0.1:4711 a-7_b *"),
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
            format!("owns https://a.example {key} {key} {key} {key} {key}"),
            "owns https://a.example".to_owned(),
            format!("logged https://a.example {key} {other} crt.sh"),
            format!("logged https://a.example {key} {other} crt.sh 1 x"),
            format!("logged https://a.example {key} {other} crt.sh 1 * *"),
            format!("logged https://a.example {key} {other} <b> 1"),
            format!("logged https://a.example {key} {other} crt.sh 1/2"),
            format!(
                "logged https://a.example {key} {other} {} 1",
                "a".repeat(MAX_LOG + 1)
            ),
            format!(
                "logged https://a.example {key} {other} crt.sh {}",
                "1".repeat(MAX_ID + 1)
            ),
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
