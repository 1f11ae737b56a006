//! What the engine calls things: its names for our types, and what of each is signed.

use std::{convert::Infallible, fmt, sync::Arc};

use arc_malachitebft_core_consensus::Input;
use arc_malachitebft_core_types as types;
use bolao_ledger::{
    Decision, Height, PoolId, Signature, Statement, StatementKind, Validator, ValidatorKey,
    ValidatorSet,
};
use borsh::{BorshDeserialize, BorshSerialize};
use types::{LinearTimeouts, NilOrVal, Round, SignedExtension, VoteType};

/// The pool in which is voted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pool(pub(crate) PoolId);

/// An input of the engine.
pub(crate) type EngineInput = Input<Pool>;

/// A validator, named by its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize)]
pub(crate) struct Address(pub(crate) ValidatorKey);

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl types::Address for Address {}

/// A vote's number.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    BorshSerialize,
    BorshDeserialize,
)]
pub(crate) struct Number(pub(crate) Height);

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl types::Height for Number {
    const ZERO: Self = Self(Height(0));
    const INITIAL: Self = Self(Height(1));

    fn increment_by(&self, n: u64) -> Self {
        Self(Height(self.0.0.saturating_add(n)))
    }

    fn decrement_by(&self, n: u64) -> Option<Self> {
        self.0.checked_sub(n).map(Self)
    }

    fn as_u64(&self) -> u64 {
        self.0.0
    }
}

/// The value that is voted on: a decision, which is its own identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize)]
pub(crate) struct Value(pub(crate) Decision);

impl types::Value for Value {
    type Id = Decision;

    fn id(&self) -> Decision {
        self.0
    }
}

/// A prevote or precommit of one validator in one round of a height.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(crate) struct Vote {
    pub(crate) kind: VoteType,
    pub(crate) height: Number,
    pub(crate) round: Round,
    pub(crate) value: NilOrVal<Decision>,
    pub(crate) voter: Address,
}

impl Vote {
    /// Gives the statement that is signed in it; none if it can be nobody's vote.
    pub(crate) fn statement(&self) -> Option<Statement> {
        Some(Statement {
            kind: match self.kind {
                VoteType::Prevote => StatementKind::Prevote,
                VoteType::Precommit => StatementKind::Precommit,
            },
            height: self.height.0,
            round: self.round.as_u32()?,
            decision: match self.value {
                NilOrVal::Nil => None,
                NilOrVal::Val(decision) => Some(decision),
            },
        })
    }
}

impl types::Vote<Pool> for Vote {
    fn height(&self) -> Number {
        self.height
    }

    fn round(&self) -> Round {
        self.round
    }

    fn value(&self) -> &NilOrVal<Decision> {
        &self.value
    }

    fn take_value(self) -> NilOrVal<Decision> {
        self.value
    }

    fn vote_type(&self) -> VoteType {
        self.kind
    }

    fn validator_address(&self) -> &Address {
        &self.voter
    }

    fn extension(&self) -> Option<&SignedExtension<Pool>> {
        None
    }

    fn take_extension(&mut self) -> Option<SignedExtension<Pool>> {
        None
    }

    fn extend(self, _: SignedExtension<Pool>) -> Self {
        self
    }
}

/// A proposal: the value that the proposer of a round puts to the vote.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(crate) struct Proposal {
    pub(crate) height: Number,
    pub(crate) round: Round,
    pub(crate) value: Value,
    pub(crate) valid_round: Round,
    pub(crate) proposer: Address,
}

impl Proposal {
    /// Gives the statement that is signed in it; none if it can be nobody's proposal.
    pub(crate) fn statement(&self) -> Option<Statement> {
        Some(Statement {
            kind: StatementKind::Proposal {
                valid_round: self.valid_round.as_u32(),
            },
            height: self.height.0,
            round: self.round.as_u32()?,
            decision: Some(self.value.0),
        })
    }

    /// The proposal of the same round that says this.
    pub(crate) fn saying(self, statement: &Statement) -> Self {
        let (StatementKind::Proposal { valid_round }, Some(decision)) =
            (statement.kind, statement.decision)
        else {
            return self;
        };
        Self {
            value: Value(decision),
            valid_round: valid_round.map_or(Round::Nil, Round::new),
            ..self
        }
    }
}

