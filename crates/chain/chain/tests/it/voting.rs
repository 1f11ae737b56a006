//! Pools in which validators make the blocks.

mod alone;
mod attendance;
mod changes;
pub(crate) mod checkpoint;
mod dating;
mod doubt;
mod equivocation;
mod false_clocks;
mod late;
mod long;
mod recalled;
mod twice;

pub(crate) use alone::{bad_validators_hash, no_certificate};

use bolao_chain::{CoreConfig, Event, StoredChain, VotingKey, audit};
use bolao_ledger::{
    Action, Consensus, GENESIS_VERSION, Genesis, Height, PoolId, Pos, StateView as _, UnixSeconds,
    Validator, ValidatorKey, actions,
};
use bolao_simulator::Sim;
use ed25519_zebra::{SigningKey, VerificationKeyBytes};

use crate::pool::{ORGANISER, Player, fixture, genesis};

const HEARTBEAT_S: u32 = 30 * 86_400;

pub(crate) fn vote(who: usize) -> VotingKey {
    let seed = u8::try_from(who).unwrap() + 1;
    VotingKey {
        account: Player::new(seed + 100).id(),
        key: SigningKey::from([seed; 32]),
    }
}

pub(crate) fn validator(who: usize, weight: u64) -> Validator {
    let vote = vote(who);
    let key = VerificationKeyBytes::from(&vote.key);
    Validator {
        account: vote.account,
        key: ValidatorKey(key.into()),
        weight,
    }
}

/// A pool of so many validators of one weight.
pub(crate) fn pool_of(count: usize) -> Genesis {
    let validators = (0..count).map(|who| validator(who, 1));
    let genesis = genesis();
    let genesis = Genesis {
        version: GENESIS_VERSION,
        consensus: Consensus::Pos(Pos {
            heartbeat_s: HEARTBEAT_S,
            ..Pos::appointed(validators)
        }),
        ..genesis
    };
    genesis.check().unwrap();
    genesis
}

pub(crate) fn config(who: usize) -> CoreConfig {
    CoreConfig {
        validator: Some(vote(who)),
        ..CoreConfig::default()
    }
}

/// A simulation of so many validators, all connected.
pub(crate) fn validators(count: usize, seed: u64) -> Sim {
    let configs = (0..count).map(config).collect();
    let mut sim = Sim::of(&pool_of(count), configs, seed);
    sim.links.jitter_ms = 20;
    sim.connect_all();
    sim.run_ms(1_000);
    sim
}

pub(crate) fn join(sim: &Sim, who: u8) -> bolao_ledger::Transaction {
    let pool: PoolId = sim.genesis().pool_id();
    Player::new(who).join(pool, &format!("Player {who}"))
}

pub(crate) fn height(sim: &Sim, node: usize) -> u64 {
    sim.core(node).tip().height.0
}

pub(crate) fn audited(sim: &Sim, node: usize) {
    let reader = sim.core(node).reader();
    let snapshot = reader.snapshot().unwrap();
    let genesis = sim.genesis();
    let stored = StoredChain {
        genesis,
        snapshot: &snapshot,
    };
    let report = audit(&stored, |_, _| {}).unwrap();
    assert_eq!(report.height, sim.core(node).tip().height);
}

/// Whether everybody has everything in blocks, on one tip.
pub(crate) fn settled(sim: &Sim, accounts: u64) -> bool {
    sim.agree()
        && (0..sim.count()).all(|node| {
            let snapshot = sim.core(node).reader().snapshot().unwrap();
            snapshot.totals().unwrap().accounts == accounts && sim.core(node).pending() == 0
        })
}

pub(crate) fn check(sim: &Sim) {
    assert_eq!(sim.double_votes(), 0, "{}", sim.state());
    for node in 0..sim.count() {
        assert!(sim.failure(node).is_none(), "{:?}", sim.failure(node));
        for event in sim.events(node) {
            if let Event::Attendance(attendance) = event {
                assert_eq!(attendance.elsewhere, None, "{}", sim.state());
            }
        }
    }
    assert!(sim.blamed().is_empty(), "{:?}", sim.blamed());
}

