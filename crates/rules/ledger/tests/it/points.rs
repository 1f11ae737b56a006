//! Points by who wins, by how few have a right tendency, by how close a score is, and by stage; famous games as they are published.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation
)]

mod games;

use std::collections::BTreeMap;

use bolao_ledger::{
    Base, BetMode, Crowd, Genesis, GenesisError, MatchNo, Outcome, PRESETS, Points, PoolFile,
    Quorum, Round, Scoring, StageTable, Text, UnixSeconds, actions::SchemesRule, check_invariants,
    preset, table,
};
use serde::Deserialize as _;
use serde_json::{Value, json};

use crate::{
    dice::Dice,
    game::{
        Game, KICKOFF, ORGANISER, START, account, bet, fixture, genesis, open, played, result,
        ruled, score, sealed, tip_on,
    },
};

fn scheme(value: Value) -> Scoring {
    Scoring::deserialize(value).unwrap()
}

/// Kicktipp's quota without anything on top.
fn quota(least: u16, most: u16) -> Scoring {
    let win = json!({ "exact": 0, "difference": 0, "tendency": 0 });
    let lines = json!({ "home": win, "draw": { "exact": 0, "tendency": 0 }, "away": win });
    scheme(json!({ "kind": "quota", "least": least, "most": most, "lines": lines }))
}

/// The points of a game in most matches.
pub(crate) fn of(game: &str) -> Scoring {
    let file = PoolFile {
        game: Some(game.to_owned()),
        ..PoolFile::default()
    };
    let mut genesis = genesis();
    file.apply(&mut genesis, &[]).unwrap();
    genesis.rules.scoring
}

fn points(of: &Scoring, tip: &str, ends: &str) -> u64 {
    of.score(score(tip), score(ends), Crowd::default()).0.0
}

/// 5 of 25 have it right: of at most 10, 8, 7 points each gets 7, 6, 6.
#[test]
fn a_quota_gives_what_kicktipps_page_says() {
    let crowd = Crowd { bets: 25, right: 5 };
    for (most, gives) in [(10, 7), (8, 6), (7, 6)] {
        let quota = quota(3, most);
        let of = |tip| quota.score(score(tip), score("2-1"), crowd).0.0;
        assert_eq!((of("1-0"), of("2-1"), of("1-1")), (gives, gives, 0));
    }
    let all = |bets, right| {
        let crowd = Crowd { bets, right };
        quota(3, 10).score(score("1-0"), score("2-1"), crowd).0.0
    };
    assert_eq!((all(25, 25), all(25, 1), all(2, 1)), (3, 10, 4));
    assert_eq!(all(u32::MAX, 1), 10);
}

/// Home wins 2, 3, 4; draws 4 and 6; away wins 4, 5, 6.
#[test]
fn away_wins_and_draws_are_worth_more_on_the_sheet_of_nine() {
    let nine = of("nine");
    for (tip, ends, gives) in [
        ("3-0", "2-1", 2),
        ("1-0", "2-1", 3),
        ("2-1", "2-1", 4),
        ("0-0", "1-1", 4),
        ("1-1", "1-1", 6),
        ("0-3", "1-2", 4),
        ("0-1", "1-2", 5),
        ("1-2", "1-2", 6),
        ("1-2", "2-1", 0),
        ("1-1", "2-1", 0),
    ] {
        assert_eq!(points(&nine, tip, ends), gives, "{tip} for {ends}");
    }
}

/// What a bet gets at most, of all that there is to get.
#[test]
fn no_bet_gets_more_than_the_most() {
    let scores = || (0..6).flat_map(|home| (0..6).map(move |away| format!("{home}-{away}")));
    let crowd = Crowd { bets: 40, right: 1 };
    let schemes = PRESETS.iter().map(|(_, scoring)| *scoring);
    for scheme in schemes.chain(["nine", "quota", "superbru", "br7"].map(of)) {
        let all = scores().flat_map(|tip| scores().map(move |ends| (tip.clone(), ends)));
        let most = all.map(|(tip, ends)| scheme.score(score(&tip), score(&ends), crowd).0.0);
        assert_eq!(most.max(), Some(scheme.most()), "{scheme:?}");
    }
}

