//! Keepers open the seals of players who are away.

mod attacks;
mod bounds;
mod hostile;
mod lasting;
mod mined;

use bolao_chain::{Accepted, CoreConfig, Input, Rejection};
use bolao_ledger::{
    Action, BetMode, Chips, Genesis, MatchNo, Opening, PoolId, Score, SealedBet, Transaction,
    ValidatorKey, actions, seal_commitment,
};
use bolao_openings::{Deal, Entropy, Kept, SealId, deal};
use bolao_simulator::Sim;

use crate::{
    pool::Player,
    voting::{check, config, height, join, pool_of, validator},
};

/// The match of the tests, and how long after the start it begins.
const NO: u16 = 3;
const BEGINS_S: u64 = 1_000;
const WINDOW_S: u32 = 600;

fn sealed_pool(count: usize) -> Genesis {
    sealed(pool_of(count))
}

fn sealed(mut genesis: Genesis) -> Genesis {
    genesis.rules.bets = BetMode::Sealed;
    genesis.rules.opening_window_s = WINDOW_S;
    genesis.rules.anybody_opens = true;
    genesis.check().unwrap();
    genesis
}

fn keeper(who: usize) -> CoreConfig {
    let config = config(who);
    CoreConfig {
        keeper: config.validator.as_ref().map(|vote| vote.key),
        ..config
    }
}

/// So many keepers, and one node more that is none. A player has joined there.
fn keepers(count: usize, seed: u64) -> Sim {
    keepers_and(count, seed, CoreConfig::default())
}

fn keepers_and(count: usize, seed: u64, other: CoreConfig) -> Sim {
    let mut configs: Vec<CoreConfig> = (0..count).map(keeper).collect();
    configs.push(other);
    let mut sim = Sim::of(&sealed_pool(count), configs, seed);
    sim.links.jitter_ms = 20;
    sim.connect_all();
    sim.run_ms(1_000);
    sim.submit(count, join(&sim, 1));
    sim.run_ms(2_000);
    assert_eq!(height(&sim, count), 1);
    sim
}

fn opening(salt: u8) -> Opening {
    Opening {
        match_no: MatchNo(NO),
        prediction: Score::new(2, 1).unwrap().into(),
        salt: [salt; 32],
    }
}

/// A seal of a player's, in the transaction of this nonce.
fn seal(sim: &Sim, who: u8, nonce: u64) -> Transaction {
    let opening = opening(u8::try_from(nonce).unwrap());
    seal_of(sim.genesis().pool_id(), who, nonce, opening)
}

fn seal_of(pool: PoolId, who: u8, nonce: u64, opening: Opening) -> Transaction {
    let player = Player::new(who);
    let Opening {
        match_no,
        prediction,
        salt,
    } = opening;
    let bet = SealedBet {
        match_no,
        commitment: seal_commitment(pool, &player.id(), match_no, prediction, &salt),
        stake: Chips(0),
    };
    player.sign(pool, nonce, Action::Seal(actions::Seal { bets: vec![bet] }))
}

fn keys(count: usize) -> Vec<ValidatorKey> {
    (0..count).map(|who| validator(who, 1).key).collect()
}

/// A deal of the seal of this nonce.
fn dealt(sim: &Sim, who: u8, nonce: u64, round: u8, keys: &[ValidatorKey]) -> Deal {
    let opening = opening(u8::try_from(nonce).unwrap());
    deal_of(sim, who, opening, round, keys, 9)
}

fn deal_of(
    sim: &Sim,
    who: u8,
    opening: Opening,
    round: u8,
    keys: &[ValidatorKey],
    entropy: u8,
) -> Deal {
    let (player, pool) = (Player::new(who), sim.genesis().pool_id());
    let entropy = Entropy([entropy; 32]);
    let body = deal(pool, player.id(), &opening, round, keys, &entropy).unwrap();
    let signature = player.sign_bytes(&body.signing_bytes(pool));
    Deal { body, signature }
}

fn give(sim: &mut Sim, node: usize, deal: Deal) -> Result<Accepted, Rejection> {
    let deals = vec![deal];
    sim.input(node, Input::Deals { token: 77, deals });
    let replies = sim.replies(node).iter().rev();
    let mut of_deal = replies.filter(|(token, _)| *token == 77);
    of_deal.next().unwrap().1.clone()
}

fn kept(sim: &Sim, node: usize, seal: &SealId) -> Option<Kept> {
    let snapshot = sim.core(node).reader().snapshot().unwrap();
    snapshot.kept(seal).unwrap()
}

fn until_begun(sim: &mut Sim, ahead_s: u64) {
    let begins = sim.genesis().created.0 + BEGINS_S;
    let left_s = (begins + ahead_s).saturating_sub(sim.clock(0).unix.0);
    sim.run_ms(left_s * 1_000);
}

/// Whether a node has enough shares to open a seal.
fn opens(sim: &Sim, node: usize, seal: &SealId) -> bool {
    let kept = kept(sim, node, seal);
    kept.is_some_and(|kept| kept.opening(sim.genesis().pool_id()) == Ok(opening(1)))
}

#[test]
fn keepers_say_that_they_hold_their_shares_and_give_them_out_at_kickoff() {
    for (count, seed) in [(1, 1), (2, 2), (3, 3), (4, 4)] {
        let mut sim = keepers(count, seed);
        let player = count;
        let (bet, deal) = (seal(&sim, 1, 1), dealt(&sim, 1, 1, 0, &keys(count)));
        sim.submit(player, bet);
        // It waits for a block as yet.
        let taken = give(&mut sim, player, deal.clone());
        assert_eq!(taken, Ok(Accepted::Deals { count: 1 }));
        sim.run_ms(3_000);
        let seal = deal.body.seal();
        for node in 0..=count {
            let kept = kept(&sim, node, &seal).unwrap();
            assert_eq!(kept.receipts.len(), count, "node {node} of {count}");
            assert!(kept.shares.is_empty());
        }
        until_begun(&mut sim, 0);
        sim.run_ms(4_000);
        for node in 0..=count {
            assert!(opens(&sim, node, &seal), "node {node} of {count}");
        }
        check(&sim);
    }
}

/// Of four keepers one is away: blocks go on, and three shares are enough.
#[test]
fn a_missing_keeper_is_not_missed() {
    let mut sim = keepers(4, 5);
    let bet = seal(&sim, 1, 1);
    sim.submit(4, bet);
    let deal = dealt(&sim, 1, 1, 0, &keys(4));
    give(&mut sim, 4, deal.clone()).unwrap();
    sim.run_ms(3_000);
    sim.crash(2);
    until_begun(&mut sim, 20);
    let kept = kept(&sim, 4, &deal.body.seal()).unwrap();
    assert_eq!(kept.shares.len(), 3);
    assert!(opens(&sim, 4, &deal.body.seal()));
}
