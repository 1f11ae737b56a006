//! Ids of what was given up, so that peers which still hold it do not bring it back at once.

use std::collections::{BTreeMap, VecDeque};

use bolao_ledger::TxId;

/// The most ids.
const MAX_FORGOTTEN: usize = 8_192;
/// The time for which each id is remembered, in milliseconds.
const REMEMBER_MS: u64 = 3_600_000;

#[derive(Debug, Default)]
pub(super) struct Forgotten {
    /// Until when, in the order in which they came.
    order: VecDeque<(u64, TxId)>,
    ids: BTreeMap<TxId, u64>,
}

impl Forgotten {
    pub(super) fn put(&mut self, id: TxId, now_ms: u64) {
        self.expire(now_ms);
        if self.ids.contains_key(&id) {
            return;
        }
        let until = now_ms.saturating_add(REMEMBER_MS);
        self.ids.insert(id, until);
        self.order.push_back((until, id));
        while self.order.len() > MAX_FORGOTTEN {
            self.pop();
        }
    }

    pub(super) fn has(&self, id: &TxId, now_ms: u64) -> bool {
        self.ids.get(id).is_some_and(|until| now_ms < *until)
    }

    fn expire(&mut self, now_ms: u64) {
        while self
            .order
            .front()
            .is_some_and(|(until, _)| *until <= now_ms)
        {
            self.pop();
        }
    }

    fn pop(&mut self) {
        if let Some((_, id)) = self.order.pop_front() {
            self.ids.remove(&id);
        }
    }
}
