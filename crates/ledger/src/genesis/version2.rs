//! What version 2 added to the rules: one struct at the end of the encoding, so that documents of version 1 stay as they are.
//!
//! This program plays some of it ([`Version2::not_yet`]). The other fields have their place already, so that no new encoding is needed
//! when they come; until then a pool that uses them is refused ([`super::Genesis::check`]).

use std::collections::BTreeSet;

use borsh::{BorshDeserialize, BorshSerialize, io};
use serde::{Deserialize, Serialize};

use super::{
    Genesis, GenesisError,
    check::{MAX_CHIPS, range, ranges},
};
use crate::{
    codec::known,
    fixture::{Day, MatchNo},
    tail,
    units::{Chips, UnixSeconds},
};

/// The rules that version 2 added.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Version2 {
    /// Whether players may give chips to one another.
    pub transfers: bool,
    /// Whether a bet that the chips at hand do not reach for is void, instead of refusing its whole transaction.
    #[serde(rename = "short_tips_void")]
    pub short_bets_void: bool,
    /// Whether a match that is put off before it began takes bets until its new kick-off.
    pub put_off_stays_open: bool,
    /// Whether anybody who knows score and salt may open a seal, and not its player alone.
    pub anybody_opens: bool,
    /// Reserved: what can be played has [`Keepers::None`], and keepers by [`Genesis::has_keepers`].
    #[borsh(deserialize_with = "known::<2, _, _>")]
    pub keepers: Keepers,
    /// How many organisers must sign to add or remove one; 0: the organisers stay as they are.
    pub organisers_quorum: u8,
    /// Chips for whoever makes a block.
    pub block_reward: Chips,
    /// What one account, and all who join, may add in a time; `None`: no such bound.
    pub bounds: Option<Bounds>,
    /// Whether a match whose day is known, and not its time, closes when that day begins; then the days known from the
    /// start.
    pub days: Option<Vec<MatchDay>>,
    /// How many seconds before betting on a match ends a change must come that lets it end later; 0: a change may come at any time. It
    /// stands at the end of the encoding, and only if it is not 0.
    #[serde(default, skip_serializing_if = "is_zero")]
    #[borsh(serialize_with = "write_notice", deserialize_with = "read_notice")]
    pub reopen_notice_s: u32,
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde gives the field as it is"
)]
const fn is_zero(notice_s: &u32) -> bool {
    *notice_s == 0
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "borsh gives the field as it is"
)]
fn write_notice<W: io::Write>(notice_s: &u32, writer: &mut W) -> io::Result<()> {
    tail::write(&(*notice_s > 0).then_some(*notice_s), writer)
}

fn read_notice<R: io::Read>(reader: &mut R) -> io::Result<u32> {
    match tail::read(reader)? {
        Some(0) => Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "`reopen_notice_s` is written though it is 0",
        )),
        notice_s => Ok(notice_s.unwrap_or(0)),
    }
}

/// A place for rules about who keeps sealed bets' openings, which there are none of.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[borsh(use_discriminant = true)]
#[repr(u8)]
pub enum Keepers {
    /// The chain has no say in it.
    None = 0,
    /// Not played yet.
    Validators {
        /// Validators of so much of the weight, in percent, can open it together.
        weight_percent: u8,
    } = 1,
}

/// How much may come in a time, so that nobody fills every disk.
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
    /// The match.
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

impl Default for Version2 {
    /// The plainest: as in version 1, but that chips are not given.
    fn default() -> Self {
        Self {
            transfers: false,
            ..Self::OF_VERSION_1
        }
    }
}

impl Version2 {
    /// What pools of version 1 have always done.
    pub(super) const OF_VERSION_1: Self = Self {
        transfers: true,
        short_bets_void: false,
        put_off_stays_open: false,
        anybody_opens: false,
        keepers: Keepers::None,
        organisers_quorum: 0,
        block_reward: Chips::ZERO,
        bounds: None,
        days: None,
        reopen_notice_s: 0,
    };

    /// Checks the ranges, in a pool of so many organisers.
    pub(super) fn check(&self, genesis: &Genesis, organisers: u64) -> Result<(), GenesisError> {
        ranges! { self;
            organisers_quorum: 0, organisers;
            reopen_notice_s: 0, 30 * 86_400;
            block_reward: 0, MAX_CHIPS;
        }
        if let Keepers::Validators { weight_percent } = self.keepers {
            range("weight_percent", weight_percent.into(), 34, 100)?;
        }
        if let Some(bounds) = self.bounds {
            ranges! { bounds;
                window_s: 1, 30 * 86_400;
                account_transactions: 1, 1 << 12;
                account_bytes: genesis.limits.transaction_bytes.into(), 1 << 30;
                joins: 1, 1 << 12;
            }
        }
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
            if !days.insert(day.match_no) || !genesis.matches.iter().any(|game| waits(&game)) {
                return Err(GenesisError::Day { no: day.match_no });
            }
        }
        Ok(())
    }

    /// What of it this program cannot play yet.
    pub(super) fn not_yet(&self) -> Option<&'static str> {
        [
            (self.keepers != Keepers::None, "`keepers`"),
            (self.block_reward != Chips::ZERO, "`block_reward`"),
        ]
        .into_iter()
        .find_map(|(asked, what)| asked.then_some(what))
    }
}
