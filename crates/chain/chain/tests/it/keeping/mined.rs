//! Where blocks are mined and made final by votes.

use bolao_ledger::{StateView as _, UnixSeconds, actions};

use super::*;
use crate::{hybrid, pool::ORGANISER};

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
    given(sim, 4, seal)
}

/// How many shares a node knows.
fn given(sim: &Sim, node: usize, seal: &SealId) -> usize {
    kept(sim, node, seal).unwrap().shares.len()
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

/// One keeper's clock is ahead: its chain passes the kick-off by a block that it mined, and half of the window is over by its clock.
/// It gives nothing out.
#[test]
fn a_keeper_whose_clock_is_wrong_gives_nothing_out() {
    let (mut sim, id) = mined(32);
    sim.set_clock(
        0,
        i64::try_from(BEGINS_S).unwrap() + i64::from(WINDOW_S) / 2,
    );
    sim.mine(0);
    sim.run_ms(60_000);
    assert_eq!(given(&sim, 0, &id), 0);
    // Nor alone, after a restart, nor when it is connected again.
    sim.crash(0);
    sim.restart(0);
    sim.run_ms(60_000);
    assert_eq!(given(&sim, 0, &id), 0);
    sim.connect_all();
    sim.run_ms(60_000);
    assert_eq!((given(&sim, 0, &id), shares(&sim, &id)), (0, 0));
}

/// An organiser brings the kick-off forward on a branch that the other keepers do not see.
#[test]
fn a_kick_off_that_nobody_decided_begins_no_match() {
    let (mut sim, id) = mined(33);
    let pool = sim.genesis().pool_id();
    let book = sim.core(0).reader().snapshot().unwrap();
    let mut fixture = book.match_by_no(MatchNo(NO)).unwrap().unwrap().fixture;
    fixture.kickoff = Some(UnixSeconds(sim.clock(0).unix.0 + 60));
    sim.partition(&[0, 4]);
    let organiser = Player::new(ORGANISER);
    let join = organiser.join(pool, "Boss");
    sim.submit(4, join);
    sim.submit(
        4,
        organiser.sign(pool, 1, Action::Schedule(actions::Schedule { fixture })),
    );
    sim.mine(4);
    sim.run_ms(70_000);
    sim.mine(4);
    sim.run_ms(u64::from(WINDOW_S) / 2 * 1_000);
    let moved = sim.core(0).reader().snapshot().unwrap();
    let moved = moved.match_by_no(MatchNo(NO)).unwrap().unwrap();
    assert!(moved.has_begun_at(sim.clock(0).unix));
    assert_eq!((given(&sim, 0, &id), shares(&sim, &id)), (0, 0));
}
