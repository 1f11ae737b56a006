//! Who may connect: limits, discouraged peers, and one connection for each peer.
//!
//! On a second connection from a peer id that is connected already:
//! - the first is younger than [`SIMULTANEOUS`], and the two have opposite directions: both nodes
//!   dialled at once. The connection that the smaller peer id dialled stays; both ends agree on it
//!   without a word.
//! - the first is younger, and one node dialled both: it dialled again because it heard nothing. The
//!   first stays.
//! - otherwise the peer has restarted, or has lost the first connection: the newer stays, the older
//!   is closed.
//!
//! Some places are kept for peers that this node dials: whoever dials it many times over must not
//! become all that it hears. Addresses are counted by IPv4 address and IPv6 /64.
//!
//! libp2p's own connection limits know neither IP addresses nor this.

use std::collections::{HashMap, HashSet, VecDeque};
use std::convert::Infallible;
use std::net::IpAddr;
use std::task::{Context, Poll};
use std::time::Duration;

use libp2p::core::Endpoint;
use libp2p::core::transport::PortUse;
use libp2p::swarm::{
    CloseConnection, ConnectionDenied, ConnectionId, FromSwarm, NetworkBehaviour, NotifyHandler,
    THandler, THandlerInEvent, THandlerOutEvent, ToSwarm,
};
use libp2p::{Multiaddr, PeerId};
use thiserror::Error;
use tokio::time::Instant;

use bolao_limits::address_key;

use crate::Config;
use crate::address::to_socket;
use crate::ban_list::BanList;
use crate::liveness::{Liveness, Nudge};
use crate::port::Tunnelled;

/// Within this time, connections come of dials that were under way at once.
pub(crate) const SIMULTANEOUS: Duration = Duration::from_secs(2);

/// Why a connection is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(crate) enum Refusal {
    #[error("the peer was discouraged for breaking the rules")]
    Discouraged,
    #[error("connected to that peer already")]
    Duplicate,
    #[error("{0} peers are connected, no more are allowed")]
    Full(usize),
    #[error("{0} peers have dialled this node, no more may: the rest is for those that it dials")]
    FullForInbound(usize),
    #[error("{0} peers are connected from that IP address or its /64, no more are allowed")]
    FullForAddress(usize),
    #[error("not a QUIC address")]
    Address,
}

#[derive(Debug, Clone, Copy)]
struct Active {
    connection: ConnectionId,
    group: IpAddr,
    outbound: bool,
    since: Instant,
}

/// The most peers that may be connected.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    all: usize,
    inbound: usize,
    /// From one [`address_key`].
    group: usize,
}

impl Limits {
    pub(crate) fn of(config: &Config) -> Self {
        Self {
            all: config.max_peers,
            inbound: config.max_peers.saturating_sub(config.reserved_outbound),
            group: config.max_peers_per_ip,
        }
    }
}

/// The behaviour that admits connections. It must stand before all others, whose state would
/// otherwise know connections that were refused.
#[derive(Debug)]
pub(crate) struct ConnectionLimits {
    local: PeerId,
    limits: Limits,
    active: HashMap<PeerId, Active>,
    pub(crate) offences: BanList,
    to_close: VecDeque<(PeerId, ConnectionId)>,
    to_nudge: HashSet<PeerId>,
    tunnelled: Tunnelled,
}

impl ConnectionLimits {
    pub(crate) fn new(local: PeerId, limits: Limits, tunnelled: Tunnelled) -> Self {
        Self {
            local,
            limits,
            active: HashMap::new(),
            offences: BanList::new(),
            to_close: VecDeque::new(),
            to_nudge: HashSet::new(),
            tunnelled,
        }
    }

