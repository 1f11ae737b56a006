//! A lone validator whose clock is wrong.

use bolao_chain::{ClockDoubt, ClockWitness, CoreConfig, DoubtCause, Event, Input};
use bolao_ledger::UnixSeconds;
use bolao_simulator::Sim;

use super::{check, config, height, join, pool_of, validators};

const HOUR_S: i64 = 3_600;
const DAY_S: i64 = 24 * HOUR_S;

/// The doubt as watchers last heard of it.
fn doubt(sim: &Sim) -> Option<ClockDoubt> {
    let told = sim.events(0).iter().rev().find_map(|event| match event {
        Event::Clocks(clocks) => Some(clocks.doubt),
        _ => None,
    });
    told.flatten()
}

fn cause(sim: &Sim) -> Option<DoubtCause> {
    doubt(sim).map(|it| it.cause)
}

fn kernel(sim: &mut Sim, ahead_s: i64, synchronised: bool) {
    let kernel = ClockWitness::Kernel {
        ahead_s,
        synchronised,
    };
    sim.input(0, Input::Clock(kernel));
}

/// The time that a clock shows which is right.
fn right(sim: &Sim, of: usize) -> UnixSeconds {
    sim.clock(of).unix
}

/// A lone validator that has a block, and so many nodes of friends.
fn with_friends(count: usize) -> Sim {
    let hears_first = CoreConfig {
        hears_first_ms: 5_000,
        ..config(0)
    };
    let mut configs = vec![hears_first];
    configs.extend(vec![CoreConfig::default(); count]);
    let mut sim = Sim::of(&pool_of(1), configs, 7);
    sim.submit(0, join(&sim, 1));
    sim.run_ms(6_000);
    assert_eq!(height(&sim, 0), 1);
    sim
}

/// Whether somebody who joins is in a block at once.
fn goes_on(sim: &mut Sim, who: u8) -> bool {
    let before = height(sim, 0);
    sim.submit(0, join(sim, who));
    sim.run_ms(12_000);
    let core = sim.core(0);
    height(sim, 0) > before && core.pending() == 0 && doubt(sim).is_none()
}

/// The same of what waits since the clock was in doubt, once that is right.
fn is_well_again(sim: &mut Sim) -> bool {
    sim.set_clock(0, 0);
    sim.run_ms(12_000);
    sim.core(0).pending() == 0 && doubt(sim).is_none()
}

/// The node is started anew with a clock that is so far ahead.
fn restarted(sim: &mut Sim, ahead_s: i64) {
    sim.crash(0);
    sim.set_clock(0, ahead_s);
    sim.restart(0);
}

#[test]
fn a_clock_that_a_friends_node_contradicts_dates_no_block() {
    for ahead_s in [300 * DAY_S, 2 * HOUR_S, -2 * HOUR_S, -300 * DAY_S] {
        let mut sim = with_friends(1);
        restarted(&mut sim, ahead_s);
        sim.connect(0, 1);
        sim.run_ms(2_000);
        sim.submit(0, join(&sim, 2));
        sim.run_ms(600_000);
        assert_eq!(height(&sim, 0), 1, "{ahead_s}");
        let told = doubt(&sim).unwrap();
        assert_eq!(told.cause, DoubtCause::Others);
        assert!(told.ahead_s.abs_diff(ahead_s) <= 2, "{told:?}");
        // It is set right, and goes on by itself.
        assert!(is_well_again(&mut sim), "{ahead_s}");
        check(&sim);
    }
}

#[test]
fn a_clock_far_ahead_that_nobody_confirms_dates_no_block() {
    let mut sim = with_friends(0);
    restarted(&mut sim, 300 * DAY_S);
    sim.submit(0, join(&sim, 2));
    sim.run_ms(60_000);
    assert_eq!(
        (height(&sim, 0), cause(&sim)),
        (1, Some(DoubtCause::Unconfirmed))
    );
    assert!(is_well_again(&mut sim));
}

#[test]
fn a_clock_that_is_before_the_last_block_dates_none() {
    let mut sim = with_friends(0);
    // Whoever agrees: what was decided is not undone.
    restarted(&mut sim, -2 * HOUR_S);
    kernel(&mut sim, 0, true);
    sim.submit(0, join(&sim, 2));
    sim.run_ms(60_000);
    assert_eq!(
        (height(&sim, 0), cause(&sim)),
        (1, Some(DoubtCause::LastBlock))
    );
    assert!(is_well_again(&mut sim));
}

