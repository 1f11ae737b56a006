#![doc = include_str!("../README.md")]

mod account;
mod action;
mod apply;
mod block;
mod check;
mod codec;
mod coinbase;
mod delta;
mod domains;
mod fixture;
mod genesis;
mod hashes;
mod header;
mod invariants;
mod memory;
mod name;
mod reasons;
mod score;
mod signing;
mod state;
mod text;
mod transaction;
mod units;

pub use account::{AccountId, AccountIdError};
pub use action::{Action, MAX_TIPS, Tip};
pub use apply::{ApplyError, BlockContext, Ledger, RuleError, TxOutcome};
pub use block::{Block, merkle_branch, merkle_root};
pub use check::{BlockError, CheckedBlock, CheckedTransaction, TxCheckError};
pub use codec::{DecodeError, decode, encode};
pub use coinbase::{Coinbase, EXTRA_NONCE_BYTES, MAX_MESSAGE_BYTES};
pub use delta::{Change, Delta};
pub use fixture::{Fixture, FoldedCode, MatchCode, MatchNo, Team};
pub use genesis::{
    Consensus, GENESIS_VERSION, Genesis, GenesisError, Limits, Membership, TargetRule,
};
pub use hashes::{BlockHash, HashParseError, PoolId, TxId, WitnessId, sha256d};
pub use header::{HEADER_BYTES, Header, HeaderFields};
pub use invariants::{InvariantError, check_conservation};
pub use memory::MemoryState;
pub use name::{FoldedName, Name, NameError};
pub use reasons::{REASONS, Reason};
pub use score::{MAX_GOALS, Score, ScoreError};
pub use signing::{Signature, Signed, signing_bytes, verify, verify_batch};
pub use state::{Account, Bet, Match, Overlay, StateView, Totals};
pub use text::{Text, TextError};
pub use transaction::{Transaction, TxBody};
pub use units::{Chips, Height, Nonce, UnixSeconds};

/// The strings that keep a signature or hash made for one purpose from serving another.
pub mod domain {
    pub use crate::domains::*;
}
