//! Connections and what their peers prove.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use libp2p::core::ConnectedPoint;
use libp2p::swarm::{ConnectionError, ConnectionId, StreamUpgradeError};
use libp2p::{PeerId, identify};
use tokio::sync::Semaphore;
use tokio::time::Instant;

use super::dials::Attempt;
use super::{PROOF, Task};
use crate::address::{to_multiaddr, to_socket};
use crate::{Event, PeerInfo, gossip};

/// Requests of one peer that may wait for an answer.
pub(super) const REQUESTS_OF_PEER: usize = 8;

/// The time that a peer of another pool that dialled us may take to find that out by itself.
const PARTING: Duration = Duration::from_secs(1);

/// Events of a proven peer that wait until its older connection has closed.
const HELD: usize = 16;

/// The most other addresses of a peer that are taken from its word.
const OTHERS: usize = 4;

/// Longest agent name shown, in characters.
const AGENT_CHARS: usize = 64;

/// The one connection to a peer.
#[derive(Debug)]
pub(super) struct Session {
    connection: ConnectionId,
    pub(super) address: SocketAddr,
    /// Other addresses at which the peer says that it listens.
    others: Vec<SocketAddr>,
    outbound: bool,
    /// The dial that led here, until the peer proves itself.
    dial: Option<Attempt>,
    /// When to close it, unless the peer proves itself.
    deadline: Option<Instant>,
    /// Why it is being closed.
    refusal: Option<String>,
    agent: String,
    proven: bool,
    /// Since when the layers above know it.
    announced: Option<Instant>,
    /// Its events before that.
    held: Vec<Event>,
    /// Connections to this peer that are open, those being closed included.
    open: u32,
    /// Requests of the peer that wait for an answer take one each.
    pub(super) slots: Arc<Semaphore>,
    /// Requests to the peer that wait for an answer.
    pub(super) waiting: usize,
}

impl Session {
    pub(super) fn has_deadline(&self) -> bool {
        self.deadline.is_some()
    }
}

impl Task {
    pub(super) fn on_established(
        &mut self,
        peer: PeerId,
        connection: ConnectionId,
        endpoint: &ConnectedPoint,
        open: u32,
    ) {
        let now = Instant::now();
        let dial = self.dials.take(connection);
        let Some(address) = to_socket(endpoint.get_remote_address()) else {
            self.swarm.close_connection(connection);
            return;
        };
        let address = self.port.tunnelled().behind(address);
        // Nothing of this connection was handled yet, and the score of an earlier one may be remembered.
        self.give_gossip(&peer, !self.guarded);
        if let Some(attempt) = dial {
            self.dials.aliases.add(attempt.address, peer, now);
        }
        let session = Session {
            connection,
            address,
            others: Vec::new(),
            outbound: endpoint.is_dialer(),
            dial,
            deadline: Some(now + PROOF),
            refusal: None,
            agent: String::new(),
            proven: false,
            announced: None,
            held: Vec::new(),
            open,
            slots: Arc::new(Semaphore::new(REQUESTS_OF_PEER)),
            waiting: 0,
        };
        tracing::debug!(%peer, %address, outbound = session.outbound, open, "connection");
        if let Some(old) = self.sessions.insert(peer, session) {
            self.retire(peer, &old);
        }
    }

    pub(super) fn on_closed(
        &mut self,
        peer: PeerId,
        connection: ConnectionId,
        open: u32,
        cause: Option<&ConnectionError>,
    ) {
        let Some(session) = self.sessions.get_mut(&peer) else {
            return;
        };
        session.open = open;
        if session.connection != connection {
            self.announce(peer);
            return;
        }
        let Some(session) = self.sessions.remove(&peer) else {
            return;
        };
        tracing::debug!(%peer, address = %session.address, ?cause, "connection closed");
        self.retire(peer, &session);
        let Some(attempt) = session.dial else { return };
        if let Some(reason) = session.refusal {
            self.dial_failed(attempt.address, reason);
        } else if !self.dials.repeat(attempt, Instant::now()) {
            let reason = "the node closes the connection at once".to_owned();
            self.dial_failed(attempt.address, reason);
        }
    }

    pub(super) fn on_identified(
        &mut self,
        peer: PeerId,
        connection: ConnectionId,
        info: &identify::Info,
    ) {
        if !self.is_current(peer, connection) {
            return;
        }
        if info.protocol_version != self.names.family() {
            let bolao = info.protocol_version.starts_with("/bolao/");
            let reason = if bolao {
                "other pool"
            } else {
                "not a node of ours"
            };
            self.refuse(peer, reason.to_owned());
            return;
        }
        if !info.protocols.contains(&self.names.sync()) {
            self.refuse(peer, "speaks none of our protocols".to_owned());
            return;
        }
        if let Some(session) = self.sessions.get_mut(&peer) {
            session.agent = printable(&info.agent_version);
        }
        self.on_told(peer, info);
        self.prove(peer);
    }

    /// Takes a peer's word for where it listens.
    fn on_told(&mut self, peer: PeerId, info: &identify::Info) {
        let Some(session) = self.sessions.get_mut(&peer) else {
            return;
        };
        let told = info.listen_addrs.iter().take(2 * OTHERS);
        let told = told.filter_map(to_socket);
        let told = told.filter(|it| *it != session.address);
        session.others = told.take(OTHERS).collect();
        self.publish_peers();
    }

    /// Has peers told at which addresses this node listens, when they connect and then every five minutes.
    pub(super) fn tell(&mut self, addresses: &[SocketAddr]) {
        let now: Vec<_> = addresses.iter().copied().map(to_multiaddr).collect();
        let before: Vec<_> = self.swarm.external_addresses().cloned().collect();
        for gone in before.iter().filter(|it| !now.contains(it)) {
            self.swarm.remove_external_address(gone);
        }
        for new in now.into_iter().filter(|it| !before.contains(it)) {
            self.swarm.add_external_address(new);
        }
    }

