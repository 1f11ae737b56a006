//! More than a third of the weight signs two histories: when nodes of both meet, all stop and name who did.

use bolao_chain::{CoreError, FinalError, equivocation};
use bolao_ledger::{Action, Height, StateView as _, actions};
use bolao_simulator::Sim;

use super::{last_final, pool_of};
use crate::{
    pool::{ORGANISER, Player},
    voting::{config, join, validator, vote},
};

const ONE: [usize; 3] = [0, 1, 2];
const OTHER: [usize; 3] = [3, 4, 5];

fn meet(sim: &mut Sim, nodes: &[usize]) {
    for a in nodes {
        for b in nodes {
            if a < b {
                sim.connect(*a, *b);
            }
        }
    }
    sim.run_ms(3_000);
}

fn mine(sim: &mut Sim, node: usize, players: std::ops::Range<u8>) {
    for player in players {
        sim.submit(node, join(sim, player));
        sim.run_ms(300);
        sim.mine(node);
        sim.run_ms(3_000);
    }
}

/// Four validators, two of whom have a second home: three make so many blocks final in each of two parts, after some that all
/// have.
fn two_histories(shared: u8, blocks: [u8; 2], seed: u64) -> Sim {
    let mut sim = parted(shared, seed);
    mine(&mut sim, 0, 30..30 + blocks[0]);
    mine(&mut sim, 3, 60..60 + blocks[1]);
    check_finals(&mut sim, blocks.map(|own| shared + own));
    sim
}

/// The same where each part's first block of its own makes another one weigh more.
fn two_histories_with_changes(blocks: [u8; 2], seed: u64) -> Sim {
    let mut sim = parted(1, seed);
    for (node, who) in [(0, 2), (3, 3)] {
        let organiser = Player::new(ORGANISER);
        let validator = validator(who, 2);
        let appoint = organiser.sign(
            sim.genesis().pool_id(),
            1,
            Action::Appoint(actions::Appoint { validator }),
        );
        sim.submit(node, appoint);
        sim.run_ms(300);
        sim.mine(node);
        sim.run_ms(3_000);
        let snapshot = sim.core(node).reader().snapshot().unwrap();
        let set = snapshot.validator_set_after(Height(2)).unwrap().unwrap();
        assert_eq!(set.total(), 5, "node {node}: {}", sim.state());
    }
    mine(&mut sim, 0, 30..30 + blocks[0]);
    mine(&mut sim, 3, 60..60 + blocks[1]);
    check_finals(&mut sim, blocks.map(|own| 2 + own));
    sim
}

fn check_finals(sim: &mut Sim, finals: [u8; 2]) {
    sim.run_ms(5_000);
    for node in 0..6 {
        let own = u64::from(finals[node / 3]);
        assert_eq!(last_final(sim, node), own, "node {node}: {}", sim.state());
    }
}

fn parted(shared: u8, seed: u64) -> Sim {
    let keys = [0, 1, 2, 0, 1, 3];
    let mut sim = Sim::of(&pool_of(&[1; 4]), keys.map(config).into(), seed);
    meet(&mut sim, &ONE);
    // The organiser is the first who joins.
    mine(&mut sim, 0, ORGANISER..ORGANISER + shared.min(1));
    mine(&mut sim, 0, 10..9 + shared.max(1));
    sim.connect(2, 5);
    sim.run_ms(10_000);
    sim.disconnect(2, 5);
    meet(&mut sim, &OTHER);
    sim.run_ms(10_000);
    sim
}

