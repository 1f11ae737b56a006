//! Who goes through, and what no sequence of acts may make of it.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation
)]

use bolao_ledger::{
    Action, Base, Crowd, Genesis, MatchNo, Outcome, Reason, Side, StageRule, StateView as _,
    Status, Text,
    actions::{JokerRule, ThroughRule},
    table,
};

use crate::{
    dice::Dice,
    game::{
        Game, KICKOFF, ORGANISER, account, bet, called_off, fixture, genesis, open, played, result,
        ruled, schedule, score, sealed, tip_on,
    },
    jokers::joker,
};

const ANA: u8 = 2;
const BRUNO: u8 = 3;

/// The points for who goes through.
const MORE: u64 = 3;

/// A pool in which three points are for who goes through in the final, with jokers.
pub(crate) fn chooses(of: Genesis) -> Genesis {
    ruled(of, |it| {
        it.rules.features.through = Some(ThroughRule {
            points: 3,
            stages: vec![Text::new("Final").unwrap()],
        });
        it.rules.features.jokers = Some(JokerRule {
            factor: 2,
            per_stage: 4,
            in_all: 0,
        });
        it.version = it.rules.genesis_version();
        it.rules.put_off_stays_open = true;
        it.limits.matches = 8;
        let mut group = fixture(4, "Group", Some(KICKOFF + 500));
        group.stage = Text::new("Group A").unwrap();
        it.matches.push(group);
    })
}

fn game() -> Game {
    Game::joined_with(chooses(genesis()), 4)
}

/// A record with who goes on to the next round.
fn goes_on(text: &str, advances: Option<Side>) -> Outcome {
    Outcome {
        advances,
        ..played(text)
    }
}

fn points(game: &Game, who: u8) -> u64 {
    let standing = game.state.get::<table::Standings>(&account(who)).unwrap();
    standing.unwrap_or_default().points.0
}

/// The points of tips on the final, each for itself, after a record of it.
fn earned(tips: &[&str], outcome: &Outcome) -> Vec<u64> {
    let mut game = game();
    for (tip, who) in tips.iter().zip(2..) {
        game.plays(who, bet(&[tip_on(3, tip, 10)])).unwrap();
    }
    game.time = KICKOFF + 6_000;
    game.plays(ORGANISER, result(3, outcome.clone())).unwrap();
    let each = tips.iter().zip(2..);
    each.map(|(_, who)| points(&game, who)).collect()
}

#[test]
fn a_tip_lets_its_winner_go_through_or_the_team_that_it_names() {
    let home = goes_on("1-1", Some(Side::Home));
    assert_eq!(
        earned(&["1-1", "1-1 home", "1-1 away"], &home),
        [4, 4 + MORE, 4]
    );
    // Whatever the score says, the team that is named counts: a tie may have two legs.
    assert_eq!(
        earned(&["2-1", "2-1 away", "1-2 home"], &home),
        [MORE, 0, MORE]
    );
    let away = goes_on("2-1", Some(Side::Away));
    assert_eq!(
        earned(&["2-1", "2-1 away", "0-1"], &away),
        [4, 4 + MORE, MORE]
    );
    let nobody = goes_on("1-1", None);
    assert_eq!(earned(&["1-1 home", "1-1 away", "2-1"], &nobody), [4, 4, 0]);
}

#[test]
fn a_record_that_does_not_count_gives_nothing() {
    let home = Some(Side::Home);
    for (status, is_scored) in [(Status::Awarded, true), (Status::Abandoned, false)] {
        let outcome = Outcome {
            status,
            ..goes_on("3-0", home)
        };
        let wanted = if is_scored { MORE } else { 0 };
        assert_eq!(earned(&["1-1 home"], &outcome), [wanted], "{status:?}");
    }
    let cancelled = Outcome {
        advances: home,
        ..called_off(Status::Cancelled)
    };
    assert_eq!(earned(&["1-1 home"], &cancelled), [0]);
}

#[test]
fn the_stage_multiplies_it_and_a_joker_does_not() {
    let genesis = ruled(chooses(genesis()), |it| {
        it.rules.stages = vec![StageRule {
            stage: Text::new("Final").unwrap(),
            base: Base::After90,
            multiplier: 5,
        }];
    });
    let mut game = Game::joined_with(genesis, 4);
    for who in [ANA, BRUNO] {
        game.plays(who, bet(&[tip_on(3, "1-1 home", 10)])).unwrap();
    }
    game.plays(ANA, joker(&[], &[3])).unwrap();
    game.time = KICKOFF + 6_000;
    let home = goes_on("1-1", Some(Side::Home));
    game.plays(ORGANISER, result(3, home)).unwrap();
    assert_eq!(points(&game, BRUNO), 5 * (4 + MORE));
    assert_eq!(points(&game, ANA), 5 * (2 * 4 + MORE));
}

