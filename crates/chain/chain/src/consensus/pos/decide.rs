//! A block that validators decided becomes the tip.

use bolao_finality::{Input, Message};
use bolao_ledger::{Certificate, CheckedBlock, Decided, Decision, UnixSeconds, encode};

use super::bodies::{Bodies, Body};
use crate::{
    chain::Place,
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
        self.connect_final(parts, &block, *decision, certificate, Cause::Voted)?;
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

    /// Makes a block with its certificate the tip, in one write.
    pub(crate) fn connect_final(
        &mut self,
        parts: &mut Parts,
        block: &CheckedBlock,
        decision: Decision,
        certificate: &Certificate,
        cause: Cause,
    ) -> Result<(), CoreError> {
        let place = Place {
            height: decision.height,
            hash: decision.hash,
        };
        let chain = parts
            .chain
            .snapshot()?
            .header_chain(&parts.chain.tip().hash)?;
        let chain = chain.expect("the tip's header is here");
        let header = chain.check(&parts.cx.genesis, &block.get().header);
        let header = header.map_err(|error| broken(decision, &error.into()))?;
        if header.height != place.height {
            let got = header.height;
            return Err(FinalError::OtherHeight { block: place, got }.into());
        }
        let proven = place.proven_by(encode(certificate));
        self.look_for_copy(parts, certificate, decision, block.get().header.time());
        let is_logged = self.has_votes_on_disk();
        let extended = parts.extend_tip(Some(self), &[(header, block)], Some(&proven), cause)?;
        extended.map_err(|(_, why)| broken(decision, &why))?;
        if cause == Cause::Voted && !is_logged {
            // The block is on the disk, and its votes are needed no more.
            self.flush = false;
        }
        let time = match cause {
            Cause::Voted => parts.cx.now.unix,
            _ => block.get().header.time(),
        };
        let vote = LastVote {
            height: decision.height,
            time,
        };
        self.heard.decided(certificate, vote, cause);
        Ok(())
    }
}
