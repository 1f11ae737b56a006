//! Histories of equal work become one, and no bet is lost by it.

use bolao_chain::{Clocks, Event, Request, Response};
use bolao_ledger::{
    AccountId, Block, BlockHash, Genesis, MatchNo, TargetRule, Work, encode, table::Bets,
};
use bolao_simulator::Sim;

use crate::{
    pool::{Player, Recipe, Solo, chain, genesis},
    stage::Stage,
};

/// How soon two histories are one after their nodes have met.
const SOON_MS: u64 = 10_000;
const ANA: u8 = 3;
const BRUNO: u8 = 4;

fn with_target(target: TargetRule) -> Genesis {
    Genesis {
        target,
        ..genesis()
    }
}

fn has_bet(net: &Sim, node: usize, account: AccountId, no: u16) -> bool {
    let snapshot = net.core(node).reader().snapshot().unwrap();
    let state = snapshot.memory_state().unwrap();
    let bets = state.table::<Bets>().unwrap();
    bets.keys().any(|key| *key == (MatchNo(no), account))
}

/// Ana and Bruno are members, as node 0's chain says.
fn joined(genesis: &Genesis, nodes: usize, seed: u64) -> Sim {
    let mut net = Sim::new(genesis, nodes, seed);
    let pool = genesis.pool_id();
    net.connect_all();
    net.submit(0, Player::new(ANA).join(pool, "Ana"));
    net.submit(0, Player::new(BRUNO).join(pool, "Bruno"));
    net.mine(0);
    assert!(net.run_until(SOON_MS, |net| net.agree() && net.pending_agree()));
    net
}

/// Whoever has something to mine mines it, as a node does; then each bet is in every chain.
fn mine_what_waits(net: &mut Sim) {
    for _ in 0..20 {
        let waits = (0..net.count()).find(|node| net.core(*node).pending() > 0);
        let Some(node) = waits else { break };
        net.mine(node);
        assert!(net.run_until(SOON_MS, Sim::agree), "{}", net.state());
        net.run_ms(3_000);
    }
}

fn partition_with_a_bet_each(target: TargetRule, seed: u64) {
    let genesis = with_target(target);
    let pool = genesis.pool_id();
    let nodes = 2 + (seed % 4) as usize;
    let mut net = joined(&genesis, nodes, seed);
    let half: Vec<usize> = (0..nodes.div_ceil(2)).collect();
    let other = nodes - 1;
    net.partition(&half);
    net.submit(0, Player::new(ANA).bet(pool, 1, 1, 1));
    net.submit(other, Player::new(BRUNO).bet(pool, 1, 2, 2));
    for _ in 0..=seed % 3 {
        net.mine(0);
        net.mine(other);
        let span = net.roll(3_000);
        net.run_ms(span);
    }
    assert!(!net.agree());
    net.heal();
    let healed = net.run_until(SOON_MS, Sim::agree);
    assert!(healed, "seed {seed}, {target:?}: {}", net.state());
    // The lost branch's bet waits at nodes of both halves.
    assert!(net.run_until(SOON_MS, |net| net.pending_agree()
        && net.core(0).pending() == 1));
    mine_what_waits(&mut net);
    for node in 0..nodes {
        assert!(has_bet(&net, node, Player::new(ANA).id(), 1));
        assert!(has_bet(&net, node, Player::new(BRUNO).id(), 2));
    }
    assert!(net.blamed().is_empty(), "seed {seed}: {:?}", net.blamed());
}

#[test]
fn halves_with_a_bet_each_become_one_at_an_easy_target() {
    for seed in 0..60 {
        partition_with_a_bet_each(TargetRule::Fixed { zero_bits: 4 }, seed);
    }
}

#[test]
fn halves_with_a_bet_each_become_one_at_a_harder_target() {
    for seed in 100..120 {
        partition_with_a_bet_each(TargetRule::Fixed { zero_bits: 12 }, seed);
    }
}

/// The rule that pools have unless they choose another, from an easier start.
#[test]
fn halves_with_a_bet_each_become_one_at_a_target_that_follows_the_pace() {
    let target = TargetRule::Asert {
        zero_bits_at_start: 8,
        block_interval_s: 60,
        half_life_s: 3_600,
    };
    for seed in 200..230 {
        partition_with_a_bet_each(target, seed);
    }
}

