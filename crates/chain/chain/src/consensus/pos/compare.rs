//! Two histories are found when nodes of both meet (`pos`).
//!
//! - A peer that says it stands on another block at a height that we have, or gives a next block that builds on none of ours,
//!   is asked for its block there, with the certificate; each peer at most every few seconds.
//! - If its certificate is one of the validators of that height, there are two of them: validators have signed two
//!   histories. Both are kept, and the core ends: some seconds later, in which it votes on nothing and takes no block. It
//!   tells all peers where it stands, and gives them its blocks, so that they find the same.
//! - Unless those who signed both have no more than a third of today's weight: old keys could stop any pool for good. The
//!   node goes on with its own history, accuses whoever can be proven, and asks that peer seldom.
//! - If it is not, the histories may have parted before, and the validators changed since: the height at which they part is
//!   looked for by halves. There both have the same validators, and a peer without a good certificate lies.

use std::{collections::BTreeSet, sync::Arc};

use bolao_ledger::{
    Block, BlockId, Certificate, Conflict, Decision, DoubleSign, Height, ValidatorSet, decode,
};
use bolao_store::{FinalBlock, StoreError};

use crate::{
    chain::Chain,
    consensus::Voting,
    context::Context,
    error::{CoreError, FinalError},
    io::{Event, Input, Output, PeerId},
    serve::{MAX_RESPONSE_BYTES, serve},
    sync::Syncing,
    wire::{CertifiedBlock, Request, Response},
};

/// The time for which a peer with a history that old validators signed is not asked again, in milliseconds.
const OLD_PAUSE_MS: u64 = 600_000;
/// The time that the others have to find the same before the core ends, in milliseconds: until they are connected again after a
/// partition, too.
const STOPPING_MS: u64 = 12_000;

fn proof_of(block: &FinalBlock) -> Result<Certificate, StoreError> {
    decode(block.certificate.bytes())
        .map_err(|error| StoreError::corrupt("finals", block.height, error))
}

/// The core has seen two histories, and ends soon.
#[derive(Debug)]
pub(crate) struct Stopping {
    at_ms: u64,
    why: Option<FinalError>,
}

impl Voting {
    /// A peer's block at the height `from`. Both histories hold the same block at the first height of `between`, and
    /// different ones at the second.
    pub(crate) fn on_compared_block(
        &mut self,
        cx: &mut Context,
        chain: &mut Chain,
        sync: &mut Syncing,
        peer: &PeerId,
        ((same, other), from): ((Height, Height), Height),
        finals: &[CertifiedBlock],
    ) -> Result<(), CoreError> {
        let Some(item) = finals.first() else {
            return Ok(());
        };
        let (Ok(block), Ok(certificate)) = (
            decode::<Block>(&item.block),
            decode::<Certificate>(&item.certificate),
        ) else {
            return Ok(());
        };
        let snapshot = chain.snapshot()?;
        let (hash, known) = (block.hash(), snapshot.final_at(from)?);
        let Some(known) = known.filter(|_| block.coinbase.height == from) else {
            return Ok(());
        };
        let between = if known.hash == hash {
            (from, other)
        } else {
            let below = Height(from.0.saturating_sub(1));
            let (set, decision) = (chain.validators_after(below)?, Decision::plain(from, hash));
            if certificate.verify(&set, cx.pool, from, decision).is_ok() {
                let conflict = Conflict {
                    height: from,
                    first: (Decision::plain(from, known.hash), proof_of(&known)?),
                    second: (decision, certificate),
                };
                if is_outgrown(cx, chain, sync, peer, &conflict, &set)? {
                    return Ok(());
                }
                let block = BlockId { height: from, hash };
                let second = FinalBlock::new(block, item.certificate.clone())
                    .expect("64 signatures are short");
                return self.stop_over(cx, chain, sync, known.block, &second);
            }
            (same, from)
        };
        let middle = between.0.0.midpoint(between.1.0);
        if middle > between.0.0 && sync.may_request(cx, peer) {
            sync.ask_to_compare(cx, peer, between, Height(middle));
        }
        Ok(())
    }

    /// Keeps the second final block of a height, and ends soon.
    pub(crate) fn stop_over(
        &mut self,
        cx: &Context,
        chain: &mut Chain,
        sync: &mut Syncing,
        known: BlockId,
        second: &FinalBlock,
    ) -> Result<(), CoreError> {
        let why = chain.conflict(cx, known, second)?;
        tracing::error!(%why, "this node stops voting and shuts down");
        self.stopping = Some(Stopping {
            at_ms: cx.now.mono_ms.saturating_add(STOPPING_MS),
            why: Some(why),
        });
        sync.ask_all_statuses(cx);
        Ok(())
    }

    /// Whether two histories were seen, and the core ends soon.
    pub(crate) fn is_stopping(&self) -> bool {
        self.stopping.is_some()
    }

    /// Handles an input after that.
    pub(crate) fn while_stopping(
        &mut self,
        cx: &mut Context,
        chain: &Chain,
        input: &Input,
    ) -> Result<(), CoreError> {
        let Some(stopping) = &mut self.stopping else {
            return Ok(());
        };
        if stopping.at_ms <= cx.now.mono_ms
            && let Some(why) = stopping.why.take()
        {
            return Err(why.into());
        }
        if let Input::Request { token, request, .. } = input {
            let response = match request {
                Request::Status(_) => Response::Status(chain.status(cx)),
                other => serve(&chain.snapshot()?, other, MAX_RESPONSE_BYTES)?,
            };
            let token = *token;
            cx.out.push(Output::Respond { token, response });
        }
        cx.out.push(Output::WakeAt(stopping.at_ms));
        Ok(())
    }
}

/// Whether those who signed two histories could not decide anything today, so that the node goes on with its own. Those of
/// them who are proven to have signed both in one round are accused.
pub(crate) fn is_outgrown(
    cx: &mut Context,
    chain: &Chain,
    sync: &mut Syncing,
    peer: &PeerId,
    conflict: &Conflict,
    then: &ValidatorSet,
) -> Result<bool, StoreError> {
    let keys = conflict.signers(then, cx.pool);
    let signers: BTreeSet<_> = { keys.iter() }
        .filter_map(|key| then.get(key).map(|one| one.account))
        .collect();
    let today = chain.validators_after(chain.finality().last.height)?;
    let guilty = today.validators().iter();
    let guilty = guilty.filter(|one| signers.contains(&one.account));
    let weight: u128 = guilty.map(|one| u128::from(one.weight)).sum();
    if signers.is_empty() || weight * 3 > u128::from(today.total()) {
        return Ok(false);
    }
    tracing::warn!(
        %peer,
        vote = %conflict.height,
        "a peer has another history, signed by validators who have no more than a third of the weight today: \
        this node keeps its own"
    );
    let (first, second) = (&conflict.first, &conflict.second);
    for key in keys.into_iter().filter(|_| first.1.round == second.1.round) {
        let statement = |(decision, by): &(Decision, Certificate)| {
            let signature = by.signatures.get(&key).copied();
            signature.map(|it| (by.statement(conflict.height, *decision), it))
        };
        if let (Some(first), Some(second)) = (statement(first), statement(second)) {
            let proof = DoubleSign { key, first, second };
            cx.emit(Event::Guilty(Arc::new(proof)));
        }
    }
    if let Some(known) = sync.peer_mut(peer) {
        known.compare_after_ms = cx.now.mono_ms.saturating_add(OLD_PAUSE_MS);
    }
    Ok(true)
}
