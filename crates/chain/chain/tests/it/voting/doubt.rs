//! A lone validator whose clock is wrong.

use bolao_chain::{ClockDoubt, ClockWitness, CoreConfig, DoubtCause, Event, Input, Testimony};
use bolao_ledger::UnixSeconds;
use bolao_simulator::Sim;
use bolao_store::BootTime;

use super::{check, config, height, join, pool_of, validators};
use crate::pool::Player;

pub(super) const HOUR_S: i64 = 3_600;
pub(super) const DAY_S: i64 = 24 * HOUR_S;

/// The doubt as watchers last heard of it.
pub(super) fn doubt(sim: &Sim) -> Option<ClockDoubt> {
    let told = sim.events(0).iter().rev().find_map(|event| match event {
        Event::Clocks(clocks) => Some(clocks.doubt),
        _ => None,
    });
    told.flatten()
}

pub(super) fn cause(sim: &Sim) -> Option<DoubtCause> {
    doubt(sim).map(|it| it.cause)
}

pub(super) fn kernel(sim: &mut Sim, ahead_s: i64, synchronised: bool) {
    let kernel = ClockWitness::Kernel {
        ahead_s,
        synchronised,
    };
    sim.input(0, Input::Clock(kernel));
}

/// Has the host know that a connected node is this player's.
pub(super) fn introduce(sim: &mut Sim, node: usize) {
    let (peer, player) = (Sim::peer(node), Player::new(100 + node as u8).id());
    sim.input(0, Input::PeerIsPlayers { peer, player });
}

/// Connects a player's node.
pub(super) fn befriend(sim: &mut Sim, node: usize) {
    sim.connect(0, node);
    introduce(sim, node);
}

/// The clock of a machine's start tells that so much passed beyond the time that the simulation ran.
fn boot(sim: &mut Sim, start: u8, more_s: i64) {
    let more_ms = u64::try_from(more_s).unwrap() * 1_000;
    let boot = BootTime {
        boot: [start; 16],
        ms: sim.now_ms() + more_ms,
    };
    sim.input(0, Input::Clock(ClockWitness::Boot(boot)));
}

pub(super) fn date(sim: &mut Sim, server: &str, time: UnixSeconds) {
    let server = server.into();
    sim.input(0, Input::Clock(ClockWitness::Date { server, time }));
}

/// A player's page tells a time, signed.
pub(super) fn page(sim: &mut Sim, who: u8, time: UnixSeconds) {
    let player = Player::new(who).id();
    sim.input(0, Input::Clock(ClockWitness::Page { player, time }));
}

/// The time that a clock shows which is right.
pub(super) fn right(sim: &Sim, of: usize) -> UnixSeconds {
    sim.clock(of).unix
}

