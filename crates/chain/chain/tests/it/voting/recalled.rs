//! A validator that has lost what it signed, where no block comes without it.

use bolao_chain::{CoreConfig, Event, Input, Recalls, Request, Response};
use bolao_finality::Message;
use bolao_ledger::StatementKind;
use bolao_simulator::{Ignored, Sim};

use super::{config, join, settled, validators, vote};

/// The number of times that somebody was found to have signed twice. What reached nobody, nobody can hold against another.
fn found_out(sim: &Sim) -> usize {
    let events = (0..sim.count()).flat_map(|node| sim.events(node));
    events.filter(|it| matches!(it, Event::Guilty(_))).count()
}

/// A pool that cannot do without any of its validators, one of which loses its log in the midst of a vote.
fn lost(count: usize, seed: u64) -> Sim {
    let mut sim = validators(count, seed);
    sim.links.jitter_ms = 80;
    sim.submit(1, join(&sim, 1));
    let pause = sim.roll(250);
    sim.run_ms(pause);
    sim.crash(0);
    sim.run_ms(2_000);
    sim.submit(1, join(&sim, 2));
    sim.run_ms(10_000);
    sim.forget_votes = true;
    sim
}

/// The settings of a home that waits.
fn follows(who: usize, is_fresh: bool) -> CoreConfig {
    let key = vote(who).key;
    CoreConfig {
        recalls: Some(Recalls { key, is_fresh }),
        ..CoreConfig::default()
    }
}

fn starts(sim: &mut Sim, config: CoreConfig) {
    sim.configure(0, config);
    sim.restart(0);
    sim.connect_all();
    sim.forget_votes = false;
}

#[test]
fn two_of_two_and_three_of_three_go_on_and_sign_nothing_twice() {
    for (count, seed) in [2, 3]
        .into_iter()
        .flat_map(|it| (0..30).map(move |seed| (it, seed)))
    {
        let mut sim = lost(count, seed);
        starts(&mut sim, follows(0, false));
        assert!(!sim.core(0).has_recalled());
        let told = sim.run_until(30_000, |sim| sim.core(0).has_recalled());
        assert!(told, "{count} {seed}: {}", sim.state());
        sim.crash(0);
        starts(&mut sim, config(0));
        sim.submit(0, join(&sim, 3));
        let all = sim.run_until(120_000, |sim| settled(sim, 3));
        assert!(all, "{count} {seed}: {}", sim.state());
        assert_eq!(found_out(&sim), 0, "{count} {seed}: {}", sim.state());
        assert!((0..count).all(|node| sim.failure(node).is_none()));
        assert!(sim.blamed().is_empty(), "{:?}", sim.blamed());
    }
}

#[test]
fn without_asking_there_are_double_votes() {
    let found = (0..30).map(|seed| {
        let mut sim = lost(2, seed);
        starts(&mut sim, config(0));
        sim.run_ms(60_000);
        found_out(&sim)
    });
    assert!(found.sum::<usize>() > 0);
}

/// Who relays nothing of what a validator tells cannot make up for it.
#[test]
fn a_validator_that_is_not_there_has_told_nothing() {
    let mut sim = lost(3, 7);
    // A node without a vote answers, too.
    let watcher = sim.add(CoreConfig::default());
    sim.crash(2);
    starts(&mut sim, follows(0, false));
    sim.connect(0, watcher);
    sim.run_ms(60_000);
    assert!(!sim.core(0).has_recalled());
    sim.restart(2);
    sim.connect_all();
    assert!(sim.run_until(30_000, |sim| sim.core(0).has_recalled()));
}

/// A pool of which the first ones lose their logs in one moment, in the midst of a vote; what others had on its way still arrives.
fn lost_at_once(count: usize, lost: usize, seed: u64) -> Sim {
    let mut sim = validators(count, seed);
    sim.links.jitter_ms = 80;
    sim.submit(count - 1, join(&sim, 1));
    let pause = sim.roll(250);
    sim.run_ms(pause);
    for node in 0..lost {
        sim.crash(node);
    }
    sim.run_ms(2_000);
    sim.submit(count - 1, join(&sim, 2));
    sim.run_ms(10_000);
    sim
}

/// They follow until all of them may vote, and then vote one after the other.
fn come_back(sim: &mut Sim, lost: usize, is_fresh: bool) -> bool {
    sim.forget_votes = true;
    for node in 0..lost {
        sim.configure(node, follows(node, is_fresh));
        sim.restart(node);
    }
    sim.connect_all();
    sim.forget_votes = false;
    let told = sim.run_until(30_000, |sim| {
        (0..lost).all(|node| sim.core(node).has_recalled())
    });
    if told {
        for node in 0..lost {
            sim.crash(node);
            sim.configure(node, config(node));
            sim.restart(node);
            sim.connect_all();
            let pause = sim.roll(2_000);
            sim.run_ms(pause);
        }
    }
    told
}

