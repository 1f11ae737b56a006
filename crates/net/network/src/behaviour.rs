use std::time::Duration;

use libp2p::identify;
use libp2p::request_response::{self, ProtocolSupport};
use libp2p::swarm::NetworkBehaviour;

use crate::codec::SyncCodec;
use crate::connection_limits::{ConnectionLimits, Limits};
use crate::gossip::{self, Gossip};
use crate::names::Names;
use crate::single_connection::SingleConnection;
use crate::{Config, MAX_REQUEST_BYTES, Port};

/// The time that a request waits for its response, in seconds.
pub(crate) const REQUEST_SECONDS: u64 = 5;

/// Streams for requests, both ways together, on one connection.
const REQUEST_STREAMS: usize = 32;

/// The order matters: the gate refuses before the others know a connection, gossip comes last.
#[derive(NetworkBehaviour)]
pub(crate) struct Behaviour {
    pub(crate) gate: ConnectionLimits,
    pub(crate) identify: identify::Behaviour,
    pub(crate) sync: request_response::Behaviour<SyncCodec>,
    pub(crate) gossip: SingleConnection<Gossip>,
}

impl Behaviour {
    pub(crate) fn new(config: &Config, names: &Names, port: &Port) -> Result<Self, String> {
        let identify = identify::Config::new(names.family(), port.public_key())
            .with_agent_version(config.agent.clone())
            .with_hide_listen_addrs(true)
            .with_cache_size(0);
        let codec = SyncCodec {
            max_request: MAX_REQUEST_BYTES,
            max_response: config.protocol.max_response_bytes,
        };
        let sync = request_response::Config::default()
            .with_request_timeout(Duration::from_secs(REQUEST_SECONDS))
            .with_max_concurrent_streams(REQUEST_STREAMS);
        let (gossip, allowance) = gossip::behaviour(names, config.protocol.max_message_bytes)?;
        Ok(Self {
            gate: ConnectionLimits::new(port.local_peer().0, Limits::of(config), port.tunnelled()),
            identify: identify::Behaviour::new(identify),
            sync: request_response::Behaviour::with_codec(
                codec,
                [(names.sync(), ProtocolSupport::Full)],
                sync,
            ),
            gossip: SingleConnection::new(gossip, allowance),
        })
    }
}
