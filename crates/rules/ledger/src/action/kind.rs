//! What the table of actions makes of its rows.

use std::fmt;

use super::ActionKind;
use crate::genesis::{Genesis, Quorum, SetChange};

/// The accounts whose transactions an action can decide the fate of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AffectedAccounts {
    /// Only its own.
    Nobody,
    /// Those that join, and those that give chips to one that has joined: names and tickets are taken.
    Newcomers,
    /// The transactions of every account.
    Everybody,
}

/// The end of the time in which an action can still do what it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deadline {
    /// Betting on its matches ends: it places bets.
    Betting,
    /// The opening windows of its matches end: it opens seals.
    Opening,
    /// The record of its match becomes final.
    Record,
    /// There is no such end.
    Never,
}

/// The pools whose actions include one.
#[derive(Clone, Copy)]
pub(super) enum Pools {
    All,
    /// Those whose validators are weighed by stakes.
    Staking,
    /// Those whose organisers appoint validators.
    Appointing,
    /// Those with validators.
    Voting,
    /// Those whose organisers can change.
    Organising,
    /// Those in which anybody may open a seal.
    OpenedByAnybody,
    /// Those that know days of matches.
    ByDays,
    /// Those in which what organisers change needs notice.
    WithNotice,
}

macro_rules! actions {
    (
        $(#[$of_all:meta])*
        pub enum Action {
            $(
                $(#[$doc:meta])*
                $name:ident $fields:tt = $byte:literal, $word:literal, $pools:ident, $concerns:ident, $ends:ident, $standings:literal
                $(, |$($field:ident),+| $says:literal)?;
            )*
        }
    ) => {
        $(#[$of_all])*
        pub enum Action {
            $($(#[$doc])* $name $fields = $byte,)*
        }

        impl<'de> Deserialize<'de> for Action {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                #[derive(Deserialize)]
                #[serde(remote = "Action", rename_all = "snake_case")]
                enum Untagged {
                    $($name $fields,)*
                }
                #[derive(Deserialize)]
                struct Read(#[serde(with = "Untagged")] Action);
                tagged("type", from).map(|Read(action)| action)
            }
        }

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

            const fn pools(self) -> Pools {
                match self {
                    $(Self::$name => Pools::$pools,)*
                }
            }
        }

        impl Action {
            /// The action's kind.
            #[must_use]
            pub const fn kind(&self) -> ActionKind {
                match self {
                    $(Self::$name { .. } => ActionKind::$name,)*
                }
            }

            /// The accounts whose transactions it can decide the fate of, besides its own.
            #[must_use]
            pub const fn concerns(&self) -> AffectedAccounts {
                match self {
                    $(Self::$name { .. } => AffectedAccounts::$concerns,)*
                }
            }

            /// The end of the time in which it can still do what it is for.
            #[must_use]
            pub const fn ends(&self) -> Deadline {
                match self {
                    $(Self::$name { .. } => Deadline::$ends,)*
                }
            }

            /// Whether it changes the standings by itself: a player joins, or a bet becomes known. Records are compared apart.
            #[must_use]
            pub const fn changes_standings(&self) -> bool {
                match self {
                    $(Self::$name { .. } => $standings,)*
                }
            }

            /// Says what the signer of the action does, in a few words that go on from a name: `bets on 2 matches`.
            #[must_use]
            pub fn words(&self) -> String {
                match self {
                    $($(Self::$name { $($field,)+ .. } => format!($says),)?)*
                    _ => self.own_words(),
                }
            }
        }
    };
}

pub(super) use actions;

impl ActionKind {
    /// Whether the actions of a pool include this one. A program that can do more refuses it in a pool that does not know
    /// it, as a program does that cannot: both follow the same chain.
    #[must_use]
    pub fn is_known_to(self, genesis: &Genesis) -> bool {
        let change = genesis.consensus.set_change();
        match self.pools() {
            Pools::All => true,
            Pools::Staking => matches!(change, Some(SetChange::Stake { .. })),
            Pools::Appointing => matches!(change, Some(SetChange::Appointed { .. })),
            Pools::Voting => change.is_some(),
            Pools::Organising => genesis.rules.organisers_quorum != Quorum::of(0),
            Pools::OpenedByAnybody => genesis.rules.anybody_opens,
            Pools::ByDays => genesis.days.is_some(),
            Pools::WithNotice => genesis.rules.notice_s > 0,
        }
    }
}

impl fmt::Display for ActionKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
