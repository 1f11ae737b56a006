use std::sync::atomic::AtomicBool;

use bolao_laboratory::{Case, Plan, SCENARIOS, Summary, run_cases};
use bolao_ledger::Makers;

fn plan() -> Plan {
    Plan {
        nodes: 6,
        validators: 4,
        share: None,
        guilty: None,
        minutes: None,
        ahead_s: None,
        always_on: None,
        loss_percent: None,
    }
}

/// The cases of a scenario in pools of this kind.
fn cases(name: &str, kind: Makers) -> Vec<Case> {
    let scenario = SCENARIOS.iter().find(|it| it.name == name).unwrap();
    scenario.cases(&plan(), kind)
}

fn run(cases: &[Case], seeds: u64) -> Vec<Summary> {
    run_cases(cases, 1..1 + seeds, &AtomicBool::new(false), |_| {})
}

#[test]
fn the_same_seeds_give_the_same_report_to_the_byte() {
    let report = || {
        let cases: Vec<_> = [Makers::Pow, Makers::Pos]
            .into_iter()
            .flat_map(|kind| cases("faults", kind))
            .collect();
        serde_json::to_string(&run(&cases, 1)).unwrap()
    };
    assert_eq!(report(), report());
}

fn summary(name: &str, kind: Makers, label: &str) -> Summary {
    let mut cases = cases(name, kind);
    cases.retain(|case| case.label() == label);
    assert_eq!(cases.len(), 1, "{label}");
    run(&cases, 1).remove(0)
}

#[test]
fn one_friend_with_five_percent_of_the_power_bets_late_where_work_alone_counts() {
    let it = summary("late-bet", Makers::Pow, "5 % of the hash power");
    assert_eq!((it.succeeded, it.noticed), (1, 1), "{it:?}");
}

#[test]
fn late_bets_take_more_than_two_thirds_of_the_validators() {
    for label in ["a friend without a vote", "1 of 4 validators"] {
        let it = summary("late-bet", Makers::Pos, label);
        assert!(it.ok && it.succeeded == 0, "{it:?}");
    }
    let it = summary("late-bet", Makers::Pos, "3 of 4 validators");
    assert_eq!((it.succeeded, it.noticed), (1, 1), "{it:?}");
}

/// One seed of all cases of some scenarios; what must come out does.
fn come_out_as_they_must(names: &[&str], kind: Makers) {
    come_out_in(names, kind, 1);
}

/// The same with so many seeds.
fn come_out_in(names: &[&str], kind: Makers, seeds: u64) {
    let cases: Vec<_> = names.iter().flat_map(|name| cases(name, kind)).collect();
    for it in run(&cases, seeds) {
        assert!(it.ok, "{it:?}");
    }
}

#[test]
fn work_alone_comes_to_an_agreement() {
    come_out_as_they_must(&["partition", "faults"], Makers::Pow);
}

#[test]
fn faults_break_nothing_where_validators_vote_and_a_lost_log_of_votes_does() {
    // That a lost log does harm takes a crash at the right moment.
    come_out_in(&["faults"], Makers::Pos, 3);
}

#[test]
fn a_third_of_the_validators_forks_nothing_and_more_do_and_all_notice() {
    come_out_as_they_must(&["equivocate"], Makers::Pos);
    let it = summary("equivocate", Makers::Pos, "2 of 4 validators");
    assert_eq!((it.succeeded, it.noticed), (1, 1), "{it:?}");
}

#[test]
fn hash_power_counts_for_nothing_where_validators_make_the_blocks() {
    assert!(cases("selfish", Makers::Pos).is_empty());
    come_out_as_they_must(&["burst", "eclipse"], Makers::Pos);
}

#[test]
fn where_votes_make_blocks_of_work_final_a_late_bet_is_refused() {
    let it = summary("late-bet", Makers::Hybrid, "50 % of the hash power");
    assert!(it.ok && it.succeeded == 0, "{it:?}");
}

#[test]
fn strangers_with_a_wrong_time_do_not_blind_the_validators_that_stay() {
    let label = "2 of 4 validators away, strangers tell the others a wrong time";
    let it = summary("away", Makers::Hybrid, label);
    assert!(it.ok && it.succeeded == 0, "{it:?}");
}
