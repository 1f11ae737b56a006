//! The rules that new pools have and the plainest do not, and bounds as the file says them.

use serde::{Deserialize, Deserializer};

use super::{PoolFile, PoolFileError, set, written::length_of};
use crate::{
    genesis::{Bounds, Quorum},
    rules::{BetMode, Rules},
};

/// The bounds on what a pool takes in a time where its file does not say. An hour is enough for each match of a World Cup in a transaction
/// of its own, or for all sealed tips of one several times over; forty new accounts fill 1.3 MB in it.
pub(super) const BOUNDS: Bounds = Bounds {
    window_s: 3_600,
    account_transactions: 120,
    account_bytes: 32 * 1_024,
    joins: 250,
};

/// The notice that a change needs that lets betting end later, in seconds, where the file does not say.
const REOPEN_NOTICE_S: u32 = 12 * 3_600;

/// The bounds as the file says them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BoundsWritten {
    /// There are none.
    None,
    /// These, over those that a pool has else.
    Some(BoundsTable),
}

/// A table `bounds`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "`Bounds` says what each of them means")]
pub struct BoundsTable {
    #[serde(default, alias = "window_s", deserialize_with = "length_of")]
    pub window: Option<u32>,
    pub account_transactions: Option<u32>,
    pub account_bytes: Option<u32>,
    pub joins: Option<u32>,
}

impl<'de> Deserialize<'de> for BoundsWritten {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "snake_case")]
        enum Word {
            None,
        }
        #[derive(Deserialize)]
        #[serde(
            untagged,
            expecting = "wanted \"none\" or a table of window, account_transactions, account_bytes and joins"
        )]
        enum Either {
            Word(Word),
            Table(BoundsTable),
        }
        Ok(match Either::deserialize(from)? {
            Either::Word(Word::None) => Self::None,
            Either::Table(table) => Self::Some(table),
        })
    }
}

impl BoundsWritten {
    pub(super) fn bounds(self, before: Option<Bounds>) -> Option<Bounds> {
        let Self::Some(table) = self else {
            return None;
        };
        let mut bounds = before.unwrap_or(BOUNDS);
        set(&mut bounds.window_s, table.window);
        set(&mut bounds.account_transactions, table.account_transactions);
        set(&mut bounds.account_bytes, table.account_bytes);
        set(&mut bounds.joins, table.joins);
        Some(bounds)
    }
}

impl Rules {
    /// The rules of a new pool of so many organisers where nobody says otherwise: no bet is seen before kick-off; one signature while
    /// there is one organiser, two once there are two.
    #[must_use]
    pub fn of_new_pools(organisers: usize) -> Self {
        let (signing, changing) = match organisers {
            0 => (Quorum::of(1), Quorum::of(0)),
            _ => (Quorum::TWO_ONCE_TWO, Quorum::TWO_ONCE_TWO),
        };
        Self {
            bets: BetMode::Sealed,
            results_quorum: signing,
            schedule_quorum: signing,
            short_bets_void: true,
            put_off_stays_open: true,
            notice_s: REOPEN_NOTICE_S,
            anybody_opens: true,
            organisers_quorum: changing,
            ..Self::default()
        }
    }
}

impl PoolFile {
    /// The number of organisers who change who organises: where the file does not say, as many at least as sign anything else.
    /// Else whoever may add organisers alone adds an account of his own, and signs with both.
    pub(super) fn organisers_quorum(
        &self,
        rules: &Rules,
        organisers: usize,
    ) -> Result<Quorum, PoolFileError> {
        let usual = rules.organisers_quorum;
        let among = |what, quorum| Self::among(what, quorum, organisers);
        if let Some(written) = among("organisers", self.organisers)? {
            return Ok(written);
        }
        if usual == Quorum::of(0) {
            return Ok(usual);
        }
        let appoint = among("appoint", self.appoint)?.unwrap_or(usual);
        let signing = rules.results_quorum.max(rules.schedule_quorum);
        Ok(usual.max(signing).max(appoint))
    }

    /// The number of organisers who appoint validators: where the file does not say, as many as sign anything else.
    pub(super) fn appoint_quorum(
        &self,
        rules: &Rules,
        organisers: usize,
    ) -> Result<Quorum, PoolFileError> {
        let written = Self::among("appoint", self.appoint, organisers)?;
        let signing = rules.results_quorum.max(rules.schedule_quorum);
        Ok(written.unwrap_or(signing.max(rules.organisers_quorum)))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const TWO: Quorum = Quorum::TWO_ONCE_TWO;

    #[test]
    fn two_sign_once_there_are_two() {
        for (organisers, needed) in [(1, 1), (2, 2), (3, 2), (32, 2)] {
            let rules = Rules::of_new_pools(organisers);
            for quorum in [
                rules.results_quorum,
                rules.schedule_quorum,
                rules.organisers_quorum,
            ] {
                assert_eq!(quorum.among(organisers), needed, "{organisers}");
            }
        }
        let nobody = Rules::of_new_pools(0);
        assert_eq!(nobody.organisers_quorum, Quorum::of(0));
    }

    #[test]
    fn as_many_change_who_organises_and_who_makes_blocks_as_sign_anything_else() {
        for (results, appoint, organisers, wanted) in [
            (None, None, None, (TWO, TWO)),
            (Some("1"), None, None, (TWO, TWO)),
            (Some("3"), None, None, (Quorum::of(3), Quorum::of(3))),
            (None, Some("3-of-5"), None, (Quorum::of(3), Quorum::of(3))),
            (None, Some("1"), None, (TWO, Quorum::of(1))),
            (
                Some("two-once-two"),
                None,
                Some("4"),
                (Quorum::of(4), Quorum::of(4)),
            ),
            // What is written counts.
            (
                Some("2"),
                Some("1"),
                Some("1"),
                (Quorum::of(1), Quorum::of(1)),
            ),
        ] {
            let parsed = |text: Option<&str>| text.map(|it| it.parse().unwrap());
            let file = PoolFile {
                results: parsed(results),
                schedules: parsed(results),
                appoint: parsed(appoint),
                organisers: parsed(organisers),
                ..PoolFile::default()
            };
            let mut rules = Rules::of_new_pools(5);
            let signing = PoolFile::among("results", file.results, 5).unwrap();
            set(&mut rules.results_quorum, signing);
            set(&mut rules.schedule_quorum, signing);
            rules.organisers_quorum = file.organisers_quorum(&rules, 5).unwrap();
            let got = (
                rules.organisers_quorum,
                file.appoint_quorum(&rules, 5).unwrap(),
            );
            assert_eq!(got, wanted, "{results:?} {appoint:?} {organisers:?}");
        }
    }
}
