//! Places of the table: 1, 2, 2, 4, and what separates equal points.

use std::collections::BTreeMap;

use bolao_ledger::{Points, Standing, TieBreak, rank};

use crate::game::account;

const ALL: &[TieBreak] = &[
    TieBreak::Exact,
    TieBreak::Differences,
    TieBreak::Tendencies,
    TieBreak::FewerMissing,
];

fn standing(points: u64, [exact, differences, tendencies, tips]: [u32; 4]) -> Standing {
    Standing {
        points: Points(points),
        exact,
        differences,
        tendencies,
        bets: tips,
    }
}

/// The places of players 1, 2, 3…
fn places(tie_breaks: &[TieBreak], standings: &[Standing]) -> Vec<u32> {
    let players = (1_u8..).map(account).zip(standings.iter().copied());
    let places = rank(tie_breaks, players.clone(), &BTreeMap::new());
    players
        .map(|(account, _)| places.iter().find(|place| place.account == account))
        .map(|place| place.map_or(0, |place| place.place))
        .collect()
}

#[test]
fn equal_players_share_a_place_and_the_next_is_skipped() {
    let standings = [9, 7, 9, 12, 9, 0, 7].map(|points| standing(points, [0; 4]));
    assert_eq!(places(ALL, &standings), [2, 5, 2, 1, 2, 7, 5]);
    assert_eq!(places(ALL, &[]), Vec::<u32>::new());
    let order: Vec<u32> = rank(ALL, (1_u8..).map(account).zip(standings), &BTreeMap::new())
        .iter()
        .map(|place| place.place)
        .collect();
    assert_eq!(order, [1, 2, 2, 2, 5, 5, 7]);
}

#[test]
fn each_tie_break_separates_what_those_before_it_do_not() {
    for (index, counts) in [
        [[2, 0, 0, 0], [1, 9, 9, 9]],
        [[1, 2, 0, 0], [1, 1, 9, 9]],
        [[1, 1, 2, 0], [1, 1, 1, 9]],
        [[1, 1, 1, 5], [1, 1, 1, 4]],
    ]
    .into_iter()
    .enumerate()
    {
        let two = counts.map(|counts| standing(10, counts));
        assert_eq!(places(ALL, &two), [1, 2], "{index}");
        let shorter: Vec<_> = ALL.iter().copied().take(index).collect();
        assert_eq!(places(&shorter, &two), [1, 1], "{index}");
        // Points come before every tie-break.
        let [first, second] = counts;
        let two = [standing(10, first), standing(11, second)];
        assert_eq!(places(ALL, &two), [2, 1], "{index}");
    }
}

#[test]
fn the_chain_has_the_rules_order() {
    let two = [standing(10, [2, 0, 0, 3]), standing(10, [1, 0, 0, 4])];
    assert_eq!(places(&[TieBreak::Exact], &two), [1, 2]);
    assert_eq!(
        places(&[TieBreak::FewerMissing, TieBreak::Exact], &two),
        [2, 1]
    );
    assert_eq!(places(&[], &two), [1, 1]);
}
