//! A server of lists, and a pool that reads them.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex},
};

use axum::{Router, body::Body, extract::State, http::HeaderMap, response::Response};
use bolao_feeds::{Judged, Place, Source, Sources};
use bolao_fixtures::{
    Competition, ImportOptions, import,
    pool::{self, Known},
};
use bolao_ledger::{Outcome, UnixSeconds};
use jiff::tz::TimeZone;
use tokio::net::TcpListener;

/// What the server answers.
#[derive(Clone, Debug)]
pub(crate) enum Played {
    List(String),
    Status(u16),
    RetryAfter(u64),
    Moved(String),
    Endless,
    Silence,
}

/// What it plays, and the status of each answer.
type Shared = Arc<Mutex<(Played, Vec<u16>)>>;

/// A server with one list, and the requests that it got.
pub(crate) struct Server {
    pub(crate) url: String,
    now: Shared,
}

impl Server {
    pub(crate) async fn start() -> Self {
        let now = Arc::new(Mutex::new((Played::Status(404), Vec::new())));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/list", listener.local_addr().unwrap());
        let router = Router::new().fallback(answer).with_state(Arc::clone(&now));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, now }
    }

    pub(crate) fn plays(&self, played: Played) {
        self.now.lock().unwrap().0 = played;
    }

    /// The status of each answer so far.
    pub(crate) fn answers(&self) -> Vec<u16> {
        self.now.lock().unwrap().1.clone()
    }
}

async fn answer(State(now): State<Shared>, headers: HeaderMap) -> Response {
    let played = now.lock().unwrap().0.clone();
    let response = Response::builder();
    let response = match played {
        Played::List(text) => {
            let tag = format!("\"{}-{}\"", text.len(), checksum(&text));
            let known = headers.get("if-none-match");
            if known.is_some_and(|it| it.as_bytes() == tag.as_bytes()) {
                response.status(304).body(Body::empty())
            } else {
                response.header("etag", tag).body(text.into())
            }
        }
        Played::Status(status) => response.status(status).body(Body::empty()),
        Played::RetryAfter(seconds) => response
            .status(429)
            .header("retry-after", seconds)
            .body(Body::empty()),
        Played::Moved(to) => response
            .status(302)
            .header("location", to)
            .body(Body::empty()),
        Played::Endless => {
            let chunk = vec![b'x'; 1 << 16];
            let stream = std::iter::repeat_with(move || Ok::<_, std::io::Error>(chunk.clone()));
            let stream = futures::stream::iter(stream.take(80_000));
            response.body(Body::from_stream(stream))
        }
        Played::Silence => std::future::pending().await,
    };
    let response = response.unwrap();
    now.lock().unwrap().1.push(response.status().as_u16());
    response
}

fn checksum(text: &str) -> u32 {
    text.bytes()
        .fold(7, |sum: u32, byte| sum.wrapping_mul(31) ^ u32::from(byte))
}

/// A file of the project's data.
pub(crate) fn data(path: &str) -> String {
    let data = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../data/openfootball");
    std::fs::read_to_string(data.join(path)).unwrap()
}

pub(crate) fn read(text: &str, zone: &str) -> Competition {
    let options = ImportOptions {
        zone: Some(TimeZone::get(zone).unwrap()),
        ..ImportOptions::default()
    };
    import(text, &options).unwrap()
}

/// A pool of a list's matches, with the sources that it reads.
pub(crate) struct Watched {
    pub(crate) known: Vec<Known>,
    pub(crate) sources: Sources,
    pub(crate) now: UnixSeconds,
}

impl Watched {
    pub(crate) fn new(list: &Competition, zone: &str, servers: &[&Server], now: u64) -> Self {
        let (matches, _) = pool::matches(list, UnixSeconds(now)).unwrap();
        let known = matches.into_iter().map(|fixture| Known {
            fixture,
            day: None,
            record: None,
            postponed: false,
            asks_who_goes_on: false,
        });
        let zone = TimeZone::get(zone).unwrap();
        let source = |server: &&Server| {
            let place: Place = server.url.parse().unwrap();
            Source::new(&place, Some(zone.clone())).unwrap()
        };
        Self {
            known: known.collect(),
            sources: Sources::new(servers.iter().map(source).collect()),
            now: UnixSeconds(now),
        }
    }

    /// Reads what it is time for, so many seconds later.
    pub(crate) async fn later(&mut self, seconds: u64) -> Vec<Judged> {
        self.now.0 += seconds;
        self.sources.read(&self.known, self.now).await;
        self.sources.told().judged(&self.known, true, self.now)
    }

    /// Signs what may be signed; how much that was.
    pub(crate) fn sign(&mut self, judged: &[Judged]) -> usize {
        let ready = judged.iter().filter(|it| it.why.is_none());
        let ready: Vec<(_, Outcome)> = ready
            .map(|it| (it.no, it.outcome.clone().unwrap()))
            .collect();
        for (no, outcome) in &ready {
            let known = self.known.iter_mut().find(|it| it.fixture.no == *no);
            known.unwrap().record = Some(outcome.clone());
        }
        ready.len()
    }
}
