//! Where blocks are mined and made final by votes.

use super::*;
use crate::hybrid;

/// Four keepers and a miner; the player's seal is final, and its opening dealt.
fn mined(seed: u64) -> (Sim, SealId) {
    let genesis = sealed(hybrid::pool_of(&[1; 4]));
    let mut configs: Vec<CoreConfig> = (0..4).map(keeper).collect();
    configs.push(CoreConfig::default());
    let mut sim = Sim::of(&genesis, configs, seed);
    sim.connect_all();
    sim.run_ms(15_000);
    for transaction in [join(&sim, 1), seal(&sim, 1, 1)] {
        sim.submit(4, transaction);
    }
    sim.mine(4);
    sim.run_ms(5_000);
    let deal = dealt(&sim, 1, 1, 0, &keys(4));
    let id = deal.body.seal();
    give(&mut sim, 4, deal).unwrap();
    sim.run_ms(3_000);
    assert_eq!(kept(&sim, 4, &id).unwrap().receipts.len(), 4);
    (sim, id)
}

fn shares(sim: &Sim, seal: &SealId) -> usize {
    kept(sim, 4, seal).unwrap().shares.len()
}

/// A block that passed the kick-off may be taken back while it is not final.
#[test]
fn keepers_wait_for_a_final_block() {
    let (mut sim, id) = mined(30);
    sim.crash(2);
    sim.crash(3);
    until_begun(&mut sim, 1);
    sim.mine(4);
    sim.run_ms(20_000);
    assert_eq!(shares(&sim, &id), 0);
    for away in [2, 3] {
        sim.restart(away);
    }
    sim.connect_all();
    assert!(sim.run_until(300_000, |sim| shares(sim, &id) == 4));
    assert!(opens(&sim, 4, &id));
}

/// But not for ever: then the bet would not count.
#[test]
fn half_of_the_window_later_they_wait_no_more() {
    let (mut sim, id) = mined(31);
    sim.crash(3);
    sim.crash(2);
    until_begun(&mut sim, 1);
    sim.mine(4);
    until_begun(&mut sim, u64::from(WINDOW_S) / 2 - 5);
    assert_eq!(shares(&sim, &id), 0);
    sim.run_ms(70_000);
    assert_eq!(shares(&sim, &id), 2);
}
