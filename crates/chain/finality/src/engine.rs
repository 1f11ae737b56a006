//! The engine in its shell: an input in, effects out, in order. What it asks back, signatures and their checks, is answered
//! here, and never with an error: the engine would fail.

use std::{collections::BTreeSet, convert::Infallible, fmt};

use arc_malachitebft_core_consensus::{
    ConsensusMsg, Effect, Error, Input, MisbehaviorEvidence, Params, Resumable as _, Resume, State,
    ValuePayload, process,
};
use arc_malachitebft_core_types::{
    CertificateError, CommitSignature, Context as _, Height as _, NilOrVal, PolkaCertificate,
    RoundCertificateType, SignedMessage, SignedVote, ThresholdParam, ThresholdParams,
    Validator as _, ValidatorSet as _, VoteExtensionPolicy, VoteType,
};
use bolao_ledger::{Decision, Height, PoolId, Signature, Statement, StatementKind, ValidatorKey};
use ed25519_zebra::{SigningKey, VerificationKeyBytes};

use crate::{
    context::{Address, EngineInput, Members, Number, Pool, Proposal, Vote},
    message::Payload,
    verified::{Signed, Verified},
};

pub(crate) type EngineEffect = Effect<Pool>;
pub(crate) type EngineError = Error<Pool>;

/// Of so many heights ahead, messages wait.
const HEIGHTS_AHEAD: usize = 4;
/// The most messages that wait for one of these heights: some rounds of 64 validators.
const MESSAGES_AHEAD: usize = 1024;

/// So many polkas a peer is told that connects: that of the valid block, and a later one whose block is not here yet.
const MOST_POLKAS: usize = 2;

/// The consensus engine with its signer.
pub(crate) struct Engine {
    state: State<Pool>,
    signer: Signer,
}

impl Engine {
    /// An engine that waits for [`Self::start`] of this height.
    pub(crate) fn new(
        pool: PoolId,
        key: Option<&SigningKey>,
        verified: Verified,
        height: Height,
        members: Members,
    ) -> Self {
        let own = key.map_or(ValidatorKey([0; 32]), |key| {
            ValidatorKey(VerificationKeyBytes::from(key).into())
        });
        let params = Params {
            address: Address(own),
            threshold_params: ThresholdParams::default(),
            value_payload: ValuePayload::ProposalAndParts,
            enabled: true,
        };
        let below = Number(height).decrement().unwrap_or_default();
        let (heights, messages) = (HEIGHTS_AHEAD, MESSAGES_AHEAD);
        Self {
            state: State::new(Pool(pool), below, members, params, heights, messages),
            signer: Signer {
                pool,
                key: key.copied(),
                own,
                signed: BTreeSet::new(),
                is_bound: false,
                backed: None,
                verified,
            },
        }
    }

    /// Whether it can sign.
    pub(crate) fn has_key(&self) -> bool {
        self.signer.key.is_some()
    }

    pub(crate) fn own(&self) -> ValidatorKey {
        self.signer.own
    }

    pub(crate) fn pool(&self) -> PoolId {
        self.signer.pool
    }

    /// The round, if one has begun.
    pub(crate) fn round(&self) -> Option<u32> {
        self.state.round().as_u32()
    }

    /// Whether this statement of the own key was signed here during this height, or handled before.
    pub(crate) fn knows_own(&self, signed: &Signed) -> bool {
        self.signer.signed.contains(signed)
    }

    /// Whether a validator's signature over this is good.
    pub(crate) fn is_signed(
        &self,
        key: ValidatorKey,
        statement: &Statement,
        signature: &Signature,
    ) -> bool {
        let Signer { pool, verified, .. } = &self.signer;
        verified.is_signed(*pool, key, statement, signature)
    }

    /// Whether validators of more than two thirds prevoted for this in any round.
    pub(crate) fn is_backed(&self, decision: &Decision) -> bool {
        let polkas = self.state.driver.polka_certificates();
        polkas.iter().any(|polka| polka.value_id == *decision)
    }

    /// The newest polkas that are of the round of the valid block or of later ones, the later one last.
    pub(crate) fn polkas(&self) -> Vec<&PolkaCertificate<Pool>> {
        let driver = &self.state.driver;
        let valid = driver.valid_value().map(|valid| valid.round);
        let polkas = driver.polka_certificates().iter();
        let mut polkas: Vec<_> = polkas.filter(|it| Some(it.round) >= valid).collect();
        polkas.sort_by_key(|it| it.round);
        let old = polkas.len().saturating_sub(MOST_POLKAS);
        polkas.split_off(old)
    }

