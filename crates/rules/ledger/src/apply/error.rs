//! Why what is well-formed does not apply.

use thiserror::Error;

use crate::{
    account::AccountId,
    actions::ActionRefusal,
    fixture::MatchNo,
    genesis::{MAX_VALIDATORS, ValidatorKey},
    hashes::ValidatorsHash,
    item::PredictionKind,
    outcome::OutcomeError,
    reasons::{Reason, refusals},
    units::{Chips, Height, Nonce, UnixSeconds},
};

refusals! {
    /// The rule that a checked transaction breaks in a state.
    #[derive(Clone, Debug, PartialEq, Eq, Error)]
    #[non_exhaustive]
    #[allow(missing_docs)]
    pub enum RuleError {
        #[error("the account {account} has not joined the pool: join first")]
        UnknownAccount { account: AccountId } = Unfit "unknown-account",
        #[error("got the nonce {got}, the account's next is {wanted}")]
        BadNonce { got: Nonce, wanted: Nonce } = Conflict "bad-nonce",
        #[error("nothing in this pool has the number {no}")]
        UnknownMatch { no: MatchNo } = Malformed "unknown-match",
        #[error("a bet on number {no} is {kind}")]
        WrongPrediction { no: MatchNo, kind: PredictionKind } = Unfit "wrong-prediction",
        #[error("that takes {needed} chips, the account has {available} to spend")]
        NotEnoughChips { needed: Chips, available: Chips } = Unfit "not-enough-chips",
        #[error("only an organiser may schedule matches and record results")]
        NotAnOrganiser = NotAllowed "not-an-organiser",
        #[error("the number {no} is already `{code}`: choose a free number")]
        MatchNumberTaken { no: MatchNo, code: String } = Conflict "match-number-taken",
        #[error("the code `{code}` is taken: choose another code")]
        MatchCodeTaken { code: String } = Conflict "match-code-taken",
        #[error("the pool has {max} of these, which is the most that it takes")]
        TooManyMatches { max: u16 } = Unfit "too-many-matches",
        #[error("got {kickoff} as the time to begin, wanted one after {now} (unix seconds)")]
        KickoffInThePast {
            kickoff: UnixSeconds,
            now: UnixSeconds,
        } = Unfit "kickoff-in-the-past",
        #[error("`{code}` can no longer be changed: it has started or is about to, or it has a result")]
        MatchStarted { code: String } = Conflict "match-started",
        #[error("`{code}` cannot become something else: there are bets on it, or too little time is left before betting ends: cancel it and add another")]
        TeamsFixed { code: String } = Unfit "teams-fixed",
        #[error("a count went past its largest value")]
        Overflow = Unfit "overflow",
        #[error("got a stake of {got} chips, this pool takes {min} to {max}")]
        BadStake { got: Chips, min: Chips, max: Chips } = Unfit "bad-stake",
        #[error("this cannot be recorded: {0}")]
        BadOutcome(OutcomeError) = Unfit "bad-outcome",
        #[error(
            "`{code}` has not started or closed yet: until then a match can only be recorded as cancelled or postponed, a \
            question as cancelled"
        )]
        ResultTooEarly { code: String } = Conflict "result-too-early",
        #[error("the result of `{code}` is final")]
        ResultFinal { code: String } = Conflict "result-final",
        #[error("the account {account} has not offered to vote with this key: it must do so first")]
        NotOffered { account: AccountId } = Conflict "not-offered",
        #[error("the key {key} is not a validator's")]
        UnknownValidator { key: ValidatorKey } = Conflict "unknown-validator",
        #[error("no validator would be left: appoint another one first")]
        LastValidator = Conflict "last-validator",
        #[error("the pool has {MAX_VALIDATORS} validators, and none of them has less weight")]
        TooManyValidators = Unfit "too-many-validators",
        #[error("the account has sent as much as this pool takes from one in {window_s} seconds: the next one is taken {in_s} seconds from now")]
        TooOften { window_s: u32, in_s: u64 } = Unfit "too-often",
        ;
        #[error(transparent)]
        Action(ActionRefusal),
    }
}

/// Why a checked block or transaction does not apply to a state.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum ApplyError<E> {
    #[error(transparent)]
    Rule(#[from] RuleError),
    #[error("the coinbase says height {got}, the block is at {wanted}")]
    CoinbaseHeight { got: Height, wanted: Height },
    #[error(
        "the coinbase's message does not begin with {wanted}, the hash of the validators after the block"
    )]
    ValidatorsHash { wanted: ValidatorsHash },
    #[error("transaction {index} of the block: {source}")]
    Transaction { index: usize, source: RuleError },
    #[error("the state could not be read: {0}")]
    State(E),
}

impl<E> ApplyError<E> {
    /// The stable code, or `None` where the disk and not the rules is to blame.
    #[must_use]
    pub const fn reason(&self) -> Option<Reason> {
        match self {
            Self::Rule(error) | Self::Transaction { source: error, .. } => Some(error.reason()),
            Self::CoinbaseHeight { .. } => Some(Reason::BadCoinbaseHeight),
            Self::ValidatorsHash { .. } => Some(Reason::BadValidatorsHash),
            Self::State(_) => None,
        }
    }

    /// Names the transaction of a block that broke the rule.
    pub(crate) fn at(self, index: usize) -> Self {
        match self {
            Self::Rule(source) => Self::Transaction { index, source },
            other => other,
        }
    }
}