#[test]
fn one_validator_decides_at_once() {
    let mut sim = validators(1, 1);
    sim.submit(0, join(&sim, 1));
    assert_eq!(height(&sim, 0), 1);
    let (hash, height) = (sim.tip(0), Height(1));
    assert!(sim.events(0).contains(&Event::Final { height, hash }));
    audited(&sim, 0);
    check(&sim);
}

/// Before it answers with a bet, prevotes and precommits; a block that it has decided waits for the next of these.
#[test]
fn a_node_waits_for_its_disk_three_times_a_height() {
    let mut sim = validators(4, 5);
    let syncs = |sim: &Sim| (0..4).map(|node| sim.disk_syncs(node)).collect::<Vec<_>>();
    let before = syncs(&sim);
    let heights = 12;
    for player in 1..=heights {
        sim.submit(usize::from(player) % 4, join(&sim, player));
        let decided = |sim: &Sim| (0..4).all(|node| height(sim, node) == u64::from(player));
        assert!(sim.run_until(3_000, decided), "{}", sim.state());
    }
    for (node, (before, after)) in before.into_iter().zip(syncs(&sim)).enumerate() {
        let waited = after - before;
        assert!(waited <= 3 * u64::from(heights), "{node}: {waited}");
    }
    check(&sim);
}

#[test]
fn validators_decide_and_all_have_the_same() {
    for count in [2, 4, 7] {
        let mut sim = validators(count, 2);
        for player in 1..=6 {
            sim.submit(usize::from(player) % count, join(&sim, player));
            sim.run_ms(37);
        }
        assert!(
            sim.run_until(3_000, |sim| settled(sim, 6)),
            "{}",
            sim.state()
        );
        check(&sim);
        (0..count).for_each(|node| audited(&sim, node));
    }
}

#[test]
fn an_observer_that_joins_late_catches_up_and_follows() {
    let mut sim = validators(4, 3);
    for player in 1..=5 {
        sim.submit(0, join(&sim, player));
        sim.run_ms(2_000);
    }
    let late = sim.add(CoreConfig::default());
    sim.connect(late, 1);
    assert!(
        sim.run_until(3_000, |sim| settled(sim, 5)),
        "{}",
        sim.state()
    );
    audited(&sim, late);
    sim.submit(late, join(&sim, 6));
    assert!(
        sim.run_until(2_000, |sim| settled(sim, 6)),
        "{}",
        sim.state()
    );
    check(&sim);
}

#[test]
fn halves_wait_for_one_another() {
    for seed in 0..5 {
        let mut sim = validators(4, seed);
        sim.partition(&[0, 1]);
        sim.submit(0, join(&sim, 1));
        sim.submit(2, join(&sim, 2));
        sim.run_ms(20_000);
        assert!((0..4).all(|node| height(&sim, node) == 0));
        sim.heal();
        assert!(
            sim.run_until(30_000, |sim| settled(sim, 2)),
            "{}",
            sim.state()
        );
        check(&sim);
    }
}

#[test]
fn the_same_seed_gives_the_same_run() {
    let run = |seed| {
        let mut sim = validators(4, seed);
        sim.links.loss_percent = 5;
        for player in 1..=5 {
            sim.submit(usize::from(player) % 4, join(&sim, player));
            sim.run_ms(200);
        }
        sim.crash(1);
        sim.run_ms(1_000);
        sim.restart(1);
        sim.connect_all();
        sim.run_ms(20_000);
        sim.trace()
    };
    assert_eq!(run(1), run(1));
    assert_ne!(run(1), run(2));
}

