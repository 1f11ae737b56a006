//! The commands, without a running node and (in `running`) with one.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{OPEN, feed};

mod running;

const SEMI_FINALS: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../../data/openfootball/handwritten/unl-2018-19-finals.json"
);
/// Kick-offs without an offset.
const QATAR: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../../data/openfootball/worldcup/2022/worldcup.json"
);

pub(crate) struct Home(TempDir);

impl Home {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("home")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bolao"));
        command
            .env_clear()
            .env("TZ", "UTC")
            .env("HOME", self.0.path())
            .arg("--home")
            .arg(self.path())
            .args(arguments)
            .stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// What a command that succeeds prints.
    fn ok(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.ok(arguments)).unwrap()
    }

    /// What a command that fails with a status says.
    fn fails(&self, status: i32, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(
            output.status.code(),
            Some(status),
            "{arguments:?}: {output:?}"
        );
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(!text.contains("panicked"), "{text}");
        text
    }

    fn with_pool() -> Self {
        let home = Self::new();
        let new = ["new", "Finals", "--fixtures", SEMI_FINALS, "--as", "mary"];
        home.ok(&[&new[..], &OPEN].concat());
        home
    }
}

#[test]
fn a_pool_is_made_and_read_while_nothing_runs() {
    let home = Home::new();
    let said = home.ok(&["new", "Finals", "--fixtures", SEMI_FINALS, "--as", "mary"]);
    assert!(!said.contains("bets are open"), "{said}");
    let rules = home.ok(&["rules"]);
    assert!(rules.contains("invitation"), "{rules}");
    let genesis: Value =
        serde_json::from_str(&fs::read_to_string(home.path().join("genesis.json")).unwrap())
            .unwrap();
    // As the page makes them.
    assert_eq!(genesis["rules"]["tips"], "sealed");
    let account = home.ok(&["wallet", "account"]);
    assert_eq!(genesis["organisers"], serde_json::json!([account.trim()]));
    assert!(said.contains("wallet words"), "{said}");

    let matches = home.json(&["matches", "--json"]);
    let codes: Vec<&str> = matches
        .as_array()
        .unwrap()
        .iter()
        .map(|game| game["code"].as_str().unwrap())
        .collect();
    assert_eq!(&codes[..2], ["PtCh", "NlEn"]);
    assert_eq!(matches[0]["no"], 1);
    assert_eq!(matches[0]["kickoff"], "2019-06-05T18:45:00Z");
    let table = home.ok(&["matches"]);
    assert!(table.contains("5 Jun 2019 18:45"), "{table}");
    assert!(!table.contains('\u{1b}'), "colours in a pipe: {table}");
    assert_eq!(
        home.json(&["matches", "--open", "--json"]),
        serde_json::json!([])
    );

    let status = home.json(&["status", "--json"]);
    assert_eq!(status["running"], false);
    assert!(said.contains(status["pool"].as_str().unwrap()), "{said}");
    assert_eq!(home.json(&["bets", "--json"]), serde_json::json!([]));
    assert_eq!(home.json(&["players", "--json"]), serde_json::json!([]));
    assert_eq!(home.json(&["peers", "--json"]), serde_json::json!([]));
    let chain = home.json(&["chain", "--json"]);
    assert_eq!(chain[0]["hash"], status["pool"]);
    let block = home.json(&["chain", "0", "--json"]);
    assert_eq!(block["block"]["height"], 0);

    let audit = home.json(&["audit", "--json"]);
    assert_eq!(audit["verdict"], "clean");
    assert_eq!(audit["tip"], status["pool"]);
    assert!(
        home.ok(&["audit"])
            .contains("compare the last block with your friends'")
    );
    for readable in [
        "status", "bets", "players", "peers", "chain", "audit", "reindex",
    ] {
        assert!(!home.ok(&[readable]).is_empty(), "{readable}");
    }
}

#[test]
fn friends_join_with_the_file() {
    let organiser = Home::with_pool();
    let file = organiser.path().join("genesis.json");
    let file = file.to_str().unwrap();
    let friend = Home::new();
    friend.ok(&["join", file, "--name", "John"]);
    let pool = |home: &Home| home.json(&["status", "--json"])["pool"].clone();
    assert_eq!(pool(&friend), pool(&organiser));
    // Again, with another name: the same pool is no other pool.
    friend.ok(&["join", file, "--name", "Johnny"]);
    let profile = fs::read_to_string(friend.path().join("profile.json")).unwrap();
    assert!(profile.contains("Johnny"), "{profile}");
}

