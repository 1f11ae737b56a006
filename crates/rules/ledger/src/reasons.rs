//! The stable codes of every reason to reject, the chain's and the mempool's included, in one table.

/// Declares an enum of stable codes, and the list of them all.
#[macro_export]
macro_rules! codes {
    (
        $(#[$meta:meta])* pub enum $name:ident;
        $(#[$listed:meta])* pub const $all:ident;
        $($(#[$doc:meta])* $variant:ident = $code:literal,)*
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$doc])* $variant,)*
        }

        $(#[$listed])*
        pub const $all: &[$name] = &[$($name::$variant,)*];

        impl $name {
            /// The code, as it stands in answers and logs.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)*
                }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.code())
            }
        }
    };
}

/// Declares an enum of errors, and its `reason`: each variant's is the [`Reason`] of the same name.
#[macro_export]
macro_rules! refusals {
    ($(#[$meta:meta])* pub enum $name:ident {
        $($(#[$doc:meta])* $variant:ident $({ $($fields:tt)* })? $(( $($types:tt)* ))?,)*
    }) => {
        $(#[$meta])*
        pub enum $name {
            $($(#[$doc])* $variant $({ $($fields)* })? $(( $($types)* ))?,)*
        }

        impl $name {
            /// The stable code.
            #[must_use]
            pub const fn reason(&self) -> $crate::Reason {
                match self {
                    $(Self::$variant { .. } => $crate::Reason::$variant,)*
                }
            }
        }
    };
}

codes! {
    /// Why something was rejected; the code is stable and stands in API errors and logs.
    pub enum Reason;
    /// Every reason, in the order of `docs/PROTOCOL.md`.
    pub const REASONS;

    /// The bytes are not a canonical encoding.
    BadEncoding = "bad-encoding",
    /// The signature is not the account's.
    BadSignature = "bad-signature",
    /// The key is of small order.
    WeakKey = "weak-key",
    /// Longer than the pool allows.
    TxTooLarge = "tx-too-large",
    /// A bet, seal or opening of no match.
    NoBets = "no-tips",
    /// A bet of more matches than a transaction may hold.
    TooManyBets = "too-many-tips",
    /// One match twice in a bet, seal or opening.
    DuplicateBet = "duplicate-tip",
    /// An action that the pool's rules, or this program, do not know.
    UnknownAction = "unknown-action",
    /// The account has not joined.
    UnknownAccount = "unknown-account",
    /// The account has joined before.
    AlreadyJoined = "already-joined",
    /// The name is another player's.
    NameTaken = "name-taken",
    /// The name could be taken for another player's, or for more than a name.
    MisleadingName = "misleading-name",
    /// The nonce is not the account's next.
    BadNonce = "bad-nonce",
    /// No such match.
    UnknownMatch = "unknown-match",
    /// A stake or transfer is more than the account has.
    NotEnoughChips = "not-enough-chips",
    /// Only organisers may do this.
    NotAnOrganiser = "not-an-organiser",
    /// The number is another match's.
    MatchNumberTaken = "match-number-taken",
    /// The code is another match's.
    MatchCodeTaken = "match-code-taken",
    /// The pool is full of matches.
    TooManyMatches = "too-many-matches",
    /// The new kick-off does not lie ahead.
    KickoffInThePast = "kickoff-in-the-past",
    /// The match has kicked off.
    MatchStarted = "match-started",
    /// The match takes no more bets, so that its teams stay.
    TeamsFixed = "teams-fixed",
    /// Betting on the match of a submitted bet has ended.
    BetAfterKickoff = "bet-after-kickoff",
    /// The address of the page is this one already.
    AddressStands = "address-stands",
    /// A count would go past its largest value.
    Overflow = "overflow",
    /// The pool is by invitation.
    InvitationNeeded = "invitation-needed",
    /// The ticket's signatures are not good for this account.
    BadInvitation = "bad-invitation",
    /// The signer of the ticket is no organiser.
    NotInvitedByOrganiser = "not-invited-by-organiser",
    /// The ticket has expired.
    TicketExpired = "ticket-expired",
    /// The ticket was used as often as it may be.
    TicketUsedUp = "ticket-used-up",
    /// Players give one another no chips in this pool.
    TransfersOff = "transfers-off",
    /// Chips for oneself, or none.
    EmptyTransfer = "empty-transfer",
    /// Chips for an account that has not joined.
    UnknownReceiver = "unknown-receiver",
    /// The stake is outside the rules' limits.
    BadStake = "bad-stake",
    /// An open bet in a pool with sealed bets.
    BetsAreSealed = "tips-are-sealed",
    /// A seal in a pool with open bets.
    BetsAreOpen = "tips-are-open",
    /// No seal to open.
    NothingToOpen = "nothing-to-open",
    /// The match of a seal has not kicked off.
    OpeningTooEarly = "opening-too-early",
    /// The window for opening the match's seals is over.
    OpeningTooLate = "opening-too-late",
    /// The opening does not fit the seal.
    BadOpening = "bad-opening",
    /// The record's parts do not go together.
    BadOutcome = "bad-outcome",
    /// The match has not kicked off.
    ResultTooEarly = "result-too-early",
    /// There is no result to object to.
    NoResult = "no-result",
    /// The result is final.
    ResultFinal = "result-final",
    /// One objection to a result for each player.
    ObjectedAlready = "objected-already",
    /// The weight is more than a validator can have.
    BadWeight = "bad-weight",
    /// No proof that a validator cheated.
    BadEvidence = "bad-evidence",
    /// The offered key did not sign the offer.
    BadOffer = "bad-offer",
    /// The key was offered before.
    ValidatorKeyTaken = "validator-key-taken",
    /// The account has not offered to vote with this key.
    NotOffered = "not-offered",
    /// No such validator.
    UnknownValidator = "unknown-validator",
    /// It is the last validator.
    LastValidator = "last-validator",
    /// The pool is full of validators.
    TooManyValidators = "too-many-validators",
    /// The validator has this key and weight already.
    AppointedAlready = "appointed-already",
    /// More chips than are staked, or none.
    NotStaked = "not-staked",
    /// This was proven before.
    ProvenAlready = "proven-already",
    /// A day that is none, or a time after the year 9999.
    BadDay = "bad-day",
    /// The match's day is over.
    DayOver = "day-over",
    /// The match has a kick-off.
    KickoffKnown = "kickoff-known",
    /// The account is an organiser.
    AlreadyOrganiser = "already-organiser",
    /// The account is no organiser.
    UnknownOrganiser = "unknown-organiser",
    /// Fewer organisers would be left than must sign.
    TooFewOrganisers = "too-few-organisers",
    /// The pool is full of organisers.
    TooManyOrganisers = "too-many-organisers",
    /// The account has sent as much as it may in a time.
    TooOften = "too-often",
    /// As many have joined as may in a time.
    TooManyJoins = "too-many-joins",
    /// The hash is above the header's target.
    HighHash = "high-hash",
    /// The body's root is not the header's.
    BadMerkleRoot = "bad-merkle-root",
    /// A transaction stands twice in a block.
    DuplicateTransaction = "duplicate-transaction",
    /// More transactions than a block may hold.
    TooManyTransactions = "too-many-transactions",
    /// Longer than a block may be.
    BlockTooLarge = "block-too-large",
    /// The coinbase names another height.
    BadCoinbaseHeight = "bad-coinbase-height",
    /// The coinbase does not name the validators after the block.
    BadValidatorsHash = "bad-validators-hash",
    /// The header's bits are not the required target.
    BadTarget = "bad-target",
    /// Before the median of the last eleven blocks.
    TimeTooOld = "time-too-old",
    /// Too far ahead of this node's clock.
    TimeTooNew = "time-too-new",
    /// Builds on a block that was found invalid.
    InvalidAncestor = "invalid-ancestor",
    /// Was found invalid before.
    KnownInvalid = "known-invalid",
    /// On a branch with less work that is too deep or one of too many.
    WeakBranch = "weak-branch",
    /// On a branch that does not hold the last final block.
    AgainstFinal = "against-final",
    /// A block without the certificate that its pool asks for.
    NoCertificate = "no-certificate",
    /// Builds on a block that is not known.
    UnknownParent = "unknown-parent",
    /// Waits in the mempool already, or is in the chain.
    AlreadyKnown = "already-known",
    /// Another transaction of the account with this nonce waits already.
    NoncePending = "nonce-pending",
    /// Too many transactions of the account wait.
    TooManyPending = "too-many-pending",
    /// The mempool is full.
    MempoolFull = "mempool-full",
}

impl Reason {
    /// Refusals of a transaction whose place in its account's order was taken first: signed anew, it may get the next.
    pub const OVERTAKEN: [Self; 4] = [
        Self::AlreadyJoined,
        Self::AlreadyKnown,
        Self::BadNonce,
        Self::NoncePending,
    ];
}