/// Superbru's 3, 1.5 and 1, four times.
#[test]
fn a_close_score_is_off_by_one_goal_or_by_one_each_the_same_way() {
    let superbru = of("superbru");
    for (tip, ends, gives) in [
        ("2-1", "2-1", 12),
        ("1-1", "1-1", 12),
        ("1-0", "2-1", 6),
        ("3-2", "2-1", 6),
        ("2-0", "2-1", 6),
        ("3-1", "2-1", 6),
        ("0-0", "1-1", 6),
        ("2-2", "1-1", 6),
        ("3-3", "1-1", 4),
        ("3-0", "2-1", 4),
        ("4-1", "2-1", 4),
        ("4-3", "2-1", 4),
        ("1-1", "2-1", 0),
    ] {
        assert_eq!(points(&superbru, tip, ends), gives, "{tip} for {ends}");
    }
}

/// Dacopa's table: 25, 18, 15, 12, 10, 4.
#[test]
fn dacopas_table() {
    let br7 = of("br7");
    for (tip, ends, gives) in [
        ("2-1", "2-1", 25),
        ("2-0", "2-1", 18),
        ("3-1", "2-0", 15),
        ("3-1", "2-1", 12),
        ("4-0", "2-1", 10),
        ("1-1", "0-0", 4),
        ("2-0", "0-1", 0),
    ] {
        assert_eq!(points(&br7, tip, ends), gives, "{tip} for {ends}");
    }
}

pub(crate) fn with(change: impl FnOnce(&mut Genesis), of: Genesis) -> Genesis {
    ruled(of, |it| {
        change(it);
        it.version = it.rules.genesis_version();
    })
}

pub(crate) fn schemes(stages: Value) -> SchemesRule {
    SchemesRule::deserialize(json!({ "stages": stages })).unwrap()
}

fn refused(change: impl FnOnce(&mut Genesis)) -> String {
    let mut genesis = genesis();
    change(&mut genesis);
    genesis.version = genesis.rules.genesis_version();
    genesis.check().unwrap_err().to_string()
}

#[test]
fn numbers_that_are_none_are_refused() {
    let own = |stages| move |it: &mut Genesis| it.rules.features.schemes = Some(schemes(stages));
    let scored = |scoring| move |it: &mut Genesis| it.rules.scoring = scoring;
    let one = json!({ "kind": "close", "exact": 3, "close": 2, "result": 1 });
    let none = json!({ "kind": "close", "exact": 0, "close": 0, "result": 0 });
    let twice = json!([{ "stage": "Final", "scoring": one }, { "stage": "Final", "scoring": one }]);
    for (error, part) in [
        (refused(scored(quota(11, 10))), "least = 11, wanted 0 to 10"),
        (refused(scored(quota(0, 0))), "points = 0"),
        (refused(scored(quota(0, 1_001))), "points = 1001"),
        (refused(scored(scheme(none.clone()))), "points = 0"),
        (refused(own(json!([]))), "no stage"),
        (refused(own(twice)), "twice"),
        (
            refused(own(json!([{ "stage": "Final", "scoring": none }]))),
            "points = 0",
        ),
    ] {
        assert!(error.contains(part), "{error}");
    }
    // An unknown kind, a line that lacks a number, a number too many.
    for wrong in [
        json!({ "kind": "closer", "exact": 3, "close": 2, "result": 1 }),
        json!({ "kind": "close", "exact": 3, "close": 2 }),
        json!({ "kind": "close", "exact": 3, "close": 2, "result": 1, "none": 0 }),
    ] {
        assert!(Scoring::deserialize(wrong).is_err());
    }
}

/// Whoever opens later takes from the others what they had for being few, and nobody has more for another's silence than that.
#[test]
fn a_seal_that_is_opened_later_changes_what_the_others_have() {
    let genesis = with(|it| it.rules.scoring = quota(3, 10), sealed());
    let mut game = Game::joined_with(genesis, 4);
    for (who, tip) in [(1, "1-0"), (2, "2-1"), (3, "3-0"), (4, "0-0")] {
        game.plays(who, game.seal(who, 3, tip, who, 10)).unwrap();
    }
    game.wait_until(KICKOFF);
    game.plays(1, open(3, "1-0", 1)).unwrap();
    game.plays(4, open(3, "0-0", 4)).unwrap();
    game.plays(ORGANISER, result(3, played("4-0"))).unwrap();
    let all = |game: &Game| [1, 2, 3, 4].map(|who| game.points(who));
    // One of four: 3 + 3; two: 3 + 1; three: 3.
    assert_eq!(all(&game), [6, 0, 0, 0]);
    game.plays(2, open(3, "2-1", 2)).unwrap();
    assert_eq!(all(&game), [4, 4, 0, 0]);
    game.plays(3, open(3, "3-0", 3)).unwrap();
    assert_eq!(all(&game), [3, 3, 3, 0]);
    game.plays(ORGANISER, result(3, played("1-1"))).unwrap();
    assert_eq!(all(&game), [0, 0, 0, 6]);
    check_invariants(&game.genesis.rules, &game.state).unwrap();
    let settled = game.time + 1_000;
    game.wait_until(settled);
    assert_eq!(game.chips(4), 1_000 + 30);
}

