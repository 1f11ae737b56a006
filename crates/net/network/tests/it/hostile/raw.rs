//! A peer that speaks QUIC as it should, and above that whatever a test wants.

use std::future::poll_fn;
use std::io;
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::{AsyncReadExt as _, AsyncWriteExt as _};
use libp2p::core::transport::{DialOpts, PortUse};
use libp2p::core::{Endpoint, StreamMuxer as _, Transport as _};
use libp2p::identity::Keypair;
use libp2p::multiaddr::{Multiaddr, Protocol};
use libp2p::{PeerId, quic};
use sha2::{Digest as _, Sha256};
use tokio::time::Instant;

use crate::node::POOL;

/// What opens every stream of libp2p.
const MULTISTREAM: &str = "/multistream/1.0.0";

pub(crate) fn sync() -> String {
    format!("/bolao/{}/sync/1", hex::encode(POOL))
}

pub(crate) fn gossip() -> String {
    format!("/bolao/{}/gossip/1.1.0", hex::encode(POOL))
}

pub(crate) fn family() -> String {
    format!("/bolao/{}/1", hex::encode(POOL))
}

pub(crate) fn topic(name: &str) -> String {
    format!("/bolao/{}/{name}/1", hex::encode(POOL))
}

/// An address of this machine that is not loopback, if it has one.
pub(crate) fn outer_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    // Sends nothing.
    socket.connect("192.0.2.1:9").ok()?;
    let address = socket.local_addr().ok()?.ip();
    (!address.is_loopback() && !address.is_unspecified()).then_some(address)
}

/// A connection, and streams on it.
#[derive(Clone)]
pub(crate) struct Raw {
    number: u8,
    to: SocketAddr,
    /// Who is at either end, this one first.
    pub(crate) peers: [PeerId; 2],
    connection: Arc<Mutex<quic::Connection>>,
}

/// What a dialler says first.
pub(crate) fn hello([dialler, dialled]: [PeerId; 2], pool: [u8; 32]) -> Vec<u8> {
    let mut hash = Sha256::new_with_prefix(b"bolao/hello/1");
    for peer in [dialler, dialled] {
        hash.update(peer.to_bytes());
    }
    hash.update(pool);
    [vec![1], hash.finalize().to_vec()].concat()
}

impl Raw {
    /// One that is welcome in the pool.
    pub(crate) async fn dial(number: u8, to: SocketAddr) -> io::Result<Self> {
        let raw = Self::connect(number, to).await?;
        match raw.greet(&hello(raw.peers, POOL)).await? {
            0 => Ok(raw),
            answer => Err(io::Error::other(format!("answered {answer}"))),
        }
    }

    /// The answer to a hello, if that is one.
    pub(crate) async fn greet(&self, hello: &[u8]) -> io::Result<u8> {
        let mut stream = self.stream().await?;
        stream.write_all(hello).await?;
        let mut answer = [0];
        stream.read_exact(&mut answer).await?;
        Ok(answer[0])
    }

    /// One that has not said a word.
    pub(crate) async fn connect(number: u8, to: SocketAddr) -> io::Result<Self> {
        let mut secret = [0x66; 32];
        secret[0] = number;
        let key = Keypair::ed25519_from_bytes(secret).unwrap();
        let mut config = quic::Config::new(&key);
        // What it leaves unread, it does not hold itself.
        config.max_connection_data = 64 * 1024;
        let mut transport = quic::tokio::Transport::new(config);
        let address = Multiaddr::from(to.ip())
            .with(Protocol::Udp(to.port()))
            .with(Protocol::QuicV1);
        let options = DialOpts {
            role: Endpoint::Dialer,
            port_use: PortUse::New,
        };
        let (peer, connection) = transport
            .dial(address, options)
            .map_err(io::Error::other)?
            .await
            .map_err(io::Error::other)?;
        let connection = Arc::new(Mutex::new(connection));
        Ok(Self {
            number,
            to,
            peers: [key.public().to_peer_id(), peer],
            connection,
        })
    }

    pub(crate) async fn again(&self) -> io::Result<Self> {
        Self::dial(self.number, self.to).await
    }

    pub(crate) async fn stream(&self) -> io::Result<quic::Stream> {
        poll_fn(|context| {
            let mut connection = self.connection.lock().unwrap();
            Pin::new(&mut *connection).poll_outbound(context)
        })
        .await
        .map_err(io::Error::other)
    }

    /// Says all at once on a stream, and reads nothing.
    pub(crate) async fn blurt(&self, protocol: &str, frame: &[u8]) -> io::Result<quic::Stream> {
        let mut stream = self.stream().await?;
        let said = [&line(MULTISTREAM), &line(protocol), frame].concat();
        stream.write_all(&said).await?;
        stream.close().await?;
        Ok(stream)
    }

    /// A stream on which both sides have agreed on a protocol.
    pub(crate) async fn speak(&self, protocol: &str) -> io::Result<quic::Stream> {
        let mut stream = self.stream().await?;
        stream.write_all(&line(MULTISTREAM)).await?;
        stream.write_all(&line(protocol)).await?;
        for wanted in [MULTISTREAM, protocol] {
            let wanted = line(wanted);
            let mut got = vec![0; wanted.len()];
            stream.read_exact(&mut got).await?;
            if got != wanted {
                return Err(io::Error::other(format!("no {protocol} there")));
            }
        }
        Ok(stream)
    }

    /// Asks, and waits for the answer.
    pub(crate) async fn ask(&self, request: &[u8]) -> io::Result<Vec<u8>> {
        let mut stream = self.speak(&sync()).await?;
        stream.write_all(&prefixed(request)).await?;
        stream.close().await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        match answer.split_at_checked(4) {
            Some((_, answer)) => Ok(answer.to_vec()),
            None => Err(io::Error::other("no answer")),
        }
    }

    /// Takes whatever the node opens, until it closes the connection. How long that took.
    pub(crate) async fn until_closed(&self) -> Duration {
        let begun = Instant::now();
        let mut taken = Vec::new();
        loop {
            let next = poll_fn(|context| {
                let mut connection = self.connection.lock().unwrap();
                Pin::new(&mut *connection).poll_inbound(context)
            });
            match next.await {
                Ok(stream) => taken.push(stream),
                Err(_) => return begun.elapsed(),
            }
        }
    }
}

/// A line of multistream-select.
fn line(text: &str) -> Vec<u8> {
    let mut bytes = varint(text.len() + 1);
    bytes.extend(text.as_bytes());
    bytes.push(b'\n');
    bytes
}

/// A frame of the request protocol.
pub(crate) fn prefixed(data: &[u8]) -> Vec<u8> {
    let mut bytes = u32::try_from(data.len()).unwrap().to_be_bytes().to_vec();
    bytes.extend(data);
    bytes
}

pub(crate) fn varint(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number > 0x7f {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}

/// A field of a protobuf message.
pub(crate) fn group(number: u8, data: &[u8]) -> Vec<u8> {
    let mut bytes = vec![number << 3 | 2];
    bytes.extend(varint(data.len()));
    bytes.extend(data);
    bytes
}

/// A frame of gossip with messages on a topic.
pub(crate) fn rumours(topic: &str, messages: impl IntoIterator<Item = Vec<u8>>) -> Vec<u8> {
    let topic = group(4, topic.as_bytes());
    let mut body = Vec::new();
    for data in messages {
        body.extend(group(2, &[group(2, &data), topic.clone()].concat()));
    }
    framed(&body)
}

/// A frame of libp2p's own protocols.
pub(crate) fn framed(body: &[u8]) -> Vec<u8> {
    [varint(body.len()), body.to_vec()].concat()
}
