//! The stable codes of every reason to reject. Each stands beside the error that it belongs to: an action's own in the action's file.
//! Those here have no error in this crate, or several. `every_reason.rs` has all of them.

use std::fmt;

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

/// Declares an enum of errors, with the kind and the code of each: they become a [`Reason`] of the same name. What follows a semicolon
/// holds another error, whose reason it has.
macro_rules! refusals {
    ($(#[$meta:meta])* pub enum $name:ident {
        $($(#[$doc:meta])* $variant:ident $({ $($fields:tt)* })? $(( $($types:tt)* ))? = $kind:ident $code:literal,)*
        $(; $(#[$held:meta])* $holds:ident($inner:ty),)?
    }) => {
        $(#[$meta])*
        pub enum $name {
            $($(#[$doc])* $variant $({ $($fields)* })? $(( $($types)* ))?,)*
            $($(#[$held])* $holds($inner),)?
        }

        impl $name {
            pub(crate) const REASONS: &[$crate::Reason] = &[$($crate::Reason::$variant,)*];

            /// The stable code.
            #[must_use]
            pub const fn reason(&self) -> $crate::Reason {
                match *self {
                    $(Self::$variant { .. } => $crate::Reason::$variant,)*
                    $(Self::$holds(ref inner) => inner.reason(),)?
                }
            }
        }

        #[allow(non_upper_case_globals, reason = "they are called as the errors are")]
        impl $crate::Reason {
            $(
                #[doc = concat!("The reason of `", stringify!($name), "::", stringify!($variant), "`.")]
                pub const $variant: Self = Self::new($crate::ReasonKind::$kind, $code);
            )*
        }
    };
}
pub(crate) use refusals;

/// A kind of reasons, by what can be done about them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReasonKind {
    /// The message is not well-formed, or names nothing that there is.
    Malformed,
    /// Its sender may not do that in this pool.
    NotAllowed,
    /// It does not go with what the pool holds by now.
    Conflict,
    /// It is well-formed, and the pool's rules do not take it.
    Unfit,
}

/// The reason why something was rejected: a stable code, which stands in answers and logs. `docs/PROTOCOL.md` lists all of them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reason {
    code: &'static str,
    kind: ReasonKind,
}

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident = $kind:ident $code:literal,)*) => {
        #[allow(non_upper_case_globals, reason = "they are called as errors are")]
        impl Reason {
            $($(#[$doc])* pub const $name: Self = Self::new(ReasonKind::$kind, $code);)*
        }

        pub(crate) const OTHERS: &[Reason] = &[$(Reason::$name,)*];
    };
}

reasons! {
    /// The bytes are not a canonical encoding.
    BadEncoding = Malformed "bad-encoding",
    /// The name could be taken for another player's, or for more than a name.
    MisleadingName = Unfit "misleading-name",
    /// Betting on the match of a submitted bet has ended.
    BetAfterKickoff = Conflict "bet-after-kickoff",
    /// The window for opening the match's seals is over.
    OpeningTooLate = Conflict "opening-too-late",
    /// The hash is above the header's target.
    HighHash = Unfit "high-hash",
    /// The body's root is not the header's.
    BadMerkleRoot = Unfit "bad-merkle-root",
    /// A transaction stands twice in a block.
    DuplicateTransaction = Unfit "duplicate-transaction",
    /// More transactions than a block may hold.
    TooManyTransactions = Unfit "too-many-transactions",
    /// Longer than a block may be.
    BlockTooLarge = Unfit "block-too-large",
    /// The coinbase names another height.
    BadCoinbaseHeight = Unfit "bad-coinbase-height",
    /// The coinbase does not name the validators after the block.
    BadValidatorsHash = Unfit "bad-validators-hash",
    /// The header's bits are not the required target.
    BadTarget = Unfit "bad-target",
    /// Before the median of the last eleven blocks.
    TimeTooOld = Unfit "time-too-old",
    /// Too far ahead of this node's clock.
    TimeTooNew = Unfit "time-too-new",
    /// Builds on a block that was found invalid.
    InvalidAncestor = Unfit "invalid-ancestor",
    /// Was found invalid before.
    KnownInvalid = Unfit "known-invalid",
    /// On a branch with less work that is too deep or one of too many.
    WeakBranch = Unfit "weak-branch",
    /// On a branch that does not hold the last final block.
    AgainstFinal = Unfit "against-final",
    /// A block without the certificate that its pool asks for.
    NoCertificate = Unfit "no-certificate",
    /// Builds on a block that is not known.
    UnknownParent = Unfit "unknown-parent",
    /// Waits in the mempool already, or is in the chain.
    AlreadyKnown = Conflict "already-known",
    /// Another transaction of the account with this nonce waits already.
    NoncePending = Conflict "nonce-pending",
    /// Too many transactions of the account wait.
    TooManyPending = Unfit "too-many-pending",
    /// The mempool is full.
    MempoolFull = Unfit "mempool-full",
}

impl Reason {
    /// Refusals of a transaction whose place in its account's order was taken first: signed anew, it may get the next.
    pub const OVERTAKEN: [Self; 4] = [
        Self::AlreadyJoined,
        Self::AlreadyKnown,
        Self::BadNonce,
        Self::NoncePending,
    ];

    pub(crate) const fn new(kind: ReasonKind, code: &'static str) -> Self {
        Self { code, kind }
    }

    /// The code, as it stands in answers and logs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.code
    }

    /// Its kind.
    #[must_use]
    pub const fn kind(self) -> ReasonKind {
        self.kind
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code)
    }
}

impl fmt::Debug for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code)
    }
}
