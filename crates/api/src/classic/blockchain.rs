//! `GET /blockchain`: the whole chain, with bounded memory however long it is.
//!
//! Short chains (the articles' sizes) are answered from ready bytes. They are valid as long as
//! the tip, the number of waiting transactions and the registered nodes are the same. Those
//! three cannot tell an exchange of one waiting transaction for another, so that ready bytes
//! with something waiting are also given up after [`PENDING_AGE`].

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};

use axum::{extract::State, response::Response};
use bolao_ledger::{BlockHash, Height};
use bolao_store::Snapshot;
use bytes::Bytes;

use super::{json_body, render::Names};
use crate::{
    problem::Problem,
    state::{Api, place},
    stream::{Answer, Sink, Stop, answer},
};

/// The longest answer that is kept ready, bytes.
const READY_MAX: usize = 1024 * 1024;
const PENDING_AGE: Duration = Duration::from_millis(500);

/// The latest answer, where it is short, and the right to make the next.
#[derive(Default)]
pub(crate) struct ChainCache {
    ready: RwLock<Option<Arc<Ready>>>,
    making: tokio::sync::Mutex<()>,
}

struct Ready {
    of: Version,
    made: Instant,
    body: Bytes,
}

/// What an answer was made from.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Version {
    tip: BlockHash,
    pending: u64,
    nodes: Vec<String>,
    own: String,
}

impl ChainCache {
    fn get(&self, version: &Version) -> Option<Bytes> {
        let ready = self.ready.read().unwrap_or_else(PoisonError::into_inner);
        ready
            .as_ref()
            .filter(|ready| {
                ready.of == *version && (version.pending == 0 || ready.made.elapsed() < PENDING_AGE)
            })
            .map(|ready| ready.body.clone())
    }

    fn put(&self, ready: Ready) {
        *self.ready.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(ready));
    }
}

/// `GET /blockchain`.
pub(crate) async fn blockchain(State(api): State<Api>) -> Result<Response, Problem> {
    if let Some(body) = api.chain_cache.get(&version(&api)?.1) {
        return Ok(json_body(body.into()));
    }
    let _making = api.chain_cache.making.lock().await;
    let (snapshot, version) = version(&api)?;
    if let Some(body) = api.chain_cache.get(&version) {
        return Ok(json_body(body.into()));
    }
    let made = Instant::now();
    let of = version.clone();
    let permit = place(&api.streams)?;
    let answer = answer(permit, READY_MAX, move |sink| write(&snapshot, &of, sink)).await?;
    if let Answer::Whole(body) = &answer {
        let body = body.clone();
        api.chain_cache.put(Ready {
            of: version,
            made,
            body,
        });
    }
    Ok(json_body(answer.into_body()))
}

/// What the answer is made from now. Reads two small entries, so it does not leave this thread.
fn version(api: &Api) -> Result<(Snapshot, Version), Problem> {
    let snapshot = api.backend.reader().snapshot()?;
    let version = Version {
        tip: snapshot.tip()?.hash,
        pending: snapshot.pending_count()?,
        nodes: api.backend.network_nodes(),
        own: api.backend.own_url(),
    };
    Ok((snapshot, version))
}

fn write(snapshot: &Snapshot, version: &Version, sink: &mut Sink) -> Result<(), Stop> {
    let mut names = Names::new(snapshot);
    sink.put(br#"{"chain":["#)?;
    let mut height = Height::ZERO;
    while let Some(block) = names.block(height)? {
        if height > Height::ZERO {
            sink.put(b",")?;
        }
        sink.json(&block)?;
        height = height.next();
    }
    sink.put(br#"],"pending_bets":["#)?;
    let mut first = true;
    names.pending_bets(&snapshot.pending()?, |bet| {
        if !std::mem::take(&mut first) {
            sink.put(b",")?;
        }
        sink.json(&bet)
    })?;
    sink.put(br#"],"network_nodes":"#)?;
    sink.json(&version.nodes)?;
    sink.put(br#","current_node_url":"#)?;
    sink.json(&version.own)?;
    sink.put(b"}")
}
