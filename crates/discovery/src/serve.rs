//! The accept loop under every HTTP server of the project.
//!
//! `axum::serve` installs no timer, so that header timeouts do nothing and slow clients hold
//! connections for ever. Here a connection ends when its request's head takes too long (which
//! bounds idle keep-alive too), or when the client takes nothing of the answer for too long.
//! Connections are counted in all and per address; this machine has its own count, so that others
//! cannot lock out the node's own user. A newcomer that finds no room takes the place of whoever keeps us waiting: one that
//! has not sent its request, or does not take its answer; first of the address that has the most connections. How many requests are worked on, and how long, is the router's matter
//! ([`crate::guarded`], [`crate::within`]).

use std::{
    io,
    net::SocketAddr,
    pin::pin,
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::{Body, HttpBody as _},
    extract::ConnectInfo,
    response::IntoResponse as _,
};
use bolao_limits::{Slot, SlotLimits, Slots, caller_of};
use http::{HeaderValue, Request, StatusCode, Version, header};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use socket2::{SockRef, TcpKeepalive};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::{sleep, timeout},
};
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt as _;

use crate::{
    Problem, layers::caller_behind, lingering_close::LingeringClose, receiving::receiving,
};

/// The most headers of a request.
const MAX_HEADERS: usize = 100;

/// The limits on what one server may be made to spend.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Limits {
    /// Connections from other machines at once.
    pub connections: usize,
    /// Connections at once from one IPv4 address or IPv6 /64 network.
    pub connections_per_address: usize,
    /// Connections from this machine at once, counted apart.
    pub connections_loopback: usize,
    /// From the first wait for a request until its head is complete: slow heads, idle keep-alive.
    pub header_timeout: Duration,
    /// The longest time that a client may take nothing of an answer that waits for it.
    pub write_timeout: Duration,
    /// The request's head, bytes.
    pub header_bytes: usize,
    /// The time that running requests have to end at a shutdown.
    pub grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 512,
            connections_per_address: 64,
            connections_loopback: 256,
            header_timeout: Duration::from_secs(8),
            write_timeout: Duration::from_secs(20),
            header_bytes: 16 * 1024,
            grace: Duration::from_secs(3),
        }
    }
}

/// Serves a router over HTTP/1.1 until `shutdown`, then lets running requests end within
/// [`Limits::grace`]. Handlers get the caller's address as `ConnectInfo<SocketAddr>`, as [`caller_of`]
/// gives it, of one on this machine a loopback address; of requests that a proxy on this machine passes on, not that.
///
/// # Errors
/// Only if the listener has no address, that is, never in practice: errors of single
/// connections and passing errors of `accept` are logged.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let address = listener.local_addr()?;
    let slots = Slots::new(SlotLimits {
        elsewhere: limits.connections,
        per_address: limits.connections_per_address,
        loopback: limits.connections_loopback,
    });
    let start = Instant::now();
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    let mut shutdown = pin!(shutdown);
    tracing::debug!(%address, "serving HTTP");
    loop {
        let (stream, caller) = tokio::select! {
            () = &mut shutdown => break,
            Some(ended) = connections.join_next() => {
                log_panic(ended);
                continue;
            }
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    accept_failed(&error).await;
                    continue;
                }
            },
        };
        let caller = caller_of(caller, stream.local_addr().ok());
        let place = slots.take_or_evict(caller.ip(), Duration::ZERO, start.elapsed());
        let Some(slot) = place.map(Arc::new) else {
            turn_away(&stream, caller);
            continue;
        };
        let connection = connection(stream, &slot, start, caller, router.clone(), &limits);
        let connection = graceful.watch(connection);
        connections.spawn(async move {
            tokio::select! {
                ended = connection => if let Err(error) = ended {
                    tracing::trace!(%caller, %error, "connection ended");
                },
                () = slot.evicted() => tracing::debug!(%caller, "made room for another"),
            }
        });
    }
    drop(listener);
    if timeout(limits.grace, graceful.shutdown()).await.is_err() {
        tracing::debug!("requests still running after the grace time are cut");
    }
    connections.shutdown().await;
    Ok(())
}

