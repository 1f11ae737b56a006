//! Rounds that are won, and tie-breaks that rest on them and on questions.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation
)]

use std::collections::BTreeMap;

use bolao_ledger::{
    AccountId, Genesis, PARTS, Points, Standing, StateView as _, Status, Text, TieBreak, besides,
    rank, rounds_won, table,
};

use crate::{
    dice::Dice,
    game::{
        Game, KICKOFF, ORGANISER, account, bet, called_off, fixture, genesis, played, result,
        ruled, schedule, tip_on,
    },
};

const ANA: u8 = 2;
const BRUNO: u8 = 3;

/// A pool that goes by rounds won, whose matches 3 and 4 are a round.
fn by_wins() -> Genesis {
    ruled(genesis(), |it| {
        it.rules.tie_breaks = vec![TieBreak::Wins, TieBreak::Exact];
        it.limits.matches = 8;
        it.rules.put_off_stays_open = true;
        it.matches.push(fixture(4, "Late", Some(KICKOFF + 500)));
    })
}

fn won(game: &Game) -> Vec<(String, u64, usize)> {
    let won = rounds_won(&game.state).unwrap();
    let plain = |it: &bolao_ledger::RoundWon<AccountId>| {
        (it.stage.to_string(), it.points.0, it.players.len())
    };
    won.iter().map(plain).collect()
}

fn wins(game: &Game, who: u8) -> u64 {
    let won = rounds_won(&game.state).unwrap();
    let players = (1..=4).map(account);
    let all = besides(&game.state, &[TieBreak::Wins], &won, players).unwrap();
    all[&account(who)].wins.unwrap()
}

#[test]
fn a_round_is_won_once_all_its_matches_are_final() {
    let mut game = Game::joined_with(by_wins(), 4);
    game.plays(ANA, bet(&[tip_on(3, "2-1", 0), tip_on(4, "2-1", 0)]))
        .unwrap();
    game.plays(BRUNO, bet(&[tip_on(3, "1-0", 0)])).unwrap();
    game.time = KICKOFF + 6_000;
    game.plays(ORGANISER, result(3, played("2-1"))).unwrap();
    game.wait_until(game.time + 301);
    assert!(won(&game).is_empty());
    game.plays(ORGANISER, result(4, called_off(Status::Cancelled)))
        .unwrap();
    assert!(won(&game).is_empty(), "its record is not final");
    game.wait_until(game.time + 301);
    assert_eq!(won(&game), [("Final".to_owned(), 4, 1)]);
    assert_eq!((wins(&game, ANA), wins(&game, BRUNO)), (PARTS, 0));
    // A match that comes later opens it again.
    let later = game.time + 2_000;
    game.plays(ORGANISER, schedule(fixture(5, "New", Some(later))))
        .unwrap();
    assert!(won(&game).is_empty());
    game.time = later + 6_000;
    game.plays(ORGANISER, result(5, called_off(Status::Postponed)))
        .unwrap();
    game.wait_until(game.time + 10_000);
    assert!(
        won(&game).is_empty(),
        "a match that is postponed is still to come"
    );
}

#[test]
fn those_who_share_a_round_have_equal_parts_of_it() {
    let mut game = Game::joined_with(by_wins(), 4);
    for who in [ANA, BRUNO, 4] {
        game.plays(who, bet(&[tip_on(3, "2-1", 0)])).unwrap();
    }
    game.time = KICKOFF + 6_000;
    for no in [3, 4] {
        game.plays(ORGANISER, result(no, played("2-1"))).unwrap();
    }
    game.wait_until(game.time + 301);
    assert_eq!(wins(&game, ANA), PARTS / 3);
    assert_eq!(wins(&game, ORGANISER), 0);
}

#[test]
fn nobody_wins_a_round_without_points() {
    let mut game = Game::joined_with(by_wins(), 4);
    game.plays(ANA, bet(&[tip_on(3, "2-1", 0)])).unwrap();
    game.time = KICKOFF + 6_000;
    for no in [3, 4] {
        game.plays(ORGANISER, result(no, played("0-3"))).unwrap();
    }
    game.wait_until(game.time + 301);
    assert!(won(&game).is_empty());
}

