//! Blocks that were decided without us: taken in order, each with its certificate.
//!
//! [`crate::sync`] decides whom they are asked of. A certificate
//! is checked against the validators that the state below its block names, before anything costly is done with the block.
//!
//! - An answer's blocks are taken in runs: blocks one on the other for which the same validators vote. The signatures of a run are
//!   checked in one batch, and it is connected in one write.
//! - A run ends with the block that changes who votes: no later one is checked before the state that names its validators is here.
//! - A block with something not in order ends the run below it, and is looked at alone: what becomes of it, and of its sender, does
//!   not depend on the blocks around it.

use bolao_ledger::{
    Block, Certificate, CheckedBlock, Decision, DecodeError, Height, Reason, TxId, decode,
};

use super::decide::DecidedBlock;
use crate::{
    consensus::Voting,
    core::Parts,
    error::{CoreError, no_certificate},
    io::{Cause, PeerId, Rejection},
    wire::CertifiedBlock,
};

/// A block of an answer.
struct Given {
    block: Block,
    certificate: Certificate,
}

impl Given {
    fn read(item: &CertifiedBlock) -> Result<Self, DecodeError> {
        Ok(Self {
            block: decode(&item.block)?,
            certificate: decode(&item.certificate)?,
        })
    }
}

/// The first blocks that are in order, as far as that can be known before any of them is connected.
fn check_run(parts: &Parts, given: &[Given]) -> Result<Vec<CheckedBlock>, CoreError> {
    let (tip, cx) = (parts.chain.tip(), &parts.cx);
    let set = parts.chain.validators_after(tip.height)?;
    let leads = |block: &Block| {
        let height = block.coinbase.height;
        parts.chain.leads_to_named(height, block.hash())
    };
    let run = given.iter().take_while(|it| leads(&it.block));
    let run = run.map(|it| (&it.block, &it.certificate));
    let below = (tip.height, tip.hash);
    let waiting = |id: &TxId| parts.chain.mempool().get(id);
    let pool = (&*cx.genesis, cx.pool);
    // # Rule F7: a block is connected only with a certificate of the validators that the state below it names.
    let checked = Block::check_certified(run, below, &set, pool, cx.config.verify, waiting);
    Ok(checked)
}

impl Voting {
    pub(crate) fn on_certified(
        &mut self,
        parts: &mut Parts,
        peer: &PeerId,
        from: Height,
        finals: &[CertifiedBlock],
    ) -> Result<(), CoreError> {
        let before = parts.chain.tip();
        let (mut given, mut fault) = (Vec::new(), None);
        for item in finals {
            match Given::read(item) {
                Ok(item) => given.push(item),
                Err(error) => {
                    fault = Some(error.into());
                    break;
                }
            }
        }
        let mut rest = given.as_slice();
        while let Some((first, others)) = rest.split_first() {
            let run = check_run(parts, rest)?;
            if run.is_empty() {
                if let Err(rejection) = self.take_final(parts, peer, first)? {
                    fault = Some(rejection);
                    break;
                }
                rest = others;
                continue;
            }
            let decided = run.iter().zip(rest);
            let decided = decided.map(|(block, given)| DecidedBlock {
                decision: Decision::plain(block.get().coinbase.height, block.hash()),
                certificate: &given.certificate,
                block,
            });
            let decided: Vec<_> = decided.collect();
            self.connect_finals(parts, &decided, Cause::Sync)?;
            rest = rest.get(run.len()..).unwrap_or_default();
        }
        let tip = parts.chain.tip();
        if tip != before {
            parts.sync.gave_final(&mut parts.cx, tip.height, peer);
            let input = self.next_height(parts)?;
            self.vote(parts, input)?;
        } else if tip.height < from {
            parts.sync.gave_nothing(&parts.cx, peer);
        }
        if let Some(rejection) = fault {
            parts.blame(peer, rejection);
        }
        Ok(())
    }

    /// Takes a block that is not in order; an error is its sender's fault.
    fn take_final(
        &mut self,
        parts: &mut Parts,
        peer: &PeerId,
        Given { block, certificate }: &Given,
    ) -> Result<Result<(), Rejection>, CoreError> {
        let decision = Decision::plain(parts.chain.tip().height.next(), block.hash());
        // Votes may have been quicker than the answer.
        if block.coinbase.height != decision.height {
            return Ok(Ok(()));
        }
        if !parts.chain.leads_to_named(decision.height, decision.hash) {
            let what = format!("{decision} does not lead to the one that the invitation names");
            return Ok(Err(Rejection::new(Reason::AgainstFinal, what)));
        }
        let set = parts.chain.validators_after(parts.chain.tip().height)?;
        if let Err(error) = certificate.verify(&set, parts.cx.pool, decision.height, decision) {
            let what = format!("block {} has no good certificate ({error})", decision.hash);
            return Ok(Err(no_certificate(what)));
        }
        if block.header.previous != parts.chain.tip().hash {
            parts
                .sync
                .compare_at(&mut parts.cx, peer, parts.chain.tip().height);
            return Ok(Ok(()));
        }
        let waiting = |id: &TxId| parts.chain.mempool().get(id);
        let verify = parts.cx.config.verify;
        let block = block.clone();
        match block.check_with(&parts.cx.genesis, parts.cx.pool, verify, waiting) {
            Ok(block) => {
                let decided = DecidedBlock {
                    decision,
                    certificate,
                    block: &block,
                };
                self.connect_finals(parts, &[decided], Cause::Sync)?;
                Ok(Ok(()))
            }
            Err(error) => Ok(Err(error.into())),
        }
    }
}
