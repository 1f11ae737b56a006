//! Other nodes' datagrams, on their way from a relay to a home's node and back.

use std::{
    future::pending,
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use bytes::Bytes;
use futures::{SinkExt as _, StreamExt as _, stream::FuturesUnordered};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::UdpSocket,
    sync::mpsc,
    time::sleep,
};
use tokio_util::codec::{Framed, LengthDelimitedCodec};

use super::TunnelStream;

/// The longest datagram: what fits into a packet of Ethernet, and more than QUIC sends.
pub const MOST_DATAGRAM: usize = 1500;
/// The most nodes that a home lets its relay bring.
const MOST_NODES: usize = 256;
/// The pause after a socket's error.
const PAUSE: Duration = Duration::from_millis(100);

/// A stream of datagrams, each behind its length in two bytes.
pub fn datagrams<S: AsyncRead + AsyncWrite>(stream: S) -> Framed<S, LengthDelimitedCodec> {
    LengthDelimitedCodec::builder()
        .length_field_type::<u16>()
        .max_frame_length(MOST_DATAGRAM)
        .new_framed(stream)
}

/// The nodes that reach a home's node by its tunnel.
#[derive(Debug)]
pub struct TunnelNodes(pub(super) mpsc::Receiver<(SocketAddr, TunnelStream)>);

impl TunnelNodes {
    /// Passes datagrams on between them and the node that listens at an address of this machine, for ever. Each gets an address
    /// of this machine: `introduce` is told that, and for whom it stands until what it gives back is dropped.
    pub async fn pass_on<G>(
        mut self,
        node: SocketAddr,
        introduce: impl Fn(SocketAddr, SocketAddr) -> G,
    ) {
        let mut flows = FuturesUnordered::new();
        loop {
            tokio::select! {
                Some(()) = flows.next() => {}
                next = self.0.recv() => match next {
                    None => return pending().await,
                    Some(_) if flows.len() >= MOST_NODES => {}
                    Some((caller, stream)) => {
                        let introduce = &introduce;
                        flows.push(async move {
                            let ended = take_in(stream, node, |here| introduce(here, caller)).await;
                            if let Err(error) = ended {
                                tracing::debug!(%caller, %error, "another node's datagrams are not passed on");
                            }
                        });
                    }
                },
            }
        }
    }
}

/// Passes one node's datagrams on to the home's node, until the relay ends the stream.
async fn take_in<G>(
    stream: TunnelStream,
    node: SocketAddr,
    introduce: impl FnOnce(SocketAddr) -> G,
) -> io::Result<()> {
    let (any, loopback): (IpAddr, IpAddr) = match node {
        SocketAddr::V4(_) => (Ipv4Addr::UNSPECIFIED.into(), Ipv4Addr::LOCALHOST.into()),
        SocketAddr::V6(_) => (Ipv6Addr::UNSPECIFIED.into(), Ipv6Addr::LOCALHOST.into()),
    };
    let ip = if node.ip().is_unspecified() {
        loopback
    } else {
        node.ip()
    };
    let socket = UdpSocket::bind((any, 0)).await?;
    socket.connect((ip, node.port())).await?;
    let _until_the_end = introduce(socket.local_addr()?);
    let (mut to_relay, mut from_relay) = datagrams(stream).split();
    let there = async {
        let mut buffer = [0; MOST_DATAGRAM];
        loop {
            // Refused while the node is not there: what is lost is sent again.
            let Ok(length) = socket.recv(&mut buffer).await else {
                sleep(PAUSE).await;
                continue;
            };
            let datagram = buffer.get(..length).unwrap_or_default();
            to_relay.send(Bytes::copy_from_slice(datagram)).await?;
        }
    };
    let back = async {
        while let Some(datagram) = from_relay.next().await.transpose()? {
            let _ = socket.send(&datagram).await;
        }
        Ok(())
    };
    tokio::select! {
        ended = there => ended,
        ended = back => ended,
    }
}
