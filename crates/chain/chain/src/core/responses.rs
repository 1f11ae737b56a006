//! What peers answer, by what they were asked for.

use crate::{
    chain::Chain,
    context::Context,
    core::{Core, gossip::take_transactions},
    error::CoreError,
    io::{Event, PeerId, RequestFailure},
    sync::{InFlight, Purpose, Syncing},
    wire::Response,
};

impl Core {
    pub(super) fn on_response(
        &mut self,
        peer: &PeerId,
        id: u64,
        result: Result<Response, RequestFailure>,
    ) -> Result<(), CoreError> {
        let Self { cx, sync, .. } = self;
        let Some(request) = sync.answered(peer, id) else {
            return Ok(());
        };
        match result {
            Ok(response) if self.votes.is_some() => self.take_words(peer, &request, response)?,
            Ok(response) => self.take_response(peer, &request, response)?,
            Err(failure) => sync.unanswered(cx, &request, failure),
        }
        Ok(())
    }

    /// An answer that votes may have asked for, where there are any.
    fn take_words(
        &mut self,
        peer: &PeerId,
        request: &InFlight,
        response: Response,
    ) -> Result<(), CoreError> {
        match (&request.purpose, response) {
            (Purpose::Proposal, Response::Blocks(blocks)) => self.on_proposals(peer, &blocks),
            (Purpose::Finals { from, .. }, Response::Finals(finals)) => {
                self.on_finals(peer, *from, &finals)
            }
            (Purpose::Compare { between, from }, Response::Finals(finals)) => {
                let Self {
                    cx,
                    chain,
                    sync,
                    votes: Some(votes),
                    ..
                } = self
                else {
                    return Ok(());
                };
                votes.on_compared(cx, chain, sync, peer, (*between, *from), &finals)
            }
            (Purpose::Told(asked), Response::Told(told)) => self.on_told(asked, &told),
            (_, response) => self.take_response(peer, request, response),
        }
    }

    fn take_response(
        &mut self,
        peer: &PeerId,
        request: &InFlight,
        response: Response,
    ) -> Result<(), CoreError> {
        let Self {
            cx,
            chain,
            sync,
            votes,
            keeping,
            ..
        } = self;
        match (&request.purpose, response) {
            (Purpose::KeptIds(page), Response::KeptIds(ids)) => {
                keeping.on_kept_ids(cx, chain, peer, *page, &ids)?;
            }
            (Purpose::Kept { rest, then }, Response::Kept(given)) => {
                let clock = self.own_clock();
                let Self {
                    cx,
                    chain,
                    sync,
                    keeping,
                    ..
                } = self;
                let taken = keeping.on_kept(cx, chain, clock, peer, (rest, *then), given)?;
                if let Err(rejection) = taken {
                    sync.blame(cx, peer, rejection);
                }
            }
            // What a peer cannot take now, it asks for; what it cannot tell now, it is asked again.
            (Purpose::PushKept, Response::Ack | Response::Refused)
            | (Purpose::Told(_), Response::Refused) => {}
            (Purpose::Status, Response::Status(status)) => {
                self.on_status(peer, status, Some(request.sent_ms))?;
                self.sync.status_ended(peer);
            }
            (Purpose::Headers, Response::Headers(headers)) => {
                let last = votes.as_ref().and_then(|votes| votes.last_checkpoint());
                sync.on_headers(cx, chain, peer, headers, last)?;
            }
            (Purpose::Transactions { rest }, Response::Transactions(given)) => {
                if let Some(new) = take_transactions(cx, chain, sync, peer, given, false)? {
                    sync.pass_on(cx, peer, &new);
                    sync.compare_soon(cx);
                    sync.ask_transactions(cx, peer, rest);
                }
            }
            (_, response) => take_of_sync(cx, chain, sync, request, response)?,
        }
        Ok(())
    }
}

/// An answer that neither votes nor keepers asked for.
fn take_of_sync(
    cx: &mut Context,
    chain: &mut Chain,
    sync: &mut Syncing,
    request: &InFlight,
    response: Response,
) -> Result<(), CoreError> {
    let peer = &request.peer;
    match (&request.purpose, response) {
        (Purpose::Checkpoint, Response::Headers(headers)) => {
            sync.on_named(cx, chain, peer, &headers)?;
        }
        (Purpose::Bodies { hashes }, Response::Blocks(blocks)) => {
            sync.on_bodies(cx, chain, peer, hashes, blocks)?;
        }
        (Purpose::PendingIds, Response::PendingIds(ids)) => {
            sync.on_pending_ids(cx, chain, peer, &ids)?;
        }
        (Purpose::Votes { relayed, .. }, response @ (Response::Ack | Response::Known)) => {
            if *relayed {
                sync.were_news(peer, response == Response::Ack);
            }
        }
        (Purpose::Push { items }, Response::Ack) => {
            for item in items {
                cx.emit(Event::Delivered {
                    item: *item,
                    peer: peer.clone(),
                });
            }
        }
        _ => sync.unanswered(cx, request, RequestFailure::Remote),
    }
    Ok(())
}
