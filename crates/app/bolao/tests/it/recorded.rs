//! What commands say, word for word: on the four pools that the API's recordings are of, stopped and running, and of every act
//! that is sent. `INSTA_UPDATE=always` writes them anew.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use bolao_client::export::Export;
use bolao_node::Restoring;
use serde_json::Value;

use crate::support::{TIMEOUT, bolao, eventually, feed, new_pool, run_node, temp};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..")
}

/// Compares without what another day or another key would change.
fn is_recorded(name: &str, said: &str, filters: &[(&'static str, &'static str)]) {
    let everywhere = [
        (r"bolao1[a-z0-9]{20,}", "[account]"),
        (r"\b[0-9a-f]{12,}\b", "[hash]"),
        (r"\b[0-9a-f]{6,}…", "[hash]…"),
        (r"\b202[6-9]-\d\d-\d\dT[0-9:]+Z", "[time]"),
        (r"\b(\w{3} )?\d+ \w{3} 202[6-9] \d\d:\d\d", "[time]"),
        (r"\b\d+ (days|h|min|s)\b( ago)?", "[duration]"),
    ];
    insta::with_settings!({filters => [&everywhere[..], filters].concat(), omit_expression => true}, {
        insta::assert_snapshot!(name, said);
    });
}

/// A home with a pool that was played, of somebody who looks on.
fn played(dir: &Path, name: &str) -> PathBuf {
    let path = root().join(format!("crates/rules/browser/vectors/{name}.json"));
    let pool: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    let home = dir.join("home");
    let restoring = Restoring::begin(&home).unwrap();
    let genesis = pool["genesis"].as_str().unwrap();
    restoring.put("genesis.json", genesis).unwrap();
    let chain = hex::decode(pool["chain"].as_str().unwrap()).unwrap();
    let export = Export::new(restoring.genesis().unwrap(), [Ok(chain)].into_iter()).unwrap();
    restoring.chain(&export, |_, _| {}).unwrap();
    restoring.keep(false).unwrap();
    home
}

/// Reads of every command that shows something of a pool. `validators` comes first: ten seconds later it also tells of a block that
/// waits.
const READS: [&[&str]; 43] = [
    &["validators"],
    &["validators", "proof"],
    &["standings"],
    &["standings", "--round", "final"],
    &["standings", "--from", "B1"],
    &["matches"],
    &["matches", "--round", "Group B"],
    &["match", "A1"],
    &["match", "b1"],
    &["match", "F1"],
    &["match", "X1"],
    &["match", "Z9"],
    &["rounds"],
    &["round"],
    &["round", "group b"],
    &["round", "nowhere"],
    &["players"],
    &["player", "ben"],
    &["player", "=Eva"],
    &["player", "nobody"],
    &["player"],
    &["rules"],
    &["bets"],
    &["bets", "--match", "A1"],
    &["bets", "--player", "Ben"],
    &["bets", "--player", "nobody"],
    &["missing"],
    &["missing", "--player", "ben"],
    &["openings"],
    &["objections"],
    &["objections", "A1"],
    &["log"],
    &["log", "--last", "2"],
    &["result", "A1"],
    &["result", "B1"],
    &["organisers"],
    &["address"],
    &["sources"],
    &["live"],
    &["chain"],
    &["chain", "3"],
    &["chain", "99"],
    &["audit"],
];

/// Commands with an answer as JSON.
fn has_json(args: &[&str]) -> bool {
    !matches!(args, ["round" | "audit"] | ["validators", "proof"])
}

/// One command: its line, what it printed, what it said beside that, and its status.
fn said(home: &Path, args: &[&str], input: &str) -> String {
    let mut command = bolao();
    command
        .env("TZ", "UTC")
        .env("HOME", home)
        .current_dir(home)
        .arg("--home")
        .arg(home)
        .args(args);
    let output = feed(command, input);
    let mut said = format!("$ bolao {}\n", args.join(" "));
    match serde_json::from_slice::<Value>(&output.stdout) {
        Ok(answer) => writeln!(said, "{answer}").unwrap(),
        Err(_) => said.push_str(&String::from_utf8(output.stdout).unwrap()),
    }
    for line in String::from_utf8(output.stderr).unwrap().lines() {
        writeln!(said, "! {line}").unwrap();
    }
    if let Some(status @ 1..) = output.status.code() {
        writeln!(said, "status {status}").unwrap();
    }
    said.replace(&home.display().to_string(), "[home]")
}