#[test]
fn where_nothing_happens_nothing_is_sent() {
    let mut sim = validators(4, 6);
    sim.submit(0, join(&sim, 1));
    assert!(sim.run_until(3_000, |sim| settled(sim, 1)));
    // Kick-offs and the comparison of peers' mempools come to an end.
    sim.run_ms(4 * 86_400_000);
    let (before, requests) = (height(&sim, 0), sim.requests());
    sim.run_ms(10 * 86_400_000);
    assert_eq!(height(&sim, 0), before);
    let asked = sim.requests() - requests;
    assert!(asked < 400, "{asked} requests in ten days");
    // The heartbeat.
    sim.run_ms(u64::from(HEARTBEAT_S) * 1_000);
    assert_eq!(height(&sim, 0), before + 1);
    assert!(sim.agree());
    check(&sim);
}

#[test]
fn a_kickoff_is_closed_by_a_block() {
    let mut sim = validators(4, 7);
    let kickoff = sim.genesis().matches[2].kickoff.unwrap();
    sim.run_ms((kickoff.0 - sim.genesis().created.0) * 1_000);
    assert!(sim.core(0).tip().time >= kickoff, "{}", sim.state());
    assert_eq!(height(&sim, 0), 1);
    assert!(sim.agree());
}

/// After blocks by which the one before was known, too.
#[test]
fn a_kickoff_that_was_brought_forward_is_closed_by_a_block() {
    let mut sim = validators(1, 4);
    let pool = sim.genesis().pool_id();
    let organiser = Player::new(ORGANISER);
    sim.submit(0, organiser.join(pool, "Olga"));
    sim.submit(0, join(&sim, 1));
    let kickoff = UnixSeconds(sim.clock(0).unix.0 + 400);
    assert!(kickoff < sim.genesis().matches[2].kickoff.unwrap());
    let fixture = fixture(3, "Late", Some(kickoff.0));
    sim.submit(
        0,
        organiser.sign(pool, 1, Action::Schedule(actions::Schedule { fixture })),
    );
    assert_eq!(height(&sim, 0), 3);
    sim.submit(0, join(&sim, 2));
    sim.run_ms(399_000);
    assert_eq!(height(&sim, 0), 4);
    sim.run_ms(2_000);
    assert_eq!(height(&sim, 0), 5);
    assert!(sim.core(0).tip().time >= kickoff, "{}", sim.state());
}

#[test]
fn a_clock_that_is_off_dates_no_block() {
    let mut sim = validators(4, 8);
    sim.set_clock(2, 60);
    for player in 1..=8 {
        sim.submit(0, join(&sim, player));
        sim.run_ms(3_000);
    }
    assert!(
        sim.run_until(60_000, |sim| settled(sim, 8)),
        "{}",
        sim.state()
    );
    let snapshot = sim.core(0).reader().snapshot().unwrap();
    for height in 1..=height(&sim, 0) {
        let block = snapshot.block_at(Height(height)).unwrap().unwrap();
        let ahead = u64::from(block.header.time);
        let now = sim.genesis().created.0 + 10 + sim.now_ms() / 1_000;
        assert!(ahead <= now, "{ahead} is after {now}");
    }
    check(&sim);
}

#[test]
fn validators_that_know_one_observer_alone_decide_through_it() {
    let mut configs: Vec<_> = (0..4).map(config).collect();
    configs.push(CoreConfig::default());
    let mut sim = Sim::of(&pool_of(4), configs, 9);
    for node in 0..4 {
        sim.connect(node, 4);
    }
    sim.run_ms(1_000);
    for player in 1..=5 {
        sim.submit(usize::from(player) % 4, join(&sim, player));
        let wanted = u64::from(player);
        assert!(
            sim.run_until(2_000, |sim| settled(sim, wanted)),
            "{}",
            sim.state()
        );
    }
    check(&sim);
}

