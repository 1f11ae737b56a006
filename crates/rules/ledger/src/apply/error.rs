//! Why what is well-formed does not apply.

use thiserror::Error;

use crate::{
    account::AccountId,
    address::PageAddress,
    fixture::MatchNo,
    genesis::{MAX_ORGANISERS, MAX_VALIDATORS, ValidatorKey},
    hashes::ValidatorsHash,
    name::Name,
    outcome::OutcomeError,
    reasons::Reason,
    refusals,
    units::{Chips, Height, Nonce, UnixSeconds},
};

refusals! {
    /// The rule that a checked transaction breaks in a state.
    #[derive(Clone, Debug, PartialEq, Eq, Error)]
    #[non_exhaustive]
    #[allow(missing_docs)]
    pub enum RuleError {
        #[error("the account {account} has not joined the pool: join first")]
        UnknownAccount { account: AccountId },
        #[error("the account {account} has already joined")]
        AlreadyJoined { account: AccountId },
        #[error("the name `{name}` belongs to another player: choose another name")]
        NameTaken { name: Name },
        #[error("got the nonce {got}, the account's next is {wanted}")]
        BadNonce { got: Nonce, wanted: Nonce },
        #[error("nothing in this pool has the number {no}")]
        UnknownMatch { no: MatchNo },
        #[error("that takes {needed} chips, the account has {available} to spend")]
        NotEnoughChips { needed: Chips, available: Chips },
        #[error("only an organiser may schedule matches and record results")]
        NotAnOrganiser,
        #[error("the number {no} is already `{code}`: choose a free number")]
        MatchNumberTaken { no: MatchNo, code: String },
        #[error("the code `{code}` is taken: choose another code")]
        MatchCodeTaken { code: String },
        #[error("the pool has {max} of these, which is the most that it takes")]
        TooManyMatches { max: u16 },
        #[error("got {kickoff} as the time to begin, wanted one after {now} (unix seconds)")]
        KickoffInThePast {
            kickoff: UnixSeconds,
            now: UnixSeconds,
        },
        #[error("`{code}` can no longer be changed: it has started or is about to, or it has a result")]
        MatchStarted { code: String },
        #[error("`{code}` cannot become something else: there are bets on it, or too little time is left before betting ends: cancel it and add another")]
        TeamsFixed { code: String },
        #[error("the pool's page is at {address} already")]
        AddressStands { address: PageAddress },
        #[error("a count went past its largest value")]
        Overflow,
        #[error("this pool is invitation-only: join with a link from an organiser")]
        InvitationNeeded,
        #[error("the ticket was not signed by an organiser of this pool: ask one for a link")]
        NotInvitedByOrganiser,
        #[error("the ticket expired at {expired} (unix seconds): ask an organiser for a new link")]
        TicketExpired { expired: UnixSeconds },
        #[error(
            "the ticket was for {uses} players, who have all joined: ask an organiser for a new link"
        )]
        TicketUsedUp { uses: u32 },
        #[error("chips are given to another player, at least one of them")]
        EmptyTransfer,
        #[error("the account {account} has not joined the pool, so it cannot get chips")]
        UnknownReceiver { account: AccountId },
        #[error("got a stake of {got} chips, this pool takes {min} to {max}")]
        BadStake { got: Chips, min: Chips, max: Chips },
        #[error("this pool's bets are sealed: seal the bet instead of betting openly")]
        BetsAreSealed,
        #[error("this pool's bets are open: bet instead of sealing")]
        BetsAreOpen,
        #[error("the account has no sealed bet on `{code}` that could be opened")]
        NothingToOpen { code: String },
        #[error("`{code}` has not started: until then seals stay closed")]
        OpeningTooEarly { code: String },
        #[error("prediction and salt are not those that were sealed for `{code}`")]
        BadOpening { code: String },
        #[error("this cannot be recorded: {0}")]
        BadOutcome(OutcomeError),
        #[error(
            "`{code}` has not started or closed yet: until then a match can only be recorded as cancelled or postponed, a \
            question as cancelled"
        )]
        ResultTooEarly { code: String },
        #[error("`{code}` has no result to object to")]
        NoResult { code: String },
        #[error("the result of `{code}` is final")]
        ResultFinal { code: String },
        #[error("the account has already objected to this result of `{code}`")]
        ObjectedAlready { code: String },
        #[error("the validator key {key} is another player's, or what this one offered last: make another")]
        ValidatorKeyTaken { key: ValidatorKey },
        #[error("the account {account} has not offered to vote with this key: it must do so first")]
        NotOffered { account: AccountId },
        #[error("the key {key} is not a validator's")]
        UnknownValidator { key: ValidatorKey },
        #[error("no validator would be left: appoint another one first")]
        LastValidator,
        #[error("the pool has {MAX_VALIDATORS} validators, and none of them has less weight")]
        TooManyValidators,
        #[error("the account {account} is already a validator with this key and weight")]
        AppointedAlready { account: AccountId },
        #[error("got {got} chips to take back, wanted 1 to the {staked} that the account has staked as a validator")]
        NotStaked { got: Chips, staked: Chips },
        #[error("the day of `{code}` ended at {ends}, and the block is of {now} (unix seconds): give a day that is not over")]
        DayOver {
            code: String,
            ends: UnixSeconds,
            now: UnixSeconds,
        },
        #[error("`{code}` has a kick-off: its day is known by that")]
        KickoffKnown { code: String },
        #[error("the account {account} is already an organiser")]
        AlreadyOrganiser { account: AccountId },
        #[error("the account {account} is not an organiser")]
        UnknownOrganiser { account: AccountId },
        #[error("{least} organisers must be left, since as many must sign: add another one first")]
        TooFewOrganisers { least: u8 },
        #[error("the pool has {MAX_ORGANISERS} organisers, which is the most: remove one first")]
        TooManyOrganisers,
        #[error("the account has sent as much as this pool takes from one in {window_s} seconds: the next one is taken {in_s} seconds from now")]
        TooOften { window_s: u32, in_s: u64 },
        #[error("as many have joined as this pool takes in {window_s} seconds: try again {in_s} seconds from now")]
        TooManyJoins { window_s: u32, in_s: u64 },
        #[error("that the key {key} signed two votes of number {height} was proven before")]
        ProvenAlready { key: ValidatorKey, height: Height },
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
