//! The task that owns the swarm.
//!
//! A connection becomes a [`Session`] at once, but the layers above hear of it only when the peer
//! has proved to be of this pool: by telling the pool's name in identify, or by using a protocol
//! whose name carries the pool id. What does neither within [`PROOF`] is closed.
//!
//! Back-pressure: one swarm event is turned into at most a few [`Event`]s, and the swarm is polled
//! again only when they have gone out. Gossip, whose loss is healed, is dropped earlier, so that a
//! busy node still answers.

mod connections;
mod dials;
mod messages;
mod unsent;

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use libp2p::request_response::OutboundRequestId;
use libp2p::swarm::SwarmEvent;
use libp2p::{PeerId, Swarm, gossipsub, identify};
use tokio::sync::{Semaphore, mpsc, oneshot, watch};
use tokio::time::{Instant, MissedTickBehavior};

use self::connections::Session;
use self::dials::Dials;
use self::messages::Asked;
use self::unsent::Unsent;
use crate::behaviour::{Behaviour, BehaviourEvent};
use crate::handle::Command;
use crate::names::Names;
use crate::{Config, Event, PeerInfo, Port, Protocol};

/// The time that a connection may go without proof that its peer is of this pool.
const PROOF: Duration = Duration::from_secs(5);

/// The time between two looks at the deadlines, while there are any.
const TICK: Duration = Duration::from_millis(200);

/// Commands wait when this many events do.
const OUTBOX: usize = 256;

/// Requests of other nodes that may wait for an answer of this one.
const INBOUND_REQUESTS: usize = 64;

/// Waiting gossip, in messages of the greatest length.
const GOSSIP_MESSAGES: usize = 16;

/// Responses that wait to be taken, in responses of the greatest length: from there on each peer gets one at a time.
const UNSENT_RESPONSES: usize = 16;

/// The time that a shutdown waits for connections to close.
const CLOSING: Duration = Duration::from_secs(1);

/// The time that the last packets have to leave the socket.
const FLUSH: Duration = Duration::from_millis(50);

pub(crate) struct Task {
    swarm: Swarm<Behaviour>,
    names: Names,
    protocol: Protocol,
    events: mpsc::Sender<Event>,
    outbox: VecDeque<Event>,
    peers: watch::Sender<Vec<PeerInfo>>,
    sessions: HashMap<PeerId, Session>,
    dials: Dials,
    requests: HashMap<OutboundRequestId, Asked>,
    inbound_slots: Arc<Semaphore>,
    unsent: Unsent,
    gossip_bytes: Arc<Semaphore>,
    port: Port,
    /// Whether gossip goes only to peers that were admitted.
    guarded: bool,
}

impl Task {
    pub(crate) fn new(
        swarm: Swarm<Behaviour>,
        config: &Config,
        names: Names,
        port: Port,
        events: mpsc::Sender<Event>,
        peers: watch::Sender<Vec<PeerInfo>>,
    ) -> Self {
        let gossip_bytes = config
            .protocol
            .max_message_bytes
            .saturating_mul(GOSSIP_MESSAGES)
            .min(Semaphore::MAX_PERMITS);
        let unsent = config
            .protocol
            .max_response_bytes
            .saturating_mul(UNSENT_RESPONSES);
        Self {
            swarm,
            names,
            protocol: config.protocol,
            events,
            outbox: VecDeque::new(),
            peers,
            sessions: HashMap::new(),
            dials: Dials::new(),
            requests: HashMap::new(),
            inbound_slots: Arc::new(Semaphore::new(INBOUND_REQUESTS)),
            unsent: Unsent::new(unsent),
            gossip_bytes: Arc::new(Semaphore::new(gossip_bytes)),
            port,
            guarded: config.guarded,
        }
    }

