//! "Catch up with everybody, and tell me when you have."
//!
//! A round ends when every peer that was there at its beginning, or was said to be on its way, has said where it stands, or has failed to, and
//! nothing is on its way any more; and at its deadline in any case.

use std::collections::BTreeSet;

use crate::{
    chain::Chain,
    context::Context,
    io::{Output, PeerId},
    sync::Syncing,
};

/// The most rounds at once; the oldest ends when one more begins.
const MAX_ROUNDS: usize = 64;

/// A round that has not ended.
#[derive(Debug)]
struct Round {
    token: u64,
    deadline_ms: u64,
    /// Those who have not said where they stand.
    waiting: BTreeSet<PeerId>,
}

/// The rounds that have not ended, the oldest first.
#[derive(Debug, Default)]
pub(crate) struct Rounds(Vec<Round>);

impl Rounds {
    pub(super) fn is_any_open(&self) -> bool {
        !self.0.is_empty()
    }

    pub(super) fn deadlines_ms(&self) -> impl Iterator<Item = u64> {
        self.0.iter().map(|round| round.deadline_ms)
    }

    /// Notes that a peer has said where it stands, or will not.
    pub(super) fn status_ended(&mut self, peer: &PeerId) {
        for round in &mut self.0 {
            round.waiting.remove(peer);
        }
    }

    /// Begins a round, and gives the token of the one that ends for it.
    fn begin(&mut self, round: Round) -> Option<u64> {
        let oldest = (self.0.len() >= MAX_ROUNDS).then(|| self.0.remove(0).token);
        self.0.push(round);
        oldest
    }

    /// Takes out those that are over, and gives their tokens.
    fn end(&mut self, now_ms: u64, syncing: bool) -> Vec<u64> {
        let is_over = |round: &mut Round| {
            round.deadline_ms <= now_ms || (!syncing && round.waiting.is_empty())
        };
        let over = self.0.extract_if(.., is_over);
        over.map(|round| round.token).collect()
    }
}

impl Syncing {
    pub(crate) fn begin_round(
        &mut self,
        cx: &mut Context,
        chain: &Chain,
        token: u64,
        peers: Vec<PeerId>,
    ) {
        let mut waiting: BTreeSet<PeerId> = self.peers.keys().cloned().collect();
        waiting.extend(peers);
        for peer in &waiting {
            self.ask_status(cx, peer, true);
        }
        let oldest = self.rounds.begin(Round {
            token,
            deadline_ms: cx.now.mono_ms + cx.config.round_timeout_ms,
            waiting,
        });
        Self::say_ended(cx, chain, oldest);
    }

    /// Ends the rounds that wait for nothing any more.
    pub(crate) fn end_rounds(&mut self, cx: &mut Context, chain: &Chain) {
        if self.rounds.is_any_open() {
            let ended = self.rounds.end(cx.now.mono_ms, self.is_syncing(cx));
            Self::say_ended(cx, chain, ended);
        }
    }

    fn say_ended(cx: &mut Context, chain: &Chain, tokens: impl IntoIterator<Item = u64>) {
        let replacements = chain.replacements();
        let ended = tokens.into_iter().map(|token| Output::SyncRound {
            token,
            replacements,
        });
        cx.out.extend(ended);
    }
}
