//! When blocks and transactions first reached a node, and whether it was there then.

use bolao_chain::{Input, Now};
use bolao_ledger::{BlockHash, UnixSeconds};
use bolao_simulator::Sim;
use bolao_store::{Arrival, BlockArrivals};

use crate::{
    pool::{Player, START, genesis},
    voting::{config, pool_of},
};

fn arrivals(sim: &Sim, node: usize, hash: BlockHash) -> Option<BlockArrivals> {
    let snapshot = sim.core(node).reader().snapshot().unwrap();
    let record = snapshot.header(&hash).unwrap()?;
    snapshot.block_arrivals(record.height, &hash).unwrap()
}

fn arrival(sim: &Sim, node: usize, hash: BlockHash) -> Arrival {
    let arrival = sim.core(node).arrival(&hash).unwrap().unwrap();
    assert_eq!(arrivals(sim, node, hash).unwrap().block, arrival);
    arrival
}

/// Seconds since the simulation began, ten after the pool.
fn seconds(at: UnixSeconds) -> u64 {
    at.0 - START - 10
}

fn is_there(sim: &Sim, node: usize) -> bool {
    let unix = UnixSeconds(START + 10 + now_s(sim));
    let mono_ms = sim.now_ms();
    sim.core(node).is_there(Now { unix, mono_ms })
}

fn now_s(sim: &Sim) -> u64 {
    sim.now_ms() / 1_000
}

#[test]
fn a_node_keeps_when_blocks_and_transactions_came() {
    let mut sim = Sim::new(&genesis(), 2, 1);
    let pool = sim.genesis().pool_id();
    sim.connect_all();
    sim.run_ms(15_000);
    let sent = now_s(&sim);
    sim.submit(0, Player::new(3).join(pool, "Ana"));
    sim.run_ms(60_000);
    let mined = now_s(&sim);
    let hash = sim.mine(0).hash();
    sim.run_ms(1_000);
    // What this node was told a moment ago is on its disk by now.
    sim.crash(1);
    sim.restart(1);
    let known = arrivals(&sim, 1, hash).unwrap();
    assert!(known.block.there());
    assert_eq!(seconds(known.block.at), mined);
    let [transaction] = known.transactions[..] else {
        panic!("{known:?}");
    };
    assert!(transaction.there());
    assert_eq!(seconds(transaction.at), sent);

    // Who comes later was away, and does not take what it fetches for late.
    let late = sim.add(bolao_chain::CoreConfig::default());
    sim.connect(0, late);
    sim.run_ms(9_000);
    assert_eq!(sim.tip(late), hash);
    let fetched = arrival(&sim, late, hash);
    assert!(!fetched.in_step && !fetched.there());
    assert!(!is_there(&sim, late));
    sim.run_ms(4_000);
    sim.mine(0);
    sim.run_ms(1_000);
    assert!(arrival(&sim, late, sim.tip(0)).there());
}

#[test]
fn what_is_brought_later_was_not_missed() {
    let mut sim = Sim::new(&genesis(), 3, 2);
    sim.connect(0, 1);
    sim.run_ms(20_000);
    // A branch that nobody was shown: its first block is a minute old when it comes.
    let old = sim.mine(2).hash();
    sim.run_ms(60_000);
    sim.mine(2);
    sim.connect(2, 0);
    assert!(sim.run_until(10_000, Sim::agree), "{}", sim.state());
    for node in [0, 1] {
        let arrival = arrival(&sim, node, old);
        assert!(arrival.there(), "node {node}: {arrival:?}");
        assert!(seconds(arrival.at) >= 80, "{arrival:?}");
    }
    // It had nobody to be in step with.
    assert!(!arrival(&sim, 2, old).there());
}

#[test]
fn whoever_loses_touch_or_sleeps_is_not_there_for_a_while() {
    let mut sim = Sim::new(&genesis(), 2, 3);
    assert!(!is_there(&sim, 0));
    sim.connect(0, 1);
    sim.run_ms(15_000);
    assert!(is_there(&sim, 0));
    sim.disconnect(0, 1);
    sim.connect(0, 1);
    sim.run_ms(1_000);
    sim.mine(0);
    sim.run_ms(1_000);
    assert!(!arrival(&sim, 1, sim.tip(0)).in_step);
    sim.run_ms(15_000);
    assert!(is_there(&sim, 0));
    // Its clock is an hour ahead of its only peer's: one of the two is wrong.
    sim.set_clock(0, 3_600);
    sim.input(0, Input::Tick);
    sim.run_ms(20_000);
    sim.mine(1);
    sim.run_ms(1_000);
    let apart = arrival(&sim, 0, sim.tip(1));
    assert!(apart.in_step && !apart.clock_agrees && !apart.there());
}

#[test]
fn a_transaction_of_a_lost_branch_keeps_its_arrival() {
    let mut sim = Sim::new(&genesis(), 2, 4);
    let pool = sim.genesis().pool_id();
    sim.connect_all();
    sim.run_ms(15_000);
    let (sent, ana) = (now_s(&sim), Player::new(3));
    sim.submit(1, ana.join(pool, "Ana"));
    sim.run_ms(1_000);
    sim.disconnect(0, 1);
    sim.mine(1);
    // Without her transaction: as a node that never heard of it would.
    let other = crate::pool::chain(sim.genesis().pool_id().into(), 1, 30, 9, 2);
    for block in other {
        sim.give(0, block);
    }
    sim.run_ms(30_000);
    sim.connect(0, 1);
    sim.run_ms(5_000);
    assert!(sim.agree());
    let hash = sim.mine(1).hash();
    sim.run_ms(1_000);
    for node in [0, 1] {
        let known = arrivals(&sim, node, hash).unwrap();
        let [transaction] = known.transactions[..] else {
            panic!("{known:?}");
        };
        assert_eq!(seconds(transaction.at), sent, "node {node}");
    }
}

/// A block that waits for votes has come when it was first heard of.
#[test]
fn a_block_that_validators_decide_late_has_come_when_it_came() {
    let mut sim = Sim::of(&pool_of(4), (0..4).map(config).collect(), 5);
    let pool = sim.genesis().pool_id();
    sim.connect_all();
    sim.run_ms(15_000);
    // With two of four nothing is decided; what is proposed is heard of.
    sim.crash(2);
    sim.crash(3);
    let sent = now_s(&sim);
    sim.submit(0, Player::new(3).join(pool, "Ana"));
    sim.run_ms(60_000);
    assert_eq!(sim.core(0).tip().height.0, 0);
    sim.restart(2);
    sim.connect_all();
    assert!(sim.run_until(60_000, |sim| sim.core(1).tip().height.0 == 1));
    let known = arrivals(&sim, 1, sim.tip(1)).unwrap();
    assert!(known.block.there(), "{known:?}");
    let time = sim.core(1).tip().time;
    let apart = time.0.abs_diff(known.block.at.0);
    assert!(apart <= 5, "{apart}");
    assert_eq!(seconds(known.transactions[0].at), sent);
}
