//! Two homes with one validator's key sign two histories: when they meet, both stop and name it.

use bolao_chain::{CoreConfig, CoreError, FinalError, equivocation, stamp};
use bolao_ledger::Height;
use bolao_simulator::Sim;

use super::{check, config, height, join, pool_of, validator, validators};

fn is_conflict(error: &CoreError) -> bool {
    matches!(error, CoreError::Final(FinalError::Conflict { .. }))
}

/// Two nodes with the only key, apart, that have made so many blocks each after `shared` common ones, and a friend of each.
fn two_homes(shared: u8, blocks: [u8; 2], seed: u64) -> Sim {
    let configs = vec![config(0), config(0), config(2), config(3)];
    let mut sim = Sim::of(&pool_of(1), configs, seed);
    for player in 0..shared {
        let join = join(&sim, 10 + player);
        sim.submit(0, join);
        sim.run_ms(1_000);
    }
    // The copy knows what the home knew.
    sim.connect(0, 1);
    sim.run_ms(3_000);
    assert_eq!(sim.tip(0), sim.tip(1));
    sim.disconnect(0, 1);
    sim.connect(0, 2);
    sim.connect(1, 3);
    for (node, count) in blocks.into_iter().enumerate() {
        for player in 0..count {
            let who = 20 + 20 * u8::try_from(node).unwrap() + player;
            let join = join(&sim, who);
            sim.submit(node, join);
            sim.run_ms(1_000);
        }
    }
    sim.run_ms(5_000);
    for node in 0..4 {
        let own = u64::from(shared + blocks[node % 2]);
        assert_eq!(height(&sim, node), own, "node {node}");
    }
    sim
}

/// Whom this node's disk proves guilty.
fn guilty(sim: &Sim, node: usize) -> Vec<bolao_ledger::ValidatorKey> {
    let reader = if sim.failure(node).is_some() {
        sim.stored(node).reader()
    } else {
        sim.core(node).reader()
    };
    let snapshot = reader.snapshot().unwrap();
    let equivocation = equivocation(&snapshot, sim.genesis()).unwrap();
    let equivocation = equivocation.map_or(Vec::new(), |equivocation| equivocation.signers);
    equivocation
        .into_iter()
        .map(|validator| validator.key)
        .collect()
}

#[test]
fn two_homes_with_one_key_stop_when_they_meet() {
    let cases = [
        (0, [1, 1]),
        (3, [1, 1]),
        (2, [1, 4]),
        (5, [6, 2]),
        (1, [1, 9]),
    ];
    for (seed, (shared, blocks)) in (1..).zip(cases) {
        let mut sim = two_homes(shared, blocks, seed);
        sim.connect(0, 1);
        sim.run_ms(25_000);
        for node in 0..2 {
            let failure = sim.failure(node);
            assert!(
                failure.is_some_and(is_conflict),
                "{shared} {blocks:?}, node {node}: {failure:?}"
            );
            // It says so again, and who it was.
            sim.restart(node);
            let again = sim.failure(node).unwrap();
            let account = validator(0, 1).account.to_string();
            assert!(is_conflict(again) && again.to_string().contains(&account));
            assert_eq!(guilty(&sim, node), [validator(0, 1).key]);
        }
    }
}

/// Friends of both notice it, too, without the homes.
#[test]
fn those_who_only_follow_notice_it() {
    let mut sim = two_homes(2, [1, 3], 7);
    sim.crash(0);
    sim.crash(1);
    sim.connect(2, 3);
    sim.run_ms(25_000);
    for node in [2, 3] {
        assert!(sim.failure(node).is_some_and(is_conflict), "node {node}");
        assert_eq!(guilty(&sim, node), [validator(0, 1).key]);
    }
}

/// After a partition not all are connected again at once.
#[test]
fn who_meets_the_other_history_some_seconds_later_notices_it_too() {
    let mut sim = two_homes(2, [1, 1], 9);
    // The friend of the second home meets nobody but the first, a while after it has met the second.
    sim.disconnect(1, 3);
    sim.connect(0, 1);
    sim.run_ms(8_000);
    assert!(sim.failure(3).is_none());
    sim.connect(0, 3);
    sim.run_ms(30_000);
    assert!(sim.failure(3).is_some_and(is_conflict));
}

/// What a liar says of his tip is no proof.
#[test]
fn one_history_is_no_guilt() {
    let mut sim = Sim::of(&pool_of(1), vec![config(0), CoreConfig::default()], 8);
    sim.connect_all();
    for player in 1..5 {
        let join = join(&sim, player);
        sim.submit(0, join);
        sim.run_ms(500);
    }
    sim.run_ms(5_000);
    check(&sim);
    assert_eq!(guilty(&sim, 1), []);
}

#[test]
fn who_signed_a_block() {
    let mut sim = validators(4, 7);
    sim.crash(3);
    sim.submit(0, join(&sim, 1));
    assert!(sim.run_until(10_000, |sim| height(sim, 1) == 1));
    let snapshot = sim.core(1).reader().snapshot().unwrap();
    let of = |height| stamp(&snapshot, sim.genesis(), Height(height)).unwrap();
    let stamp = of(1).unwrap();
    assert_eq!((stamp.height, stamp.validators), (Height(1), 4));
    let signers: Vec<_> = stamp.signers.iter().map(|it| it.account).collect();
    let mut wanted: Vec<_> = (0..3).map(|who| validator(who, 1)).collect();
    wanted.sort_by_key(|it| it.key);
    let wanted: Vec<_> = wanted.iter().map(|it| it.account).collect();
    assert_eq!(signers, wanted);
    assert_eq!((of(0), of(2)), (None, None));
}
