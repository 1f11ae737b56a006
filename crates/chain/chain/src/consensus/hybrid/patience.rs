//! Patience: how long a validator stands by its refusals while the others stand by theirs.
//!
//! It runs only while a block of the own chain waits to be final *and* validators of more than two thirds of the weight are
//! heard: waiting alone, for nobody, wears nothing down. Once it is over, refusals are lifted that rest on less
//! ([`super::refuse`]), never all. It begins anew with each checkpoint.

// # Rule F17: patience runs while a block of the own chain waits and validators of more than two thirds of the weight are heard.

use crate::{chain::Chain, consensus::Voting, context::Context};

/// The time within which a validator that was heard counts as connected, in milliseconds.
const CONNECTED_MS: u64 = 10_000;

/// The patience that was spent, in milliseconds, and its limit.
#[derive(Debug, Default)]
pub(super) struct Patience {
    spent: u64,
    /// While it runs: when it was looked at last.
    runs_from: Option<u64>,
    limit: u64,
}

impl Patience {
    pub(super) fn new(limit_s: u32) -> Self {
        Self {
            limit: u64::from(limit_s).saturating_mul(1_000),
            ..Self::default()
        }
    }

    /// A new checkpoint.
    pub(super) fn next(&mut self) {
        (self.spent, self.runs_from) = (0, None);
    }

    pub(super) fn is_over(&self) -> bool {
        self.spent >= self.limit
    }

    fn look(&mut self, now_ms: u64, runs: bool) {
        if let Some(from) = self.runs_from {
            self.spent = self.spent.saturating_add(now_ms.saturating_sub(from));
        }
        self.runs_from = runs.then_some(now_ms);
    }

    pub(super) fn ends_ms(&self) -> Option<u64> {
        let left = self.limit.checked_sub(self.spent)?;
        Some(self.runs_from?.saturating_add(left.max(1)))
    }
}

impl Voting {
    /// Lets patience run, if it does. Says whether it ends now.
    pub(crate) fn lose_patience(&mut self, cx: &Context, chain: &mut Chain) -> bool {
        let (own, now, waits) = (self.own, cx.now.mono_ms, self.has_checkpoint(chain));
        let connected = self.votes.heard.weight_of(own, now, CONNECTED_MS);
        let quorum = self.votes.heard.is_quorum(connected);
        let Some(it) = &mut self.checkpoints else {
            return false;
        };
        let before = it.patience.is_over();
        it.patience.look(now, waits && quorum);
        let ends = it.patience.is_over() && !before;
        if ends {
            tracing::warn!(number = %it.number, "validators support different blocks: weaker refusals are lifted");
            chain.branches().look_again();
        }
        ends
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_runs_only_while_it_may() {
        let mut patience = Patience::new(10);
        patience.look(1_000, true);
        patience.look(6_000, false);
        assert_eq!(patience.ends_ms(), None);
        patience.look(90_000, true);
        assert!(!patience.is_over());
        assert_eq!(patience.ends_ms(), Some(95_000));
        patience.look(95_000, true);
        assert!(patience.is_over());
        patience.next();
        assert!(!patience.is_over());
    }
}
