//! Standings, matches, rounds, players, exports and slips of a pool that was played.

mod damaged;
mod pool;
mod slips;

use std::{fmt::Write as _, fs};

use bolao_ledger::{BlockId, Height};
use bolao_store::{Certificate, Durability, FinalBlock, Store, StoreError};
use serde_json::{Value, json};

use self::pool::{Pool, failed};
use crate::support::run_node;

fn column(items: &Value, pointer: &str) -> Vec<Value> {
    let items = items.as_array().unwrap();
    items
        .iter()
        .map(|item| item.pointer(pointer).cloned().unwrap_or_default())
        .collect()
}

#[test]
fn what_people_see() {
    let pool = Pool::played();
    let mut seen = String::new();
    for args in [
        &["standings"][..],
        &["standings", "--round", "final"],
        &["standings", "--from", "nlen"],
        &["matches"],
        &["matches", "--round", "FINAL"],
        &["rounds"],
        &["round", "semi-finals"],
        &["player", "ben"],
        &["player", "MARY"],
        &["bets"],
        &["bets", "--match", "ptch"],
        &["match", "ptch"],
        &["match", "NlEn"],
        &["match", "ptnl"],
        &["players"],
        &["status"],
    ] {
        let text = pool.ok(args);
        assert!(!text.contains('\u{1b}'), "{text:?}");
        writeln!(seen, "$ bolao {}\n{text}", args.join(" ")).unwrap();
    }
    insta::assert_snapshot!(masked(&seen));
}

#[test]
fn the_last_final_block_is_shown() {
    let mut pool = Pool::played();
    pool.close();
    let status = pool.json(&["status", "--json"]);
    assert!(status.get("final").is_none(), "{status}");
    let mut store = Store::open(&pool.chain()).unwrap();
    let on_chain = store.reader().snapshot().unwrap().hash_at(Height(2));
    let mut put = |height, hash| {
        let last = FinalBlock {
            block: BlockId {
                height: Height(height),
                hash,
            },
            certificate: Certificate::new(vec![7]).unwrap(),
        };
        store.write::<_, StoreError>(Durability::Durable, |tables| tables.put_final(&last))
    };
    let hash = on_chain.unwrap().unwrap();
    put(2, hash).unwrap();
    drop(store);
    let status = pool.json(&["status", "--json"]);
    let time = status["final"]["time"].clone();
    assert!(time.is_string(), "{status}");
    let wanted = json!({ "height": 2, "hash": hash.to_string(), "time": time });
    assert_eq!(status["final"], wanted);
    let text = pool.ok(&["status"]);
    assert!(text.contains("\nFinal   block 2 of "), "{text}");
    assert!(text.contains(&format!("\n        {hash}\n")), "{text}");
}

