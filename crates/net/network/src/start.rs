use std::time::Duration;

use libp2p::Swarm;
use libp2p::core::upgrade::Version;
use libp2p::swarm;
use tokio::sync::{mpsc, watch};

use crate::behaviour::Behaviour;
use crate::handle::COMMANDS;
use crate::names::Names;
use crate::port::PoolTransport;
use crate::task::Task;
use crate::{Config, Event, NetworkHandle, Port, StartError};

/// The most events that may wait for the layers above.
const EVENTS: usize = 1024;

/// The network of one pool. It lives in a task of its own; [`NetworkHandle`] commands it.
#[derive(Debug)]
#[non_exhaustive]
pub struct Network;

impl Network {
    /// Starts the network's task on the current tokio runtime. Its connections come and go by the port, as those of other pools there
    /// do; beyond that the pools have nothing in common.
    ///
    /// The receiver must be read: when it is half full, gossip is dropped; when it is full,
    /// everything waits.
    pub fn start(
        config: Config,
        port: &Port,
    ) -> Result<(NetworkHandle, mpsc::Receiver<Event>), StartError> {
        let names = Names::new(&config.protocol.pool);
        let behaviour = Behaviour::new(&config, &names, port).map_err(StartError::Setting)?;
        let transport = PoolTransport::new(port, config.protocol.pool).ok_or(StartError::Twice)?;
        let swarm = build(behaviour, transport, port);
        let (local_peer, listen_addr) = (port.local_peer(), port.listen_addr());
        let pool = hex::encode(config.protocol.pool);
        tracing::info!(pool, %local_peer, %listen_addr, "network up");

        let (events, receiver) = mpsc::channel(EVENTS);
        let (commands, inbox) = mpsc::channel(COMMANDS);
        let (stop, stopping) = mpsc::channel(1);
        let (peers_out, peers) = watch::channel(Vec::new());
        let task = Task::new(swarm, &config, names, port.clone(), events, peers_out);
        tokio::spawn(task.run(inbox, stopping));
        let handle = NetworkHandle {
            commands,
            stop,
            peers,
            local_peer,
            listen_addr,
        };
        Ok((handle, receiver))
    }
}

fn build(behaviour: Behaviour, transport: PoolTransport, port: &Port) -> Swarm<Behaviour> {
    let config = swarm::Config::with_tokio_executor()
        // A connection without streams is no reason to close it: it tells that the peer lives.
        .with_idle_connection_timeout(Duration::MAX)
        // A request travels with the name of its protocol, and does not wait a round trip for the peer's agreement.
        .with_substream_upgrade_protocol_override(Version::V1Lazy);
    let transport = libp2p::Transport::boxed(transport);
    Swarm::new(transport, behaviour, port.local_peer().0, config)
}
