//! Proof that validators cheated, and its file.

use bolao_ledger::{
    AccountId, BlockHash, Conflict, Decided, Decision, DoubleSign, Genesis, Height, PoolId,
    Statement, ValidatorKey, decode, encode, json::from_file,
};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    base64, deciders::Deciders, error::SlipError, form::SLIP_BYTES_MAX, slip::SetChanged, votes,
};

/// The version of the form.
pub const PROOF_VERSION: u16 = 1;

/// Proof that validators cheated, which anybody can check who knows the pool's id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(tag = "proves", rename_all = "snake_case", deny_unknown_fields)]
pub enum Proof {
    /// Two blocks of one vote were made final, and some validators signed both.
    TwoHistories {
        /// [`PROOF_VERSION`].
        version: u16,
        /// The identity of the pool.
        #[cfg_attr(feature = "schema", schema(value_type = String))]
        pool: PoolId,
        /// Every rule of the pool: the canonical encoding of the genesis document, in base64 as slips write it.
        #[serde(with = "base64")]
        #[cfg_attr(feature = "schema", schema(value_type = String))]
        genesis: Vec<u8>,
        /// Every final block under the two after which others vote than before, the lowest first, as in a slip.
        changes: Vec<SetChanged>,
        /// The first decision with its certificate, encoded, in base64.
        #[serde(with = "base64")]
        #[cfg_attr(feature = "schema", schema(value_type = String))]
        first: Vec<u8>,
        /// The second decision with its certificate, in the same form.
        #[serde(with = "base64")]
        #[cfg_attr(feature = "schema", schema(value_type = String))]
        second: Vec<u8>,
    },
    /// A validator signed two votes of which it may sign one.
    TwoVotes {
        /// [`PROOF_VERSION`].
        version: u16,
        /// The identity of the pool.
        #[cfg_attr(feature = "schema", schema(value_type = String))]
        pool: PoolId,
        /// The key and both statements with their signatures, encoded, in base64.
        #[serde(with = "base64")]
        #[cfg_attr(feature = "schema", schema(value_type = String))]
        signed: Vec<u8>,
    },
}

/// The facts that a good proof proves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProofReport {
    /// The vote's number: in `pos` the height of the block.
    pub height: Height,
    /// The two decisions that were made, or that one validator signed for; a vote may be for none.
    pub decisions: [Option<Decision>; 2],
    /// The validators that signed both: their keys, and their accounts where the proof shows whose they are and that they have surely
    /// cheated, so that nobody is named for what others made up.
    pub signed_both: Vec<(ValidatorKey, Option<AccountId>)>,
    /// Every block that the proof shows as one after which others vote than before, the lowest first.
    pub changes: Vec<(Height, BlockHash)>,
    /// Those who voted on these blocks: with their keys who votes after them can be made up.
    pub deciders: Vec<Deciders>,
    /// The round of each. Only who signed both in one round has surely cheated; where they differ, validators of more than a
    /// third of the weight have, and an honest one may have signed both.
    pub rounds: [u32; 2],
    /// Whether both were final.
    pub both_final: bool,
}

/// Why a proof proves nothing.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum ProofError {
    #[error("got a proof of at least {got} bytes, wanted at most {SLIP_BYTES_MAX}")]
    TooLong { got: usize },
    #[error("got a text that is not a proof: {reason}")]
    Json { reason: String },
    #[error("the proof is not in its original form: something in it was changed")]
    Form,
    #[error("got a proof of version {got}, this program knows version {PROOF_VERSION}")]
    Version { got: u16 },
    #[error("the proof is of the pool {got}, wanted one of the pool {wanted}")]
    OtherPool { got: PoolId, wanted: PoolId },
    #[error("the proof's rules are not the pool's: their hash is {got}, wanted {wanted}")]
    OtherRules { got: PoolId, wanted: PoolId },
    #[error("{what} does not decode: {reason}")]
    Encoding { what: &'static str, reason: String },
    #[error("who voted cannot be followed: {source}")]
    Validators { source: SlipError },
    #[error(
        "the two do not contradict each other, or no certificate of the validators is with both"
    )]
    NoConflict,
    #[error("the two votes do not contradict each other, or a signature is not good")]
    NoDoubleVote,
}

impl ProofReport {
    /// Whether both are of one round, so that all who signed both have cheated.
    #[must_use]
    pub const fn same_round(&self) -> bool {
        let [first, second] = self.rounds;
        first == second
    }
}

fn read<T: one_form::OneForm>(bytes: &[u8], what: &'static str) -> Result<T, ProofError> {
    T::read(bytes).map_err(|reason| ProofError::Encoding { what, reason })
}

/// Readers of encodings that have one form only: two files that differ are never both good.
mod one_form {
    use super::{Decided, DoubleSign, Genesis, decode, encode};

    pub(super) trait OneForm: Sized {
        fn read(bytes: &[u8]) -> Result<Self, String>;
    }

    macro_rules! read {
        ($($kind:ty),*) => {
            $(impl OneForm for $kind {
                fn read(bytes: &[u8]) -> Result<Self, String> {
                    let value: Self = decode(bytes).map_err(|error| error.to_string())?;
                    if encode(&value) == bytes {
                        Ok(value)
                    } else {
                        Err("it is not in its one form".to_owned())
                    }
                }
            })*
        };
    }

    read!(Decided, DoubleSign, Genesis);
}

