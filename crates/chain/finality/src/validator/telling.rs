//! Certificates that are passed on, and what a peer is told that connects.
//!
//! Whatever was on its way when a link broke is lost, and the engine repeats its own votes only after seconds; others' votes
//! that came twice are no news, so whoever is in the middle does not pass them on again. So:
//!
//! - On receiving a certificate that the engine finds good: pass it on, once in a height. What it proves may be new further on
//!   although all of its votes are known here.
//! - On a peer's connection: tell it the certificate with which this round began, the polkas of what may be locked, the
//!   proposals of their rounds and of this one, the votes of this round, and from earlier ones those that may still decide: own
//!   and others' ([`Engine::held`]). The last decision, too: it may have been said on a connection that this one replaces.
//! - Who asks for nothing of it is told nothing more than the votes of two rounds of all validators.

use arc_malachitebft_core_types::{Round, RoundCertificateType, SignedProposal, VoteType};
use bolao_ledger::{Decision, StatementKind};

use super::{Phase, Validator};
use crate::{
    context::{EngineInput, Pool},
    io::{Missing, Output},
    message::{Message, Payload},
};

/// The most proposals that are kept of one round: the engine takes no more.
const MOST_PROPOSALS: usize = 2;

/// A certificate's identity: its round, and either the block of a polka or whether it is one of votes that skip to the round.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Passed {
    Polka(Round, Decision),
    Round(Round, bool),
}

impl Passed {
    fn of(payload: &Payload) -> Option<Self> {
        match payload {
            Payload::Polka(polka) => Some(Self::Polka(polka.round, polka.value_id)),
            Payload::Round(round) => {
                let skips = round.cert_type == RoundCertificateType::Skip;
                Some(Self::Round(round.round, skips))
            }
            _ => None,
        }
    }
}

impl Validator {
    /// Handles a certificate of this height, and passes it on if it is good and was not yet.
    pub(super) fn on_certificate(&mut self, input: EngineInput) {
        let certificate = match &input {
            EngineInput::PolkaCertificate(polka) => Payload::Polka(polka.clone()),
            EngineInput::RoundCertificate(round) => Payload::Round(round.clone()),
            _ => return self.step(input),
        };
        self.step(input);
        let (wanted, certificate) = (Passed::of(&certificate), Message(certificate));
        if self.phase != Phase::Voting || certificate.height() != self.height {
            return;
        }
        let mut held = self.engine.certificates().into_iter();
        if let Some(certificate) = held.find(|it| Passed::of(it) == wanted)
            && self.is_first(&certificate)
        {
            self.outputs.push(Output::Relay(Message(certificate)));
        }
    }

    /// Whether this certificate was not given to all peers yet.
    pub(super) fn is_first(&mut self, certificate: &Payload) -> bool {
        let it = Passed::of(certificate);
        it.is_some_and(|it| self.passed.insert(it))
    }

    /// Keeps a proposal for those who connect.
    pub(super) fn keep_proposal(&mut self, proposal: &SignedProposal<Pool>) {
        let of_round = self.proposals.entry(proposal.round).or_default();
        if of_round.len() < MOST_PROPOSALS && !of_round.contains(proposal) {
            of_round.push(proposal.clone());
        }
    }

    /// Forgets the proposals of rounds that are over and left nothing locked.
    pub(super) fn forget_proposals(&mut self) {
        let (round, polkas) = (self.engine.round(), self.engine.polkas());
        let kept: Vec<_> = polkas.iter().map(|polka| polka.round).collect();
        self.proposals
            .retain(|of, _| of.as_u32() >= round || kept.contains(of));
    }

    pub(super) fn on_connected(&mut self, token: u64) {
        self.pace.begin_again(self.now_ms);
        // The last decision too: where it was said on a connection that another one has replaced, it was lost.
        let last = self.last.as_ref();
        let last = last.map(|(_, decided)| Payload::Decided(decided.clone()));
        let held = match self.phase {
            Phase::Voting => self.held(),
            Phase::Resting | Phase::Decided => Vec::new(),
        };
        let payloads = last.into_iter().chain(held);
        let replies = payloads.map(Message);
        self.outputs
            .extend(replies.map(|message| Output::Reply { token, message }));
    }

    /// Gives the votes or the proposal that this round waits for, while a height is voted on.
    #[must_use]
    pub fn missing(&self) -> Option<Missing> {
        let round = self.round()?;
        let (kind, from, against) = if !self.engine.awaits_proposal() {
            let (kind, from, against) = self.engine.awaited()?;
            let kind = match kind {
                VoteType::Prevote => StatementKind::Prevote,
                VoteType::Precommit => StatementKind::Precommit,
            };
            (kind, from, against)
        } else if self.proposals.contains_key(&Round::new(round)) {
            return None;
        } else {
            let kind = StatementKind::Proposal { valid_round: None };
            (kind, vec![self.proposer(round)], Vec::new())
        };
        Some(Missing {
            round,
            kind,
            from,
            against,
        })
    }

    fn held(&mut self) -> Vec<Payload> {
        self.forget_proposals();
        let mut held = self.engine.certificates();
        let proposals = self.proposals.values().flatten();
        held.extend(proposals.cloned().map(Payload::Proposal));
        held.extend(self.engine.votes().map(Payload::Vote));
        held
    }
}
