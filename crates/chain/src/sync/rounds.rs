//! "Catch up with everybody, and tell me when you have."
//!
//! A round ends when every peer that was there at its beginning, or was said to be on its way, has said where it stands, or has failed to, and
//! nothing is on its way any more; and at its deadline in any case.

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
    /// Those who have not said where they stand.
    waiting: BTreeSet<PeerId>,
}

impl Round {
    pub(super) fn deadline_ms(&self) -> u64 {
        self.deadline_ms
    }
}

/// The most rounds at once; the oldest ends when one more begins.
const MAX_ROUNDS: usize = 64;

impl Core {
    pub(crate) fn begin_round(&mut self, token: u64, peers: Vec<PeerId>) {
        let mut waiting: BTreeSet<PeerId> = self.peers.keys().cloned().collect();
        waiting.extend(peers);
        for peer in &waiting {
            self.ask_status(peer, true);
        }
        if self.rounds.len() >= MAX_ROUNDS {
            let oldest = self.rounds.remove(0);
            self.end_round(oldest.token);
        }
        self.rounds.push(Round {
            token,
            deadline_ms: self.now.mono_ms + self.config.round_timeout_ms,
            waiting,
        });
    }

    /// A peer has said where it stands, or will not.
    pub(super) fn status_ended(&mut self, peer: &PeerId) {
        for round in &mut self.rounds {
            round.waiting.remove(peer);
        }
    }

    /// Ends the rounds that wait for nothing any more.
    pub(crate) fn end_rounds(&mut self) {
        if self.rounds.is_empty() {
            return;
        }
        let (now, syncing) = (self.now.mono_ms, self.is_syncing());
        let (ended, open) = std::mem::take(&mut self.rounds)
            .into_iter()
            .partition::<Vec<_>, _>(|round| {
                round.deadline_ms <= now || (!syncing && round.waiting.is_empty())
            });
        self.rounds = open;
        for round in ended {
            self.end_round(round.token);
        }
    }

    fn end_round(&mut self, token: u64) {
        let replacements = self.replacements;
        self.out.push(Output::SyncRound {
            token,
            replacements,
        });
    }
}