#[test]
fn blocks_too_long_to_be_pushed_are_asked_for() {
    let small = |who| CoreConfig {
        max_request_bytes: 1_000,
        ..config(who)
    };
    let mut sim = Sim::of(&pool_of(4), (0..4).map(small).collect(), 10);
    sim.connect_all();
    sim.run_ms(1_000);
    for player in 1..=30 {
        sim.submit(0, join(&sim, player));
    }
    assert!(
        sim.run_until(5_000, |sim| settled(sim, 30)),
        "{}",
        sim.state()
    );
    check(&sim);
}

#[test]
fn twenty_nodes_agree() {
    let mut configs: Vec<_> = (0..10).map(config).collect();
    configs.extend(vec![CoreConfig::default(); 10]);
    let mut sim = Sim::of(&pool_of(10), configs, 11);
    sim.connect_all();
    sim.run_ms(1_000);
    for player in 1..=20 {
        sim.submit(usize::from(player) - 1, join(&sim, player));
        sim.run_ms(100);
    }
    assert!(
        sim.run_until(3_000, |sim| settled(sim, 20)),
        "{}",
        sim.state()
    );
    // Votes of one moment go together: some six requests for a block and a direction.
    let links = 20 * 19;
    assert!(sim.requests() < 10 * links * height(&sim, 0));
    check(&sim);
}

#[test]
fn whom_organisers_appoint_votes_from_the_next_block_on() {
    let configs = (0..5).map(config).collect();
    let mut sim = Sim::of(&pool_of(4), configs, 12);
    sim.connect_all();
    sim.run_ms(1_000);
    let pool = sim.genesis().pool_id();
    let new = validator(4, 4);
    let (organiser, appointed) = (Player::new(ORGANISER), Player::new(105));
    assert_eq!(appointed.id(), new.account);
    let appoint = |nonce, weight| {
        let validator = Validator { weight, ..new };
        organiser.sign(pool, nonce, Action::Appoint(actions::Appoint { validator }))
    };
    for transaction in [
        organiser.join(pool, "Boss"),
        appointed.join(pool, "New"),
        appointed.sign(pool, 1, Action::offer(pool, &new.account, &vote(4).key)),
        appoint(1, 4),
    ] {
        sim.submit(0, transaction);
        sim.run_ms(2_000);
    }
    assert!(settled(&sim, 2), "{}", sim.state());
    // Without its four of eight, nothing goes on; without two of the others, it does.
    sim.crash(0);
    sim.crash(1);
    sim.submit(2, join(&sim, 1));
    let joined = |sim: &Sim| (2..5).all(|node| sim.core(node).pending() == 0);
    assert!(sim.run_until(20_000, joined), "{}", sim.state());
    for node in [0, 1] {
        sim.restart(node);
    }
    sim.connect_all();
    sim.submit(2, appoint(2, 0));
    assert!(
        sim.run_until(30_000, |sim| settled(sim, 3)),
        "{}",
        sim.state()
    );
    sim.crash(4);
    sim.submit(2, join(&sim, 2));
    let joined = |sim: &Sim| (0..4).all(|node| sim.core(node).pending() == 0);
    assert!(sim.run_until(20_000, joined), "{}", sim.state());
    audited(&sim, 0);
    check(&sim);
}

#[test]
fn votes_do_not_echo_among_validators_that_all_know_one_another() {
    const COUNT: u64 = 10;
    let mut sim = validators(10, 17);
    // Longer than others' votes wait before they are first passed on.
    sim.links.jitter_ms = 80;
    sim.submit(0, join(&sim, 1));
    sim.run_ms(5_000);
    let (height_before, before) = (height(&sim, 0), sim.requests());
    for player in 2..=11 {
        sim.submit(0, join(&sim, player));
        sim.run_ms(500);
    }
    let heights = height(&sim, 0) - height_before;
    assert_eq!(heights, 10, "{}", sim.state());
    let each = (sim.requests() - before) / heights;
    // Two votes from each to each; beside them the transaction, the block, a status now and then.
    assert!(each < 3 * COUNT * COUNT, "{each} requests a height");
    check(&sim);
}
