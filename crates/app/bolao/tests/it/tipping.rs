//! Tips: sealed ones from the sealing to the opening by real nodes, whole rounds, what is missing.

mod closing;
mod rounds;
mod sealed;
mod void;

use std::{
    fs,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::support::{OPEN, bolao, done, feed};

/// A pool of three matches that are far away, so that their kick-offs can still be moved.
const FIXTURES: &str = r#"{"name": "Finals", "matches": [
    {"round": "Semi-finals", "num": 1, "code": "PtCh", "date": "2034-06-05", "time": "20:45 UTC+2",
        "team1": "Portugal", "team2": "Switzerland"},
    {"round": "Semi-finals", "num": 2, "code": "NlEn", "date": "2034-06-06", "time": "20:45 UTC+2",
        "team1": "Netherlands", "team2": "England"},
    {"round": "Final", "num": 3, "code": "PtNl", "date": "2034-06-09", "time": "20:45 UTC+2",
        "team1": "Portugal", "team2": "Netherlands"}
]}"#;

/// Homes of one pool, the first its organiser's. `change` sees the genesis before anybody uses it.
fn pool(dir: &Path, names: &[&str], change: impl FnOnce(&mut Value)) -> Vec<PathBuf> {
    let homes: Vec<PathBuf> = names.iter().map(|name| dir.join(name)).collect();
    let fixtures = dir.join("fixtures.json");
    fs::write(&fixtures, FIXTURES).unwrap();
    let (first, genesis) = (at(&homes[0]), homes[0].join("genesis.json"));
    let fixtures = fixtures.display().to_string();
    let new = ["--home", &first, "new", "Finals", "--fixtures", &fixtures];
    done(
        new.into_iter()
            .chain(["--as", names[0], "--target", "fixed:10"])
            .chain(OPEN),
    );
    let mut json: Value = serde_json::from_slice(&fs::read(&genesis).unwrap()).unwrap();
    change(&mut json);
    fs::write(&genesis, json.to_string()).unwrap();
    for (home, name) in homes.iter().zip(names).skip(1) {
        let genesis = genesis.display().to_string();
        done(["--home", &at(home), "join", &genesis, "--name", name]);
    }
    homes
}

fn sealed(genesis: &mut Value) {
    genesis["rules"]["tips"] = json!("sealed");
}

fn at(home: &Path) -> String {
    home.display().to_string()
}

/// Seconds from now, as times are written.
fn soon(seconds: i64) -> String {
    let now = Timestamp::now().as_second();
    Timestamp::from_second(now + seconds).unwrap().to_string()
}

/// What a command of a home said: its status, output and errors.
fn said(home: &Path, args: &[&str], input: &str) -> (i32, String, String) {
    let mut command = bolao();
    command.args(["--home", &at(home)]).args(args);
    let output = feed(command, input);
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code().unwrap(),
        text(output.stdout),
        text(output.stderr),
    )
}

/// What a command of a home prints that must succeed.
fn does(home: &Path, args: &[&str]) -> String {
    let (status, output, errors) = said(home, args, "");
    assert_eq!(status, 0, "{args:?}: {output}{errors}");
    output
}

/// Why a command of a home fails, with this status.
fn fails(home: &Path, args: &[&str], wanted: i32) -> String {
    let (status, output, errors) = said(home, args, "");
    assert_eq!(status, wanted, "{args:?}: {output}{errors}");
    errors
}
