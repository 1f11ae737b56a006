//! Confirming: what was put off stays what it became since, and new matches keep their numbers apart.

use bolao_ledger::{Quorum, Rules};
use jiff::Timestamp;

use crate::organising::{Friends, HOUR, confirmation, now, pool};

#[tokio::test]
async fn what_was_scheduled_anew_is_not_put_off_again_and_new_matches_have_numbers_of_their_own() {
    let rules = Rules {
        schedule_quorum: Quorum::of(2),
        ..Rules::default()
    };
    let friends = Friends::start(pool(rules), 2).await;
    let later = Timestamp::from_second((now() + 48 * HOUR).cast_signed()).unwrap();
    let later = later.to_string();

    friends.ok(
        0,
        &["result", "NlEn", "--status", "postponed", "--yes", "--wait"],
    );
    friends.ok(
        0,
        &["schedule", "NlEn", "--kickoff", &later, "--yes", "--wait"],
    );
    friends.level().await;
    let said = friends.ok(1, &["match", "NlEn"]);
    assert!(
        said.contains("signed by ana, 1 of 2") && said.contains("`bolao schedule NlEn --confirm="),
        "{said}"
    );
    let said = friends.ok(1, &["result", "NlEn"]);
    assert!(said.contains("can be rescheduled"), "{said}");
    let said = friends.fails(1, 2, &["schedule", "NlEn", "--confirm"]);
    let unseen = friends.fails(1, 2, &["schedule", "NlEn", "--confirm", "--yes"]);
    assert!(unseen.contains("not seen"), "{unseen}");
    friends.ok(
        1,
        &["schedule", "NlEn", &confirmation(&said), "--yes", "--wait"],
    );
    friends.level().await;

    let said = friends.ok(1, &["result", "NlEn"]);
    assert!(said.contains("the record no longer counts"), "{said}");
    assert!(
        !said.contains("stands\n") && !said.contains("anew."),
        "{said}"
    );
    let said = friends.fails(1, 1, &["result", "NlEn", "--confirm"]);
    assert!(said.contains("no record of NlEn is waiting"), "{said}");
    let said = friends.fails(
        1,
        1,
        &["result", "NlEn", "--status", "postponed", "--confirm"],
    );
    assert!(said.contains("no record of NlEn is waiting"), "{said}");
    let game = friends.nodes[1].http.get("/api/v1/matches/NlEn").await;
    assert_eq!(game.json()["postponed"], false);

    // Each proposes a match of his own before the other has signed his.
    let add = |code: &'static str| {
        let line = format!(
            "schedule {code} --team1 {code}1 --team2 {code}2 --stage Friendly --kickoff {later} --yes --wait"
        );
        line.split(' ').map(str::to_owned).collect::<Vec<_>>()
    };
    for (friend, code) in [(0, "Xx"), (1, "Yy"), (1, "Xx"), (0, "Yy")] {
        let line = add(code);
        let line: Vec<&str> = line.iter().map(String::as_str).collect();
        friends.ok(friend, &line);
        friends.level().await;
        // Whose signature is wanted is told so, and nobody else.
        let signs = format!("`bolao schedule {code} --confirm=");
        let other = 1 - friend;
        let wanted = friends.ok(other, &["status"]);
        let is_first = (friend, code) == (0, "Xx") || (friend, code) == (1, "Yy");
        assert_eq!(wanted.contains(&signs), is_first, "{wanted}");
        let own = friends.ok(friend, &["status"]);
        assert!(!own.contains(&signs), "{own}");
        let stranger = friends.ok(2, &["status"]);
        assert!(!stranger.contains("sign it"), "{stranger}");
    }
    let matches = friends.json(0, &["matches", "--json"]);
    let numbers: Vec<(u64, &str)> = matches
        .as_array()
        .unwrap()
        .iter()
        .map(|game| (game["no"].as_u64().unwrap(), game["code"].as_str().unwrap()))
        .filter(|(no, _)| *no > 2)
        .collect();
    assert_eq!(numbers, [(3, "Xx"), (4, "Yy")]);
}

/// Whoever is asked to sign a day needs no zone for it.
#[tokio::test]
async fn a_day_that_waits_is_confirmed_as_it_was_signed() {
    let rules = Rules {
        schedule_quorum: Quorum::of(2),
        ..Rules::default()
    };
    let mut genesis = pool(rules);
    genesis.days = Some(Vec::new());
    genesis.matches[1].kickoff = None;
    let friends = Friends::start(genesis, 2).await;
    let date = Timestamp::from_second((now() + 96 * HOUR).cast_signed()).unwrap();
    let date = date.strftime("%Y-%m-%d").to_string();
    let zone = "America/Fortaleza";
    friends.ok(
        0,
        &[
            "schedule", "NlEn", "--day", &date, "--zone", zone, "--yes", "--wait",
        ],
    );
    friends.level().await;
    let said = friends.ok(1, &["status"]);
    assert!(said.contains("`bolao schedule NlEn --confirm="), "{said}");
    let said = friends.fails(1, 2, &["schedule", "NlEn", "--confirm"]);
    assert!(said.contains("its day will be"), "{said}");
    let said = friends.ok(
        1,
        &["schedule", "NlEn", &confirmation(&said), "--yes", "--wait"],
    );
    assert!(said.contains("It takes effect."), "{said}");
    friends.level().await;
    let game = friends.nodes[0].http.get("/api/v1/matches/NlEn").await;
    let begins = game.json()["day"]["begins"].to_string();
    assert_eq!(begins, format!("\"{date}T03:00:00Z\""));
}
