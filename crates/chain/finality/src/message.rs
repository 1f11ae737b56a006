//! What validators send one another.

use arc_malachitebft_core_consensus::{Input, LivenessMsg, SignedConsensusMsg};
use arc_malachitebft_core_types::{PolkaCertificate, RoundCertificate, SignedProposal, SignedVote};
use bolao_ledger::{Decided, DecodeError, Height, PoolId, Signature, Statement, ValidatorKey};
use borsh::{BorshDeserialize, BorshSerialize};

use crate::{
    context::{EngineInput, Pool},
    verified::Signed,
};

/// A message of a validator to others. It carries its own signatures, so that anybody may pass it on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message(pub(crate) Payload);

#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(crate) enum Payload {
    Vote(SignedVote<Pool>),
    Proposal(SignedProposal<Pool>),
    /// More than two thirds prevoted for this.
    Polka(PolkaCertificate<Pool>),
    /// Why a round may be left or entered.
    Round(RoundCertificate<Pool>),
    Decided(Decided),
    /// A signed statement that a validator makes beside the votes.
    Testified(Signed),
}

/// The content of a message, parted by who handles it.
pub(crate) enum Content {
    Engine(EngineInput),
    Decided(Decided),
    /// Nothing that the votes need.
    Other,
}

impl Message {
    /// The longest, in bytes: a certificate of 64 validators.
    pub const MAX_BYTES: usize = 16 * 1024;

    /// Gives its encoded bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        bolao_ledger::encode(&self.0)
    }

    /// Reads one. The caller has seen to it that there are not more bytes than [`Self::MAX_BYTES`].
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        bolao_ledger::decode(bytes).map(Self)
    }

    /// The number of the vote that it belongs to.
    #[must_use]
    pub fn height(&self) -> Height {
        match &self.0 {
            Payload::Vote(vote) => vote.height.0,
            Payload::Proposal(proposal) => proposal.height.0,
            Payload::Polka(polka) => polka.height.0,
            Payload::Round(round) => round.height.0,
            Payload::Decided(decided) => decided.height,
            Payload::Testified((_, statement, _)) => statement.height,
        }
    }

    /// Gives the statements that are signed in it, with their signers and signatures: not checked.
    #[must_use]
    pub fn statements(&self) -> Vec<(ValidatorKey, Statement, Signature)> {
        let of_vote = |vote: SignedVote<Pool>| -> Option<Signed> {
            Some((vote.voter.0, vote.statement()?, vote.signature))
        };
        // A vote does not name its pool.
        let any = Pool(PoolId::default());
        match &self.0 {
            Payload::Vote(vote) => of_vote(vote.clone()).into_iter().collect(),
            Payload::Proposal(proposal) => proposal
                .statement()
                .map(|statement| (proposal.proposer.0, statement, proposal.signature))
                .into_iter()
                .collect(),
            Payload::Polka(polka) => polka.votes(&any).filter_map(of_vote).collect(),
            Payload::Round(round) => round.votes(&any).filter_map(of_vote).collect(),
            Payload::Testified(signed) => vec![*signed],
            Payload::Decided(decided) => {
                let statement = decided
                    .certificate
                    .statement(decided.height, decided.decision);
                let signatures = &decided.certificate.signatures;
                let signed = signatures.iter();
                signed
                    .map(|(key, signature)| (*key, statement, *signature))
                    .collect()
            }
        }
    }

    /// The votes of which a certificate is made: not checked.
    pub(crate) fn certified_votes(&self) -> Vec<SignedVote<Pool>> {
        let any = Pool(PoolId::default());
        match &self.0 {
            Payload::Polka(polka) => polka.votes(&any).collect(),
            Payload::Round(round) => round.votes(&any).collect(),
            _ => Vec::new(),
        }
    }

    /// Makes a message of a statement that a validator makes beside the votes, with its signature.
    #[must_use]
    pub fn testified(key: ValidatorKey, statement: Statement, signature: Signature) -> Self {
        Self(Payload::Testified((key, statement, signature)))
    }

    /// Gives the statement that a validator makes in it beside the votes, if it is such a message: not checked.
    #[must_use]
    pub fn testimony(&self) -> Option<(ValidatorKey, Statement, Signature)> {
        match &self.0 {
            Payload::Testified(signed) => Some(*signed),
            _ => None,
        }
    }

    /// Parts what the engine takes from what it does not.
    pub(crate) fn into_content(self) -> Content {
        Content::Engine(match self.0 {
            Payload::Vote(vote) => Input::Vote(vote),
            Payload::Proposal(proposal) => Input::Proposal(proposal),
            Payload::Polka(polka) => Input::PolkaCertificate(polka),
            Payload::Round(round) => Input::RoundCertificate(round),
            Payload::Decided(decided) => return Content::Decided(decided),
            Payload::Testified(_) => return Content::Other,
        })
    }
}

impl From<Decided> for Message {
    fn from(decided: Decided) -> Self {
        Self(Payload::Decided(decided))
    }
}

impl From<SignedConsensusMsg<Pool>> for Message {
    fn from(message: SignedConsensusMsg<Pool>) -> Self {
        Self(match message {
            SignedConsensusMsg::Vote(vote) => Payload::Vote(vote),
            SignedConsensusMsg::Proposal(proposal) => Payload::Proposal(proposal),
        })
    }
}

impl From<LivenessMsg<Pool>> for Message {
    fn from(message: LivenessMsg<Pool>) -> Self {
        Self(match message {
            LivenessMsg::Vote(vote) => Payload::Vote(vote),
            LivenessMsg::PolkaCertificate(polka) => Payload::Polka(polka),
            LivenessMsg::SkipRoundCertificate(round) => Payload::Round(round),
        })
    }
}
