//! The 2019 Nations League finals with six players, worked out by hand.
//!
//! `PtCh` 3-1; `NlEn` 1-1 after 90 minutes, 3-1 after 120; `ChEn` 0-0 after both, 5-6 on penalties; `PtNl` 1-0.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::collections::BTreeMap;

use bolao_ledger::{
    Base, Fixture, Genesis, MatchCode, MatchNo, Outcome, Side, StageRule, StateView, TargetRule,
    Team, Text, UnixSeconds, rank, table,
};

use crate::game::{Game, account, bet, called_off, object, result, score, tip_on};

/// Six players, of whom the first is the organiser, and their tips: score and stake for each match.
const TIPS: [[Option<(&str, u64)>; 4]; 6] = [
    [
        Some(("3-1", 100)),
        Some(("1-1", 10)),
        Some(("0-0", 5)),
        Some(("2-1", 0)),
    ],
    [
        Some(("2-0", 100)),
        Some(("3-1", 20)),
        Some(("1-1", 5)),
        Some(("1-0", 1)),
    ],
    [
        Some(("1-0", 50)),
        Some(("2-0", 30)),
        Some(("2-1", 0)),
        Some(("2-0", 1)),
    ],
    [
        Some(("1-1", 100)),
        Some(("0-0", 40)),
        Some(("0-0", 1)),
        Some(("0-1", 500)),
    ],
    [
        Some(("2-1", 70)),
        Some(("1-2", 50)),
        Some(("0-1", 100)),
        Some(("1-0", 1)),
    ],
    [Some(("0-2", 30)), None, Some(("2-2", 7)), Some(("3-2", 0))],
];

/// Kick-offs, in UTC.
const KICKOFFS: [u64; 4] = [1_559_760_300, 1_559_846_700, 1_560_085_200, 1_560_105_900];

fn genesis(base: Base) -> Genesis {
    let team = |code: &str| Team {
        name: Text::new(code).unwrap(),
        code: None,
    };
    let fixture = |no: u16, home: &str, away: &str, stage: &str| Fixture {
        no: MatchNo(no),
        code: MatchCode::new(&format!("{home}{away}")).unwrap(),
        home: team(home),
        away: team(away),
        kickoff: Some(UnixSeconds(KICKOFFS[usize::from(no) - 1])),
        stage: Text::new(stage).unwrap(),
    };
    let mut genesis = Genesis::article();
    genesis.target = TargetRule::Fixed { zero_bits: 1 };
    genesis.organisers = vec![account(1)];
    genesis.rules.base = base;
    genesis.rules.dispute_window_s = 3_600;
    genesis.matches = vec![
        fixture(1, "Pt", "Ch", "Semi-finals"),
        fixture(2, "Nl", "En", "Semi-finals"),
        fixture(3, "Ch", "En", "Third place"),
        fixture(4, "Pt", "Nl", "Final"),
    ];
    genesis
}

fn outcomes() -> [Outcome; 4] {
    let level = |text: &str, after_120: &str| Outcome {
        after_120: Some(score(after_120)),
        ..Outcome::played(score(text))
    };
    [
        Outcome::played(score("3-1")),
        Outcome {
            half_time: Some(score("1-0")),
            advances: Some(Side::Home),
            ..level("1-1", "3-1")
        },
        Outcome {
            shootout: Some(score("5-6")),
            advances: Some(Side::Away),
            ..level("0-0", "0-0")
        },
        Outcome::played(score("1-0")),
    ]
}

/// Plays it to the end. The first record of the final is wrong, is objected to and corrected.
fn play(genesis: Genesis) -> Game {
    let mut game = Game::with(genesis);
    game.time = KICKOFFS[0] - 10_000;
    let joins = (1..=6).map(|who| game.join(who, 0, &format!("Player {who}")));
    game.play(joins.collect()).unwrap();
    for (who, tips) in (1..).zip(TIPS) {
        let tips: Vec<_> = (1..)
            .zip(tips)
            .filter_map(|(no, tip)| tip.map(|(predicted, stake)| tip_on(no, predicted, stake)))
            .collect();
        game.plays(who, bet(&tips)).unwrap();
    }
    for (no, outcome) in (1..).zip(outcomes()) {
        game.time = KICKOFFS[usize::from(no) - 1] + 9_000;
        if no == 4 {
            let wrong = Outcome::played(score("0-1"));
            game.plays(1, result(no, wrong)).unwrap();
            game.plays(2, object(no, "Guedes scored for Portugal"))
                .unwrap();
        }
        game.plays(1, result(no, outcome)).unwrap();
    }
    game.wait_until(KICKOFFS[3] + 100_000);
    game
}

