//! What a scenario may look at.

use std::collections::BTreeSet;

use bolao_chain::{Accepted, Core, CoreError, Event, Rejection};
use bolao_ledger::{BlockHash, TxId};
use bolao_store::Store;

use crate::sim::Sim;

impl Sim {
    /// The core of a node that is not down.
    #[must_use]
    pub fn core(&self, node: usize) -> &Core {
        let core = self.nodes[node].core.as_ref();
        core.expect("the node is not down")
    }

    /// Gives the store on the disk of a node that is down.
    #[must_use]
    pub fn stored(&self, node: usize) -> Store {
        let node = &self.nodes[node];
        assert!(node.core.is_none(), "one at a time may have it open");
        node.stored(&self.genesis)
    }

    /// Why a node's core ended by itself.
    #[must_use]
    pub fn failure(&self, node: usize) -> Option<&CoreError> {
        self.nodes[node].failure.as_ref()
    }

    /// The hash of a node's tip.
    #[must_use]
    pub fn tip(&self, node: usize) -> BlockHash {
        self.core(node).tip().hash
    }

    /// Gives the events that a node has told its watchers.
    #[must_use]
    pub fn events(&self, node: usize) -> &[Event] {
        &self.nodes[node].events
    }

    /// The same, and forgets it, so that what comes later can be told apart.
    pub fn take_events(&mut self, node: usize) -> Vec<Event> {
        std::mem::take(&mut self.nodes[node].events)
    }

    /// Whether a node is up.
    #[must_use]
    pub fn is_up(&self, node: usize) -> bool {
        self.nodes[node].core.is_some()
    }

    /// The rounds of [`Input::SyncNow`](bolao_chain::Input::SyncNow) that have ended: token and replacements.
    #[must_use]
    pub fn rounds(&self, node: usize) -> &[(u64, u64)] {
        &self.nodes[node].rounds
    }

    /// Gives a node's answers to what was submitted or mined there.
    pub fn replies(&self, node: usize) -> &[(u64, Result<Accepted, Rejection>)] {
        &self.nodes[node].replies
    }

    /// Gives the nodes that blamed a peer, each with its reason.
    #[must_use]
    pub fn blamed(&self) -> &[(usize, String)] {
        &self.blamed
    }

    /// Gives the number of times that a node signed two things of which it may sign one.
    #[must_use]
    pub fn double_votes(&self) -> usize {
        self.signed
            .values()
            .filter(|signed| signed.len() > 1)
            .count()
    }

    /// Gives the number of requests that were sent.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.requests
    }

    /// Gives the number of messages that were sent: requests, their answers, and gossip to each neighbour.
    #[must_use]
    pub fn messages(&self) -> u64 {
        self.messages
    }

    /// Gives the number of bytes that these messages had.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// A hash of everything that was sent and handled so far, with its time.
    #[must_use]
    pub fn trace(&self) -> [u8; 32] {
        self.trace
    }

    /// Whether all nodes that are up have one tip.
    #[must_use]
    pub fn agree(&self) -> bool {
        let cores = self.nodes.iter().filter_map(|node| node.core.as_ref());
        let tips: BTreeSet<_> = cores.map(|core| core.tip().hash).collect();
        tips.len() <= 1
    }

    /// Whether the same transactions wait at all nodes that are up.
    #[must_use]
    pub fn pending_agree(&self) -> bool {
        let up = (0..self.count()).filter(|node| self.nodes[*node].core.is_some());
        let pending: BTreeSet<_> = up.map(|node| self.pending(node)).collect();
        pending.len() <= 1
    }

    fn pending(&self, node: usize) -> Vec<TxId> {
        let core = self.core(node);
        let snapshot = core.reader().snapshot().expect("the disk is not broken");
        let ids = snapshot.pending_ids(usize::MAX);
        let ids = ids.expect("the disk is not broken");
        assert_eq!(ids.len(), core.pending(), "memory and disk differ");
        ids
    }

    /// Tip and waiting transactions of each, to read when a scenario fails.
    #[must_use]
    pub fn state(&self) -> String {
        let describe = |node: usize| match &self.nodes[node].core {
            Some(core) => {
                let tip = core.tip();
                format!(
                    "{node}: {} {} {:?}\n",
                    tip.height,
                    tip.hash,
                    self.pending(node)
                )
            }
            None => format!("{node}: down {:?}\n", self.failure(node)),
        };
        (0..self.count()).map(describe).collect()
    }
}
