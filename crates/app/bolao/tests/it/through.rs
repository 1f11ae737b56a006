//! Who goes through, from the rules of a pool to its table.

use bolao_ledger::{BetMode, Genesis, Quorum, Rules, actions::ThroughRule};
use serde_json::json;

use crate::{
    organising::{Friends, pool},
    support::assert_audit_is_clean,
};

/// A pool in which it counts on `PtCh` alone, whose two matches are ahead.
fn with_through(bets: BetMode) -> Genesis {
    let mut genesis = pool(Rules {
        bets,
        results_quorum: Quorum::of(1),
        ..Rules::default()
    });
    let [first, second, ..] = &mut genesis.matches[..] else {
        unreachable!("there are two");
    };
    first.kickoff = second.kickoff;
    first.stage = "Final".parse().unwrap();
    genesis.rules.features.through = Some(ThroughRule {
        points: 3,
        stages: vec![first.stage.clone()],
    });
    genesis.version = genesis.rules.genesis_version();
    genesis
}

#[tokio::test]
async fn a_bet_names_a_team_that_goes_through() {
    let friends = Friends::start(with_through(BetMode::Open), 1).await;
    let said = friends.ok(1, &["rules"]);
    assert!(
        said.contains("the right team that goes through to the next round gives 3 points more"),
        "{said}"
    );
    for (args, wanted) in [
        (
            &["PtCh", "1-1", "--through", "Brazil"][..],
            "`Brazil` plays in none of these matches",
        ),
        (
            &["NlEn", "1-1", "--through", "England"],
            "no points are given for who goes through after NlEn",
        ),
        (
            &["PtCh", "1-1", "--through", "Portugal", "--through", "Switz"],
            "PtCh has two teams that go through",
        ),
    ] {
        let said = friends.fails(1, 2, &[&["bet"], args].concat());
        assert!(said.contains(wanted), "{said}");
    }
    let said = friends.ok(1, &["bet", "PtCh", "1-1", "--through", "switz", "--wait"]);
    assert!(said.contains("Switzerland goes through"), "{said}");
    let bets = friends.json(1, &["bets", "--json"]);
    assert_eq!(bets[0]["through"], "away", "{bets}");
    let mark = json!({ "template": "{team} goes through", "values": { "team": { "teams": ["Switzerland"] } } });
    assert_eq!(bets[0]["modifiers"], json!([mark]), "{bets}");
    assert!(
        friends
            .ok(1, &["bets"])
            .contains("Switzerland goes through")
    );
    let args = ["bet", "PtCh", "1-1", "--through", "POR", "--json"];
    let sent = friends.json(1, &args);
    assert_eq!(sent["tips"][0]["through"], "home", "{sent}");
    assert_audit_is_clean(&friends.home(1));
}

#[tokio::test]
async fn it_is_sealed_with_the_bet_and_its_owner_sees_it() {
    let friends = Friends::start(with_through(BetMode::Sealed), 1).await;
    friends.ok(
        1,
        &["bet", "PtCh", "1-1", "--through", "Portugal", "--wait"],
    );
    let said = friends.ok(1, &["bets"]);
    assert!(
        said.contains("1-1, first team goes through (sealed)"),
        "{said}"
    );
    let said = friends.ok(1, &["bet", "PtCh", "2-2", "--wait"]);
    assert!(
        said.contains("replaces 1-1, first team goes through"),
        "{said}"
    );
    assert!(!friends.ok(1, &["bets"]).contains("through"));
    assert_audit_is_clean(&friends.home(1));
}

#[tokio::test]
async fn a_pool_without_it_says_so() {
    let friends = Friends::start(pool(Rules::default()), 1).await;
    let said = friends.fails(1, 2, &["bet", "PtCh", "1-1", "--through", "Portugal"]);
    assert!(
        said.contains("no points are given for who goes through"),
        "{said}"
    );
    assert!(!friends.ok(1, &["rules"]).contains("goes through"));
}