async fn reads_are_as_recorded(name: &str) {
    let dir = temp();
    let home = played(dir.path(), name);
    let mut all = Vec::new();
    for args in READS {
        all.push(args.to_vec());
        if has_json(args) {
            all.push([args, &["--json"]].concat());
        }
    }
    let stopped: Vec<_> = all.iter().map(|args| said(&home, args, "")).collect();
    let node = run_node(&home, &["--no-join", "--mine", "manual"]).await;
    let running: Vec<_> = all.iter().map(|args| said(&home, args, "")).collect();
    drop(node);
    let mut record = String::new();
    for (stopped, running) in stopped.iter().zip(&running) {
        let (hint, stopped): (Vec<_>, Vec<_>) = stopped
            .split_inclusive('\n')
            .partition(|line| line.starts_with("! Your node is not running"));
        assert!(hint.len() <= 1, "{hint:?}");
        let stopped = &stopped.concat();
        record.push_str(stopped);
        if running != stopped {
            writeln!(record, "# while the node runs").unwrap();
            record.push_str(running);
        }
    }
    is_recorded(&format!("commands-{name}"), &record, &[]);
}

#[tokio::test]
async fn reads_of_an_open_pool_are_as_recorded() {
    reads_are_as_recorded("open").await;
}

#[tokio::test]
async fn reads_of_a_sealed_pool_are_as_recorded() {
    reads_are_as_recorded("sealed").await;
}

#[tokio::test]
async fn reads_of_a_pool_of_validators_are_as_recorded() {
    reads_are_as_recorded("pos").await;
}

#[tokio::test]
async fn reads_of_a_pool_of_miners_and_validators_are_as_recorded() {
    reads_are_as_recorded("hybrid").await;
}

const CUP: &str = r#"{"name": "Finals", "matches": [
    {"round": "Semi-finals", "num": 1, "code": "PtCh", "date": "2022-06-05", "time": "20:45 UTC+2",
        "team1": "Portugal", "team2": "Switzerland"},
    {"round": "Semi-finals", "num": 2, "code": "NlEn", "date": "2034-06-06", "time": "20:45 UTC+2",
        "team1": "Netherlands", "team2": "England"},
    {"round": "Final", "num": 3, "code": "PtNl", "date": "2034-06-09", "time": "20:45 UTC+2",
        "team1": "Portugal", "team2": "Netherlands"}
]}"#;

const NEWER: &str = r#"{"name": "Finals", "matches": [
    {"round": "Semi-finals", "num": 1, "date": "2022-06-05", "time": "20:45 UTC+2",
        "team1": "Portugal", "team2": "Switzerland", "score": {"ft": [3, 1]}},
    {"round": "Semi-finals", "num": 2, "date": "2034-06-07", "time": "20:45 UTC+2",
        "team1": "Netherlands", "team2": "England"},
    {"round": "Final", "num": 3, "date": "2034-06-09", "time": "20:45 UTC+2",
        "team1": "Portugal", "team2": "Netherlands"}
]}"#;

