//! The addresses of this node that its operator names.

use std::{
    net::{IpAddr, Ipv6Addr},
    str::FromStr,
};

use url::Host;

/// The longest host name, in bytes (RFC 1035).
pub(crate) const MAX_HOST: usize = 253;

/// An address, or a host's name, at which others reach a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advertised {
    pub(crate) host: Host,
    /// The node's own if `None`.
    pub(crate) port: Option<u16>,
}

impl FromStr for Advertised {
    type Err = String;

    /// Reads `HOST` or `HOST:PORT`, also as a URL.
    fn from_str(text: &str) -> Result<Self, String> {
        let wanted = || {
            format!(
                "got `{text}`, wanted an address or a name, such as 203.0.113.7:9000 or pool.example"
            )
        };
        let plain = text.strip_prefix("http://").unwrap_or(text);
        let plain = plain.strip_suffix('/').unwrap_or(plain);
        let port = |port: &str| port.parse().ok().filter(|port| *port != 0);
        let (host, port) = match (plain.parse::<Ipv6Addr>(), plain.rsplit_once(':')) {
            (Ok(ip), _) => (Host::Ipv6(ip), None),
            (_, Some((host, number))) if !number.ends_with(']') => (
                Host::parse(host).map_err(|_| wanted())?,
                Some(port(number).ok_or_else(wanted)?),
            ),
            _ => (Host::parse(plain).map_err(|_| wanted())?, None),
        };
        let ip = match &host {
            Host::Domain(name) if name.len() > MAX_HOST || name.ends_with('.') => {
                return Err(wanted());
            }
            Host::Domain(_) => None,
            Host::Ipv4(ip) => Some(IpAddr::from(*ip)),
            Host::Ipv6(ip) => Some(IpAddr::from(*ip)),
        };
        if let Some(Err(error)) = ip.map(|ip| bolao_discovery::Node::new(ip, port.unwrap_or(1))) {
            return Err(error.to_string());
        }
        Ok(Self { host, port })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn what_is_advertised_has_a_host_and_may_have_a_port() {
        for (text, host, port) in [
            ("203.0.113.7", "203.0.113.7", None),
            ("203.0.113.7:9100", "203.0.113.7", Some(9100)),
            ("Pool.example", "pool.example", None),
            ("http://pool.example:80/", "pool.example", Some(80)),
            ("2001:db8::1", "[2001:db8::1]", None),
            ("[2001:db8::1]:9100", "[2001:db8::1]", Some(9100)),
            ("[2001:db8::1]", "[2001:db8::1]", None),
        ] {
            let read: Advertised = text.parse().unwrap();
            assert_eq!((read.host.to_string().as_str(), read.port), (host, port));
        }
        for bad in [
            "",
            ":1",
            "a:0",
            "a:65536",
            "a b",
            "https://a",
            "a/b",
            "user@a",
            "0.0.0.0",
            "224.0.0.1:9000",
            "a.",
        ] {
            assert!(bad.parse::<Advertised>().is_err(), "{bad}");
        }
    }
}
