//! A request's body that says, for a slot, whether its sender is at it.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
    time::Instant,
};

use axum::body::{Body, Bytes, HttpBody};
use bolao_limits::Slot;
use hyper::body::{Frame, SizeHint};

/// Lets a slot go while a body still comes, and keeps it once all of it is there, which the flag says too.
pub(crate) fn receiving(body: Body, slot: &Arc<Slot>, start: Instant) -> (Body, Arc<AtomicBool>) {
    let is_there = body.is_end_stream();
    let is_whole = Arc::new(AtomicBool::new(is_there));
    slot.touch(start.elapsed());
    slot.keep(is_there);
    if is_there {
        return (body, is_whole);
    }
    let receiving = Receiving {
        body,
        slot: Arc::clone(slot),
        start,
        is_whole: Arc::clone(&is_whole),
    };
    (Body::new(receiving), is_whole)
}

struct Receiving {
    body: Body,
    slot: Arc<Slot>,
    /// The start of the slot's time.
    start: Instant,
    is_whole: Arc<AtomicBool>,
}

impl HttpBody for Receiving {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = std::task::ready!(Pin::new(&mut self.body).poll_frame(cx));
        self.slot.touch(self.start.elapsed());
        if frame.is_none() || self.body.is_end_stream() {
            self.slot.keep(true);
            self.is_whole.store(true, Ordering::Relaxed);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
