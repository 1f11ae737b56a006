//! Where validators make the blocks, they name the blocks' times and choose what is in them. One who is alone could date a block
//! back to let in a late bet, date it ahead to end betting early, or leave a bet out. Every other node sees it:
//!
//! - **Dated back**: the block reached this node, or word of it did, more than twice `clock_s` after its time, although the
//!   node was in step with its peers then, or was in step once that long after the block's time and nobody had it. Or, whether
//!   the node was connected or not: a bet waited here in time, and came too late, since this block left it out and has bets of
//!   others on the same match. Not one whose key has signed another one in its place, or before it, on another machine.
//! - **Dated ahead**: it names a time so far after the one at which it came.
//! - Of several such blocks in a row the first is told, and each that is off by more than twice as much as the one told before.
//! - **Held back**: a bet that a block could hold waited here, connected all the time, for a while; a block before its
//!   deadline had room for it and did not hold it; and now a block after the deadline has none of it either.
//!
//! Twice: a validator's clock may be `clock_s` from the true time, and ours as well.

use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};

use bolao_ledger::{
    AccountId, CheckedBlock, CheckedTransaction, Genesis, Height, MatchNo, Nonce, StateView,
    Transaction, TxBody, TxId, UnixSeconds,
};
use bolao_store::{Arrival, NoticedChange, StoreError};

use super::arrivals::Arrivals;
use crate::{
    kind::{Thresholds, Timing},
    mempool::Mempool,
};

/// The record of the blocks before.
#[derive(Debug, Default)]
pub(super) struct Times {
    /// The way in which the last block's time was off, and by how many seconds when that was last told.
    off: Option<(Timing, u64)>,
    /// Waiting transactions that a block had room for, with the first such block.
    passed_over: BTreeMap<TxId, Height>,
    /// Waiting transactions of keys that signed another one on another machine, with the same nonce or a lower one.
    gave_way: BTreeSet<TxId>,
}

/// The facts by which a block's times are judged.
#[derive(Debug)]
pub(crate) struct Evidence<'a, S> {
    pub(crate) genesis: &'a Genesis,
    /// The state below the block.
    pub(crate) below: S,
    pub(crate) mempool: &'a Mempool,
    /// The transactions of the blocks since the mempool was last compared with one.
    pub(crate) gone: &'a BTreeSet<TxId>,
}

impl<S> Evidence<'_, S> {
    fn waits(&self, id: &TxId) -> bool {
        self.mempool.get(id).is_some() && !self.gone.contains(id)
    }

    fn ready(&self) -> impl Iterator<Item = &CheckedTransaction> {
        let ready = self.mempool.ready();
        ready.filter(|waiting| !self.gone.contains(&waiting.id()))
    }
}

impl Times {
    /// Gives what is to be noticed of a block that validators decided and that comes next.
    pub(super) fn judge(
        &mut self,
        evidence: &Evidence<'_, impl StateView<Error = StoreError>>,
        arrivals: &Arrivals,
        height: Height,
        block: &CheckedBlock,
        arrived: Arrival,
    ) -> Result<Vec<NoticedChange>, StoreError> {
        self.note_giving_way(evidence, block);
        let thresholds = &arrivals.thresholds;
        let mut noticed = self.held_back(evidence, arrivals, height, block, arrived)?;
        let time = block.get().header.time();
        let off = match thresholds.timing(time, arrived) {
            Timing::InTime => None,
            Timing::Missed => (arrivals.had_all_of(time)
                || self.leaves_out(evidence, thresholds, block, arrived)?)
            .then_some(Timing::Late),
            off => Some(off),
        };
        let by_s = time.0.abs_diff(arrived.at.0);
        let told = self.off.filter(|(before, _)| Some(*before) == off);
        let told_s = told.map(|(_, told_s)| told_s);
        let told_s = told_s.filter(|told_s| by_s / 2 <= *told_s);
        self.off = off.map(|off| (off, told_s.unwrap_or(by_s)));
        if off.is_some() && told_s.is_none() {
            noticed.push(NoticedChange::Dated {
                block: block.hash(),
                height,
                time,
                seen: arrived.at,
                clock_agrees: arrived.clock_agrees,
            });
        }
        Ok(noticed)
    }

