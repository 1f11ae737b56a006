//! What must hold in the end, whatever happened.

use bolao_chain::{StoredChain, audit};

use crate::world::World;

impl World {
    /// Everybody agrees, nobody's core ended, no honest node was blamed, nothing final was contradicted, nobody signed
    /// twice, and the chain is clean. For worlds in which nobody attacks.
    pub(crate) fn check_invariants(&mut self) {
        let mut broken = Vec::new();
        // What waits may differ: where validators make the blocks, a bet that a node took in time and the validators hear of too
        // late is refused by them, and stays where it is.
        if !self.sim.agree() {
            broken.push(format!("nodes disagree in the end: {}", self.sim.state()));
        }
        for node in 0..self.sim.count() {
            if let Some(failure) = self.sim.failure(node) {
                broken.push(format!("node {node} ended: {failure}"));
            }
        }
        for (node, what) in self.sim.blamed() {
            broken.push(format!("node {node} blamed an honest one: {what}"));
        }
        let conflicts = self.watch.conflicts();
        if conflicts > 0 {
            broken.push(format!("two blocks were final at {conflicts} heights"));
        }
        let twice = self.sim.double_votes();
        if twice > 0 {
            broken.push(format!("{twice} double votes"));
        }
        if let Some(node) = self.witness() {
            let snapshot = self.state(node);
            let stored = StoredChain {
                genesis: self.sim.genesis(),
                snapshot: &snapshot,
            };
            if let Err(failure) = audit(&stored, |_, _| {}) {
                broken.push(format!("the audit fails: {failure}"));
            }
        }
        self.broken.append(&mut broken);
    }

    /// Every bet on a match counts.
    pub(crate) fn check_nothing_lost(&mut self, index: usize) {
        let Some(node) = self.witness() else { return };
        let on_it = self.watch.bets.iter();
        let on_it = on_it.filter(|(_, bet)| bet.game == Self::game(index));
        let lost = on_it.filter(|(id, bet)| !self.fate(node, id, bet).0);
        let lost = lost.count();
        if lost > 0 {
            self.broken
                .push(format!("{lost} bets in time do not count"));
        }
    }
}
