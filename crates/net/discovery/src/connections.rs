//! Where the connections of a server come from.

use std::{
    future::{Ready, poll_fn, ready},
    io,
    net::SocketAddr,
    task::Poll,
    time::Duration,
};

use bolao_limits::caller_of;
use socket2::{SockRef, TcpKeepalive};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
};

/// The time after which the system gives up a connection whose other end is gone without a word.
const GONE: Duration = Duration::from_secs(20);

/// Connections as they come, each with its caller.
pub trait Connections: Send {
    /// The bytes of an open connection.
    type Stream: AsyncRead + AsyncWrite + Unpin + Send + 'static;
    /// A connection that opens, by a handshake for example. It need not have a time limit.
    type Opening: Future<Output = io::Result<Opened<Self::Stream>>> + Send + 'static;

    /// The next one and its caller's address, as [`caller_of`] gives it. Safe to cancel.
    ///
    /// # Errors
    /// Passing ones, after which there may be a next one.
    fn next(&mut self) -> impl Future<Output = io::Result<(SocketAddr, Self::Opening)>> + Send;

    /// Turns one away for which there is no room.
    fn refuse(&self, opening: Self::Opening) {
        drop(opening);
    }
}

/// A connection that is open.
#[derive(Debug)]
pub struct Opened<S> {
    /// Its bytes.
    pub stream: S,
    /// Whether both ends agreed on HTTP/2.
    pub is_http2: bool,
}

impl Connections for TcpListener {
    type Stream = TcpStream;
    type Opening = Ready<io::Result<Opened<TcpStream>>>;

    async fn next(&mut self) -> io::Result<(SocketAddr, Self::Opening)> {
        let (stream, peer) = self.accept().await?;
        Ok(opened(stream, peer))
    }

    fn refuse(&self, opening: Self::Opening) {
        refuse(opening);
    }
}

impl Connections for Vec<TcpListener> {
    type Stream = TcpStream;
    type Opening = Ready<io::Result<Opened<TcpStream>>>;

    async fn next(&mut self) -> io::Result<(SocketAddr, Self::Opening)> {
        let accepted = poll_fn(|context| {
            let mut all = self.iter().map(|it| it.poll_accept(context));
            all.find(Poll::is_ready).unwrap_or(Poll::Pending)
        });
        let (stream, peer) = accepted.await?;
        Ok(opened(stream, peer))
    }

    fn refuse(&self, opening: Self::Opening) {
        refuse(opening);
    }
}

fn opened(
    stream: TcpStream,
    peer: SocketAddr,
) -> (SocketAddr, Ready<io::Result<Opened<TcpStream>>>) {
    let caller = caller_of(peer, stream.local_addr().ok());
    if let Err(error) = tune(&stream, GONE) {
        tracing::trace!(%caller, %error, "a socket's options were refused");
    }
    let is_http2 = false;
    (caller, ready(Ok(Opened { stream, is_http2 })))
}

fn refuse(opening: Ready<io::Result<Opened<TcpStream>>>) {
    if let Ok(opened) = opening.into_inner() {
        // Best effort: a client that does not take it at once does not get it.
        let _ = opened.stream.try_write(
            b"HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\ncontent-length: 0\r\nretry-after: 1\r\n\r\n",
        );
    }
}

/// Lets small answers go at once, and the system end a connection whose other end has not answered for so long (two seconds or
/// more), also where there is nothing to send.
pub fn tune(stream: &TcpStream, gone: Duration) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let socket = SockRef::from(stream);
    let every = gone / 2;
    socket.set_tcp_keepalive(&TcpKeepalive::new().with_time(every).with_interval(every))?;
    #[cfg(target_os = "linux")]
    socket.set_tcp_user_timeout(Some(gone))?;
    Ok(())
}
