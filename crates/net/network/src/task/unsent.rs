//! Responses that their askers have not taken yet, and whether one more may be made.

use std::collections::HashMap;

use libp2p::PeerId;
use libp2p::request_response::InboundRequestId;

use super::connections::REQUESTS_OF_PEER;

/// Responses that one peer may leave lying beside those that wait for this node: it asks again as soon as it has one, before this
/// node knows.
const OF_PEER: usize = REQUESTS_OF_PEER + 4;

/// They are kept until they are sent or given up.
#[derive(Debug)]
pub(super) struct Unsent {
    many: usize,
    bytes: usize,
    responses: HashMap<InboundRequestId, (PeerId, usize)>,
}

impl Unsent {
    /// None yet. From `many` bytes on a peer gets one at a time.
    pub(super) fn new(many: usize) -> Self {
        Self {
            many,
            bytes: 0,
            responses: HashMap::new(),
        }
    }

    pub(super) fn add(&mut self, id: InboundRequestId, asker: PeerId, bytes: usize) {
        self.bytes = self.bytes.saturating_add(bytes);
        self.responses.insert(id, (asker, bytes));
    }

    pub(super) fn remove(&mut self, id: InboundRequestId) {
        if let Some((_, bytes)) = self.responses.remove(&id) {
            self.bytes = self.bytes.saturating_sub(bytes);
        }
    }

    /// Whether a peer may ask for one more, of whose requests so many wait for an answer.
    pub(super) fn allows(&self, asker: PeerId, waiting: usize) -> bool {
        let lying = self.responses.values().filter(|(peer, _)| *peer == asker);
        let held = lying.count().saturating_add(waiting);
        held < OF_PEER && (held == 0 || self.bytes < self.many)
    }
}
