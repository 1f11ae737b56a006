//! Closing a connection so that its last answer arrives.
//!
//! A socket that is closed while the other side still sends gets a reset, which can destroy the
//! answer on its way: who uploads too much would never read why it was refused. So the sending
//! half is closed first, and what still comes is thrown away for a moment.

use std::{
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::{Duration, Instant},
};

use bolao_limits::Slot;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf},
    runtime::Handle,
    time::timeout,
};
use tokio_io_timeout::TimeoutStream;

const LINGER: Duration = Duration::from_secs(2);
/// Bytes thrown away at most.
const LINGER_BYTES: u64 = 32 * 1024 * 1024;

type Stream<S> = Pin<Box<TimeoutStream<S>>>;

/// A connection that lingers when dropped, together with its place among the connections; one that has lost its place
/// does not.
pub(crate) struct LingeringClose<S: AsyncRead + AsyncWrite + Send + 'static> {
    open: Option<(Stream<S>, Arc<Slot>)>,
    slot: Arc<Slot>,
    /// The start of the slot's time.
    start: Instant,
}

impl<S: AsyncRead + AsyncWrite + Send + 'static> LingeringClose<S> {
    /// The slot is free only after the lingering.
    pub(crate) fn new(stream: Stream<S>, slot: Arc<Slot>, start: Instant) -> Self {
        Self {
            open: Some((stream, Arc::clone(&slot))),
            slot,
            start,
        }
    }

    /// Notes whether bytes have moved. Who does not take an answer may lose its place.
    fn moved<T>(&self, written: Poll<T>) -> Poll<T> {
        match written {
            Poll::Ready(_) => self.slot.touch(self.start.elapsed()),
            Poll::Pending => self.slot.keep(false),
        }
        written
    }

    fn stream(&mut self) -> io::Result<Pin<&mut Stream<S>>> {
        match &mut self.open {
            Some((stream, _)) => Ok(Pin::new(stream)),
            None => Err(io::ErrorKind::NotConnected.into()),
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Send + 'static> Drop for LingeringClose<S> {
    fn drop(&mut self) {
        let (Some((mut stream, slot)), Ok(runtime)) = (self.open.take(), Handle::try_current())
        else {
            return;
        };
        if slot.is_evicted() {
            return;
        }
        runtime.spawn(async move {
            let last = async {
                stream.shutdown().await?;
                tokio::io::copy(&mut stream.take(LINGER_BYTES), &mut tokio::io::sink()).await
            };
            // Any outcome is the end.
            let _ = timeout(LINGER, last).await;
            drop(slot);
        });
    }
}

impl<S: AsyncRead + AsyncWrite + Send + 'static> AsyncRead for LingeringClose<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let read = this.stream()?.poll_read(cx, buffer);
        if read.is_ready() {
            this.slot.touch(this.start.elapsed());
        }
        read
    }
}

impl<S: AsyncRead + AsyncWrite + Send + 'static> AsyncWrite for LingeringClose<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = this.stream()?.poll_write(cx, bytes);
        this.moved(written)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = this.stream()?.poll_write_vectored(cx, bytes);
        this.moved(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.open
            .as_ref()
            .is_some_and(|(stream, _)| stream.is_write_vectored())
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.get_mut().stream()?.poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.get_mut().stream()?.poll_shutdown(cx)
    }
}
