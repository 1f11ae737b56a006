//! What is sent to peers unasked: each has a queue, and the next is sent when it has confirmed what came before.
//!
//! Queues hold ids, so that what left the mempool meanwhile is not sent any more, and many small transactions travel
//! in one request. Of blocks only the newest waits: who lacks those under it asks for them.

use std::collections::VecDeque;

use bolao_ledger::{Block, BlockHash, TxId};

use super::Purpose;
use crate::{
    consensus::Relays,
    core::Core,
    error::CoreError,
    io::{Item, PeerId},
    wire::{MAX_TRANSACTIONS, Request},
};

/// The most pushes that one peer has not confirmed.
const PUSHES_PER_PEER: usize = 3;
/// The most transactions that wait for one peer; what is beyond is left to the comparison of mempools.
const MAX_QUEUED: usize = 2_048;
/// The size of what surrounds the transactions of a push, in bytes.
const OVERHEAD: usize = 16;

/// The queue of what is to be pushed to one peer.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    block: Option<BlockHash>,
    transactions: VecDeque<TxId>,
    /// Messages of validators, which go beside the rest.
    votes: VecDeque<Vec<u8>>,
    /// Those that others signed.
    pub(crate) relays: Relays,
}

impl Outbox {
    pub(super) fn is_empty(&self) -> bool {
        self.block.is_none() && self.transactions.is_empty()
    }

    pub(crate) fn has_votes(&self) -> bool {
        !self.votes.is_empty()
    }

    pub(crate) fn put_vote(&mut self, bytes: Vec<u8>) {
        if self.votes.len() >= MAX_QUEUED {
            self.votes.pop_front();
        }
        self.votes.push_back(bytes);
    }

    /// At most so many votes, and so many bytes of them.
    pub(crate) fn take_votes(&mut self, most: usize, room: usize) -> Vec<Vec<u8>> {
        let (mut taken, mut used) = (Vec::new(), 0_usize);
        while taken.len() < most
            && let Some(next) = self.votes.front()
        {
            used = used.saturating_add(next.len()).saturating_add(4);
            if used > room && !taken.is_empty() {
                break;
            }
            taken.extend(self.votes.pop_front());
        }
        taken
    }

    pub(super) fn put_votes_back(&mut self, votes: &[Vec<u8>]) {
        for vote in votes.iter().rev() {
            self.votes.push_front(vote.clone());
        }
        self.votes.truncate(MAX_QUEUED);
    }

    fn put(&mut self, item: Item) {
        match item {
            Item::Block(hash) => self.block = Some(hash),
            Item::Transaction(id) if self.transactions.len() < MAX_QUEUED => {
                self.transactions.push_back(id);
            }
            Item::Transaction(_) => {}
        }
    }

    /// Puts back what was taken out and could not be sent; a newer block stays.
    pub(super) fn put_back(&mut self, items: &[Item]) {
        for item in items.iter().rev() {
            match item {
                Item::Block(hash) => drop(self.block.get_or_insert(*hash)),
                Item::Transaction(id) => self.transactions.push_front(*id),
            }
        }
    }
}

fn is_push(purpose: &Purpose) -> bool {
    matches!(purpose, Purpose::Push { .. })
}

impl Core {
    /// Has something sent to everybody who is told of new things.
    pub(crate) fn push(&mut self, item: Item) {
        for peer in self.peers.values_mut().take(self.config.push_peers) {
            peer.outbox.put(item);
        }
    }

    /// Has what came back from a lost branch sent to everybody who was not seen on it.
    pub(crate) fn push_returned(&mut self, lost: BlockHash, ids: impl Iterator<Item = TxId>) {
        let ids: Vec<TxId> = ids.filter(|id| self.mempool.get(id).is_some()).collect();
        for peer in self.peers.values_mut().take(self.config.push_peers) {
            if peer.status.as_ref().is_none_or(|it| it.tip != lost) {
                for id in &ids {
                    peer.outbox.put(Item::Transaction(*id));
                }
            }
        }
    }

    /// Sends what may be sent, those first who have the least to confirm.
    pub(super) fn flush_pushes(&mut self) -> Result<(), CoreError> {
        let now = self.now.mono_ms;
        let mut loaded = None;
        while self.asked(|request| is_push(&request.purpose)) < self.config.requests_in_all / 2 {
            let next = self
                .peers
                .iter()
                .filter(|(_, peer)| !peer.outbox.is_empty() && peer.pushes_after_ms <= now)
                .map(|(id, _)| (self.asked_of(id, is_push), id))
                .filter(|(waiting, id)| *waiting < PUSHES_PER_PEER && self.may_request(id))
                .min();
            let Some((_, peer)) = next else {
                break;
            };
            let peer = peer.clone();
            self.push_next(&peer, &mut loaded)?;
        }
        Ok(())
    }

    /// Sends the next of a peer's queue; `loaded` keeps the block from one peer to the next.
    fn push_next(&mut self, peer: &PeerId, loaded: &mut Option<Block>) -> Result<(), CoreError> {
        let Some(known) = self.peers.get_mut(peer) else {
            return Ok(());
        };
        if let Some(hash) = known.outbox.block.take() {
            if loaded.as_ref().is_none_or(|block| block.hash() != hash) {
                *loaded = match self.proposed(&hash) {
                    Some(block) => Some(block.clone()),
                    None => self.snapshot()?.block(&hash)?,
                };
            }
            if let Some(block) = loaded {
                let items = vec![Item::Block(hash)];
                let request = Request::PushBlock(Box::new(block.clone()));
                self.request(peer, Purpose::Push { items }, request);
            }
            return Ok(());
        }
        let room = self.config.max_request_bytes.saturating_sub(OVERHEAD);
        let (mut items, mut batch, mut used) = (Vec::new(), Vec::new(), 0_usize);
        while batch.len() < MAX_TRANSACTIONS
            && let Some(id) = known.outbox.transactions.front()
        {
            if let Some(transaction) = self.mempool.get(id) {
                used = used.saturating_add(transaction.encoded_bytes());
                if used > room && !batch.is_empty() {
                    break;
                }
                items.push(Item::Transaction(*id));
                batch.push(transaction.get().clone());
            }
            known.outbox.transactions.pop_front();
        }
        if !batch.is_empty() {
            let request = Request::PushTransactions(batch);
            self.request(peer, Purpose::Push { items }, request);
        }
        Ok(())
    }
}
