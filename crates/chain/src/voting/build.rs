//! Making a block, and when one is to be made.

use bolao_finality::{Input, Verdict};
use bolao_ledger::{Consensus, Decision, EXTRA_NONCE_BYTES, Height, TxId, UnixSeconds};

use crate::{core::Core, deadlines::next_due, error::CoreError};

impl Core {
    /// Says that something is to be decided, once for each height.
    pub(crate) fn offer_votes(&mut self) -> Result<(), CoreError> {
        loop {
            let height = self.vote_number();
            let Some(voter) = self.voter.as_ref() else {
                return Ok(());
            };
            if voter.offered == Some(height) || self.hears_first() || !self.is_vote_due()? {
                return Ok(());
            }
            let now = self.now;
            if let Some(voter) = &mut self.voter {
                voter.heard.waits(now);
                voter.offered = Some(height);
                voter.due = None;
            }
            self.vote(Input::Waiting)?;
        }
    }

    /// Whether this validator still waits for what its peers have. What nobody gives it in time it does not wait for.
    fn hears_first(&mut self) -> bool {
        let mut statuses = self.peers.values().filter_map(|peer| peer.status.as_ref());
        let in_step = !self.is_syncing()
            && statuses.clone().next().is_some()
            && !statuses.any(|status| self.is_ahead(status));
        let (tip, now, wait_ms) = (self.tip.hash, self.now.mono_ms, self.config.hears_first_ms);
        let Some(voter) = &mut self.voter else {
            return false;
        };
        voter.hears = match voter.hears {
            _ if in_step => None,
            Some((before, _)) if before != tip => Some((tip, now.saturating_add(wait_ms))),
            hears => hears.filter(|(_, until)| *until > now),
        };
        voter.hears.is_some()
    }

    /// # Rule F9: a block is made when a transaction is ready, a deadline has passed that the pool's time has not, or
    /// # `heartbeat_s` after the last one.
    fn is_vote_due(&mut self) -> Result<bool, CoreError> {
        if !self.is_certified() {
            return Ok(self.has_checkpoint());
        }
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
        let heartbeat_s = match &self.genesis.consensus {
            Consensus::Pos(rules) => rules.heartbeat_s,
            _ => u32::MAX,
        };
        let heartbeat = time.0.saturating_add(heartbeat_s.into());
        let due = next_due(&self.snapshot()?, time)?;
        Ok(UnixSeconds(heartbeat).min(due.unwrap_or(UnixSeconds(u64::MAX))))
    }

    /// Makes a block on the tip, and judges it like any other's.
    pub(super) fn build(&mut self, height: Height, round: u32) -> Result<Option<Input>, CoreError> {
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
