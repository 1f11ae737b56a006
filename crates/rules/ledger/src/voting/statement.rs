//! What a validator signs.

use std::{fmt, mem, ops::Deref};

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use crate::{
    account::AccountId,
    block_id::BlockId,
    codec::encode,
    domains,
    genesis::ValidatorKey,
    hashes::{BlockHash, PoolId},
    signing::{Signature, verify},
    units::Height,
};

/// A decision that validators vote on: that a block be final, and with it all those under it. It is read as a [`BlockId`].
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
)]
pub struct Decision {
    /// The block.
    #[serde(flatten)]
    pub block: BlockId,
    /// Whether validators took it only after their patience had run out (`hybrid`).
    pub contested: bool,
}

impl Decision {
    /// One for which no validator's patience ran out.
    #[must_use]
    pub const fn plain(height: Height, hash: BlockHash) -> Self {
        Self {
            block: BlockId { height, hash },
            contested: false,
        }
    }
}

impl Deref for Decision {
    type Target = BlockId;

    fn deref(&self) -> &BlockId {
        &self.block
    }
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let contested = if self.contested { ", contested" } else { "" };
        write!(f, "{}{contested}", self.block)
    }
}

/// The kind of a statement about a decision.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
)]
#[borsh(use_discriminant = true)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum StatementKind {
    /// The round's proposer proposes it.
    Proposal {
        /// The round in which more than two thirds prevoted for it, if it is proposed again.
        valid_round: Option<u32>,
    } = 0,
    /// A first vote; for no decision if the round brought none that the validator may take.
    Prevote = 1,
    /// A second vote. Those of more than two thirds of the weight, of one round, make the decision final.
    Precommit = 2,
    /// It is there at this moment, and has been since before the first deadline after the last checkpoint, and does not refuse
    /// this block nor those under it (`hybrid`); with no decision, only that it is there. The round is the time in unix seconds.
    /// A validator says this as often as it likes.
    Testified = 3,
}

/// A statement that a validator signs.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
)]
pub struct Statement {
    /// Proposal or vote.
    pub kind: StatementKind,
    /// The vote's number, from 1: in `pos` the height of the block, in `hybrid` that of the checkpoint.
    pub height: Height,
    /// The attempt at it, from 0; of what is testified, the time.
    pub round: u32,
    /// The decision that is proposed or voted for.
    pub decision: Option<Decision>,
}

impl Statement {
    /// The bytes that are signed: `"bolao/vote/1" ‖ pool id ‖ statement`.
    #[must_use]
    pub fn signing_bytes(&self, pool: PoolId) -> Vec<u8> {
        [domains::STATEMENT, &pool.0, &encode(self)].concat()
    }

    /// Whether a validator's signature over this is good.
    #[must_use]
    pub fn is_signed(&self, pool: PoolId, key: ValidatorKey, signature: &Signature) -> bool {
        verify(&AccountId(key.0), signature, &self.signing_bytes(pool))
    }

    /// Whether no honest validator signs both.
    #[must_use]
    pub fn contradicts(&self, other: &Self) -> bool {
        self.kind != StatementKind::Testified
            && mem::discriminant(&self.kind) == mem::discriminant(&other.kind)
            && (self.height, self.round) == (other.height, other.round)
            && self != other
    }
}

/// Proof that a validator signed two statements of which an honest one signs only one.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
pub struct DoubleSign {
    /// The key that signed both.
    pub key: ValidatorKey,
    /// One statement, with its signature.
    pub first: (Statement, Signature),
    /// The other statement, with its signature.
    pub second: (Statement, Signature),
}

impl DoubleSign {
    /// Whether it proves anything.
    #[must_use]
    pub fn is_proof(&self, pool: PoolId) -> bool {
        let (first, second) = (&self.first, &self.second);
        first.0.contradicts(&second.0)
            && [first, second]
                .iter()
                .all(|(statement, signature)| statement.is_signed(pool, self.key, signature))
    }
}
