//! What is sent to peers unasked: each has a queue, and the next is sent when it has confirmed what came before.
//!
//! Queues hold ids, so that what left the mempool meanwhile is not sent any more, and many small transactions travel
//! in one request. Of blocks only the newest waits: who lacks those under it asks for them.

use std::{collections::VecDeque, sync::Arc};

use bolao_ledger::{Block, BlockHash, TxId};

use super::{Purpose, relays::Relays};
use crate::{
    chain::{Chain, Moved},
    context::Context,
    error::CoreError,
    io::{Item, PeerId},
    sync::Syncing,
    wire::{MAX_TRANSACTIONS, MAX_VOTES, Request},
};

/// The most pushes that one peer has not confirmed.
const PUSHES_PER_PEER: usize = 3;
/// The most requests with votes that one peer has not answered.
const VOTES_PER_PEER: usize = 3;
/// The most transactions that wait for one peer; what is beyond is left to the comparison of mempools.
const MAX_QUEUED: usize = 2_048;
/// The size of what surrounds the transactions of a push, in bytes.
const OVERHEAD: usize = 16;

/// The queue of what is to be pushed to one peer.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    block: Option<BlockHash>,
    transactions: VecDeque<TxId>,
    /// Messages of validators, which go beside the rest.
    votes: VecDeque<Vec<u8>>,
    /// Those that others signed.
    pub(super) relays: Relays,
}

impl Queue {
    pub(super) fn is_empty(&self) -> bool {
        self.block.is_none() && self.transactions.is_empty()
    }

    fn has_votes(&self) -> bool {
        !self.votes.is_empty()
    }

    fn put_vote(&mut self, bytes: Vec<u8>) {
        if self.votes.len() >= MAX_QUEUED {
            self.votes.pop_front();
        }
        self.votes.push_back(bytes);
    }