    /// The certificate with which this round began, and [`Self::polkas`].
    pub(crate) fn certificates(&self) -> Vec<Payload> {
        let driver = &self.state.driver;
        let entered = driver.round_certificate();
        let entered = entered.filter(|it| it.enter_round == driver.round());
        let entered = entered.map(|it| Payload::Round(it.certificate.clone()));
        let polkas = self.polkas().into_iter().cloned().map(Payload::Polka);
        entered.into_iter().chain(polkas).collect()
    }

    /// The votes of this round and of those after it, and from rounds before it the precommits for blocks, which may still
    /// decide: no more than there are in two rounds.
    pub(crate) fn votes(&self) -> impl Iterator<Item = SignedVote<Pool>> {
        let driver = &self.state.driver;
        let (round, rounds) = (driver.round(), driver.votes().all_rounds());
        let now = rounds
            .range(round..)
            .flat_map(|(_, of)| of.received_votes());
        let before = rounds.range(..round).rev();
        let before = before.flat_map(|(_, of)| of.received_votes());
        let before = before.filter(|vote| vote.kind == VoteType::Precommit && !vote.value.is_nil());
        let most = driver.validator_set().count().saturating_mul(4);
        now.chain(before).take(most).cloned()
    }

    /// Whether the round waits for its proposal.
    pub(crate) fn awaits_proposal(&self) -> bool {
        self.state.driver.step_is_propose()
    }

    /// The kind of votes that the round waits for, with those of whom there is none, and those who voted nil.
    pub(crate) fn awaited(&self) -> Option<(VoteType, Vec<ValidatorKey>, Vec<ValidatorKey>)> {
        let driver = &self.state.driver;
        let kind = if driver.step_is_prevote() {
            VoteType::Prevote
        } else {
            driver.step_is_precommit().then_some(VoteType::Precommit)?
        };
        let votes = driver.votes().per_round(driver.round());
        let members = driver.validator_set().set().validators().iter();
        let (mut silent, mut against) = (Vec::new(), Vec::new());
        for one in members {
            let voter = Address(one.key);
            let vote = votes.and_then(|votes| votes.get_vote(kind, &voter));
            match vote {
                None => silent.push(one.key),
                Some(vote) if vote.value.is_nil() => against.push(one.key),
                Some(_) => {}
            }
        }
        Some((kind, silent, against))
    }

    /// Whether no block can have the prevotes of more than two thirds in this round any more: too many went elsewhere. Who is proven
    /// to have signed two may have signed a third.
    pub(crate) fn is_lost(&self) -> bool {
        let (kind, driver) = (VoteType::Prevote, &self.state.driver);
        let total = driver.votes().total_weight();
        let Some(votes) = driver.votes().per_round(driver.round()) else {
            return false;
        };
        let members = driver.validator_set().set();
        let cheats = votes.received_votes().iter();
        let cheats = cheats.filter(|vote| vote.kind == kind && self.is_proven(vote));
        let cheats: BTreeSet<_> = cheats.map(|vote| vote.voter.0).collect();
        let cheats = cheats.iter().filter_map(|key| members.get(key));
        let cast = votes.votes().weight_sum(kind);
        let cast = cheats.fold(cast, |sum, one| sum.saturating_sub(one.weight));
        let of_blocks = votes.received_votes().iter();
        let of_blocks = of_blocks.filter(|vote| vote.kind == kind && !vote.value.is_nil());
        let most = of_blocks.map(|vote| votes.votes().get_weight(kind, &vote.value));
        let most = most.max().unwrap_or_default();
        let could = total.saturating_sub(cast).saturating_add(most);
        !ThresholdParam::TWO_F_PLUS_ONE.is_met(could, total)
    }

    /// Whether more than two thirds precommitted nil in this round.
    pub(crate) fn is_left(&self) -> bool {
        let driver = &self.state.driver;
        let (votes, total) = (driver.votes(), driver.votes().total_weight());
        votes.per_round(driver.round()).is_some_and(|votes| {
            let (votes, nil) = (votes.votes(), NilOrVal::Nil);
            let nil = votes.get_weight(VoteType::Precommit, &nil);
            ThresholdParam::TWO_F_PLUS_ONE.is_met(nil, total)
        })
    }

    /// The prevotes of more than two thirds for one block, in the latest round in which there were so many.
    pub(crate) fn backing(&self) -> Vec<SignedVote<Pool>> {
        let pool = Pool(self.pool());
        let last = self.polkas().pop();
        last.map(|polka| polka.votes(&pool).collect())
            .unwrap_or_default()
    }

