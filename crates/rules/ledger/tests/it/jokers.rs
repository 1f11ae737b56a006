//! Jokers, and what no sequence of acts may make of them.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation
)]

use bolao_ledger::{
    Action, Genesis, MatchNo, Reason, Standing, StateView as _, Status, Transaction,
    actions::{self, JokerRule},
    table,
};

use crate::{
    dice::Dice,
    game::{
        Game, KICKOFF, ORGANISER, account, bet, called_off, fixture, genesis, played, result,
        ruled, schedule, tip_on,
    },
};

const ANA: u8 = 2;

/// A pool of the matches 1 to 4, of which 3 and 4 are to come, in one stage of their own.
pub(crate) fn with(rule: JokerRule) -> Genesis {
    ruled(genesis(), |it| {
        it.rules.features.jokers = Some(rule);
        it.version = it.rules.genesis_version();
        it.rules.put_off_stays_open = true;
        it.limits.matches = 8;
        it.matches.push(fixture(4, "Late", Some(KICKOFF + 500)));
    })
}

pub(crate) fn game(per_stage: u8, in_all: u8) -> Game {
    let rule = JokerRule {
        factor: 3,
        per_stage,
        in_all,
    };
    Game::joined_with(with(rule), 3)
}

pub(crate) fn joker(off: &[u16], on: &[u16]) -> Action {
    let numbers = |all: &[u16]| all.iter().copied().map(MatchNo).collect();
    Action::Joker(actions::Joker {
        off: numbers(off),
        on: numbers(on),
    })
}

fn jokers(game: &Game, who: u8) -> Vec<u16> {
    let all = game.state.scan::<table::Jokers>(&account(who), None, 100);
    all.unwrap().into_iter().map(|((_, no), ())| no.0).collect()
}

fn points(game: &Game, who: u8) -> u64 {
    let standing = game.state.get::<table::Standings>(&account(who)).unwrap();
    standing.unwrap_or_default().points.0
}

#[test]
fn a_joker_multiplies_the_points_of_its_players_tip_alone() {
    let mut game = game(1, 0);
    for who in [ANA, 3] {
        game.plays(who, bet(&[tip_on(3, "2-1", 10)])).unwrap();
    }
    game.plays(ANA, joker(&[], &[3])).unwrap();
    game.time = KICKOFF + 6_000;
    game.plays(ORGANISER, result(3, played("2-1"))).unwrap();
    let usual = points(&game, 3);
    assert!(usual > 0);
    assert_eq!(points(&game, ANA), 3 * usual);
    // The pot is shared by the points of the scheme.
    game.wait_until(game.time + 301);
    assert_eq!(game.chips(ANA), game.chips(3));
}

#[test]
fn a_corrected_record_takes_off_what_the_joker_gave() {
    let mut game = game(1, 0);
    game.plays(ANA, bet(&[tip_on(3, "2-1", 0)])).unwrap();
    game.plays(ANA, joker(&[], &[3])).unwrap();
    game.time = KICKOFF + 6_000;
    game.plays(ORGANISER, result(3, played("2-1"))).unwrap();
    game.plays(ORGANISER, result(3, played("0-3"))).unwrap();
    let standing = game.state.get::<table::Standings>(&account(ANA)).unwrap();
    let wrong = Standing {
        bets: 1,
        ..Standing::default()
    };
    assert_eq!(standing, Some(wrong));
}

#[test]
fn no_more_are_out_than_the_rules_give() {
    let mut stages = game(1, 0);
    stages.plays(ANA, joker(&[], &[3])).unwrap();
    let other = stages.plays(ANA, joker(&[], &[4]));
    assert_eq!(other, Err(Reason::NoJokerLeft));
    stages.plays(ANA, joker(&[3], &[4])).unwrap();
    assert_eq!(jokers(&stages, ANA), [4]);
    assert_eq!(stages.plays(ANA, joker(&[3], &[])), Err(Reason::NoJoker));
    let mut all = game(0, 1);
    all.plays(ANA, joker(&[], &[3])).unwrap();
    assert_eq!(all.plays(ANA, joker(&[], &[4])), Err(Reason::NoJokerLeft));
    // Each player has those of the rules.
    all.plays(3, joker(&[], &[4])).unwrap();
}

/// Acts of one block, each account's in their order.
fn in_a_block(game: &Game, acts: &[(u8, Action)]) -> Vec<Transaction> {
    let earlier =
        |at: usize, who: u8| acts[..at].iter().filter(|(by, _)| *by == who).count() as u64;
    let sign = |(at, (who, action)): (usize, &(u8, Action))| {
        game.sign(*who, game.nonce(*who) + earlier(at, *who), action.clone())
    };
    acts.iter().enumerate().map(sign).collect()
}

/// Matches that a block brings are there for the jokers of the same block.
#[test]
fn no_more_are_out_in_the_block_that_brings_the_matches() {
    for on in [
        vec![joker(&[], &[5]), joker(&[], &[6])],
        vec![joker(&[], &[5, 6])],
    ] {
        let mut game = game(1, 0);
        let new = |no, code| (ORGANISER, schedule(fixture(no, code, Some(KICKOFF + 900))));
        let mut acts = vec![new(5, "New"), new(6, "Newer")];
        acts.extend(on.into_iter().map(|it| (ANA, it)));
        let block = in_a_block(&game, &acts);
        assert_eq!(game.play(block), Err(Reason::NoJokerLeft));
        // Without the second joker the block is good.
        acts.truncate(2);
        acts.push((ANA, joker(&[], &[6])));
        let block = in_a_block(&game, &acts);
        game.play(block).unwrap();
        assert_eq!(jokers(&game, ANA), [6]);
    }
}

