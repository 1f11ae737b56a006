//! Polls every connection now and then.
//!
//! The handler of gossipsub 0.50 can fall asleep for good: when a peer resets its stream, it drops
//! the message that it was sending, waits for nothing, and the next message in its queue wakes
//! nobody. It notices as soon as anything else wakes the connection, so this does.

use std::convert::Infallible;
use std::task::{Context, Poll};
use std::time::Duration;

use libp2p::core::upgrade::DeniedUpgrade;
use libp2p::swarm::SubstreamProtocol;
use libp2p::swarm::handler::{ConnectionEvent, ConnectionHandler, ConnectionHandlerEvent};
use tokio::time::{Interval, MissedTickBehavior};

/// The longest time that a message may lie in a sleeping handler's queue.
const PERIOD: Duration = Duration::from_millis(500);

/// A connection handler that speaks no protocol and wakes its connection.
#[derive(Debug)]
pub(crate) struct Liveness {
    interval: Interval,
}

impl Liveness {
    pub(crate) fn new() -> Self {
        let mut interval = tokio::time::interval(PERIOD);
        interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self { interval }
    }
}

impl ConnectionHandler for Liveness {
    type FromBehaviour = Infallible;
    type ToBehaviour = Infallible;
    type InboundProtocol = DeniedUpgrade;
    type OutboundProtocol = DeniedUpgrade;
    type InboundOpenInfo = ();
    type OutboundOpenInfo = ();

    fn listen_protocol(&self) -> SubstreamProtocol<DeniedUpgrade> {
        SubstreamProtocol::new(DeniedUpgrade, ())
    }

    fn on_behaviour_event(&mut self, event: Infallible) {
        match event {}
    }

    fn on_connection_event(&mut self, _: ConnectionEvent<DeniedUpgrade, DeniedUpgrade>) {}

    fn poll(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<ConnectionHandlerEvent<DeniedUpgrade, (), Infallible>> {
        while self.interval.poll_tick(context).is_ready() {}
        Poll::Pending
    }
}
