//! The address of a node's page on the web.

use std::{fmt, net::IpAddr, str::FromStr};

use url::{Host, Url};

/// The port of HTTPS.
const PORT: u16 = 443;

/// A host's name or an address, with the port of HTTPS: what a certificate is for, and what links lead to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    host: Host,
    port: u16,
}

impl Site {
    /// The host, as it stands in a URL.
    pub fn host(&self) -> &Host {
        &self.host
    }

    /// The port.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// The host's name, if it is no address.
    pub fn name(&self) -> Option<&str> {
        match &self.host {
            Host::Domain(name) => Some(name),
            Host::Ipv4(_) | Host::Ipv6(_) => None,
        }
    }

    /// The host's address, if it is no name.
    pub fn ip(&self) -> Option<IpAddr> {
        match self.host {
            Host::Domain(_) => None,
            Host::Ipv4(ip) => Some(ip.into()),
            Host::Ipv6(ip) => Some(ip.into()),
        }
    }

    /// The host as certificates and files call it: an address without brackets.
    pub(crate) fn subject(&self) -> String {
        self.ip()
            .map_or_else(|| self.host.to_string(), |ip| ip.to_string())
    }

    /// Such as `https://pool.example.org`, without the port of HTTPS.
    pub fn url(&self) -> String {
        match self.port {
            PORT => format!("https://{}", self.host),
            port => format!("https://{}:{port}", self.host),
        }
    }
}

impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.url().trim_start_matches("https://"))
    }
}

impl FromStr for Site {
    type Err = String;

    /// Reads `HOST` or `HOST:PORT`, also as a URL of HTTPS.
    fn from_str(text: &str) -> Result<Self, String> {
        let wanted =
            || format!("got `{text}`, wanted a name or an address, such as pool.example.org");
        let plain = text.strip_prefix("https://").unwrap_or(text);
        let whole = match plain.parse::<std::net::Ipv6Addr>() {
            Ok(ip) => format!("https://[{ip}]"),
            Err(_) => format!("https://{plain}"),
        };
        let url = Url::parse(&whole).map_err(|_| wanted())?;
        let is_bare = url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        let host = url
            .host()
            .filter(|_| is_bare)
            .ok_or_else(wanted)?
            .to_owned();
        let port = url.port_or_known_default().filter(|port| *port != 0);
        let site = Self {
            host,
            port: port.ok_or_else(wanted)?,
        };
        let is_wrong = match (site.name(), site.ip()) {
            (Some(name), _) => name.len() > 253 || name.ends_with('.') || name.contains('*'),
            (_, ip) => ip.is_none_or(|ip| ip.is_unspecified() || ip.is_multicast()),
        };
        if is_wrong {
            return Err(wanted());
        }
        Ok(site)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_site_is_a_host_and_perhaps_a_port() {
        for (text, url) in [
            ("Pool.Example.org", "https://pool.example.org"),
            ("https://pool.example.org/", "https://pool.example.org"),
            ("pool.example.org:8443", "https://pool.example.org:8443"),
            ("203.0.113.7", "https://203.0.113.7"),
            ("2001:db8::1", "https://[2001:db8::1]"),
            ("[2001:db8::1]:444", "https://[2001:db8::1]:444"),
        ] {
            assert_eq!(text.parse::<Site>().unwrap().url(), url);
        }
        for bad in [
            "",
            "a b",
            "a/b",
            "http://a",
            "*.a.example",
            "0.0.0.0",
            "a:0",
            "u@a",
            "a.",
            "a?b",
            "a#b",
        ] {
            assert!(bad.parse::<Site>().is_err(), "{bad}");
        }
        assert_eq!(
            "[2001:db8::1]".parse::<Site>().unwrap().subject(),
            "2001:db8::1"
        );
    }
}
