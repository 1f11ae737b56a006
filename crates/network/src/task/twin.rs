//! Another node with this node's own key: a copy of its home that runs, too. Neither can be the other's peer.
//!
//! Whoever meets the own key may have met itself, by an address that it does not know to be its own. Then the call that went
//! out also came in here, while it went out. A call whose other end is not here shows a twin. Two that call each other at the
//! same moment find nothing out; they call again.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Duration;

use libp2p::swarm::ConnectionId;
use tokio::time::Instant;

/// The other end of a call is known so much later at most.
const OTHER_END: Duration = Duration::from_secs(5);

/// How much later than the end of a call this task may see that it came in.
const SLACK: Duration = Duration::from_millis(100);

/// The most calls that are remembered, of each kind.
const CALLS: usize = 64;

/// Word of a twin counts for so long.
const FRESH: Duration = Duration::from_mins(15);

/// Where a twin was met last, and when.
pub(crate) type Met = Option<(SocketAddr, Instant)>;

/// A twin that was met not too long ago.
pub(crate) fn fresh(met: Met, now: Instant) -> Option<SocketAddr> {
    met.filter(|(_, at)| now.duration_since(*at) < FRESH)
        .map(|(address, _)| address)
}

/// A call between this node's key and itself.
#[derive(Debug)]
struct Meeting {
    address: SocketAddr,
    began: Instant,
    ended: Instant,
    judged: bool,
}

impl Meeting {
    fn new(address: SocketAddr, began: Instant, ended: Instant) -> Self {
        let judged = false;
        Self {
            address,
            began,
            ended,
            judged,
        }
    }

    /// Whether its other end would be known by now, and it has not been judged yet.
    fn is_due(&mut self, now: Instant) -> bool {
        let due = now.duration_since(self.ended) >= OTHER_END;
        due && !std::mem::replace(&mut self.judged, true)
    }

    /// Whether a call that came in at this time may be the other end of this one, which went out.
    fn may_have_come_in(&self, at: Instant) -> bool {
        self.began <= at && at <= self.ended + SLACK
    }
}

#[derive(Debug, Default)]
pub(super) struct Twins {
    /// When calls came in, of whomever.
    calls: VecDeque<(ConnectionId, Instant)>,
    outbound: VecDeque<Meeting>,
    inbound: VecDeque<Meeting>,
}

fn add<T>(all: &mut VecDeque<T>, new: T) {
    if all.len() >= CALLS {
        all.pop_front();
    }
    all.push_back(new);
}

impl Twins {
    pub(super) fn on_call(&mut self, connection: ConnectionId, now: Instant) {
        add(&mut self.calls, (connection, now));
    }

    /// A call that went out has met the own key.
    pub(super) fn on_met_outbound(&mut self, address: SocketAddr, began: Instant, now: Instant) {
        add(&mut self.outbound, Meeting::new(address, began, now));
    }

    /// A call that came in has.
    pub(super) fn on_met_inbound(
        &mut self,
        address: SocketAddr,
        connection: ConnectionId,
        now: Instant,
    ) {
        let call = self.calls.iter().find(|(id, _)| *id == connection);
        // One that is forgotten shows nothing.
        if let Some((_, began)) = call {
            add(&mut self.inbound, Meeting::new(address, *began, now));
        }
    }

    /// Where a twin was met, once that is sure.
    pub(super) fn find(&mut self, now: Instant) -> Option<SocketAddr> {
        let mut found = None;
        for call in &mut self.outbound {
            if !call.is_due(now) {
                continue;
            }
            // Many calls may have pushed the one out.
            let oldest = self.calls.front().filter(|_| self.calls.len() == CALLS);
            let forgotten = oldest.is_some_and(|(_, at)| *at > call.began);
            let came_in = |(_, at): &(_, Instant)| call.may_have_come_in(*at);
            if !forgotten && !self.calls.iter().any(came_in) {
                found = Some(call.address);
            }
        }
        for call in &mut self.inbound {
            let due = call.is_due(now);
            let went_out = |it: &Meeting| it.may_have_come_in(call.began);
            if due && !self.outbound.iter().any(went_out) {
                found = Some(call.address);
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn address(port: u16) -> SocketAddr {
        SocketAddr::new([10, 0, 0, 7].into(), port)
    }

    fn connection(number: usize) -> ConnectionId {
        ConnectionId::new_unchecked(number)
    }

    #[test]
    fn who_calls_itself_meets_no_twin() {
        let (mut twins, start) = (Twins::default(), Instant::now());
        twins.on_call(connection(1), start + SECOND);
        twins.on_met_outbound(address(1), start, start + SECOND);
        twins.on_met_inbound(address(2), connection(1), start + 3 * SECOND);
        assert_eq!(twins.find(start + 60 * SECOND), None);
        // A call of long ago is not the other end of a new one.
        twins.on_met_outbound(address(3), start + 70 * SECOND, start + 71 * SECOND);
        assert_eq!(twins.find(start + 72 * SECOND), None);
        assert_eq!(twins.find(start + 76 * SECOND), Some(address(3)));
        assert_eq!(twins.find(start + 90 * SECOND), None);
    }

    #[test]
    fn whoever_is_called_by_its_own_key_has_a_twin() {
        let (mut twins, start) = (Twins::default(), Instant::now());
        twins.on_call(connection(1), start);
        twins.on_met_inbound(address(2), connection(1), start + SECOND);
        twins.on_met_outbound(address(3), start + SECOND / 2, start + SECOND);
        assert_eq!(twins.find(start + 6 * SECOND), Some(address(2)));
        // There is room for a few.
        for number in 0..100 {
            twins.on_call(connection(number), start);
            twins.on_met_inbound(address(2), connection(number), start);
            twins.on_met_outbound(address(2), start, start);
        }
        assert_eq!([twins.calls.len(), twins.inbound.len()], [CALLS; 2]);
        assert_eq!(twins.outbound.len(), CALLS);
        // Who is called by many cannot tell any more.
        let mut twins = Twins::default();
        twins.on_met_outbound(address(2), start, start + SECOND);
        (0..CALLS).for_each(|number| twins.on_call(connection(number), start + 2 * SECOND));
        assert_eq!(twins.find(start + 60 * SECOND), None);
    }

    #[test]
    fn word_of_a_twin_grows_old() {
        let start = Instant::now();
        let met = Some((address(1), start));
        assert_eq!(fresh(met, start + SECOND), Some(address(1)));
        assert_eq!(fresh(met, start + FRESH), None);
    }
}