fn check_stopped(sim: &mut Sim, nodes: &[usize]) {
    for node in nodes.iter().copied() {
        let failure = sim.failure(node);
        let conflict =
            |error: &CoreError| matches!(error, CoreError::Final(FinalError::Conflict { .. }));
        assert!(failure.is_some_and(conflict), "node {node}: {failure:?}");
        let store = sim.stored(node);
        let snapshot = store.reader().snapshot().unwrap();
        let named = equivocation(&snapshot, sim.genesis()).unwrap().unwrap();
        let mut named: Vec<_> = named.signers.iter().map(|it| it.key).collect();
        let mut both = [0, 1].map(|who| validator(who, 1).key);
        named.sort_unstable();
        both.sort_unstable();
        assert_eq!(named, both, "node {node}");
        sim.restart(node);
        assert!(sim.failure(node).is_some_and(conflict), "it says so again");
    }
}

#[test]
fn when_two_histories_meet_all_stop_and_name_the_guilty() {
    let cases = [
        (0, [1, 1]),
        (2, [1, 1]),
        (1, [1, 4]),
        (3, [6, 2]),
        (0, [2, 9]),
    ];
    for (seed, (shared, blocks)) in (1..).zip(cases) {
        let mut sim = two_histories(shared, blocks, seed);
        sim.connect(0, 3);
        sim.run_ms(30_000);
        check_stopped(&mut sim, &[0, 3]);
    }
}

#[test]
fn histories_that_part_before_a_change_of_validators_are_compared_too() {
    for (seed, blocks) in (1..).zip([[1, 1], [3, 1], [2, 6], [7, 7]]) {
        let mut sim = two_histories_with_changes(blocks, seed);
        sim.connect(0, 3);
        sim.run_ms(30_000);
        check_stopped(&mut sim, &[0, 3]);
        assert!(sim.blamed().is_empty(), "{:?}", sim.blamed());
    }
}

/// Validators without guilt notice it, without the homes.
#[test]
fn those_who_were_misled_notice_it() {
    let mut sim = two_histories(2, [1, 3], 7);
    for node in [0, 1, 3, 4] {
        sim.crash(node);
    }
    sim.connect(2, 5);
    sim.run_ms(30_000);
    check_stopped(&mut sim, &[2, 5]);
}

/// The first validator decided alone once. Whoever has that old key could sign another beginning at any time.
#[test]
fn a_history_by_a_key_that_decides_nothing_any_more_stops_nobody() {
    let mut sim = Sim::of(&pool_of(&[1]), (0..3).map(config).collect(), 5);
    meet(&mut sim, &ONE);
    mine(&mut sim, 0, 101..104);
    mine(&mut sim, 0, ORGANISER..ORGANISER + 1);
    for who in [1, 2] {
        let validator = validator(who, 1);
        let (owner, organiser) = (
            Player::new(u8::try_from(who).unwrap() + 101),
            Player::new(ORGANISER),
        );
        let (pool, vote) = (sim.genesis().pool_id(), vote(who));
        let offer = Action::offer(pool, &vote.account, &vote.key);
        let nonce = u64::try_from(who).unwrap();
        sim.submit(0, owner.sign(pool, 1, offer));
        sim.submit(
            0,
            organiser.sign(pool, nonce, Action::Appoint(actions::Appoint { validator })),
        );
        sim.run_ms(300);
        sim.mine(0);
        sim.run_ms(3_000);
    }
    let snapshot = sim.core(0).reader().snapshot().unwrap();
    let decided = snapshot.last_final().unwrap().unwrap().height;
    let set = snapshot.validator_set_after(decided).unwrap().unwrap();
    assert_eq!(set.total(), 3, "{}", sim.state());

    let other = sim.add(config(0));
    mine(&mut sim, other, 50..51);
    assert_eq!(last_final(&sim, other), 1);
    sim.connect(other, 1);
    sim.run_ms(30_000);
    assert!(sim.failure(other).is_some(), "{}", sim.state());
    let before = last_final(&sim, 1);
    mine(&mut sim, 1, 51..52);
    for node in ONE {
        assert!(sim.failure(node).is_none(), "{:?}", sim.failure(node));
        assert!(last_final(&sim, node) > before, "{}", sim.state());
    }
}
