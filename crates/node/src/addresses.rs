//! Which address others learn where the node listens on every address of the machine.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};

use bolao_discovery::{Node, Scope};

/// Documentation addresses (RFC 5737, RFC 3849), which are nobody's; nothing is sent to them.
const NOBODY_V4: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
const NOBODY_V6: IpAddr = IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1));
/// The port for discarding (RFC 863).
const DISCARD: u16 = 9;

/// Under which addresses a node can be reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Addresses {
    /// The one that others learn.
    pub(crate) own: IpAddr,
    /// What else leads to this node.
    pub(crate) aliases: Vec<IpAddr>,
}

impl Addresses {
    /// For a node that listens on `listen`. An unspecified address stands for every address of its family, as QUIC
    /// listens: others learn the one that the default route leaves from, else the widest known, else loopback.
    pub(crate) fn find(listen: IpAddr) -> Self {
        if !listen.is_unspecified() {
            return Self {
                own: listen,
                aliases: Vec::new(),
            };
        }
        let here = local(listen);
        let own = default_route(listen)
            .filter(|ip| Node::new(*ip, 1).is_ok())
            .or_else(|| here.iter().copied().max_by_key(|ip| Scope::of(*ip)))
            .unwrap_or(loopback(listen));
        Self {
            own,
            aliases: here.into_iter().filter(|ip| *ip != own).collect(),
        }
    }

    /// Whether an address is one of this node's.
    pub(crate) fn contains(&self, ip: IpAddr) -> bool {
        let ip = ip.to_canonical();
        self.own == ip || self.aliases.contains(&ip)
    }

    /// The URL under which others register a node at these addresses.
    pub(crate) fn own_url(&self, port: u16) -> String {
        if self.own.is_loopback() {
            format!("http://localhost:{port}")
        } else {
            format!("http://{}", SocketAddr::new(self.own, port))
        }
    }

    /// The nodes that the aliases stand for.
    pub(crate) fn alias_nodes(&self, port: u16) -> Vec<Node> {
        self.aliases
            .iter()
            .filter_map(|ip| Node::new(*ip, port).ok())
            .collect()
    }
}

fn loopback(like: IpAddr) -> IpAddr {
    match like {
        IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
    }
}

/// Every address of this machine in one family at which a node can be reached, loopback included.
fn local(like: IpAddr) -> Vec<IpAddr> {
    let found = if_addrs::get_if_addrs().unwrap_or_else(|error| {
        tracing::warn!(%error, "this machine's addresses cannot be read");
        Vec::new()
    });
    let mut addresses: Vec<IpAddr> = found
        .iter()
        .map(if_addrs::Interface::ip)
        .chain([loopback(like)])
        .filter(|ip| ip.is_ipv4() == like.is_ipv4() && Node::new(*ip, 1).is_ok())
        .collect();
    addresses.sort_unstable();
    addresses.dedup();
    addresses
}

/// The address that packets to the rest of the world leave from. Connecting a UDP socket sends none.
fn default_route(like: IpAddr) -> Option<IpAddr> {
    let nobody = match like {
        IpAddr::V4(_) => NOBODY_V4,
        IpAddr::V6(_) => NOBODY_V6,
    };
    let socket = UdpSocket::bind(SocketAddr::new(like, 0)).ok()?;
    socket.connect((nobody, DISCARD)).ok()?;
    Some(socket.local_addr().ok()?.ip()).filter(|ip| !ip.is_unspecified())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chosen_address_is_the_address() {
        let ip: IpAddr = Ipv4Addr::LOCALHOST.into();
        let found = Addresses::find(ip);
        assert_eq!(found.own, ip);
        assert!(found.contains(ip) && found.aliases.is_empty());
    }

    #[test]
    fn everywhere_is_some_address_of_this_machine() {
        for listen in [
            IpAddr::from(Ipv4Addr::UNSPECIFIED),
            Ipv6Addr::UNSPECIFIED.into(),
        ] {
            let found = Addresses::find(listen);
            assert_eq!(found.own.is_ipv4(), listen.is_ipv4());
            assert!(Node::new(found.own, 9000).is_ok(), "{found:?}");
            assert!(found.contains(loopback(listen)), "{found:?}");
            assert!(!found.aliases.contains(&found.own), "{found:?}");
            assert_eq!(found.alias_nodes(9000).len(), found.aliases.len());
        }
    }
}
