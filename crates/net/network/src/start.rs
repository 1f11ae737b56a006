use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use futures::StreamExt;
use libp2p::core::upgrade::Version;
use libp2p::swarm::SwarmEvent;
use libp2p::{Swarm, SwarmBuilder, identity};
use thiserror::Error;
use tokio::sync::{mpsc, watch};

use crate::address::{canonical, to_multiaddr, to_socket};
use crate::behaviour::Behaviour;
use crate::handle::COMMANDS;
use crate::listeners::Listeners;
use crate::names::Names;
use crate::task::Task;
use crate::tunnelled::Tunnelled;
use crate::{Config, Event, NetworkHandle, PeerId};

/// The most events that may wait for the layers above.
const EVENTS: usize = 1024;

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

/// Why the network did not start.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StartError {
    /// The address cannot be listened on.
    #[error("cannot listen on UDP {address}: {reason}")]
    Listen {
        /// The address wanted.
        address: SocketAddr,
        /// The reason that the system gave.
        reason: String,
    },
    /// A setting is out of range.
    #[error("bad network setting: {0}")]
    Setting(String),
}

/// The transport. It lives in a task of its own; [`NetworkHandle`] commands it.
#[derive(Debug)]
#[non_exhaustive]
pub struct Network;

impl Network {
    /// Listens, and starts the network's task on the current tokio runtime.
    ///
    /// The receiver must be read: when it is half full, gossip is dropped; when it is full,
    /// everything waits.
    pub async fn start(
        config: Config,
    ) -> Result<(NetworkHandle, mpsc::Receiver<Event>), StartError> {
        let names = Names::new(&config.protocol.pool);
        let tunnelled = Tunnelled::default();
        let mut swarm = build(&config, &names, &tunnelled)?;
        let (listen_addr, listeners) = listen(&mut swarm, canonical(config.listen)).await?;
        let local_peer = PeerId(*swarm.local_peer_id());
        tracing::info!(%local_peer, %listen_addr, "network up");

        let (events, receiver) = mpsc::channel(EVENTS);
        let (commands, inbox) = mpsc::channel(COMMANDS);
        let (stop, stopping) = mpsc::channel(1);
        let (peers_out, peers) = watch::channel(Vec::new());
        let task = Task::new(
            swarm,
            &config,
            names,
            (listeners, tunnelled.clone()),
            events,
            peers_out,
        );
        tokio::spawn(task.run(inbox, stopping));
        let handle = NetworkHandle {
            commands,
            stop,
            peers,
            local_peer,
            listen_addr,
            tunnelled,
        };
        Ok((handle, receiver))
    }
}

fn build(
    config: &Config,
    names: &Names,
    tunnelled: &Tunnelled,
) -> Result<Swarm<Behaviour>, StartError> {
    let key = identity::Keypair::ed25519_from_bytes(config.secret)
        .map_err(|error| StartError::Setting(format!("secret: {error}")))?;
    let behaviour = Behaviour::new(config, names, &key, tunnelled).map_err(StartError::Setting)?;
    let idle = u32::try_from(IDLE.as_millis()).unwrap_or(u32::MAX);
    let swarm = SwarmBuilder::with_existing_identity(key)
        .with_tokio()
        .with_quic_config(|mut quic| {
            quic.max_idle_timeout = idle;
            quic.keep_alive_interval = KEEP_ALIVE;
            quic.handshake_timeout = HANDSHAKE;
            quic.max_concurrent_stream_limit = STREAMS;
            quic.max_stream_data = STREAM_BYTES;
            quic.max_connection_data = CONNECTION_BYTES;
            quic
        })
        .with_behaviour(|_| behaviour)
        .map_err(|error| StartError::Setting(error.to_string()))?
        .with_swarm_config(|swarm| {
            swarm
                // A connection without streams is no reason to close it: it tells that the peer lives.
                .with_idle_connection_timeout(Duration::MAX)
                // A request travels with the name of its protocol, and does not wait a round trip for the peer's agreement.
                .with_substream_upgrade_protocol_override(Version::V1Lazy)
        })
        .build();
    Ok(swarm)
}

/// Resolves to the address listened on, and all listeners; an unspecified one keeps its IP and gains the port.
async fn listen(
    swarm: &mut Swarm<Behaviour>,
    address: SocketAddr,
) -> Result<(SocketAddr, Listeners), StartError> {
    let failed = |reason: String| StartError::Listen { address, reason };
    let first = swarm
        .listen_on(to_multiaddr(address))
        .map_err(|error| failed(error.to_string()))?;
    let wait = async {
        loop {
            match swarm.select_next_some().await {
                SwarmEvent::NewListenAddr { address, .. } => return Ok(to_socket(&address)),
                SwarmEvent::ListenerError { error, .. } => return Err(error.to_string()),
                SwarmEvent::ListenerClosed { reason, .. } => {
                    return Err(format!("the socket closed: {reason:?}"));
                }
                _ => {}
            }
        }
    };
    let found = tokio::time::timeout(LISTEN, wait)
        .await
        .map_err(|_| failed("the system tells no address".to_owned()))?
        .map_err(failed)?
        .ok_or_else(|| failed("the system tells an address without a UDP port".to_owned()))?;
    let address = SocketAddr::new(address.ip(), found.port());
    let mut all = Listeners::of(address, first);
    if let Some(other) = other_family(address) {
        all.wanted.push(other);
        all.open(swarm);
    }
    Ok((address, all))
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