/// Whatever the others have opened, and whatever the score is: who opens has no fewer points by it, and nobody else has more.
#[test]
fn nobody_gains_by_not_opening_a_seal() {
    let scheme = of("quota");
    let tips = ["1-0", "2-1", "0-0", "0-1"].map(score);
    for bets in 1..12_u32 {
        for right in 0..bets {
            for (tip, ends) in tips.iter().flat_map(|tip| tips.map(|ends| (*tip, ends))) {
                let of = |tip, right| scheme.score(tip, ends, Crowd { bets, right }).0;
                let more = u32::from(tip.tendency() == ends.tendency());
                let (before, after) = (of(ends, right.max(1)), of(ends, (right + more).max(1)));
                assert!(after <= before, "{tip} for {ends}: {right} of {bets}");
                assert_eq!(of(tip, right + more) > Points(0), more > 0);
            }
        }
    }
}

/// Random seals, openings before and after records, corrections: the points are those that the bets have as they are now, whatever came
/// in between, and a kept count of what can be read is that of the bets.
#[test]
fn no_sequence_leaves_points_of_another_crowd() {
    for seed in 0..60 {
        let dice = &mut Dice::new(seed);
        let genesis = with(
            |it| {
                it.rules.features.schemes = Some(schemes(json!([
                    { "stage": "Final", "scoring": quota(0, 7) },
                ])));
                it.rules.dispute_window_s = 400;
            },
            if dice.one_in(4) { genesis() } else { sealed() },
        );
        let is_sealed = genesis.rules.bets == BetMode::Sealed;
        let mut game = Game::joined_with(genesis, 6);
        let mut tips = BTreeMap::new();
        for who in 1..=6 {
            for _ in 0..dice.below(3) {
                let tip = dice.pick(&["1-0", "2-1", "0-0", "1-1", "0-1", "1-3"]);
                let act = if is_sealed {
                    game.seal(who, 3, tip, who, 1)
                } else {
                    bet(&[tip_on(3, tip, 1)])
                };
                game.plays(who, act).unwrap();
                tips.insert(who, tip);
            }
        }
        game.wait_until(KICKOFF);
        let mut opened: Vec<u8> = if is_sealed { vec![] } else { (1..=6).collect() };
        let mut ends = None;
        for _ in 0..12 {
            let who = 1 + dice.below(6) as u8;
            let tip = tips.get(&who).filter(|_| !opened.contains(&who));
            if let Some(tip) = tip.filter(|_| dice.one_in(2)) {
                let is_open = game.plays(who, open(3, tip, who)).is_ok();
                opened.extend(is_open.then_some(who));
            } else if dice.one_in(2) {
                let outcome = dice.pick(&["1-0", "0-0", "0-2"]);
                game.plays(ORGANISER, result(3, played(outcome))).unwrap();
                ends = Some(outcome);
            }
            game.time += 10;
            let sign = |text: &str| {
                let it = score(text);
                it.home().cmp(&it.away())
            };
            let right: Vec<u8> = { tips.iter() }
                .filter(|(who, tip)| {
                    opened.contains(who) && ends.is_some_and(|ends| sign(ends) == sign(tip))
                })
                .map(|(who, _)| *who)
                .collect();
            let (bets, count) = (tips.len() as u64, right.len() as u64);
            for who in 1..=6 {
                let wanted = if right.contains(&who) {
                    // Halves are rounded up.
                    ((7 * (bets - count) * 2 + 10 * count) / (20 * count)).min(7)
                } else {
                    0
                };
                assert_eq!(game.points(who), wanted, "seed {seed}, player {who}");
            }
            check_invariants(&game.genesis.rules, &game.state).unwrap();
        }
    }
}

