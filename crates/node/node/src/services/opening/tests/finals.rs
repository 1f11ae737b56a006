//! Where validators make mined blocks final.

use bolao_chain::VotingKey;
use bolao_ledger::{Consensus, GENESIS_VERSION, Hybrid, Validator, ValidatorKey};
use ed25519_zebra::{SigningKey, VerificationKeyBytes};

use super::*;

fn vote() -> VotingKey {
    VotingKey {
        account: AccountId([7; 32]),
        key: SigningKey::from([7; 32]),
    }
}

/// A node of a pool with one validator, which is it or away.
async fn pool(votes: bool) -> Setting {
    let change = |genesis: &mut Genesis| {
        let vote = vote();
        let mut rules = Hybrid::appointed([Validator {
            account: vote.account,
            key: ValidatorKey(VerificationKeyBytes::from(&vote.key).into()),
            weight: 1,
        }]);
        // Made just now: of an old pool's lone validator somebody else has to confirm the clock.
        genesis.created = UnixSeconds(now().unix.0 - 60);
        // So that a block may pass the kick-off while this machine's clock has not.
        rules.voting.clock_s = 600;
        for game in &mut genesis.matches {
            game.kickoff = Some(UnixSeconds(now().unix.0 + 590));
        }
        genesis.consensus = Consensus::Hybrid(rules);
        genesis.version = GENESIS_VERSION;
        genesis.check().unwrap();
    };
    let bounds = CoreConfig {
        validator: votes.then(vote),
        ..CoreConfig::default()
    };
    setting_with(change, bounds).await
}

#[tokio::test]
async fn a_branch_that_nobody_decided_opens_nothing() {
    let mut setting = pool(false).await;
    setting.mine(setting.kickoff).await;
    let (passed, own) = (setting.tip(), clock(setting.kickoff, true));
    assert_eq!(setting.opened_by(own, at([passed])).await, 0);
    assert_eq!(setting.opened_by(own, Others::None).await, 0);
}

#[tokio::test]
async fn a_final_block_that_has_passed_the_kick_off_opens() {
    let mut setting = pool(true).await;
    setting.mine(setting.kickoff).await;
    let (passed, own) = (setting.tip(), clock(setting.kickoff, false));
    let is_final = |setting: &Setting| {
        let snapshot = setting.reader.snapshot().unwrap();
        let last = snapshot.held_final().unwrap();
        last.is_some_and(|last| last.hash == passed.hash)
    };
    while !is_final(&setting) {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(setting.opened_by(own, at([passed])).await, 1);
}

/// Nobody who is away for ever keeps a seal shut, nor does a wrong clock open one.
#[tokio::test]
async fn half_of_the_window_later_a_clock_that_agrees_with_the_peers_opens() {
    let mut setting = pool(false).await;
    setting.mine(setting.kickoff).await;
    let passed = setting.tip();
    let half_s = u64::from(setting.reader.genesis().rules.opening_window_s) / 2;
    let later = UnixSeconds(setting.kickoff.0 + half_s);
    let before = UnixSeconds(later.0 - 1);
    for (shows, agrees, others, opens) in [
        (later, false, at([passed]), 0),
        (later, false, at([]), 0),
        (later, false, Others::None, 0),
        (before, true, at([passed]), 0),
        (later, true, at([]), 1),
    ] {
        let opened = setting.opened_by(clock(shows, agrees), others).await;
        assert_eq!(opened, opens, "{shows:?} {agrees}");
    }
}
