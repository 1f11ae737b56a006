//! The accept loop under every HTTP server of the project.
//!
//! Connections come from a TCP listener, or from whatever else is [`Connections`]: TLS, a tunnel.
//!
//! `axum::serve` installs no timer, so that header timeouts do nothing and slow clients hold
//! connections for ever. Here a connection ends when its request's head takes too long (which
//! bounds idle keep-alive too), or when the client takes nothing of the answer for too long.
//! Connections are counted in all and per address; this machine has its own count, so that others
//! cannot lock out the node's own user. A newcomer that finds no room takes the place of whoever keeps us waiting: one that
//! has not sent its request, or does not take its answer; first of the address that has the most connections. How many requests are worked on, and how long, is the router's matter
//! ([`crate::guarded`], [`crate::within`]).

use std::{
    convert::Infallible,
    io,
    net::SocketAddr,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::{Body, HttpBody as _},
    extract::ConnectInfo,
    response::{IntoResponse as _, Response},
};
use bolao_limits::{Slot, SlotLimits, Slots};
use http::{HeaderValue, Request, StatusCode, Version, header};
use http_body_util::BodyExt as _;
use hyper::{
    body::Incoming,
    server::conn::{http1, http2},
    service::service_fn,
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::graceful::{GracefulShutdown, Watcher},
};
use ipnet::IpNet;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    task::JoinSet,
    time::{sleep, timeout},
};
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt as _;

use crate::{
    Problem,
    connections::{Connections, Opened},
    files,
    layers::caller_behind,
    lingering_close::LingeringClose,
    receiving::receiving,
};

/// The most headers of a request.
const MAX_HEADERS: usize = 100;
/// The most requests at once of one connection of HTTP/2.
const HTTP2_STREAMS: u32 = 64;
/// The most bytes of one of its answers that wait for the client.
const HTTP2_SEND_BYTES: usize = 64 * 1024;

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
    /// The addresses of proxies whose word for who calls is taken.
    pub proxies: Vec<IpNet>,
}

impl Default for Limits {
    /// As far as the files allow that this process may have open.
    fn default() -> Self {
        let all = Self::of_many_files();
        files::for_connections().map_or(all.clone(), |files| all.within(files))
    }
}

impl Limits {
    /// The same, where connections may take so many files. A server may have another beside it.
    fn within(self, files: usize) -> Self {
        Self {
            connections: self.connections.min(files / 2).max(1),
            connections_loopback: self.connections_loopback.min(files / 4).max(1),
            ..self
        }
    }

    fn of_many_files() -> Self {
        Self {
            connections: 512,
            connections_per_address: 64,
            connections_loopback: 256,
            header_timeout: Duration::from_secs(8),
            write_timeout: Duration::from_secs(20),
            header_bytes: 16 * 1024,
            grace: Duration::from_secs(3),
            proxies: Vec::new(),
        }
    }
}

/// Serves a router until `shutdown`, over HTTP/2 where the other end wants it, else over HTTP/1.1; then lets running requests
/// end within [`Limits::grace`]. Handlers get the caller's address as `ConnectInfo<SocketAddr>`, as [`Connections`] gives it;
/// of requests that a proxy on this machine passes on, not that.
pub async fn serve(
    mut connections: impl Connections,
    router: Router,
    limits: Limits,
    shutdown: impl Future<Output = ()>,
) {
    let slots = Slots::new(SlotLimits {
        elsewhere: limits.connections,
        per_address: limits.connections_per_address,
        loopback: limits.connections_loopback,
    });
    let start = Instant::now();
    let graceful = GracefulShutdown::new();
    let mut running = JoinSet::new();
    let mut shutdown = pin!(shutdown);
    loop {
        let (caller, opening) = tokio::select! {
            () = &mut shutdown => break,
            Some(ended) = running.join_next() => {
                log_panic(ended);
                continue;
            }
            next = connections.next() => match next {
                Ok(next) => next,
                Err(error) => {
                    accept_failed(&error).await;
                    continue;
                }
            },
        };
        let place = slots.take_or_evict(caller.ip(), Duration::ZERO, start.elapsed());
        let Some(slot) = place.map(Arc::new) else {
            tracing::debug!(%caller, "too many connections");
            connections.refuse(opening);
            continue;
        };
        let held = Held {
            slot: Arc::clone(&slot),
            start,
            requests: Arc::default(),
        };
        let ended = talk(
            opening,
            graceful.watcher(),
            held,
            caller,
            router.clone(),
            limits.clone(),
        );
        running.spawn(async move {
            tokio::select! {
                ended = ended => if let Err(error) = ended {
                    tracing::trace!(%caller, error, "connection ended");
                },
                () = slot.evicted() => tracing::debug!(%caller, "made room for another"),
            }
        });
    }
    drop(connections);
    if timeout(limits.grace, graceful.shutdown()).await.is_err() {
        tracing::debug!("requests still running after the grace time are cut");
    }
    running.shutdown().await;
}

