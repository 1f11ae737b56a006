//! What can be wrong with a deal.

use bolao_ledger::ValidatorKey;
use thiserror::Error;

use crate::MAX_KEEPERS;

/// Why a deal cannot be made or taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DealError {
    /// None, or too many.
    #[error("got shares for {got} keepers, wanted 1 to {MAX_KEEPERS}")]
    Keepers {
        /// The number of keepers.
        got: usize,
    },
    /// Not in the order of their keys, or one twice.
    #[error("the keepers are not in the order of their keys, each once")]
    Order,
    /// Nothing can be encrypted to this key.
    #[error("the keeper's key {0} is not a usable key to encrypt to")]
    Key(ValidatorKey),
    /// Not the account's.
    #[error("the signature of the shares is not the account's")]
    Signature,
}

/// Why shares open nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CombineError {
    /// Too few shares.
    #[error("got {got} shares, wanted {needed}")]
    TooFew {
        /// The number of shares that fit the deal.
        got: usize,
        /// The number of shares that it takes.
        needed: usize,
    },
    /// The player dealt shares of something else.
    #[error("the shares that the player dealt do not open the seal")]
    DealtWrong,
}
