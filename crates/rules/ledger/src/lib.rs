#![doc = include_str!("../README.md")]

mod account;
pub mod actions;
mod address;
mod apply;
mod base;
mod betting_closed;
mod block;
mod block_id;
mod check;
mod codec;
mod coinbase;
mod delta;
mod domains;
mod every_reason;
mod features;
mod fixture;
mod genesis;
mod hashes;
mod header;
mod invariants;
pub mod item;
pub mod json;
mod memory;
mod name;
mod outcome;
mod pool_file;
mod pow;
mod reasons;
mod round;
mod rounds;
mod rules;
pub mod said;
#[cfg(feature = "schema")]
mod schema;
mod score;
mod scoring;
mod seal;
mod signing;
mod standings;
mod state;
mod template;
mod text;
mod ticket;
mod tie_break;
mod transaction;
mod units;
mod voting;

pub use account::{AccountId, AccountIdError};
pub use actions::{
    ACTION_KINDS, Action, ActionKind, ActionRefusal, AffectedAccounts, Deadline, FEATURE_SENTENCES,
    Features, MAX_BETS, Named, NewBet, OpenBet, Opening, PlayerFeatures, SealedBet, Signer,
    features_by_name,
};
pub use address::{AddressError, PageAddress};
pub use apply::{
    AppliedBlock, ApplyError, BlockContext, Ledger, Payouts, RuleError, TxOutcome, payouts, shares,
};
pub use base::{BASE_SENTENCES, Base};
pub use betting_closed::{BettingClosed, LastFinal, OwnClock};
pub use block::{Block, merkle_branch, merkle_root};
pub use block_id::BlockId;
pub use check::{BlockError, CheckedBlock, CheckedTransaction, TxCheckError, VerifyBatch};
pub use codec::{DecodeError, decode, encode};
pub use coinbase::{Coinbase, EXTRA_NONCE_BYTES, MAX_MESSAGE_BYTES};
pub use delta::{Change, Changed, Delta};
pub use features::{BetOn, Compared};
pub use fixture::{Day, Fixture, FoldedCode, ItemKind, MatchCode, MatchNo, Team, is_placeholder};
pub use genesis::{
    BlockProof, Bounds, Consensus, GENESIS_VERSION, Genesis, GenesisError, Hybrid, Limits,
    MatchDay, Membership, Pos, Quorum, SetChange, TargetRule, Validator, ValidatorKey, Voting,
};
pub use hashes::{BlockHash, HashParseError, PoolId, TxId, ValidatorsHash, WitnessId, sha256d};
pub use header::{HEADER_BYTES, Header};
pub use invariants::{InvariantError, check_invariants};
pub use item::{Item, Prediction, PredictionKind, Title};
pub use memory::{CorruptEntry, MemoryState};
pub use name::{FoldedName, Name, NameError, ROLES, alike, misleading};
pub use outcome::{Outcome, OutcomeError, Side, Status};
pub use pool_file::{
    BoundsTable, BoundsWritten, ChangeBy, DEFAULT_TARGET, Makers, PoolFile, PoolFileError,
    QuorumWritten, StageTable, seconds,
};
pub use pow::{CompactTarget, Target, Work};
pub use reasons::{Reason, ReasonKind};
pub use round::Round;
pub use rounds::{PARTS, RoundWon, besides, rounds_over, rounds_won};
pub use rules::{BetMode, NobodyRight, Rules, StageRule};
pub use score::{MAX_GOALS, Score, ScoreError};
pub use scoring::*;
pub use seal::seal_commitment;
pub use signing::{Signature, Signed, offer_bytes, signing_bytes, verify, verify_batch};
pub use standings::{Place, rank};
pub use state::{
    Account, Act, Bet, Came, Cause, Cheat, Effect, HistoryEntry, HistoryPage, Match, MatchResult,
    MatchSet, Move, Objection, Overlay, Placed, Recent, ResultVersion, Staked, Standing, StateKey,
    StateView, Terms, Totals, Visit, Vote, deadline, paid_out,
};
pub use text::{Text, TextError, is_invisible};
pub use ticket::{Invitation, SignedTicket, Ticket, admission_bytes, ticket_bytes};
pub use tie_break::{Besides, TIE_BREAK_SENTENCES, TieBreak};
pub use transaction::{Transaction, TxBody, most_at_once};
pub use units::{Chips, Height, Nonce, Points, UnixSeconds};
pub use voting::{
    Certificate, CertificateError, Conflict, Decided, Decision, DoubleSign, Statement,
    StatementKind, ValidatorSet, ValidatorSetError,
};

/// The tables of the state, for reading with [`StateView::get`] and [`StateView::scan`].
pub mod table {
    pub use crate::state::tables::*;
}

/// The strings that keep a signature or hash made for one purpose from serving another.
pub mod domain {
    pub use crate::domains::*;
}