/// A connection's place among the connections.
#[derive(Clone)]
struct Held {
    slot: Arc<Slot>,
    /// The start of the slot's time.
    start: Instant,
    /// Its requests that are worked on, or whose answers still come. A connection without any may make room.
    requests: Arc<AtomicUsize>,
}

/// A request that is worked on, until all of its answer is written.
struct Working(Held);

impl Held {
    fn work(&self) -> Working {
        self.requests.fetch_add(1, Ordering::Relaxed);
        Working(self.clone())
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        let Held {
            slot,
            start,
            requests,
        } = &self.0;
        slot.touch(start.elapsed());
        if requests.fetch_sub(1, Ordering::Relaxed) == 1 {
            slot.keep(false);
        }
    }
}

/// Opens a connection, within the time that a request's head has, and answers its requests.
async fn talk<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    opening: impl Future<Output = io::Result<Opened<S>>>,
    watcher: Watcher,
    held: Held,
    caller: SocketAddr,
    router: Router,
    limits: Limits,
) -> Result<(), String> {
    let opened = timeout(limits.header_timeout, opening).await;
    let Opened { stream, is_http2 } = opened
        .map_err(|_| "it did not open in time".to_owned())?
        .map_err(|error| error.to_string())?;
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(limits.write_timeout));
    let stream = LingeringClose::new(Box::pin(stream), Arc::clone(&held.slot), held.start);
    let stream = TokioIo::new(stream);
    let most = limits.header_bytes;
    let service = service_fn(|mut request: Request<Incoming>| {
        let caller = caller_behind(caller, request.headers(), &limits.proxies);
        request.extensions_mut().insert(ConnectInfo(caller));
        answer(request, router.clone(), held.clone(), most)
    });
    let ended = if is_http2 {
        let connection = http2::Builder::new(TokioExecutor::new())
            .timer(TokioTimer::new())
            .max_concurrent_streams(HTTP2_STREAMS)
            .max_header_list_size(u32::try_from(2 * most).unwrap_or(u32::MAX))
            .max_send_buf_size(HTTP2_SEND_BYTES)
            .keep_alive_interval(limits.write_timeout)
            .keep_alive_timeout(limits.write_timeout)
            .serve_connection(stream, service);
        watcher.watch(connection).await
    } else {
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(limits.header_timeout)
            // A head that is twice as long is answered by the library, which gives its answers no body.
            .max_header_size(2 * most)
            .max_headers(2 * MAX_HEADERS)
            .serve_connection(stream, service);
        watcher.watch(connection).await
    };
    ended.map_err(|error| error.to_string())
}

/// Answers one request of a connection.
async fn answer(
    request: Request<Incoming>,
    router: Router,
    held: Held,
    most_header_bytes: usize,
) -> Result<Response, Infallible> {
    let working = held.work();
    let (head, body) = request.into_parts();
    let (body, is_whole) = receiving(Body::new(body), &held.slot, held.start);
    let mut request = Request::from_parts(head, body);
    let is_http1 = request.version() < Version::HTTP_2;
    if !is_http1 {
        name_host(&mut request);
    }
    let passes = head_fits(&request, most_header_bytes).and_then(|()| names_a_host(&request));
    let mut response = match passes {
        Ok(()) => router.oneshot(request).await?,
        Err(problem) => problem.into_response(),
    };
    // The next request would begin in the middle of what was not read, so the library closes: the client is told.
    if is_http1 && !is_whole.load(Ordering::Relaxed) {
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(header::CONNECTION, close);
    }
    // What is there is the client's to take; a stream is ours to go on with.
    if response.body().size_hint().exact().is_some() {
        return Ok(response);
    }
    Ok(response.map(|body| {
        Body::new(body.map_frame(move |frame| {
            let _until_the_end = &working;
            frame
        }))
    }))
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

/// Gives a request of HTTP/2 the `Host` that it names as its authority (RFC 9113, 8.3.1).
fn name_host<B>(request: &mut Request<B>) {
    let named = request.uri().authority();
    let named = named.and_then(|it| HeaderValue::from_str(it.as_str()).ok());
    if let Some(named) = named {
        request.headers_mut().insert(header::HOST, named);
    }
}

/// Refuses a request of HTTP/1.1 or later without a `Host`, or with several (RFC 9112, 3.2).
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
