//! The sockets that listen, which change with the addresses of the machine, and QUIC above them.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::task::{Context, Poll};

use futures::future::BoxFuture;
use libp2p::core::Transport as _;
use libp2p::core::transport::{DialOpts, ListenerId, TransportError, TransportEvent};
use libp2p::identity::Keypair;
use libp2p::{Multiaddr, PeerId, quic};
use tokio::time::{Duration, Instant};

use crate::StartError;
use crate::address::{to_multiaddr, to_socket};

/// From one try to listen to the next.
const RETRY: Duration = Duration::from_secs(2);

/// Silence after which a connection counts as dead. QUIC gives a connection that lost much a window of two packets, and never a larger
/// one while little is said; after the next cut it is then deaf for seconds, and a new one is there sooner.
const IDLE: Duration = Duration::from_secs(3);

/// The time between two signs of life on a quiet connection: two of them may be lost.
const KEEP_ALIVE: Duration = Duration::from_secs(1);

const HANDSHAKE: Duration = Duration::from_secs(4);

/// Unread bytes that one peer can make this node hold on a stream, and on all streams together.
const STREAM_BYTES: u32 = 2 * 1024 * 1024;
const CONNECTION_BYTES: u32 = 4 * 1024 * 1024;

/// Streams that a peer may hold open: requests, gossip and identify.
const STREAMS: u32 = 64;

/// The time that the system may take to tell the address listened on.
const LISTEN: Duration = Duration::from_secs(5);

pub(super) type Event = TransportEvent<quic::Connecting, quic::Error>;
pub(super) type Dialling = BoxFuture<'static, Result<(PeerId, quic::Connection), quic::Error>>;

/// The addresses to listen on, the listeners that are open, and the QUIC transport to which they belong.
pub(super) struct Sockets {
    quic: quic::tokio::Transport,
    wanted: Vec<SocketAddr>,
    open: BTreeMap<SocketAddr, ListenerId>,
    /// The addresses at which the open ones say that they listen: at each of the machine's addresses where every one is meant.
    own: Vec<(ListenerId, SocketAddr)>,
    tried: Instant,
}

impl Sockets {
    /// Resolves to the address listened on, too; an unspecified one keeps its IP and gains the port.
    pub(super) async fn open(
        key: &Keypair,
        address: SocketAddr,
    ) -> Result<(Self, SocketAddr), StartError> {
        let failed = |reason: String| StartError::Listen { address, reason };
        let mut quic = quic::tokio::Transport::new(config(key));
        let id = ListenerId::next();
        quic.listen_on(id, to_multiaddr(address))
            .map_err(|error| failed(error.to_string()))?;
        let found = tokio::time::timeout(LISTEN, first_address(&mut quic))
            .await
            .map_err(|_| failed("the system tells no address".to_owned()))?
            .map_err(failed)?;
        let address = SocketAddr::new(address.ip(), found.port());
        let mut all = Self {
            quic,
            wanted: vec![address],
            open: BTreeMap::from([(address, id)]),
            own: vec![(id, found)],
            tried: Instant::now(),
        };
        if let Some(other) = other_family(address) {
            all.wanted.push(other);
            all.open_missing();
        }
        Ok((all, address))
    }

    /// Whether it listens at that address, by itself or as one of the machine's.
    pub(super) fn is_own(&self, address: SocketAddr) -> bool {
        self.open.contains_key(&address) || self.own.iter().any(|(_, own)| *own == address)
    }

    /// Closes those that are not wanted, and opens those that are missing.
    pub(super) fn set(&mut self, wanted: Vec<SocketAddr>) {
        let Self { quic, open, .. } = self;
        open.retain(|address, listener| {
            let stays = wanted.contains(address);
            if !stays {
                tracing::info!(%address, "listens there no longer (UDP)");
                quic.remove_listener(*listener);
            }
            stays
        });
        self.wanted = wanted;
        self.open_missing();
    }

