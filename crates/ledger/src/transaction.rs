//! A signed action.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use crate::{
    account::AccountId,
    action::Action,
    codec::encode,
    hashes::{TxId, WitnessId, sha256d},
    signing::Signature,
    units::Nonce,
};

/// What is signed, besides the pool.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
pub struct TxBody {
    /// Who acts.
    pub account: AccountId,
    /// 0 for the account's first transaction, then consecutive.
    pub nonce: Nonce,
    /// What is done.
    pub action: Action,
}

impl TxBody {
    /// The transaction's identity, whatever its signature.
    #[must_use]
    pub fn id(&self) -> TxId {
        TxId(sha256d(&encode(self)))
    }
}

/// A body and its signature.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
pub struct Transaction {
    /// What is signed.
    pub body: TxBody,
    /// By the body's account, over [`crate::signing_bytes`].
    pub signature: Signature,
}

impl Transaction {
    /// The transaction's identity, whatever its signature.
    #[must_use]
    pub fn id(&self) -> TxId {
        self.body.id()
    }

    /// The hash of body and signature: the leaf of the Merkle tree.
    #[must_use]
    pub fn witness_id(&self) -> WitnessId {
        WitnessId(sha256d(&encode(self)))
    }
}
