//! A block that validators decided becomes the tip.

use bolao_finality::{Input, Message};
use bolao_ledger::{
    Certificate, CheckedBlock, Decided, Decision, Height, StateView as _, UnixSeconds,
    ValidatorSet, encode,
};
use bolao_store::{FinalBlock, StoreError};

use super::bodies::{Bodies, Body};
use crate::{
    consensus::LastVote,
    core::Core,
    error::{CoreError, FinalError},
    finality::Place,
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

impl Core {
    /// The validators as of our chain's block of a height.
    pub(in crate::consensus) fn validators_after(
        &self,
        height: Height,
    ) -> Result<ValidatorSet, StoreError> {
        let set = self.snapshot()?.validator_set_after(height)?;
        set.ok_or_else(|| StoreError::corrupt("state", height, "nobody may vote"))
    }

    /// Connects what was decided, if it is here; gives the validator its next height.
    pub(in crate::consensus) fn decide(
        &mut self,
        decided: Decided,
    ) -> Result<Option<Input>, CoreError> {
        let Decided {
            height,
            decision,
            certificate,
        } = &decided;
        let is_next = *height == self.tip.height.next();
        if !is_next || !self.leads_to_named(*height, decision.hash) {
            return Ok(None);
        }
        let block = match self.body(&decision.hash)? {
            Body::Here(block) => block,
            Body::Broken(why) => return Err(broken(*decision, &why).into()),
            Body::Missing => {
                self.miss(decision.hash);
                if let Some(voter) = &mut self.voter {
                    voter.bodies.undecided = Some(decided);
                }
                return Ok(None);
            }
        };
        self.connect_final(&block, *decision, certificate, Cause::Voted)?;
        self.relay_decision(&Message::from(decided));
        self.next_height().map(Some)
    }

    /// Begins the height above the tip.
    pub(in crate::consensus) fn next_height(&mut self) -> Result<Input, CoreError> {
        let set = self.validators_after(self.tip.height)?;
        if let Some(voter) = &mut self.voter {
            voter.bodies = Bodies::default();
            voter.heard.next(set.clone());
        }
        Ok(Input::Height {
            height: self.tip.height.next(),
            set,
        })
    }

    /// Looks whether another machine signed this block with the home's key since this node started. What is dated before may be
    /// this home's own, from a time that it has forgotten; a date to come says nothing.
    fn look_for_copy(&mut self, certificate: &Certificate, decision: Decision, time: UnixSeconds) {
        let Some(voter) = &mut self.voter else { return };
        if !voter.validator.is_signed_elsewhere(certificate, decision) {
            return;
        }
        let (now, clock_s) = (self.now.unix.0, u64::from(voter.rules.clock_s));
        let runs_s = self.now.mono_ms.saturating_sub(voter.began_ms) / 1_000;
        let latest = now.saturating_add(clock_s);
        if time.0 > latest || time.0 <= latest.saturating_sub(runs_s) {
            return;
        }
        let height = decision.height;
        if voter.elsewhere.replace(height).is_none() {
            tracing::error!(%height, "another machine votes with this home's key: it signed this block, and this one did not. Stop one of them, and restart the other. Where it is the only validator, this one makes no block until then");
        }
    }

    /// Makes a block with its certificate the tip, in one write.
    pub(in crate::consensus) fn connect_final(
        &mut self,
        block: &CheckedBlock,
        decision: Decision,
        certificate: &Certificate,
        cause: Cause,
    ) -> Result<(), CoreError> {
        let place = Place {
            height: decision.height,
            hash: decision.hash,
        };
        let chain = self.snapshot()?.header_chain(&self.tip.hash)?;
        let chain = chain.expect("the tip's header is here");
        let header = chain.check(&self.genesis, &block.get().header);
        let header = header.map_err(|error| broken(decision, &error.into()))?;
        if header.height != place.height {
            let got = header.height;
            return Err(FinalError::OtherHeight { block: place, got }.into());
        }
        let kept =
            bolao_store::Certificate::new(encode(certificate)).expect("64 signatures are short");
        let proven = FinalBlock {
            height: place.height,
            hash: place.hash,
            certificate: kept,
        };
        self.look_for_copy(certificate, decision, block.get().header.time());
        let logged = self.has_votes_on_disk();
        let extended = self.extend_tip(&[(header, block)], Some(&proven), cause)?;
        extended.map_err(|(_, why)| broken(decision, &why))?;
        if let Some(voter) = &mut self.voter
            && cause == Cause::Voted
            && !logged
        {
            // The block is on the disk, and its votes are needed no more.
            voter.flush = false;
        }
        let time = match cause {
            Cause::Voted => self.now.unix,
            _ => block.get().header.time(),
        };
        if let Some(voter) = &mut self.voter {
            let vote = LastVote {
                height: decision.height,
                time,
            };
            voter.heard.decided(certificate, vote, cause);
        }
        Ok(())
    }
}