#[test]
fn a_program_that_is_given_another_time_than_its_kernel_has_dates_no_block() {
    for ahead_s in [2 * HOUR_S, -2 * HOUR_S] {
        let mut sim = with_friends(0);
        restarted(&mut sim, 0);
        sim.set_clock(0, ahead_s);
        kernel(&mut sim, ahead_s, false);
        sim.submit(0, join(&sim, 2));
        sim.run_ms(60_000);
        assert_eq!(
            (height(&sim, 0), cause(&sim)),
            (1, Some(DoubtCause::Kernel))
        );
        sim.set_clock(0, 0);
        kernel(&mut sim, 0, false);
        assert!(is_well_again(&mut sim));
    }
}

#[test]
fn after_a_week_it_goes_on_where_somebody_agrees() {
    let agrees: [fn(&mut Sim); 4] = [
        |sim| kernel(sim, 0, true),
        |sim| sim.connect(0, 1),
        |sim| {
            let date = ClockWitness::Date(right(sim, 0));
            sim.input(0, Input::Clock(date));
        },
        |sim| {
            let page = ClockWitness::Page(right(sim, 0));
            sim.input(0, Input::Clock(page));
        },
    ];
    for agree in agrees {
        let mut sim = with_friends(1);
        sim.crash(0);
        // All clocks go on, those of the others too.
        sim.set_clock(0, 7 * DAY_S);
        sim.set_clock(1, 7 * DAY_S);
        sim.restart(0);
        agree(&mut sim);
        assert!(goes_on(&mut sim, 2));
    }
}

/// Anybody can open a page, and none stops a node whose clock the network sets.
#[test]
fn a_page_with_a_wrong_time_holds_up_no_clock_that_something_else_sets() {
    let sets: [fn(&mut Sim); 2] = [
        |sim| kernel(sim, 0, true),
        |sim| {
            let date = ClockWitness::Date(right(sim, 0));
            sim.input(0, Input::Clock(date));
        },
    ];
    for set in sets {
        let mut sim = with_friends(0);
        restarted(&mut sim, 0);
        set(&mut sim);
        let wrong = ClockWitness::Page(UnixSeconds(right(&sim, 0).0 + 9 * 3_600));
        sim.input(0, Input::Clock(wrong));
        assert!(goes_on(&mut sim, 2));
    }
}

/// A quiet pool asks nobody: the clock goes on as it did.
#[test]
fn a_node_that_runs_on_is_not_asked() {
    let mut sim = with_friends(0);
    sim.run_ms(u64::try_from(3 * DAY_S).unwrap() * 1_000);
    assert!(goes_on(&mut sim, 2));
    // It is set ahead while it runs.
    let before = height(&sim, 0);
    sim.set_clock(0, 5 * DAY_S);
    sim.submit(0, join(&sim, 3));
    sim.run_ms(60_000);
    assert_eq!(
        (height(&sim, 0), cause(&sim)),
        (before, Some(DoubtCause::Unconfirmed))
    );
}

/// A clock that the network sets, and that is spoofed while the node runs: the friend's node is heard first.
#[test]
fn a_clock_that_leaps_waits_for_the_friends_word() {
    let mut sim = with_friends(1);
    sim.connect(0, 1);
    kernel(&mut sim, 0, true);
    sim.run_ms(60_000);
    sim.set_clock(0, 300 * DAY_S);
    sim.submit(0, join(&sim, 2));
    sim.run_ms(60_000);
    assert_eq!(
        (height(&sim, 0), cause(&sim)),
        (1, Some(DoubtCause::Others))
    );
    assert!(is_well_again(&mut sim));
}

#[test]
fn the_operators_word_is_the_last_and_holds_for_the_clock_as_it_is() {
    let mut sim = with_friends(1);
    restarted(&mut sim, 2 * HOUR_S);
    sim.connect(0, 1);
    sim.submit(0, join(&sim, 2));
    sim.run_ms(10_000);
    assert_eq!(height(&sim, 0), 1);
    sim.input(0, Input::Clock(ClockWitness::Operator));
    assert_eq!((sim.core(0).pending(), doubt(&sim)), (0, None));
    sim.run_ms(u64::try_from(2 * DAY_S).unwrap() * 1_000);
    assert!(goes_on(&mut sim, 3));
    // Set to another time, it is in doubt again.
    let before = height(&sim, 0);
    sim.set_clock(0, 5 * HOUR_S);
    sim.submit(0, join(&sim, 4));
    sim.run_ms(60_000);
    assert_eq!(
        (height(&sim, 0), cause(&sim)),
        (before, Some(DoubtCause::Others))
    );
}

