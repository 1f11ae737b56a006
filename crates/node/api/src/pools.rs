//! The pools of a host, each below a path of its own.

use std::{
    collections::BTreeMap,
    io,
    pin::Pin,
    sync::{Arc, PoisonError, RwLock},
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes, HttpBody},
    extract::Request,
    response::{IntoResponse as _, Response},
};
use http::{Method, StatusCode, Uri};
use http_body::{Frame, SizeHint};
use tokio::{sync::watch, time::timeout};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};
use tower::ServiceExt as _;

use crate::{
    below::{Within, is_read, with_slash, within},
    problem::Problem,
};

/// The path below which all of them lie.
const POOLS: &str = "/p";
/// The time for which a request waits for a pool that starts.
const TIMEOUT: Duration = Duration::from_secs(8);

/// The routes of the pools that a host shows now: each below `/p/CODE/`, the first one at the top, too. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct HostPools {
    shown: Arc<RwLock<ShownPools>>,
    /// Told of each change.
    changed: watch::Sender<()>,
}

#[derive(Debug, Default)]
struct ShownPools {
    first: Option<String>,
    by_code: BTreeMap<String, PoolRoutes>,
}

/// The routes of a pool; none while it starts.
#[derive(Clone, Debug, Default)]
struct PoolRoutes {
    router: Option<Router>,
    /// Cancelled once these routes are no longer there: whatever they still answer ends.
    gone: CancellationToken,
}

impl HostPools {
    /// The path of a pool's page.
    #[must_use]
    pub fn path(code: &str) -> String {
        format!("{POOLS}/{code}")
    }

    /// Says whose routes are at the top.
    pub fn set_first(&self, code: &str) {
        self.change(|shown| {
            shown.first = Some(code.to_owned());
            None
        });
    }

    /// Shows a pool's routes from now on.
    pub fn show(&self, code: &str, router: Router) {
        let place = PoolRoutes {
            router: Some(router),
            ..PoolRoutes::default()
        };
        self.change(|shown| shown.by_code.insert(code.to_owned(), place));
    }

    /// Shows them no longer, though the pool comes back: requests wait for that.
    pub fn pause(&self, code: &str) {
        self.change(|shown| shown.by_code.insert(code.to_owned(), PoolRoutes::default()));
    }

    /// Shows them no longer.
    pub fn hide(&self, code: &str) {
        self.change(|shown| shown.by_code.remove(code));
    }

    fn change(&self, change: impl FnOnce(&mut ShownPools) -> Option<PoolRoutes>) {
        let before = change(&mut self.shown.write().unwrap_or_else(PoisonError::into_inner));
        if let Some(before) = before {
            before.gone.cancel();
        }
        self.changed.send_replace(());
    }

    /// The routes of all of them, as they are at each request.
    pub fn router(&self) -> Router {
        let pools = self.clone();
        Router::new().fallback(move |request: Request| {
            let pools = pools.clone();
            async move { pools.answer(request).await }
        })
    }

    async fn answer(&self, mut request: Request) -> Response {
        let (method, uri) = (request.method().clone(), request.uri().clone());
        let found = timeout(TIMEOUT, self.found(&method, &uri)).await;
        let (router, gone) = match found {
            Ok(Requested::Pool(router, gone, uri)) => {
                if let Some(uri) = uri {
                    *request.uri_mut() = uri;
                }
                (router, gone)
            }
            Ok(Requested::WithoutSlash) => return with_slash(request.uri()),
            Ok(Requested::None) => {
                return Problem::not_found(
                    "no pool of this host is here now: `bolao pools` on its computer says which there are",
                )
                .into_response();
            }
            Ok(Requested::Starting) | Err(_) => return starting(),
        };
        tokio::select! {
            response = router.oneshot(request) => {
                let ends = Box::pin(gone.cancelled_owned());
                response.into_response().map(|body| Body::new(EndingBody { body, ends }))
            }
            () = gone.cancelled() => starting(),
        }
    }

    /// Finds whose a request is, and waits for a pool that starts.
    async fn found(&self, method: &Method, uri: &Uri) -> Requested {
        let mut changes = self.changed.subscribe();
        loop {
            changes.mark_unchanged();
            match self.of(method, uri) {
                Requested::Starting if changes.changed().await.is_ok() => {}
                found => return found,
            }
        }
    }

    fn of(&self, method: &Method, uri: &Uri) -> Requested {
        let shown = self.shown.read().unwrap_or_else(PoisonError::into_inner);
        let named = uri.path().strip_prefix(POOLS);
        let Some(rest) = named.and_then(|rest| rest.strip_prefix('/')) else {
            let first = shown.first.as_ref();
            let first = first.and_then(|code| shown.by_code.get(code));
            return first.map_or(Requested::None, |place| place.found(None));
        };
        let code = rest.split('/').next().unwrap_or_default();
        let Some(place) = shown.by_code.get(code) else {
            return Requested::None;
        };
        match within(uri, &Self::path(code)) {
            Within::Top if is_read(method) => Requested::WithoutSlash,
            Within::At(uri) => place.found(Some(uri)),
            Within::Top | Within::Elsewhere => Requested::None,
        }
    }
}

