//! The beginning of a connection over TLS: whom it asks for. What was read is kept, so that another can end the TLS.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use rustls::server::Acceptor;
use tokio::{
    io::{AsyncRead, AsyncWrite, AsyncWriteExt as _, ReadBuf},
    time::timeout,
};
use tokio_rustls::{LazyConfigAcceptor, StartHandshake};

/// The alert `unrecognized_name` (RFC 6066, 3), fatal, in a record of its own.
const UNRECOGNIZED_NAME: [u8; 7] = [21, 3, 3, 0, 2, 2, 112];

/// A handshake of which the `ClientHello` was read.
pub(crate) type Hello<S> = StartHandshake<Recorded<S>>;

/// Reads the `ClientHello`, of at most so many bytes, in the time that it has.
pub(crate) async fn begin<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    most: usize,
    limit: Duration,
) -> io::Result<Hello<S>> {
    let recorded = Recorded {
        stream,
        read: Some(Vec::new()),
        most,
    };
    let begun = timeout(
        limit,
        LazyConfigAcceptor::new(Acceptor::default(), recorded),
    )
    .await;
    let mut begun = begun.map_err(|_| io::Error::other("its hello did not come in time"))??;
    begun.io.most = usize::MAX;
    Ok(begun)
}

/// Tells the other end that nobody here has the name that it asks for.
pub(crate) async fn refuse<S: AsyncRead + AsyncWrite + Unpin>(begun: Hello<S>) -> io::Result<()> {
    let mut stream = begun.io.stream;
    stream.write_all(&UNRECOGNIZED_NAME).await?;
    stream.shutdown().await
}

/// A stream whose first bytes are kept as they are read.
#[derive(Debug)]
pub(crate) struct Recorded<S> {
    stream: S,
    read: Option<Vec<u8>>,
    most: usize,
}

impl<S> Recorded<S> {
    /// Keeps no more of them.
    pub(crate) fn forget(&mut self) {
        self.read = None;
    }

    /// The bytes that were read, and the stream of those behind them.
    pub(crate) fn into_parts(self) -> (Vec<u8>, S) {
        (self.read.unwrap_or_default(), self.stream)
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Recorded<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        let polled = Pin::new(&mut this.stream).poll_read(cx, buffer);
        if let Some(read) = &mut this.read {
            read.extend(buffer.filled().iter().skip(before));
            if read.len() > this.most {
                return Poll::Ready(Err(io::Error::other("its hello is too long")));
            }
        }
        polled
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Recorded<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write(cx, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}
