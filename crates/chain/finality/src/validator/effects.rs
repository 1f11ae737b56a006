//! What the engine wants done, as outputs.

use std::time::Duration;

use arc_malachitebft_core_consensus::{Effect, MisbehaviorEvidence, SignedConsensusMsg};
use arc_malachitebft_core_types::{LinearTimeouts, Round, Timeout};
use bolao_ledger::{
    Certificate, Decided, Decision, DoubleSign, Signature, Statement, ValidatorKey, Voting,
};

use super::{Phase, StartError, Validator};
use crate::{
    context::{EngineInput, Pool},
    engine::EngineEffect,
    io::Output,
    log,
    message::{Message, Payload},
};

impl Validator {
    /// Begins to vote on the height, which rests.
    pub(super) fn begin(&mut self) {
        if let Err(error) = self.start(&[]) {
            tracing::error!(height = %self.height, %error, "cannot begin to vote");
        }
    }

    pub(super) fn start(&mut self, log: &[EngineInput]) -> Result<(), StartError> {
        self.phase = Phase::Voting;
        self.pace.begin_height(self.members.set());
        self.asked = None;
        self.judging.clear();
        self.judged.clear();
        self.accused.clear();
        self.passed.clear();
        self.proposals.clear();
        let (height, members, votes) = (self.height, self.members.clone(), self.votes());
        let known = self.elsewhere.iter().copied();
        let known = known.filter(|signed| signed.1.height == height);
        let (effects, result) = self.engine.start(height, members, votes, (log, known));
        self.carry_out(effects, log);
        result.map_err(|error| StartError::Diverged {
            reason: error.to_string(),
        })
    }

    pub(super) fn step(&mut self, input: EngineInput) {
        let (effects, result) = self.engine.step(input);
        self.carry_out(effects, &[]);
        if let Err(error) = result {
            tracing::error!(height = %self.height, %error, "the engine could not handle an input");
        }
    }

    fn carry_out(&mut self, effects: Vec<EngineEffect>, log: &[EngineInput]) {
        // Last, since whoever carries it out is busy for a while, and others wait for the vote that decided.
        let mut decision = None;
        for effect in effects {
            match effect {
                Effect::CancelAllTimeouts(_) => self.timers.clear(),
                Effect::CancelTimeout(timeout, _) => self.cancel(timeout),
                Effect::ScheduleTimeout(timeout, _) => self.schedule(timeout),
                Effect::StartRound(_, round, ..) => {
                    self.asked = None;
                    self.forget_proposals();
                    if let Some(round) = round.as_u32() {
                        self.pace.begin_round(round, self.now_ms);
                    }
                }
                Effect::WalAppend(_, input, _) => self.append(&input, log),
                Effect::GetValue(_, round, _, _) => {
                    self.asked = round.as_u32();
                    self.build_if_asked();
                }
                Effect::PublishConsensusMsg(message, _) => self.publish(message),
                Effect::PublishLivenessMsg(message, _) => {
                    let message = Message::from(message);
                    self.is_first(&message.0);
                    self.outputs.push(Output::Send(message));
                }
                Effect::RepublishVote(vote, _) => {
                    self.outputs
                        .push(Output::Send(Message(Payload::Vote(vote))));
                }
                Effect::RepublishRoundCertificate(round, _) => {
                    let message = Message(Payload::Round(round));
                    self.outputs.push(Output::Send(message));
                }
                Effect::RestreamProposal(_, _, _, _, decision, _) => {
                    self.outputs.push(Output::Share(decision));
                }
                Effect::Decide(found, _, _) => {
                    let signatures = found.commit_signatures.iter();
                    let certificate = Certificate {
                        round: found.round.as_u32().unwrap_or_default(),
                        signatures: signatures
                            .map(|one| (one.address.0, one.signature))
                            .collect(),
                    };
                    let decided = Decided {
                        height: found.height.0,
                        decision: found.value_id,
                        certificate,
                    };
                    self.end(&decided);
                    decision = Some(Output::Decide(decided));
                }
                Effect::Finalize(_, _, evidence, _) => self.accuse(evidence),
                // The engine's own sync and signatures: the one is not used, the other was answered.
                _ => {}
            }
        }
        self.judge_backed();
        self.accuse_at_once();
        self.outputs.extend(decision);
    }

    /// Names who is newly known to cheat: a height that waits for just that one may never end.
    fn accuse_at_once(&mut self) {
        let proofs = self.engine.evidence().map(proofs);
        for proof in proofs.into_iter().flatten() {
            if self.accused.insert(proof.key) {
                self.outputs.push(Output::Guilty(proof));
            }
        }
    }

