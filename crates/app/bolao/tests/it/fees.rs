//! The entry fee, which is paid outside the pool.

use bolao_ledger::{
    Genesis, Quorum, Rules, Text,
    actions::{FeeRule, Money},
};
use serde_json::json;

use crate::{
    organising::{Friends, pool},
    support::assert_audit_is_clean,
};

fn with_fee() -> Genesis {
    let mut rules = Rules {
        results_quorum: Quorum::of(1),
        ..Rules::default()
    };
    rules.features.fee = Some(FeeRule {
        amount: Money(1_250),
        currency: Text::new("€").unwrap(),
        split: vec![60, 40],
    });
    let mut genesis = pool(rules);
    genesis.version = genesis.rules.genesis_version();
    genesis
}

#[tokio::test]
async fn organisers_note_who_has_paid() {
    let friends = Friends::start(with_fee(), 1).await;
    let said = friends.ok(1, &["rules"]);
    let rules = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        rules.contains("Everybody pays an entry fee of 12.50 € outside the pool."),
        "{said}"
    );
    assert!(
        rules.contains("the first places get 60 %, 40 %; equal places share what is theirs."),
        "{said}"
    );
    let said = friends.ok(0, &["paid", "ana", "bruno", "--yes", "--wait"]);
    assert!(
        said.contains("ana says that ana has paid the entry fee."),
        "{said}"
    );
    let said = friends.ok(0, &["paid", "bruno", "--not", "--yes", "--wait"]);
    assert!(
        said.contains("ana takes back that bruno has paid"),
        "{said}"
    );
    let said = friends.ok(1, &["paid"]);
    assert!(said.contains("yes, says"), "{said}");
    assert!(
        said.contains("Paid by 1 of 3: 12.50 € each, outside the pool."),
        "{said}"
    );
    // Before there are results all share the first place.
    assert!(said.contains("Place 1 would get "), "{said}");
    let told = friends.json(1, &["paid", "--json"]);
    assert_eq!(told["fee"]["amount"], "12.50");
    assert_eq!(told["fee"]["paid"], json!(1), "{told}");
    let noted = told["players"].as_array().unwrap().iter();
    assert_eq!(noted.filter(|it| it.get("paid_to").is_some()).count(), 1);

    let said = friends.fails(1, 1, &["paid", "carla", "--yes"]);
    assert!(said.contains("organiser"), "{said}");
    let said = friends.fails(0, 1, &["paid", "nobody", "--yes"]);
    assert!(said.contains("nobody has joined this pool as"), "{said}");
    assert_audit_is_clean(&friends.home(1));
}

#[tokio::test]
async fn a_pool_without_a_fee_says_so() {
    let friends = Friends::start(pool(Rules::default()), 1).await;
    let said = friends.fails(0, 2, &["paid"]);
    assert!(said.contains("this pool has no entry fee"), "{said}");
}