/// What an organiser and a player do in one pool, in this order; after `<` what they type, `|` for a new line.
const ACTS: &str = "
mary bet NlEn 2-1 --wait
mary bet NlEn 1-1 2-2
mary bet NlEn 1-1 PtNl 2-2 --stake 5 --wait
mary bet 3 0-1 --wait --json
mary bet PtCh 1-0
mary bet PtCh 1-0 NlEn 4-4
mary bet PtCh 1-0 NlEn 4-4 --skip-closed --wait
mary bet PtCh 1-0 --skip-closed --json
mary bet NlEn 1-1 --stake 100000
mary bet NlEn NlEn 1-1
mary bet Nowhere 1-1
mary bet NlEn 1:x
mary bet NlEn 100-1
mary tip - --dry-run < NlEn,3-0|PtNl,1-1,7
mary tip - --wait < NlEn,3-0|PtNl,1-1,7
mary tip - < NlEn,3-0|PtCh,1-0
mary tip - --skip-closed --wait --json < NlEn,0-3|PtCh,1-0
mary tip - < NlEn;3-0;x
mary tip -
mary tip --round final --wait < 2-0
mary tip --round nowhere < 2-0
mary transfer ben 10 --dry-run
mary transfer ben 10
mary transfer ben 10 --yes --wait
mary transfer ben 10 --yes --wait --json
mary transfer nobody 10
mary transfer mary 10
mary transfer ben 1000000
mary transfer ben 0
mary schedule NlEn --kickoff 2034-06-07T20:45+02:00 --yes --wait
mary schedule NlEn --kickoff 2034-06-07T20:45+02:00 --yes --wait
mary schedule NlEn --kickoff 2020-06-07T20:45+02:00 --yes
mary schedule Th --day 2034-06-08 --team1 Switzerland --team2 England --stage Third --yes --wait --json
mary schedule NlEn
mary schedule Fo --team1 Switzerland
mary result PtCh 2-1
mary result PtCh 2-1 --dry-run
mary result PtCh 2-1 --yes --wait
mary result PtCh 2-1 --yes
mary result NlEn 2-1 --yes
mary result Nowhere 2-1 --yes
mary result PtCh --confirm --yes
mary result PtCh --json
ben bet NlEn 2-1 --wait
ben result PtCh 2-2 --yes
ben object PtCh it was 2-2
ben object PtCh it was 2-2 --yes --wait
ben object PtCh again --yes --json
ben object NlEn never
mary joker
mary joker NlEn --wait
mary bet NlEn 2-1 --joker
mary import newer.json --dry-run
mary import newer.json
mary import newer.json --yes --results --wait
mary organisers add ben --dry-run
mary organisers add ben --yes --wait
mary organisers add ben --yes
mary organisers add nobody --yes
mary organisers
mary organisers remove ben --yes --wait --json
mary address https://pool.example.org --dry-run
mary address https://pool.example.org --yes --wait
mary validators appoint ben --yes
mary stake 5 --yes
mary live NlEn 1-0
mary openings deal
mary bets --player mary --json
ben missing --json
mary log --json";

#[tokio::test]
async fn acts_are_as_recorded() {
    let dir = temp();
    new_pool(dir.path(), CUP, &["--target", "fixed:10"]);
    let homes = ["mary", "ben"].map(|name| dir.path().join(name));
    let genesis = homes[0].join("genesis.json");
    let rules = fs::read_to_string(&genesis).unwrap();
    let given = rules.replace("\"transfers\": false", "\"transfers\": true");
    assert_ne!(rules, given);
    fs::write(&genesis, given).unwrap();
    fs::create_dir(&homes[1]).unwrap();
    fs::write(homes[0].join("newer.json"), NEWER).unwrap();
    let first = run_node(&homes[0], &[]).await;
    said(&homes[1], &["join", &first.url(), "--name", "ben"], "");
    let second = run_node(&homes[1], &[]).await;
    eventually("both have joined", TIMEOUT, async || {
        let players = second.http.get("/api/v1/players").await.json();
        (players["items"].as_array()?.len() == 2).then_some(())
    })
    .await;
    let mut record = String::new();
    for line in ACTS.trim().lines() {
        let (command, input) = line.split_once(" < ").unwrap_or((line, ""));
        let args: Vec<_> = command.split(' ').collect();
        let home = &homes[usize::from(args[0] == "ben")];
        let text = said(home, &args[1..], &input.replace('|', "\n"));
        record.push_str(&text.replacen('$', args[0], 1));
    }
    drop((first, second));
    // The organiser and the friend join in one block or in two.
    let heights = [
        (r"Block \d+", "Block [n]"),
        (r#""(height|block)":\d+"#, "\"$1\":[n]"),
    ];
    is_recorded("acts", &record, &heights);
}
