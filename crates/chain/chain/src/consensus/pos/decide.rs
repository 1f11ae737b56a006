//! A block that validators decided becomes the tip.

use bolao_finality::{Input, Message};
use bolao_headers::HeaderChain;
use bolao_ledger::{BlockHash, Certificate, CheckedBlock, Decided, Decision, UnixSeconds, encode};
use bolao_store::FinalBlock;

use super::bodies::{Bodies, Body};
use crate::{
    chain::{Chain, NextBlock},
    consensus::Voting,
    context::Context,
    error::{CoreError, FinalError},
    io::{Cause, LastVote, Rejection},
    sync::Syncing,
};

fn broken(decision: Decision, why: &Rejection) -> FinalError {
    tracing::error!(%decision, %why, "validators decided a block that breaks a rule");
    FinalError::Invalid {
        block: decision.block,
        why: why.reason,
    }
}

impl Voting {
    /// Gives a decision with its block, which is to be connected, if that is here.
    pub(crate) fn decide(
        &mut self,
        cx: &Context,
        chain: &Chain,
        decided: Decided,
    ) -> Result<Option<DecidedBody>, CoreError> {
        let Decided {
            height, decision, ..
        } = decided;
        let is_next = height == chain.tip().height.next();
        if !is_next || !chain.leads_to_named(height, decision.hash) {
            return Ok(None);
        }
        match self.body(cx, chain, &decision.hash)? {
            Body::Here(block) => Ok(Some(DecidedBody { decided, block })),
            Body::Broken(why) => Err(broken(decision, &why).into()),
            Body::Missing => {
                self.miss(cx, decision.hash);
                self.bodies.undecided = Some(decided);
                Ok(None)
            }
        }
    }

    /// Tells others of a decision whose block is connected, and gives the validator its next height.
    pub(crate) fn is_made(
        &mut self,
        cx: &Context,
        chain: &Chain,
        sync: &mut Syncing,
        made: DecidedBody,
    ) -> Result<Input, CoreError> {
        let message = Message::from(made.decided);
        self.votes.relay_decision(cx, sync, &message);
        self.next_height(chain)
    }

    /// Begins the height above the tip.
    pub(crate) fn next_height(&mut self, chain: &Chain) -> Result<Input, CoreError> {
        let set = chain.validators_after(chain.tip().height)?;
        self.bodies = Bodies::default();
        self.votes.heard.next(set.clone());
        Ok(Input::Height {
            height: chain.tip().height.next(),
            set,
        })
    }

    /// Looks whether another machine signed this block with the home's key since this node started. What is dated before may be
    /// this home's own, from a time that it has forgotten; a date to come says nothing.
    fn look_for_copy(
        &mut self,
        cx: &Context,
        certificate: &Certificate,
        decision: Decision,
        time: UnixSeconds,
    ) {
        if !self
            .votes
            .validator
            .is_signed_elsewhere(certificate, decision)
        {
            return;
        }
        let (now, clock_s) = (cx.now.unix.0, u64::from(self.rules.clock_s));
        let runs_s = cx.now.mono_ms.saturating_sub(self.rounds.began_ms) / 1_000;
        let latest = now.saturating_add(clock_s);
        if time.0 > latest || time.0 <= latest.saturating_sub(runs_s) {
            return;
        }
        let height = decision.height;
        if self.recall.elsewhere.replace(height).is_none() {
            tracing::error!(%height, "another machine votes with this home's key: it signed this block, and this one did not. Stop one of them, and restart the other. Where it is the only validator, this one makes no block until then");
        }
    }

    /// Looks at blocks with their certificates, one on the other from the tip on: gives those that may be connected, and what is wrong with
    /// the next.
    pub(crate) fn look_at_finals<'b>(
        &mut self,
        cx: &Context,
        chain: &Chain,
        finals: &[DecidedBlock<'b>],
    ) -> Result<(Vec<NextBlock<'b>>, Option<FinalError>), CoreError> {
        let headers = chain.snapshot()?.header_chain(&chain.tip().hash)?;
        let mut headers = headers.expect("the tip's header is here");
        let mut blocks = Vec::new();
        for decided in finals {
            match decided.check_on(cx, &headers) {
                Ok(next) => {
                    headers.push(next.header);
                    let time = next.header.header.time();
                    self.look_for_copy(cx, decided.certificate, decided.decision, time);
                    blocks.push(next);
                }
                Err(error) => return Ok((blocks, Some(error))),
            }
        }
        Ok((blocks, None))
    }

    /// Blocks that validators decided are connected. `logged`: whether all that this node signed of them was on the disk before.
    pub(crate) fn are_connected(
        &mut self,
        cx: &Context,
        finals: &[DecidedBlock<'_>],
        blocks: &[NextBlock<'_>],
        (cause, logged): (Cause, bool),
    ) {
        if cause == Cause::Voted && !logged {
            // The block is on the disk, and its votes are needed no more.
            self.votes.log.flush = false;
        }
        for (decided, next) in finals.iter().zip(blocks) {
            let time = match cause {
                Cause::Voted => cx.now.unix,
                _ => next.header.header.time(),
            };
            let vote = LastVote {
                height: decided.decision.height,
                time,
            };
            let heard = &mut self.votes.heard;
            heard.decided(decided.certificate, vote, cause);
        }
    }
}

/// The error of one of these blocks, which breaks a rule.
pub(crate) fn breaks_rule(
    finals: &[DecidedBlock<'_>],
    hash: BlockHash,
    why: &Rejection,
) -> FinalError {
    let mut decisions = finals.iter().map(|it| it.decision);
    let decision = decisions.find(|it| it.hash == hash);
    broken(decision.expect("the block is one of these"), why)
}

/// A decision with its block, which is to be connected.
#[derive(Debug)]
pub(crate) struct DecidedBody {
    decided: Decided,
    block: CheckedBlock,
}

impl DecidedBody {
    pub(crate) fn block(&self) -> DecidedBlock<'_> {
        DecidedBlock {
            decision: self.decided.decision,
            certificate: &self.decided.certificate,
            block: &self.block,
        }
    }
}

/// A block that validators decided, with what proves that.
pub(crate) struct DecidedBlock<'b> {
    pub(crate) decision: Decision,
    pub(crate) certificate: &'b Certificate,
    pub(crate) block: &'b CheckedBlock,
}

impl<'b> DecidedBlock<'b> {
    fn check_on(&self, cx: &Context, chain: &HeaderChain) -> Result<NextBlock<'b>, FinalError> {
        let place = self.decision.block;
        let header = chain.check(&cx.genesis, &self.block.get().header);
        let header = header.map_err(|error| broken(self.decision, &error.into()))?;
        if header.height != place.height {
            let got = header.height;
            return Err(FinalError::OtherHeight { block: place, got });
        }
        let proven = FinalBlock::new(place, encode(self.certificate));
        Ok(NextBlock {
            header,
            block: self.block,
            proven: Some(proven.expect("64 signatures are short")),
        })
    }
}
