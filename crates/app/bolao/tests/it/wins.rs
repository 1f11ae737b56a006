//! Rounds won, on the command line.

use bolao_ledger::{Rules, TieBreak};

use crate::organising::{Friends, pool};

#[tokio::test]
async fn the_table_goes_by_rounds_won_where_the_pool_does() {
    let rules = Rules {
        tie_breaks: vec![TieBreak::Wins, TieBreak::Exact],
        ..Rules::default()
    };
    let friends = Friends::start(pool(rules), 1).await;
    let said = friends.ok(1, &["rules"]);
    assert!(
        said.contains("separated by more rounds won, then by more exact scores"),
        "{said}"
    );
    assert!(friends.ok(1, &["standings"]).contains("Rounds"));
    let said = friends.ok(1, &["standings", "--wins"]);
    assert!(said.contains("No round is won yet"), "{said}");
}

#[tokio::test]
async fn a_pool_that_does_not_says_so() {
    let friends = Friends::start(pool(Rules::default()), 1).await;
    assert!(!friends.ok(1, &["standings"]).contains("Rounds"));
    let said = friends.fails(1, 1, &["standings", "--wins"]);
    assert!(said.contains("does not go by rounds won"), "{said}");
}
