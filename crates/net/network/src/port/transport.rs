//! What a pool's swarm knows of the port.

use std::future::{Ready, ready};
use std::pin::Pin;
use std::task::{Context, Poll};

use futures::future::{BoxFuture, FutureExt as _};
use libp2p::core::muxing::StreamMuxerBox;
use libp2p::core::transport::{DialOpts, ListenerId, TransportError, TransportEvent};
use libp2p::{Multiaddr, PeerId, quic};
use thiserror::Error;
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::hello::{self, Answer, hello};
use super::pools::Greeted;
use super::{HELLO, Port};

/// Why a dial led to no node of this pool.
#[derive(Debug, Error)]
pub(crate) enum DialFault {
    #[error(transparent)]
    Quic(#[from] quic::Error),
    /// It is there, and has not this pool.
    #[error("other pool")]
    OtherPool,
    /// It may take this node's connection soon.
    #[error("the node takes no connection now")]
    Busy,
    /// It hung up, for a reason that may pass.
    #[error("the node closes the connection at once")]
    Closed,
    #[error("not a node of ours")]
    Stranger,
    #[error("the port is closed")]
    Shut,
}

/// A pool's place on a port, which has its connections, in and out. It does not listen: the port does, for all.
pub(crate) struct PoolTransport {
    port: Port,
    pool: [u8; 32],
    arrivals: mpsc::Receiver<Greeted>,
    /// Stands for whatever the port listens on.
    listener: ListenerId,
}

impl PoolTransport {
    /// None where the pool is on the port already.
    pub(crate) fn new(port: &Port, pool: [u8; 32]) -> Option<Self> {
        Some(Self {
            arrivals: port.shared.pools.add(pool)?,
            port: port.clone(),
            pool,
            listener: ListenerId::next(),
        })
    }
}

impl Drop for PoolTransport {
    fn drop(&mut self) {
        self.port.shared.pools.remove(&self.pool);
    }
}

impl libp2p::Transport for PoolTransport {
    type Output = (PeerId, StreamMuxerBox);
    type Error = DialFault;
    type ListenerUpgrade = Ready<Result<Self::Output, DialFault>>;
    type Dial = BoxFuture<'static, Result<Self::Output, DialFault>>;

    fn listen_on(
        &mut self,
        _: ListenerId,
        address: Multiaddr,
    ) -> Result<(), TransportError<DialFault>> {
        Err(TransportError::MultiaddrNotSupported(address))
    }

    fn remove_listener(&mut self, _: ListenerId) -> bool {
        false
    }

    fn dial(
        &mut self,
        address: Multiaddr,
        options: DialOpts,
    ) -> Result<Self::Dial, TransportError<DialFault>> {
        let dialling = match self.port.shared.sockets().as_mut() {
            Some(sockets) => sockets.dial(address, options),
            None => return Err(TransportError::Other(DialFault::Shut)),
        };
        let dialling = dialling.map_err(|error| error.map(DialFault::Quic))?;
        let (local, pool) = (self.port.shared.pools.local(), self.pool);
        let dial = async move {
            let (peer, mut connection) = dialling.await?;
            // The swarm knows its own id, and says what is to be said.
            if peer != local {
                let said = hello(&local, &peer, &pool);
                be_welcome(timeout(HELLO, hello::say(&mut connection, &said)).await)?;
            }
            Ok((peer, StreamMuxerBox::new(connection)))
        };
        Ok(dial.boxed())
    }

    fn poll(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<TransportEvent<Self::ListenerUpgrade, DialFault>> {
        match self.arrivals.poll_recv(context) {
            Poll::Ready(Some(arrival)) => Poll::Ready(TransportEvent::Incoming {
                listener_id: self.listener,
                upgrade: ready(Ok((arrival.peer, arrival.connection))),
                local_addr: arrival.here,
                send_back_addr: arrival.there,
            }),
            Poll::Ready(None) | Poll::Pending => Poll::Pending,
        }
    }
}

/// The meaning of an answer, or of none in time, to the dialler.
fn be_welcome(
    answer: Result<std::io::Result<Option<Answer>>, tokio::time::error::Elapsed>,
) -> Result<(), DialFault> {
    match answer {
        Ok(Ok(Some(Answer::Welcome))) => Ok(()),
        Ok(Ok(Some(Answer::OtherPool))) => Err(DialFault::OtherPool),
        Ok(Ok(Some(Answer::Busy))) => Err(DialFault::Busy),
        Ok(Ok(None)) | Err(_) => Err(DialFault::Stranger),
        Ok(Err(_)) => Err(DialFault::Closed),
    }
}
