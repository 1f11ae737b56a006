//! Dials under way, dials to be repeated, and which address led to which peer.

use std::collections::{HashMap, VecDeque};
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use libp2p::PeerId;
use libp2p::core::transport::TransportError;
use libp2p::swarm::dial_opts::DialOpts;
use libp2p::swarm::{ConnectionId, DialError};
use tokio::time::Instant;

use super::Task;
use crate::Event;
use crate::address::{canonical, to_multiaddr};
use crate::connection_limits::Refusal;
use crate::port::DialFault;
use crate::remembered::Remembered;

/// Dials under way or to be repeated.
const DIALS: usize = 64;

/// A node that answers and then closes the connection, before it has proved itself, is dialled again
/// after these times: it may still hold a connection to our former self, or may have dialled us too.
const REPEATS: [Duration; 4] = [
    Duration::from_millis(200),
    Duration::from_millis(400),
    Duration::from_millis(800),
    Duration::from_millis(800),
];

/// A dial that fails this fast failed because somebody answered. Silence takes the whole handshake
/// timeout.
const ANSWERED: Duration = Duration::from_secs(1);

/// The age from which a dial leaves room for another to the same address: the packets of a dial without an answer go out ever more
/// rarely, so one that began before a link came back would find that out late.
const STALE: Duration = Duration::from_millis(600);

/// One attempt to reach an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Attempt {
    pub(super) address: SocketAddr,
    number: usize,
    since: Instant,
}

#[derive(Debug)]
pub(super) struct Dials {
    under_way: HashMap<ConnectionId, Attempt>,
    repeats: VecDeque<(Instant, Attempt)>,
    /// The peer that was at each address, so that a node with several is dialled once.
    pub(super) aliases: Remembered<SocketAddr, PeerId>,
}

impl Dials {
    pub(super) fn new() -> Self {
        Self {
            under_way: HashMap::new(),
            repeats: VecDeque::new(),
            aliases: Remembered::new(),
        }
    }

    /// The attempts at an address, those that are to be repeated too.
    fn at(&self, address: SocketAddr) -> impl Iterator<Item = &Attempt> {
        let repeats = self.repeats.iter().map(|(_, attempt)| attempt);
        let all = self.under_way.values().chain(repeats);
        all.filter(move |it| it.address == address)
    }

    /// Whether another attempt at an address would say nothing new, or take the room of other addresses.
    fn suffice(&self, address: SocketAddr, now: Instant) -> bool {
        let mut all = self.at(address).peekable();
        let has_room = self.len() < DIALS / 2;
        all.peek().is_some() && (!has_room || all.any(|it| now < it.since + STALE))
    }

    fn len(&self) -> usize {
        self.under_way.len() + self.repeats.len()
    }

    fn is_full(&self) -> bool {
        self.len() >= DIALS
    }

    pub(super) fn take(&mut self, connection: ConnectionId) -> Option<Attempt> {
        self.under_way.remove(&connection)
    }

    /// Plans the next attempt, unless this was the last.
    pub(super) fn repeat(&mut self, attempt: Attempt, now: Instant) -> bool {
        let Some(pause) = REPEATS.get(attempt.number).filter(|_| !self.is_full()) else {
            return false;
        };
        let next = Attempt {
            number: attempt.number + 1,
            ..attempt
        };
        self.repeats.push_back((now + *pause, next));
        true
    }

    /// Whether any is to be repeated.
    pub(super) fn repeats(&self) -> bool {
        !self.repeats.is_empty()
    }

    pub(super) fn due(&mut self, now: Instant) -> Vec<Attempt> {
        let (due, later): (VecDeque<_>, _) = self.repeats.drain(..).partition(|(at, _)| *at <= now);
        self.repeats = later;
        due.into_iter().map(|(_, attempt)| attempt).collect()
    }
}

impl Task {
    pub(super) fn dial(&mut self, address: SocketAddr) {
        let address = canonical(address);
        let now = Instant::now();
        if self.is_known(address) || self.dials.suffice(address, now) {
            return;
        }
        let ip = address.ip();
        let objection = if self.port.is_own(address) {
            Some("that is this node")
        } else if address.port() == 0 || ip.is_unspecified() || ip.is_multicast() {
            Some("not an address of one node")
        } else if self.dials.is_full() {
            Some("too many dials at once")
        } else if self.dials.aliases.get(&address, now).is_some_and(|peer| {
            let offences = &self.swarm.behaviour().gate.offences;
            offences.refuse_peer(&peer, now)
        }) {
            Some("the peer there was discouraged for breaking the rules")
        } else {
            None
        };
        if let Some(reason) = objection {
            self.dial_failed(address, reason.to_owned());
            return;
        }
        self.start_dial(Attempt {
            address,
            number: 0,
            since: now,
        });
    }

    /// Whether the address is that of a connected peer.
    pub(super) fn is_known(&self, address: SocketAddr) -> bool {
        self.sessions
            .values()
            .any(|session| session.address == address)
            || self
                .dials
                .aliases
                .get(&address, Instant::now())
                .is_some_and(|peer| self.sessions.contains_key(&peer))
    }

    pub(super) fn start_dial(&mut self, mut attempt: Attempt) {
        attempt.since = Instant::now();
        let options = DialOpts::unknown_peer_id()
            .address(to_multiaddr(attempt.address))
            .build();
        let connection = options.connection_id();
        match self.swarm.dial(options) {
            Ok(()) => {
                self.dials.under_way.insert(connection, attempt);
            }
            Err(error) => self.dial_failed(attempt.address, error.to_string()),
        }
    }

    pub(super) fn on_dial_error(&mut self, connection: ConnectionId, error: &DialError) {
        let Some(attempt) = self.dials.take(connection) else {
            return;
        };
        let reason = match error {
            DialError::LocalPeerId { .. } => "that is this node".to_owned(),
            DialError::Denied { cause } => match cause.downcast_ref::<Refusal>() {
                Some(Refusal::Duplicate) => return,
                Some(refusal) => refusal.to_string(),
                None => cause.to_string(),
            },
            DialError::Transport(errors) => {
                let now = Instant::now();
                let goes_on = self.dials.at(attempt.address).next().is_some();
                if goes_on || self.is_known(attempt.address) {
                    return;
                }
                let error = errors.first().map(|(_, error)| error);
                let answered = now.duration_since(attempt.since) < ANSWERED;
                let again = error.and_then(fault).map_or(answered, |fault| match fault {
                    DialFault::Busy | DialFault::Closed => true,
                    DialFault::Quic(_) => answered,
                    DialFault::OtherPool | DialFault::Stranger | DialFault::Shut => false,
                });
                if again && self.dials.repeat(attempt, now) {
                    return;
                }
                error.map_or_else(|| "no answer".to_owned(), |error| root(error))
            }
            other => other.to_string(),
        };
        self.dial_failed(attempt.address, reason);
    }

    pub(super) fn dial_failed(&mut self, address: SocketAddr, reason: String) {
        tracing::debug!(%address, reason, "dial failed");
        self.outbox.push_back(Event::DialFailed { address, reason });
    }
}

/// The reason that the port gave.
fn fault(error: &TransportError<io::Error>) -> Option<&DialFault> {
    match error {
        TransportError::Other(error) => error.get_ref()?.downcast_ref(),
        TransportError::MultiaddrNotSupported(_) => None,
    }
}

/// The innermost cause: what went wrong, without the layers it went through.
fn root(error: &(dyn std::error::Error + 'static)) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}
