//! Making a block, and when one is to be made.

use bolao_finality::{Input, Verdict};
use bolao_ledger::{Decision, EXTRA_NONCE_BYTES, Height, TxId, UnixSeconds};

use crate::{consensus::Voting, core::Parts, error::CoreError};

impl Voting {
    /// # Rule F9: a block is made when a transaction is ready, a deadline has passed that the pool's time has not, or
    /// # `heartbeat_s` after the last one.
    pub(crate) fn is_block_due(&mut self, parts: &Parts) -> Result<bool, CoreError> {
        if !parts.chain.mempool().is_idle() {
            return Ok(true);
        }
        let (tip, now) = (parts.chain.tip(), parts.cx.now.unix);
        let known = self.due;
        let due = match known.filter(|(of, _)| *of == tip.hash) {
            Some((_, due)) => due,
            None => self.find_due(parts, tip.time)?,
        };
        self.due = Some((tip.hash, due));
        Ok(due <= now)
    }

    /// When time alone asks for a block after one of this time.
    fn find_due(&mut self, parts: &Parts, time: UnixSeconds) -> Result<UnixSeconds, CoreError> {
        let heartbeat_s = parts.cx.genesis.consensus.heartbeat_s().unwrap_or(u32::MAX);
        let heartbeat = time.0.saturating_add(heartbeat_s.into());
        let snapshot = parts.chain.snapshot()?;
        self.kickoffs.follow(&parts.chain, &snapshot)?;
        let due = self.kickoffs.next_due(&snapshot, time)?;
        Ok(UnixSeconds(heartbeat).min(due.unwrap_or(UnixSeconds(u64::MAX))))
    }

    /// Makes a block on the tip, and judges it like any other's.
    pub(crate) fn build(
        &mut self,
        parts: &Parts,
        height: Height,
        round: u32,
    ) -> Result<Option<Input>, CoreError> {
        let account = self.account;
        let Some(account) = account.filter(|_| height == parts.chain.tip().height.next()) else {
            return Ok(None);
        };
        let template = parts
            .chain
            .template(&parts.cx, parts.cx.now, (account, b""), true)?;
        let block = template.block(template.header(), [0; EXTRA_NONCE_BYTES]);
        let waiting = |id: &TxId| parts.chain.mempool().get(id);
        let verify = parts.cx.config.verify;
        let block = match block.check_with(&parts.cx.genesis, parts.cx.pool, verify, waiting) {
            Ok(block) => block,
            Err(error) => {
                tracing::error!(%height, %error, "this node made a block that breaks a rule");
                return Ok(None);
            }
        };
        let decision = Decision::plain(height, block.hash());
        if self.verdict(parts, decision, &block, parts.cx.now.unix)? == Verdict::Invalid {
            tracing::error!(%height, "this node made a block that does not apply");
            return Ok(None);
        }
        let now = parts.arrives_now(Some(self));
        if self.bodies.get(&decision.hash).is_none() {
            self.bodies.arrived(decision.hash, now);
            self.bodies.put(block);
        }
        Ok(Some(Input::Built {
            height,
            round,
            decision,
        }))
    }
}