    /// Whether this vote is half of a pair that proves that its validator cheats: nothing more is to be learnt of it.
    pub(crate) fn is_proven(&self, vote: &SignedVote<Pool>) -> bool {
        self.state.driver.votes().has_equivocation_evidence(vote)
    }

    /// Gives the evidence of equivocation that was seen at this height, if there is any.
    pub(crate) fn evidence(&self) -> Option<MisbehaviorEvidence<Pool>> {
        let driver = &self.state.driver;
        let (votes, proposals) = (driver.votes().evidence(), driver.proposals().evidence());
        let none = votes.is_empty() && proposals.is_empty();
        (!none).then(|| MisbehaviorEvidence {
            proposals: proposals.clone(),
            votes: votes.clone(),
        })
    }

    /// Takes the evidence of others' equivocation that was not given out yet.
    pub(crate) fn take_evidence(&mut self) -> MisbehaviorEvidence<Pool> {
        MisbehaviorEvidence {
            proposals: self.state.driver.take_proposal_evidence(),
            votes: self.state.driver.take_vote_evidence(),
        }
    }

    /// Begins a height, from the log of what was handled of it before a stop. What is known to be signed with the own key, in the
    /// log and beside it, is said again as it is, whatever the engine would say now: it may be by a second machine.
    pub(crate) fn start(
        &mut self,
        height: Height,
        members: Members,
        votes: bool,
        (log, known): (&[EngineInput], impl Iterator<Item = Signed>),
    ) -> (Vec<EngineEffect>, Result<(), EngineError>) {
        let own = self.signer.own;
        let pool = Pool(self.signer.pool);
        let logged = log.iter().flat_map(|input| signed_in_logged(input, &pool));
        self.signer.signed = logged.chain(known).filter(|one| one.0 == own).collect();
        self.signer.is_bound = !log.is_empty();
        self.signer.backed = None;
        self.state.params.enabled = votes;
        // It is told that it replays, and not what it signed: the signer knows that.
        if !log.is_empty() {
            self.state.index_wal_entries(&[]);
        }
        let policy = VoteExtensionPolicy::Disabled;
        let start = Input::StartHeight(Number(height), members, false, None, policy);
        let mut effects = Vec::new();
        let mut result = Ok(());
        for input in std::iter::once(start).chain(log.iter().cloned()) {
            let (more, stepped) = self.step(input);
            effects.extend(more);
            result = result.and(stepped);
        }
        self.state.reset_entries_index();
        (effects, result)
    }

    /// From now on until the next start, signs nothing.
    pub(crate) fn mute(&mut self) {
        self.state.params.enabled = false;
    }

    /// Handles an input. The effects are all to be carried out, whatever the result.
    pub(crate) fn step(
        &mut self,
        input: EngineInput,
    ) -> (Vec<EngineEffect>, Result<(), EngineError>) {
        let Self { state, signer } = self;
        if signer.is_bound {
            let polkas = state.driver.polka_certificates().iter();
            // What the own key alone prevoted for, no other is locked on, and no other may have the block.
            let polkas = polkas.filter(|it| {
                let mut signers = it.polka_signatures.iter();
                signers.any(|one| one.address.0 != signer.own)
            });
            let polkas = polkas.filter_map(|it| Some((it.round.as_u32()?, it.value_id)));
            signer.backed = polkas.chain(signer.backed).max();
        }
        let mut effects = Vec::new();
        let result = process!(
            input: input,
            state: state,
            metrics: &(),
            with: effect => Ok::<_, Infallible>(signer.answer(effect, &mut effects))
        );
        (effects, result)
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").finish_non_exhaustive()
    }
}

/// Gives the signed statement of a vote or a proposal, with its signature: not checked.
pub(crate) fn signed_in(input: &EngineInput) -> Option<Signed> {
    match input {
        Input::Vote(vote) => Some((vote.voter.0, vote.statement()?, vote.signature)),
        Input::Proposal(proposal) => Some((
            proposal.proposer.0,
            proposal.statement()?,
            proposal.signature,
        )),
        _ => None,
    }
}

/// The signed statements of what the engine handled: of a polka those of its votes, which it does not take one by one.
fn signed_in_logged(input: &EngineInput, pool: &Pool) -> Vec<Signed> {
    match input {
        Input::PolkaCertificate(polka) => {
            let votes = polka.votes(pool).map(Input::Vote);
            votes.filter_map(|vote| signed_in(&vote)).collect()
        }
        input => signed_in(input).into_iter().collect(),
    }
}

