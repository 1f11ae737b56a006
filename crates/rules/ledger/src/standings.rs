//! The order of the table.

use std::cmp::Ordering;

use crate::{account::AccountId, state::Standing, tie_break::TieBreak};

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

/// Compares two standings, the better first.
fn compare(tie_breaks: &[TieBreak], a: &Standing, b: &Standing) -> Ordering {
    tie_breaks
        .iter()
        .fold(b.points.cmp(&a.points), |order, rule| {
            order.then_with(|| rule.compare(a, b))
        })
}

/// # Rule L1: by points, then by the rules' tie-breaks, then shared; 1, 2, 2, 4.
///
/// Players who share a place come in the order of their accounts.
#[must_use]
pub fn rank(
    tie_breaks: &[TieBreak],
    standings: impl IntoIterator<Item = (AccountId, Standing)>,
) -> Vec<Place> {
    let mut players: Vec<(AccountId, Standing)> = standings.into_iter().collect();
    players.sort_unstable_by(|(a_id, a), (b_id, b)| compare(tie_breaks, a, b).then(a_id.cmp(b_id)));
    let mut places: Vec<Place> = Vec::with_capacity(players.len());
    for (index, (account, standing)) in (1..).zip(players) {
        let place = match places.last() {
            Some(last) if compare(tie_breaks, &last.standing, &standing) == Ordering::Equal => {
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
