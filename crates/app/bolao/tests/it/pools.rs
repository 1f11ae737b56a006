//! A home that holds pools, and the one process that runs them.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};

use crate::support::{
    Daemon, OPEN, TIMEOUT, done, eventually, free_port, new_pool, run, run_node, temp,
};

const CUP: &str = r#"{"name": "Cup", "matches": [
    {"round": "Final", "date": "2099-06-01", "time": "12:00 UTC+0", "team1": "Brazil", "team2": "Ghana"}
]}"#;

/// The home `mary` with its first pool, `Cup`.
fn home(dir: &Path) -> PathBuf {
    new_pool(dir, CUP, &[]);
    dir.join("mary")
}

/// Runs a command on the home, which must succeed.
fn on(home: &Path, args: &[&str]) -> String {
    let home = home.display().to_string();
    done(["--home", &home].iter().chain(args))
}

/// Makes another pool in the home.
fn another(home: &Path, name: &str) {
    let cup = home.parent().unwrap().join("cup.json");
    let cup = cup.display().to_string();
    let args = ["new", name, "--fixtures", &cup, "--as", "mary"];
    on(home, &[&args[..], &OPEN].concat());
}

/// The pools of the home, as `bolao pools` lists them.
fn pools(home: &Path) -> Vec<Value> {
    serde_json::from_str(&on(home, &["pools", "--json"])).unwrap()
}

/// The code and the state of a pool.
fn of(home: &Path, name: &str) -> (String, String) {
    let all = pools(home);
    let one = all.iter().find(|it| it["name"] == name).unwrap();
    let text = |field: &str| one[field].as_str().unwrap().to_owned();
    (text("code"), text("state"))
}

async fn runs(home: &Path, name: &str) {
    eventually(name, TIMEOUT, async || {
        (of(home, name).1 == "runs").then_some(())
    })
    .await;
}