#[test]
fn pots_are_shared_and_ties_broken_without_it() {
    let mut game = game();
    game.plays(ANA, bet(&[tip_on(3, "1-1 away", 10)])).unwrap();
    game.plays(BRUNO, bet(&[tip_on(3, "1-1 home", 10)]))
        .unwrap();
    game.time = KICKOFF + 6_000;
    let home = goes_on("1-1", Some(Side::Home));
    game.plays(ORGANISER, result(3, home)).unwrap();
    assert_eq!(points(&game, BRUNO), points(&game, ANA) + MORE);
    let exact = |who| {
        let standing = game.state.get::<table::Standings>(&account(who)).unwrap();
        standing.unwrap().exact
    };
    assert_eq!(exact(ANA), exact(BRUNO));
    game.wait_until(game.time + 301);
    assert_eq!(game.chips(ANA), game.chips(BRUNO));
}

#[test]
fn a_corrected_record_takes_off_what_it_gave() {
    let mut game = game();
    game.plays(ANA, bet(&[tip_on(3, "1-1 home", 0)])).unwrap();
    game.time = KICKOFF + 6_000;
    for (advances, wanted) in [
        (Some(Side::Home), 4 + MORE),
        (Some(Side::Away), 4),
        (None, 4),
        (Some(Side::Home), 4 + MORE),
    ] {
        game.plays(ORGANISER, result(3, goes_on("1-1", advances)))
            .unwrap();
        assert_eq!(points(&game, ANA), wanted, "{advances:?}");
    }
}

#[test]
fn in_other_stages_it_gives_nothing() {
    let mut game = game();
    game.plays(ANA, bet(&[tip_on(4, "1-1 home", 0)])).unwrap();
    game.time = KICKOFF + 6_000;
    let home = goes_on("1-1", Some(Side::Home));
    game.plays(ORGANISER, result(4, home)).unwrap();
    assert_eq!(points(&game, ANA), 4);
}

#[test]
fn it_is_sealed_with_the_tip() {
    let mut game = Game::joined_with(chooses(sealed()), 4);
    for (who, seed) in [(ANA, 7), (BRUNO, 8)] {
        let seal = game.seal(who, 3, "1-1 home", seed, 0);
        game.plays(who, seal).unwrap();
    }
    game.time = KICKOFF + 1;
    let home = goes_on("1-1", Some(Side::Home));
    game.plays(ORGANISER, result(3, home)).unwrap();
    assert_eq!(points(&game, ANA), 0);
    for other in ["1-1", "1-1 away"] {
        let opened = game.plays(ANA, open(3, other, 7));
        assert_eq!(opened, Err(Reason::BadOpening), "{other}");
    }
    game.plays(ANA, open(3, "1-1 home", 7)).unwrap();
    assert_eq!(points(&game, ANA), 4 + MORE);
    assert_eq!(points(&game, BRUNO), 0);
}

#[test]
fn a_pool_that_has_not_chosen_it_takes_no_team() {
    let mut plain = Game::joined(2);
    let named = plain.plays(ANA, bet(&[tip_on(3, "1-1 home", 0)]));
    assert_eq!(named, Err(Reason::WrongPrediction));
    let mut plain = Game::joined_with(sealed(), 2);
    let seal = plain.seal(ANA, 3, "1-1 home", 7, 0);
    plain.plays(ANA, seal).unwrap();
    plain.time = KICKOFF + 1;
    let opened = plain.plays(ANA, open(3, "1-1 home", 7));
    assert_eq!(opened, Err(Reason::WrongPrediction));
}

#[test]
fn the_goals_of_a_shootout_are_added_where_the_base_says_so() {
    let record = |after_120: Option<&str>, shootout: Option<&str>| Outcome {
        after_120: after_120.map(score),
        shootout: shootout.map(score),
        ..played("0-0")
    };
    for (outcome, wanted) in [
        (record(None, None), "0-0"),
        (record(Some("1-1"), None), "1-1"),
        (record(Some("1-1"), Some("5-6")), "6-7"),
        // Where extra time is left out.
        (record(None, Some("4-2")), "4-2"),
        (record(Some("60-60"), Some("50-39")), "99-99"),
    ] {
        let counting = outcome.counting_score(Base::AfterPenalties, true);
        assert_eq!(counting, Some(score(wanted)), "{outcome:?}");
    }
}