    fn schedule(&mut self, timeout: Timeout) {
        // With its own last precommit the engine decides first and then wants to repeat it.
        if self.phase != Phase::Voting {
            return;
        }
        let ms = |of: Duration| u64::try_from(of.as_millis()).unwrap_or(u64::MAX);
        let after = ms(self.timeouts.duration_for(timeout));
        let (round, limit) = (timeout.round.as_u32(), ms(self.timeouts.max_timeout));
        let paced = round.map(|round| {
            let proposer = self.proposer(round);
            self.pace.wait_ms(&proposer, timeout.kind, self.now_ms)
        });
        let after = after.max(paced.unwrap_or_default().min(limit));
        let at = self.now_ms.saturating_add(after);
        self.cancel(timeout);
        self.timers.push((at, timeout));
    }

    fn cancel(&mut self, timeout: Timeout) {
        self.timers.retain(|(_, other)| *other != timeout);
    }

    pub(super) fn flush(&mut self) {
        if std::mem::take(&mut self.dirty) {
            self.outputs.push(Output::Flush);
        }
    }

    fn append(&mut self, input: &EngineInput, log: &[EngineInput]) {
        let known = log.contains(input);
        if !known && let Some(entry) = log::encode(input) {
            self.outputs.push(Output::Append(entry));
            self.dirty = true;
        }
        if let EngineInput::Proposal(proposal) = input {
            self.keep_proposal(proposal);
        }
        let own = self.engine.own();
        let relayed = match input {
            EngineInput::Vote(vote) if vote.voter.0 != own => Payload::Vote(vote.clone()),
            EngineInput::Proposal(proposal) if proposal.proposer.0 != own => {
                self.judge(proposal.value.0, proposal.round);
                Payload::Proposal(proposal.clone())
            }
            EngineInput::Proposal(proposal) if proposal.round.as_u32() == self.asked => {
                self.asked = None;
                return;
            }
            EngineInput::ProposedValue(value, _) => {
                self.judging.remove(&value.value.0);
                self.judged.insert(value.value.0);
                return;
            }
            _ => return,
        };
        if !known {
            self.outputs.push(Output::Relay(Message(relayed)));
        }
    }

    fn judge(&mut self, decision: Decision, round: Round) {
        if let Some(round) = round.as_u32().filter(|_| !self.judged.contains(&decision)) {
            self.judging.insert(decision, (round, false));
            self.outputs.push(Output::Judge {
                height: self.height,
                decision,
                backed: false,
            });
        }
    }

    /// Asks once more about blocks that enough others voted for.
    fn judge_backed(&mut self) {
        for (decision, (_, backed)) in &mut self.judging {
            if !*backed && self.engine.is_backed(decision) {
                *backed = true;
                self.outputs.push(Output::Judge {
                    height: self.height,
                    decision: *decision,
                    backed: true,
                });
            }
        }
    }

    fn publish(&mut self, message: SignedConsensusMsg<Pool>) {
        self.flush();
        let share = match &message {
            SignedConsensusMsg::Proposal(proposal) if proposal.valid_round.is_nil() => {
                Some(proposal.value.0)
            }
            _ => None,
        };
        self.outputs.push(Output::Send(message.into()));
        self.outputs.extend(share.map(Output::Share));
    }

    pub(super) fn build_if_asked(&mut self) {
        let (height, count) = (self.height, self.members.set().validators().len());
        if self.phase == Phase::Voting
            && let Some(round) = self.asked
            && (self.waiting || usize::try_from(round).is_ok_and(|round| round >= count))
        {
            self.outputs.push(Output::Build { height, round });
        }
    }

    pub(super) fn accuse(&mut self, evidence: MisbehaviorEvidence<Pool>) {
        self.outputs
            .extend(proofs(evidence).into_iter().map(Output::Guilty));
    }
}

fn proofs(evidence: MisbehaviorEvidence<Pool>) -> Vec<DoubleSign> {
    let votes = evidence.votes.iter().flat_map(|(_, pairs)| pairs);
    let votes = votes.map(|(first, second)| {
        let key = first.voter.0;
        proof(
            key,
            [first.statement(), second.statement()],
            [first.signature, second.signature],
        )
    });
    let proposals = evidence.proposals.iter().flat_map(|(_, pairs)| pairs);
    let proposals = proposals.map(|(first, second)| {
        let key = first.proposer.0;
        proof(
            key,
            [first.statement(), second.statement()],
            [first.signature, second.signature],
        )
    });
    votes.chain(proposals).flatten().collect()
}

fn proof(
    key: ValidatorKey,
    [first, second]: [Option<Statement>; 2],
    [one, other]: [Signature; 2],
) -> Option<DoubleSign> {
    Some(DoubleSign {
        key,
        first: (first?, one),
        second: (second?, other),
    })
}

/// Each round waits half of the first round's time longer than the one before, up to the pool's limit.
pub(super) fn timeouts(voting: &Voting) -> LinearTimeouts {
    let of = |ms: u32| Duration::from_millis(ms.into());
    let (propose, vote) = (of(voting.propose_ms), of(voting.vote_ms));
    LinearTimeouts {
        propose,
        propose_delta: propose / 2,
        prevote: vote,
        prevote_delta: vote / 2,
        precommit: vote,
        precommit_delta: vote / 2,
        rebroadcast: propose + vote + vote,
        max_timeout: of(voting.round_ms),
    }
}
