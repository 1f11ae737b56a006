//! What every HTTP server of the project puts around its routes. Errors are problem details: 500 for a panic, 503 at
//! once for a request beyond the limit, 408 for an answer that is not begun in time.

use std::{
    any::Any,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    panic::AssertUnwindSafe,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::HttpBody as _,
    extract::{ConnectInfo, Request},
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
};
use bolao_limits::{Slot, SlotLimits, Slots};
use futures::FutureExt as _;
use http::{Extensions, HeaderMap, HeaderValue, StatusCode, header};
use ipnet::IpNet;

use crate::{Problem, Scope, receiving::receiving};

/// A router that answers panics, takes `at_once` requests at a time from this machine and as many from others, and refuses
/// what does not pass `check`. A request whose body still comes makes room for another. One layer, since each costs every
/// request a microsecond.
pub fn guarded<C>(router: Router, at_once: usize, check: C) -> Router
where
    C: Fn(&Request) -> Result<(), Problem> + Clone + Send + Sync + 'static,
{
    let requests = Slots::new(SlotLimits {
        elsewhere: at_once,
        per_address: at_once,
        loopback: at_once,
    });
    let start = Instant::now();
    router.layer(from_fn(move |request: Request, next: Next| {
        let slot = requests.take_or_evict(
            caller(request.extensions()),
            Duration::ZERO,
            start.elapsed(),
        );
        let passes = match slot {
            Some(slot) => check(&request).map(|()| Arc::new(slot)),
            None => Err(Problem::busy()),
        };
        async move {
            let mut response = match passes {
                Ok(held_until_the_head_is_ready) => {
                    worked_on(request, next, &held_until_the_head_is_ready, start).await
                }
                Err(problem) => problem.into_response(),
            };
            let headers = response.headers_mut();
            headers
                .entry(header::X_CONTENT_TYPE_OPTIONS)
                .or_insert(HeaderValue::from_static("nosniff"));
            response
        }
    }))
}

async fn worked_on(request: Request, next: Next, slot: &Arc<Slot>, start: Instant) -> Response {
    let request = request.map(|body| receiving(body, slot, start).0);
    if request.body().is_end_stream() {
        return answered(next.run(request)).await;
    }
    tokio::select! {
        biased;
        response = answered(next.run(request)) => response,
        () = slot.evicted() => Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "the node is busy, and the body of this request comes slowly: try again in a moment",
        )
        .into_response(),
    }
}

async fn answered(answer: impl Future<Output = Response>) -> Response {
    let answer = AssertUnwindSafe(answer).catch_unwind().await;
    answer.unwrap_or_else(panicked)
}

/// Answers 408 where the head of the answer is not ready within `limit`, the reading of the request's body included. The
/// rest of an answer that is streamed has no limit here.
pub async fn within(limit: Duration, answer: impl Future<Output = Response>) -> Response {
    match tokio::time::timeout(limit, answer).await {
        Ok(response) => response,
        Err(_) => Problem::new(
            StatusCode::REQUEST_TIMEOUT,
            format!(
                "the request took longer than {} s, its body included",
                limit.as_secs()
            ),
        )
        .into_response(),
    }
}

/// The caller's address; a loopback address is a caller on this machine, whatever address he called. A request without a socket
/// comes from elsewhere, as far as we know.
pub fn caller(request: &Extensions) -> IpAddr {
    let caller = request.get::<ConnectInfo<SocketAddr>>();
    caller.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| {
        info.0.ip().to_canonical()
    })
}

/// The headers that proxies and tunnels add to the requests that they pass on.
const PASSED_ON: [&str; 9] = [
    "forwarded",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-real-ip",
    "cf-connecting-ip",
    "true-client-ip",
    "tailscale-user-login",
];

/// The caller of a request that came over a connection of `peer`. One of `proxies` is believed: the caller is the last address
/// of `X-Forwarded-For` that is none of theirs, and never this machine. Any other proxy or tunnel on this machine passes on what strangers
/// ask: they are not on this machine, and count by the last address of `X-Forwarded-For`, which the proxy wrote itself. Only
/// one of the internet is believed then: what a stranger may have written lets nobody in further.
pub(crate) fn caller_behind(
    peer: SocketAddr,
    headers: &HeaderMap,
    proxies: &[IpNet],
) -> SocketAddr {
    let is_proxy = |ip: IpAddr| proxies.iter().any(|it| it.contains(&ip));
    let mut named = headers.get_all("x-forwarded-for").iter().rev();
    if is_proxy(peer.ip()) && headers.contains_key("x-forwarded-for") {
        let named = named.flat_map(|it| it.to_str().unwrap_or_default().rsplit(','));
        let mut named =
            named.map(|it| it.trim().parse::<IpAddr>().ok().map(|ip| ip.to_canonical()));
        let ip = named.find(|it| !it.is_some_and(is_proxy)).flatten();
        let ip = ip.filter(|ip| !ip.is_loopback());
        return SocketAddr::new(ip.unwrap_or(Ipv4Addr::UNSPECIFIED.into()), peer.port());
    }
    if !peer.ip().is_loopback() || !PASSED_ON.iter().any(|name| headers.contains_key(*name)) {
        return peer;
    }
    let named = named
        .next()
        .and_then(|named| named.to_str().ok()?.rsplit(',').next()?.trim().parse().ok());
    let ip = named.filter(|ip: &IpAddr| Scope::of(*ip) == Scope::Global);
    let ip = ip.map_or(Ipv4Addr::UNSPECIFIED.into(), |ip| ip.to_canonical());
    SocketAddr::new(ip, peer.port())
}

fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let what = panic
        .downcast_ref::<&str>()
        .map(ToString::to_string)
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_default();
    tracing::error!(what, "a handler panicked");
    Problem::internal().into_response()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_trusted_proxy_says_who_calls_and_nobody_else_does() {
        let proxies = ["10.0.0.0/8", "127.0.0.1/32"].map(|it| it.parse().unwrap());
        let caller = |peer: &str, named: &[&str]| {
            let mut headers = HeaderMap::new();
            for named in named {
                headers.append("x-forwarded-for", named.parse().unwrap());
            }
            let peer = SocketAddr::new(peer.parse().unwrap(), 1);
            caller_behind(peer, &headers, &proxies).ip().to_string()
        };
        for (peer, named, wanted) in [
            ("10.0.0.1", &["9.9.9.9"][..], "9.9.9.9"),
            ("10.0.0.1", &["192.168.1.5"], "192.168.1.5"),
            // What stands further left, the caller may have written.
            ("127.0.0.1", &["127.0.0.1, 9.9.9.9, 10.0.0.2"], "9.9.9.9"),
            ("127.0.0.1", &["1.1.1.1", "9.9.9.9"], "9.9.9.9"),
            ("10.0.0.1", &["9.9.9.9, nonsense"], "0.0.0.0"),
            ("10.0.0.1", &["::ffff:127.0.0.5"], "0.0.0.0"),
            ("10.0.0.1", &[], "10.0.0.1"),
            ("192.168.1.7", &["9.9.9.9"], "192.168.1.7"),
        ] {
            assert_eq!(caller(peer, named), wanted, "{peer} {named:?}");
        }
    }
}
