//! What the state holds about validators, besides who they are.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::{
    genesis::ValidatorKey,
    hashes::TxId,
    units::{Chips, Height, UnixSeconds},
};

/// Chips that an account has locked to vote with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Staked {
    /// Those that weigh.
    pub chips: Chips,
    /// Those that weigh no more and wait to be free.
    pub waiting: Chips,
    /// When they are.
    pub free_at: UnixSeconds,
}

/// A proven equivocation of a validator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Cheat {
    /// The key that signed twice.
    pub key: ValidatorKey,
    /// The transaction that proves it.
    pub tx: TxId,
    /// The block that holds it.
    pub height: Height,
    /// The pool's time then.
    pub time: UnixSeconds,
    /// The chips that it cost.
    pub cut: Chips,
}
