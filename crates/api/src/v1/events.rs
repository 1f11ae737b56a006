//! Server-sent events: what happens on the node, as it happens.

use std::{convert::Infallible, time::Duration};

use axum::response::{
    Sse,
    sse::{Event, KeepAlive},
};
use bolao_ledger::MatchNo;
use bolao_store::{Reader, StoreError};
use futures::{Stream, StreamExt as _, stream};
use http::Extensions;
use serde::Serialize;
use serde_json::json;
use tokio_stream::wrappers::{BroadcastStream, errors::BroadcastStreamRecvError};

use super::views::Lookup;
use crate::{
    EventText, NodeError, NodeEvent, PeerChange,
    body::{ChainTipBody, MatchRef, NoticeBody, PeerBody, moment},
    problem::Problem,
    state::Api,
};

const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Events: `tip` first, with the tip as it is; then, as they happen:
///
/// - `block`, `transaction` (one that begins to wait), `final` (a block that is final), `peer`, `sync` (how far it has caught up, and whether
///   its clock differs from the peers');
/// - `result`: the record of a match is new, another one, final or gone; `standings`: they may differ;
/// - `reorganised` (also sent as `reorganisation`): a branch was left for one with more work;
/// - `notice`: something that people counted on is not as it was, as in `/api/v1/notices`; `back_dated`: a block holds
///   bets that this node first saw after kick-off;
/// - `lagged`: so many events were missed, by a client that reads too slowly or by the node: read again what matters.
#[utoipa::path(get, path = "/api/v1/events", tag = "node",
    responses((status = OK, body = String, content_type = "text/event-stream")))]
pub(crate) async fn events(
    api: Api,
    extensions: Extensions,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    let place = api.watchers.take_share(&extensions)?;
    // Subscribed before the tip is read, so that no block falls between the two.
    let events = api.backend.events().ok_or(NodeError::Stopped)?;
    let events = BroadcastStream::new(events);
    let tip = api.read_few(|snapshot| Ok(snapshot.tip()?))?;
    let hello = event(&text("tip", &ChainTipBody::from(tip)));
    let stream = stream::once(async { hello }).chain(events.map(move |item| match item {
        Ok(happened) => event(&happened),
        Err(BroadcastStreamRecvError::Lagged(missed)) => {
            event(&text("lagged", &json!({ "missed": missed })))
        }
    }));
    // The place is held as long as the stream; it ends when another gets the place.
    let stream = stream.take_until(Box::pin(async move { place.evicted().await }));
    let alive = KeepAlive::new().interval(KEEP_ALIVE);
    Ok(Sse::new(stream.map(Ok)).keep_alive(alive))
}

fn event(text: &EventText) -> Event {
    Event::default().event(text.name).data(&*text.data)
}

fn text(name: &'static str, data: &impl Serialize) -> EventText {
    EventText {
        name,
        data: json!(data).to_string().into(),
    }
}

fn codes(reader: &Reader, matches: &[MatchNo]) -> Result<Vec<MatchRef>, StoreError> {
    let snapshot = reader.snapshot()?;
    let mut lookup = Lookup::new(&snapshot);
    matches.iter().map(|no| lookup.code(*no)).collect()
}

fn peer_text(change: PeerChange, peer: &PeerBody) -> EventText {
    let change = match change {
        PeerChange::Connected => "connected",
        PeerChange::Disconnected => "disconnected",
    };
    let data = json!({ "change": change, "peer": peer });
    text("peer", &data)
}

impl NodeEvent {
    /// The event as it is sent to those who listen; names and codes are looked up as they are now.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn text(&self, reader: &Reader) -> Result<EventText, StoreError> {
        Ok(match self {
            Self::Block {
                hash,
                height,
                time,
                transactions,
            } => {
                let time = moment(*time);
                let data = json!({ "hash": hash, "height": height, "time": time, "transactions": transactions });
                text("block", &data)
            }
            Self::Reorganised {
                common,
                common_height,
                disconnected,
            } => text(
                "reorganised",
                &json!({
                    "common": common,
                    "common_height": common_height,
                    "disconnected": disconnected,
                }),
            ),
            Self::Pending(transaction) => {
                let snapshot = reader.snapshot()?;
                let id = transaction.id();
                let body = Lookup::new(&snapshot).transaction(id, transaction, None)?;
                text("transaction", &body)
            }
            Self::BackDated {
                hash,
                height,
                time,
                seen,
                matches,
            } => {
                let matches = codes(reader, matches)?;
                text(
                    "back_dated",
                    &json!({
                        "hash": hash,
                        "height": height,
                        "time": moment(*time),
                        "seen": moment(*seen),
                        "matches": matches,
                    }),
                )
            }
            Self::Noticed { number, notice } => {
                let body = NoticeBody::read(&reader.snapshot()?, *number, notice)?;
                text("notice", &body)
            }
            Self::Result {
                match_no,
                recorded,
                is_final,
            } => {
                let game = codes(reader, &[*match_no])?.pop();
                let data = json!({ "match": game, "recorded": recorded, "final": is_final });
                text("result", &data)
            }
            Self::Standings { height } => text("standings", &json!({ "height": height })),
            Self::Final { height, hash } => {
                text("final", &json!({ "height": height, "hash": hash }))
            }
            Self::Lagged { missed } => text("lagged", &json!({ "missed": missed })),
            Self::Peer { change, peer } => peer_text(*change, peer),
            Self::Sync(sync) => text("sync", sync),
        })
    }
}