/// The points that a player must have, from the bets and records alone.
fn wanted(game: &Game, who: u8) -> u64 {
    let mut sum = 0;
    for no in 3..=6 {
        let Some(entry) = game.state.match_by_no(MatchNo(no)).unwrap() else {
            continue;
        };
        let bet = game.state.bet(MatchNo(no), &account(who)).unwrap();
        let record = game.state.result(MatchNo(no)).unwrap();
        let (Some(bet), Some(outcome)) = (bet, record.map(|it| it.outcome)) else {
            continue;
        };
        let is_over = matches!(outcome.status, Status::Played | Status::Awarded);
        let (Some(tip), true) = (bet.prediction(), is_over) else {
            continue;
        };
        let (tipped, result) = (tip.score().unwrap(), outcome.after_90.unwrap());
        let (of_scheme, _) = game
            .genesis
            .rules
            .scoring
            .score(tipped, result, Crowd::default());
        let jokers = game
            .state
            .get::<table::Jokers>(&(account(who), MatchNo(no)));
        sum += of_scheme.0 * if jokers.unwrap().is_some() { 2 } else { 1 };
        let ahead = match tipped.home().cmp(&tipped.away()) {
            std::cmp::Ordering::Greater => Some(Side::Home),
            std::cmp::Ordering::Less => Some(Side::Away),
            std::cmp::Ordering::Equal => None,
        };
        let lets = tip.through().or(ahead);
        let is_final = entry.fixture.stage.as_str() == "Final";
        if is_final && lets.is_some() && lets == outcome.advances {
            sum += MORE;
        }
    }
    sum
}

/// Whatever is played, points are those of the bets, the records and the jokers, also where a match has other teams than it had.
#[test]
fn no_sequence_breaks_the_laws() {
    let (mut named, mut right) = (0, 0);
    for seed in 0..120 {
        let mut dice = Dice::new(seed);
        let mut game = game();
        for _ in 0..80 {
            if dice.below(9) == 0 {
                game.wait_until(game.time + [1, 50, 200, 900][dice.below(4) as usize]);
            } else {
                game.time += 1;
                let (who, action) = act(&mut dice, game.time);
                let names =
                    matches!(&action, Action::Bet(it) if it.bets[0].prediction.through().is_some());
                named += usize::from(game.plays(who, action).is_ok() && names);
            }
            for who in [ANA, BRUNO] {
                let (has, wanted) = (points(&game, who), wanted(&game, who));
                assert_eq!(has, wanted, "seed {seed}, player {who}");
                right += has;
            }
        }
    }
    assert!(named > 300 && right > 1_000, "{named} {right}");
}

/// Any act on the matches 3 to 6, of which the last two may come with it.
fn act(dice: &mut Dice, time: u64) -> (u8, Action) {
    let no = 3 + dice.below(4) as u16;
    let who = ANA + dice.below(2) as u8;
    let tips = ["2-1", "1-1", "1-1 home", "1-1 away", "0-2 home"];
    let sides = [None, Some(Side::Home), Some(Side::Away)];
    match dice.below(8) {
        0..=2 => (
            who,
            bet(&[tip_on(no, tips[dice.below(5) as usize], dice.below(2))]),
        ),
        3 => (who, joker(&[], &[no])),
        4 => (
            ORGANISER,
            result(
                no,
                goes_on(
                    ["1-1", "2-1"][dice.below(2) as usize],
                    sides[dice.below(3) as usize],
                ),
            ),
        ),
        5 => {
            let status = [Status::Cancelled, Status::Postponed, Status::Awarded];
            let status = status[dice.below(3) as usize];
            let outcome = match status {
                Status::Awarded => Outcome {
                    status,
                    ..goes_on("1-1", sides[dice.below(3) as usize])
                },
                _ => called_off(status),
            };
            (ORGANISER, result(no, outcome))
        }
        _ => {
            let code = ["Soon", "Group", "New", "Newer"][usize::from(no - 3)];
            let later = time + 100 + dice.below(4_000);
            let mut fixture = fixture(no, code, Some(later));
            if no == 4 {
                fixture.stage = Text::new("Group A").unwrap();
            }
            if dice.below(2) == 0 {
                std::mem::swap(&mut fixture.home, &mut fixture.away);
            }
            (ORGANISER, schedule(fixture))
        }
    }
}
