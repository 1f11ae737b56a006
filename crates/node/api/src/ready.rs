//! Answers that are ready: made when first asked for, kept whole with their head, in each encoding, and given again as
//! long as what they rest on is the same.
//!
//! What an answer rests on is part of its key. Of each request only the newest answer is kept: those of an earlier tip are not
//! asked for again, and would fill all the room there is, block by block. The version is read before the answer is made, so that
//! an answer is never older than its key. However many ask at once, one makes it.

use std::{hash::BuildHasher as _, sync::Arc};

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use bolao_discovery::within;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use quick_cache::{OptionsBuilder, Weighter, sync::Cache};

use crate::{config::QUICK, problem::Problem, state::Api, v1::game::clock};

/// The longest answer that is kept, bytes.
pub(crate) const LONGEST: usize = 1024 * 1024;
/// The longest file that is kept, bytes: every bet of a large pool.
pub(crate) const LONGEST_FILE: usize = 4 * 1024 * 1024;
/// The longest path with its query, and encodings wanted, of an answer that is kept, bytes.
const LONGEST_KEY: usize = 1024;
/// All that is kept, bytes.
const BYTES_KEPT: u64 = 32 * 1024 * 1024;
/// The size of an answer beside its key and its body, at most: its head, and its place in the cache.
const HEAD: usize = 1024;
/// Requests of which it is known which answer is the newest.
const REQUESTS: usize = 4_096;
/// Parts of the cache, each with a lock of its own and room for the longest answer.
const PARTS: usize = 4;

/// The data that answers rest on besides the request.
#[derive(Clone, Copy, Debug)]
pub(crate) enum RestsOn {
    /// The program alone.
    Program,
    /// The tip and the final blocks.
    Tip,
    /// The same, and the clock to the second.
    Clock,
    /// All that this node has stored.
    Store,
    /// The same, and the nodes that it knows.
    Node,
}

/// On an answer whose length is known and bounded by [`LONGEST`] or [`LONGEST_FILE`]: it may be kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Whole;

/// The version of what an answer rests on.
type Version = (u64, u64);

#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    version: Version,
    /// Path, query and the encodings wanted.
    request: String,
}

type Answer = Arc<(HeaderMap, Bytes)>;

#[derive(Clone)]
struct Size;

impl Weighter<Key, Answer> for Size {
    fn weight(&self, key: &Key, answer: &Answer) -> u64 {
        let bytes = HEAD
            .saturating_add(key.request.len())
            .saturating_add(answer.1.len());
        u64::try_from(bytes).unwrap_or(u64::MAX)
    }
}

/// The answers that are ready.
pub(crate) struct Ready {
    answers: Cache<Key, Answer, Size>,
    /// By request, the version of its newest answer.
    newest: Cache<String, Version>,
    hasher: std::hash::RandomState,
}

impl Default for Ready {
    fn default() -> Self {
        let options = OptionsBuilder::new()
            .shards(PARTS)
            .weight_capacity(BYTES_KEPT)
            .estimated_items_capacity(REQUESTS)
            .build()
            .expect("the capacities are given");
        let (hasher, events) = Default::default();
        Self {
            answers: Cache::with_options(options, Size, hasher, events),
            newest: Cache::new(REQUESTS),
            hasher: std::hash::RandomState::new(),
        }
    }
}

impl Ready {
    /// Gives up the answer of before to the same request.
    fn replaced_by(&self, key: &Key) {
        let before = self.newest.get(&key.request);
        self.newest.insert(key.request.clone(), key.version);
        if let Some(version) = before.filter(|before| *before != key.version) {
            let request = key.request.clone();
            self.answers.remove(&Key { version, request });
        }
    }

    fn key(&self, api: &Api, rests_on: RestsOn, request: &Request) -> Option<Key> {
        let path = request.uri().path_and_query()?.as_str();
        let mut wanted = request.headers().get_all(header::ACCEPT_ENCODING).iter();
        let encodings = wanted.next().map_or(&b""[..], HeaderValue::as_bytes);
        let encodings = std::str::from_utf8(encodings).ok()?;
        if wanted.next().is_some() || path.len().saturating_add(encodings.len()) > LONGEST_KEY {
            return None;
        }
        let version = api.backend.reader().version();
        Some(Key {
            version: match rests_on {
                RestsOn::Program => (0, 0),
                RestsOn::Tip => (version.tip, 0),
                RestsOn::Clock => (version.tip, clock().0),
                RestsOn::Store => (version.write, 0),
                RestsOn::Node => {
                    let nodes = (api.backend.own_url(), api.backend.network_nodes());
                    (version.write, self.hasher.hash_one(nodes))
                }
            },
            request: [path, "\n", encodings].concat(),
        })
    }
}

