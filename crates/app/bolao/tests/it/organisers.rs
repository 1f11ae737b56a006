//! Organisers that come and go.

use bolao_ledger::{Quorum, Rules};
use serde_json::{Value, json};

use crate::organising::{Friends, pool};

fn names(friends: &Friends, friend: usize) -> Vec<Value> {
    let shown = friends.json(friend, &["organisers", "--json"]);
    let organisers = shown["organisers"].as_array().unwrap().iter();
    organisers.map(|it| it["name"].clone()).collect()
}

#[tokio::test]
async fn a_second_organiser_takes_the_first_ones_place() {
    let genesis = pool(Rules {
        organisers_quorum: Quorum::of(1),
        ..Rules::default()
    });
    let friends = Friends::start(genesis, 1).await;
    assert_eq!(names(&friends, 1), [json!("ana")]);

    // Only an organiser changes them, and the last one stays.
    let said = friends.fails(1, 1, &["organisers", "add", "bruno"]);
    assert!(said.contains("you are not one"), "{said}");
    let said = friends.fails(0, 1, &["organisers", "remove", "ana"]);
    assert!(said.contains("too-few-organisers"), "{said}");
    let said = friends.fails(0, 1, &["organisers", "add", "dora"]);
    assert!(said.contains("dora"), "{said}");

    let said = friends.ok(0, &["organisers", "add", "bruno", "--dry-run"]);
    assert!(said.contains("Nothing was sent"), "{said}");
    let said = friends.ok(0, &["organisers", "add", "bruno", "--yes", "--wait"]);
    assert!(said.contains("bruno is an organiser"), "{said}");
    friends.level().await;
    assert_eq!(names(&friends, 2), [json!("ana"), json!("bruno")]);
    let said = friends.fails(0, 1, &["organisers", "add", "bruno"]);
    assert!(said.contains("already-organiser"), "{said}");

    // Bruno records what Ana, who has lost her words, cannot; and she organises no more.
    friends.ok(1, &["result", "PtCh", "2-1", "--yes", "--wait"]);
    friends.ok(1, &["organisers", "remove", "ana", "--yes", "--wait"]);
    friends.level().await;
    assert_eq!(names(&friends, 0), [json!("bruno")]);
    let said = friends.fails(0, 1, &["result", "PtCh", "2-2"]);
    assert!(said.contains("you are not one"), "{said}");
    // A dry run is judged for whom organises now.
    let list = friends.dir.path().join("list.csv");
    let line = "Date,Time,Home,Away,Round\n2098-06-09,19:45,Sweden,Norway,Final\n";
    std::fs::write(&list, line).unwrap();
    let list = list.to_str().unwrap();
    let dry = [
        "import",
        list,
        "--dry-run",
        "--zone",
        "UTC",
        "--anyway",
        "--json",
    ];
    let found = friends.json(2, &dry);
    assert_eq!(found["changes"][0]["verdict"], "sign", "{found}");
    let log = friends.ok(2, &["log"]);
    assert!(log.contains("ana is no longer an organiser"), "{log}");
}

#[tokio::test]
async fn where_the_rules_do_not_say_how_they_stay_as_they_are() {
    let friends = Friends::start(pool(Rules::default()), 1).await;
    let said = friends.ok(0, &["organisers"]);
    assert!(said.contains("They cannot be changed"), "{said}");
    let said = friends.fails(0, 1, &["organisers", "add", "bruno"]);
    assert!(said.contains("cannot be changed"), "{said}");
}
