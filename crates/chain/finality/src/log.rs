//! The write-ahead log: what was handled of the height that is voted on, so that a validator that stops and starts again
//! does not sign anything else than it did.

use arc_malachitebft_core_consensus::{Input, ProposedValue};
use arc_malachitebft_core_types::{
    PolkaCertificate, Round, SignedProposal, SignedVote, Timeout, TimeoutKind, ValueOrigin,
};
use bolao_ledger::{DecodeError, Height, PoolId, ValidatorKey};
use borsh::{BorshDeserialize, BorshSerialize};

use crate::{
    context::{EngineInput, Pool},
    io::Output,
    message::{Message, Payload},
    verified::Signed,
};

/// The entries of a log, with their height.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entries {
    /// Of which height.
    pub height: Height,
    /// In the order in which they were appended.
    pub entries: Vec<Vec<u8>>,
}

/// A store for the log. If any of this fails, the validator must stop at once.
pub trait Log {
    /// Why it cannot be written or read.
    type Error;

    /// Adds an entry at the end. It need not be durable yet.
    fn append(&mut self, entry: &[u8]) -> Result<(), Self::Error>;

    /// Makes durable what was appended, and the blocks that [`Output::Keep`] named before.
    fn flush(&mut self) -> Result<(), Self::Error>;

    /// Empties the log: from now on it is that of this height. It is durable no later than the next flush.
    fn reset(&mut self, height: Height) -> Result<(), Self::Error>;

    /// All entries that were flushed, and as many more as are there without a gap.
    fn read(&self) -> Result<Option<Entries>, Self::Error>;

    /// Does what an output asks of the log; whether it asked anything.
    fn carry_out(&mut self, output: &Output) -> Result<bool, Self::Error> {
        match output {
            Output::Append(entry) => self.append(entry)?,
            Output::Flush => self.flush()?,
            Output::Reset(height) => self.reset(*height)?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

#[derive(BorshSerialize, BorshDeserialize)]
enum Entry {
    Vote(SignedVote<Pool>),
    Proposal(SignedProposal<Pool>),
    Polka(PolkaCertificate<Pool>),
    Value(ProposedValue<Pool>),
    ProposeTimeout(Round),
    PrevoteTimeout(Round),
    PrecommitTimeout(Round),
    Elsewhere(Signed),
}

/// An entry of the log as it was read.
pub(crate) enum Logged {
    /// An input that the engine handled.
    Engine(EngineInput),
    /// A statement that another machine signed with this validator's key at a height that had not begun here.
    Elsewhere(Signed),
}

/// The bytes of what was signed elsewhere.
pub(crate) fn elsewhere(signed: Signed) -> Vec<u8> {
    bolao_ledger::encode(&Entry::Elsewhere(signed))
}

/// An entry's bytes; none for what the engine asks for again by itself.
pub(crate) fn encode(input: &EngineInput) -> Option<Vec<u8>> {
    let entry = match input.clone() {
        Input::Vote(vote) => Entry::Vote(vote),
        Input::Proposal(proposal) => Entry::Proposal(proposal),
        Input::PolkaCertificate(polka) => Entry::Polka(polka),
        Input::ProposedValue(value, _) => Entry::Value(value),
        Input::TimeoutElapsed(Timeout { round, kind }) => match kind {
            TimeoutKind::Propose => Entry::ProposeTimeout(round),
            TimeoutKind::Prevote => Entry::PrevoteTimeout(round),
            TimeoutKind::Precommit => Entry::PrecommitTimeout(round),
            TimeoutKind::Rebroadcast | TimeoutKind::FinalizeHeight(_) => return None,
        },
        _ => return None,
    };
    Some(bolao_ledger::encode(&entry))
}

pub(crate) fn decode(bytes: &[u8]) -> Result<Logged, DecodeError> {
    Ok(Logged::Engine(match bolao_ledger::decode(bytes)? {
        Entry::Vote(vote) => Input::Vote(vote),
        Entry::Proposal(proposal) => Input::Proposal(proposal),
        Entry::Polka(polka) => Input::PolkaCertificate(polka),
        Entry::Value(value) => Input::ProposedValue(value, ValueOrigin::Consensus),
        Entry::ProposeTimeout(round) => Input::TimeoutElapsed(Timeout::propose(round)),
        Entry::PrevoteTimeout(round) => Input::TimeoutElapsed(Timeout::prevote(round)),
        Entry::PrecommitTimeout(round) => Input::TimeoutElapsed(Timeout::precommit(round)),
        Entry::Elsewhere(signed) => return Ok(Logged::Elsewhere(signed)),
    }))
}

/// The messages of a validator in the entries of a log, one by one. Entries that cannot be read have none.
#[must_use]
pub fn signed_by(entries: &[Vec<u8>], key: ValidatorKey) -> Vec<Message> {
    // A vote does not name its pool.
    let any = Pool(PoolId::default());
    let mut messages = Vec::new();
    for entry in entries {
        let payloads = match bolao_ledger::decode(entry) {
            Ok(Entry::Vote(vote)) => vec![Payload::Vote(vote)],
            Ok(Entry::Proposal(proposal)) => vec![Payload::Proposal(proposal)],
            Ok(Entry::Polka(polka)) => polka.votes(&any).map(Payload::Vote).collect(),
            _ => Vec::new(),
        };
        let signed = payloads.into_iter().filter(|payload| match payload {
            Payload::Vote(vote) => vote.voter.0 == key,
            Payload::Proposal(proposal) => proposal.proposer.0 == key,
            _ => false,
        });
        messages.extend(signed.map(Message));
    }
    messages
}