/// Place and points of each player, in the players' order.
fn table_of(game: &Game, stage: Option<&str>) -> Vec<(u32, u64)> {
    let standing = |who: u8| match stage {
        None => game.standing(who),
        Some(stage) => game
            .state
            .get::<table::RoundStandings>(&(Text::new(stage).unwrap(), account(who)))
            .unwrap()
            .unwrap_or_default(),
    };
    let players = (1..=6).map(|who| (account(who), standing(who)));
    let places = rank(&game.genesis.rules.tie_breaks, players, &BTreeMap::new());
    (1..=6)
        .map(|who| places.iter().find(|place| place.account == account(who)))
        .map(|place| (place.unwrap().place, place.unwrap().standing.points.0))
        .collect()
}

fn chips(game: &Game) -> Vec<u64> {
    (1..=6).map(|who| game.chips(who)).collect()
}

#[test]
fn after_90_minutes() {
    let game = play(genesis(Base::After90));
    // PtCh 4 3 2 0 2 0, NlEn 4 0 0 2 0 -, ChEn 4 2 0 4 0 2, PtNl 3 4 2 0 4 3.
    // Players 4 and 5 have 6 points, one exact score, no difference, one tendency, no tip missing.
    assert_eq!(
        table_of(&game, None),
        [(1, 15), (2, 9), (6, 4), (3, 6), (3, 6), (5, 5)]
    );
    assert_eq!(
        table_of(&game, Some("Semi-finals")),
        [(1, 8), (2, 3), (3, 2), (3, 2), (3, 2), (6, 0)]
    );
    let ana = game.standing(1);
    assert_eq!(
        (ana.exact, ana.differences, ana.tendencies, ana.bets),
        (3, 1, 0, 4)
    );
    assert_eq!(game.standing(6).bets, 3);
    // PtCh: 450 by 400:300:100:0:140:0 = 191 144 48 0 67 0.
    // NlEn: 150 by 40:0:0:80:0 = 50 0 0 100 0.
    // ChEn: 118 by 20:10:0:4:0:14 = 49 25 0 10 0 34.
    // PtNl: 503 by 0:4:2:0:4:0 = 0 201 101 0 201 0.
    assert_eq!(chips(&game), [1_175, 1_244, 1_068, 469, 1_047, 997]);
    let totals = game.totals();
    assert_eq!(
        (totals.scored, totals.provisional, totals.rollover.0),
        (4, 0, 0)
    );
    assert_eq!(game.record(4).unwrap().version, 1);
}

#[test]
fn after_120_minutes() {
    let game = play(genesis(Base::After120));
    // As above but NlEn 0 4 3 0 0 -: 150 by 0:80:90:0:0 = 0 71 79 0 0.
    assert_eq!(
        table_of(&game, None),
        [(2, 11), (1, 13), (3, 7), (6, 4), (4, 6), (5, 5)]
    );
    assert_eq!(chips(&game), [1_125, 1_315, 1_147, 369, 1_047, 997]);
}

#[test]
fn each_stage_has_its_own_base_and_multiplier() {
    let mut rules = genesis(Base::After90);
    rules.rules.stages = vec![
        StageRule {
            stage: Text::new("Semi-finals").unwrap(),
            base: Base::After120,
            multiplier: 2,
        },
        StageRule {
            stage: Text::new("Final").unwrap(),
            base: Base::After90,
            multiplier: 3,
        },
    ];
    let game = play(rules);
    // Semi-finals twice the points after 120 minutes, the match for third place as it is, the final threefold.
    // 2 × (4 7 5 0 2 0) + (4 2 0 4 0 2) + 3 × (3 4 2 0 4 3).
    let points: Vec<u64> = (1..=6).map(|who| game.points(who)).collect();
    assert_eq!(points, [21, 28, 16, 4, 16, 11]);
    // A multiplier on every weight of a pot leaves its shares as they are.
    assert_eq!(chips(&game), [1_125, 1_315, 1_147, 369, 1_047, 997]);
}

#[test]
fn a_final_that_is_cancelled_gives_its_stakes_back() {
    let mut game = play(genesis(Base::After90));
    let paid = chips(&game);
    let mut again = Game::with(genesis(Base::After90));
    again.time = KICKOFFS[0] - 10_000;
    let joins = (1..=6).map(|who| again.join(who, 0, &format!("Player {who}")));
    again.play(joins.collect()).unwrap();
    again.plays(4, bet(&[tip_on(4, "0-1", 500)])).unwrap();
    let cancelled = called_off(bolao_ledger::Status::Cancelled);
    again.plays(1, result(4, cancelled)).unwrap();
    again.wait_until(KICKOFFS[3]);
    assert_eq!(again.chips(4), 1_000);
    // What is final stays final.
    let late = game.plays(1, result(4, Outcome::played(score("9-0"))));
    assert_eq!(late, Err(bolao_ledger::Reason::ResultFinal));
    assert_eq!(chips(&game), paid);
}
