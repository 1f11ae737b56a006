//! Famous games, played with the results of real competitions, against what their own pages say.

use std::{collections::BTreeMap, fs};

use super::*;

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
