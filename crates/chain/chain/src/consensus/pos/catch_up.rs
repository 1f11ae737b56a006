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

use bolao_ledger::{Block, Certificate, CheckedBlock, Decision, DecodeError, Reason, TxId, decode};

use super::decide::DecidedBlock;
use crate::{
    chain::Chain,
    context::Context,
    error::{CoreError, no_certificate},
    io::{PeerId, Rejection},
    sync::Syncing,
    wire::CertifiedBlock,
};

/// A block of an answer.
#[derive(Debug)]
pub(crate) struct Given {
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

/// The blocks of an answer, up to one that does not decode: that is its sender's fault.
pub(crate) fn read(finals: &[CertifiedBlock]) -> (Vec<Given>, Option<Rejection>) {
    let mut given = Vec::new();
    for item in finals {
        match Given::read(item) {
            Ok(item) => given.push(item),
            Err(error) => return (given, Some(error.into())),
        }
    }
    (given, None)
}

/// The first blocks that are in order, as far as that can be known before any of them is connected.
pub(crate) fn check_run(
    cx: &Context,
    chain: &Chain,
    given: &[Given],
) -> Result<Vec<CheckedBlock>, CoreError> {
    let tip = chain.tip();
    let set = chain.validators_after(tip.height)?;
    let leads = |block: &Block| {
        let height = block.coinbase.height;
        chain.leads_to_named(height, block.hash())
    };
    let run = given.iter().take_while(|it| leads(&it.block));
    let run = run.map(|it| (&it.block, &it.certificate));
    let below = (tip.height, tip.hash);
    let waiting = |id: &TxId| chain.mempool().get(id);
    let pool = (&*cx.genesis, cx.pool);
    // # Rule F7: a block is connected only with a certificate of the validators that the state below it names.
    let checked = Block::check_certified(run, below, &set, pool, cx.config.verify, waiting);
    Ok(checked)
}

impl Given {
    /// Looks at a block that is not in order: gives it if it may be connected all the same; an error is its sender's fault.
    pub(crate) fn check_alone(
        &self,
        cx: &mut Context,
        chain: &Chain,
        sync: &mut Syncing,
        peer: &PeerId,
    ) -> Result<Result<Option<CheckedBlock>, Rejection>, CoreError> {
        let Self { block, certificate } = self;
        let decision = Decision::plain(chain.tip().height.next(), block.hash());
        // Votes may have been quicker than the answer.
        if block.coinbase.height != decision.height {
            return Ok(Ok(None));
        }
        if !chain.leads_to_named(decision.height, decision.hash) {
            let what = format!("{decision} does not lead to the one that the invitation names");
            return Ok(Err(Rejection::new(Reason::AgainstFinal, what)));
        }
        let set = chain.validators_after(chain.tip().height)?;
        if let Err(error) = certificate.verify(&set, cx.pool, decision.height, decision) {
            let what = format!("block {} has no good certificate ({error})", decision.hash);
            return Ok(Err(no_certificate(what)));
        }
        if block.header.previous != chain.tip().hash {
            sync.compare_at(cx, peer, chain.tip().height);
            return Ok(Ok(None));
        }
        let checked = chain.check(cx, block.clone());
        Ok(checked.map(Some).map_err(Rejection::from))
    }

    /// The same, as it is connected once it was checked.
    pub(crate) fn decided<'b>(&'b self, block: &'b CheckedBlock) -> DecidedBlock<'b> {
        DecidedBlock {
            decision: Decision::plain(block.get().coinbase.height, block.hash()),
            certificate: &self.certificate,
            block,
        }
    }
}
