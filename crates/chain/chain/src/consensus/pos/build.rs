//! Making a block, and when one is to be made.

use bolao_finality::{Input, Verdict};
use bolao_ledger::{Decision, EXTRA_NONCE_BYTES, Height, TxId, UnixSeconds};

use crate::{core::Core, deadlines::next_due, error::CoreError};

impl Core {
    /// # Rule F9: a block is made when a transaction is ready, a deadline has passed that the pool's time has not, or
    /// # `heartbeat_s` after the last one.
    pub(in crate::consensus) fn is_block_due(&mut self) -> Result<bool, CoreError> {
        if !self.mempool.is_idle() {
            return Ok(true);
        }
        let (tip, now) = (self.tip, self.now.unix);
        let known = self.voter.as_ref().and_then(|voter| voter.due);
        let due = match known.filter(|(of, _)| *of == tip.hash) {
            Some((_, due)) => due,
            None => self.find_due(tip.time)?,
        };
        if let Some(voter) = &mut self.voter {
            voter.due = Some((tip.hash, due));
        }
        Ok(due <= now)
    }

    /// When time alone asks for a block after one of this time.
    fn find_due(&self, time: UnixSeconds) -> Result<UnixSeconds, CoreError> {
        let heartbeat_s = self.genesis.consensus.heartbeat_s().unwrap_or(u32::MAX);
        let heartbeat = time.0.saturating_add(heartbeat_s.into());
        let due = next_due(&self.snapshot()?, time)?;
        Ok(UnixSeconds(heartbeat).min(due.unwrap_or(UnixSeconds(u64::MAX))))
    }

    /// Makes a block on the tip, and judges it like any other's.
    pub(in crate::consensus) fn build(
        &mut self,
        height: Height,
        round: u32,
    ) -> Result<Option<Input>, CoreError> {
        let account = self.voter.as_ref().and_then(|voter| voter.account);
        let Some(account) = account.filter(|_| height == self.tip.height.next()) else {
            return Ok(None);
        };
        let template = self.template(self.now, account, b"")?;
        let block = template.block(template.header(), [0; EXTRA_NONCE_BYTES]);
        let waiting = |id: &TxId| self.mempool.get(id);
        let verify = self.config.verify;
        let block = match block.check_with(&self.genesis, self.pool, verify, waiting) {
            Ok(block) => block,
            Err(error) => {
                tracing::error!(%height, %error, "this node made a block that breaks a rule");
                return Ok(None);
            }
        };
        let decision = Decision::plain(height, block.hash());
        if self.verdict(decision, &block, self.now.unix)? == Verdict::Invalid {
            tracing::error!(%height, "this node made a block that does not apply");
            return Ok(None);
        }
        let now = self.arrives_now();
        if let Some(voter) = &mut self.voter
            && voter.bodies.get(&decision.hash).is_none()
        {
            voter.bodies.arrived(decision.hash, now);
            voter.bodies.put(block);
        }
        Ok(Some(Input::Built {
            height,
            round,
            decision,
        }))
    }
}