/// Answers from what is ready, or makes it within [`QUICK`].
pub(crate) async fn ready(
    State((api, rests_on)): State<(Api, RestsOn)>,
    mut request: Request,
    next: Next,
) -> Response {
    if ![Method::GET, Method::HEAD].contains(request.method()) {
        return within(QUICK, next.run(request)).await;
    }
    // The server leaves out the body that nobody asked for.
    *request.method_mut() = Method::GET;
    let Some(key) = api.ready.key(&api, rests_on, &request) else {
        return within(QUICK, next.run(request)).await;
    };
    if let Some(answer) = api.ready.answers.get(&key) {
        return given(&answer);
    }
    let making = async {
        match api.ready.answers.get_value_or_guard_async(&key).await {
            Ok(answer) => given(&answer),
            Err(place) => match whole(next.run(request).await).await {
                Ok(answer) => {
                    let given = given(&answer);
                    // Who waits gets it; an error says that it was not kept, which does no harm.
                    let _ = place.insert(answer);
                    api.ready.replaced_by(&key);
                    given
                }
                Err(other) => other,
            },
        }
    };
    within(QUICK, making).await
}

fn given(answer: &Answer) -> Response {
    let mut response = Response::new(Body::from(answer.1.clone()));
    *response.headers_mut() = answer.0.clone();
    response
}

/// An answer that may be kept, or the same answer.
async fn whole(response: Response) -> Result<Answer, Response> {
    if response.status() != StatusCode::OK || response.extensions().get::<Whole>().is_none() {
        return Err(response);
    }
    let (head, body) = response.into_parts();
    // Compressing makes what cannot be compressed a little longer.
    match to_bytes(body, LONGEST_FILE.saturating_mul(2)).await {
        Ok(body) => Ok(Arc::new((head.headers, body))),
        Err(error) => {
            tracing::error!(%error, "an answer cannot be collected");
            Err(Problem::internal().into_response())
        }
    }
}

/// Answers 304, without a body, where the client has the answer already: of every route whose answers have a tag.
pub(crate) async fn unless_known(mut request: Request, next: Next) -> Response {
    let reads = [Method::GET, Method::HEAD].contains(request.method());
    let known = request.headers_mut().remove(header::IF_NONE_MATCH);
    let mut response = next.run(request).await;
    let tag = response.headers().get(header::ETAG);
    let has_it = { known.zip(tag) }.is_some_and(|(known, tag)| is_known(&known, tag));
    if reads && has_it && response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        *response.body_mut() = Body::empty();
        for of_body in [
            header::CONTENT_TYPE,
            header::CONTENT_LENGTH,
            header::CONTENT_ENCODING,
        ] {
            response.headers_mut().remove(of_body);
        }
    }
    response
}

/// Tells whether `If-None-Match` names the tag (RFC 9110: compared weakly).
fn is_known(known: &HeaderValue, tag: &HeaderValue) -> bool {
    let bare = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let (Ok(known), Ok(tag)) = (known.to_str(), tag.to_str()) else {
        return false;
    };
    known.trim() == "*" || known.split(',').any(|known| bare(known) == bare(tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pages ask the same of each block.
    #[test]
    fn of_a_request_only_the_newest_answer_is_kept() {
        let ready = Ready::default();
        let answer = Arc::new((HeaderMap::new(), Bytes::from_static(b"{}")));
        let key = |version, number: u64| Key {
            version: (version, 0),
            request: format!("/api/v1/players/{number}"),
        };
        for version in 0..10_000 {
            for number in 0..10 {
                let key = key(version, number);
                ready.answers.insert(key.clone(), answer.clone());
                ready.replaced_by(&key);
            }
        }
        assert_eq!(ready.answers.len(), 10);
        assert!(ready.answers.get(&key(9_999, 9)).is_some());
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let ready = Ready::default();
        let full = Bytes::from(vec![0; LONGEST]);
        for (count, body) in [(200_000, Bytes::new()), (100, full)] {
            for number in 0..count {
                let key = Key {
                    version: (number, 0),
                    request: format!("/api/v1/players/{number}"),
                };
                let answer = Arc::new((HeaderMap::new(), body.clone()));
                ready.answers.insert(key.clone(), answer);
                assert!(ready.answers.get(&key).is_some());
            }
            assert!(ready.answers.weight() <= BYTES_KEPT);
            assert!(ready.answers.weight() > BYTES_KEPT / 2);
        }
    }
}
