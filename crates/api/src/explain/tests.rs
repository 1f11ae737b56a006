#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use bolao_ledger::{
    AccountId, Chips, Consensus, Pos, SetChange, TargetRule, Text, Validator, ValidatorKey, preset,
};

use super::*;

#[test]
fn the_article() {
    insta::assert_snapshot!(explain(&Genesis::article()).join("\n"));
}

#[test]
fn every_choice_has_its_words() {
    let mut genesis = Genesis::article();
    genesis.membership = Membership::Invite;
    genesis.starting_chips = Chips(1);
    genesis.organisers = vec![AccountId([1; 32]), AccountId([2; 32]), AccountId([3; 32])];
    genesis.target = TargetRule::Asert {
        zero_bits_at_start: 20,
        block_interval_s: 90,
        half_life_s: 3_600,
    };
    genesis.rules = Rules {
        bets: BetMode::Sealed,
        deadline_lead_s: 900,
        opening_window_s: 90_061,
        later_kickoff_reopens: true,
        schedule_quorum: 1,
        results_quorum: 2,
        dispute_window_s: 0,
        scoring: preset("br10").unwrap(),
        base: Base::After120,
        awarded_counts: false,
        stages: vec![
            StageRule {
                stage: Text::new("Final").unwrap(),
                base: Base::After90,
                multiplier: 3,
            },
            StageRule {
                stage: Text::new("Semi-finals").unwrap(),
                base: Base::After120,
                multiplier: 2,
            },
        ],
        tie_breaks: Vec::new(),
        stake_min: Chips(5),
        stake_max: Chips(10),
        nobody_right: NobodyRight::Rollover,
    };
    insta::assert_snapshot!(explain(&genesis).join("\n"));
}

#[test]
fn schemes() {
    let said = |scoring| {
        points(&Rules {
            scoring,
            ..Rules::default()
        })
    };
    let added = said(Scoring::Sum(Additive {
        exact: 5,
        tendency: 2,
        each_team: 1,
        difference: 0,
    }));
    assert_eq!(added[0], "The exact score gives 5 points.");
    assert_eq!(added[2], "Each team's right number of goals gives 1 point.");
    assert!(added[3].ends_with("gives nothing."));
    for (name, scoring) in PRESETS {
        assert_eq!(
            said(*scoring)[0],
            format!("Points follow the scheme `{name}`.")
        );
    }
}

#[test]
fn stakes() {
    let said = |least, most| {
        let mut genesis = Genesis::article();
        genesis.rules.stake_min = Chips(least);
        genesis.rules.stake_max = Chips(most);
        tipping(&genesis).pop().unwrap()
    };
    assert_eq!(
        said(0, 0),
        "Bets are for points alone: no chips are staked."
    );
    assert_eq!(said(7, 7), "Every bet stakes exactly 7 chips.");
    assert_eq!(said(1, 7), "A bet stakes 1 to 7 chips.");
    assert!(said(0, 7).starts_with("A bet may stake up to 7 chips"));
}

#[test]
fn durations_are_exact() {
    for (seconds, text) in [
        (0, "0 seconds"),
        (1, "1 second"),
        (3_600, "1 hour"),
        (86_400, "1 day"),
        (90_061, "1 day 1 hour 1 minute 1 second"),
    ] {
        assert_eq!(duration(seconds), text);
    }
}

#[test]
fn who_makes_the_blocks() {
    let mut genesis = Genesis::article();
    let account = AccountId([1; 32]);
    let validator = Validator {
        account,
        key: ValidatorKey([2; 32]),
        weight: 1,
    };
    let mut said = Vec::new();
    let stake = SetChange::Stake {
        wait_s: 604_800,
        cut_percent: 50,
    };
    for (change, organisers, validators) in [
        (SetChange::Appointed { quorum: 1 }, 1, 1),
        (SetChange::Appointed { quorum: 1 }, 3, 4),
        (SetChange::Appointed { quorum: 2 }, 3, 1),
        (stake, 1, 1),
    ] {
        genesis.organisers = vec![account; organisers];
        let mut pos = Pos::appointed(vec![validator; validators]);
        pos.voting.change = change;
        genesis.consensus = Consensus::Pos(pos);
        said.push(blocks(&genesis).join("\n"));
    }
    insta::assert_snapshot!(said.join("\n\n"));
}