#[test]
fn without_a_pool_every_command_says_what_to_do() {
    let home = Home::new();
    let commands: [&[&str]; 12] = [
        &["run"],
        &["bet", "PtCh", "2-1"],
        &["bets"],
        &["matches"],
        &["players"],
        &["mine"],
        &["peers"],
        &["chain"],
        &["status"],
        &["audit"],
        &["reindex"],
        &["schedule", "PtCh", "--confirm"],
    ];
    for command in commands {
        let text = home.fails(1, command);
        for wanted in ["bolao start", "bolao join", "bolao demo"] {
            assert!(text.contains(wanted), "{command:?}: {text}");
        }
        assert_eq!(text.lines().count(), 1, "{command:?}: {text}");
        assert!(!home.path().exists(), "{command:?} made a home");
    }
}

#[test]
fn a_home_keeps_what_it_has_beside_another_pool() {
    let home = Home::with_pool();
    let before = fs::read(home.path().join("genesis.json")).unwrap();
    home.ok(&["new", "Second", "--fixtures", SEMI_FINALS]);
    let other = Home::with_pool();
    let file = other.path().join("genesis.json");
    home.ok(&["join", file.to_str().unwrap(), "--name", "x", "--json"]);
    assert_eq!(fs::read(home.path().join("genesis.json")).unwrap(), before);
    let pools = home.json(&["pools", "--json"]);
    assert_eq!(pools.as_array().unwrap().len(), 3, "{pools}");
    let accounts = fs::read_dir(home.path().join("pools")).unwrap().map(|it| {
        let profile = it.unwrap().path().join("profile.json");
        let profile: Value = serde_json::from_slice(&fs::read(profile).unwrap()).unwrap();
        profile["account"].clone()
    });
    let accounts: Vec<Value> = accounts.collect();
    assert_eq!(accounts[0], accounts[1], "one wallet for all");
}

#[test]
fn what_is_wrong_with_new_is_said_and_nothing_written() {
    let home = Home::new();
    let not_json = home.0.path().join("x.json");
    fs::write(&not_json, "not json").unwrap();
    let long = "x".repeat(65);
    let cases: [(i32, &[&str], &str); 8] = [
        (
            2,
            &["new", "x", "--fixtures", "/nowhere.json"],
            "/nowhere.json",
        ),
        (
            1,
            &["new", "x", "--fixtures", not_json.to_str().unwrap()],
            "begins: not json",
        ),
        (1, &["new", "x", "--fixtures", QATAR], "--zone"),
        (
            1,
            &["new", &long, "--fixtures", SEMI_FINALS],
            "65 characters",
        ),
        (
            1,
            &["new", "x", "--fixtures", SEMI_FINALS, "--target", "fixed:0"],
            "zero_bits",
        ),
        (
            2,
            &["new", "x", "--fixtures", SEMI_FINALS, "--target", "easy"],
            "fixed:BITS",
        ),
        (
            2,
            &["new", "x", "--fixtures", SEMI_FINALS, "--zone", "Atlantis"],
            "Europe/Lisbon",
        ),
        (
            2,
            &["new", "x", "--fixtures", SEMI_FINALS, "--as", ""],
            "name",
        ),
    ];
    for (status, arguments, wanted) in cases {
        let text = home.fails(status, arguments);
        assert!(text.contains(wanted), "{arguments:?}: {text}");
        assert!(!home.path().exists(), "{arguments:?} made a home");
    }
    let shown = home.ok(&[
        "new",
        "Qatar",
        "--fixtures",
        QATAR,
        "--zone",
        "Asia/Qatar",
        "--dry-run",
    ]);
    assert!(shown.contains("64 matches"), "{shown}");
    assert!(!home.path().exists());
}

#[test]
fn what_is_no_genesis_is_refused() {
    let home = Home::new();
    let text = home.fails(1, &["join", SEMI_FINALS, "--name", "john"]);
    assert!(text.contains("genesis"), "{text}");
    let text = home.fails(1, &["join", "http://127.0.0.1:1", "--name", "john"]);
    assert!(
        text.contains("nothing answers there: is it running"),
        "{text}"
    );
    home.fails(1, &["join", "https://example.org", "--name", "john"]);
    home.fails(1, &["join", "/nowhere", "--name", "john"]);
    home.fails(2, &["join", SEMI_FINALS, "--name", "\u{7}"]);
    assert!(!home.path().exists());
}

#[test]
fn bets_are_checked_before_a_node_is_looked_for() {
    let home = Home::with_pool();
    for bad in ["2", "2-", "a-b", "100-0", "2-1-1"] {
        let text = home.fails(2, &["bet", "PtCh", bad]);
        assert!(text.contains("PtCh"), "{bad}: {text}");
    }
    home.fails(2, &["bet", "PtCh"]);
    let text = home.fails(2, &["bet", "PtCh", "2-1", "NlEn"]);
    assert!(text.contains("NlEn"), "{text}");
    for command in [
        &["bet", "PtCh", "2-1"][..],
        &["mine"],
        &["schedule", "PtCh", "--confirm"],
    ] {
        let text = home.fails(1, command);
        assert!(
            text.contains("run") && text.contains("not running"),
            "{text}"
        );
    }
}