impl PoolRoutes {
    fn found(&self, uri: Option<Uri>) -> Requested {
        match &self.router {
            Some(router) => Requested::Pool(router.clone(), self.gone.clone(), uri),
            None => Requested::Starting,
        }
    }
}

/// The answer for a pool that has stopped and comes back.
fn starting() -> Response {
    Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "this pool is starting: try again in a moment",
    )
    .into_response()
}

/// The routes that a request is for.
enum Requested {
    Pool(Router, CancellationToken, Option<Uri>),
    Starting,
    WithoutSlash,
    None,
}

/// A body that breaks off once the pool that it comes from has stopped: nothing of that may stay open.
struct EndingBody {
    body: Body,
    ends: Pin<Box<WaitForCancellationFutureOwned>>,
}

impl HttpBody for EndingBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if self.ends.as_mut().poll(context).is_ready() {
            let stopped = io::Error::new(io::ErrorKind::ConnectionAborted, "the pool has stopped");
            return Poll::Ready(Some(Err(axum::Error::new(stopped))));
        }
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use axum::body::Body;
    use http_body_util::BodyExt as _;

    use super::*;

    async fn asked(pools: &HostPools, uri: &str) -> (StatusCode, String) {
        let request = Request::builder().uri(uri).body(Body::empty()).unwrap();
        let response = pools.router().oneshot(request).await.unwrap();
        let status = response.status();
        if let Some(place) = response.headers().get("location") {
            return (status, place.to_str().unwrap().to_owned());
        }
        let body = response.into_body().collect().await.unwrap().to_bytes();
        (status, String::from_utf8_lossy(&body).into_owned())
    }

    #[tokio::test]
    async fn what_a_pool_still_answers_ends_with_it() {
        let pools = HostPools::default();
        let endless = async || Body::from_stream(futures::stream::pending::<io::Result<Bytes>>());
        let slow = async || std::future::pending::<()>().await;
        let routes = Router::new()
            .route("/events", axum::routing::get(endless))
            .fallback(slow);
        pools.show("aa", routes);
        let ask = |uri: &str| {
            let request = Request::builder().uri(uri).body(Body::empty()).unwrap();
            pools.router().oneshot(request)
        };
        let stream = ask("/p/aa/events").await.unwrap();
        let waiting = tokio::spawn(ask("/p/aa/other"));
        tokio::task::yield_now().await;
        pools.hide("aa");
        stream.into_body().collect().await.unwrap_err();
        assert_eq!(waiting.await.unwrap().unwrap().status(), 503);
    }

    fn named(name: &'static str) -> Router {
        Router::new().fallback(async move |uri: Uri| format!("{name} {uri}"))
    }

    #[tokio::test]
    async fn each_pool_is_below_its_path_and_the_first_at_the_top_too() {
        let pools = HostPools::default();
        assert_eq!(asked(&pools, "/").await.0, StatusCode::NOT_FOUND);
        pools.set_first("aa");
        pools.show("aa", named("family"));
        pools.show("bb", named("office"));
        for (uri, says) in [
            ("/", "family /"),
            ("/api/v1/pool?a=b", "family /api/v1/pool?a=b"),
            ("/p", "family /p"),
            ("/player/Ana", "family /player/Ana"),
            ("/p/aa/", "family /"),
            ("/p/bb/", "office /"),
            ("/p/bb/table?round=1", "office /table?round=1"),
            ("/p/bb/p/aa/", "office /p/aa/"),
        ] {
            assert_eq!(asked(&pools, uri).await, (StatusCode::OK, says.to_owned()));
        }
        let moved = (StatusCode::PERMANENT_REDIRECT, "bb/".to_owned());
        assert_eq!(asked(&pools, "/p/bb").await, moved);
        for none in ["/p/", "/p/cc/", "/p/b/", "/p/bbb/"] {
            assert_eq!(asked(&pools, none).await.0, StatusCode::NOT_FOUND, "{none}");
        }
        pools.pause("bb");
        let waiting = tokio::spawn({
            let pools = pools.clone();
            async move { asked(&pools, "/p/bb/").await.1 }
        });
        tokio::task::yield_now().await;
        pools.show("bb", named("new office"));
        assert_eq!(waiting.await.unwrap(), "new office /");
        pools.hide("bb");
        assert_eq!(asked(&pools, "/p/bb/").await.0, StatusCode::NOT_FOUND);
        assert_eq!(asked(&pools, "/").await.1, "family /");
    }
}