#[test]
fn each_of_the_numbers_separates_equal_points() {
    let standing = Standing {
        points: Points(9),
        ..Standing::default()
    };
    let players = || [ANA, BRUNO].map(|who| (account(who), standing));
    let mut game = Game::joined_with(by_wins(), 4);
    game.plays(BRUNO, bet(&[tip_on(3, "2-1", 0)])).unwrap();
    game.time = KICKOFF + 6_000;
    for no in [3, 4] {
        game.plays(ORGANISER, result(no, played("2-1"))).unwrap();
    }
    game.wait_until(game.time + 301);
    let (won, everybody) = (rounds_won(&game.state).unwrap(), (1..=4).map(account));
    let all = besides(&game.state, &[TieBreak::Wins], &won, everybody);
    let places = rank(&[TieBreak::Wins], players(), &all.unwrap());
    assert_eq!(places[0].account, account(BRUNO));
    assert_eq!((places[0].place, places[1].place), (1, 2));
    // Who does not go by it shares the place.
    let places = rank(&[TieBreak::Exact], players(), &BTreeMap::new());
    assert_eq!((places[0].place, places[1].place), (1, 1));
}

/// Whatever is played, the parts of a round are one at most, only players with most points have some, and only of rounds whose matches
/// are all final.
#[test]
fn no_sequence_breaks_the_laws() {
    let mut seen = 0;
    for seed in 0..80 {
        let mut dice = Dice::new(seed);
        let mut game = Game::joined_with(by_wins(), 4);
        for _ in 0..60 {
            if dice.below(6) == 0 {
                game.wait_until(game.time + [50, 301, 900][dice.below(3) as usize]);
            } else {
                game.time += 1;
                let (who, action) = act(&mut dice, game.time);
                let _ = game.plays(who, action);
            }
            let won = rounds_won(&game.state).unwrap();
            let sum: u64 = (1..=4).map(|who| wins(&game, who)).sum();
            assert!(sum <= PARTS * won.len() as u64, "seed {seed}");
            for round in &won {
                seen += 1;
                for (no, entry) in game.state.scan::<table::Matches>(&(), None, 99).unwrap() {
                    let record = game.state.result(no).unwrap();
                    let is_final = record.is_some_and(|it| it.is_settled());
                    assert!(
                        entry.fixture.stage != round.stage || is_final,
                        "seed {seed}"
                    );
                }
                for who in 1..=4 {
                    let key = (round.stage.clone(), account(who));
                    let standing = game.state.get::<table::RoundStandings>(&key).unwrap();
                    let points = standing.unwrap_or_default().points;
                    let has_won = round.players.contains(&account(who));
                    assert_eq!(points == round.points, has_won, "seed {seed}");
                    assert!(points <= round.points, "seed {seed}");
                }
            }
        }
    }
    assert!(seen > 100, "{seen}");
}

fn act(dice: &mut Dice, time: u64) -> (u8, bolao_ledger::Action) {
    let no = 3 + dice.below(3) as u16;
    let who = ANA + dice.below(3) as u8;
    let scores = ["2-1", "0-0", "1-1"];
    match dice.below(6) {
        0..=2 => (who, bet(&[tip_on(no, scores[dice.below(3) as usize], 0)])),
        3 | 4 => (
            ORGANISER,
            result(no, played(scores[dice.below(3) as usize])),
        ),
        _ if dice.below(2) == 0 => {
            let status = [Status::Cancelled, Status::Postponed][dice.below(2) as usize];
            (ORGANISER, result(no, called_off(status)))
        }
        _ => {
            let code = ["Soon", "Late", "New"][usize::from(no - 3)];
            let mut fixture = fixture(no, code, Some(time + 100 + dice.below(900)));
            if no == 5 {
                fixture.stage = Text::new("Final").unwrap();
            }
            (ORGANISER, schedule(fixture))
        }
    }
}
