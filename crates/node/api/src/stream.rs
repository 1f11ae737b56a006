//! Long answers: written on a blocking thread, handed over in chunks through a bounded channel.
//!
//! An answer that turns out short is handed over whole, so that it can be kept. A client that
//! goes away ends the writing at the next chunk; one that is slow holds a thread and a snapshot,
//! which is why callers bring a permit and why there is an end to it.

use std::{io, time::Instant};

use axum::{
    body::Body,
    response::{IntoResponse as _, Response},
};
use bytes::Bytes;
use serde::Serialize;
use tokio::sync::{mpsc, oneshot};
use tokio_stream::wrappers::ReceiverStream;

use crate::{config::STREAM_TIME, problem::Problem, ready::Whole};

const CHUNK: usize = 64 * 1024;
/// Chunks that wait for a slow client.
const CHUNKS_WAITING: usize = 4;

/// The result of writing an answer.
pub(crate) enum Answer {
    /// All of it.
    Whole(Bytes),
    /// The beginning, and what follows.
    Stream(Body),
}

impl Answer {
    pub(crate) fn into_response(self) -> Response {
        match self {
            Self::Whole(bytes) => {
                let mut response = bytes.into_response();
                response.extensions_mut().insert(Whole);
                response
            }
            Self::Stream(body) => body.into_response(),
        }
    }
}

/// Why the writing ended early.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Stop {
    #[error("the client has gone")]
    Gone,
    #[error("the answer took longer than {} s", STREAM_TIME.as_secs())]
    TooSlow,
    #[error(transparent)]
    Store(#[from] bolao_store::StoreError),
    #[error("cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
    #[error("cannot be written as CSV: {0}")]
    Csv(#[from] csv::Error),
}

/// Runs `write` and holds the permit meanwhile. Answers of up to `whole_max` bytes come whole.
pub(crate) async fn answer(
    permit: impl Send + 'static,
    whole_max: usize,
    write: impl FnOnce(&mut Sink) -> Result<(), Stop> + Send + 'static,
) -> Result<Answer, Problem> {
    let (decide, decided) = oneshot::channel();
    tokio::task::spawn_blocking(move || {
        let mut permit = Some(permit);
        let mut sink = Sink {
            buffer: Vec::new(),
            whole_max,
            end: Instant::now() + STREAM_TIME,
            target: Target::Undecided(decide),
        };
        let result = write(&mut sink);
        if let Target::Undecided(_) = sink.target {
            // Nothing is left to be done, and who has the answer may ask for the next at once.
            permit.take();
        }
        sink.finish(result);
        drop(permit);
    });
    decided.await.map_err(|_| Problem::internal())?
}

/// A writer of one answer.
pub(crate) struct Sink {
    buffer: Vec<u8>,
    whole_max: usize,
    end: Instant,
    target: Target,
}

enum Target {
    Undecided(oneshot::Sender<Result<Answer, Problem>>),
    Stream(mpsc::Sender<io::Result<Bytes>>),
    Done,
}

impl Sink {
    /// Appends bytes.
    pub(crate) fn put(&mut self, bytes: &[u8]) -> Result<(), Stop> {
        self.buffer.extend_from_slice(bytes);
        self.flush_if_full()
    }

    /// Appends a value as JSON.
    pub(crate) fn json(&mut self, value: &impl Serialize) -> Result<(), Stop> {
        serde_json::to_writer(&mut self.buffer, value)?;
        self.flush_if_full()
    }

    /// Writes a JSON array.
    pub(crate) fn list(
        &mut self,
        write: impl FnOnce(&mut List<'_>) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        self.put(b"[")?;
        let mut list = List {
            sink: self,
            begun: false,
        };
        write(&mut list)?;
        self.put(b"]")
    }

    fn flush_if_full(&mut self) -> Result<(), Stop> {
        let full = match self.target {
            Target::Undecided(_) => self.buffer.len() > self.whole_max,
            Target::Stream(_) => self.buffer.len() >= CHUNK,
            Target::Done => return Err(Stop::Gone),
        };
        if full { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), Stop> {
        if Instant::now() > self.end {
            return Err(Stop::TooSlow);
        }
        let chunks = match std::mem::replace(&mut self.target, Target::Done) {
            Target::Stream(chunks) => chunks,
            Target::Done => return Err(Stop::Gone),
            Target::Undecided(decide) => {
                let (chunks, body) = mpsc::channel(CHUNKS_WAITING);
                let body = Body::from_stream(ReceiverStream::new(body));
                decide
                    .send(Ok(Answer::Stream(body)))
                    .map_err(|_| Stop::Gone)?;
                chunks
            }
        };
        let chunk = std::mem::replace(&mut self.buffer, Vec::with_capacity(CHUNK));
        chunks
            .blocking_send(Ok(Bytes::from(chunk)))
            .map_err(|_| Stop::Gone)?;
        self.target = Target::Stream(chunks);
        Ok(())
    }

    fn finish(&mut self, result: Result<(), Stop>) {
        let result = match (result, &self.target) {
            (Ok(()), Target::Stream(_)) if !self.buffer.is_empty() => self.flush(),
            (result, _) => result,
        };
        match std::mem::replace(&mut self.target, Target::Done) {
            Target::Undecided(decide) => {
                let answer = match result {
                    Ok(()) => Ok(Answer::Whole(std::mem::take(&mut self.buffer).into())),
                    Err(Stop::Store(error)) => Err(error.into()),
                    Err(error) => {
                        tracing::error!(%error, "an answer failed");
                        Err(Problem::internal())
                    }
                };
                // The caller may have gone.
                let _ = decide.send(answer);
            }
            Target::Stream(chunks) => {
                if let Err(error) = result {
                    tracing::warn!(%error, "an answer was cut off");
                    cut(&chunks);
                }
            }
            Target::Done => {}
        }
    }
}

/// A JSON array that is being written.
pub(crate) struct List<'a> {
    sink: &'a mut Sink,
    begun: bool,
}

impl List<'_> {
    /// Appends an entry.
    pub(crate) fn item(&mut self, value: &impl Serialize) -> Result<(), Stop> {
        if std::mem::replace(&mut self.begun, true) {
            self.sink.put(b",")?;
        }
        self.sink.json(value)
    }
}

/// Ends the answer so that the client sees that something is missing.
fn cut(chunks: &mpsc::Sender<io::Result<Bytes>>) {
    let _ = chunks.blocking_send(Err(io::Error::other("the answer was cut off")));
}

impl Drop for Sink {
    fn drop(&mut self) {
        // Reached without `finish` only when the writer panicked.
        if let Target::Stream(chunks) = &self.target {
            cut(chunks);
        }
    }
}
