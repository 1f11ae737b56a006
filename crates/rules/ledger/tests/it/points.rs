//! Points by who wins, by how few have a right tendency, by how close a score is, and by stage; famous games as they are published.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation
)]

use std::{collections::BTreeMap, fs};

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

/// A match of a list that openfootball keeps: round, kick-off's place, score after 90 minutes, after 120, of the shoot-out.
struct Listed {
    round: String,
    ft: [u64; 2],
    et: Option<[u64; 2]>,
    p: Option<[u64; 2]>,
}

fn list(path: &str) -> Vec<Listed> {
    let data = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../data/openfootball/");
    let text = fs::read_to_string(format!("{data}{path}.json")).unwrap();
    let list: Value = serde_json::from_str(&text).unwrap();
    let mut all: Vec<(String, Listed)> = Vec::new();
    let mut take = |round: &str, it: &Value| {
        let goals = |name: &str| <Option<[u64; 2]>>::deserialize(&it["score"][name]).unwrap();
        let listed = Listed {
            round: round.to_owned(),
            ft: goals("ft").unwrap(),
            et: goals("et"),
            p: goals("p"),
        };
        all.push((format!("{}{}", it["date"], it["time"]), listed));
    };
    for round in list["rounds"].as_array().into_iter().flatten() {
        for it in round["matches"].as_array().unwrap() {
            take(round["name"].as_str().unwrap(), it);
        }
    }
    for it in list["matches"].as_array().into_iter().flatten() {
        take(it["round"].as_str().unwrap(), it);
    }
    all.sort_by(|(one, _), (other, _)| one.cmp(other));
    all.into_iter().map(|(_, listed)| listed).collect()
}

const KNOCK_OUT: [(&str, &str); 5] = [
    ("Round of 16", "Round of 16"),
    ("Quarter-finals", "Quarter-finals"),
    ("Semi-finals", "Semi-finals"),
    ("Match for third place", "Third place"),
    ("Final", "Final"),
];

fn stage_of(round: &str) -> Option<&'static str> {
    let found = KNOCK_OUT.iter().find(|(name, _)| *name == round);
    found.map(|(_, stage)| *stage)
}

/// What a game's page says that a tip gives, times four in Superbru's; `alike` of all have tipped the right winner or a draw.
fn published(game: &str, round: &str, tip: [u64; 2], ends: [u64; 2], alike: [u64; 2]) -> u64 {
    let sign = |[home, away]: [u64; 2]| home.cmp(&away);
    let goals = |team: u64| i64::try_from(team).unwrap();
    let apart = |[home, away]: [u64; 2]| goals(home) - goals(away);
    let right = sign(tip) == sign(ends);
    let exact = tip == ends;
    let difference = right && apart(tip) == apart(ends) && apart(ends) != 0;
    let teams = [tip[0] == ends[0], tip[1] == ends[1]];
    let pick = |all: &[(bool, u64)]| { all.iter() }.find(|(fits, _)| *fits).map_or(0, |it| it.1);
    match game {
        "kicktipp" => pick(&[(exact, 4), (difference, 3), (right, 2)]),
        "nine" if sign(ends).is_gt() => pick(&[(exact, 4), (difference, 3), (right, 2)]),
        "nine" if sign(ends).is_lt() => pick(&[(exact, 6), (difference, 5), (right, 4)]),
        "nine" => pick(&[(exact, 6), (right, 4)]),
        "quota" if right => {
            let [had, all] = alike;
            // A point for each wrong tip that there is for a right one, from the half on.
            let more = (1..=7).filter(|more| 2 * (all - had) >= (2 * more - 1) * had);
            3 + more.count() as u64 + pick(&[(exact, 2), (difference, 1)])
        }
        "superbru" => {
            let off = |team: usize| goals(tip[team]) - goals(ends[team]);
            let close = 2 * (off(0) - off(1)).abs() + (off(0) + off(1)).abs() <= 3;
            let plain = pick(&[(exact, 12), (right && close, 6), (right, 4)]);
            match stage_of(round) {
                Some("Quarter-finals") => plain * 3 / 2,
                Some("Semi-finals" | "Third place") => plain * 2,
                Some("Final") => plain * 3,
                _ => plain,
            }
        }
        "super6" => pick(&[(exact, 5), (right, 2)]),
        "wpfp" => {
            let sum = [(teams[0], 1), (teams[1], 1), (difference && !exact, 1)];
            let sum: u64 = { sum.iter() }.filter(|it| it.0).map(|it| it.1).sum();
            sum + pick(&[(exact, 5), (right, 2)])
        }
        "br7" => {
            let (winner, loser) = if apart(ends) > 0 {
                (teams[0], teams[1])
            } else {
                (teams[1], teams[0])
            };
            pick(&[
                (exact, 25),
                (right && apart(ends) == 0, 4),
                (right && winner, 18),
                (difference, 15),
                (right && loser, 12),
                (right, 10),
            ])
        }
        "br10s" => {
            let part = right && apart(ends) != 0 && (teams[0] || teams[1] || difference);
            let one = teams[0] || teams[1];
            let [all, most, some, least] = match stage_of(round) {
                None => [10, 7, 5, 2],
                Some("Round of 16") => [15, 11, 8, 3],
                Some(_) => [20, 14, 10, 4],
            };
            pick(&[(exact, all), (part, most), (right, some), (one, least)])
        }
        _ => 0,
    }
}

