//! Validators that come and go while blocks are made.

use bolao_chain::CoreConfig;
use bolao_ledger::{
    Action, Certificate, Genesis, Height, StateView as _, Validator, actions, decode,
};
use bolao_simulator::Sim;

use super::{audited, check, config, height, join, pool_of, vote};
use crate::pool::{ORGANISER, Player};

/// Three nodes with keys, the first of which is a validator; all their accounts have joined, and the organiser.
fn sim() -> Sim {
    let mut sim = Sim::of(&pool_of(1), (0..3).map(config).collect(), 5);
    sim.connect_all();
    sim.run_ms(1_000);
    for who in [101, 102, 103, ORGANISER] {
        sim.submit(0, join(&sim, who));
    }
    sim
}

fn next_nonce(sim: &Sim, player: &Player) -> u64 {
    let snapshot = sim.core(0).reader().snapshot().unwrap();
    let account = snapshot.account(&player.id()).unwrap().unwrap();
    account.next_nonce.0
}

/// Signs an action and waits until it is in a block of every node that is on.
fn act(sim: &mut Sim, seed: u8, action: Action) {
    let player = Player::new(seed);
    let (pool, nonce) = (sim.genesis().pool_id(), next_nonce(sim, &player));
    sim.submit(0, player.sign(pool, nonce, action));
    assert!(
        sim.run_until(30_000, |sim| next_nonce(sim, &player) > nonce),
        "{}",
        sim.state()
    );
}

fn validator(who: usize, weight: u64) -> Validator {
    let genesis: Genesis = pool_of(who + 1);
    let voting = genesis.consensus.voting().unwrap();
    Validator {
        weight,
        ..voting.validators[who]
    }
}

/// Player `who` offers its key, and the organiser appoints it.
fn appoint(sim: &mut Sim, who: usize) {
    let seed = u8::try_from(who).unwrap() + 101;
    assert_eq!(Player::new(seed).id(), vote(who).account);
    let validator = validator(who, 1);
    let (pool, vote) = (sim.genesis().pool_id(), vote(who));
    act(sim, seed, Action::offer(pool, &vote.account, &vote.key));
    act(
        sim,
        ORGANISER,
        Action::Appoint(actions::Appoint { validator }),
    );
}

/// How many signed the last block.
fn signers(sim: &Sim) -> usize {
    let snapshot = sim.core(0).reader().snapshot().unwrap();
    let last = snapshot.last_final().unwrap().unwrap();
    let certificate: Certificate = decode(last.certificate.bytes()).unwrap();
    certificate.signatures.len()
}

#[test]
fn who_is_appointed_votes_from_the_next_block_on() {
    let mut sim = sim();
    appoint(&mut sim, 1);
    assert_eq!(signers(&sim), 1);
    appoint(&mut sim, 2);
    // The last block was decided by two, the next one needs all three.
    assert_eq!(signers(&sim), 2);
    sim.submit(0, join(&sim, 1));
    assert!(sim.run_until(5_000, |sim| sim.agree() && sim.core(0).pending() == 0));
    assert_eq!(signers(&sim), 3);
    check(&sim);
    // Whoever is removed is not waited for any more.
    let validator = validator(2, 0);
    act(
        &mut sim,
        ORGANISER,
        Action::Appoint(actions::Appoint { validator }),
    );
    sim.crash(2);
    let before = height(&sim, 0);
    sim.submit(0, join(&sim, 2));
    assert!(sim.run_until(5_000, |sim| height(sim, 0) > before));
    assert_eq!(signers(&sim), 2);
    let snapshot = sim.core(0).reader().snapshot().unwrap();
    let count = |height| snapshot.validators_after(Height(height)).unwrap().len();
    assert_eq!((count(0), count(before)), (1, 2));
    // Who comes late takes all of that in one answer.
    let late = sim.add(CoreConfig::default());
    sim.connect(0, late);
    assert!(sim.run_until(5_000, |sim| height(sim, late) == height(sim, 0)));
    assert!(sim.blamed().is_empty());
    for node in [0, late] {
        audited(&sim, node);
    }
    assert_eq!(sim.double_votes(), 0);
}

/// The first validator decided alone once. Whoever has that old key could sign another beginning at any time.
#[test]
fn a_history_by_a_key_that_decides_nothing_any_more_stops_nobody() {
    let mut sim = sim();
    appoint(&mut sim, 1);
    appoint(&mut sim, 2);
    let other = sim.add(config(0));
    sim.submit(other, join(&sim, 50));
    assert_eq!(height(&sim, other), 1);
    sim.connect(other, 1);
    sim.run_ms(30_000);
    assert!(sim.failure(other).is_some());
    let before = height(&sim, 1);
    sim.submit(1, join(&sim, 51));
    let goes_on = sim.run_until(20_000, |sim| {
        (0..3).all(|node| sim.failure(node).is_none() && height(sim, node) > before)
    });
    assert!(
        goes_on,
        "{:?}",
        (0..3).map(|node| sim.failure(node)).collect::<Vec<_>>()
    );
}

/// An old copy of the lone validator's home is put back while others have more.
#[test]
fn a_lone_validator_hears_the_others_before_it_votes() {
    let hears_first = CoreConfig {
        hears_first_ms: 5_000,
        ..config(0)
    };
    let mut sim = Sim::of(&pool_of(1), vec![config(0), CoreConfig::default()], 6);
    sim.connect_all();
    for who in 1..=9 {
        sim.submit(0, join(&sim, who));
        sim.run_ms(500);
    }
    sim.run_ms(5_000);
    let tip = height(&sim, 1);
    sim.crash(0);
    let copy = sim.add(hears_first);
    sim.submit(copy, join(&sim, 50));
    sim.run_ms(2_000);
    assert_eq!(height(&sim, copy), 0);
    sim.connect(copy, 1);
    assert!(sim.run_until(20_000, |sim| height(sim, 1) == tip + 1));
    assert_eq!(sim.tip(copy), sim.tip(1));

    // While nobody answers, it waits no longer than it was told to.
    sim.crash(1);
    sim.crash(copy);
    sim.restart(copy);
    sim.submit(copy, join(&sim, 51));
    sim.run_ms(4_000);
    assert_eq!(height(&sim, copy), tip + 1);
    sim.run_ms(2_000);
    assert_eq!(height(&sim, copy), tip + 2);
}