    fn open_missing(&mut self) {
        self.tried = Instant::now();
        for address in &self.wanted {
            if self.open.contains_key(address) {
                continue;
            }
            let listener = ListenerId::next();
            match self.quic.listen_on(listener, to_multiaddr(*address)) {
                Ok(()) => {
                    self.open.insert(*address, listener);
                }
                // A machine without IPv6 is no trouble, and an address just given may not be ready.
                Err(error) => tracing::debug!(%address, %error, "cannot listen (UDP)"),
            }
        }
    }

    /// When what could not be opened is to be tried again; none where all is open.
    pub(super) fn retry_at(&self) -> Option<Instant> {
        let is_open = |address| self.open.contains_key(address);
        (!self.wanted.iter().all(is_open)).then(|| self.tried + RETRY)
    }

    /// Tries again what could not be opened, when it is time.
    pub(super) fn retry(&mut self, now: Instant) {
        if self.retry_at().is_some_and(|at| at <= now) {
            self.open_missing();
        }
    }

    /// Notes what has become of the listeners.
    pub(super) fn note(&mut self, event: &Event) {
        match event {
            TransportEvent::NewAddress {
                listener_id,
                listen_addr,
            } => {
                let own = to_socket(listen_addr).map(|own| (*listener_id, own));
                self.own.extend(own);
            }
            TransportEvent::AddressExpired {
                listener_id,
                listen_addr,
            } => {
                let gone = to_socket(listen_addr);
                self.own
                    .retain(|(id, own)| id != listener_id || Some(*own) != gone);
            }
            TransportEvent::ListenerClosed {
                listener_id,
                reason,
            } => {
                self.own.retain(|(id, _)| id != listener_id);
                self.open.retain(|address, id| {
                    let is_open = id != listener_id;
                    if !is_open {
                        tracing::error!(%address, ?reason, "the listening socket closed");
                    }
                    is_open
                });
            }
            TransportEvent::ListenerError { error, .. } => tracing::debug!(%error, "listener"),
            TransportEvent::Incoming { .. } => {}
        }
    }

    pub(super) fn dial(
        &mut self,
        address: Multiaddr,
        options: DialOpts,
    ) -> Result<Dialling, TransportError<quic::Error>> {
        self.quic.dial(address, options)
    }

    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Event> {
        Pin::new(&mut self.quic).poll(context)
    }

    /// Closes all, and the connections by them.
    pub(super) fn close(mut self) {
        for listener in self.open.values() {
            self.quic.remove_listener(*listener);
        }
    }
}

fn config(key: &Keypair) -> quic::Config {
    let mut config = quic::Config::new(key);
    config.max_idle_timeout = u32::try_from(IDLE.as_millis()).unwrap_or(u32::MAX);
    config.keep_alive_interval = KEEP_ALIVE;
    config.handshake_timeout = HANDSHAKE;
    config.max_concurrent_stream_limit = STREAMS;
    config.max_stream_data = STREAM_BYTES;
    config.max_connection_data = CONNECTION_BYTES;
    config
}

/// The first address at which a listener says that it listens.
async fn first_address(quic: &mut quic::tokio::Transport) -> Result<SocketAddr, String> {
    loop {
        match poll_fn(|context| Pin::new(&mut *quic).poll(context)).await {
            TransportEvent::NewAddress { listen_addr, .. } => {
                return to_socket(&listen_addr)
                    .ok_or_else(|| "the system tells an address without a UDP port".to_owned());
            }
            TransportEvent::ListenerError { error, .. } => return Err(error.to_string()),
            TransportEvent::ListenerClosed { reason, .. } => {
                return Err(format!("the socket closed: {reason:?}"));
            }
            // Whoever comes before all is ready comes again.
            TransportEvent::AddressExpired { .. } | TransportEvent::Incoming { .. } => {}
        }
    }
}

/// Every address of the other family, where every address of one is meant.
fn other_family(address: SocketAddr) -> Option<SocketAddr> {
    let ip: IpAddr = match address.ip() {
        IpAddr::V4(Ipv4Addr::UNSPECIFIED) => Ipv6Addr::UNSPECIFIED.into(),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED) => Ipv4Addr::UNSPECIFIED.into(),
        _ => return None,
    };
    Some(SocketAddr::new(ip, address.port()))
}
