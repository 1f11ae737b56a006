//! Which documents a pool can be played by.

use std::collections::BTreeSet;

use super::{Genesis, GenesisError, Limits, Membership, Quorum, TargetRule, check_version};
use crate::{fixture::Day, item::Question};

/// The most organisers of a pool.
pub(crate) const MAX_ORGANISERS: usize = 32;

/// The most chips of a stake and at joining, so that stake × points stays within 64 bits.
pub(crate) const MAX_CHIPS: u64 = 1 << 40;

/// Checks `min <= got <= max`.
pub(crate) fn range(what: &'static str, got: u64, min: u64, max: u64) -> Result<(), GenesisError> {
    if (min..=max).contains(&got) {
        Ok(())
    } else {
        Err(GenesisError::Range {
            what,
            got,
            min,
            max,
        })
    }
}

/// Checks each named field of a struct: `ranges! { self; field: least, most; … }`.
macro_rules! ranges {
    ($of:expr; $($field:ident: $min:expr, $max:expr;)*) => {{
        $(crate::genesis::range(stringify!($field), $of.$field.into(), $min, $max)?;)*
    }};
}

pub(crate) use ranges;

/// Checks that a list holds nothing twice, of what has a text of its own.
pub(crate) fn each_once<T: ToString>(
    what: &'static str,
    list: impl IntoIterator<Item = T>,
) -> Result<(), GenesisError> {
    texts_once(what, &mut list.into_iter().map(|item| item.to_string()))
}

fn texts_once(
    what: &'static str,
    list: &mut dyn Iterator<Item = String>,
) -> Result<(), GenesisError> {
    let mut seen = BTreeSet::new();
    for got in list {
        if let Some(got) = seen.replace(got) {
            return Err(GenesisError::Twice { what, got });
        }
    }
    Ok(())
}

pub(crate) fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

impl Genesis {
    /// Checks that the rules are ones that a pool can be played by.
    pub fn check(&self) -> Result<(), GenesisError> {
        check_version(self.version)?;
        // # Rule G2: version 2 is the one with something of section 20, which version 1 lacks.
        let (got, wanted) = (self.version, self.rules.genesis_version());
        if got != wanted {
            return Err(GenesisError::OtherVersion { got, wanted });
        }
        let organisers = count(self.organisers.len());
        self.consensus.check(organisers)?;
        ranges! { self;
            created: 0, u64::from(u32::MAX);
            max_future_s: 1, 7_200;
            starting_chips: 0, MAX_CHIPS;
        }
        let zero_bits = match self.target {
            TargetRule::Fixed { zero_bits } => zero_bits,
            TargetRule::Asert {
                zero_bits_at_start,
                block_interval_s,
                half_life_s,
            } => {
                range("block_interval_s", block_interval_s.into(), 1, 86_400)?;
                range("half_life_s", half_life_s.into(), 1, 30 * 86_400)?;
                zero_bits_at_start
            }
        };
        range("zero_bits", zero_bits.into(), 1, 128)?;
        self.limits.check()?;
        self.check_bounds()?;
        self.check_days()?;
        range("organisers", organisers, 0, count(MAX_ORGANISERS))?;
        let matches = count(self.matches.len());
        range("matches", matches, 0, self.limits.matches.into())?;
        if let Some(weak) = self.organisers.iter().find(|id| id.is_weak()) {
            return Err(GenesisError::WeakOrganiser { got: *weak });
        }
        each_once("the organiser", &self.organisers)?;
        if self.membership == Membership::Invite {
            let what = "organisers of a pool by invitation";
            range(what, organisers, 1, count(MAX_ORGANISERS))?;
        }
        self.rules.check(organisers)?;
        // # Rule G5: where something wants two-once-two, more than one removes an organiser.
        let (removes, signs) = (self.rules.organisers_quorum, self.signing_quorum());
        if removes == Quorum::of(1) && signs == Quorum::TWO_ONCE_TWO {
            return Err(GenesisError::OneRemoves);
        }
        let games = || self.matches.iter();
        // # Rule S24: a kick-off is at most 253402207200.
        let last = games().filter_map(|game| game.kickoff).max();
        range("a kick-off", last.unwrap_or_default().0, 0, Day::LATEST.0)?;
        // # Rule X1: where `notice_s` is above 0, a match has a lower number than questions.
        if self.rules.notice_s > 0 {
            let last = games().map(|game| game.no.0).max();
            let most = u64::from(Question::NUMBERS.start) - 1;
            range("a match number", last.unwrap_or(0).into(), 0, most)?;
        }
        each_once("the match number", games().map(|game| game.no))?;
        each_once(
            "the match code",
            games().map(|game| game.code.folded().as_str().to_owned()),
        )
    }
}

impl Limits {
    fn check(&self) -> Result<(), GenesisError> {
        ranges! { self;
            block_bytes: 10_000, 8_000_000;
            block_transactions: 1, 100_000;
            transaction_bytes: 512, 8_192;
            pending_per_account: 1, 1_024;
            matches: 1, 4_096;
        }
        Ok(())
    }
}
