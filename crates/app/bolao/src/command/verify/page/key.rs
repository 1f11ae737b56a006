//! Whose key is behind a page's link: that of the connection from here, beside what the link's own node has said.

use std::path::Path;

use bolao_ledger::UnixSeconds;
use bolao_reach::look;
use bolao_wallet::{LinkWord, is_word_signed};
use url::Url;

use crate::{
    choice,
    source::{Client, node},
    time,
    view::{LinkKeys, Status},
};

/// The key of a link's connection.
pub(super) enum Key {
    /// The one that the link's own node has, and as far as is known nobody has another.
    Same(String),
    /// Another, or a public log lists one.
    Other(String),
    /// Nobody says, or none is there.
    Unknown(String),
}

impl Key {
    /// Its state in a word, and a sentence.
    pub(super) fn shown(&self) -> (&'static str, &str) {
        match self {
            Self::Same(says) => ("same", says),
            Self::Other(says) => ("other", says),
            Self::Unknown(says) => ("unknown", says),
        }
    }
}

/// What is known of a link, and whether by the own node, which heard it from others.
async fn known(link: &Url, client: &Client, dir: &Path) -> Option<(Vec<LinkKeys>, Status, bool)> {
    let is_it = |known: &LinkKeys| {
        let url = Url::parse(&known.url);
        url.is_ok_and(|url| url.origin() == link.origin())
    };
    let of = |status: &Status| {
        let links = status.links.iter();
        links.filter(|it| is_it(it)).cloned().collect::<Vec<_>>()
    };
    if let Ok(home) = choice::existing(dir)
        && let Ok(own) = node(&home).await
        && let Ok(status) = own.read::<Status>("/api/v1/status").await
    {
        let links = of(&status);
        if !links.is_empty() {
            return Some((links, status, true));
        }
    }
    let status: Status = client.read("/api/v1/status").await.ok()?;
    let links = of(&status);
    (!links.is_empty()).then_some((links, status, false))
}

/// Whether a player's node has signed what a status says of a link.
fn is_signed(link: &LinkKeys, status: &Status) -> bool {
    let keys = link.keys.iter().map(|key| {
        let mut bytes = [0; 32];
        hex::decode_to_slice(key, &mut bytes).ok().map(|()| bytes)
    });
    let (Some(keys), Some(at)) = (keys.collect(), u64::try_from(link.time.as_second()).ok()) else {
        return false;
    };
    let word = LinkWord::Key {
        url: link.url.clone(),
        keys,
        fronted: link.fronted,
    };
    is_word_signed(
        &word.to_string(),
        status.pool,
        &link.player.account,
        UnixSeconds(at),
        &link.signature,
    )
}

/// What public logs say against that.
fn unlisted(status: &Status) -> String {
    let logs = status.logs.as_ref();
    match logs.and_then(|logs| Some((logs.by.join(", "), logs.read?))) {
        Some((servers, at)) => format!(
            "according to {servers} there was none {}",
            time::relative(at)
        ),
        None => "your node could not read in public logs whether there is one".to_owned(),
    }
}

pub(super) async fn compare(url: &str, client: &Client, dir: &Path) -> Key {
    let link = match Url::parse(url) {
        Ok(link) if link.scheme() == "https" => link,
        _ => {
            return Key::Unknown(format!(
                "{url} is not encrypted: anyone between can read and change what is sent"
            ));
        }
    };
    let met = match look(link.origin().ascii_serialization().as_str()).await {
        Ok(met) => hex::encode(met.key),
        Err(why) => return Key::Unknown(format!("the key of {url} cannot be seen: {why}")),
    };
    let Some((links, status, by_own)) = known(&link, client, dir).await else {
        return Key::Unknown(format!(
            "nobody says which key {url} should have, so somebody between could open what is sent: run this where \
            your own node has run for a minute"
        ));
    };
    let signed = links.iter().filter(|link| is_signed(link, &status));
    // What a foreign node says of keys, without a signature of the link's, is nothing.
    let is_own = |link: &LinkKeys| link.keys.contains(&met) || by_own && link.owned.contains(&met);
    for link in signed.clone() {
        if !is_own(link) {
            return Key::Other(format!(
                "the connection to {url} has a key that is not {}'s node's: somebody between, such as a relay, can \
                read and change everything. Type no words there, and tell your friends.",
                link.player.shown()
            ));
        }
    }
    let logged = links.iter().flat_map(|link| &link.logged);
    if let Some(logged) = logged.map(|it| it.finding.text.clone()).next() {
        return Key::Other(format!(
            "This connection to {url} has the right key, but {logged}"
        ));
    }
    match signed.map(|link| link.player.shown()).next() {
        Some(host) if by_own => Key::Same(format!(
            "This program's connection to {url} has the key that {host}'s node has. A relay can tell browsers from this \
            program, and show them another page with a certificate of its own; {}.",
            unlisted(&status)
        )),
        _ => Key::Unknown(format!(
            "{url} itself names the key that its connection has, which a relay could have changed: run this where \
            your own node runs"
        )),
    }
}