/// Strangers cost no more than a delay: they are outvoted by friends, by a date with a synchronised kernel, and by the operator.
#[test]
fn strangers_do_not_stop_a_clock_that_a_date_and_the_kernel_confirm() {
    let mut sim = with_friends(6);
    kernel(&mut sim, 0, true);
    for stranger in 1..=6 {
        sim.set_clock(stranger, -8 * HOUR_S);
        sim.connect(0, stranger);
    }
    sim.run_ms(2_000);
    sim.submit(0, join(&sim, 2));
    sim.run_ms(10_000);
    assert_eq!(
        (height(&sim, 0), cause(&sim)),
        (1, Some(DoubtCause::Others))
    );
    let date = ClockWitness::Date(right(&sim, 0));
    sim.input(0, Input::Clock(date));
    assert_eq!((height(&sim, 0), doubt(&sim)), (2, None));
    // A date that contradicts is not outvoted.
    let date = ClockWitness::Date(UnixSeconds(right(&sim, 0).0 - 8 * 3_600));
    sim.input(0, Input::Clock(date));
    sim.submit(0, join(&sim, 3));
    assert_eq!((height(&sim, 0), cause(&sim)), (2, Some(DoubtCause::Date)));
}

/// The votes of several bound the time already.
#[test]
fn several_validators_ask_nobody() {
    let mut sim = validators(4, 3);
    kernel(&mut sim, 2 * HOUR_S, false);
    sim.submit(0, join(&sim, 1));
    sim.run_ms(3_000);
    assert_eq!((height(&sim, 0), doubt(&sim)), (1, None));
    check(&sim);
}

/// Where blocks are mined, it makes none final; the clock of one that is wrong refuses no friend's block for good.
#[test]
fn a_lone_validator_of_mined_blocks_makes_none_final_by_a_wrong_clock() {
    for ahead_s in [2 * HOUR_S, -2 * HOUR_S] {
        let genesis = crate::hybrid::pool_of(&[1]);
        let mut sim = Sim::of(&genesis, vec![config(0), CoreConfig::default()], 7);
        sim.connect_all();
        sim.run_ms(15_000);
        sim.mine(1);
        sim.run_ms(5_000);
        let last = |sim: &Sim| {
            let snapshot = sim.core(0).reader().snapshot().unwrap();
            snapshot.last_final().unwrap().map(|it| it.height.0)
        };
        assert_eq!(last(&sim), Some(1));
        sim.set_clock(0, ahead_s);
        sim.run_ms(5_000);
        sim.mine(1);
        sim.run_ms(60_000);
        assert_eq!(
            (last(&sim), cause(&sim)),
            (Some(1), Some(DoubtCause::Others))
        );
        sim.set_clock(0, 0);
        assert!(
            sim.run_until(30_000, |sim| last(sim) == Some(2)),
            "{ahead_s}"
        );
        assert_eq!(sim.tip(0), sim.tip(1));
    }
}

/// Another validator's votes begin a round in which the heavy one makes the block.
#[test]
fn a_light_validator_does_not_make_the_heavy_one_date_a_block() {
    let genesis = pool_of(2);
    let genesis = bolao_ledger::Genesis {
        consensus: bolao_ledger::Consensus::Pos(bolao_ledger::Pos {
            heartbeat_s: super::HEARTBEAT_S,
            ..bolao_ledger::Pos::appointed([super::validator(0, 9), super::validator(1, 1)])
        }),
        ..genesis
    };
    let mut sim = Sim::of(&genesis, vec![config(0), config(1)], 7);
    sim.connect_all();
    sim.run_ms(2_000);
    sim.submit(1, join(&sim, 1));
    sim.run_ms(5_000);
    let before = height(&sim, 0);
    assert_eq!(before, 1);
    sim.set_clock(0, 2 * HOUR_S);
    sim.run_ms(5_000);
    for who in 2..6 {
        sim.submit(1, join(&sim, who));
        sim.run_ms(20_000);
    }
    assert_eq!(
        (height(&sim, 0), cause(&sim)),
        (before, Some(DoubtCause::Others))
    );
    sim.set_clock(0, 0);
    assert!(sim.run_until(60_000, |sim| sim.core(0).pending() == 0
        && height(sim, 1) > before));
    check(&sim);
}
