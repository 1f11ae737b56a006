//! A node's address, in the form that the articles' programs exchange.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    num::NonZeroU16,
    str::FromStr,
};

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{self, MapAccess, Visitor, value::MapAccessDeserializer},
};

/// The address that a node listens on: HTTP over TCP and libp2p over UDP, on the same port.
///
/// In JSON it is exactly `{"ip_address": "127.0.0.1", "port": 55000}`. An IPv4-mapped IPv6
/// address becomes the IPv4 address that it stands for, so that one node has one spelling.
/// Addresses at which no node can be reached from elsewhere (unspecified, multicast, broadcast,
/// reserved) and link-local ones (where cloud metadata services live) are not representable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Node {
    #[serde(rename = "ip_address")]
    ip: IpAddr,
    port: NonZeroU16,
}

/// Why something is not a node's address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NodeError {
    /// The address is no IP literal.
    #[error("got `{0}` where an IP address such as 127.0.0.1 was wanted")]
    NotAnIp(String),
    /// No node can be addressed so.
    #[error("{0} is not an address at which a node can be reached ({1})")]
    Unusable(IpAddr, &'static str),
    /// Port 0 means "any free port" and cannot be dialled.
    #[error("got port 0 where a port from 1 to 65535 was wanted")]
    PortZero,
    /// Not of the form `ADDRESS:PORT`.
    #[error("got `{0}` where ADDRESS:PORT, such as 127.0.0.1:55000, was wanted")]
    NotAnAddress(String),
}

/// From where an address can be reached.
///
/// Ordered from the inside out. Nobody may tell a node about addresses that lie further inside
/// than their own: else anybody could aim the node at services of its own machine or home.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// This machine only.
    Loopback,
    /// A home, an office, a provider's shared network, a private overlay.
    Private,
    /// The whole internet.
    Global,
}

impl Scope {
    /// The scope of an address; IPv4-mapped addresses count as IPv4.
    pub fn of(ip: IpAddr) -> Self {
        match ip.to_canonical() {
            ip if ip.is_loopback() => Self::Loopback,
            IpAddr::V4(ip) if ip.is_private() || is_shared(ip) => Self::Private,
            IpAddr::V6(ip) if ip.is_unique_local() => Self::Private,
            _ => Self::Global,
        }
    }
}

/// RFC 6598, 100.64.0.0/10.
fn is_shared(ip: Ipv4Addr) -> bool {
    let [a, b, ..] = ip.octets();
    a == 100 && (64..128).contains(&b)
}

fn unusable(ip: IpAddr) -> Option<&'static str> {
    match ip {
        IpAddr::V4(ip) => unusable_v4(ip),
        IpAddr::V6(ip) => unusable_v6(ip),
    }
}

fn unusable_v4(ip: Ipv4Addr) -> Option<&'static str> {
    match ip.octets() {
        [0, ..] => Some("unspecified"),
        [169, 254, ..] => Some("link-local"),
        [224..=239, ..] => Some("multicast"),
        [255, 255, 255, 255] => Some("broadcast"),
        [240..=255, ..] => Some("reserved"),
        _ => None,
    }
}

fn unusable_v6(ip: Ipv6Addr) -> Option<&'static str> {
    if ip.is_unspecified() {
        return Some("unspecified");
    }
    if ip.is_multicast() {
        return Some("multicast");
    }
    if ip.is_unicast_link_local() {
        return Some("link-local");
    }
    match ip.segments() {
        // RFC 4291 (IPv4-compatible), RFC 6052 (NAT64), RFC 3056 (6to4): roads to IPv4 addresses
        // that would get round the rules for those.
        [0, 0, 0, 0, 0, 0, ..] if !ip.is_loopback() => Some("deprecated IPv4-compatible form"),
        [0x64, 0xff9b, ..] => Some("a translated IPv4 address"),
        [0x2002, ..] => Some("a tunnelled IPv4 address"),
        _ => None,
    }
}

impl Node {
    /// A node at an address.
    ///
    /// # Errors
    /// Port 0, and addresses at which no node can be reached.
    pub fn new(ip: IpAddr, port: u16) -> Result<Self, NodeError> {
        let ip = ip.to_canonical();
        let port = NonZeroU16::new(port).ok_or(NodeError::PortZero)?;
        match unusable(ip) {
            Some(why) => Err(NodeError::Unusable(ip, why)),
            None => Ok(Self { ip, port }),
        }
    }

    /// The address, never an IPv4-mapped one.
    pub fn ip(&self) -> IpAddr {
        self.ip
    }

    /// The port: TCP for HTTP, UDP for libp2p; never 0.
    pub fn port(&self) -> u16 {
        self.port.get()
    }

    /// Address and port together.
    pub fn socket_addr(&self) -> SocketAddr {
        SocketAddr::new(self.ip, self.port())
    }

    /// From where the node can be reached.
    pub fn scope(&self) -> Scope {
        Scope::of(self.ip)
    }

    /// `http://ip:port`, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.socket_addr())
    }
}

impl TryFrom<SocketAddr> for Node {
    type Error = NodeError;

    fn try_from(address: SocketAddr) -> Result<Self, NodeError> {
        Self::new(address.ip(), address.port())
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.socket_addr().fmt(f)
    }
}

/// Reads `127.0.0.1:55000`, `[::1]:55000` and `localhost:55000`.
impl FromStr for Node {
    type Err = NodeError;

    fn from_str(text: &str) -> Result<Self, NodeError> {
        if let Ok(address) = text.parse::<SocketAddr>() {
            return address.try_into();
        }
        let (host, port) = text
            .rsplit_once(':')
            .ok_or_else(|| NodeError::NotAnAddress(abridged(text)))?;
        let port = port
            .parse()
            .map_err(|_| NodeError::NotAnAddress(abridged(text)))?;
        Self::new(parse_ip(host)?, port)
    }
}

/// An IP literal, or `localhost` for 127.0.0.1.
fn parse_ip(text: &str) -> Result<IpAddr, NodeError> {
    if text.eq_ignore_ascii_case("localhost") {
        return Ok(Ipv4Addr::LOCALHOST.into());
    }
    text.parse().map_err(|_| NodeError::NotAnIp(abridged(text)))
}

fn abridged(text: &str) -> String {
    text.chars().take(60).collect()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    ip_address: String,
    port: u16,
}

/// Derived structs accept JSON arrays too; a NODE is an object.
struct ObjectOnly;

impl<'de> Visitor<'de> for ObjectOnly {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(r#"an object such as {"ip_address": "127.0.0.1", "port": 55000}"#)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Node, A::Error> {
        let fields = Fields::deserialize(MapAccessDeserializer::new(map))?;
        parse_ip(&fields.ip_address)
            .and_then(|ip| Node::new(ip, fields.port))
            .map_err(de::Error::custom)
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectOnly)
    }
}

#[cfg(test)]
mod tests;
