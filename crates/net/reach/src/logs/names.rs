//! Names of hosts, and of certificates that are good for them.

/// Names below these are no public authority's to certify (RFC 6761, 6762, 7686, 8375, 9476), or nobody's.
const SPECIAL: [&str; 17] = [
    "alt",
    "arpa",
    "corp",
    "example",
    "example.com",
    "example.net",
    "example.org",
    "home",
    "internal",
    "intranet",
    "invalid",
    "lan",
    "local",
    "localdomain",
    "localhost",
    "onion",
    "test",
];

/// Whether a public authority may certify a host's name, so that public logs say something of it.
#[must_use]
pub fn is_public_name(host: &str) -> bool {
    let host = plain(host);
    let is_below = |special: &&str| {
        let rest = host.strip_suffix(*special);
        rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    host.contains('.') && !SPECIAL.iter().any(is_below)
}

/// A name in small letters, without the dot that may end it.
pub(super) fn plain(host: &str) -> String {
    host.trim_end_matches('.').to_ascii_lowercase()
}

/// The name of a certificate for all names beside a host's; none directly below the root.
pub(super) fn wildcard(host: &str) -> Option<String> {
    let (_, parent) = host.split_once('.')?;
    parent.contains('.').then(|| format!("*.{parent}"))
}

/// A certificate's name against a host's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Covers {
    /// It is the host's.
    Exactly,
    /// It is for all names beside the host's.
    AsWildcard,
}

impl Covers {
    /// The way in which a certificate's name is good for a host, if it is.
    pub(super) fn of(name: &str, host: &str) -> Option<Self> {
        let name = plain(name.trim());
        if name == host {
            return Some(Self::Exactly);
        }
        (wildcard(host)? == name).then_some(Self::AsWildcard)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_covers_its_name_and_names_beside_it() {
        let host = "ana.relay.example.org";
        for (name, covers) in [
            ("ana.relay.example.org", Some(Covers::Exactly)),
            ("ANA.relay.example.org.", Some(Covers::Exactly)),
            ("*.relay.example.org", Some(Covers::AsWildcard)),
            (" *.Relay.Example.ORG\r", Some(Covers::AsWildcard)),
            ("relay.example.org", None),
            ("*.example.org", None),
            ("*.ana.relay.example.org", None),
            ("bana.relay.example.org", None),
            ("*", None),
            ("", None),
        ] {
            assert_eq!(Covers::of(name, host), covers, "{name}");
        }
        // No authority certifies all names of a top-level domain.
        assert_eq!(wildcard("relay.example"), None);
        assert_eq!(wildcard("localhost"), None);
    }

    #[test]
    fn nothing_is_asked_about_names_that_are_not_public() {
        for public in [
            "ana.relay.bolao.dev",
            "POOL.Bolao.dev.",
            "contest.dev",
            "a.b",
        ] {
            assert!(is_public_name(public), "{public}");
        }
        for special in [
            "localhost",
            "ana.relay.test",
            "relay.example",
            "ana.relay.example.org",
            "EXAMPLE.ORG",
            "pi.local",
            "pi",
            "nas.home.arpa",
            "x.onion.",
        ] {
            assert!(!is_public_name(special), "{special}");
        }
    }
}
