use bolao_chain::{CoreConfig, CoreError, Event, Input};
use bolao_ledger::{Action, BlockId, Genesis, Height, TargetRule, Transaction, TxBody, actions};
use bolao_simulator::Sim;
use bolao_store::{Certificate, FinalBlock};
use ed25519_zebra::{SigningKey, VerificationKeyBytes};

const DAY_MS: u64 = 24 * 3_600_000;

pub(crate) fn genesis() -> Genesis {
    Genesis {
        target: TargetRule::Fixed { zero_bits: 1 },
        ..Genesis::article()
    }
}

pub(crate) fn join(genesis: &Genesis, seed: u8) -> Transaction {
    let key = SigningKey::from([seed; 32]);
    let body = TxBody {
        account: bolao_ledger::AccountId(VerificationKeyBytes::from(&key).into()),
        nonce: bolao_ledger::Nonce::ZERO,
        action: Action::Join(actions::Join {
            name: bolao_ledger::Name::new(&format!("Player {seed}")).unwrap(),
            invitation: None,
        }),
    };
    let message = bolao_ledger::signing_bytes(genesis.pool_id(), &body);
    Transaction {
        body,
        signature: bolao_ledger::Signature(key.sign(&message).into()),
    }
}

/// Everything that chance has a hand in.
pub(crate) fn eventful(seed: u64) -> Sim {
    let mut sim = Sim::new(&genesis(), 4, seed);
    sim.links.loss_percent = 10;
    sim.set_clock(2, 30);
    sim.connect_all();
    for player in 1..5 {
        sim.submit(usize::from(player) % 4, join(&genesis(), player));
        sim.mine(usize::from(player) % 4);
        sim.run_ms(400);
    }
    sim.crash(1);
    sim.partition(&[0]);
    sim.mine(0);
    sim.mine(3);
    sim.run_ms(3_000);
    sim.restart(1);
    sim.heal();
    sim.connect_all();
    sim.mine(2);
    sim.run_ms(60_000);
    sim
}

#[test]
fn the_same_seed_gives_the_same_run_and_another_one_another() {
    let one = eventful(1);
    assert_eq!(one.trace(), eventful(1).trace());
    assert_ne!(one.trace(), eventful(2).trace());
    assert!(one.agree(), "{}", one.state());
    assert!(one.blamed().is_empty(), "{:?}", one.blamed());
}

#[test]
fn an_idle_month_of_twenty_costs_nothing() {
    let mut sim = Sim::new(&genesis(), 20, 3);
    sim.connect_all();
    sim.mine(0);
    assert!(sim.run_until(10_000, Sim::agree));
    let before = sim.happened();
    sim.run_ms(30 * DAY_MS);
    let happened = sim.happened() - before;
    assert!(happened < 80_000, "{happened} messages and wake-ups");
    assert!(sim.agree());
}

#[test]
fn after_an_idle_day_what_is_lost_heals_within_about_two_seconds() {
    let mut sim = Sim::new(&genesis(), 3, 4);
    sim.connect_all();
    sim.run_ms(DAY_MS);
    // Neither the gossip nor the push arrives, and nobody is told.
    sim.partition(&[0]);
    sim.submit(0, join(&genesis(), 7));
    sim.run_ms(1_500);
    assert_eq!(sim.core(1).pending(), 0);
    sim.heal();
    assert!(sim.run_until(1_500, |sim| sim.core(1).pending() == 1
        && sim.core(2).pending() == 1));
    sim.run_ms(DAY_MS);
    sim.partition(&[0]);
    sim.mine(0);
    sim.run_ms(1_500);
    assert!(!sim.agree());
    sim.heal();
    assert!(sim.run_until(1_500, Sim::agree), "{}", sim.state());
}

#[test]
fn a_crash_takes_what_was_not_synced_and_nothing_that_was_acknowledged() {
    for seed in 0..20 {
        let mut sim = Sim::new(&genesis(), 2, seed);
        sim.connect_all();
        sim.run_ms(500);
        sim.submit(0, join(&genesis(), 1));
        assert!(sim.replies(0)[0].1.is_ok());
        let block = sim.mine(0);
        sim.submit(0, join(&genesis(), 2));
        // Node 1 has heard of some of it, and has told nobody that it has.
        let span = sim.roll(100);
        sim.run_ms(span);
        sim.crash(0);
        sim.crash(1);
        sim.run_ms(1_000);
        sim.restart(0);
        sim.restart(1);
        assert_eq!(sim.tip(0), block.hash());
        assert_eq!(sim.core(0).pending(), 1);
        sim.connect_all();
        assert!(sim.run_until(5_000, |sim| sim.agree() && sim.pending_agree()));
    }
}

#[test]
fn a_clock_that_is_ahead_makes_blocks_that_wait() {
    let mut sim = Sim::new(&genesis(), 2, 5);
    let ahead = i64::from(genesis().max_future_s) + 60;
    sim.set_clock(1, ahead);
    sim.connect_all();
    let block = sim.mine(1);
    sim.run_ms(55_000);
    assert_ne!(sim.tip(0), block.hash());
    sim.run_ms(10_000);
    assert_eq!(sim.tip(0), block.hash());
    assert!(sim.blamed().is_empty());
}

#[test]
fn a_core_that_ends_stays_down_and_says_why() {
    let mut sim = Sim::new(&genesis(), 2, 6);
    sim.connect_all();
    let blocks = [sim.mine(0), sim.mine(1)];
    for block in &blocks {
        let hash = block.hash();
        sim.input(
            0,
            Input::Final(FinalBlock {
                block: BlockId {
                    height: Height(1),
                    hash,
                },
                certificate: Certificate::default(),
            }),
        );
    }
    assert!(matches!(sim.failure(0), Some(CoreError::Final(_))));
    sim.run_ms(1_000);
    assert!(
        sim.events(1)
            .iter()
            .all(|it| !matches!(it, Event::Final { .. }))
    );
    let late = sim.add(CoreConfig::default());
    sim.connect(0, late);
    sim.connect(1, late);
    assert!(sim.run_until(3_000, Sim::agree));
    assert_eq!(sim.tip(late), blocks[1].hash());
}