fn connection(
    stream: TcpStream,
    slot: &Arc<Slot>,
    start: Instant,
    caller: SocketAddr,
    router: Router,
    limits: &Limits,
) -> impl hyper_util::server::graceful::GracefulConnection<Output = hyper::Result<()>> + Send + 'static
{
    // Small answers must not wait for the client's delayed acknowledgement.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::trace!(%caller, %error, "TCP_NODELAY refused");
    }
    if let Err(error) = notice_the_dead(&stream, limits) {
        tracing::trace!(%caller, %error, "who is gone may hold a connection for long");
    }
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(limits.write_timeout));
    let held = Arc::clone(slot);
    let most = limits.header_bytes;
    let service = service_fn(move |request: Request<Incoming>| {
        let slot = Arc::clone(&held);
        let (head, body) = request.into_parts();
        let (body, is_whole) = receiving(Body::new(body), &slot, start);
        let mut request = Request::from_parts(head, body);
        let caller = caller_behind(caller, request.headers());
        request.extensions_mut().insert(ConnectInfo(caller));
        let answer = match head_fits(&request, most).and_then(|()| names_a_host(&request)) {
            Ok(()) => Ok(router.clone().oneshot(request)),
            Err(problem) => Err(problem),
        };
        async move {
            let mut answer = match answer {
                Ok(answer) => answer.await,
                Err(problem) => Ok(problem.into_response()),
            };
            // The next request would begin in the middle of what was not read, so the library closes: the client is told.
            if let Ok(response) = &mut answer
                && !is_whole.load(Ordering::Relaxed)
            {
                let close = HeaderValue::from_static("close");
                response.headers_mut().insert(header::CONNECTION, close);
            }
            // What is there is the client's to take; a stream is ours to go on with.
            if let Ok(response) = &answer
                && response.body().size_hint().exact().is_some()
            {
                slot.touch(start.elapsed());
                slot.keep(false);
            }
            answer
        }
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_timeout)
        // A head that is twice as long is answered by the library, which gives its answers no body.
        .max_header_size(2 * limits.header_bytes)
        .max_headers(2 * MAX_HEADERS)
        .serve_connection(
            TokioIo::new(LingeringClose::new(
                Box::pin(stream),
                Arc::clone(slot),
                start,
            )),
            service,
        )
}

/// Refuses a head of more than `most` bytes, or too many headers.
fn head_fits<B>(request: &Request<B>, most: usize) -> Result<(), Problem> {
    let headers = request.headers();
    // ": " and the end of the line.
    let lines = headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len() + 4);
    let place = request.uri().path_and_query();
    let bytes = lines.sum::<usize>() + place.map_or(0, |place| place.as_str().len());
    if bytes <= most && headers.len() <= MAX_HEADERS {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
        format!(
            "the request's address and its {} headers have {bytes} bytes, wanted at most {most} bytes and {MAX_HEADERS} headers: \
             send fewer or shorter ones, from a browser after deleting this site's cookies",
            headers.len()
        ),
    ))
}

/// Refuses a request of HTTP/1.1 without a `Host`, or with several (RFC 9112, 3.2).
fn names_a_host<B>(request: &Request<B>) -> Result<(), Problem> {
    let hosts = request.headers().get_all(header::HOST).iter().count();
    if hosts == 1 || (hosts == 0 && request.version() < Version::HTTP_11) {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::BAD_REQUEST,
        format!("the request has {hosts} headers `Host`, wanted one, with this server's name"),
    ))
}

/// Lets the system end a connection whose other end is gone without a word, also where we have nothing to send.
fn notice_the_dead(stream: &TcpStream, limits: &Limits) -> io::Result<()> {
    let socket = SockRef::from(stream);
    let every = limits.write_timeout / 2;
    socket.set_tcp_keepalive(&TcpKeepalive::new().with_time(every).with_interval(every))?;
    #[cfg(target_os = "linux")]
    socket.set_tcp_user_timeout(Some(limits.write_timeout))?;
    Ok(())
}

async fn accept_failed(error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if matches!(
        error.kind(),
        ConnectionAborted | ConnectionRefused | ConnectionReset
    ) {
        return;
    }
    tracing::warn!(%error, "cannot accept connections");
    // Out of file descriptors, most likely: connections that end give some back.
    sleep(Duration::from_millis(100)).await;
}

fn log_panic(ended: Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended {
        tracing::error!(%error, "a connection's task died");
    }
}

fn turn_away(stream: &TcpStream, caller: SocketAddr) {
    tracing::debug!(%caller, "too many connections");
    // Best effort: who does not take it at once does not get it.
    let _ = stream.try_write(
        b"HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\ncontent-length: 0\r\nretry-after: 1\r\n\r\n",
    );
}