    /// Whether a block of before a deadline that has passed since has bets of others on that match, and not one that waited here then.
    fn leaves_out(
        &self,
        evidence: &Evidence<'_, impl StateView<Error = StoreError>>,
        thresholds: &Thresholds,
        block: &CheckedBlock,
        arrived: Arrival,
    ) -> Result<bool, StoreError> {
        let mempool = evidence.mempool;
        if mempool.is_idle() {
            return Ok(false);
        }
        let time = block.get().header.time();
        let mut who_bets_on: BTreeMap<MatchNo, BTreeSet<AccountId>> = BTreeMap::new();
        for transaction in &block.get().transactions {
            for bet in placed(transaction) {
                let item = evidence.below.item(bet)?;
                let deadline = item.and_then(|item| item.deadline);
                if deadline.is_some_and(|end| time < end && arrived.at > thresholds.grace_end(end))
                {
                    let who = who_bets_on.entry(bet).or_default();
                    who.insert(transaction.body.account);
                }
            }
        }
        let left_out = evidence.ready().find(|waiting| {
            let (id, account) = (waiting.id(), waiting.get().body.account);
            let in_time = mempool.ready_since(&id).is_some_and(|at| at <= time);
            let others_bet_on = |no: MatchNo| {
                let who = who_bets_on.get(&no);
                who.is_some_and(|who| who.iter().any(|it| *it != account))
            };
            in_time
                && !block.ids().contains(&id)
                && !self.gave_way.contains(&id)
                && placed(waiting.get()).any(others_bet_on)
        });
        Ok(left_out.is_some())
    }

    /// Notes what waits and gives way to a transaction of the same key from another machine, which this block has: it was not left
    /// out, nor was what waits behind it.
    fn note_giving_way<S>(&mut self, evidence: &Evidence<'_, S>, block: &CheckedBlock) {
        let (mempool, gave_way) = (evidence.mempool, &mut self.gave_way);
        gave_way.retain(|id| evidence.waits(id));
        if mempool.is_idle() {
            return;
        }
        let mut from_elsewhere: BTreeMap<AccountId, Nonce> = BTreeMap::new();
        for (transaction, id) in block.get().transactions.iter().zip(block.ids()) {
            let TxBody { account, nonce, .. } = transaction.body;
            if mempool.get(id).is_none() {
                let first = from_elsewhere.entry(account).or_insert(nonce);
                *first = nonce.min(*first);
            }
        }
        let gives_way = evidence.ready().filter(|waiting| {
            let body = &waiting.get().body;
            let first = from_elsewhere.get(&body.account);
            first.is_some_and(|first| *first <= body.nonce)
        });
        gave_way.extend(gives_way.map(CheckedTransaction::id));
    }

    fn held_back(
        &mut self,
        evidence: &Evidence<'_, impl StateView<Error = StoreError>>,
        arrivals: &Arrivals,
        height: Height,
        block: &CheckedBlock,
        arrived: Arrival,
    ) -> Result<Vec<NoticedChange>, StoreError> {
        let (mempool, passed_over) = (evidence.mempool, &mut self.passed_over);
        passed_over.retain(|id, _| evidence.waits(id));
        let mut noticed = Vec::new();
        if mempool.is_idle() {
            return Ok(noticed);
        }
        let time = block.get().header.time();
        let held: BTreeSet<&TxId> = block.ids().iter().collect();
        let mut deadlines = BTreeMap::new();
        for waiting in evidence.ready() {
            let id = waiting.id();
            let since = mempool.ready_since(&id);
            let in_touch = |since: &UnixSeconds| *since >= arrivals.in_touch_since;
            let Some(since) = since.filter(|since| in_touch(since) && arrived.in_step) else {
                continue;
            };
            if held.contains(&id) {
                continue;
            }
            let (mut open, mut closed) = (false, Vec::new());
            for bet in waiting.get().body.action.placed() {
                let deadline = match deadlines.entry(bet.match_no) {
                    Entry::Occupied(known) => *known.get(),
                    Entry::Vacant(place) => {
                        let item = evidence.below.item(bet.match_no)?;
                        *place.insert(item.and_then(|item| item.deadline))
                    }
                };
                match deadline {
                    Some(end) if end <= time => closed.push(bet.match_no),
                    _ => open = true,
                }
            }
            let had_room = has_room(evidence.genesis, block, waiting);
            if let Some(first) = passed_over.get(&id).filter(|_| !closed.is_empty()) {
                noticed.push(NoticedChange::HeldBack {
                    player: waiting.get().body.account,
                    matches: closed,
                    since,
                    block: *first,
                });
                passed_over.remove(&id);
            } else if open && had_room && arrived.at >= arrivals.thresholds.grace_end(since) {
                passed_over.entry(id).or_insert(height);
            }
        }
        Ok(noticed)
    }
}

/// The matches on which a transaction has bets.
fn placed(transaction: &Transaction) -> impl Iterator<Item = MatchNo> {
    let placed = transaction.body.action.placed().into_iter();
    placed.map(|bet| bet.match_no)
}

/// Whether a block could have held one more transaction, and this one.
fn has_room(genesis: &Genesis, block: &CheckedBlock, transaction: &CheckedTransaction) -> bool {
    let limits = &genesis.limits;
    let with = block
        .encoded_bytes()
        .saturating_add(transaction.encoded_bytes());
    block.ids().len() < limits.transactions_max() && with <= limits.block_bytes_max()
}