    fn admit(
        &mut self,
        peer: PeerId,
        connection: ConnectionId,
        ip: IpAddr,
        outbound: bool,
        now: Instant,
    ) -> Result<(), Refusal> {
        if self.offences.refuse(&peer, ip, now) {
            return Err(Refusal::Discouraged);
        }
        if let Some(old) = self.active.get(&peer).copied() {
            let simultaneous = now.duration_since(old.since) < SIMULTANEOUS;
            let dialled_by_smaller = outbound == (self.local < peer);
            if simultaneous && (old.outbound == outbound || !dialled_by_smaller) {
                return Err(Refusal::Duplicate);
            }
            self.to_close.push_back((peer, old.connection));
        } else {
            if self.active.len() >= self.limits.all {
                return Err(Refusal::Full(self.active.len()));
            }
            let inbound = self.count(|other| !other.outbound);
            if !outbound && inbound >= self.limits.inbound {
                return Err(Refusal::FullForInbound(inbound));
            }
            let of_group = self.count(|other| other.group == address_key(ip));
            if !ip.is_loopback() && of_group >= self.limits.group {
                return Err(Refusal::FullForAddress(of_group));
            }
        }
        let active = Active {
            connection,
            group: address_key(ip),
            outbound,
            since: now,
        };
        self.active.insert(peer, active);
        Ok(())
    }

    /// Nudges the connections of these peers.
    pub(crate) fn nudge(&mut self, peers: impl IntoIterator<Item = PeerId>) {
        self.to_nudge.extend(peers);
    }

    fn ip_of(&self, address: &Multiaddr) -> Result<IpAddr, ConnectionDenied> {
        to_socket(address)
            .map(|address| self.tunnelled.behind(address).ip())
            .ok_or_else(|| ConnectionDenied::new(Refusal::Address))
    }

    fn count(&self, which: impl Fn(&Active) -> bool) -> usize {
        self.active.values().filter(|active| which(active)).count()
    }

    fn forget(&mut self, peer: PeerId, connection: ConnectionId) {
        if self
            .active
            .get(&peer)
            .is_some_and(|active| active.connection == connection)
        {
            self.active.remove(&peer);
        }
    }
}

impl NetworkBehaviour for ConnectionLimits {
    type ConnectionHandler = Liveness;
    type ToSwarm = Infallible;

    fn handle_established_inbound_connection(
        &mut self,
        connection: ConnectionId,
        peer: PeerId,
        _: &Multiaddr,
        remote: &Multiaddr,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        let ip = self.ip_of(remote)?;
        self.admit(peer, connection, ip, false, Instant::now())
            .map_err(ConnectionDenied::new)?;
        Ok(Liveness::new())
    }

    fn handle_established_outbound_connection(
        &mut self,
        connection: ConnectionId,
        peer: PeerId,
        address: &Multiaddr,
        _: Endpoint,
        _: PortUse,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        let ip = self.ip_of(address)?;
        self.admit(peer, connection, ip, true, Instant::now())
            .map_err(ConnectionDenied::new)?;
        Ok(Liveness::new())
    }

    fn on_swarm_event(&mut self, event: FromSwarm) {
        if let FromSwarm::ConnectionClosed(closed) = event {
            self.forget(closed.peer_id, closed.connection_id);
        }
    }

    fn on_connection_handler_event(
        &mut self,
        _: PeerId,
        _: ConnectionId,
        event: THandlerOutEvent<Self>,
    ) {
        match event {}
    }

    /// Needs no waker: whoever fills the queues polls the swarm afterwards.
    fn poll(&mut self, _: &mut Context<'_>) -> Poll<ToSwarm<Infallible, THandlerInEvent<Self>>> {
        if let Some((peer_id, connection)) = self.to_close.pop_front() {
            return Poll::Ready(ToSwarm::CloseConnection {
                peer_id,
                connection: CloseConnection::One(connection),
            });
        }
        let next = self.to_nudge.iter().next().copied();
        match next.and_then(|peer| self.to_nudge.take(&peer)) {
            Some(peer_id) => Poll::Ready(ToSwarm::NotifyHandler {
                peer_id,
                handler: NotifyHandler::Any,
                event: Nudge,
            }),
            None => Poll::Pending,
        }
    }
}

#[cfg(test)]
mod tests;
