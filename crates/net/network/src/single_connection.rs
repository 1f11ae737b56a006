//! Shows gossipsub one connection for each peer: the newest.
//!
//! gossipsub 0.50 sends its subscriptions on the *first* connection to a peer id only, and all
//! connections to that id drain one queue. A peer that was killed and came back while its old
//! connection still looked alive therefore stays deaf and mute, and messages for it vanish into the
//! dead connection. So, on a new connection to a known peer, gossipsub learns that the old one
//! closed *before* it hears of the new one: it forgets the peer, makes a new queue and sends its
//! subscriptions. What the old connection still says is dropped; [`ConnectionLimits`](crate::connection_limits::ConnectionLimits), which
//! decides that the newest is the one that stays, closes it.
//!
//! gossipsub looks after itself more than twice a second. Where nobody has been connected for [`REST`], it is not polled: there is
//! nothing left to look after, and a host may have many pools of which most are quiet.

use std::collections::HashMap;
use std::task::{Context, Poll};
use std::time::Duration;

use libp2p::core::transport::PortUse;
use libp2p::core::{ConnectedPoint, Endpoint};
use libp2p::swarm::behaviour::{ConnectionClosed, ConnectionEstablished};
use libp2p::swarm::{
    ConnectionDenied, ConnectionId, FromSwarm, NetworkBehaviour, THandler, THandlerInEvent,
    THandlerOutEvent, ToSwarm,
};
use libp2p::{Multiaddr, PeerId};
use tokio::time::Instant;

use crate::gossip;
use crate::gossip_limit::GossipLimit;

/// Longer than it remembers anything.
const REST: Duration = gossip::REMEMBERS.saturating_add(Duration::from_mins(1));

/// A behaviour that sees the newest connection of each peer only.
///
/// It must stand after every behaviour that may refuse a connection.
pub(crate) struct SingleConnection<B> {
    inner: B,
    allowance: GossipLimit,
    shown: HashMap<PeerId, (ConnectionId, ConnectedPoint)>,
    /// When the last peer left; none before there was one.
    left: Option<Instant>,
}

impl<B> SingleConnection<B> {
    pub(crate) fn new(inner: B, allowance: GossipLimit) -> Self {
        Self {
            inner,
            allowance,
            shown: HashMap::new(),
            left: None,
        }
    }

    pub(crate) fn get_mut(&mut self) -> &mut B {
        &mut self.inner
    }

    fn rests(&self) -> bool {
        self.shown.is_empty() && self.left.is_none_or(|left| left.elapsed() >= REST)
    }

    fn shows(&self, peer: PeerId, connection: ConnectionId) -> bool {
        self.shown
            .get(&peer)
            .is_some_and(|(shown, _)| *shown == connection)
    }
}

impl<B: NetworkBehaviour> SingleConnection<B> {
    fn hide(&mut self, peer: PeerId) {
        if let Some((connection_id, endpoint)) = self.shown.remove(&peer) {
            self.left = Some(Instant::now());
            self.inner
                .on_swarm_event(FromSwarm::ConnectionClosed(ConnectionClosed {
                    peer_id: peer,
                    connection_id,
                    endpoint: &endpoint,
                    cause: None,
                    remaining_established: 0,
                }));
        }
    }
}

impl<B: NetworkBehaviour> NetworkBehaviour for SingleConnection<B> {
    type ConnectionHandler = B::ConnectionHandler;
    type ToSwarm = B::ToSwarm;

    fn handle_established_inbound_connection(
        &mut self,
        connection: ConnectionId,
        peer: PeerId,
        local: &Multiaddr,
        remote: &Multiaddr,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        self.hide(peer);
        self.inner
            .handle_established_inbound_connection(connection, peer, local, remote)
    }

    fn handle_established_outbound_connection(
        &mut self,
        connection: ConnectionId,
        peer: PeerId,
        address: &Multiaddr,
        role: Endpoint,
        port_use: PortUse,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        self.hide(peer);
        self.inner
            .handle_established_outbound_connection(connection, peer, address, role, port_use)
    }

    fn on_swarm_event(&mut self, event: FromSwarm) {
        match event {
            FromSwarm::ConnectionEstablished(established) => {
                self.shown.insert(
                    established.peer_id,
                    (established.connection_id, established.endpoint.clone()),
                );
                self.inner.on_swarm_event(FromSwarm::ConnectionEstablished(
                    ConnectionEstablished {
                        other_established: 0,
                        ..established
                    },
                ));
            }
            FromSwarm::ConnectionClosed(closed) => {
                if self.shows(closed.peer_id, closed.connection_id) {
                    self.hide(closed.peer_id);
                }
            }
            FromSwarm::AddressChange(change) => {
                if self.shows(change.peer_id, change.connection_id) {
                    self.inner.on_swarm_event(event);
                }
            }
            other => self.inner.on_swarm_event(other),
        }
    }

    fn on_connection_handler_event(
        &mut self,
        peer: PeerId,
        connection: ConnectionId,
        event: THandlerOutEvent<Self>,
    ) {
        if self.shows(peer, connection) {
            self.allowance.hear(peer);
            self.inner
                .on_connection_handler_event(peer, connection, event);
        }
    }

    fn poll(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<ToSwarm<Self::ToSwarm, THandlerInEvent<Self>>> {
        if self.rests() {
            return Poll::Pending;
        }
        match self.inner.poll(context) {
            // It sets its clocks anew and leaves them unpolled, so that they would wake nobody.
            Poll::Pending => self.inner.poll(context),
            event @ Poll::Ready(_) => event,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::future::poll_fn;

    use tokio::time::timeout;

    use super::*;
    use crate::gossip::Gossip;
    use crate::names::Names;

    /// The number of times that it wakes its task within two seconds, after all of its clocks have run down at once.
    async fn wakes(left: Option<Instant>) -> usize {
        let (gossip, allowance) = gossip::behaviour(&Names::new(&[7; 32]), 1 << 20).unwrap();
        let mut single: SingleConnection<Gossip> = SingleConnection::new(gossip, allowance);
        single.left = left;
        tokio::time::sleep(Duration::from_millis(1500)).await;
        let mut polls = 0;
        let polling = poll_fn(|context| {
            polls += 1;
            let _ = single.poll(context);
            Poll::<()>::Pending
        });
        let _ = timeout(Duration::from_secs(2), polling).await;
        // Once at the beginning, and once as time is up.
        polls - 2
    }

    #[tokio::test]
    async fn gossip_looks_after_itself_again_and_again_and_rests_where_nobody_is() {
        let many = wakes(Some(Instant::now())).await;
        assert!(many >= 2, "{many} times");
        assert_eq!(wakes(None).await, 0);
    }
}
