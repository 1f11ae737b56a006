//! The engine, and as little as can be around it.

use std::{collections::VecDeque, convert::Infallible};

use arc_malachitebft_core_consensus::{
    ConsensusMsg, Effect, Error, Input, LocallyProposedValue, Params, ProposedValue,
    Resumable as _, Resume, SignedConsensusMsg, State, ValuePayload, process,
};
use arc_malachitebft_core_types::{
    NilOrVal, Round, SignedMessage, ThresholdParams, ValidatorSet as _, Validity, ValueOrigin,
    VoteExtensionPolicy, VoteType,
};
use bolao_ledger::{Height, Signature, Statement, ValidatorKey};
use ed25519_zebra::SigningKey;

use crate::{
    POOL,
    context::{Address, Members, Number, Pool, Value, Vote},
    decision, key, public, set,
};

pub(crate) struct Net {
    nodes: Vec<(State<Pool>, SigningKey)>,
    members: Members,
    height: Height,
    queue: VecDeque<(usize, Input<Pool>)>,
}

fn good(key: ValidatorKey, statement: Option<Statement>, signature: &Signature) -> bool {
    statement.is_some_and(|statement| statement.is_signed(POOL, key, signature))
}

fn sign(key: &SigningKey, statement: Option<Statement>) -> Signature {
    let bytes = statement.unwrap().signing_bytes(POOL);
    Signature(key.sign(&bytes).to_bytes())
}

impl Net {
    pub(crate) fn new(count: usize) -> Self {
        let members = Members::new(set(count));
        let node = |who| {
            let params = Params {
                address: Address(public(who)),
                threshold_params: ThresholdParams::default(),
                value_payload: ValuePayload::ProposalAndParts,
                enabled: true,
            };
            let state = State::new(
                Pool(POOL),
                Number(Height(0)),
                members.clone(),
                params,
                4,
                1024,
            );
            (state, key(who))
        };
        Self {
            nodes: (0..count).map(node).collect(),
            members: members.clone(),
            height: Height(1),
            queue: VecDeque::new(),
        }
    }

    /// All decide one height.
    pub(crate) fn height(&mut self) {
        let policy = VoteExtensionPolicy::Disabled;
        let (height, members) = (Number(self.height), &self.members);
        for who in 0..self.nodes.len() {
            let start = Input::StartHeight(height, members.clone(), false, None, policy);
            self.queue.push_back((who, start));
        }
        let mut decided = 0;
        while let Some((who, input)) = self.queue.pop_front() {
            let found = self.step(who, input);
            decided += usize::from(found);
        }
        assert_eq!(
            decided,
            self.nodes.len(),
            "somebody missed height {}",
            self.height
        );
        self.height = self.height.next();
    }

    fn step(&mut self, who: usize, input: Input<Pool>) -> bool {
        let (count, queue) = (self.nodes.len(), &mut self.queue);
        let (state, key) = &mut self.nodes[who];
        let mut decided = false;
        let result: Result<(), Error<Pool>> = process!(
            input: input,
            state: state,
            metrics: &(),
            with: effect => Ok::<_, Infallible>(match effect {
                Effect::SignVote(vote, resume) => {
                    let signature = sign(key, vote.statement());
                    resume.resume_with(SignedMessage::new(vote, signature))
                }
                Effect::SignProposal(proposal, resume) => {
                    let signature = sign(key, proposal.statement());
                    resume.resume_with(SignedMessage::new(proposal, signature))
                }
                Effect::VerifySignature(message, key, resume) => {
                    let statement = match &message.message {
                        ConsensusMsg::Vote(vote) => vote.statement(),
                        ConsensusMsg::Proposal(proposal) => proposal.statement(),
                    };
                    resume.resume_with(good(key, statement, &message.signature))
                }
                Effect::VerifyCommitCertificate(certificate, members, wanted, resume) => {
                    let vote = |voter| Vote {
                        kind: VoteType::Precommit,
                        height: certificate.height,
                        round: certificate.round,
                        value: NilOrVal::Val(certificate.value_id),
                        voter,
                    };
                    let signatures = certificate.commit_signatures.iter();
                    let weight = signatures.filter(|one| {
                        good(one.address.0, vote(one.address).statement(), &one.signature)
                    });
                    let weight = weight.count() as u64;
                    assert!(wanted.quorum.is_met(weight, members.total_voting_power()));
                    resume.resume_with(Ok(()))
                }
                Effect::GetValue(height, round, _, _) => {
                    let value = Value(decision(height.0));
                    let own = LocallyProposedValue::new(height, round, value);
                    queue.push_back((who, Input::Propose(own)));
                    Resume::Continue
                }
                Effect::PublishConsensusMsg(message, _) => {
                    for to in (0..count).filter(|to| *to != who) {
                        match message.clone() {
                            SignedConsensusMsg::Vote(vote) => {
                                queue.push_back((to, Input::Vote(vote)));
                            }
                            SignedConsensusMsg::Proposal(proposal) => {
                                let value = ProposedValue {
                                    height: proposal.height,
                                    round: proposal.round,
                                    valid_round: Round::Nil,
                                    proposer: proposal.proposer,
                                    value: proposal.value,
                                    validity: Validity::Valid,
                                };
                                let origin = ValueOrigin::Consensus;
                                queue.push_back((to, Input::Proposal(proposal)));
                                queue.push_back((to, Input::ProposedValue(value, origin)));
                            }
                        }
                    }
                    Resume::Continue
                }
                Effect::Decide(..) => {
                    decided = true;
                    Resume::Continue
                }
                _ => Resume::Continue,
            })
        );
        result.unwrap();
        decided
    }
}
