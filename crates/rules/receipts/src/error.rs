//! Why a slip proves nothing.

use bolao_headers::HeaderError;
use bolao_ledger::{
    AccountId, BlockHash, CertificateError, Decision, HEADER_BYTES, Height, PoolId, TxCheckError,
    UnixSeconds, ValidatorKey,
};
use thiserror::Error;

use crate::form::{SLIP_BYTES_MAX, SLIP_CHANGES_MAX, SLIP_HEADERS_MAX, SLIP_VERSION_CHECKPOINT};

/// Why a slip proves nothing.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum SlipError {
    #[error("got a slip of at least {got} bytes, wanted at most {SLIP_BYTES_MAX}")]
    TooLong { got: usize },
    #[error("got a text that is not a slip: {reason}")]
    Json { reason: String },
    #[error("the slip is not in its original form: something in it was changed")]
    Form,
    #[error(
        "got a slip of version {got}, this program knows versions 1 to {SLIP_VERSION_CHECKPOINT}"
    )]
    Version { got: u16 },
    #[error("the slip is of the pool {got}, wanted one of the pool {wanted}")]
    OtherPool { got: PoolId, wanted: PoolId },
    #[error("the slip's rules are not the pool's: their hash is {got}, wanted {wanted}")]
    OtherRules { got: PoolId, wanted: PoolId },
    #[error("the slip's rules are not usable: {reason}")]
    BadRules { reason: String },
    #[error(
        "got a slip of version {got}, the blocks of its pool are proven by slips of version {wanted}"
    )]
    OtherProof { got: u16, wanted: &'static str },
    #[error(
        "the slip lacks a part that those of version {version} have, or has one that they do not"
    )]
    Parts { version: u16 },
    #[error("got more than {SLIP_HEADERS_MAX} headers, which no slip has")]
    TooManyHeaders,
    #[error("the header at height {height} is not whole, or not written as slips write it")]
    TornHeader { height: Height },
    #[error("the header at height {height} breaks a rule: {source}")]
    Header { height: Height, source: HeaderError },
    #[error("got a header of {got} bytes at height {height}, wanted {HEADER_BYTES}")]
    HeaderBytes { height: Height, got: usize },
    #[error("the certificate of the block at height {height} does not decode: {reason}")]
    CertificateEncoding { height: Height, reason: String },
    #[error("the certificate of the block at height {height} proves nothing: {source}")]
    Certificate {
        height: Height,
        source: CertificateError,
    },
    #[error("the certificate beside the block {hash} at height {height} is of {got}")]
    OtherDecision {
        height: Height,
        hash: BlockHash,
        got: Decision,
    },
    #[error(
        "the slip's headers do not hold the block at height {height} that changes the validators"
    )]
    ChangeElsewhere { height: Height },
    #[error("got more than {SLIP_CHANGES_MAX} changes of validators, which no slip has")]
    TooManyChanges,
    #[error("the coinbase of a block that changes the validators does not decode: {reason}")]
    CoinbaseEncoding { reason: String },
    #[error(
        "got a change of validators by the vote {got}, wanted one by a vote above {above} and below {below}"
    )]
    ChangeVote {
        got: Height,
        above: Height,
        below: Height,
    },
    #[error(
        "the Merkle path does not lead from the coinbase at height {height} to its block's header"
    )]
    ChangePath { height: Height },
    #[error("the validators after the block at height {height} do not decode: {reason}")]
    SetEncoding { height: Height, reason: String },
    #[error("the block at height {height} names other validators than the slip")]
    OtherSet { height: Height },
    #[error(
        "the offers of those who vote after the block at height {height} do not decode: {reason}"
    )]
    OffersEncoding { height: Height, reason: String },
    #[error(
        "the block at height {height} gives a vote to {account} with the key {key}, and no offer of theirs to vote with it \
         is there"
    )]
    NotOffered {
        height: Height,
        account: AccountId,
        key: ValidatorKey,
    },
    #[error("the validators after the block at height {height} are those before it")]
    NoChange { height: Height },
    #[error(
        "its headers are dated up to second {got}, wanted none after {wanted} by this machine's \
         clock: the chain was made up ahead of time, or the clock is slow"
    )]
    TimeTooNew {
        got: UnixSeconds,
        wanted: UnixSeconds,
    },
    #[error("the headers end with {got}, the slip says {wanted}")]
    OtherTip { got: BlockHash, wanted: BlockHash },
    #[error("the slip names the block at height {got}, but its headers end at height {tip}")]
    NoSuchBlock { got: Height, tip: Height },
    #[error("the transaction does not decode: {reason}")]
    Encoding { reason: String },
    #[error("the transaction is not good: {source}")]
    Transaction { source: TxCheckError },
    #[error("got a Merkle path of {got} bytes, wanted 32 for each of at most 32 steps")]
    PathBytes { got: usize },
    #[error("no leaf {got} can have a Merkle path of {steps} steps")]
    Position { got: u32, steps: usize },
    #[error("the Merkle path does not lead from the transaction to its block's header")]
    BadPath,
}
