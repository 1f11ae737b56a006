//! A block that validators decided becomes the tip.

use bolao_finality::{Input, Message};
use bolao_ledger::{
    Certificate, CheckedBlock, Decided, Decision, Height, StateView as _, ValidatorSet, encode,
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