/// The name of the pool that the process shows at a path.
async fn shown(node: &Daemon, path: &str) -> Option<String> {
    let answer = node.http.try_get(&format!("{path}/api/v1/pool")).await?;
    let name = (answer.status == 200).then(|| answer.json()["name"].clone());
    name?.as_str().map(str::to_owned)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_home_holds_pools_which_one_process_runs() {
    let dir = temp();
    let home = home(dir.path());
    another(&home, "Office");
    let (family, office) = (of(&home, "Cup").0, of(&home, "Office").0);
    let node = run_node(&home, &[]).await;
    runs(&home, "Office").await;
    for (path, name) in [
        (String::new(), "Cup"),
        (format!("/p/{family}"), "Cup"),
        (format!("/p/{office}"), "Office"),
    ] {
        assert_eq!(shown(&node, &path).await.as_deref(), Some(name), "{path}");
    }
    // One that comes needs no restart.
    another(&home, "Club");
    runs(&home, "Club").await;

    // A command means one of them.
    let several = run(["--home", &home.display().to_string(), "matches"]);
    let said = String::from_utf8_lossy(&several.stderr).into_owned();
    assert_eq!(several.status.code(), Some(2), "{said}");
    assert!(
        said.contains("several pools") && said.contains("(Office)"),
        "{said}"
    );
    let none = run([
        "--home",
        &home.display().to_string(),
        "-P",
        "Ofice",
        "matches",
    ]);
    assert_eq!(none.status.code(), Some(2));
    on(&home, &["-P", "office", "bet", "1", "2-1", "--wait"]);
    on(&home, &["-P", &family, "bet", "1", "0-0", "--wait"]);
    let score = |pool: &str| {
        let bets: Value =
            serde_json::from_str(&on(&home, &["-P", pool, "bets", "--json"])).unwrap();
        bets.to_string()
    };
    assert!(
        score("Office").contains(r#""home":2"#),
        "{}",
        score("Office")
    );
    assert!(!score("Cup").contains(r#""home":2"#), "{}", score("Cup"));
    assert!(!score("Club").contains(r#""home""#), "{}", score("Club"));

    // An archive stays to be looked at, and nothing more is taken there.
    on(&home, &["pools", "--archive", "Office"]);
    let there = format!("/p/{office}");
    eventually("the archive", TIMEOUT, async || {
        let status = node.http.try_get(&format!("{there}/api/v1/status")).await?;
        (status.status == 200 && status.json()["url"] == "").then_some(())
    })
    .await;
    assert_eq!(shown(&node, &there).await.as_deref(), Some("Office"));
    assert_eq!(of(&home, "Office").1, "archive");
    on(&home, &["pools", "--resume", "office"]);
    runs(&home, "Office").await;
    on(&home, &["-P", "office", "bet", "1", "3-1", "--wait"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_pool_stops_no_other() {
    let dir = temp();
    let home = home(dir.path());
    another(&home, "Office");
    another(&home, "Club");
    let (cup, office, club) = (
        of(&home, "Cup").0,
        of(&home, "Office").0,
        of(&home, "Club").0,
    );
    let rules = home.join("pools").join(&office).join("genesis.json");
    let good = fs::read(&rules).unwrap();
    fs::write(&rules, "{").unwrap();
    let node = run_node(&home, &[]).await;
    runs(&home, "Club").await;
    assert_eq!(shown(&node, "").await.as_deref(), Some("Cup"));
    assert_eq!(shown(&node, &format!("/p/{office}")).await, None);
    let listed = pools(&home);
    let broken = listed
        .iter()
        .find(|it| it["code"] == office.as_str())
        .unwrap();
    assert_eq!(broken["state"], "trouble");
    let why = broken["trouble"].as_str().unwrap();
    assert!(why.contains("genesis.json"), "{why}");
    // Nor does the first one.
    drop(node);
    fs::write(&rules, good).unwrap();
    fs::write(home.join("genesis.json"), "{").unwrap();
    let port = free_port();
    let number = port.number().to_string();
    let home_text = home.display().to_string();
    let args = [
        "--home",
        &home_text,
        "run",
        "-i",
        "127.0.0.1",
        "-p",
        &number,
    ];
    let args = args.iter().map(ToString::to_string).collect();
    let mut node = Daemon::idle(args, port, dir.path().join("log"));
    node.spawn();
    runs(&home, "Office").await;
    runs(&home, "Club").await;
    assert_eq!(
        shown(&node, &format!("/p/{club}")).await.as_deref(),
        Some("Club")
    );
    assert_eq!(shown(&node, "").await, None);
    assert_eq!(shown(&node, &format!("/p/{cup}")).await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_to_one_pool_is_not_heard_in_another() {
    let dir = temp();
    let home = home(dir.path());
    another(&home, "Office");
    let (family, office) = (of(&home, "Cup").0, of(&home, "Office").0);
    on(&home, &["-P", "Office", "run", "--help"]);
    let node = run_node(&home, &[]).await;
    runs(&home, "Office").await;
    // A transaction that is signed for one pool is refused by the other.
    let signed = on(&home, &["-P", "Cup", "bet", "1", "2-1", "--wait", "--json"]);
    let sent: Value = serde_json::from_str(&signed).unwrap();
    let id = sent["transactions"][0]["id"].as_str().unwrap();
    let of_family = node
        .http
        .get(&format!("/p/{family}/api/v1/transactions/{id}"))
        .await;
    assert_eq!(of_family.status, 200, "{signed}");
    let transaction = of_family.json()["transaction"].clone();
    let elsewhere = node
        .http
        .get(&format!("/p/{office}/api/v1/transactions/{id}"))
        .await;
    assert_eq!(elsewhere.status, 404);
    let body = json!({ "transaction": transaction }).to_string();
    let replayed = node
        .http
        .post(&format!("/p/{office}/api/v1/transactions"), body)
        .await;
    assert!(replayed.status >= 400, "{}", replayed.text);
}