impl Proof {
    /// Of two histories; `changes` are all of the chain below the conflict, the lowest first.
    #[must_use]
    pub fn of_histories(genesis: &Genesis, conflict: &Conflict, changes: Vec<SetChanged>) -> Self {
        let decided = |(decision, certificate): &(Decision, _)| {
            encode(&Decided {
                height: conflict.height,
                decision: *decision,
                certificate: Clone::clone(certificate),
            })
        };
        Self::TwoHistories {
            version: PROOF_VERSION,
            pool: genesis.pool_id(),
            genesis: encode(genesis),
            changes,
            first: decided(&conflict.first),
            second: decided(&conflict.second),
        }
    }

    /// Of two votes.
    #[must_use]
    pub fn of_votes(pool: PoolId, signed: &DoubleSign) -> Self {
        Self::TwoVotes {
            version: PROOF_VERSION,
            pool,
            signed: encode(signed),
        }
    }

    /// The file's text: JSON on one line.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("maps with text keys are always JSON")
    }

    /// Reads a file. Only the form that [`Self::to_json`] writes is one, with or without a line's end.
    ///
    /// # Errors
    /// The text is too long, no proof, or not in that form.
    pub fn from_json(text: &str) -> Result<Self, ProofError> {
        if text.len() > SLIP_BYTES_MAX {
            return Err(ProofError::TooLong { got: text.len() });
        }
        let text = text.strip_suffix('\n').unwrap_or(text);
        let proof: Self = from_file(text).map_err(|error| ProofError::Json {
            reason: error.to_string(),
        })?;
        if proof.to_json() == text {
            Ok(proof)
        } else {
            Err(ProofError::Form)
        }
    }

    /// The pool that it says it is of.
    #[must_use]
    pub const fn pool(&self) -> PoolId {
        match self {
            Self::TwoHistories { pool, .. } | Self::TwoVotes { pool, .. } => *pool,
        }
    }

    /// The pool's rules, where it has them and they decode; [`Self::verify`] compares them with the pool.
    #[must_use]
    pub fn genesis(&self) -> Option<Genesis> {
        match self {
            Self::TwoHistories { genesis, .. } => decode(genesis).ok(),
            Self::TwoVotes { .. } => None,
        }
    }

    /// Checks all of it.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn verify(&self, pool: PoolId) -> Result<ProofReport, ProofError> {
        let (Self::TwoHistories { version, .. } | Self::TwoVotes { version, .. }) = self;
        if *version != PROOF_VERSION {
            return Err(ProofError::Version { got: *version });
        }
        if self.pool() != pool {
            return Err(ProofError::OtherPool {
                got: self.pool(),
                wanted: pool,
            });
        }
        match self {
            Self::TwoHistories {
                genesis,
                changes,
                first,
                second,
                ..
            } => two_histories(pool, genesis, changes, [first, second]),
            Self::TwoVotes { signed, .. } => two_votes(pool, signed),
        }
    }
}

fn two_histories(
    pool: PoolId,
    genesis: &[u8],
    changes: &[SetChanged],
    decided: [&[u8]; 2],
) -> Result<ProofReport, ProofError> {
    let genesis: Genesis = read(genesis, "what stands for the rules")?;
    let got = genesis.pool_id();
    if got != pool {
        return Err(ProofError::OtherRules { got, wanted: pool });
    }
    let [first, second] = decided;
    let first: Decided = read(first, "the first decision")?;
    let second: Decided = read(second, "the second decision")?;
    if first.height != second.height {
        return Err(ProofError::NoConflict);
    }
    let voters = votes::voters_of(&genesis, pool, first.height, changes);
    let voters = voters.map_err(|source| ProofError::Validators { source })?;
    let conflict = Conflict {
        height: first.height,
        first: (first.decision, first.certificate),
        second: (second.decision, second.certificate),
    };
    let rounds = [&conflict.first, &conflict.second].map(|(_, by)| by.round);
    let keys = conflict.signers(&voters.set, pool);
    if keys.is_empty() {
        return Err(ProofError::NoConflict);
    }
    // # Rule V13: a key that signed both in one round cheated, whoever voted. Of two rounds that takes the set, which those before it
    // # can make up.
    let [first_round, second_round] = rounds;
    let is_sure = first_round == second_round || voters.deciders.is_empty();
    let named = |key: ValidatorKey| {
        let owner = voters.set.get(&key).filter(|_| is_sure);
        (key, owner.map(|validator| validator.account))
    };
    Ok(ProofReport {
        height: conflict.height,
        decisions: [Some(conflict.first.0), Some(conflict.second.0)],
        signed_both: keys.into_iter().map(named).collect(),
        rounds,
        both_final: true,
        changes: voters.changed,
        deciders: voters.deciders,
    })
}

fn two_votes(pool: PoolId, signed: &[u8]) -> Result<ProofReport, ProofError> {
    let signed: DoubleSign = read(signed, "what stands for the votes")?;
    if !signed.is_proof(pool) {
        return Err(ProofError::NoDoubleVote);
    }
    let of = |statement: &Statement| statement.decision;
    Ok(ProofReport {
        height: signed.first.0.height,
        decisions: [of(&signed.first.0), of(&signed.second.0)],
        signed_both: vec![(signed.key, None)],
        rounds: [signed.first.0.round, signed.second.0.round],
        both_final: false,
        changes: Vec::new(),
        deciders: Vec::new(),
    })
}
