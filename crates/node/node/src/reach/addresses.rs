//! At which addresses of the machine a node listens, and which of them others learn.

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
    /// Those that peers are told, should `own` be of no use to them some day.
    pub(crate) told: Vec<SocketAddr>,
    /// Those that it listens on, unspecified ones for all of a family; none where the one that was chosen is gone.
    pub(crate) listens: Vec<SocketAddr>,
}

/// An address of this machine, and its network interface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Local {
    pub(crate) ip: IpAddr,
    pub(crate) interface: String,
}

/// The facts by which a node's addresses are found.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facts<'a> {
    /// The address that it was told to listen on.
    pub(crate) listen: SocketAddr,
    /// The network interface of that address, where it was one of this machine's.
    pub(crate) interface: Option<&'a str>,
    /// Other addresses at which it is reached, as its owner says.
    pub(crate) advertised: &'a [SocketAddr],
    /// The nodes that it joined through.
    pub(crate) towards: &'a [SocketAddr],
}

impl Addresses {
    /// Finds them. Others learn the first that is advertised. Where none is, and a node listens on every address, they learn
    /// the one from which it reaches those that it joined through, else the one that the default route leaves from, else the
    /// widest known, else loopback. An address that was chosen is followed: where the machine has it no longer, its interface's
    /// other address takes its place.
    pub(crate) fn find(facts: Facts<'_>, here: &[Local]) -> Self {
        let (ip, port) = (facts.listen.ip(), facts.listen.port());
        let (first, mut aliases, listens) = if ip.is_unspecified() {
            let all = here.iter().map(|it| it.ip).collect();
            let listens = vec![facts.listen, SocketAddr::new(other_family(ip), port)];
            (outward(facts, here), all, listens)
        } else {
            let bound = bound(facts, here);
            let listens = bound.map(|ip| SocketAddr::new(ip, port));
            let first = bound.unwrap_or(ip);
            (first, vec![first], listens.into_iter().collect())
        };
        let own = facts.advertised.first().copied();
        let own = own.unwrap_or(SocketAddr::new(first, port));
        let mut told = vec![own];
        told.extend(facts.advertised);
        if ip.is_unspecified() {
            let other = widest(other_family(own.ip()), here);
            told.extend(other.map(|ip| SocketAddr::new(ip, port)));
        }
        told.dedup();
        told.retain(|it| !it.ip().is_loopback());
        aliases.push(first);
        let mut aliases: Vec<SocketAddr> = aliases
            .into_iter()
            .map(|ip| SocketAddr::new(ip, port))
            .chain(facts.advertised.iter().copied())
            .filter(|address| *address != own)
            .collect();
        aliases.sort_unstable();
        aliases.dedup();
        Self {
            own,
            aliases,
            told,
            listens,
        }
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

/// The address of the machine that others learn of a node which listens on all.
fn outward(facts: Facts<'_>, here: &[Local]) -> IpAddr {
    let ip = facts.listen.ip();
    let is_usable = |ip: &IpAddr| Node::new(*ip, 1).is_ok() && !ip.is_loopback();
    let towards = facts.towards.iter().copied().find_map(|it| {
        let source = source(it)?;
        is_usable(&source).then_some(source)
    });
    towards
        .or_else(|| widest(ip, here))
        .or_else(|| widest(other_family(ip), here))
        .unwrap_or_else(|| loopback(ip))
}

/// The address of a family that the default route leaves from, else the widest known of the machine.
fn widest(like: IpAddr, here: &[Local]) -> Option<IpAddr> {
    let same = here.iter().map(|it| it.ip);
    let same = same.filter(|ip| ip.is_ipv4() == like.is_ipv4() && !ip.is_loopback());
    default_route(like)
        .filter(|ip| Node::new(*ip, 1).is_ok() && !ip.is_loopback())
        .or_else(|| same.max_by_key(|ip| Scope::of(*ip)))
}

/// The address that stands for one that was chosen.
fn bound(facts: Facts<'_>, here: &[Local]) -> Option<IpAddr> {
    let ip = facts.listen.ip();
    if ip.is_loopback() || here.iter().any(|it| it.ip == ip) {
        return Some(ip);
    }
    let there = here
        .iter()
        .filter(|it| Some(it.interface.as_str()) == facts.interface);
    let mut there: Vec<IpAddr> = there.map(|it| it.ip).collect();
    there.sort_by_key(|it| (it.is_ipv4() != ip.is_ipv4(), *it));
    there.first().copied()
}

const fn other_family(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V4(_) => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
        IpAddr::V6(_) => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
    }
}

fn loopback(like: IpAddr) -> IpAddr {
    match like {
        IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
    }
}

/// Every address of this machine at which a node can be reached, loopback included.
pub(crate) fn local() -> Vec<Local> {
    let found = if_addrs::get_if_addrs().unwrap_or_else(|error| {
        tracing::warn!(%error, "this machine's addresses cannot be read");
        Vec::new()
    });
    let always = [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()].map(|ip| Local {
        ip,
        interface: String::new(),
    });
    let mut all: Vec<Local> = found
        .into_iter()
        .map(|it| Local {
            ip: it.ip(),
            interface: it.name,
        })
        .filter(|it| Node::new(it.ip, 1).is_ok() && !it.ip.is_loopback())
        .chain(always)
        .collect();
    all.sort_unstable_by_key(|it| it.ip);
    all.dedup_by_key(|it| it.ip);
    all
}

/// The address that packets to the rest of the world leave from.
fn default_route(like: IpAddr) -> Option<IpAddr> {
    let nobody = match like {
        IpAddr::V4(_) => NOBODY_V4,
        IpAddr::V6(_) => NOBODY_V6,
    };
    source((nobody, DISCARD).into())
}

/// The address that packets to another leave from; none where no way leads there. Connecting a UDP socket sends none.
pub(crate) fn source(to: SocketAddr) -> Option<IpAddr> {
    let any: IpAddr = match to {
        SocketAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        SocketAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    };
    let socket = UdpSocket::bind((any, 0)).ok()?;
    socket.connect(to).ok()?;
    Some(socket.local_addr().ok()?.ip()).filter(|ip| !ip.is_unspecified())
}

#[cfg(test)]
mod tests;
