//! Server-sent events: what happens on the node, as it happens.

use std::{convert::Infallible, time::Duration};

use axum::response::{
    Sse,
    sse::{Event, KeepAlive},
};
use bolao_ledger::MatchNo;
use bolao_store::{Reader, StoreError};
use futures::{Stream, StreamExt as _, stream};
use http::{Extensions, HeaderName};
use serde_json::json;
use tokio_stream::wrappers::{BroadcastStream, errors::BroadcastStreamRecvError};

use super::{
    sources,
    views::{Lookup, answered},
};
use crate::{
    EventText, NodeError, NodeEvent,
    body::{EventBody, MatchRef, NoticeBody, moment},
    problem::Problem,
    state::Api,
};

const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// The header that keeps proxies from collecting events.
type Unbuffered = [(HeaderName, &'static str); 1];

/// Server-sent events without end: `tip` first, with the tip as it is; then the others, as they happen. The answer's form is that of one
/// event's `data`; which one it is follows from the event's name.
#[utoipa::path(get, path = "/api/v1/events", tag = "node",
    responses((status = OK, body = EventBody, content_type = "text/event-stream")))]
pub(crate) async fn events(
    api: Api,
    extensions: Extensions,
) -> Result<
    (
        Unbuffered,
        Sse<impl Stream<Item = Result<Event, Infallible>>>,
    ),
    Problem,
> {
    let place = api.watchers.take_share(&extensions)?;
    // Subscribed before the tip is read, so that no block falls between the two.
    let events = api.backend.events().ok_or(NodeError::Stopped)?;
    let events = BroadcastStream::new(events);
    let tip = api.read_few(|snapshot| Ok(snapshot.tip()?))?;
    let hello = event(&text(&EventBody::Tip(tip.into())));
    let stream = stream::once(async { hello }).chain(events.map(move |item| match item {
        Ok(happened) => event(&happened),
        Err(BroadcastStreamRecvError::Lagged(missed)) => {
            event(&text(&EventBody::Lagged { missed }))
        }
    }));
    // The place is held as long as the stream; it ends when another gets the place.
    let stream = stream.take_until(Box::pin(async move { place.evicted().await }));
    let alive = KeepAlive::new().interval(KEEP_ALIVE);
    // A proxy such as nginx would keep what happens until it has a page of it.
    let unbuffered = [(HeaderName::from_static("x-accel-buffering"), "no")];
    Ok((unbuffered, Sse::new(stream.map(Ok)).keep_alive(alive)))
}

fn event(text: &EventText) -> Event {
    Event::default().event(text.name).data(&*text.data)
}

fn text(body: &EventBody) -> EventText {
    EventText {
        name: body.name(),
        data: json!(body).to_string().into(),
    }
}

fn codes(reader: &Reader, matches: &[MatchNo]) -> Result<Vec<MatchRef>, StoreError> {
    let snapshot = reader.snapshot()?;
    let mut lookup = Lookup::new(&snapshot);
    matches.iter().map(|no| lookup.code(*no)).collect()
}

impl NodeEvent {
    /// The event as it is sent to those who listen; names and codes are looked up as they are now.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn text(&self, reader: &Reader) -> Result<EventText, StoreError> {
        Ok(text(&self.body(reader)?))
    }

    #[allow(clippy::too_many_lines, reason = "some lines for each event")]
    fn body(&self, reader: &Reader) -> Result<EventBody, StoreError> {
        Ok(match self {
            Self::Block {
                hash,
                height,
                time,
                transactions,
            } => EventBody::Block {
                hash: *hash,
                height: height.0,
                time: moment(*time),
                transactions: *transactions,
            },
            Self::Reorganised {
                common,
                common_height,
                disconnected,
            } => EventBody::Reorganised {
                common: *common,
                common_height: common_height.0,
                disconnected: *disconnected,
            },
            Self::Pending(transaction) => {
                let snapshot = reader.snapshot()?;
                let id = transaction.id();
                let body = answered(&mut Lookup::new(&snapshot), id, transaction, None)?;
                EventBody::Transaction(Box::new(body))
            }
            Self::BackDated {
                hash,
                height,
                time,
                seen,
                matches,
            } => EventBody::BackDated {
                hash: *hash,
                height: height.0,
                time: moment(*time),
                seen: moment(*seen),
                matches: codes(reader, matches)?,
            },
            Self::Live(live) => {
                let snapshot = reader.snapshot()?;
                EventBody::Live(sources::lives(&mut Lookup::new(&snapshot), live)?)
            }
            Self::Sources => EventBody::Sources { changed: true },
            Self::Noticed { number, notice } => {
                let body = NoticeBody::read(
                    &reader.snapshot()?,
                    &reader.genesis().rules,
                    *number,
                    notice,
                )?;
                EventBody::Notice(body)
            }
            Self::Result {
                match_no,
                recorded,
                is_final,
            } => EventBody::Result {
                r#match: codes(reader, &[*match_no])?.pop(),
                recorded: *recorded,
                is_final: *is_final,
            },
            Self::Standings { height } => EventBody::Standings { height: height.0 },
            Self::Final { height, hash } => EventBody::Final {
                height: height.0,
                hash: *hash,
            },
            Self::Lagged { missed } => EventBody::Lagged { missed: *missed },
            Self::Peer { change, peer } => EventBody::Peer {
                change: *change,
                peer: peer.clone(),
            },
            Self::Sync(sync) => EventBody::Sync(*sync),
        })
    }
}