fn score_for(game: &str, it: &Listed) -> [u64; 2] {
    let played = it.et.unwrap_or(it.ft);
    match (game, it.p) {
        _ if stage_of(&it.round).is_none() => it.ft,
        ("kicktipp" | "nine" | "quota", Some(p)) => [played[0] + p[0], played[1] + p[1]],
        ("kicktipp" | "nine" | "quota" | "br10s", _) => played,
        _ => it.ft,
    }
}

fn pool(game: &str, list: &[Listed], players: u8) -> Genesis {
    let name = |it: &Listed| Text::new(it.round.as_str()).unwrap();
    let round = |it: &Listed| Round {
        name: name(it),
        stage: stage_of(&it.round).unwrap_or("Group stage").to_owned(),
        is_knockout: stage_of(&it.round).is_some(),
    };
    let mut rounds: Vec<Round> = Vec::new();
    for it in list.iter().map(round) {
        if !rounds.contains(&it) {
            rounds.push(it);
        }
    }
    let matches = (1..).zip(list).map(|(no, it)| {
        let mut own = fixture(no, &format!("M{no}"), Some(START + 50_000 + u64::from(no)));
        own.stage = name(it);
        own
    });
    let file = PoolFile {
        game: Some(game.to_owned()),
        bets: Some(BetMode::Open),
        results: Some(Quorum::of(1).into()),
        ..PoolFile::default()
    };
    let genesis = file.genesis(
        Text::new("A season").unwrap(),
        UnixSeconds(START),
        vec![account(ORGANISER)],
        matches.collect(),
        &rounds,
    );
    let mut genesis = genesis.unwrap();
    genesis.membership = bolao_ledger::Membership::Open;
    genesis.target = bolao_ledger::TargetRule::Fixed { zero_bits: 1 };
    genesis.limits.matches = 400;
    genesis.bounds = None;
    assert!(players < 32);
    genesis
}

fn plays_as_published(path: &str, matches: usize, players: u8) {
    let list = list(path);
    assert_eq!(list.len(), matches);
    for game in PoolFile::GAMES {
        let mut played = Game::joined_with(pool(game, &list, players), players);
        let dice = &mut Dice::new(u64::from(players));
        let mut tips: BTreeMap<(u8, u16), [u64; 2]> = BTreeMap::new();
        for who in 1..=players {
            let mut own: Vec<(u16, [u64; 2])> = Vec::new();
            for no in 1..=list.len() as u16 {
                if !dice.one_in(9) {
                    own.push((no, [dice.below(4), dice.below(3)]));
                }
            }
            for part in own.chunks(100) {
                let written = part
                    .iter()
                    .map(|(no, [home, away])| (*no, format!("{home}-{away}")));
                let bets: Vec<_> = written.map(|(no, text)| tip_on(no, &text, 0)).collect();
                assert_eq!(played.plays(who, bet(&bets)).unwrap().void_bets, []);
            }
            tips.extend(own.into_iter().map(|(no, tip)| ((who, no), tip)));
        }
        played.wait_until(START + 60_000);
        let mut wanted: BTreeMap<u8, u64> = BTreeMap::new();
        for (no, it) in (1..).zip(&list) {
            let written = |[home, away]: [u64; 2]| score(&format!("{home}-{away}"));
            let outcome = Outcome {
                after_120: it.et.map(written),
                shootout: it.p.map(written),
                ..Outcome::played(written(it.ft))
            };
            played.plays(ORGANISER, result(no, outcome)).unwrap();
            let ends = score_for(game, it);
            let own: Vec<_> = (1..=players)
                .filter_map(|who| Some((who, *tips.get(&(who, no))?)))
                .collect();
            let alike = { own.iter() }
                .filter(|(_, tip)| tip[0].cmp(&tip[1]) == ends[0].cmp(&ends[1]))
                .count();
            let alike = [alike as u64, own.len() as u64];
            for (who, tip) in own {
                *wanted.entry(who).or_default() += published(game, &it.round, tip, ends, alike);
            }
        }
        for (who, wanted) in wanted {
            assert_eq!(played.points(who), wanted, "{path} as {game}: player {who}");
        }
        check_invariants(&played.genesis.rules, &played.state).unwrap();
    }
}

