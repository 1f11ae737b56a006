//! A validator who is alone dates blocks back or ahead, or leaves a bet out: whoever follows notices.

use bolao_chain::{ClockWitness, Event, Input, lateness};
use bolao_ledger::{MatchNo, StateView as _, Transaction};
use bolao_simulator::Sim;
use bolao_store::NoticedChange;

use super::{config, height, join, pool_of};
use crate::pool::Player;

/// The match that kicks off 990 seconds after the simulation began.
const LATE: u16 = 3;
const KICKOFF_MS: u64 = 990_000;
const ANA: u8 = 3;

/// The host, who alone votes, and a friend; Ana has joined.
fn host_and_friend(seed: u64) -> Sim {
    let mut sim = Sim::of(&pool_of(1), vec![config(0), config(1)], seed);
    sim.connect_all();
    sim.run_ms(15_000);
    let pool = sim.genesis().pool_id();
    sim.submit(1, Player::new(ANA).join(pool, "Ana"));
    sim.run_ms(2_000);
    assert_eq!(height(&sim, 1), 1);
    sim
}

fn bet(sim: &Sim, nonce: u64, goals: u64) -> Transaction {
    Player::new(ANA).bet(sim.genesis().pool_id(), nonce, LATE, goals)
}

fn run_to(sim: &mut Sim, ms: u64) {
    sim.run_ms(ms - sim.now_ms());
}

fn notices(sim: &Sim, node: usize) -> Vec<NoticedChange> {
    let snapshot = sim.core(node).reader().snapshot().unwrap();
    let mut all = snapshot.notices(None, 100).unwrap();
    all.reverse();
    all.into_iter().map(|(_, notice)| notice.change).collect()
}

fn is_late_bet(change: &NoticedChange) -> bool {
    matches!(change, NoticedChange::LateBets { matches, .. } if *matches == [MatchNo(LATE)])
}

fn is_dated(change: &NoticedChange, back: bool) -> bool {
    matches!(change, NoticedChange::Dated { time, seen, .. } if (time < seen) == back)
}

#[test]
fn what_is_in_time_is_nothing_to_notice() {
    let mut sim = host_and_friend(1);
    for nonce in 1..5 {
        let bet = bet(&sim, nonce, nonce);
        sim.submit(usize::from(nonce % 2 == 0), bet);
        sim.run_ms(100_000);
    }
    run_to(&mut sim, KICKOFF_MS + 100_000);
    let late = bet(&sim, 5, 5);
    sim.submit(0, late);
    sim.run_ms(20_000);
    assert!(height(&sim, 1) >= 5);
    assert_eq!(notices(&sim, 1), []);
    assert_eq!(notices(&sim, 0), []);
}

/// The host stops, sets his clock back to before the kick-off, starts again and bets; with or without his friend.
#[test]
fn a_host_who_sets_his_clock_back_to_bet_late_is_told_by_his_friend() {
    for (seed, alone) in [(1, false), (2, true)] {
        let mut sim = host_and_friend(seed);
        // Else the block that closes the deadline would keep him from dating back.
        run_to(&mut sim, KICKOFF_MS - 30_000);
        sim.crash(0);
        run_to(&mut sim, KICKOFF_MS + 60_000);
        sim.set_clock(0, -300);
        sim.restart(0);
        if !alone {
            sim.connect_all();
            sim.run_ms(3_000);
        }
        let late = bet(&sim, 1, 7);
        sim.submit(0, late);
        sim.run_ms(5_000);
        assert_eq!(height(&sim, 0), 2, "it is in a block");
        sim.connect_all();
        sim.run_ms(5_000);
        assert_eq!(sim.tip(1), sim.tip(0));
        let told = notices(&sim, 1);
        // Of a block that was made while he was alone only its time is known to be false.
        assert_eq!(told.iter().any(is_late_bet), !alone, "{told:?}");
        assert!(told.iter().any(|it| is_dated(it, true)), "{told:?}");
        assert_eq!(notices(&sim, 0), [], "he knows");
    }
}

/// Within a minute of the kick-off, too.
#[test]
fn a_few_seconds_are_enough() {
    let mut sim = host_and_friend(3);
    run_to(&mut sim, KICKOFF_MS - 20_000);
    sim.crash(0);
    run_to(&mut sim, KICKOFF_MS + 15_000);
    sim.set_clock(0, -20);
    sim.restart(0);
    sim.connect_all();
    sim.run_ms(500);
    let late = bet(&sim, 1, 7);
    sim.submit(0, late);
    sim.run_ms(5_000);
    assert_eq!(sim.tip(1), sim.tip(0));
    assert!(notices(&sim, 1).iter().any(is_late_bet));
}

#[test]
fn a_host_whose_clock_is_ahead_is_told_once_and_again_when_it_is_far_more_so() {
    let mut sim = host_and_friend(4);
    sim.set_clock(0, 3_600);
    sim.input(0, Input::Clock(ClockWitness::Operator));
    for nonce in 1..4 {
        let bet = bet(&sim, nonce, 1);
        sim.submit(0, bet);
        sim.run_ms(2_000);
    }
    let ahead = |sim: &Sim| {
        let told = notices(sim, 1);
        told.iter().filter(|it| is_dated(it, false)).count()
    };
    assert_eq!(ahead(&sim), 1);
    sim.set_clock(0, 4 * 3_600);
    sim.input(0, Input::Clock(ClockWitness::Operator));
    for who in [4, 5] {
        sim.submit(0, join(&sim, who));
        sim.run_ms(2_000);
    }
    assert_eq!(ahead(&sim), 2);
}

