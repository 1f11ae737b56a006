//! Servers that list what stands in public logs.

use std::{fmt, str::FromStr};

use url::{Host, Url};

/// The public servers that are asked where none is chosen. Each is of the form that its name says.
const PUBLIC: [&str; 2] = [
    "https://crt.sh/",
    "https://api.certspotter.com/v1/issuances",
];
/// The end of the path by which a server of the second form is known.
const ISSUANCES: &str = "/v1/issuances";
/// The longest host with its port, in bytes, as players' nodes pass it on.
const MAX_HOST: usize = 64;

/// A server's form of questions and answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    CrtSh,
    CertSpotter,
}

/// A server that lists, by name, the certificates of public logs: `https://crt.sh/` or one that answers as it does, or
/// `https://HOST/v1/issuances`, which answers as Cert Spotter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogServer {
    pub(super) url: Url,
    pub(super) form: Form,
}

impl LogServer {
    /// The public servers.
    #[must_use]
    pub fn public() -> Vec<Self> {
        PUBLIC.iter().filter_map(|url| url.parse().ok()).collect()
    }

    /// Its URL with what is asked.
    pub(super) fn asked(&self, pairs: &[(&str, &str)]) -> Url {
        let mut url = self.url.clone();
        url.query_pairs_mut().extend_pairs(pairs);
        url
    }
}

impl fmt::Display for LogServer {
    /// Its host, by which findings name it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.url.host_str().unwrap_or_default())?;
        match self.url.port() {
            Some(port) => write!(f, ":{port}"),
            None => Ok(()),
        }
    }
}

impl FromStr for LogServer {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wanted = || {
            format!(
                "got `{text}`, wanted the address of a server that lists certificates, such as https://crt.sh/"
            )
        };
        let url = Url::parse(text).map_err(|_| wanted())?;
        let is_here = match url.host() {
            Some(Host::Ipv4(ip)) => ip.is_loopback(),
            Some(Host::Ipv6(ip)) => ip.is_loopback(),
            Some(Host::Domain(name)) => name == "localhost",
            None => false,
        };
        // Elsewhere anyone between could leave certificates out.
        let is_safe = url.scheme() == "https" || url.scheme() == "http" && is_here;
        let is_bare = url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        let form = if url.path().trim_end_matches('/').ends_with(ISSUANCES) {
            Form::CertSpotter
        } else {
            Form::CrtSh
        };
        let server = Self { url, form };
        let is_short = (1..=MAX_HOST).contains(&server.to_string().len());
        if is_safe && is_bare && is_short {
            Ok(server)
        } else {
            Err(wanted())
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_server_is_known_by_its_path_and_named_by_its_host() {
        let public = LogServer::public();
        let public: Vec<_> = public.iter().map(|it| (it.to_string(), it.form)).collect();
        assert_eq!(
            public,
            [
                ("crt.sh".to_owned(), Form::CrtSh),
                ("api.certspotter.com".to_owned(), Form::CertSpotter)
            ]
        );
        let own: LogServer = "http://127.0.0.1:4711/ct".parse().unwrap();
        assert_eq!(own.to_string(), "127.0.0.1:4711");
        assert_eq!(
            own.asked(&[("q", "*.a.b"), ("output", "json")]).as_str(),
            "http://127.0.0.1:4711/ct?q=*.a.b&output=json"
        );
        for bad in [
            "",
            "crt.sh",
            "http://crt.sh/",
            "ftp://crt.sh/",
            "https://crt.sh/?q=x",
            "https://u@crt.sh/",
            "https://crt.sh/#x",
            &format!("https://{}.example/", "a.".repeat(40)),
        ] {
            assert!(bad.parse::<LogServer>().is_err(), "{bad}");
        }
    }
}
