//! "Catch up with everybody, and tell me when you have."

use std::collections::BTreeSet;

use crate::{
    core::Core,
    io::{Output, PeerId},
};

/// A round that has not ended.
#[derive(Debug)]
pub(crate) struct Round {
    token: u64,
    deadline_ms: u64,
    /// Requests for a status that have no answer.
    waiting: BTreeSet<u64>,
}

/// The most rounds at once; the oldest ends when one more begins.
const MAX_ROUNDS: usize = 64;

impl Core {
    pub(crate) fn begin_round(&mut self, token: u64) {
        let peers: Vec<PeerId> = self.peers.keys().cloned().collect();
        let waiting = peers
            .iter()
            .filter_map(|peer| self.ask_status(peer, true))
            .collect();
        if self.rounds.len() >= MAX_ROUNDS {
            let oldest = self.rounds.remove(0);
            self.end_round(oldest.token, self.replaced);
        }
        self.rounds.push(Round {
            token,
            deadline_ms: self.now.mono_ms + self.config.round_timeout_ms,
            waiting,
        });
    }

    /// Ends the rounds that wait for nothing any more.
    pub(crate) fn end_rounds(&mut self) {
        if self.rounds.is_empty() || self.is_syncing() {
            return;
        }
        let now = self.now.mono_ms;
        let (ended, open) = std::mem::take(&mut self.rounds)
            .into_iter()
            .partition::<Vec<_>, _>(|round| {
                round.deadline_ms <= now
                    || !round
                        .waiting
                        .iter()
                        .any(|id| self.in_flight.contains_key(id))
            });
        self.rounds = open;
        if ended.is_empty() {
            return;
        }
        let replaced = std::mem::take(&mut self.replaced);
        for round in ended {
            self.end_round(round.token, replaced);
        }
    }

    fn end_round(&mut self, token: u64, replaced: bool) {
        self.out.push(Output::SyncRound { token, replaced });
    }
}
