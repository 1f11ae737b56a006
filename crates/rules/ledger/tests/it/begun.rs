//! Which matches have begun for sure (rule O8).

#![allow(clippy::unwrap_used)]

use bolao_ledger::{
    BettingClosed, Consensus, Genesis, Height, Hybrid, LastFinal, OwnClock, Pos, StateView as _,
    UnixSeconds,
};

use crate::game::{
    Game, KICKOFF, ORGANISER, START, day, fixture, genesis, ruled, schedule, validator,
};

/// Half of the opening window.
const HALF_S: u64 = 300;

fn hybrid() -> Genesis {
    Genesis {
        consensus: Consensus::Hybrid(Hybrid {
            voting: Pos::appointed([validator(1, 5)]).voting,
            grace_s: 30,
            kept_s: 30,
            there_s: 10,
            patience_s: 120,
        }),
        ..genesis()
    }
}

const fn at(height: u64, time: u64) -> LastFinal {
    LastFinal {
        height: Height(height),
        time: UnixSeconds(time),
    }
}

/// The matches that have begun by a clock that shows this.
fn begun(
    game: &Game,
    genesis: &Genesis,
    clock: (u64, bool),
    last: impl Into<Option<LastFinal>>,
) -> Vec<u16> {
    let clock = OwnClock {
        shows: UnixSeconds(clock.0),
        agrees: clock.1,
    };
    let begun = BettingClosed::read(&game.state, genesis, clock, last.into()).unwrap();
    let all = game.state.items().unwrap();
    let begun = all.into_iter().filter(|item| begun.has(item));
    begun.map(|item| item.no.0).collect()
}

/// A game whose last block comes at this time.
fn until(time: u64) -> Game {
    let mut game = Game::joined(2);
    game.wait_until(time);
    game
}

#[test]
fn by_work_alone_the_own_clock_and_the_pools_must_have_passed_the_kick_off() {
    let game = until(KICKOFF);
    let genesis = &game.genesis;
    assert_eq!(begun(&game, genesis, (KICKOFF, false), None), [3]);
    assert!(begun(&game, genesis, (KICKOFF - 1, false), None).is_empty());
    let early = until(KICKOFF - 1);
    assert!(begun(&early, genesis, (KICKOFF + 9_999, true), None).is_empty());
}

#[test]
fn a_block_that_is_not_final_begins_no_match() {
    let game = until(KICKOFF);
    let now = (KICKOFF, true);
    assert!(begun(&game, &hybrid(), now, None).is_empty());
    assert!(begun(&game, &hybrid(), now, at(1, KICKOFF - 1)).is_empty());
    assert_eq!(begun(&game, &hybrid(), now, at(2, KICKOFF)), [3]);
}

#[test]
fn half_of_the_window_is_enough_for_a_clock_that_agrees() {
    let game = until(KICKOFF + 900);
    let last = at(1, START);
    let late = KICKOFF + HALF_S;
    assert!(begun(&game, &hybrid(), (late - 1, true), last).is_empty());
    assert_eq!(begun(&game, &hybrid(), (late, true), last), [3]);
    assert!(begun(&game, &hybrid(), (late, false), last).is_empty());
}

/// A node alone moves match 1 to today in a block of its own, and waits.
#[test]
fn what_no_final_block_has_scheduled_is_never_long_ago() {
    let known = ruled(genesis(), |it| it.days = Some(Vec::new()));
    let acts = [
        schedule(fixture(1, "PtCh", Some(START + 20))),
        day(1, Some((START + 15, START + 20))),
    ];
    for act in acts {
        let mut game = Game::joined_with(known.clone(), 2);
        game.time = START + 10;
        let moving = game.height.0;
        game.plays(ORGANISER, act).unwrap();
        game.wait_until(START + 900);
        let now = (START + 900, true);
        assert!(begun(&game, &hybrid(), now, at(moving - 1, START)).is_empty());
        assert_eq!(begun(&game, &hybrid(), now, at(moving, START + 10)), [1]);
    }
}

/// An outage after a reschedule costs nobody a tip.
#[test]
fn a_match_that_was_put_later_while_nothing_became_final_is_long_ago_in_the_end() {
    let mut game = Game::joined(2);
    let decided = at(game.height.0 - 1, START);
    let later = KICKOFF + 500;
    for kickoff in [KICKOFF + 100, later] {
        game.plays(ORGANISER, schedule(fixture(3, "Soon", Some(kickoff))))
            .unwrap();
    }
    game.wait_until(later + 900);
    let over = later + HALF_S;
    assert_eq!(begun(&game, &hybrid(), (over, true), decided), [3]);
    assert!(begun(&game, &hybrid(), (over - 1, true), decided).is_empty());
}

/// By the last final block it begins later than a branch says, which that block's own act has put it.
#[test]
fn brought_forward_is_what_begins_before_it_did_at_the_last_final_block() {
    let mut game = Game::joined(2);
    let moved = |kickoff| schedule(fixture(3, "Soon", Some(kickoff)));
    game.plays(ORGANISER, moved(KICKOFF + 500)).unwrap();
    let decided = at(game.height.0 - 1, START);
    game.plays(ORGANISER, moved(KICKOFF + 200)).unwrap();
    game.wait_until(KICKOFF + 900);
    let now = (KICKOFF + 900, true);
    assert!(begun(&game, &hybrid(), now, decided).is_empty());
    assert_eq!(begun(&game, &hybrid(), now, at(0, START)), [3]);
}