#[test]
fn the_world_cup_of_2022_in_every_game() {
    plays_as_published("worldcup/2022/worldcup", 64, 30);
}

#[test]
fn the_euro_of_2024_in_every_game() {
    plays_as_published("euro/2024/euro", 51, 30);
}

#[test]
fn a_league_of_380_matches_in_every_game() {
    plays_as_published("football/2025/br.1", 380, 4);
}

/// What a game brings lies below what the file says itself.
#[test]
fn what_a_file_says_counts_over_its_game() {
    let list = list("worldcup/2022/worldcup");
    let rules = |file: PoolFile| {
        let mut genesis = pool("br7", &list, 2);
        let rounds = [
            Round {
                name: Text::new("Matchday 1").unwrap(),
                stage: "Group stage".to_owned(),
                is_knockout: false,
            },
            Round {
                name: Text::new("Final").unwrap(),
                stage: "Final".to_owned(),
                is_knockout: true,
            },
        ];
        file.apply(&mut genesis, &rounds).map(|()| genesis.rules)
    };
    let as_in = |game: &str| PoolFile {
        game: Some(game.to_owned()),
        ..PoolFile::default()
    };
    let superbru = rules(as_in("superbru")).unwrap();
    assert_eq!(superbru.scoring, of("superbru"));
    // Only stages that the pool has.
    let stages = superbru.features.schemes.unwrap().stages;
    let stages: Vec<_> = stages.iter().map(|it| it.stage.as_str()).collect();
    assert_eq!(stages, ["Final"]);
    let own = rules(PoolFile {
        scheme: Some("c321".to_owned()),
        tie_breaks: Some(Vec::new()),
        ..as_in("kicktipp")
    });
    let own = own.unwrap();
    assert_eq!(
        (own.scoring, own.tie_breaks),
        (preset("c321").unwrap(), vec![])
    );
    assert_eq!(own.stages.len(), 1);
    // Points of its own for all stages, also in place of the game's for some.
    let own = rules(PoolFile {
        scheme: Some("c321".to_owned()),
        ..as_in("superbru")
    });
    let own = own.unwrap();
    assert_eq!(
        (own.scoring, own.features.schemes),
        (preset("c321").unwrap(), None)
    );
    let flag = as_in("superbru").over(PoolFile {
        scheme: Some("c321".to_owned()),
        ..PoolFile::default()
    });
    assert_eq!(rules(flag).unwrap().scoring, of("superbru"));
    // A table of its own says nothing of the score that counts there, nor of other stages.
    let table = |stage: &str, base| StageTable {
        stage: stage.to_owned(),
        base,
        multiplier: Some(2),
    };
    let stages = |stage: StageTable, base| {
        let file = PoolFile {
            stages: vec![stage],
            base,
            ..as_in("kicktipp")
        };
        let stages = rules(file).unwrap().stages;
        let stages = stages.into_iter();
        let stages = stages.map(|it| (it.stage.to_string(), it.base, it.multiplier));
        stages.collect::<Vec<_>>()
    };
    let says = |stage: &str, base, multiplier| (stage.to_owned(), base, multiplier);
    let penalties = Base::AfterPenalties;
    assert_eq!(
        stages(table("final", None), None),
        [says("Final", penalties, 2)]
    );
    assert_eq!(
        stages(table("Group stage", None), None),
        [
            says("Matchday 1", Base::After90, 2),
            says("Final", penalties, 1)
        ]
    );
    let own = table("Final", Some(Base::After120));
    assert_eq!(stages(own, None), [says("Final", Base::After120, 2)]);
    assert_eq!(
        stages(table("Final", None), Some(Base::After90)),
        [says("Final", Base::After90, 2)]
    );
    let file = PoolFile {
        stages: vec![table("Final", None), table("Grand final", None)],
        ..as_in("kicktipp")
    };
    let mut genesis = pool("br7", &list, 2);
    let round = Round {
        name: Text::new("Grand final").unwrap(),
        stage: "Final".to_owned(),
        is_knockout: true,
    };
    file.apply(&mut genesis, &[round]).unwrap();
    assert_eq!(genesis.rules.stages[0].base, penalties);
    let jokers = rules(as_in("wpfp")).unwrap().features.jokers;
    assert_eq!(jokers.map(|it| (it.factor, it.per_stage)), Some((2, 1)));
    let error = rules(as_in("kicktip")).unwrap_err().to_string();
    assert!(
        error.contains("`kicktip`") && error.contains("superbru"),
        "{error}"
    );
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
