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
    pub(crate) own: SocketAddr,
    /// The other addresses that lead to this node.
    pub(crate) aliases: Vec<SocketAddr>,
}

impl Addresses {
    /// For a node that listens on `listen`, and that others reach at the `advertised` ones too. Others learn the first of
    /// these. Where there is none, an unspecified address stands for every address of its family, as QUIC listens: others
    /// learn the one that the default route leaves from, else the widest known, else loopback.
    pub(crate) fn find(listen: SocketAddr, advertised: &[SocketAddr]) -> Self {
        let (ip, port) = (listen.ip(), listen.port());
        let (first, mut aliases) = if ip.is_unspecified() {
            let here = local(ip);
            let first = default_route(ip)
                .filter(|ip| Node::new(*ip, 1).is_ok())
                .or_else(|| here.iter().copied().max_by_key(|ip| Scope::of(*ip)))
                .unwrap_or(loopback(ip));
            (first, here)
        } else {
            (ip, vec![ip])
        };
        let own = advertised.first().copied();
        let own = own.unwrap_or(SocketAddr::new(first, port));
        aliases.push(first);
        let mut aliases: Vec<SocketAddr> = aliases
            .into_iter()
            .map(|ip| SocketAddr::new(ip, port))
            .chain(advertised.iter().copied())
            .filter(|address| *address != own)
            .collect();
        aliases.sort_unstable();
        aliases.dedup();
        Self { own, aliases }
    }

    /// All of this node's addresses.
    pub(crate) fn every(&self) -> impl Iterator<Item = SocketAddr> {
        std::iter::once(self.own).chain(self.aliases.iter().copied())
    }

    /// Whether an address is one of this node's.
    pub(crate) fn contains(&self, address: SocketAddr) -> bool {
        let address = SocketAddr::new(address.ip().to_canonical(), address.port());
        self.own == address || self.aliases.contains(&address)
    }

    /// The nodes that the aliases stand for.
    pub(crate) fn alias_nodes(&self) -> impl Iterator<Item = Node> {
        self.aliases
            .iter()
            .filter_map(|address| Node::try_from(*address).ok())
    }
}

fn loopback(like: IpAddr) -> IpAddr {
    match like {
        IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
    }
}

/// Every address of this machine in one family at which a node can be reached, loopback included.
pub(crate) fn local(like: IpAddr) -> Vec<IpAddr> {
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
        let listen = (Ipv4Addr::LOCALHOST, 9000).into();
        let found = Addresses::find(listen, &[]);
        assert_eq!(found.own, listen);
        assert!(found.contains(listen) && found.aliases.is_empty());
    }

    #[test]
    fn what_is_advertised_is_what_others_learn() {
        let listen = (Ipv4Addr::LOCALHOST, 9000).into();
        let [outside, other] = [1, 2].map(|last| (Ipv4Addr::new(203, 0, 113, last), 9100).into());
        let found = Addresses::find(listen, &[outside, other]);
        assert_eq!(found.own, outside);
        assert_eq!(found.aliases, [listen, other]);
    }

    #[test]
    fn everywhere_is_some_address_of_this_machine() {
        for listen in [
            IpAddr::from(Ipv4Addr::UNSPECIFIED),
            Ipv6Addr::UNSPECIFIED.into(),
        ] {
            let found = Addresses::find((listen, 9000).into(), &[]);
            assert_eq!(found.own.is_ipv4(), listen.is_ipv4());
            assert!(Node::try_from(found.own).is_ok(), "{found:?}");
            assert!(found.contains((loopback(listen), 9000).into()), "{found:?}");
            assert!(!found.aliases.contains(&found.own), "{found:?}");
            assert_eq!(found.alias_nodes().count(), found.aliases.len());
        }
    }
}
