//! The form of Cert Spotter: a list of certificates with their keys, in the order in which they were found.

use jiff::Timestamp;
use serde::Deserialize;

use super::{certificate::LoggedCertificate, names::Covers};

/// The longest name of a certificate at the server, in bytes.
const MAX_ID: usize = 32;

/// A certificate with its precertificate, as far as it is read.
#[derive(Deserialize)]
struct Issuance {
    id: String,
    #[serde(deserialize_with = "hex::serde::deserialize")]
    tbs_sha256: [u8; 32],
    #[serde(default, deserialize_with = "hashed")]
    cert_sha256: Option<[u8; 32]>,
    #[serde(deserialize_with = "hex::serde::deserialize")]
    pubkey_sha256: [u8; 32],
    #[serde(default)]
    dns_names: Vec<String>,
    #[serde(default)]
    not_before: Option<Timestamp>,
    #[serde(default)]
    not_after: Option<Timestamp>,
}

/// A hash that may not be there.
fn hashed<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<[u8; 32]>, D::Error> {
    let text: Option<String> = Option::deserialize(from)?;
    let mut hash = [0; 32];
    let read = text.map(|text| hex::decode_to_slice(text, &mut hash));
    let read = read.transpose().map_err(serde::de::Error::custom)?;
    Ok(read.map(|()| hash))
}

/// A page of the list.
pub(super) struct Found {
    /// The name of its last entry; none where it has none.
    pub(super) last: Option<String>,
    /// The certificates that are for the host.
    pub(super) certificates: Vec<LoggedCertificate>,
}

/// The address of a host's entries, from behind one of them on.
pub(super) fn asked<'a>(host: &'a str, after: Option<&'a str>) -> Vec<(&'static str, &'a str)> {
    let mut asked = vec![
        ("domain", host),
        ("match_wildcards", "true"),
        ("expand", "dns_names"),
    ];
    asked.extend(after.map(|after| ("after", after)));
    asked
}

/// Reads a page.
pub(super) fn page(text: &[u8], host: &str) -> Result<Found, serde_json::Error> {
    let all: Vec<Issuance> = serde_json::from_slice(text)?;
    let is_id = |id: &str| {
        let is_plain = |it: u8| it.is_ascii_alphanumeric() || b"-_".contains(&it);
        (1..=MAX_ID).contains(&id.len()) && id.bytes().all(is_plain)
    };
    if all.iter().any(|it| !is_id(&it.id)) {
        return Err(serde::de::Error::custom("an id that is none"));
    }
    let last = all.last().map(|it| it.id.clone());
    let found = all.into_iter().filter_map(|it| {
        let covers = it
            .dns_names
            .iter()
            .filter_map(|name| Covers::of(name, host));
        Some(LoggedCertificate {
            is_wildcard: covers.min()? == Covers::AsWildcard,
            id: it.id,
            key: it.pubkey_sha256,
            certificate: it.cert_sha256.unwrap_or(it.tbs_sha256),
            // One that does not say it may be new.
            from: it.not_before.unwrap_or(Timestamp::MAX),
            until: it.not_after.unwrap_or(Timestamp::MAX),
        })
    });
    Ok(Found {
        last,
        certificates: found.collect(),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_page_has_the_keys_of_a_hosts_certificates() {
        let (key, tbs, whole) = ("0f".repeat(32), "a7".repeat(32), "c3".repeat(32));
        let text = format!(
            r#"[{{"id":"7","tbs_sha256":"{tbs}","cert_sha256":"{whole}","pubkey_sha256":"{key}",
                "dns_names":["ana.relay.bolao.dev"],"not_before":"2026-06-11T08:59:39Z","not_after":"2026-09-09T08:59:38Z"}},
               {{"id":"8","tbs_sha256":"{tbs}","pubkey_sha256":"{key}","dns_names":["*.relay.bolao.dev","relay.bolao.dev"]}},
               {{"id":"9","tbs_sha256":"{tbs}","cert_sha256":null,"pubkey_sha256":"{key}","dns_names":["relay.bolao.dev"]}}]"#
        );
        let found = page(text.as_bytes(), "ana.relay.bolao.dev").unwrap();
        assert_eq!(found.last.as_deref(), Some("9"));
        let [exact, wildcard] = &found.certificates[..] else {
            panic!("{:?}", found.certificates);
        };
        assert_eq!((exact.key, exact.certificate), ([0x0f; 32], [0xc3; 32]));
        assert_eq!(exact.until.to_string(), "2026-09-09T08:59:38Z");
        assert!(!exact.is_wildcard && wildcard.is_wildcard);
        assert_eq!(wildcard.certificate, [0xa7; 32]);

        let empty = page(b"[]", "ana.relay.bolao.dev").unwrap();
        assert!(empty.last.is_none() && empty.certificates.is_empty());
        let refused = br#"{"code":"rate_limited","message":"..."}"#;
        assert!(page(refused, "ana.relay.bolao.dev").is_err());
        let odd = text.replace(r#""id":"9""#, r#""id":"<b>""#);
        assert!(page(odd.as_bytes(), "ana.relay.bolao.dev").is_err());
        let short = text.replace(&key, "0f");
        assert!(page(short.as_bytes(), "ana.relay.bolao.dev").is_err());
    }
}
