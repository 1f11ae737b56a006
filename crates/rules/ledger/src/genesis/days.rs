//! What may come in a time, and the days of matches without a time.

use std::collections::BTreeSet;

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use super::{
    Genesis, GenesisError,
    check::{range, ranges},
};
use crate::{
    fixture::{Day, MatchNo},
    units::UnixSeconds,
};

/// Bounds on how much may come in a time, so that nobody fills every disk.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[serde(deny_unknown_fields)]
pub struct Bounds {
    /// The time, in seconds of the pool's time.
    pub window_s: u32,
    /// The most transactions of an account in it.
    pub account_transactions: u32,
    /// The most bytes of an account's transactions in it.
    pub account_bytes: u32,
    /// The most accounts that join in it.
    pub joins: u32,
}

/// The day of a match whose time is not known.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[serde(deny_unknown_fields)]
pub struct MatchDay {
    /// The number of the match.
    pub match_no: MatchNo,
    /// When the day begins where the match is played, and betting ends.
    pub begins: UnixSeconds,
    /// When it is over, and a record can be made.
    pub ends: UnixSeconds,
}

impl MatchDay {
    /// The day alone.
    #[must_use]
    pub const fn day(&self) -> Day {
        Day {
            begins: self.begins,
            ends: self.ends,
        }
    }
}

impl Genesis {
    pub(super) fn check_bounds(&self) -> Result<(), GenesisError> {
        let Some(bounds) = self.bounds else {
            return Ok(());
        };
        ranges! { bounds;
            window_s: 1, 30 * 86_400;
            account_transactions: 1, 1 << 12;
            account_bytes: self.limits.transaction_bytes.into(), 1 << 30;
            joins: 1, 1 << 12;
        }
        Ok(())
    }

    pub(super) fn check_days(&self) -> Result<(), GenesisError> {
        let mut days = BTreeSet::new();
        for day in self.days.iter().flatten() {
            let begins = day.begins.0;
            range(
                "the end of a match's day",
                day.ends.0,
                begins.saturating_add(1),
                begins.saturating_add(Day::LONGEST_S),
            )?;
            let waits = |game: &&crate::Fixture| game.no == day.match_no && game.kickoff.is_none();
            if !days.insert(day.match_no) || !self.matches.iter().any(|game| waits(&game)) {
                return Err(GenesisError::Day { no: day.match_no });
            }
        }
        Ok(())
    }
}
