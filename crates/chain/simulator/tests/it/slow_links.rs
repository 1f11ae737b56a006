//! Bets of four validators whose links become slow.

use bolao_chain::{CoreConfig, VotingKey};
use bolao_ledger::{AccountId, Consensus, GENESIS_VERSION, Genesis, Pos, Validator, ValidatorKey};
use bolao_simulator::Sim;
use ed25519_zebra::{SigningKey, VerificationKeyBytes};

use crate::simulation::join;

const VALIDATORS: u8 = 4;

fn key(node: u8) -> SigningKey {
    SigningKey::from([100 + node; 32])
}

fn account(node: u8) -> AccountId {
    AccountId(VerificationKeyBytes::from(&SigningKey::from([node; 32])).into())
}

pub(crate) fn members() -> impl Iterator<Item = Validator> {
    members_of(VALIDATORS)
}

pub(crate) fn members_of(count: u8) -> impl Iterator<Item = Validator> {
    (0..count).map(|node| Validator {
        account: account(node),
        key: ValidatorKey(VerificationKeyBytes::from(&key(node)).into()),
        weight: 1,
    })
}

fn validators() -> Sim {
    let genesis = Genesis {
        version: GENESIS_VERSION,
        consensus: Consensus::Pos(Pos::appointed(members())),
        ..Genesis::article()
    };
    of_validators(&genesis, 5)
}

/// A node for each of the members, connected.
pub(crate) fn of_validators(genesis: &Genesis, seed: u64) -> Sim {
    let mut sim = linked(genesis, seed, &[]);
    sim.connect_all();
    sim
}

/// A node for each of the members, with these links.
pub(crate) fn linked(genesis: &Genesis, seed: u64, links: &[(usize, usize)]) -> Sim {
    let config = |node| CoreConfig {
        validator: Some(VotingKey {
            account: account(node),
            key: key(node),
        }),
        ..CoreConfig::default()
    };
    let voting = genesis.consensus.voting().unwrap();
    let nodes = 0..u8::try_from(voting.validators.len()).unwrap();
    let mut sim = Sim::of(genesis, nodes.map(config).collect(), seed);
    for (a, b) in links {
        sim.connect(*a, *b);
    }
    sim
}

/// Gives the time until a player's transaction is in a final block that everybody has, in milliseconds.
fn decided_ms(sim: &mut Sim, player: u8) -> u64 {
    let (began, height) = (sim.now_ms(), sim.core(0).tip().height);
    sim.submit(
        usize::from(player % VALIDATORS),
        join(sim.genesis(), player),
    );
    let done = sim.run_until(120_000, |sim| {
        sim.agree() && sim.core(0).tip().height > height && sim.core(0).pending() == 0
    });
    assert!(done, "{}", sim.state());
    sim.now_ms() - began
}

#[test]
fn first_bets_after_links_became_slow_are_final_within_seconds() {
    for (one_way_ms, first_ms, later_ms) in [(250, 2_000, 2_000), (500, 5_500, 5_500)] {
        let mut sim = validators();
        for player in 10..14 {
            decided_ms(&mut sim, player);
            sim.run_ms(5_000);
        }
        sim.links.latency_ms = one_way_ms;
        let took = [20, 21, 22, 23].map(|player| {
            let took = decided_ms(&mut sim, player);
            sim.run_ms(5_000);
            took
        });
        assert!(took[0] <= first_ms, "{one_way_ms} ms: {took:?}");
        assert!(
            took.iter().all(|ms| *ms <= later_ms),
            "{one_way_ms} ms: {took:?}"
        );
    }
}

/// Nobody gains by rounds that follow one another at the speed of the network, and each leaves entries in the log.
#[test]
fn validators_who_refuse_each_others_blocks_take_their_time() {
    let mut sim = validators();
    sim.set_clock(0, 60);
    sim.set_clock(1, 60);
    sim.submit(0, join(sim.genesis(), 10));
    sim.run_ms(300_000);
    let (height, before) = (sim.core(0).tip().height, sim.disk_syncs(0));
    sim.run_ms(300_000);
    let syncs = sim.disk_syncs(0) - before;
    assert_eq!(sim.core(0).tip().height, height);
    assert!(syncs < 600, "{syncs} in five minutes");
}