/// What came back from the lost branch goes to those who were on the other one at once, not when mempools are compared.
#[test]
fn what_comes_back_from_a_lost_branch_is_sent_on() {
    let genesis = with_target(TargetRule::Fixed { zero_bits: 4 });
    let pool = genesis.pool_id();
    for seed in 0..10 {
        let mut net = joined(&genesis, 2, seed);
        net.disconnect(0, 1);
        net.submit(0, Player::new(ANA).bet(pool, 1, 1, 1));
        net.submit(1, Player::new(BRUNO).bet(pool, 1, 2, 2));
        net.mine(0);
        net.mine(1);
        net.connect(0, 1);
        assert!(net.run_until(1_000, Sim::agree), "{}", net.state());
        assert!(net.run_until(300, Sim::pending_agree), "{}", net.state());
        assert_eq!(net.core(0).pending(), 1);
    }
}

/// Each evening Ana's laptop is on and off again before Bruno's is on: both bet, both mine, neither sees the other.
fn evenings_apart(seed: u64) -> Sim {
    let genesis = with_target(TargetRule::Fixed { zero_bits: 4 });
    let pool = genesis.pool_id();
    let mut net = joined(&genesis, 2, seed);
    let players = [ANA, BRUNO].map(Player::new);
    net.crash(1);
    for evening in 1..=3 {
        for (node, player) in players.iter().enumerate() {
            net.submit(node, player.bet(pool, evening, 1 + node as u16, evening));
            net.mine(node);
            net.run_ms(1_000);
            net.crash(node);
            net.run_ms(20_000);
            if evening < 3 || node == 0 {
                net.restart(1 - node);
            }
        }
    }
    net
}

#[test]
fn laptops_that_are_never_on_together_keep_both_bets() {
    for seed in 0..20 {
        let mut net = evenings_apart(seed);
        net.restart(0);
        net.restart(1);
        net.connect_all();
        assert!(
            net.run_until(SOON_MS, Sim::agree),
            "seed {seed}: {}",
            net.state()
        );
        mine_what_waits(&mut net);
        for node in 0..2 {
            assert!(has_bet(&net, node, Player::new(ANA).id(), 1));
            assert!(has_bet(&net, node, Player::new(BRUNO).id(), 2));
        }
    }
}

/// What is lost because its deadline has passed is lost with a notice.
#[test]
fn a_bet_whose_deadline_passes_before_the_laptops_meet_is_lost_with_a_notice() {
    let genesis = with_target(TargetRule::Fixed { zero_bits: 4 });
    let pool = genesis.pool_id();
    for seed in 0..6 {
        let mut net = joined(&genesis, 2, seed);
        net.disconnect(0, 1);
        net.submit(0, Player::new(ANA).bet(pool, 1, 3, 1));
        net.submit(1, Player::new(BRUNO).bet(pool, 1, 3, 2));
        net.mine(0);
        net.mine(1);
        net.run_ms(1_200_000);
        net.connect(0, 1);
        assert!(net.run_until(SOON_MS, Sim::agree), "{}", net.state());
        mine_what_waits(&mut net);
        net.run_ms(60_000);
        let [ana, bruno] = [ANA, BRUNO].map(|seed| has_bet(&net, 0, Player::new(seed).id(), 3));
        assert_ne!(ana, bruno, "one of the two was in the chain in time");
        let loser = usize::from(ana);
        let mut events = net.events(loser).iter();
        assert!(events.any(|event| matches!(event, Event::Noticed { .. })));
    }
}

/// What a node's watchers know of its clock.
fn clocks(net: &Sim, node: usize) -> Clocks {
    let mut events = net.events(node).iter().rev();
    let last = events.find_map(|event| match event {
        Event::Clocks(clocks) => Some(*clocks),
        _ => None,
    });
    last.unwrap_or_default()
}

#[test]
fn a_clock_that_is_off_is_noticed_and_blocks_that_wait_for_it_too() {
    let three_days = 3 * 86_400;
    for (off, away) in [
        (-600, Some(-600)),
        (-three_days, Some(-three_days)),
        (three_days, Some(three_days)),
        (50, None),
    ] {
        let mut net = Sim::new(&genesis(), 4, 9);
        net.run_ms(100_000_000);
        net.set_clock(2, off);
        net.connect_all();
        net.run_ms(1_000);
        assert_eq!(clocks(&net, 2).ahead_s, away);
        // Of the others' three peers two are right.
        assert_eq!(clocks(&net, 0), Clocks::default());
        let hash = net.mine(0).hash();
        net.run_ms(5_000);
        let waits = off < -120;
        assert_eq!(clocks(&net, 2).held_back, waits);
        assert_eq!(net.tip(2) == hash, !waits);
        net.set_clock(2, 0);
        net.run_ms(61_000);
        assert_eq!(net.tip(2), hash);
        assert_eq!(clocks(&net, 2), Clocks::default());
        assert!(net.agree() && net.blamed().is_empty());
    }
}