#[test]
fn numbers_say_what_they_want_to_be() {
    let home = Home::with_pool();
    for (arguments, wanted) in [
        (
            &["bet", "PtCh", "2-1", "--stake", "abc"][..],
            "got `abc` for `--stake <CHIPS>`, wanted a whole number such as 20",
        ),
        (
            &["bet", "PtCh", "2-1", "--stake", "1.5"],
            "wanted a whole number such as 20",
        ),
        (
            &["run", "--threads", "0"],
            "got `0` for `--threads <N>`, wanted 1 or more",
        ),
        (&["run", "-p", "here"], "got `here` for `--port <PORT>`"),
        (
            &["chain", "--last", "99999999999999999999999"],
            "wanted a smaller number",
        ),
    ] {
        let text = home.fails(2, arguments);
        assert!(text.contains(wanted), "{text}");
        assert!(!text.contains("digit found"), "{text}");
    }
}

#[test]
fn unknown_things_are_named() {
    let home = Home::with_pool();
    for arguments in [
        &["bets", "--match", "Nope"][..],
        &["bets", "--player", "Nope"],
        &["chain", "7"],
        &["chain", "Nope"],
    ] {
        let text = home.fails(1, arguments);
        let [old, error] = text.lines().collect::<Vec<_>>()[..] else {
            panic!("{text}");
        };
        assert!(old.starts_with("Your node is not running: "), "{text}");
        assert!(error.starts_with("error: "), "{text}");
    }
}

#[test]
fn the_words_bring_the_account_back() {
    let home = Home::new();
    let made = home.ok(&["wallet", "create"]);
    let account = home.ok(&["wallet", "account"]);
    assert!(made.contains(account.trim()), "{made}");
    assert!(home.fails(1, &["wallet", "create"]).contains("already"));

    home.fails(2, &["wallet", "words"]);
    let words = home.ok(&["wallet", "words", "--yes"]);
    assert_eq!(words.split_whitespace().count(), 24);

    let second = Home::new();
    assert!(
        second
            .fails(1, &["wallet", "account"])
            .contains("bolao wallet create")
    );
    let wrong = feed(second.command(&["wallet", "restore"]), "these are no words");
    assert_eq!(wrong.status.code(), Some(1), "{wrong:?}");
    let right = feed(second.command(&["wallet", "restore", "--json"]), &words);
    assert!(right.status.success(), "{right:?}");
    let right: Value = serde_json::from_slice(&right.stdout).unwrap();
    assert_eq!(right["account"], account.trim());
    assert_eq!(second.ok(&["wallet", "account"]), account);
    let listed = second.json(&["wallet", "words", "--yes", "--json"]);
    assert_eq!(listed["words"].as_array().unwrap().len(), 24);
    let third = Home::new().json(&["wallet", "create", "--json"]);
    assert_eq!(third["protected"], false);
}

#[test]
fn a_passphrase_is_wanted_once_there_is_one() {
    let home = Home::new();
    home.ok(&["wallet", "create"]);
    let account = home.ok(&["wallet", "account"]);
    let file = home.0.path().join("passphrase");
    fs::write(&file, "correct horse\nsecond line").unwrap();
    let file = file.to_str().unwrap();
    home.ok(&["wallet", "passphrase", "--new-passphrase-file", file]);
    let text = home.fails(1, &["wallet", "account"]);
    assert!(text.contains("--passphrase-file"), "{text}");
    assert_eq!(
        home.ok(&["wallet", "account", "--passphrase-file", file]),
        account
    );
    let by_environment = home
        .command(&["wallet", "account"])
        .env("BOLAO_PASSPHRASE", "correct horse")
        .output()
        .unwrap();
    assert!(by_environment.status.success(), "{by_environment:?}");
    let wrong = home
        .command(&["wallet", "account"])
        .env("BOLAO_PASSPHRASE", "wrong")
        .output()
        .unwrap();
    assert_eq!(wrong.status.code(), Some(1), "{wrong:?}");
}

#[test]
fn a_damaged_store_is_no_clean_audit() {
    let home = Home::with_pool();
    fs::write(home.path().join("chain.redb"), vec![7; 10_000]).unwrap();
    let text = home.fails(1, &["audit"]);
    assert!(text.contains("chain.redb"), "{text}");
}

#[test]
fn a_reader_that_goes_away_is_told_nothing_and_no_verdict() {
    let home = Home::new();
    let mut child = home
        .command(&["completions", "bash"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.stderr.is_empty(), "{output:?}");
    assert_eq!(output.status.code(), Some(141), "{output:?}");
}

#[test]
fn homes_come_from_the_environment_too() {
    let home = Home::with_pool();
    let output = Command::new(env!("CARGO_BIN_EXE_bolao"))
        .env_clear()
        .env("BOLAO_HOME", home.path())
        .args(["status", "--json"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(Path::new(&home.path()).join("wallet.json").exists());
}
