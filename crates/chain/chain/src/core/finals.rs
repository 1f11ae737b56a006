//! Blocks that are voted on, and what was decided without us: what comes of an answer, one piece after the other.

use bolao_ledger::{Block, Height};

use crate::{
    consensus::{
        Finals, Taken,
        catch_up::{self, Given},
    },
    core::{Core, votes::listen_to},
    error::CoreError,
    io::{Cause, PeerId, Rejection},
    wire::CertifiedBlock,
};

impl Core {
    /// Takes a block that a peer pushed, or was asked for, where validators make them; and goes on with what waited for it.
    pub(super) fn take_body(&mut self, peer: &PeerId, block: Block) -> Result<(), CoreError> {
        let votes = self.votes.as_mut();
        let awaited = votes.and_then(|it| it.take_body(&self.cx, &self.chain, &self.sync, block));
        let Some(awaited) = awaited else {
            return Ok(());
        };
        listen_to(&mut self.votes, Some(peer.clone()));
        for (decision, backed) in awaited.judging {
            if let Self {
                cx,
                chain,
                sync,
                votes: Some(votes),
                ..
            } = self
                && let Some(input) = votes.judge(cx, chain, sync, decision, backed)?
            {
                self.vote(input)?;
            }
        }
        if let Some(decided) = awaited.undecided
            && let Some(votes) = &mut self.votes
            && let Some(made) = votes.decide(&self.cx, &self.chain, decided)?
            && let Some(input) = self.connect_decided(made)?
        {
            self.vote(input)?;
        }
        listen_to(&mut self.votes, None);
        Ok(())
    }

    /// Takes blocks that somebody proposed, as they were asked for.
    pub(super) fn on_proposals(
        &mut self,
        peer: &PeerId,
        blocks: &[Vec<u8>],
    ) -> Result<(), CoreError> {
        let Self {
            cx,
            chain,
            sync,
            votes: Some(votes),
            ..
        } = self
        else {
            return Ok(());
        };
        for block in votes.take_proposals(cx, chain, sync, peer, blocks)? {
            self.take_body(peer, block)?;
        }
        Ok(())
    }

    /// Takes what was decided without us, as it was asked for, from a height on.
    pub(super) fn on_finals(
        &mut self,
        peer: &PeerId,
        from: Height,
        finals: &[CertifiedBlock],
    ) -> Result<(), CoreError> {
        let Some(votes) = &self.votes else {
            return Ok(());
        };
        match votes.read_finals(finals) {
            Finals::Blocks(given, fault) => self.on_certified(peer, from, &given, fault),
            Finals::Checkpoints(finals) => self.on_checkpoints(peer, finals),
        }
    }

    fn on_certified(
        &mut self,
        peer: &PeerId,
        from: Height,
        given: &[Given],
        mut fault: Option<Rejection>,
    ) -> Result<(), CoreError> {
        let before = self.chain.tip();
        let mut rest = given;
        while let Some((first, others)) = rest.split_first() {
            let Self {
                cx, chain, sync, ..
            } = self;
            let run = catch_up::check_run(cx, chain, rest)?;
            if run.is_empty() {
                match first.check_alone(cx, chain, sync, peer)? {
                    Ok(Some(block)) => {
                        self.connect_finals(&[first.decided(&block)], Cause::Sync)?;
                    }
                    Ok(None) => {}
                    Err(rejection) => {
                        fault = Some(rejection);
                        break;
                    }
                }
                rest = others;
                continue;
            }
            let decided = run.iter().zip(rest);
            let decided: Vec<_> = decided.map(|(block, given)| given.decided(block)).collect();
            self.connect_finals(&decided, Cause::Sync)?;
            rest = rest.get(run.len()..).unwrap_or_default();
        }
        let tip = self.chain.tip();
        if tip != before {
            self.sync.gave_final(&mut self.cx, tip.height, peer);
            if let Some(votes) = &mut self.votes {
                let input = votes.next_height(&self.chain)?;
                self.vote(input)?;
            }
        } else if tip.height < from {
            self.sync.gave_nothing(&self.cx, peer);
        }
        if let Some(rejection) = fault {
            self.sync.blame(&mut self.cx, peer, rejection);
        }
        Ok(())
    }

    /// Takes certificates of checkpoints, as far as our chain holds what they prove.
    fn on_checkpoints(
        &mut self,
        peer: &PeerId,
        finals: &[CertifiedBlock],
    ) -> Result<(), CoreError> {
        for item in finals {
            let Self {
                cx,
                chain,
                sync,
                votes: Some(votes),
                ..
            } = self
            else {
                break;
            };
            match votes.take_checkpoint(cx, chain, sync, peer, item)? {
                Taken::Final => {}
                Taken::Known => continue,
                Taken::Bad => break,
            }
            if chain.branches().is_to_look() {
                self.choose_branch(Cause::Sync)?;
            }
            if !self.next_checkpoint()? {
                break;
            }
            if let Some(votes) = &mut self.votes {
                votes.seek_checkpoints_now();
            }
        }
        Ok(())
    }

    /// Begins the vote above the last final block, if our chain holds that and it is new; whether it does.
    pub(super) fn next_checkpoint(&mut self) -> Result<bool, CoreError> {
        let Some(votes) = &mut self.votes else {
            return Ok(false);
        };
        let Some(input) = votes.next_checkpoint(&mut self.chain)? else {
            return Ok(false);
        };
        self.vote(input)?;
        Ok(true)
    }

    /// Judges what could not be judged, or was refused, before, if anything has changed since.
    pub(super) fn judge_again(&mut self) -> Result<(), CoreError> {
        if !self.chain.branches().take_to_judge() {
            return Ok(());
        }
        let waiting = self.votes.as_ref().map(|it| it.to_judge_again());
        for proposal in waiting.into_iter().flatten() {
            if let Self {
                cx,
                chain,
                sync,
                votes: Some(votes),
                ..
            } = self
                && let Some(input) = votes.judge_again(cx, chain, sync, proposal)?
            {
                self.vote(input)?;
            }
        }
        Ok(())
    }
}
