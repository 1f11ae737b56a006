//! What is voted: the votes say what they ask for, and here it is done, as far as it takes the whole node: a block that validators
//! decided becomes the tip, which the observer watches; and whoever asks the validator one thing after the other sees between them
//! what came of the first.

use bolao_finality::{Input, Message};

use crate::{
    consensus::{DecidedBlock, DecidedBody, Voting, breaks_rule},
    core::Core,
    error::CoreError,
    io::{Cause, Output, PeerId},
    wire::{Question, Response, Told},
};

impl Core {
    /// Starts the votes, and does what the validator asks for first.
    pub(super) fn begin_votes(&mut self) -> Result<(), CoreError> {
        while let Self {
            cx,
            chain,
            sync,
            votes: Some(votes),
            ..
        } = self
        {
            let Some(made) = votes.carry_out(cx, chain, sync)? else {
                break;
            };
            let input = self.connect_decided(made)?;
            give(&mut self.votes, input);
        }
        let given = self.votes.as_mut().map(|votes| votes.take_given());
        for input in given.into_iter().flatten() {
            self.vote(input)?;
        }
        Ok(())
    }

    /// Hands the validator an input, and does what comes of it.
    pub(super) fn vote(&mut self, input: Input) -> Result<(), CoreError> {
        give(&mut self.votes, Some(input));
        while let Self {
            cx,
            chain,
            sync,
            votes: Some(votes),
            ..
        } = self
        {
            let Some(made) = votes.go_on(cx, chain, sync)? else {
                break;
            };
            let input = self.connect_decided(made)?;
            give(&mut self.votes, input);
        }
        Ok(())
    }

    /// Connects what validators decided; gives the validator's next height.
    pub(super) fn connect_decided(
        &mut self,
        made: DecidedBody,
    ) -> Result<Option<Input>, CoreError> {
        self.connect_finals(&[made.block()], Cause::Voted)?;
        let Self {
            cx,
            chain,
            sync,
            votes: Some(votes),
            ..
        } = self
        else {
            return Ok(None);
        };
        votes.is_made(cx, chain, sync, made).map(Some)
    }

    /// Makes blocks with their certificates the tip, one on the other, in one write.
    pub(super) fn connect_finals(
        &mut self,
        finals: &[DecidedBlock<'_>],
        cause: Cause,
    ) -> Result<(), CoreError> {
        let Some(votes) = &mut self.votes else {
            return Ok(());
        };
        let (blocks, fault) = votes.look_at_finals(&self.cx, &self.chain, finals)?;
        let logged = votes.has_votes_on_disk();
        if !blocks.is_empty()
            && let Err((hash, why)) = self.extend_final(&blocks, cause)?
        {
            let good = finals.iter().take_while(|it| it.decision.hash != hash);
            if let Some(good) = blocks.get(..good.count()).filter(|it| !it.is_empty()) {
                // They are final, and nobody is to give them again.
                drop(self.extend_final(good, cause)?);
            }
            return Err(breaks_rule(finals, hash, &why).into());
        }
        if let Some(votes) = &mut self.votes {
            votes.are_connected(&self.cx, finals, &blocks, (cause, logged));
        }
        fault.map_or(Ok(()), |error| Err(error.into()))
    }

    /// Begins votes on what waits.
    pub(super) fn offer_votes(&mut self) -> Result<(), CoreError> {
        while let Self {
            cx,
            chain,
            sync,
            votes: Some(votes),
            ..
        } = self
            && votes.offers(cx, chain, sync)?
        {
            self.vote(Input::Waiting)?;
        }
        Ok(())
    }

    /// Does what the votes have due by now.
    pub(super) fn run_vote_timers(&mut self) -> Result<(), CoreError> {
        let now_ms = self.cx.now.mono_ms;
        if self.votes.as_ref().is_some_and(|it| it.is_due_at(now_ms)) {
            self.vote(Input::Tick)?;
        }
        let due = self.votes.as_mut().map(|it| it.take_due(&self.cx));
        for peer in due.into_iter().flatten() {
            self.tell_connected(peer)?;
        }
        Ok(())
    }

    /// Tells a peer that connected what was said of the vote.
    pub(super) fn tell_connected(&mut self, peer: PeerId) -> Result<(), CoreError> {
        listen_to(&mut self.votes, Some(peer));
        let told = self.vote(Input::Connected { token: 0 });
        listen_to(&mut self.votes, None);
        told
    }

    /// Takes messages that a peer sent.
    pub(super) fn on_votes(
        &mut self,
        peer: &PeerId,
        token: u64,
        given: Vec<Vec<u8>>,
    ) -> Result<(), CoreError> {
        let before = self.votes.as_ref().map(|it| it.news());
        let mut is_news = false;
        for bytes in given {
            match Message::decode(&bytes) {
                Ok(message) => is_news |= self.on_vote(peer, message, &bytes)?,
                Err(error) => {
                    self.sync.blame(&mut self.cx, peer, error.into());
                    break;
                }
            }
        }
        listen_to(&mut self.votes, None);
        is_news |= self.votes.as_ref().map(|it| it.news()) > before;
        let response = if is_news {
            Response::Ack
        } else {
            Response::Known
        };
        let answer = Output::Respond { token, response };
        self.cx.out.push_last(answer);
        Ok(())
    }

    /// Takes a message of a validator's. Says whether it is of a height above ours.
    fn on_vote(
        &mut self,
        peer: &PeerId,
        message: Message,
        bytes: &[u8],
    ) -> Result<bool, CoreError> {
        let height = message.height();
        listen_to(&mut self.votes, Some(peer.clone()));
        let Self {
            cx,
            chain,
            sync,
            votes: Some(votes),
            ..
        } = self
        else {
            return Ok(false);
        };
        let Some((message, next)) = votes.hear(cx, chain, sync, message, bytes) else {
            return Ok(false);
        };
        self.vote(Input::Message { token: 0, message })?;
        let is_above = height > next;
        if is_above && let Some(votes) = &mut self.votes {
            votes.is_behind(&self.cx, &mut self.sync, peer, (height, next));
        }
        Ok(is_above)
    }

    /// Takes what a validator told of what the own key signed.
    pub(super) fn on_told(&mut self, asked: &Question, told: &Told) -> Result<(), CoreError> {
        let votes = self.votes.as_ref();
        let messages = votes.and_then(|it| it.told_messages(&self.chain, asked, told));
        let Some(messages) = messages else {
            return Ok(());
        };
        for message in messages {
            self.vote(Input::Message { token: 0, message })?;
        }
        if let Some(votes) = &mut self.votes {
            votes.note_told(&self.cx, asked, told);
        }
        Ok(())
    }
}

fn give(votes: &mut Option<Box<Voting>>, input: Option<Input>) {
    if let (Some(votes), Some(input)) = (votes, input) {
        votes.give(input);
    }
}

/// Sets the peer whose words are handled from now on.
pub(super) fn listen_to(votes: &mut Option<Box<Voting>>, peer: Option<PeerId>) {
    if let Some(votes) = votes {
        votes.listens_to(peer);
    }
}
