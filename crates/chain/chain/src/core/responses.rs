//! What peers answer, by what they were asked for.

use crate::{
    core::{Core, Parts},
    error::CoreError,
    io::{Event, PeerId, RequestFailure},
    sync::{InFlight, Purpose},
    wire::Response,
};

impl Core {
    pub(super) fn on_response(
        &mut self,
        peer: &PeerId,
        id: u64,
        result: Result<Response, RequestFailure>,
    ) -> Result<(), CoreError> {
        let Parts { cx, sync, .. } = &mut self.parts;
        let Some(request) = sync.answered(peer, id) else {
            return Ok(());
        };
        match result {
            Ok(response) => self.take_response(peer, &request, response)?,
            Err(failure) => sync.unanswered(cx, &request, failure),
        }
        Ok(())
    }

    fn take_response(
        &mut self,
        peer: &PeerId,
        request: &InFlight,
        response: Response,
    ) -> Result<(), CoreError> {
        let Self {
            parts,
            votes,
            keeping,
            ..
        } = self;
        match (&request.purpose, response, votes.as_deref_mut()) {
            (Purpose::Proposal, Response::Blocks(blocks), Some(votes)) => {
                votes.on_proposals(parts, peer, &blocks)?;
            }
            (Purpose::Finals { from, .. }, Response::Finals(finals), Some(votes)) => {
                votes.on_finals(parts, peer, *from, finals)?;
            }
            (Purpose::Compare { between, from }, Response::Finals(finals), Some(votes)) => {
                votes.on_compared(parts, peer, *between, *from, &finals)?;
            }
            (Purpose::Told(asked), Response::Told(told), Some(votes)) => {
                votes.on_told(parts, asked, told)?;
            }
            (Purpose::KeptIds(page), Response::KeptIds(ids), _) => {
                keeping.on_kept_ids(parts, peer, *page, &ids)?;
            }
            (Purpose::Kept { rest, then }, Response::Kept(given), votes) => {
                keeping.on_kept(parts, votes.as_deref(), peer, (rest, *then), given)?;
            }
            // What a peer cannot take now, it asks for; what it cannot tell now, it is asked again.
            (Purpose::PushKept, Response::Ack | Response::Refused, _)
            | (Purpose::Told(_), Response::Refused, _) => {}
            (Purpose::Status, Response::Status(status), votes) => {
                if let Some(votes) = votes {
                    votes.compare_with(parts, peer, &status)?;
                }
                let Parts {
                    cx, chain, sync, ..
                } = parts;
                sync.on_status(cx, chain, peer, status, Some(request.sent_ms));
                sync.status_ended(peer);
            }
            (Purpose::Headers, Response::Headers(headers), votes) => {
                let last = votes.and_then(|votes| votes.last_checkpoint());
                let Parts {
                    cx, chain, sync, ..
                } = parts;
                sync.on_headers(cx, chain, peer, headers, last)?;
            }
            (Purpose::Transactions { rest }, Response::Transactions(given), _) => {
                if parts.take_transactions(peer, given, false)? {
                    parts.sync.compare_soon(&parts.cx);
                    parts.sync.ask_transactions(&mut parts.cx, peer, rest);
                }
            }
            (_, response, _) => parts.take_response(peer, request, response)?,
        }
        Ok(())
    }
}

impl Parts {
    /// An answer that neither votes nor keepers asked for.
    fn take_response(
        &mut self,
        peer: &PeerId,
        request: &InFlight,
        response: Response,
    ) -> Result<(), CoreError> {
        let Self {
            cx, chain, sync, ..
        } = self;
        match (&request.purpose, response) {
            (Purpose::Checkpoint, Response::Headers(headers)) => {
                chain.on_named(cx, sync, peer, &headers)?;
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
}