#[test]
fn it_stays_where_betting_has_ended() {
    let mut game = game(1, 0);
    game.plays(ANA, joker(&[], &[3])).unwrap();
    game.time = KICKOFF;
    let late = game.plays(ANA, joker(&[3], &[])).unwrap();
    assert_eq!(late.void_bets, [MatchNo(3)]);
    assert_eq!(jokers(&game, ANA), [3]);
    // What was to be free is not: the move is void, and refuses nothing that comes behind it.
    let late = game.plays(ANA, joker(&[3], &[4])).unwrap();
    assert_eq!(late.void_bets, [MatchNo(3), MatchNo(4)]);
    assert_eq!(jokers(&game, ANA), [3]);
    let late = game.plays(3, joker(&[], &[3])).unwrap();
    assert_eq!(late.void_bets, [MatchNo(3)]);
    assert!(jokers(&game, 3).is_empty());
}

#[test]
fn it_is_free_once_its_match_is_final_without_a_score_and_stays_on_one_put_off() {
    for (status, is_free) in [(Status::Cancelled, true), (Status::Postponed, false)] {
        let mut game = game(1, 0);
        game.plays(ANA, joker(&[], &[3])).unwrap();
        game.plays(ORGANISER, result(3, called_off(status)))
            .unwrap();
        let early = game.plays(ANA, joker(&[], &[4]));
        assert_eq!(early, Err(Reason::NoJokerLeft), "{status:?}");
        game.wait_until(game.time + 301);
        let then = game.plays(ANA, joker(&[], &[4]));
        assert_eq!(then.is_ok(), is_free, "{status:?}: {then:?}");
    }
}

#[test]
fn a_pool_that_has_chosen_none_knows_none() {
    let mut game = Game::joined(2);
    assert_eq!(
        game.plays(ANA, joker(&[], &[3])),
        Err(Reason::UnknownAction)
    );
    assert_eq!(
        self::game(1, 0).plays(ANA, joker(&[3], &[3])),
        Err(Reason::DuplicateBet)
    );
    assert_eq!(
        self::game(1, 0).plays(ANA, joker(&[], &[])),
        Err(Reason::NoBets)
    );
    assert_eq!(
        self::game(1, 0).plays(ANA, joker(&[], &[9])),
        Err(Reason::UnknownMatch)
    );
}

/// Whatever is played, the laws hold after each block (`Game::play`): points are those of the bets, the records and the jokers, and none
/// has more jokers than there are.
#[test]
fn no_sequence_breaks_the_laws() {
    let mut moved = 0;
    for seed in 0..120 {
        let mut dice = Dice::new(seed);
        let per_stage = dice.below(3) as u8;
        let mut game = game(per_stage, 1 + dice.below(2) as u8);
        for _ in 0..60 {
            if dice.below(9) == 0 {
                game.wait_until(game.time + [1, 50, 200, 900][dice.below(4) as usize]);
                continue;
            }
            game.time += 1;
            let acts: Vec<_> = (0..=dice.below(3))
                .map(|_| act(&mut dice, game.time))
                .collect();
            let block = in_a_block(&game, &acts);
            let is_joker = |action: &Action| matches!(action, Action::Joker(_));
            match game.play(block) {
                Ok(done) => {
                    let put = acts.iter().zip(&done);
                    let put = put.filter(|((_, it), of)| is_joker(it) && of.void_bets.is_empty());
                    moved += put.count();
                }
                // One of them is refused: each alone.
                Err(_) => {
                    for (who, action) in acts {
                        let _ = game.plays(who, action);
                    }
                }
            }
        }
    }
    assert!(moved > 300, "{moved}");
}

/// Any act on the matches 3 to 6, of which the last two may come with it.
fn act(dice: &mut Dice, time: u64) -> (u8, Action) {
    let no = 3 + dice.below(4) as u16;
    let other = 3 + (no - 2) % 4;
    let who = 2 + dice.below(2) as u8;
    let scores = ["2-1", "0-0", "1-1"];
    match dice.below(8) {
        0 | 1 => (who, bet(&[tip_on(no, scores[dice.below(3) as usize], 0)])),
        2 => (who, joker(&[], &[no, other])),
        3 => (who, joker(&[], &[no])),
        4 => (who, joker(&[no], &[other])),
        5 => (
            ORGANISER,
            result(no, played(scores[dice.below(3) as usize])),
        ),
        6 => {
            let status = [Status::Cancelled, Status::Postponed, Status::Abandoned];
            (
                ORGANISER,
                result(no, called_off(status[dice.below(3) as usize])),
            )
        }
        _ => {
            let code = ["Soon", "Late", "New", "Newer"][usize::from(no - 3)];
            let later = time + 100 + dice.below(4_000);
            (ORGANISER, schedule(fixture(no, code, Some(later))))
        }
    }
}