    /// At most so many votes, and so many bytes of them.
    fn take_votes(&mut self, most: usize, room: usize) -> Vec<Vec<u8>> {
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

    pub(super) fn put(&mut self, item: Item) {
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

impl Syncing {
    /// Has something sent to everybody who is told of new things.
    pub(crate) fn push(&mut self, cx: &Context, item: Item) {
        for peer in self.told().take(cx.config.push_peers) {
            peer.queue.put(item);
        }
    }

    /// Has a block sent to those who hear of votes through this node first, but for the peer that it is from.
    pub(crate) fn push_behind(&mut self, cx: &Context, from: Option<&PeerId>, hash: BlockHash) {
        let behind = self.peers.iter_mut().filter(|(id, peer)| {
            from != Some(*id) && !peer.is_stranger && peer.queue.relays.are_news()
        });
        for (_, peer) in behind.take(cx.config.push_peers) {
            peer.queue.put(Item::Block(hash));
        }
    }

    /// Has what came back from a lost branch sent to everybody who was not seen on it.
    pub(crate) fn push_returned(
        &mut self,
        cx: &Context,
        chain: &Chain,
        Moved { lost, returned }: Moved,
    ) {
        let waits = |id: &TxId| chain.mempool().get(id).is_some();
        let ids: Vec<TxId> = returned.into_iter().filter(waits).collect();
        for peer in self.told().take(cx.config.push_peers) {
            if peer.status.as_ref().is_none_or(|it| it.tip.hash != lost) {
                for id in &ids {
                    peer.queue.put(Item::Transaction(*id));
                }
            }
        }
    }

    /// Sends what may be sent, those first who have the least to confirm. `proposed`: a block that is not in the store, since
    /// validators may still decide it.
    pub(crate) fn flush_pushes(
        &mut self,
        cx: &mut Context,
        chain: &Chain,
        proposed: &dyn Fn(&BlockHash) -> Option<Block>,
    ) -> Result<(), CoreError> {
        let now = cx.now.mono_ms;
        let mut loaded = None;
        while self.asked(|request| is_push(&request.purpose)) < cx.config.requests_in_all / 2 {
            let next = self
                .peers
                .iter()
                .filter(|(_, peer)| !peer.queue.is_empty() && peer.pushes_after_ms <= now)
                .map(|(id, _)| (self.asked_of(id, is_push), id))
                .filter(|(waiting, id)| *waiting < PUSHES_PER_PEER && self.may_request(cx, id))
                .min();
            let Some((_, peer)) = next else {
                break;
            };
            let peer = peer.clone();
            self.push_next(cx, chain, proposed, &peer, &mut loaded)?;
        }
        Ok(())
    }

    /// Sends the next of a peer's queue; `loaded` keeps the block from one peer to the next.
    fn push_next(
        &mut self,
        cx: &mut Context,
        chain: &Chain,
        proposed: &dyn Fn(&BlockHash) -> Option<Block>,
        peer: &PeerId,
        loaded: &mut Option<Block>,
    ) -> Result<(), CoreError> {
        let Some(known) = self.peers.get_mut(peer) else {
            return Ok(());
        };
        if let Some(hash) = known.queue.block.take() {
            if loaded.as_ref().is_none_or(|block| block.hash() != hash) {
                *loaded = match proposed(&hash) {
                    Some(block) => Some(block),
                    None => chain.snapshot()?.block(&hash)?,
                };
            }
            if let Some(block) = loaded {
                let items = vec![Item::Block(hash)];
                let request = Request::PushBlock(Box::new(block.clone()));
                self.request(cx, peer, Purpose::Push { items }, request);
            }
            return Ok(());
        }
        let room = cx.config.max_request_bytes.saturating_sub(OVERHEAD);
        let (mut items, mut batch, mut used) = (Vec::new(), Vec::new(), 0_usize);
        while batch.len() < MAX_TRANSACTIONS
            && let Some(id) = known.queue.transactions.front()
        {
            if let Some(transaction) = chain.mempool().get(id) {
                used = used.saturating_add(transaction.encoded_bytes());
                if used > room && !batch.is_empty() {
                    break;
                }
                items.push(Item::Transaction(*id));
                batch.push(transaction.get().clone());
            }
            known.queue.transactions.pop_front();
        }
        if !batch.is_empty() {
            let request = Request::PushTransactions(batch);
            self.request(cx, peer, Purpose::Push { items }, request);
        }
        Ok(())
    }

    pub(crate) fn send_vote(&mut self, bytes: &[u8]) {
        for peer in self.told() {
            peer.queue.put_vote(bytes.to_vec());
        }
    }

    /// Notes whether what was passed on to a peer said anything new there.
    pub(crate) fn were_news(&mut self, peer: &PeerId, news: bool) {
        let peers = self.peers.len();
        if let Some(peer) = self.peers.get_mut(peer) {
            peer.queue.relays.were(news, peers);
        }
    }

    /// Puts what is due into the peers' queues, and sends what may be sent.
    pub(crate) fn flush_votes(&mut self, cx: &mut Context) {
        let now = cx.now.mono_ms;
        let room = cx.config.max_request_bytes.saturating_sub(16);
        let waiting = self.peers.iter().filter(|(_, peer)| {
            let relay = peer.queue.relays.next_ms();
            peer.queue.has_votes() || relay.is_some_and(|due| due <= now)
        });
        for peer in waiting.map(|(id, _)| id.clone()).collect::<Vec<_>>() {
            let is_votes = |purpose: &Purpose| matches!(purpose, Purpose::Votes { .. });
            while self.may_request(cx, &peer)
                && self.asked_of(&peer, is_votes) < VOTES_PER_PEER
                && let Some(known) = self.peers.get_mut(&peer)
            {
                let mut votes = known.queue.take_votes(MAX_VOTES, room);
                let relayed = votes.is_empty();
                if relayed {
                    votes = known.queue.relays.take(now, MAX_VOTES, room);
                }
                if votes.is_empty() {
                    break;
                }
                let purpose = Purpose::Votes {
                    votes: votes.clone(),
                    relayed,
                };
                self.request(cx, &peer, purpose, Request::Votes(votes));
            }
        }
    }

    /// Sends a vote back to the peer whose messages led to it.
    pub(crate) fn reply_vote(&mut self, from: Option<&PeerId>, bytes: Vec<u8>) {
        let peer = from.and_then(|peer| self.peers.get_mut(peer));
        if let Some(peer) = peer.filter(|peer| !peer.is_stranger) {
            peer.queue.put_vote(bytes);
        }
    }

    /// Passes on what others signed to all but the peer that it is from.
    pub(crate) fn relay_vote(&mut self, cx: &Context, from: Option<&PeerId>, bytes: &[u8]) {
        let (now, message) = (cx.now.mono_ms, Arc::<[u8]>::from(bytes));
        for (id, peer) in &mut self.peers {
            if from != Some(id) && !peer.is_stranger {
                peer.queue.relays.put(now, message.clone());
            }
        }
    }

    /// Forgets what was not answered: the vote is over.
    pub(crate) fn forget_unanswered(&mut self) {
        for peer in self.peers.values_mut() {
            peer.queue.relays.forget_kept();
        }
    }

    /// Forgets what others signed and was not passed on: something takes its place.
    pub(crate) fn clear_relays(&mut self) {
        for peer in self.peers.values_mut() {
            peer.queue.relays.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use bolao_ledger::Genesis;

    use super::*;
    use crate::tests::parts;

    #[test]
    fn a_block_goes_on_to_those_who_hear_of_votes_through_this_node() {
        let mut parts = parts(&Genesis::article());
        let (cx, sync) = (&mut parts.cx, &mut parts.sync);
        let peers = ["from", "near", "stranger", "behind"].map(PeerId::from);
        for peer in &peers {
            sync.on_connected(cx, peer.clone(), *peer == peers[2]);
        }
        sync.were_news(&peers[1], false);
        sync.push_behind(cx, Some(&peers[0]), BlockHash([7; 32]));
        let is_told = |peer: &PeerId| sync.peers()[peer].queue.block.is_some();
        assert_eq!(peers.each_ref().map(is_told), [false, false, false, true]);
    }

    #[test]
    fn a_block_goes_on_to_no_more_peers_than_any_other_does() {
        let mut parts = parts(&Genesis::article());
        let (cx, sync) = (&mut parts.cx, &mut parts.sync);
        for number in 0..cx.config.push_peers + 5 {
            sync.on_connected(cx, PeerId::from(number.to_string().as_str()), false);
        }
        sync.push_behind(cx, None, BlockHash([7; 32]));
        let told = sync
            .peers()
            .values()
            .filter(|peer| peer.queue.block.is_some());
        assert_eq!(told.count(), cx.config.push_peers);
    }
}