#[test]
fn two_of_four_hold_to_what_the_living_heard() {
    for seed in 0..60 {
        let mut sim = lost_at_once(4, 2, seed);
        assert!(come_back(&mut sim, 2, false), "{seed}: {}", sim.state());
        sim.submit(0, join(&sim, 3));
        let all = sim.run_until(120_000, |sim| settled(sim, 3));
        assert!(all, "{seed}: {}", sim.state());
        assert_eq!(found_out(&sim), 0, "{seed}: {}", sim.state());
        assert!((0..4).all(|node| sim.failure(node).is_none()));
        assert!(sim.blamed().is_empty(), "{:?}", sim.blamed());
    }
}

/// The living alone are too few to have decided, or to say that nobody did.
#[test]
fn all_of_two_and_of_three_go_on_from_copies_of_minutes_before_alone() {
    for (count, seed) in [(2, 1), (3, 1), (2, 2), (3, 2)] {
        let mut sim = lost_at_once(count, count, seed);
        assert!(!come_back(&mut sim, count, false), "{count} {seed}");
        for node in 0..count {
            sim.crash(node);
        }
        assert!(come_back(&mut sim, count, true), "{count} {seed}");
        sim.submit(0, join(&sim, 3));
        let went_on = sim.run_until(120_000, |sim| sim.agree() && sim.core(0).tip().height.0 > 0);
        assert!(went_on, "{count} {seed}: {}", sim.state());
    }
}

/// Three of four are a quorum: the one that lives may have been away when they decided.
#[test]
fn three_old_copies_of_four_wait_for_a_word() {
    let mut sim = lost_at_once(4, 3, 5);
    assert!(!come_back(&mut sim, 3, false), "{}", sim.state());
}

/// Whether something has a precommit in it, or a block that is final.
fn is_precommitted(input: &Input) -> bool {
    if let Input::Response { result, .. } = input {
        return matches!(result, Ok(Response::Finals(_)));
    }
    let Input::Request {
        request: Request::Votes(messages),
        ..
    } = input
    else {
        return false;
    };
    let messages = messages.iter().filter_map(|it| Message::decode(it).ok());
    let mut statements = messages.flat_map(|it| it.statements());
    statements.any(|(_, statement, _)| statement.kind == StatementKind::Precommit)
}

/// Two of four, and a fifth node that has all that they decided with one that lives, and is away until they vote again.
#[test]
fn what_two_of_four_decided_and_forgot_is_decided_again() {
    let mut bound = 0;
    for seed in 0..60 {
        let mut sim = validators(4, seed);
        let friend = sim.add(CoreConfig::default());
        sim.connect_all();
        sim.run_ms(500);
        // So that others propose.
        let players = 1 + seed % 5;
        for player in 1..=players {
            sim.submit(0, join(&sim, u8::try_from(player).unwrap()));
            sim.run_ms(5_000);
        }
        sim.links.jitter_ms = 60;
        for node in [0, 1] {
            sim.back_up(node);
        }
        // The fourth hears nothing of it.
        sim.partition(&[3]);
        // The third votes, and hears nothing of what comes of it.
        sim.ignore(2, Ignored(Box::new(is_precommitted)));
        sim.submit(2, join(&sim, 11));
        let pause = 200 + sim.roll(1_000);
        sim.run_ms(pause);
        for node in [0, 1] {
            sim.crash(node);
            sim.put_back(node);
        }
        let decided = sim.core(friend).tip().height.0;
        let known = sim.core(2).tip().height.0;
        bound += usize::from(decided > known);
        sim.ignore(2, Ignored(Box::new(|_| false)));
        sim.heal();
        sim.partition(&[friend]);
        sim.submit(3, join(&sim, 12));
        sim.run_ms(5_000);
        assert!(come_back(&mut sim, 2, false), "{seed}: {}", sim.state());
        sim.run_ms(20_000);
        sim.heal();
        let all = sim.run_until(120_000, |sim| settled(sim, players + 2));
        assert!(all, "{seed}: {}", sim.state());
        assert!((0..5).all(|node| sim.failure(node).is_none()), "{seed}");
        assert!(sim.blamed().is_empty(), "{seed}: {:?}", sim.blamed());
    }
    assert!(bound > 0, "the friend never had more than the living");
}
