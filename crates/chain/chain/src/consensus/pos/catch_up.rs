//! Blocks that were decided without us: taken in order, each with its certificate.
//!
//! [`crate::sync`] decides whom they are asked of. A certificate
//! is checked against the validators that the state below its block names, before anything costly is done with the block.

use bolao_ledger::{Block, BlockError, Certificate, Decision, Height, Reason, TxId, decode};

use crate::{
    consensus::Voting,
    core::Parts,
    error::{CoreError, no_certificate},
    io::{Cause, PeerId, Rejection},
    wire::CertifiedBlock,
};

impl Voting {
    pub(crate) fn on_certified(
        &mut self,
        parts: &mut Parts,
        peer: &PeerId,
        from: Height,
        finals: Vec<CertifiedBlock>,
    ) -> Result<(), CoreError> {
        let before = parts.chain.tip();
        let mut fault = None;
        for item in finals {
            match self.take_final(parts, peer, &item)? {
                Ok(()) => {}
                Err(rejection) => {
                    fault = Some(rejection);
                    break;
                }
            }
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

    /// Connects one block; an error is its sender's fault.
    fn take_final(
        &mut self,
        parts: &mut Parts,
        peer: &PeerId,
        item: &CertifiedBlock,
    ) -> Result<Result<(), Rejection>, CoreError> {
        let block: Block = match decode(&item.block) {
            Ok(block) => block,
            Err(error) => return Ok(Err(error.into())),
        };
        let certificate: Certificate = match decode(&item.certificate) {
            Ok(certificate) => certificate,
            Err(error) => return Ok(Err(error.into())),
        };
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
        // # Rule F7: a block is connected only with a certificate of the validators that the state below it names.
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
        let checked = block.check_with(
            &parts.cx.genesis,
            parts.cx.pool,
            parts.cx.config.verify,
            waiting,
        );
        let block = match checked {
            Ok(block) => block,
            Err(error) => return Ok(Err(BlockError::into(error))),
        };
        self.connect_final(parts, &block, decision, &certificate, Cause::Sync)?;
        Ok(Ok(()))
    }
}