/// Programs of before say how many transactions wait where newer ones say the time.
#[test]
fn a_peer_that_gives_no_time_says_nothing_of_the_clock() {
    let (mut stage, _) = tie(true);
    let own = stage.solo.core.tip();
    for (name, time) in [("old", 7), ("older", 0)] {
        let mut status = stage.status(own.hash, 1, own.work);
        status.time = time;
        stage.join(name, status);
    }
    assert!(!stage.events.iter().any(|it| matches!(it, Event::Clocks(_))));
}

fn is_headers(request: &Request) -> bool {
    matches!(request, Request::Headers { .. })
}

/// A core on a block of its own, and another block on the same parent with a higher or a lower hash.
fn tie(lower: bool) -> (Stage, Block) {
    let mut solo = Solo::new();
    solo.now.unix.0 += 1_000;
    let start = solo.tip();
    let mut blocks: Vec<_> = (1..=2).flat_map(|it| chain(start, 1, 20, it, 1)).collect();
    blocks.sort_by_key(|block| std::cmp::Reverse(block.hash().to_string()));
    let (other, own) = if lower { (1, 0) } else { (0, 1) };
    solo.give(blocks[own].clone()).unwrap();
    (Stage::new(solo), blocks.swap_remove(other))
}

#[test]
fn the_branch_with_the_lower_hash_is_fetched_once_and_the_other_never() {
    let (mut stage, block) = tie(true);
    let own = stage.solo.core.tip();
    let status = stage.status(block.hash(), 1, own.work);
    stage.join("other", status.clone());
    let (id, _) = stage.asked("other", is_headers).unwrap();
    stage.join("third", status);
    assert!(stage.asked("third", is_headers).is_none(), "one is asked");
    stage.answer("other", id, Ok(Response::Headers(vec![block.header])));
    let is_blocks = |request: &Request| matches!(request, Request::Blocks { .. });
    let (other, third) = (
        stage.asked("other", is_blocks),
        stage.asked("third", is_blocks),
    );
    assert!(
        third.is_none(),
        "who gave the headers is asked, and nobody else"
    );
    let (id, _) = other.unwrap();
    stage.answer("other", id, Ok(Response::Blocks(vec![encode(&block)])));
    assert_eq!(stage.solo.tip(), block.hash());

    let (mut stage, block) = tie(false);
    let own = stage.solo.core.tip();
    let status = stage.status(block.hash(), 1, own.work);
    stage.join("other", status);
    assert!(stage.asked("other", is_headers).is_none());
    stage.solo.give(block).unwrap();
    assert_eq!(stage.solo.tip(), own.hash);
}

#[test]
fn whoever_claims_a_lower_hash_and_has_none_is_asked_ever_more_seldom() {
    let (mut stage, _) = tie(true);
    let own = stage.solo.core.tip();
    let status = stage.status(BlockHash([0; 32]), 1, own.work);
    stage.join("liar", status.clone());
    let mut asked = 0;
    for _ in 0..3_600 {
        if let Some((id, _)) = stage.asked("liar", is_headers) {
            asked += 1;
            stage.answer("liar", id, Ok(Response::Headers(Vec::new())));
        }
        if let Some((id, _)) = stage.asked("liar", |it| matches!(it, Request::Status(_))) {
            stage.answer("liar", id, Ok(Response::Status(status.clone())));
        }
        stage.tick_ms(1_000);
    }
    assert!((2..15).contains(&asked), "asked {asked} times in an hour");
}

/// More work beats any hash, so that a low hash gains nothing over mining on.
#[test]
fn no_hash_outweighs_a_block() {
    let (mut stage, _) = tie(true);
    let solo = &mut stage.solo;
    let next = Recipe::on(solo.tip(), 2, 30).mined();
    solo.give(next.clone()).unwrap();
    assert_eq!(solo.tip(), next.hash());
    let work = solo.core.tip().work;
    let lower = stage.status(BlockHash([0; 32]), 1, Work::from_be_bytes([0; 32]));
    stage.join("liar", lower);
    assert!(stage.asked("liar", is_headers).is_none());
    assert_eq!(stage.solo.core.tip().work, work);
}