/// A pool in which no scheme looks at others keeps no counts of them.
#[test]
fn counts_are_kept_only_where_a_scheme_asks_for_them() {
    let counts = |genesis| {
        let mut game = Game::joined_with(genesis, 2);
        game.plays(2, bet(&[tip_on(3, "1-0", 0)])).unwrap();
        game.state.table::<table::Readable>().unwrap()
    };
    assert!(counts(genesis()).is_empty());
    let quota = with(|it| it.rules.scoring = quota(1, 5), genesis());
    assert_eq!(counts(quota), [(MatchNo(3), [1, 0, 0])].into());
}

/// A stage's own points count for the table and the pot, and its multiplier with them.
#[test]
fn a_stage_has_points_of_its_own() {
    let close = json!({ "kind": "close", "exact": 9, "close": 5, "result": 2 });
    let genesis = with(
        |it| {
            it.rules.features.schemes =
                Some(schemes(json!([{ "stage": "Final", "scoring": close }])));
            let mut other = fixture(4, "Else", Some(KICKOFF));
            other.stage = Text::new("Group A").unwrap();
            it.matches.push(other);
        },
        genesis(),
    );
    let mut game = Game::joined_with(genesis, 3);
    for (who, tip) in [(1, "2-1"), (2, "1-0"), (3, "4-0")] {
        let bets = [tip_on(3, tip, 16), tip_on(4, tip, 0)];
        game.plays(who, bet(&bets)).unwrap();
    }
    game.wait_until(KICKOFF);
    let stage = |game: &Game| [1, 2, 3].map(|who| game.points(who));
    game.plays(ORGANISER, result(4, played("2-1"))).unwrap();
    assert_eq!(stage(&game), [4, 3, 2]);
    game.plays(ORGANISER, result(3, played("2-1"))).unwrap();
    assert_eq!(stage(&game), [13, 8, 4]);
    let settled = game.time + 1_000;
    game.wait_until(settled);
    // 48 chips, shared 9 : 5 : 2.
    assert_eq!([1, 2, 3].map(|who| game.chips(who)), [1_011, 999, 990]);
}

/// A stage is written as people call it: a round of the list, or what several rounds have in common.
#[test]
fn stages_are_written_as_people_call_them() {
    let round = |name: &str, stage: &str| Round {
        name: Text::new(name).unwrap(),
        stage: stage.to_owned(),
        is_knockout: true,
    };
    let rounds = [
        round("Semi-final 1", "Semi-finals"),
        round("Semi-final 2", "Semi-finals"),
        round("Final", "Final"),
    ];
    let one = json!({ "kind": "close", "exact": 3, "close": 2, "result": 1 });
    let two = json!({ "kind": "close", "exact": 6, "close": 4, "result": 2 });
    let rules = |stages: Value| {
        let mut genesis = genesis();
        let mut file = PoolFile::default();
        file.features.schemes = Some(schemes(stages));
        file.apply(&mut genesis, &rounds)?;
        let own = genesis.rules.features.schemes.unwrap().stages;
        let own = own.into_iter().map(|it| (it.stage.to_string(), it.scoring));
        Ok::<Vec<_>, bolao_ledger::PoolFileError>(own.collect())
    };
    let both = rules(json!([
        { "stage": "semi-finals", "scoring": one },
        { "stage": "Semi-final 2", "scoring": two },
    ]));
    let (one, two) = (scheme(one), scheme(two));
    let wanted = [("Semi-final 1", one), ("Semi-final 2", two)];
    assert_eq!(
        both.unwrap(),
        wanted.map(|(name, it)| (name.to_owned(), it))
    );
    let twice = rules(json!([
        { "stage": "Final", "scoring": one },
        { "stage": "final", "scoring": two },
    ]));
    assert!(
        twice
            .unwrap_err()
            .to_string()
            .contains("two [[features.schemes.stages]]")
    );
    let unknown = rules(json!([{ "stage": "Quarter-finals", "scoring": one }]));
    let unknown = unknown.unwrap_err();
    let is_unknown = matches!(
        &unknown,
        bolao_ledger::PoolFileError::Genesis(GenesisError::UnknownRound { .. })
    );
    assert!(is_unknown, "{unknown}");
}
