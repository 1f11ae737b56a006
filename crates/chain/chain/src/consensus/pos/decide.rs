//! A block that validators decided becomes the tip.

use bolao_finality::{Input, Message};
use bolao_headers::HeaderChain;
use bolao_ledger::{Certificate, CheckedBlock, Decided, Decision, UnixSeconds, encode};

use super::bodies::{Bodies, Body};
use crate::{
    chain::{NextBlock, Place},
    consensus::{LastVote, Voting},
    core::Parts,
    error::{CoreError, FinalError},
    io::{Cause, Rejection},
};

fn broken(decision: Decision, why: &Rejection) -> FinalError {
    tracing::error!(%decision, %why, "validators decided a block that breaks a rule");
    FinalError::Invalid {
        block: Place {
            height: decision.height,
            hash: decision.hash,
        },
        why: why.reason,
    }
}

impl Voting {
    /// Connects what was decided, if it is here; gives the validator its next height.
    pub(crate) fn decide(
        &mut self,
        parts: &mut Parts,
        decided: Decided,
    ) -> Result<Option<Input>, CoreError> {
        let Decided {
            height,
            decision,
            certificate,
        } = &decided;
        let is_next = *height == parts.chain.tip().height.next();
        if !is_next || !parts.chain.leads_to_named(*height, decision.hash) {
            return Ok(None);
        }
        let block = match self.body(parts, &decision.hash)? {
            Body::Here(block) => block,
            Body::Broken(why) => return Err(broken(*decision, &why).into()),
            Body::Missing => {
                self.miss(parts, decision.hash);
                self.bodies.undecided = Some(decided);
                return Ok(None);
            }
        };
        let made = DecidedBlock {
            decision: *decision,
            certificate,
            block: &block,
        };
        self.connect_finals(parts, &[made], Cause::Voted)?;
        self.relay_decision(parts, &Message::from(decided));
        self.next_height(parts).map(Some)
    }

    /// Begins the height above the tip.
    pub(crate) fn next_height(&mut self, parts: &Parts) -> Result<Input, CoreError> {
        let set = parts.chain.validators_after(parts.chain.tip().height)?;
        self.bodies = Bodies::default();
        self.heard.next(set.clone());
        Ok(Input::Height {
            height: parts.chain.tip().height.next(),
            set,
        })
    }

    /// Looks whether another machine signed this block with the home's key since this node started. What is dated before may be
    /// this home's own, from a time that it has forgotten; a date to come says nothing.
    fn look_for_copy(
        &mut self,
        parts: &Parts,
        certificate: &Certificate,
        decision: Decision,
        time: UnixSeconds,
    ) {
        if !self.validator.is_signed_elsewhere(certificate, decision) {
            return;
        }
        let (now, clock_s) = (parts.cx.now.unix.0, u64::from(self.rules.clock_s));
        let runs_s = parts.cx.now.mono_ms.saturating_sub(self.began_ms) / 1_000;
        let latest = now.saturating_add(clock_s);
        if time.0 > latest || time.0 <= latest.saturating_sub(runs_s) {
            return;
        }
        let height = decision.height;
        if self.elsewhere.replace(height).is_none() {
            tracing::error!(%height, "another machine votes with this home's key: it signed this block, and this one did not. Stop one of them, and restart the other. Where it is the only validator, this one makes no block until then");
        }
    }

    /// Makes blocks with their certificates the tip, one on the other, in one write.
    pub(crate) fn connect_finals(
        &mut self,
        parts: &mut Parts,
        finals: &[DecidedBlock<'_>],
        cause: Cause,
    ) -> Result<(), CoreError> {
        let chain = parts
            .chain
            .snapshot()?
            .header_chain(&parts.chain.tip().hash)?;
        let mut chain = chain.expect("the tip's header is here");
        let (mut blocks, mut fault) = (Vec::new(), None);
        for decided in finals {
            match decided.check_on(parts, &chain) {
                Ok(next) => {
                    chain.push(next.header);
                    let time = next.header.header.time();
                    self.look_for_copy(parts, decided.certificate, decided.decision, time);
                    blocks.push(next);
                }
                Err(error) => {
                    fault = Some(error);
                    break;
                }
            }
        }
        let is_logged = self.has_votes_on_disk();
        let mut connect = |blocks: &[NextBlock<'_>]| parts.extend_tip(Some(self), blocks, cause);
        if !blocks.is_empty()
            && let Err((hash, why)) = connect(&blocks)?
        {
            let good = finals.iter().take_while(|it| it.decision.hash != hash);
            if let Some(good) = blocks.get(..good.count()).filter(|it| !it.is_empty()) {
                // They are final, and nobody is to give them again.
                drop(connect(good)?);
            }
            let mut decisions = finals.iter().map(|it| it.decision);
            let decision = decisions.find(|it| it.hash == hash);
            let decision = decision.expect("the block is one of these");
            return Err(broken(decision, &why).into());
        }
        if cause == Cause::Voted && !is_logged {
            // The block is on the disk, and its votes are needed no more.
            self.flush = false;
        }
        for (decided, next) in finals.iter().zip(&blocks) {
            let time = match cause {
                Cause::Voted => parts.cx.now.unix,
                _ => next.header.header.time(),
            };
            let vote = LastVote {
                height: decided.decision.height,
                time,
            };
            self.heard.decided(decided.certificate, vote, cause);
        }
        fault.map_or(Ok(()), |error| Err(error.into()))
    }
}

/// A block that validators decided, with what proves that.
pub(crate) struct DecidedBlock<'b> {
    pub(crate) decision: Decision,
    pub(crate) certificate: &'b Certificate,
    pub(crate) block: &'b CheckedBlock,
}

impl<'b> DecidedBlock<'b> {
    fn check_on(&self, parts: &Parts, chain: &HeaderChain) -> Result<NextBlock<'b>, FinalError> {
        let place = Place {
            height: self.decision.height,
            hash: self.decision.hash,
        };
        let header = chain.check(&parts.cx.genesis, &self.block.get().header);
        let header = header.map_err(|error| broken(self.decision, &error.into()))?;
        if header.height != place.height {
            let got = header.height;
            return Err(FinalError::OtherHeight { block: place, got });
        }
        Ok(NextBlock {
            header,
            block: self.block,
            proven: Some(place.proven_by(encode(self.certificate))),
        })
    }
}
