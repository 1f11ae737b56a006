//! What another machine signs with our key: this is an old copy, or there is a second one.
//!
//! - Until the highest height of which any of it was heard, nothing is signed, so only what was heard of that one is remembered. To start
//!   again at that height is to say it again, so all of it is needed: nothing of it is forgotten for what comes later.
//! - Of two that contradict each other the first is remembered: whoever signed both has proven its own guilt.
//! - Who has heard more than may be remembered signs nothing at that height, however often it starts again.

use bolao_ledger::Height;

use super::{Phase, StartError, Validator};
use crate::{
    context::EngineInput,
    io::Output,
    log::{self, Entries, Logged},
    message::{Message, Payload},
    verified::Signed,
};

/// So many statements of one height are remembered, of some three hundred rounds.
const MOST: usize = 1_024;

impl Validator {
    /// Reads the log of this height: gives the inputs that the engine handled, and remembers what was signed elsewhere.
    pub(super) fn read(&mut self, log: Entries) -> Result<Vec<EngineInput>, StartError> {
        let mut inputs = Vec::new();
        for (number, entry) in log.entries.iter().enumerate() {
            let logged = log::decode(entry);
            match logged.map_err(|source| StartError::Entry { number, source })? {
                Logged::Engine(input) => inputs.push(input),
                Logged::Elsewhere(signed) => {
                    self.remember(signed);
                }
            }
        }
        Ok(inputs)
    }

    /// Remembers what the log of a past height holds for those to come.
    pub(super) fn recall(&mut self, log: &Entries) {
        for entry in &log.entries {
            if let Ok(Logged::Elsewhere(signed)) = log::decode(entry) {
                self.remember(signed);
            }
        }
    }

    /// The prevotes that show on which block this height may have been decided: of more than two thirds, in the latest round in which
    /// there were so many. Whoever lost what it signed is bound by them ([`crate::Validator`]).
    #[must_use]
    pub fn backing(&self) -> Vec<Message> {
        let backing = match self.phase {
            Phase::Voting => self.engine.backing(),
            _ => Vec::new(),
        };
        let messages = backing.into_iter().map(Payload::Vote).map(Message);
        messages.collect()
    }

    /// Whether it was worth remembering.
    fn remember(&mut self, signed: Signed) -> bool {
        let (said, newest) = (&signed.1, self.newest());
        let height = said.height;
        if height < newest {
            return false;
        }
        if height > newest {
            self.elsewhere.clear();
        }
        let mut heard = self.elsewhere.iter().map(|(_, heard, _)| heard);
        let is_known = heard.any(|heard| heard == said || heard.contradicts(said));
        if is_known || self.elsewhere.len() >= MOST {
            return false;
        }
        self.elsewhere.push(signed);
        if height > self.height || self.elsewhere.len() >= MOST {
            self.mute(height);
        }
        true
    }

    /// The highest height of which something was heard, or the own one.
    fn newest(&self) -> Height {
        let heard = self.elsewhere.first().map(|(_, said, _)| said.height);
        heard.unwrap_or_default().max(self.height)
    }

    fn mute(&mut self, height: Height) {
        if self.muted < Some(height) {
            self.muted = Some(height);
            self.engine.mute();
            self.outputs.push(Output::Muted(height));
        }
    }

    /// Empties the log for a new height, but for what was signed elsewhere at it and at later ones.
    pub(super) fn reset(&mut self) {
        let height = self.height;
        self.outputs.push(Output::Reset(height));
        self.elsewhere.retain(|signed| signed.1.height >= height);
        let kept = self.elsewhere.iter().map(|signed| log::elsewhere(*signed));
        self.outputs.extend(kept.map(Output::Append));
        self.dirty = true;
    }

    /// Looks for statements with our key that we did not sign. They go into the log, so that whoever starts again on this log
    /// knows them, and votes on as if they were its own.
    pub(super) fn look_for_own(&mut self, message: &Message) {
        let (own, height) = (self.engine.own(), message.height());
        let votes = height == self.height && self.phase == Phase::Voting;
        if !votes && height < self.newest() {
            return;
        }
        let statements = message.statements().into_iter();
        let unknown = statements.filter(|signed| {
            signed.0 == own
                && !(votes && self.engine.knows_own(signed))
                && !self.elsewhere.contains(signed)
                && self.engine.is_signed(own, &signed.1, &signed.2)
        });
        let unknown: Vec<_> = unknown.collect();
        if unknown.is_empty() {
            return;
        }
        self.mute(height);
        if votes {
            // The engine takes certificates as a whole, and keeps nothing of their votes.
            let certified = message.certified_votes().into_iter();
            for vote in certified.filter(|vote| vote.voter.0 == own) {
                self.step(EngineInput::Vote(vote));
            }
            return;
        }
        for signed in unknown {
            if self.remember(signed) {
                self.outputs.push(Output::Append(log::elsewhere(signed)));
                self.dirty = true;
            }
        }
        self.flush();
    }
}
