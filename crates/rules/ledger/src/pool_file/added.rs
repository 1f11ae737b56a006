//! The rules that new pools have and the plainest do not, and bounds as the file says them.

use serde::{Deserialize, Deserializer};

use super::{PoolFile, PoolFileError, set, written::length_of};
use crate::{genesis::Bounds, rules::Rules};

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

/// The number of organisers who change who organises, where the file does not say: most of them, but one of two, so that one
/// who has lost the words does not end the pool.
fn usual_quorum(organisers: usize) -> u8 {
    let needed = match organisers {
        0 => 0,
        1 | 2 => 1,
        more => more / 2 + 1,
    };
    u8::try_from(needed).unwrap_or(u8::MAX)
}

impl Rules {
    /// The rules of a new pool of so many organisers where nobody says otherwise. Of several organisers two sign results and
    /// schedules.
    #[must_use]
    pub fn of_new_pools(organisers: usize) -> Self {
        let signing = if organisers > 1 { 2 } else { 1 };
        Self {
            results_quorum: signing,
            schedule_quorum: signing,
            short_bets_void: true,
            put_off_stays_open: true,
            notice_s: REOPEN_NOTICE_S,
            anybody_opens: true,
            organisers_quorum: usual_quorum(organisers),
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
    ) -> Result<u8, PoolFileError> {
        let usual = rules.organisers_quorum;
        let among = |what, quorum| Self::among(what, quorum, organisers);
        if let Some(written) = among("organisers", self.organisers)? {
            return Ok(written);
        }
        if usual == 0 {
            return Ok(usual);
        }
        let appoint = among("appoint", self.appoint)?.unwrap_or(0);
        let signing = rules.results_quorum.max(rules.schedule_quorum);
        Ok(usual.max(signing).max(appoint))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn most_organisers_change_who_organises_and_one_may_be_lost() {
        for (organisers, needed) in [(0, 0), (1, 1), (2, 1), (3, 2), (4, 3), (5, 3), (32, 17)] {
            assert_eq!(usual_quorum(organisers), needed, "{organisers}");
        }
    }

    #[test]
    fn as_many_change_who_organises_as_sign_anything_else() {
        let quorum = |file: &PoolFile, organisers, signing| {
            let mut rules = Rules::of_new_pools(organisers);
            rules.results_quorum = signing;
            rules.schedule_quorum = signing;
            file.organisers_quorum(&rules, organisers).unwrap()
        };
        let mut file = PoolFile::default();
        assert_eq!((quorum(&file, 2, 1), quorum(&file, 2, 2)), (1, 2));
        assert_eq!(quorum(&file, 5, 2), 3);
        file.appoint = "2".parse().ok();
        assert_eq!((quorum(&file, 2, 1), quorum(&file, 5, 1)), (2, 3));
        file.organisers = "1".parse().ok();
        assert_eq!(quorum(&file, 2, 2), 1, "what is written counts");
    }
}