/// A lone validator that has a block, and so many nodes of friends.
pub(super) fn with_friends(count: usize) -> Sim {
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
pub(super) fn goes_on(sim: &mut Sim, who: u8) -> bool {
    let before = height(sim, 0);
    sim.submit(0, join(sim, who));
    sim.run_ms(12_000);
    let core = sim.core(0);
    height(sim, 0) > before && core.pending() == 0 && doubt(sim).is_none()
}

/// The same of what waits since the clock was in doubt, once that is right.
pub(super) fn is_well_again(sim: &mut Sim) -> bool {
    sim.set_clock(0, 0);
    sim.run_ms(12_000);
    sim.core(0).pending() == 0 && doubt(sim).is_none()
}

/// The node is started anew with a clock that is so far ahead.
pub(super) fn restarted(sim: &mut Sim, ahead_s: i64) {
    sim.crash(0);
    sim.set_clock(0, ahead_s);
    sim.restart(0);
}

/// A small computer without a battery starts in the year in which it was made, and the network sets its clock then.
#[test]
fn a_clock_that_was_behind_and_is_set_right_asks_nobody() {
    for behind_s in [2 * HOUR_S, 300 * DAY_S] {
        let mut sim = with_friends(0);
        restarted(&mut sim, -behind_s);
        kernel(&mut sim, 0, false);
        assert!(!goes_on(&mut sim, 2));
        assert_eq!(cause(&sim), Some(DoubtCause::LastBlock));
        kernel(&mut sim, 0, true);
        assert!(is_well_again(&mut sim), "{behind_s}");
    }
}

/// The network and a list are false in the same way. The friend's node, of which nothing is known at the start, connects.
#[test]
fn a_friends_node_that_connects_late_is_heard_before_a_list_proves_anything() {
    let host = CoreConfig {
        dates_after_ms: 30_000,
        ..config(0)
    };
    let mut sim = Sim::of(&pool_of(1), vec![host, CoreConfig::default()], 7);
    sim.submit(0, join(&sim, 1));
    sim.run_ms(6_000);
    restarted(&mut sim, 300 * DAY_S);
    kernel(&mut sim, 0, true);
    let now = right(&sim, 0);
    date(&mut sim, "lists.example", now);
    sim.submit(0, join(&sim, 2));
    sim.run_ms(10_000);
    befriend(&mut sim, 1);
    sim.run_ms(600_000);
    assert_eq!(
        (height(&sim, 0), cause(&sim)),
        (1, Some(DoubtCause::Others))
    );
    assert!(is_well_again(&mut sim));
}

#[test]
fn a_clock_that_a_friends_node_contradicts_dates_no_block() {
    for ahead_s in [300 * DAY_S, 2 * HOUR_S, -2 * HOUR_S, -300 * DAY_S] {
        let mut sim = with_friends(1);
        restarted(&mut sim, ahead_s);
        kernel(&mut sim, 0, true);
        befriend(&mut sim, 1);
        sim.run_ms(2_000);
        sim.submit(0, join(&sim, 2));
        sim.run_ms(600_000);
        assert_eq!(height(&sim, 0), 1, "{ahead_s}");
        let told = doubt(&sim).unwrap();
        assert_eq!(told.cause, DoubtCause::Others);
        assert_eq!(told.players, Testimony::Contradicts);
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
        (1, Some(DoubtCause::BettingEnds))
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

/// Something that is told to the host.
type Word<'a> = &'a dyn Fn(&mut Sim);

/// Off for a week: the network's word alone is one witness, and so is a date.
#[test]
fn after_a_week_it_goes_on_where_two_witnesses_agree() {
    let dated = |sim: &mut Sim| {
        let now = right(sim, 0);
        date(sim, "lists.example", now);
    };
    let paged = |sim: &mut Sim| {
        let now = right(sim, 0);
        page(sim, 2, now);
    };
    let words: [(Word<'_>, bool); 9] = [
        (&|_| {}, false),
        (&|sim| kernel(sim, 0, true), false),
        (&|sim| kernel(sim, 0, false), false),
        (&|sim| (kernel(sim, 0, false), dated(sim)).1, false),
        (&|sim| sim.connect(0, 1), false),
        (&|sim| (kernel(sim, 0, true), dated(sim)).1, true),
        (&|sim| (kernel(sim, 0, true), paged(sim)).1, true),
        // Nothing on this machine's network sets its clock, or it does not say.
        (&|sim| (kernel(sim, 0, false), paged(sim)).1, true),
        (&|sim| befriend(sim, 1), true),
    ];
    for (number, (say, enough)) in words.into_iter().enumerate() {
        let mut sim = with_friends(1);
        sim.crash(0);
        // All clocks go on, those of the others too.
        sim.set_clock(0, 7 * DAY_S);
        sim.set_clock(1, 7 * DAY_S);
        sim.restart(0);
        say(&mut sim);
        assert_eq!(goes_on(&mut sim, 2), enough, "{number}");
        if !enough {
            // The match that was open is over by this clock.
            assert_eq!(cause(&sim), Some(DoubtCause::BettingEnds), "{number}");
            sim.input(0, Input::Clock(ClockWitness::Operator));
            assert!(goes_on(&mut sim, 3), "{number}");
        }
    }
}

/// A quiet pool asks nobody: the clock goes on as it did, over the end of betting, too.
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

/// The clock that counts from the machine's start tells a sleep from a clock that was set.
#[test]
fn a_machine_that_slept_over_an_end_of_betting_goes_on() {
    for slept in [true, false] {
        let mut sim = with_friends(0);
        kernel(&mut sim, 0, true);
        boot(&mut sim, 1, 0);
        sim.submit(0, join(&sim, 2));
        sim.run_ms(1_000);
        sim.set_clock(0, 9 * HOUR_S);
        boot(&mut sim, 1, if slept { 9 * HOUR_S } else { 0 });
        assert_eq!(goes_on(&mut sim, 3), slept);
        // The program is started again, and the machine is not.
        sim.crash(0);
        sim.restart(0);
        kernel(&mut sim, 0, true);
        boot(&mut sim, 1, 9 * HOUR_S);
        assert_eq!(goes_on(&mut sim, 4), slept);
    }
}

/// An hour more than it ran, where the network had set it: that network has set it anew.
#[test]
fn a_clock_that_is_set_ahead_while_it_runs_wants_witnesses_sooner() {
    let ahead_s = 3 * HOUR_S;
    for synchronised in [true, false] {
        let mut sim = with_friends(0);
        // No more betting to end.
        sim.run_ms(2_000_000);
        assert!(goes_on(&mut sim, 2));
        kernel(&mut sim, 0, synchronised);
        sim.run_ms(1_000);
        sim.set_clock(0, ahead_s);
        assert_eq!(goes_on(&mut sim, 3), !synchronised);
        if synchronised {
            assert_eq!(cause(&sim), Some(DoubtCause::Unconfirmed));
            assert!(is_well_again(&mut sim));
        }
    }
}

/// A clock that the network sets, and that is spoofed while the node runs: the friend's node is heard first.
#[test]
fn a_clock_that_leaps_waits_for_the_friends_word() {
    for is_there in [true, false] {
        let mut sim = with_friends(1);
        befriend(&mut sim, 1);
        kernel(&mut sim, 0, true);
        sim.run_ms(60_000);
        if !is_there {
            // Asleep: it is connected still.
            sim.partition(&[1]);
        }
        sim.set_clock(0, 300 * DAY_S);
        sim.submit(0, join(&sim, 2));
        sim.run_ms(90_000);
        let why = if is_there {
            DoubtCause::Others
        } else {
            DoubtCause::BettingEnds
        };
        assert_eq!((height(&sim, 0), cause(&sim)), (1, Some(why)));
        assert!(is_well_again(&mut sim));
    }
}

/// A friend's node that says that betting has not ended is believed, although its clock is near enough.
#[test]
fn betting_ends_when_it_has_ended_by_a_friends_node_too() {
    let mut sim = with_friends(1);
    sim.run_ms(300_000);
    restarted(&mut sim, 3_000);
    kernel(&mut sim, 0, true);
    befriend(&mut sim, 1);
    sim.run_ms(5_000);
    sim.submit(0, join(&sim, 2));
    sim.run_ms(300_000);
    assert_eq!(
        (height(&sim, 0), cause(&sim)),
        (1, Some(DoubtCause::BettingEnds))
    );
    assert_eq!(doubt(&sim).unwrap().players, Testimony::Agrees);
    // By the friend's node it has ended.
    assert!(sim.run_until(600_000, |sim| height(sim, 0) > 1));
    assert!(right(&sim, 1).0 + 60 >= crate::pool::START + 1_000);
}

#[test]
fn the_operators_word_is_the_last_and_holds_for_the_clock_as_it_is() {
    let mut sim = with_friends(1);
    restarted(&mut sim, 2 * HOUR_S);
    befriend(&mut sim, 1);
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

/// They cost a moment at the start, in which one of them could still be shown to be a friend's.
#[test]
fn strangers_with_a_wrong_time_count_for_nothing() {
    for synchronised in [true, false] {
        let mut sim = with_friends(6);
        restarted(&mut sim, 0);
        kernel(&mut sim, 0, synchronised);
        for stranger in 1..=6 {
            sim.set_clock(stranger, -8 * HOUR_S);
            sim.connect(0, stranger);
        }
        assert!(goes_on(&mut sim, 2));
    }
    // Nor do they confirm a wrong one.
    let mut sim = with_friends(6);
    restarted(&mut sim, 300 * DAY_S);
    kernel(&mut sim, 0, true);
    for stranger in 1..=6 {
        sim.set_clock(stranger, 300 * DAY_S);
        sim.connect(0, stranger);
    }
    assert!(!goes_on(&mut sim, 2));
    assert_eq!(doubt(&sim).unwrap().players, Testimony::Silent);
}

/// One list's date stops nothing where the network and a player agree, and dates nothing ahead.
#[test]
fn a_false_date_counts_for_nothing_beside_the_network_and_a_player() {
    let mut sim = with_friends(1);
    kernel(&mut sim, 0, true);
    befriend(&mut sim, 1);
    sim.run_ms(5_000);
    let false_date = UnixSeconds(right(&sim, 0).0 + 300 * DAY_S as u64);
    date(&mut sim, "lists.example", false_date);
    assert!(goes_on(&mut sim, 2));
    // Without the player it is one against one.
    sim.crash(1);
    let before = height(&sim, 0);
    sim.submit(0, join(&sim, 3));
    sim.run_ms(10_000);
    assert_eq!(
        (height(&sim, 0), cause(&sim)),
        (before, Some(DoubtCause::Date))
    );
    // Of two lists, each of another server, one is right: they are even, and the network decides.
    let now = right(&sim, 0);
    date(&mut sim, "results.example", now);
    sim.run_ms(5_000);
    assert_eq!((sim.core(0).pending(), doubt(&sim)), (0, None));
}

/// A player with a wrong time, too, where the network and a date agree; but not over an end of betting.
#[test]
fn a_player_with_a_wrong_time_stops_no_block_that_ends_no_betting() {
    let mut sim = with_friends(1);
    kernel(&mut sim, 0, true);
    sim.set_clock(1, -8 * HOUR_S);
    befriend(&mut sim, 1);
    sim.run_ms(2_000);
    sim.submit(0, join(&sim, 2));
    sim.run_ms(10_000);
    assert_eq!(
        (height(&sim, 0), cause(&sim)),
        (1, Some(DoubtCause::Others))
    );
    let now = right(&sim, 0);
    date(&mut sim, "lists.example", now);
    sim.run_ms(5_000);
    assert_eq!((height(&sim, 0), doubt(&sim)), (2, None));
    // Started anew, it knows no more that the hour has passed.
    restarted(&mut sim, 2 * HOUR_S);
    kernel(&mut sim, 0, true);
    befriend(&mut sim, 1);
    sim.run_ms(2_000);
    let now = right(&sim, 0);
    date(&mut sim, "lists.example", now);
    assert!(!goes_on(&mut sim, 3));
    assert_eq!(cause(&sim), Some(DoubtCause::Others));
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
        befriend(&mut sim, 1);
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
    befriend(&mut sim, 1);
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
