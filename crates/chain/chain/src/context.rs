//! The circumstances of one input, which are handed along to every part, with what is to leave.

use std::sync::Arc;

use bolao_ledger::{Genesis, PoolId, Reason, UnixSeconds};
use bolao_store::Notice;

use crate::{
    config::CoreConfig,
    io::{Event, Now, Output},
    kind::{Kind, Thresholds},
    wire::Response,
};

/// The time, the pool with its rules, what the node may tune, and what is to leave.
#[derive(Debug)]
pub(crate) struct Context {
    pub(crate) now: Now,
    /// Whether the node has been in step with its peers for long enough, as of this input.
    pub(crate) in_step: bool,
    pub(crate) genesis: Arc<Genesis>,
    pub(crate) pool: PoolId,
    pub(crate) kind: &'static dyn Kind,
    pub(crate) thresholds: Thresholds,
    pub(crate) config: CoreConfig,
    pub(crate) out: Outbox,
}

impl Context {
    pub(crate) fn emit(&mut self, event: Event) {
        self.out.push(Output::Event(event));
    }

    /// The latest time that a block may have now.
    pub(crate) fn latest_time(&self) -> UnixSeconds {
        let ahead = u64::from(self.genesis.most_ahead_s());
        UnixSeconds(self.now.unix.0.saturating_add(ahead))
    }

    pub(crate) fn send_notices(&mut self, notices: Vec<(u64, Arc<Notice>)>) {
        for (number, notice) in notices {
            self.emit(Event::Noticed { number, notice });
        }
    }

    /// When this clock will show a time that is still to come; at least once an hour, since it may be set.
    pub(crate) fn mono_of(&self, at: UnixSeconds) -> u64 {
        const HOUR_S: u64 = 3_600;
        let wait_s = at.0.saturating_sub(self.now.unix.0).min(HOUR_S);
        self.now
            .mono_ms
            .saturating_add(wait_s.saturating_mul(1_000))
    }
}

/// The outputs that leave once an input is handled, in this order.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    outputs: Vec<Output>,
    /// Answers that promise nothing of the disk.
    promises_nothing: Vec<Output>,
    /// Answers of this and earlier inputs whose turn comes once what they rest on is on the disk.
    held: Vec<Output>,
}

/// Whether an output tells somebody that something is done, so that it has to be on the disk before.
fn confirms(output: &Output) -> bool {
    match output {
        Output::Reply { result, .. } => match result {
            Ok(_) => true,
            Err(rejection) => rejection.reason == Reason::AlreadyKnown,
        },
        Output::SyncRound { .. } => true,
        Output::Respond { response, .. } => *response == Response::Ack,
        _ => false,
    }
}

impl Outbox {
    pub(crate) fn push(&mut self, output: Output) {
        self.outputs.push(output);
    }

    /// Adds an answer that rests on nothing that has to be on the disk: it leaves behind all others.
    pub(crate) fn push_last(&mut self, output: Output) {
        self.promises_nothing.push(output);
    }

    pub(crate) fn extend(&mut self, outputs: impl IntoIterator<Item = Output>) {
        self.outputs.extend(outputs);
    }

    /// Whether somebody is told that something is done, so that it has to be on the disk before.
    pub(crate) fn confirms(&self) -> bool {
        self.outputs.iter().any(confirms)
    }

    /// Whether answers of earlier inputs are held.
    pub(crate) fn holds(&self) -> bool {
        !self.held.is_empty()
    }

    /// Holds what confirms something back as long as that is not on the disk, in its order.
    pub(crate) fn hold_while(&mut self, unsynced: bool) {
        if unsynced {
            self.held
                .extend(self.outputs.extract_if(.., |it| confirms(it)));
        } else if !self.held.is_empty() {
            self.held.append(&mut self.outputs);
            std::mem::swap(&mut self.held, &mut self.outputs);
        }
    }

    /// Puts the answers that promise nothing behind what is there.
    pub(crate) fn promise_nothing(&mut self) {
        self.outputs.append(&mut self.promises_nothing);
    }

    pub(crate) fn take(&mut self) -> Vec<Output> {
        std::mem::take(&mut self.outputs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::Accepted;

    #[test]
    fn answers_that_promise_nothing_come_last_and_confirm_nothing() {
        let respond = |token, response| Output::Respond { token, response };
        let mut out = Outbox::default();
        out.push_last(respond(1, Response::Ack));
        out.push(respond(2, Response::Refused));
        assert!(!out.confirms());
        let result = Ok(Accepted::Deals { count: 1 });
        out.push(Output::Reply { token: 3, result });
        assert!(out.confirms());
        out.promise_nothing();
        let outputs = out.take();
        let [first, _, last] = &outputs[..] else {
            panic!("{outputs:?}")
        };
        assert!(matches!(first, Output::Respond { token: 2, .. }));
        assert!(matches!(last, Output::Respond { token: 1, .. }));
        assert!(out.take().is_empty());
    }
}
