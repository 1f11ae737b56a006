//! Wakes connections.
//!
//! QUIC sends what was lost ever more rarely for as long as it hears nothing. A request may so lie in wait for seconds after a link
//! has come back. Whatever is new goes out at once, and its acknowledgement tells what was lost. So a connection on which a request
//! waits gets a [`Nudge`], which is a stream that says nothing and ends.
//!
//! Besides, every connection is polled now and then. The handler of gossipsub 0.50 can fall asleep for good: when a peer resets its stream, it drops
//! the message that it was sending, waits for nothing, and the next message in its queue wakes
//! nobody. It notices as soon as anything else wakes the connection, so this does.

use std::convert::Infallible;
use std::task::{Context, Poll};
use std::time::Duration;

use libp2p::StreamProtocol;
use libp2p::core::upgrade::{DeniedUpgrade, ReadyUpgrade};
use libp2p::swarm::SubstreamProtocol;
use libp2p::swarm::handler::{ConnectionEvent, ConnectionHandler, ConnectionHandlerEvent};
use tokio::time::{Interval, MissedTickBehavior};

/// The longest time that a message may lie in a sleeping handler's queue.
const PERIOD: Duration = Duration::from_millis(500);

/// A protocol that nobody speaks.
const NOTHING: StreamProtocol = StreamProtocol::new("/bolao/nudge");

/// A request to send something new on a connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Nudge;

/// A connection handler that speaks no protocol and wakes its connection.
#[derive(Debug)]
pub(crate) struct Liveness {
    interval: Interval,
    nudge: bool,
}

impl Liveness {
    pub(crate) fn new() -> Self {
        let mut interval = tokio::time::interval(PERIOD);
        interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self {
            interval,
            nudge: false,
        }
    }
}

impl ConnectionHandler for Liveness {
    type FromBehaviour = Nudge;
    type ToBehaviour = Infallible;
    type InboundProtocol = DeniedUpgrade;
    type OutboundProtocol = ReadyUpgrade<StreamProtocol>;
    type InboundOpenInfo = ();
    type OutboundOpenInfo = ();

    fn listen_protocol(&self) -> SubstreamProtocol<DeniedUpgrade> {
        SubstreamProtocol::new(DeniedUpgrade, ())
    }

    fn on_behaviour_event(&mut self, Nudge: Nudge) {
        self.nudge = true;
    }

    /// A stream of the nudge ends as it is dropped.
    fn on_connection_event(&mut self, _: ConnectionEvent<DeniedUpgrade, Self::OutboundProtocol>) {}

    fn poll(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<ConnectionHandlerEvent<Self::OutboundProtocol, (), Infallible>> {
        while self.interval.poll_tick(context).is_ready() {}
        if std::mem::take(&mut self.nudge) {
            return Poll::Ready(ConnectionHandlerEvent::OutboundSubstreamRequest {
                protocol: SubstreamProtocol::new(ReadyUpgrade::new(NOTHING), ()),
            });
        }
        Poll::Pending
    }
}
