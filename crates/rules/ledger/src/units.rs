//! Newtypes for quantities, so that a height is never added to a time.

use std::fmt;

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

macro_rules! quantity {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash,
            BorshSerialize, BorshDeserialize, Serialize, Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub u64);

        impl $name {
            /// The value zero.
            pub const ZERO: Self = Self(0);

            /// The plain number.
            #[must_use]
            pub const fn get(self) -> u64 {
                self.0
            }

            /// `self + other`, or `None` past the largest value.
            #[must_use]
            pub const fn checked_add(self, other: u64) -> Option<Self> {
                match self.0.checked_add(other) {
                    Some(sum) => Some(Self(sum)),
                    None => None,
                }
            }

            /// `self - other`, or `None` below zero.
            #[must_use]
            pub const fn checked_sub(self, other: u64) -> Option<Self> {
                match self.0.checked_sub(other) {
                    Some(difference) => Some(Self(difference)),
                    None => None,
                }
            }
        }

        impl From<$name> for u64 {
            fn from(quantity: $name) -> Self {
                quantity.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

quantity!(
    /// Blocks above genesis; genesis itself is height 0.
    Height
);
quantity!(
    /// Seconds since 1970-01-01T00:00:00Z.
    UnixSeconds
);
quantity!(
    /// The number of transactions that an account has made before this one.
    Nonce
);
quantity!(
    /// Play money, indivisible.
    Chips
);

quantity!(
    /// Points of the table.
    Points
);

impl Height {
    /// The height of a block on top of this one. Heights count blocks, so this never reaches the largest value.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}