/// A text without what differs from run to run: accounts, hashes, how long ago, the home.
fn masked(text: &str) -> String {
    let word = |word: &str| {
        let plain = word.trim_end_matches(',');
        if plain.starts_with("bolao1") {
            word.replace(plain, "[account]")
        } else if plain.len() == 64 && plain.chars().all(|c| c.is_ascii_hexdigit()) {
            word.replace(plain, "[hash]")
        } else {
            word.to_owned()
        }
    };
    let line = |line: &str| {
        if line.starts_with("Home ") {
            return "Home    [home]".to_owned();
        }
        let words: Vec<String> = line.split(' ').map(word).collect();
        let line = words.join(" ");
        match line.split_once(" days ago") {
            Some((before, after)) => {
                let before = before.trim_end_matches(|c: char| c.is_ascii_digit());
                format!("{before}[long] ago{after}")
            }
            None => line,
        }
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_programs_see() {
    let pool = Pool::played();
    let table = pool.json(&["standings", "--json"]);
    assert_eq!(table["scored"], 2);
    assert_eq!(table["rests_on_provisional"], true);
    assert_eq!(column(&table["items"], "/place"), [1, 2, 3, 4, 4]);
    assert_eq!(column(&table["items"], "/points"), [6, 4, 0, 0, 0]);
    assert_eq!(
        column(&table["items"], "/player/name")[..2],
        ["mary", "ben"]
    );
    let late = pool.json(&["standings", "--from", "NlEn", "--json"]);
    assert_eq!(column(&late["items"], "/points")[..2], [4, 0]);

    let game = pool.json(&["match", "PTCH", "--json"]);
    assert_eq!(
        (&game["code"], &game["status"]),
        (&json!("PtCh"), &json!("final"))
    );
    assert_eq!(game["record"]["objections"], 1);
    let mut paid: Vec<(String, u64)> = game["tips"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tip| {
            let name = tip["player"]["name"].as_str().unwrap().to_owned();
            (name, tip["payout"].as_u64().unwrap())
        })
        .collect();
    paid.sort();
    let wanted =
        [("=Eva", 0), ("ben", 32), ("mary", 8)].map(|(name, chips)| (name.to_owned(), chips));
    assert_eq!(paid, wanted);

    let rounds = pool.json(&["rounds", "--json"]);
    assert_eq!(column(&rounds, "/stage"), ["Semi-finals", "Final"]);
    let matrix = pool.json(&["round", "SEMI-FINALS", "--json"]);
    assert_eq!(matrix["stage"], "Semi-finals");
    assert_eq!(matrix["items"].as_array().unwrap().len(), 5);
    assert_eq!(matrix["items"][0]["cells"][1]["points"], 4);

    let mary = pool.json(&["player", "mary", "--json"]);
    assert_eq!(mary["standing"]["points"], 6);
    assert_eq!(mary["tips"].as_array().unwrap().len(), 2);
    let about = |no, code| json!({ "no": no, "code": code });
    let (first, second) = (about(1, "PtCh"), about(2, "NlEn"));
    assert_eq!(
        column(&mary["history"], "/cause"),
        [
            json!({ "won": first }),
            json!({ "staked": second }),
            json!({ "staked": first }),
            json!("joined"),
        ]
    );
    assert_eq!(
        column(
            &pool.json(&["matches", "--round", "final", "--json"]),
            "/code"
        ),
        ["PtNl"]
    );
}

#[test]
fn mistakes_are_told() {
    let pool = Pool::played();
    for args in [
        &["match", "Nope"][..],
        &["bets", "--match", "Nope"],
        &["slip", "Nope"],
        &["standings", "--from", "Nope"],
    ] {
        let text = pool.fails(1, args);
        assert!(text.contains("2 (Netherlands – England)"), "{text}");
    }
    for args in [
        &["round", "Nope"][..],
        &["matches", "--round", "Nope"],
        &["standings", "--round", "Nope"],
    ] {
        let text = pool.fails(1, args);
        assert!(text.contains("Semi-finals, Final"), "{text}");
    }
    for args in [&["player", "nobody"][..], &["bets", "--player", "nobody"]] {
        let text = pool.fails(1, args);
        assert!(text.contains("nobody has joined"), "{text}");
    }
    let text = pool.fails(1, &["standings", "--from", "PtNl"]);
    assert!(text.contains("no kick-off yet"), "{text}");
    pool.fails(2, &["standings", "--from", "PtCh", "--round", "Final"]);
    pool.fails(2, &["standings", "--csv", "--json"]);
    pool.fails(2, &["export", "everything"]);
    pool.fails(2, &["export", "tips", "--round", "Final"]);
    let nowhere = pool.run_with(None, &["standings"]);
    assert!(failed(nowhere, 1, &["standings"]).contains("nowhere"));
}

#[test]
fn files_for_spreadsheets() {
    let pool = Pool::played();
    let table = pool.ok(&["export", "standings"]);
    assert_eq!(table, pool.ok(&["standings", "--csv"]));
    // Spreadsheets take what has no such mark for another encoding.
    assert!(
        table.starts_with("\u{feff}place,name,account,points,"),
        "{table}"
    );
    assert!(
        table.contains("'=Eva,") && !table.contains(",=Eva"),
        "{table}"
    );
    assert_eq!(table.lines().count(), 6);
    let late = pool.ok(&["export", "standings", "--from", "nlen"]);
    assert_eq!(late, pool.ok(&["standings", "--csv", "--from", "nlen"]));
    assert_ne!(late, table);

    let tips = pool.ok(&["export", "tips"]);
    assert!(tips.starts_with("\u{feff}no,match,"), "{tips}");
    assert_eq!(tips.lines().count(), 5, "{tips}");
    assert!(!tips.contains(",=Eva"), "{tips}");
    let listed: Value = pool.json(&["export", "tips", "--format", "json"]);
    assert_eq!(listed.as_array().unwrap().len(), 4);

    assert_eq!(pool.ok(&["export", "tips", "--output", "tips.csv"]), "");
    assert_eq!(pool.read("tips.csv"), tips);
    fs::write(pool.dir().join("tips.csv"), "mine").unwrap();
    let text = pool.fails(1, &["export", "tips", "-o", "tips.csv"]);
    assert!(text.contains("--force"), "{text}");
    assert_eq!(pool.read("tips.csv"), "mine");
    pool.ok(&["export", "tips", "-o", "tips.csv", "--force"]);
    assert_eq!(pool.read("tips.csv"), tips);
    let text = pool.fails(1, &["export", "tips", "-o", "no/such/place.csv"]);
    assert!(text.contains("cannot write no/such/place.csv"), "{text}");
    let left: Vec<_> = fs::read_dir(pool.dir()).unwrap().collect();
    assert_eq!(left.len(), 2, "{left:?}");
}

#[tokio::test]
async fn a_running_node_says_the_same() {
    let pool = Pool::played();
    let asked = [
        &["standings"][..],
        &["standings", "--csv"],
        &["export", "tips", "--format", "json"],
        &["round", "Semi-finals", "--json"],
        &["player", "mary", "--json"],
        &["slip", "PtCh", "--json"],
    ];
    let stopped: Vec<String> = asked.iter().map(|args| pool.ok(args)).collect();
    let mut node = run_node(&pool.home(), &["--mine", "manual"]).await;
    for (args, wanted) in asked.iter().zip(stopped) {
        assert_eq!(pool.ok(args), wanted, "{args:?}");
    }
    node.terminate().await;
}