impl types::Proposal<Pool> for Proposal {
    fn height(&self) -> Number {
        self.height
    }

    fn round(&self) -> Round {
        self.round
    }

    fn value(&self) -> &Value {
        &self.value
    }

    fn take_value(self) -> Value {
        self.value
    }

    fn pol_round(&self) -> Round {
        self.valid_round
    }

    fn validator_address(&self) -> &Address {
        &self.proposer
    }
}

/// A validator as the engine looks it up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Member(Address, Validator);

impl types::Validator<Pool> for Member {
    fn address(&self) -> &Address {
        &self.0
    }

    fn public_key(&self) -> &ValidatorKey {
        &self.1.key
    }

    fn voting_power(&self) -> u64 {
        self.1.weight
    }
}

/// The validators of a height. The engine copies it for every certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Members(Arc<(ValidatorSet, Vec<Member>)>);

impl Members {
    pub(crate) fn new(set: ValidatorSet) -> Self {
        let members = set.validators().iter();
        let members = members.map(|one| Member(Address(one.key), *one)).collect();
        Self(Arc::new((set, members)))
    }

    pub(crate) fn set(&self) -> &ValidatorSet {
        &self.0.0
    }
}

impl types::ValidatorSet<Pool> for Members {
    fn count(&self) -> usize {
        self.0.1.len()
    }

    fn total_voting_power(&self) -> u64 {
        self.set().total()
    }

    fn get_by_address(&self, address: &Address) -> Option<&Member> {
        let place = self.0.1.binary_search_by_key(address, |member| member.0);
        self.0.1.get(place.ok()?)
    }

    fn get_by_index(&self, index: usize) -> Option<&Member> {
        self.0.1.get(index)
    }
}

/// There are no parts: bodies travel as blocks do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NoPart {}

impl types::ProposalPart<Pool> for NoPart {
    fn is_first(&self) -> bool {
        match *self {}
    }

    fn is_last(&self) -> bool {
        match *self {}
    }
}

/// ed25519 as the ledger has it. Encoding is borsh's matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ed25519;

impl types::SigningScheme for Ed25519 {
    type DecodingError = std::array::TryFromSliceError;
    type Signature = Signature;
    type PublicKey = ValidatorKey;
    type PrivateKey = Infallible;

    fn decode_signature(bytes: &[u8]) -> Result<Signature, Self::DecodingError> {
        bytes.try_into().map(Signature)
    }

    fn encode_signature(signature: &Signature) -> Vec<u8> {
        signature.0.to_vec()
    }

    fn decode_public_key(bytes: &[u8]) -> Result<ValidatorKey, Self::DecodingError> {
        bytes.try_into().map(ValidatorKey)
    }

    fn encode_public_key(key: &ValidatorKey) -> Vec<u8> {
        key.0.to_vec()
    }
}

impl types::Context for Pool {
    type Address = Address;
    type Height = Number;
    type ProposalPart = NoPart;
    type Proposal = Proposal;
    type Validator = Member;
    type ValidatorSet = Members;
    type Timeouts = LinearTimeouts;
    type Value = Value;
    type Vote = Vote;
    type Extension = ();
    type SigningScheme = Ed25519;

    fn select_proposer<'a>(&self, set: &'a Members, height: Number, round: Round) -> &'a Member {
        let round = round.as_u32().unwrap_or_default();
        let proposer = set.set().proposer(self.0, height.0, round);
        types::ValidatorSet::get_by_address(set, &Address(proposer.key))
            .expect("the proposer is drawn from the set")
    }

    fn new_proposal(
        &self,
        height: Number,
        round: Round,
        value: Value,
        valid_round: Round,
        proposer: Address,
    ) -> Proposal {
        Proposal {
            height,
            round,
            value,
            valid_round,
            proposer,
        }
    }

    fn new_prevote(
        &self,
        height: Number,
        round: Round,
        value: NilOrVal<Decision>,
        voter: Address,
    ) -> Vote {
        Vote {
            kind: VoteType::Prevote,
            height,
            round,
            value,
            voter,
        }
    }

    fn new_precommit(
        &self,
        height: Number,
        round: Round,
        value: NilOrVal<Decision>,
        voter: Address,
    ) -> Vote {
        Vote {
            kind: VoteType::Precommit,
            height,
            round,
            value,
            voter,
        }
    }
}
