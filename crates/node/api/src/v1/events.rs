//! Server-sent events: what happens on the node, as it happens.

use std::{convert::Infallible, time::Duration};

use axum::response::{
    Sse,
    sse::{Event, KeepAlive},
};
use bolao_ledger::MatchNo;
use bolao_store::{Reader, StoreError};
use futures::{Stream, StreamExt as _, stream};
use http::{Extensions, HeaderMap, HeaderName};
use serde::Deserialize;
use serde_json::json;
use utoipa::IntoParams;

use super::{
    sources,
    views::{Lookup, waits},
};
use crate::{
    EventText, NodeError, NodeEvent,
    body::{EventBody, MatchRef, NoticeBody, moment},
    events::{Begin, Heard},
    extract::InQuery,
    problem::Problem,
    state::Api,
};

const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// The header in which a browser that was cut off names the last event that it heard.
pub(super) const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// The header that keeps proxies from collecting events.
type Unbuffered = [(HeaderName, &'static str); 1];

/// The last event that a listener heard.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct After {
    /// The id of the last event that was heard, for a listener that opens a new stream itself. The header `Last-Event-ID` goes before it.
    after: Option<String>,
}

/// Server-sent events without end: `tip` first, with the tip as it is; then the others, as they happen. The answer's form is that of one
/// event's `data`; which one it is follows from the event's name.
///
/// Each has an `id`: the chain's height then, and a suffix, since several may happen at one height. A listener that gives back the last one
/// that it heard, in the header `Last-Event-ID` or in `after`, gets `resumed` and all that happened since; or, where the node does not have
/// all of it any more, `resync` with the tip as it is, and reads again what matters.
#[utoipa::path(get, path = "/api/v1/events", tag = "node",
    params(
        ("Last-Event-ID" = Option<String>, Header, description = "The id of the last event that was heard. Browsers send it."),
        After
    ),
    responses((status = OK, body = EventBody, content_type = "text/event-stream")))]
pub(crate) async fn events(
    api: Api,
    extensions: Extensions,
    headers: HeaderMap,
    InQuery(After { after }): InQuery<After>,
) -> Result<
    (
        Unbuffered,
        Sse<impl Stream<Item = Result<Event, Infallible>>>,
    ),
    Problem,
> {
    let place = api.watchers.take_share(&extensions)?;
    let last = headers.get(LAST_EVENT_ID);
    let last = last.map(|id| String::from_utf8_lossy(id.as_bytes()).into_owned());
    let events = api.backend.events().ok_or(NodeError::Stopped)?;
    // Begun before the tip is read, so that no block falls between the two.
    let (begin, listener) = events.listen(last.or(after).as_deref());
    let tip = || api.read_few(|snapshot| Ok(EventBody::Tip(snapshot.tip()?.into())));
    let hello = match begin {
        Begin::Now { id } => event("tip", &data(&tip()?)).id(id),
        Begin::Lost { id } => event("resync", &data(&tip()?)).id(id),
        Begin::Resumed { missed } => {
            let resumed = EventBody::Resumed { missed };
            event(resumed.name(), &data(&resumed))
        }
    };
    let events = stream::unfold(listener, async |mut listener| {
        let heard = match listener.next().await? {
            Heard::Event { id, event: it } => event(it.name, &it.data).id(id),
            Heard::Missed { id, missed } => {
                let lagged = EventBody::Lagged { missed };
                event(lagged.name(), &data(&lagged)).id(id)
            }
        };
        Some((heard, listener))
    });
    let stream = stream::once(async { hello }).chain(events);
    // The place is held as long as the stream; it ends when another gets the place.
    let stream = stream.take_until(Box::pin(async move { place.evicted().await }));
    let alive = KeepAlive::new().interval(KEEP_ALIVE);
    // A proxy such as nginx would keep what happens until it has a page of it.
    let unbuffered = [(HeaderName::from_static("x-accel-buffering"), "no")];
    Ok((unbuffered, Sse::new(stream.map(Ok)).keep_alive(alive)))
}

fn event(name: &str, data: &str) -> Event {
    Event::default().event(name).data(data)
}

fn data(body: &EventBody) -> String {
    json!(body).to_string()
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
        let body = self.body(reader)?;
        let height = if let Self::Block { height, .. } = self {
            *height
        } else {
            reader.snapshot()?.tip()?.height
        };
        Ok(EventText {
            name: body.name(),
            data: data(&body).into(),
            height: height.0,
        })
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
                let body = waits(&mut Lookup::new(&snapshot), transaction)?;
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