/// The host throws Ana's bet away. Where there is no block in time, he may just have been slow: nothing is told.
#[test]
fn a_bet_that_waits_through_its_deadline_while_blocks_are_made_is_told() {
    for silent in [false, true] {
        let mut sim = host_and_friend(5);
        let pool = sim.genesis().pool_id();
        sim.deaf.insert(0);
        let bet = bet(&sim, 1, 7);
        sim.submit(1, bet);
        run_to(&mut sim, KICKOFF_MS - 100_000);
        if !silent {
            sim.submit(0, Player::new(8).join(pool, "Bela"));
        }
        run_to(&mut sim, KICKOFF_MS + 100_000);
        sim.submit(0, Player::new(9).join(pool, "Carla"));
        sim.run_ms(20_000);
        assert_eq!(height(&sim, 1), if silent { 3 } else { 4 });
        let told = notices(&sim, 1);
        let held = told.iter().any(|it| {
            matches!(it, NoticedChange::HeldBack { player, matches, .. }
                if *player == Player::new(ANA).id() && *matches == [MatchNo(LATE)])
        });
        assert_eq!(held, !silent, "{told:?}");
    }
}

/// A block after the deadline closes it: whoever is on at the kick-off cannot go back behind it.
#[test]
fn whoever_is_on_at_the_kick_off_cannot_date_back_behind_it() {
    let mut sim = host_and_friend(6);
    run_to(&mut sim, KICKOFF_MS + 15_000);
    assert_eq!(height(&sim, 0), 2);
    sim.set_clock(0, -60);
    let late = bet(&sim, 1, 7);
    sim.submit(0, late);
    sim.run_ms(5_000);
    assert!(sim.replies(0).iter().any(|(_, reply)| reply.is_err()));
    assert_eq!(notices(&sim, 1), []);
}

/// An audit of the friend's own node says so, too, and that it cannot judge what came while it was away.
#[test]
fn what_came_late_is_counted_with_its_bets() {
    let mut sim = host_and_friend(7);
    // Of two peers' clocks one is right.
    sim.add(config(2));
    sim.connect_all();
    run_to(&mut sim, KICKOFF_MS - 30_000);
    sim.crash(0);
    run_to(&mut sim, KICKOFF_MS + 60_000);
    sim.set_clock(0, -300);
    sim.restart(0);
    sim.connect_all();
    sim.run_ms(3_000);
    let late = bet(&sim, 1, 7);
    sim.submit(0, late);
    sim.run_ms(5_000);
    let snapshot = sim.core(1).reader().snapshot().unwrap();
    let found = lateness(&snapshot, sim.genesis()).unwrap();
    assert_eq!((found.judged, found.late), (2, 1), "{found:?}");
    let [block] = &found.blocks[..] else {
        panic!("{found:?}");
    };
    let [bets] = &block.bets[..] else {
        panic!("{found:?}");
    };
    assert_eq!(bets.player.account, Player::new(ANA).id());
    assert_eq!(
        bets.matches,
        [snapshot.item(MatchNo(LATE)).unwrap().unwrap().code.as_str()]
    );
    assert!(block.seen.0 >= block.at.time.0 + 250);
    // Who comes afterwards was not there.
    let newcomer = sim.add(config(9));
    sim.connect(newcomer, 1);
    sim.run_ms(8_000);
    let snapshot = sim.core(newcomer).reader().snapshot().unwrap();
    let found = lateness(&snapshot, sim.genesis()).unwrap();
    assert_eq!(
        (found.judged, found.late, found.away),
        (0, 0, 2),
        "{found:?}"
    );
}

/// In a pool of two the clock of whoever dates falsely is half of all clocks: the friend's node says of the block what it noticed.
#[test]
fn of_two_a_friend_sees_what_is_dated_falsely() {
    for (off, counts) in [(-60, (1, 0)), (98, (0, 1))] {
        let mut sim = host_and_friend(9);
        run_to(&mut sim, 60_000);
        sim.crash(0);
        run_to(&mut sim, 120_000);
        sim.set_clock(0, off);
        sim.restart(0);
        sim.connect_all();
        sim.run_ms(15_000);
        let pool = sim.genesis().pool_id();
        sim.submit(0, Player::new(9).join(pool, "Carla"));
        sim.run_ms(5_000);
        let snapshot = sim.core(1).reader().snapshot().unwrap();
        let found = lateness(&snapshot, sim.genesis()).unwrap();
        assert_eq!((found.late, found.ahead), counts, "{off} {found:?}");
        assert!(!found.blocks[0].clock_agrees);
        let seen = found.blocks[0].seen.0.cast_signed();
        let apart = found.blocks[0].at.time.0.cast_signed() - seen;
        assert!((apart - off).abs() <= 3, "{off} {found:?}");
    }
}

/// Where validators vote, seconds matter.
#[test]
fn a_clock_that_is_off_by_more_than_validators_take_is_told() {
    for (off, told) in [(3, false), (9, true)] {
        let mut sim = host_and_friend(8);
        sim.set_clock(1, off);
        sim.disconnect(0, 1);
        sim.connect(0, 1);
        sim.input(1, Input::Tick);
        sim.run_ms(2_000);
        let mut events = sim.events(1).iter();
        let ahead = events.any(|event| matches!(event, Event::Clocks(it) if it.ahead_s.is_some()));
        assert_eq!(ahead, told, "{off}");
    }
}
