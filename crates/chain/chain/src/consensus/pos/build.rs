//! Making a block, and when one is to be made.

use bolao_finality::{Input, Verdict};
use bolao_ledger::{Decision, EXTRA_NONCE_BYTES, Height, TxId, UnixSeconds};

use crate::{chain::Chain, consensus::Voting, context::Context, error::CoreError, sync::Syncing};

impl Voting {
    /// # Rule F9: a block is made when a transaction is ready, a deadline has passed that the pool's time has not, or
    /// # `heartbeat_s` after the last one.
    pub(crate) fn is_block_due(&mut self, cx: &Context, chain: &Chain) -> Result<bool, CoreError> {
        if !chain.mempool().is_idle() {
            return Ok(true);
        }
        let (tip, now) = (chain.tip(), cx.now.unix);
        let known = self.rounds.due;
        let due = match known.filter(|(of, _)| *of == tip.hash) {
            Some((_, due)) => due,
            None => self.find_due(cx, chain, tip.time)?,
        };
        self.rounds.due = Some((tip.hash, due));
        Ok(due <= now)
    }

    /// When time alone asks for a block after one of this time.
    fn find_due(
        &mut self,
        cx: &Context,
        chain: &Chain,
        time: UnixSeconds,
    ) -> Result<UnixSeconds, CoreError> {
        let heartbeat_s = cx.genesis.consensus.heartbeat_s().unwrap_or(u32::MAX);
        let heartbeat = time.0.saturating_add(heartbeat_s.into());
        let snapshot = chain.snapshot()?;
        self.rounds
            .kickoffs
            .follow(chain.replacements(), &snapshot)?;
        let due = self.rounds.kickoffs.next_due(&snapshot, time)?;
        Ok(UnixSeconds(heartbeat).min(due.unwrap_or(UnixSeconds(u64::MAX))))
    }

    /// Makes a block on the tip, and judges it like any other's.
    pub(crate) fn build(
        &mut self,
        cx: &Context,
        chain: &Chain,
        sync: &Syncing,
        height: Height,
        round: u32,
    ) -> Result<Option<Input>, CoreError> {
        let account = self.account;
        let Some(account) = account.filter(|_| height == chain.tip().height.next()) else {
            return Ok(None);
        };
        let template = chain.template(cx, cx.now, (account, b""), true)?;
        let block = template.block(template.header(), [0; EXTRA_NONCE_BYTES]);
        let waiting = |id: &TxId| chain.mempool().get(id);
        let verify = cx.config.verify;
        let block = match block.check_with(&cx.genesis, cx.pool, verify, waiting) {
            Ok(block) => block,
            Err(error) => {
                tracing::error!(%height, %error, "this node made a block that breaks a rule");
                return Ok(None);
            }
        };
        let decision = Decision::plain(height, block.hash());
        if self.verdict(cx, chain, decision, &block, cx.now.unix)? == Verdict::Invalid {
            tracing::error!(%height, "this node made a block that does not apply");
            return Ok(None);
        }
        let now = self.arrives(cx, sync);
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
