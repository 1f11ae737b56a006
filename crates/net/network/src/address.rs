//! Socket addresses to multiaddresses and back. IPv4-mapped IPv6 is IPv4.

use std::net::{IpAddr, SocketAddr};

use libp2p::Multiaddr;
use libp2p::multiaddr::Protocol;

pub(crate) fn canonical(address: SocketAddr) -> SocketAddr {
    SocketAddr::new(address.ip().to_canonical(), address.port())
}

pub(crate) fn to_multiaddr(address: SocketAddr) -> Multiaddr {
    Multiaddr::from(address.ip())
        .with(Protocol::Udp(address.port()))
        .with(Protocol::QuicV1)
}

/// The address of a QUIC connection, which always begins with an IP address and a UDP port.
pub(crate) fn to_socket(address: &Multiaddr) -> Option<SocketAddr> {
    let mut parts = address.iter();
    let ip = match parts.next()? {
        Protocol::Ip4(ip) => IpAddr::V4(ip),
        Protocol::Ip6(ip) => IpAddr::V6(ip),
        _ => return None,
    };
    match parts.next()? {
        Protocol::Udp(port) => Some(canonical(SocketAddr::new(ip, port))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn there_and_back() {
        for text in ["127.0.0.1:9000", "[::1]:42020"] {
            let address: SocketAddr = text.parse().unwrap();
            assert_eq!(to_socket(&to_multiaddr(address)), Some(address));
        }
    }

    #[test]
    fn mapped_ipv4_is_ipv4() {
        let mapped: SocketAddr = "[::ffff:10.1.2.3]:9000".parse().unwrap();
        let plain: SocketAddr = "10.1.2.3:9000".parse().unwrap();
        assert_eq!(canonical(mapped), plain);
        assert_eq!(to_socket(&to_multiaddr(mapped)), Some(plain));
    }

    #[test]
    fn tcp_is_no_address_of_ours() {
        assert_eq!(to_socket(&"/ip4/127.0.0.1/tcp/1".parse().unwrap()), None);
        assert_eq!(to_socket(&"/dns/example.org/udp/1".parse().unwrap()), None);
    }
}