/// Gives the first of a certificate's votes as a signed statement: not checked.
pub(crate) fn first_certified(input: &EngineInput, pool: PoolId) -> Option<Signed> {
    let pool = Pool(pool);
    let vote = match input {
        Input::PolkaCertificate(polka) => polka.votes(&pool).next(),
        Input::RoundCertificate(round) => round.votes(&pool).next(),
        _ => None,
    };
    signed_in(&Input::Vote(vote?))
}

struct Signer {
    pool: PoolId,
    /// The key to sign with; a validator without one observes.
    key: Option<SigningKey>,
    own: ValidatorKey,
    /// Statements of the own key at this height: no more than the engine makes and keeps.
    signed: BTreeSet<Signed>,
    /// Whether this height began from a log.
    is_bound: bool,
    /// If so, the latest round known in which more than two thirds prevoted for a block, and the block.
    backed: Option<(u32, Decision)>,
    verified: Verified,
}

impl Signer {
    fn answer(&mut self, effect: EngineEffect, effects: &mut Vec<EngineEffect>) -> Resume<Pool> {
        match effect {
            Effect::SignVote(vote, resume) => {
                let (said, signature) = self.sign(vote.statement());
                let value = said.decision.map_or(NilOrVal::Nil, NilOrVal::Val);
                resume.resume_with(SignedMessage::new(Vote { value, ..vote }, signature))
            }
            Effect::SignProposal(proposal, resume) => {
                let (said, signature) = self.sign(proposal.statement());
                resume.resume_with(SignedMessage::new(proposal.saying(&said), signature))
            }
            Effect::VerifySignature(message, key, resume) => {
                resume.resume_with(self.verify(&message, key))
            }
            Effect::VerifyCommitCertificate(certificate, members, _, resume) => {
                let (height, round) = (certificate.height, certificate.round);
                let value = NilOrVal::Val(certificate.value_id);
                let signatures = &certificate.commit_signatures;
                let votes = signatures
                    .iter()
                    .map(|CommitSignature { address, signature }| {
                        let vote = Pool(self.pool).new_precommit(height, round, value, *address);
                        (vote, *signature)
                    });
                resume.resume_with(self.check(&members, votes, ThresholdParam::TWO_F_PLUS_ONE))
            }
            Effect::VerifyPolkaCertificate(certificate, members, _, resume) => {
                let pool = Pool(self.pool);
                let votes = certificate.votes(&pool);
                let votes = votes.map(|vote| (vote.message, vote.signature));
                resume.resume_with(self.check(&members, votes, ThresholdParam::TWO_F_PLUS_ONE))
            }
            Effect::VerifyRoundCertificate(certificate, members, _, resume) => {
                let (wanted, any) = match certificate.cert_type {
                    RoundCertificateType::Precommit => (ThresholdParam::TWO_F_PLUS_ONE, false),
                    RoundCertificateType::Skip => (ThresholdParam::F_PLUS_ONE, true),
                };
                let pool = Pool(self.pool);
                let votes = certificate.votes(&pool);
                let votes: Vec<_> = votes.map(|vote| (vote.message, vote.signature)).collect();
                let mut prevotes = votes
                    .iter()
                    .filter(|(vote, _)| vote.kind == VoteType::Prevote);
                let result = match prevotes.next() {
                    Some((vote, _)) if !any => Err(CertificateError::InvalidVoteType(vote.voter)),
                    _ => self.check(&members, votes.into_iter(), wanted),
                };
                resume.resume_with(result)
            }
            // Others' decisions come with certificates of our own kind: the engine's sync is not used, nor are extensions.
            Effect::VerifyExtendedCommitCertificate(.., resume) => {
                resume.resume_with(Err(CertificateError::VerificationError(None)))
            }
            Effect::ExtendVote(.., resume) => resume.resume_with(None),
            Effect::VerifyVoteExtension(.., resume) => resume.resume_with(Ok(())),
            effect => {
                effects.push(effect);
                Resume::Continue
            }
        }
    }

    /// Signs this statement, or gives what was signed before in its place, if anything was.
    fn sign(&mut self, statement: Option<Statement>) -> (Statement, Signature) {
        let statement = statement.expect("the engine signs in rounds that have started");
        let statement = self.bound(statement);
        let mut signed = self.signed.iter();
        let before = signed.find(|(_, said, _)| *said == statement || said.contradicts(&statement));
        if let Some((_, said, signature)) = before {
            return (*said, *signature);
        }
        let key = self.key.expect("who has no key does not vote");
        let signature = key.sign(&statement.signing_bytes(self.pool));
        let signature = Signature(signature.to_bytes());
        self.signed.insert((self.own, statement, signature));
        (statement, signature)
    }