    /// A broken connection proves nothing; a peer that does not know the protocol is none of ours.
    pub(super) fn on_unidentified(
        &mut self,
        peer: PeerId,
        connection: ConnectionId,
        error: &StreamUpgradeError<identify::UpgradeError>,
    ) {
        if matches!(error, StreamUpgradeError::NegotiationFailed)
            && self.is_current(peer, connection)
        {
            self.refuse(peer, "does not say who it is".to_owned());
        }
    }

    /// The peer has shown that it is of this pool.
    pub(super) fn prove(&mut self, peer: PeerId) {
        if let Some(session) = self.sessions.get_mut(&peer)
            && session.refusal.is_none()
        {
            session.proven = true;
            session.deadline = None;
            session.dial = None;
            self.announce(peer);
        }
    }

    /// Tells the layers above of a proven peer, once its older connections have closed: requests
    /// would otherwise take one of those.
    fn announce(&mut self, peer: PeerId) {
        let Some(session) = self.sessions.get_mut(&peer) else {
            return;
        };
        if session.proven && session.announced.is_none() && session.open == 1 {
            let now = Instant::now();
            session.announced = Some(now);
            self.swarm.behaviour_mut().gate.offences.behaved(peer, now);
            let (address, outbound) = (session.address, session.outbound);
            tracing::info!(%peer, %address, outbound, agent = session.agent, "peer connected");
            self.outbox.push_back(Event::Connected {
                peer: crate::PeerId(peer),
                address,
                outbound,
            });
            self.outbox.extend(session.held.drain(..));
            self.publish_peers();
        }
    }

    /// Passes on what a proven peer says, never before it is announced.
    pub(super) fn emit(&mut self, peer: PeerId, event: Event) {
        match self.sessions.get_mut(&peer) {
            Some(session) if session.announced.is_some() => self.outbox.push_back(event),
            Some(session) if session.proven && session.held.len() < HELD => {
                session.held.push(event);
            }
            _ => tracing::debug!(%peer, "dropped: the peer is not announced"),
        }
    }

    pub(super) fn give_gossip(&mut self, peer: &PeerId, given: bool) {
        if self.swarm.is_connected(peer) {
            gossip::give(self.swarm.behaviour_mut().gossip.get_mut(), peer, given);
        }
    }

    /// Ends all connections where the rule changes: links over which messages went on by the old one are gone with them.
    pub(super) fn guard(&mut self, guarded: bool) {
        if self.guarded == guarded {
            return;
        }
        tracing::info!(guarded, "who gets gossip changes");
        self.guarded = guarded;
        let peers: Vec<_> = self.swarm.connected_peers().copied().collect();
        for peer in peers {
            let _ = self.swarm.disconnect_peer_id(peer);
        }
    }

    /// A session has ended, by itself or because a newer one takes its place.
    fn retire(&mut self, peer: PeerId, session: &Session) {
        if session.announced.is_some() {
            tracing::info!(%peer, address = %session.address, "peer disconnected");
            self.outbox.push_back(Event::Disconnected {
                peer: crate::PeerId(peer),
            });
            self.publish_peers();
        }
    }

    /// The dialler leaves at once; whoever was dialled waits for that, so that the dialler learns
    /// the reason.
    fn refuse(&mut self, peer: PeerId, reason: String) {
        let Some(session) = self.sessions.get_mut(&peer) else {
            return;
        };
        tracing::debug!(%peer, address = %session.address, reason, "peer refused");
        session.refusal = Some(reason);
        if session.outbound {
            let _ = self.swarm.disconnect_peer_id(peer);
        } else {
            session.deadline = Some(Instant::now() + PARTING);
        }
    }

    pub(super) fn discourage(&mut self, peer: PeerId) {
        let address = self.sessions.get(&peer).map(|session| session.address);
        tracing::info!(%peer, ?address, "peer discouraged");
        let ip = address.map(|address| address.ip());
        let offences = &mut self.swarm.behaviour_mut().gate.offences;
        offences.note(peer, ip, Instant::now());
        let _ = self.swarm.disconnect_peer_id(peer);
    }

    pub(super) fn close_unproven(&mut self, now: Instant) {
        for session in self.sessions.values_mut() {
            if session.deadline.is_some_and(|deadline| deadline <= now) {
                session.deadline = None;
                session
                    .refusal
                    .get_or_insert_with(|| "does not say who it is".to_owned());
                self.swarm.close_connection(session.connection);
            }
        }
    }

    pub(super) fn is_announced(&self, peer: PeerId) -> bool {
        self.sessions
            .get(&peer)
            .is_some_and(|session| session.announced.is_some())
    }

    pub(super) fn is_current(&self, peer: PeerId, connection: ConnectionId) -> bool {
        self.sessions
            .get(&peer)
            .is_some_and(|session| session.connection == connection)
    }

    fn publish_peers(&self) {
        let mut entries: Vec<_> = self
            .sessions
            .iter()
            .filter_map(|(peer, session)| {
                session.announced.map(|since| PeerInfo {
                    peer: crate::PeerId(*peer),
                    address: session.address,
                    others: session.others.clone(),
                    outbound: session.outbound,
                    since,
                    agent: session.agent.clone(),
                })
            })
            .collect();
        entries.sort_by_key(|entry| entry.peer);
        self.peers.send_if_modified(|told| {
            let is_news = *told != entries;
            *told = entries;
            is_news
        });
    }
}

fn printable(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_ascii_graphic() || *c == ' ')
        .take(AGENT_CHARS)
        .collect()
}
