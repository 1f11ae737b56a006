//! Every kind of action: their first bytes, and which pools know them.

use std::fmt;

use crate::genesis::{Genesis, SetChange};

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $byte:literal, $word:literal;)*) => {
        /// A kind of action, by its first byte. A byte has one meaning for good.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[non_exhaustive]
        #[repr(u8)]
        pub enum ActionKind {
            $($(#[$doc])* $name = $byte,)*
        }

        /// Every kind, in the order of their bytes.
        pub const ACTION_KINDS: &[ActionKind] = &[$(ActionKind::$name,)*];

        impl ActionKind {
            /// The kind of a first byte.
            #[must_use]
            pub const fn of(byte: u8) -> Option<Self> {
                match byte {
                    $($byte => Some(Self::$name),)*
                    _ => None,
                }
            }

            /// Its name, as in JSON.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)*
                }
            }
        }
    };
}

kinds! {
    /// Enters the pool.
    Join = 0, "join";
    /// Places open bets.
    Bet = 1, "bet";
    /// Places sealed bets.
    Seal = 2, "seal";
    /// Opens one's own seals.
    Open = 3, "open";
    /// Sets a match.
    Schedule = 4, "schedule";
    /// Signs a record.
    Result = 5, "result";
    /// Gives chips.
    Transfer = 6, "transfer";
    /// Locks chips as a validator's weight.
    Stake = 7, "stake";
    /// Frees such chips after a time.
    Unstake = 8, "unstake";
    /// Objects to a record.
    Object = 9, "object";
    /// Appoints or removes a validator.
    Appoint = 10, "appoint";
    /// Proves that a validator voted twice.
    Evidence = 11, "evidence";
    /// Adds or removes an organiser.
    Organiser = 12, "organiser";
    /// Opens seals of another player.
    OpenFor = 13, "open_for";
    /// Sets the day of a match whose time is not known.
    Day = 14, "day";
    /// Offers to vote with a key.
    Offer = 15, "offer";
}

impl ActionKind {
    /// Whether the actions of a pool include this one. A program that can do more refuses it in a pool that does not know
    /// it, as a program does that cannot: both follow the same chain.
    #[must_use]
    pub fn is_known_to(self, genesis: &Genesis) -> bool {
        let change = genesis.consensus.voting().map(|voting| voting.change);
        match self {
            Self::Join
            | Self::Bet
            | Self::Seal
            | Self::Open
            | Self::Schedule
            | Self::Result
            | Self::Transfer
            | Self::Object => true,
            Self::Stake | Self::Unstake => matches!(change, Some(SetChange::Stake { .. })),
            Self::Appoint => matches!(change, Some(SetChange::Appointed { .. })),
            Self::Offer | Self::Evidence => change.is_some(),
            Self::Organiser => genesis.rules.organisers_quorum > 0,
            Self::OpenFor => genesis.rules.anybody_opens,
            Self::Day => genesis.days.is_some(),
        }
    }
}

impl fmt::Display for ActionKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
