//! What nodes tell their watchers, with its time.

use std::collections::{BTreeMap, BTreeSet};

use bolao_chain::{Event, TipChange};
use bolao_ledger::{BlockHash, Height, MatchNo, Score, TxId};
use bolao_simulator::Sim;

/// A bet of an honest player.
#[derive(Clone, Debug)]
pub(crate) struct Placed {
    pub(crate) node: usize,
    pub(crate) at_ms: u64,
    pub(crate) game: MatchNo,
    pub(crate) score: Score,
    /// When the player's own node first had it in a block.
    pub(crate) block_ms: Option<u64>,
    /// When it was final there.
    pub(crate) final_ms: Option<u64>,
}

/// The observations made of a run so far.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    pub(crate) bets: BTreeMap<TxId, Placed>,
    /// In a block of the player's own node, not final yet.
    waits: BTreeMap<(usize, Height), BTreeSet<TxId>>,
    pub(crate) reorgs: u64,
    pub(crate) deepest: u64,
    finals: BTreeMap<Height, BTreeSet<BlockHash>>,
    /// The nodes that were told of something since the attack began.
    pub(crate) told: BTreeSet<usize>,
    pub(crate) guilty: bool,
    pub(crate) attacked: bool,
}

impl Watch {
    /// Takes what the honest nodes have told since the last look.
    pub(crate) fn look(&mut self, sim: &mut Sim, honest: &BTreeSet<usize>) {
        let now = sim.now_ms();
        for node in 0..sim.count() {
            let events = sim.take_events(node);
            if !honest.contains(&node) {
                continue;
            }
            for event in events {
                self.event(node, now, &event);
            }
            if self.attacked && sim.failure(node).is_some() {
                self.told.insert(node);
            }
        }
    }

    fn event(&mut self, node: usize, now: u64, event: &Event) {
        match event {
            Event::TipChanged(change) => self.moved(node, now, change),
            Event::Final { height, hash } => {
                self.finals.entry(*height).or_default().insert(*hash);
                self.made_final(node, now, *height);
            }
            Event::Noticed { .. } if self.attacked => {
                self.told.insert(node);
            }
            Event::Guilty(_) => {
                self.guilty = true;
                if self.attacked {
                    self.told.insert(node);
                }
            }
            _ => {}
        }
    }

    fn moved(&mut self, node: usize, now: u64, change: &TipChange) {
        let left = u64::try_from(change.disconnected.count()).unwrap_or(u64::MAX);
        if left > 0 {
            self.reorgs += 1;
            self.deepest = self.deepest.max(left);
            self.waits
                .retain(|(at, height), _| *at != node || *height <= change.fork.height);
        }
        let first = change.new.height.0.saturating_add(1);
        let count = u64::try_from(change.connected.blocks.len()).unwrap_or(u64::MAX);
        for (height, block) in (first.saturating_sub(count)..).zip(&change.connected.blocks) {
            for transaction in &block.transactions {
                let id = transaction.id();
                if let Some(bet) = self.bets.get_mut(&id).filter(|bet| bet.node == node) {
                    bet.block_ms.get_or_insert(now);
                    let waits = self.waits.entry((node, Height(height))).or_default();
                    waits.insert(id);
                }
            }
        }
    }

    fn made_final(&mut self, node: usize, now: u64, height: Height) {
        let done: Vec<_> = self
            .waits
            .range((node, Height(0))..=(node, height))
            .map(|(key, _)| *key)
            .collect();
        for id in done
            .iter()
            .filter_map(|key| self.waits.remove(key))
            .flatten()
        {
            if let Some(bet) = self.bets.get_mut(&id) {
                bet.final_ms.get_or_insert(now);
            }
        }
    }

    /// At how many heights two blocks were final.
    pub(crate) fn conflicts(&self) -> u64 {
        let conflicts = self.finals.values().filter(|hashes| hashes.len() > 1);
        u64::try_from(conflicts.count()).unwrap_or(u64::MAX)
    }
}
