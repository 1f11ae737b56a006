//! A final block that a friend names.

use std::str::FromStr;

use bolao_ledger::{BlockHash, Height};
use bolao_receipts::SlipReport;

/// A block's place in the chain: `HEIGHT:HASH`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    height: Height,
    hash: BlockHash,
}

impl FromStr for Place {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (height, hash) = text
            .split_once(':')
            .ok_or("write it as HEIGHT:HASH, with the hash that `bolao chain HEIGHT` prints")?;
        let height = height.parse().map(Height);
        Ok(Self {
            height: height.map_err(|error| format!("the height before the colon: {error}"))?,
            hash: { hash.parse() }.map_err(|error| format!("the hash after the colon: {error}"))?,
        })
    }
}

/// What the friend's block says of a slip.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum At {
    /// None was named.
    #[default]
    NotAsked,
    /// The slip's chain holds it.
    Holds(Height),
    /// The slip's chain has another block at its height.
    Another(Height),
    /// The slip's chain does not reach it.
    Beyond(Height),
}

impl At {
    pub(super) fn of(place: Option<Place>, report: &SlipReport) -> Self {
        let Some(Place { height, hash }) = place else {
            return Self::NotAsked;
        };
        match report.hash_at(height) {
            None => Self::Beyond(height),
            Some(own) if own == hash => Self::Holds(height),
            Some(_) => Self::Another(height),
        }
    }

    /// The block that is known by it to be the pool's.
    pub(super) const fn genuine(self) -> Height {
        match self {
            Self::Holds(height) => height,
            _ => Height::ZERO,
        }
    }

    /// Whether it settles that a block of the slip at a height is the pool's, and by which block.
    pub(super) fn settles(self, height: Height) -> Option<Height> {
        match self {
            Self::Holds(told) if told >= height => Some(told),
            _ => None,
        }
    }

    /// For programs: null where none was named, or it is beyond the slip's chain.
    pub(super) const fn json(self) -> Option<bool> {
        match self {
            Self::Holds(_) => Some(true),
            Self::Another(_) => Some(false),
            Self::NotAsked | Self::Beyond(_) => None,
        }
    }
}
