//! Server-sent events: what happens on the node, as it happens.

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::State,
    response::{
        Sse,
        sse::{Event, KeepAlive},
    },
};
use bolao_store::StoreError;
use futures::{Stream, StreamExt as _, stream};
use http::Extensions;
use serde_json::{Value, json};
use tokio_stream::wrappers::{BroadcastStream, errors::BroadcastStreamRecvError};

use super::{
    dto::{Moment, TipBody},
    status::PeerBody,
    views::Lookup,
};
use crate::{
    NodeEvent, PeerChange,
    problem::{Problem, ProblemBody},
    state::Api,
};

const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Events: `tip` first, with the tip as it is; then `block`, `reorganisation`, `transaction` (one
/// that begins to wait), `peer` and `sync` as they happen. `lagged` says how many were missed by
/// a client that reads too slowly: read again what matters.
#[utoipa::path(get, path = "/api/v1/events", tag = "node", responses(
    (status = OK, body = String, content_type = "text/event-stream"),
    (status = "default", body = ProblemBody<'static>, content_type = "application/problem+json"),
))]
pub(crate) async fn events(
    State(api): State<Api>,
    extensions: Extensions,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    let place = api.watchers.take(&extensions)?;
    // Subscribed before the tip is read, so that no block falls between the two.
    let events = BroadcastStream::new(api.backend.events());
    let tip = api.read(|snapshot| Ok(snapshot.tip()?)).await?;
    let hello = event("tip", &json!(TipBody::from(tip)));
    let stream = stream::once(async { hello }).chain(events.map(move |item| {
        let _held_as_long_as_the_stream = &place;
        match item {
            Ok(happened) => shown(&api, happened),
            Err(BroadcastStreamRecvError::Lagged(missed)) => {
                event("lagged", &json!({ "missed": missed }))
            }
        }
    }));
    let alive = KeepAlive::new().interval(KEEP_ALIVE);
    Ok(Sse::new(stream.map(Ok)).keep_alive(alive))
}

fn event(name: &str, data: &Value) -> Event {
    Event::default().event(name).data(data.to_string())
}

fn shown(api: &Api, happened: NodeEvent) -> Event {
    match happened {
        NodeEvent::Block {
            hash,
            height,
            time,
            transactions,
        } => event(
            "block",
            &json!({
                "hash": hash,
                "height": height,
                "time": Moment::from(time),
                "transactions": transactions,
            }),
        ),
        NodeEvent::Reorganised {
            common,
            common_height,
            disconnected,
        } => event(
            "reorganisation",
            &json!({
                "common": common,
                "common_height": common_height,
                "disconnected": disconnected,
            }),
        ),
        NodeEvent::Pending(transaction) => match pending(api, &transaction) {
            Ok(data) => event("transaction", &data),
            Err(error) => {
                tracing::error!(%error, "a transaction cannot be shown");
                event("lagged", &json!({ "missed": 1 }))
            }
        },
        NodeEvent::Peer { change, peer } => event(
            "peer",
            &json!({
                "change": match change {
                    PeerChange::Connected => "connected",
                    PeerChange::Disconnected => "disconnected",
                },
                "peer": PeerBody::from(peer),
            }),
        ),
        NodeEvent::Sync(sync) => event("sync", &json!(sync)),
    }
}

/// Reads a few small entries, so it does not leave this thread.
fn pending(api: &Api, transaction: &bolao_ledger::Transaction) -> Result<Value, StoreError> {
    let snapshot = api.backend.reader().snapshot()?;
    let shown = Lookup::new(&snapshot).transaction(transaction.id(), transaction, None)?;
    Ok(json!(shown))
}