    /// Makes nil of a prevote that goes back behind a block which others may have made final with a vote of the own key. An engine that
    /// starts from what others told is not locked on such a block, as it was when it voted.
    fn bound(&self, statement: Statement) -> Statement {
        match self.backed {
            Some((round, backed))
                if statement.kind == StatementKind::Prevote
                    && statement.round > round
                    && statement.decision.is_some_and(|it| it != backed) =>
            {
                Statement {
                    decision: None,
                    ..statement
                }
            }
            _ => statement,
        }
    }

    fn verify(
        &mut self,
        message: &SignedMessage<Pool, ConsensusMsg<Pool>>,
        key: ValidatorKey,
    ) -> bool {
        let statement = match &message.message {
            ConsensusMsg::Vote(vote) => Vote::statement(vote),
            ConsensusMsg::Proposal(proposal) => Proposal::statement(proposal),
        };
        let Some(statement) = statement else {
            return false;
        };
        let signed = (key, statement, message.signature);
        if self.signed.contains(&signed) {
            return true;
        }
        let good = self
            .verified
            .is_signed(self.pool, key, &statement, &message.signature);
        if good && key == self.own {
            self.signed.insert(signed);
        }
        good
    }

    #[allow(clippy::result_large_err, reason = "the engine's own error")]
    /// Checks that votes are of different members with enough weight, and signed.
    fn check(
        &self,
        members: &Members,
        votes: impl Iterator<Item = (Vote, Signature)>,
        wanted: ThresholdParam,
    ) -> Result<(), CertificateError<Pool>> {
        let mut seen = BTreeSet::new();
        let mut signed = 0_u64;
        for (vote, signature) in votes {
            let voter = vote.voter;
            if !seen.insert(voter) {
                return Err(CertificateError::DuplicateVote(voter));
            }
            let member = members.get_by_address(&voter);
            let member = member.ok_or(CertificateError::UnknownValidator(voter))?;
            let good = vote.statement().is_some_and(|statement| {
                self.signed.contains(&(voter.0, statement, signature))
                    || self
                        .verified
                        .is_signed(self.pool, voter.0, &statement, &signature)
            });
            if !good {
                let bad = CommitSignature::new(voter, signature);
                return Err(CertificateError::InvalidCommitSignature(bad));
            }
            signed = signed.saturating_add(member.voting_power());
        }
        let total = members.total_voting_power();
        if wanted.is_met(signed, total) {
            return Ok(());
        }
        Err(CertificateError::NotEnoughVotingPower {
            signed,
            total,
            expected: wanted.min_expected(total),
        })
    }
}

#[cfg(test)]
mod tests {
    use bolao_ledger::BlockHash;

    use super::*;

    const HEIGHT: Height = Height(5);

    fn said(signer: &mut Signer, kind: StatementKind, round: u32, block: u8) -> Option<Decision> {
        let decision = Some(Decision::plain(HEIGHT, BlockHash([block; 32])));
        let statement = Statement {
            kind,
            height: HEIGHT,
            round,
            decision,
        };
        signer.sign(Some(statement)).0.decision
    }

    #[test]
    fn whoever_starts_from_a_log_does_not_go_back_behind_what_may_be_decided() {
        let key = SigningKey::from([1; 32]);
        let backed = Decision::plain(HEIGHT, BlockHash([1; 32]));
        let mut signer = Signer {
            pool: PoolId::default(),
            key: Some(key),
            own: ValidatorKey(VerificationKeyBytes::from(&key).into()),
            signed: BTreeSet::new(),
            is_bound: true,
            backed: Some((3, backed)),
            verified: Verified::default(),
        };
        let (prevote, precommit) = (StatementKind::Prevote, StatementKind::Precommit);
        assert_eq!(said(&mut signer, prevote, 4, 2), None);
        assert_eq!(said(&mut signer, prevote, 5, 1), Some(backed));
        // Of that round itself and of those before it says nothing, nor of what more than two thirds prevote for later.
        for (kind, round) in [(prevote, 3), (prevote, 0), (precommit, 6)] {
            assert!(said(&mut signer, kind, round, 2).is_some_and(|it| it != backed));
        }
        signer.backed = None;
        assert!(said(&mut signer, prevote, 7, 2).is_some());
    }
}
