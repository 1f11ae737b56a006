//! Jokers, from the rules of a pool to its table.

use bolao_ledger::{Genesis, Quorum, Rules, actions::JokerRule};
use serde_json::json;

use crate::{
    organising::{Friends, pool},
    support::assert_audit_is_clean,
};

fn rules() -> Rules {
    let mut rules = Rules {
        results_quorum: Quorum::of(1),
        ..Rules::default()
    };
    rules.features.jokers = Some(JokerRule {
        factor: 2,
        per_stage: 0,
        in_all: 1,
    });
    rules
}

/// A pool with jokers, both of whose matches are ahead.
fn with_jokers() -> Genesis {
    let mut genesis = pool(rules());
    genesis.version = genesis.rules.genesis_version();
    genesis.matches[0].kickoff = genesis.matches[1].kickoff;
    genesis
}

#[tokio::test]
async fn a_joker_is_put_moved_and_refused() {
    let friends = Friends::start(with_jokers(), 1).await;
    let said = friends.ok(1, &["rules"]);
    assert!(
        said.contains("On a match with your joker, points are doubled."),
        "{said}"
    );
    assert!(said.contains("Every player has 1 joker in all."), "{said}");
    let (first, second) = ("NlEn", "PtCh");

    let said = friends.ok(1, &["bet", first, "2-1", "--joker", "--wait"]);
    assert!(
        said.contains(&format!("puts a joker on {first}.")),
        "{said}"
    );
    let own = friends.json(1, &["joker", "--json"]);
    let on = json!([{ "no": 2, "code": first }]);
    assert_eq!(
        (&own["jokers"]["factor"], &own["jokers"]["on"]),
        (&json!(2), &on)
    );
    let bets = friends.json(1, &["bets", "--json"]);
    assert_eq!(bets[0]["modifiers"][0]["template"], "×{factor}", "{bets}");
    assert!(friends.ok(1, &["bets"]).contains("×2"));

    let said = friends.fails(1, 1, &["joker", second]);
    assert!(
        said.contains("no joker is left: move one with `--off MATCH`"),
        "{said}"
    );
    // What is refused sends no bet either.
    let said = friends.fails(1, 1, &["bet", second, "0-0", "--joker"]);
    assert!(said.contains("no joker is left"), "{said}");
    assert_eq!(
        friends
            .json(1, &["bets", "--json"])
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let said = friends.ok(1, &["joker", second, "--off", first, "--wait"]);
    assert!(
        said.contains(&format!("moves jokers from {first} to {second}.")),
        "{said}"
    );
    let said = friends.ok(1, &["joker"]);
    assert!(
        said.contains(second) && said.contains("×2") && said.contains("0 left in all"),
        "{said}"
    );
    let said = friends.ok(1, &["joker", "--off", second, "--wait"]);
    assert!(
        said.contains(&format!("takes the joker off {second}.")),
        "{said}"
    );
    let said = friends.ok(1, &["joker"]);
    assert!(
        said.contains("You have no joker on a match.") && said.contains("1 left in all"),
        "{said}"
    );
    assert_audit_is_clean(&friends.home(1));
}

#[tokio::test]
async fn a_pool_without_jokers_says_so() {
    let friends = Friends::start(pool(Rules::default()), 1).await;
    let said = friends.fails(1, 2, &["joker", "1"]);
    assert!(said.contains("this pool has no jokers"), "{said}");
    assert!(
        friends
            .ok(1, &["joker"])
            .contains("This pool has no jokers.")
    );
    assert!(!friends.ok(1, &["rules"]).contains("joker"));
}