    pub(crate) async fn run(
        mut self,
        mut commands: mpsc::Receiver<Command>,
        mut stop: mpsc::Receiver<oneshot::Sender<()>>,
    ) {
        let events = self.events.clone();
        let mut tick = tokio::time::interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let stopped = loop {
            tokio::select! {
                done = stop.recv() => break done,
                () = self.port.closed() => break None,
                permit = events.reserve(), if !self.outbox.is_empty() => match permit {
                    Ok(permit) => if let Some(event) = self.outbox.pop_front() {
                        permit.send(event);
                    },
                    Err(_) => break None,
                },
                command = commands.recv(), if self.outbox.len() < OUTBOX => match command {
                    Some(command) => self.on_command(command),
                    None => break None,
                },
                _ = tick.tick(), if self.has_deadlines() => self.on_tick(Instant::now()),
                event = self.swarm.select_next_some(), if self.outbox.is_empty() => {
                    self.on_event(event);
                }
            }
        };
        self.close().await;
        if let Some(done) = stopped {
            let _ = done.send(());
        }
    }

    fn on_command(&mut self, command: Command) {
        match command {
            Command::Dial(address) => self.dial(address),
            Command::Publish(topic, data) => self.publish(topic, data),
            Command::Verdict(token, verdict) => self.verdict(token, verdict),
            Command::Request(peer, id, data) => self.request(peer, id, data),
            Command::Respond(token, data) => self.respond(token, data),
            Command::Discourage(peer) => self.discourage(peer.0),
            Command::Disconnect(peer) => {
                let _ = self.swarm.disconnect_peer_id(peer.0);
            }
            Command::Guard(guarded) => self.guard(guarded),
            Command::Admit(peer) => self.give_gossip(&peer.0, true),
            Command::Tell(addresses) => self.tell(&addresses),
        }
    }

    fn has_deadlines(&self) -> bool {
        let unproven = self.sessions.values().any(Session::has_deadline);
        unproven || !self.requests.is_empty() || self.dials.repeats()
    }

    fn on_tick(&mut self, now: Instant) {
        self.close_unproven(now);
        self.nudge(now);
        for attempt in self.dials.due(now) {
            if self.is_known(attempt.address) {
                continue;
            }
            self.start_dial(attempt);
        }
    }

    fn on_event(&mut self, event: SwarmEvent<BehaviourEvent>) {
        match event {
            SwarmEvent::ConnectionEstablished {
                peer_id,
                connection_id,
                endpoint,
                num_established,
                ..
            } => self.on_established(peer_id, connection_id, &endpoint, num_established.get()),
            SwarmEvent::ConnectionClosed {
                peer_id,
                connection_id,
                num_established,
                cause,
                ..
            } => self.on_closed(peer_id, connection_id, num_established, cause.as_ref()),
            SwarmEvent::OutgoingConnectionError {
                connection_id,
                error,
                ..
            } => self.on_dial_error(connection_id, &error),
            SwarmEvent::Behaviour(event) => self.on_behaviour(event),
            _ => {}
        }
    }

    fn on_behaviour(&mut self, event: BehaviourEvent) {
        match event {
            BehaviourEvent::Identify(identify::Event::Received {
                connection_id,
                peer_id,
                info,
            }) => self.on_identified(peer_id, connection_id, &info),
            BehaviourEvent::Identify(identify::Event::Error {
                connection_id,
                peer_id,
                error,
            }) => self.on_unidentified(peer_id, connection_id, &error),
            BehaviourEvent::Identify(_) => {}
            BehaviourEvent::Sync(event) => self.on_sync(event),
            BehaviourEvent::Gossip(gossipsub::Event::Message {
                propagation_source,
                message_id,
                message,
            }) => self.on_gossip(propagation_source, message_id, message),
            BehaviourEvent::Gossip(event) => tracing::trace!(?event, "gossip"),
        }
    }

    /// Tells the peers, waits until the connections have closed, and lets the last packets go.
    async fn close(mut self) {
        let peers: Vec<_> = self.swarm.connected_peers().copied().collect();
        for peer in peers {
            let _ = self.swarm.disconnect_peer_id(peer);
        }
        let closed = async {
            while self.swarm.connected_peers().next().is_some() {
                self.swarm.select_next_some().await;
            }
        };
        let _ = tokio::time::timeout(CLOSING, closed).await;
        self.peers.send_replace(Vec::new());
        drop((self.swarm, self.port));
        tokio::time::sleep(FLUSH).await;
    }
}
