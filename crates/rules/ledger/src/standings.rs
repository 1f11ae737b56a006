//! The order of the table.

use std::{cmp::Ordering, collections::BTreeMap};

use crate::{
    account::AccountId,
    state::Standing,
    tie_break::{Besides, TieBreak},
};

/// A player's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// 1 for the best; equal players share a place and the next ones are skipped: 1, 2, 2, 4.
    pub place: u32,
    /// The player at this place.
    pub account: AccountId,
    /// The player's standing, which decides the place.
    pub standing: Standing,
}

/// # Rule L1: by points, then by the rules' tie-breaks, then shared; 1, 2, 2, 4.
///
/// Players who share a place come in the order of their accounts. `besides`: the numbers that separate equal points besides; whoever has
/// none there is separated from nobody by them.
#[must_use]
pub fn rank(
    tie_breaks: &[TieBreak],
    standings: impl IntoIterator<Item = (AccountId, Standing)>,
    besides: &BTreeMap<AccountId, Besides>,
) -> Vec<Place> {
    let of = |account: &AccountId| besides.get(account).copied().unwrap_or_default();
    let tie = |(a_id, a): &(AccountId, Standing), (b_id, b): &(AccountId, Standing)| {
        let (a, b) = ((a, &of(a_id)), (b, &of(b_id)));
        let breaks = tie_breaks.iter().map(|rule| rule.compare(a, b));
        breaks.fold(Ordering::Equal, Ordering::then)
    };
    let compare = |one: &(AccountId, Standing), other: &(AccountId, Standing)| {
        let (a, b) = (one.1.points, other.1.points);
        b.cmp(&a).then_with(|| tie(one, other))
    };
    let mut players: Vec<(AccountId, Standing)> = standings.into_iter().collect();
    players.sort_unstable_by(|a, b| compare(a, b).then(a.0.cmp(&b.0)));
    let mut places: Vec<Place> = Vec::with_capacity(players.len());
    for (index, (account, standing)) in (1..).zip(players) {
        let place = match places.last() {
            Some(last)
                if compare(&(last.account, last.standing), &(account, standing))
                    == Ordering::Equal =>
            {
                last.place
            }
            _ => index,
        };
        places.push(Place {
            place,
            account,
            standing,
        });
    }
    places
}
