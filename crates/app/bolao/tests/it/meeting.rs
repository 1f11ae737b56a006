//! What somebody reads who has never seen the program.

use std::{
    fs::{self, File},
    path::Path,
    process::{Child, Output},
};

use crate::support::{TIMEOUT, bolao, done, eventually, feed, free_port, new_pool, run, temp};

const CUP: &str = r#"{"name": "Cup", "matches": [
    {"round": "Final", "date": "2099-06-01", "time": "12:00 UTC+0", "team1": "Brazil", "team2": "Côte d'Ivoire"}
]}"#;

/// A process that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn text(output: &Output) -> String {
    let both = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    String::from_utf8(both).unwrap()
}

/// A pool of mary's beneath a directory.
fn pool(dir: &Path) {
    new_pool(dir, CUP, &["--membership", "invite"]);
}

/// A node, which writes what it says to the file `log` in its home.
async fn node(home: &Path, flags: &[&str]) -> Running {
    let port = free_port();
    let log = File::create(home.join("log")).unwrap();
    let child = bolao()
        .arg("--home")
        .arg(home)
        .args(["run", "-i", "127.0.0.1", "-p"])
        .arg(port.number().to_string())
        .args(["-u", "1", "--threads", "1"])
        .args(flags)
        .stdout(log.try_clone().unwrap())
        .stderr(log)
        .spawn()
        .unwrap();
    let node = Running(child);
    eventually("the node", TIMEOUT, async || {
        home.join("running.json").exists().then_some(())
    })
    .await;
    node
}

#[tokio::test]
async fn a_node_says_a_few_plain_lines() {
    let dir = temp();
    pool(dir.path());
    let home = dir.path().join("mary");
    let _node = node(&home, &[]).await;
    let said = eventually("that she is in", TIMEOUT, async || {
        let said = fs::read_to_string(home.join("log")).unwrap();
        said.contains("You are in the pool as mary.")
            .then_some(said)
    })
    .await;
    assert!(said.starts_with("http://127.0.0.1:"), "{said}");
    assert!(
        said.lines().count() <= 4 && !said.contains("INFO"),
        "{said}"
    );
}

#[tokio::test]
async fn the_log_of_each_step_may_be_json() {
    let dir = temp();
    pool(dir.path());
    let home = dir.path().join("mary");
    let _node = node(&home, &["-v", "--log-format", "json"]).await;
    let lines = eventually("a line", TIMEOUT, async || {
        let said = fs::read_to_string(home.join("log")).unwrap();
        let objects = said.lines().filter(|line| line.starts_with('{'));
        let objects: Vec<serde_json::Value> = objects
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let runs = |line: &serde_json::Value| line["message"] == "the node is running";
        objects.iter().any(runs).then_some(objects)
    })
    .await;
    assert!(
        lines.iter().all(|line| line["level"].is_string()),
        "{lines:?}"
    );
}

#[tokio::test]
async fn a_friend_sees_who_makes_the_pool_and_the_link_stays_unseen() {
    let dir = temp();
    pool(dir.path());
    let mary = dir.path().join("mary");
    let _node = node(&mary, &[]).await;
    eventually("her joining", TIMEOUT, async || {
        let log = fs::read_to_string(mary.join("log")).unwrap();
        log.contains("You are in").then_some(())
    })
    .await;
    let home = mary.display().to_string();
    let link = done(["--home", &home, "invite"]);
    let bruno = dir.path().join("bruno").display().to_string();
    for misleading in ["mary (organiser)", "system"] {
        let output = run(["--home", &bruno, "join", link.trim(), "--name", misleading]);
        assert_eq!(output.status.code(), Some(2), "{}", text(&output));
        assert!(!Path::new(&bruno).exists());
    }
    let mut join = bolao();
    join.args(["--home", &bruno, "join", "-", "--name", "bruno"]);
    let output = feed(join, &link);
    let said = text(&output);
    assert!(output.status.success(), "{said}");
    for told in [
        "Made by  mary …",
        "who is the only validator, too",
        "Members  mary\n",
        "Rules    open bets, kicktipp points",
    ] {
        assert!(said.contains(told), "{told:?} in {said}");
    }
    // What is to be typed next works as it stands.
    assert!(
        said.contains(&format!("bolao run --home {bruno}")),
        "{said}"
    );
    let missing = run(["--home", &bruno, "bet", "cote d'ivoire", "2-1"]);
    let said = text(&missing);
    assert!(
        said.contains(&format!("`bolao run --home {bruno}`")),
        "{said}"
    );
}

#[test]
fn an_error_is_an_object_where_json_is_wanted() {
    let dir = temp();
    pool(dir.path());
    let home = dir.path().join("mary").display().to_string();
    for (args, status, code) in [
        (&["bets", "--match", "Nope", "--json"][..], 1, "failed"),
        (&["player", "Zoe", "--json"], 1, "not-found"),
        (&["matches", "--nonsense", "--json"], 2, "usage"),
        (&["bet", "1", "--json"], 2, "usage"),
    ] {
        let output = run(["--home", &home].iter().chain(args));
        assert_eq!(output.status.code(), Some(status), "{args:?}");
        assert!(output.stdout.is_empty(), "{output:?}");
        let said = String::from_utf8(output.stderr).unwrap();
        let last = said.lines().last().unwrap();
        let problem: serde_json::Value = serde_json::from_str(last).unwrap();
        assert_eq!(problem["code"], code, "{problem}");
        assert_eq!(problem["exit"], status, "{problem}");
        assert!(problem["detail"].as_str().is_some_and(|it| !it.is_empty()));
    }
}

/// A command of mary's.
fn mary(dir: &Path, args: &[&str]) -> String {
    let home = dir.join("mary").display().to_string();
    let output = run(["--home", &home].iter().chain(args));
    let said = text(&output);
    assert!(output.status.success(), "{args:?}: {said}");
    said
}

fn json(dir: &Path, args: &[&str]) -> serde_json::Value {
    let home = dir.join("mary").display().to_string();
    let args = [args, &["--json"]].concat();
    serde_json::from_str(&done(["--home", &home].iter().chain(&args))).unwrap()
}

#[tokio::test]
async fn what_waits_is_shown_and_miners_have_names() {
    let dir = temp();
    let dir = dir.path();
    new_pool(dir, CUP, &["--target", "fixed:8", "--tips", "sealed"]);
    let _node = node(&dir.join("mary"), &["--mine", "manual"]).await;
    mary(dir, &["bet", "1", "2-1"]);
    let bets = mary(dir, &["bets"]);
    assert!(
        bets.contains("2-1 (sealed)") && bets.contains("waits"),
        "{bets}"
    );
    let mined = json(dir, &["mine"]);
    assert_eq!(mined[0]["height"], 1, "{mined}");
    mary(dir, &["bet", "brazil", "3-1"]);
    let bets = mary(dir, &["bets"]);
    assert!(
        bets.contains("2-1 (sealed)") && bets.contains("3-1 (sealed)"),
        "{bets}"
    );
    let said = mary(
        dir,
        &[
            "slip",
            "1",
            "--output",
            &dir.join("slip").display().to_string(),
        ],
    );
    assert!(said.contains("A later bet on"), "{said}");
    let chain = mary(dir, &["chain"]);
    assert!(
        chain.contains("Miner") && chain.contains("  mary"),
        "{chain}"
    );
}

#[tokio::test]
async fn what_organisers_sign_says_what_it_does() {
    let dir = temp();
    let dir = dir.path();
    pool(dir);
    let _node = node(&dir.join("mary"), &[]).await;
    let later = [
        "schedule",
        "BraCiv",
        "--kickoff",
        "2099-06-02T12:00:00Z",
        "--yes",
    ];
    let code = json(dir, &["matches"])[0]["code"]
        .as_str()
        .unwrap()
        .to_owned();
    let later = later.map(|it| if it == "BraCiv" { code.as_str() } else { it });
    let said = mary(dir, &later);
    assert!(said.contains("Betting on it ends"), "{said}");
    let sent = json(
        dir,
        &[
            "schedule",
            &code,
            "--kickoff",
            "2099-06-03T12:00:00Z",
            "--yes",
            "--wait",
        ],
    );
    assert_eq!(sent["state"], "final", "{sent}");
    let refused = |args: &[&str]| {
        let home = dir.join("mary").display().to_string();
        let output = run(["--home", &home].iter().chain(args));
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        text(&output)
    };
    mary(
        dir,
        &["result", "1", "--status", "cancelled", "--yes", "--wait"],
    );
    let back = format!("bolao result {code} --status postponed");
    let told = refused(&["schedule", "Brazil", "--kickoff", "2099-06-04T12:00:00Z"]);
    assert!(told.contains(&back), "{told}");
    assert!(mary(dir, &["result", "1"]).contains(&back));
    mary(
        dir,
        &["result", "1", "--status", "postponed", "--yes", "--wait"],
    );
    mary(
        dir,
        &[
            "schedule",
            "1",
            "--kickoff",
            "2099-06-04T12:00:00Z",
            "--yes",
        ],
    );
    let told = refused(&["schedule", "Brasil", "--kickoff", "2099-06-04T12:00:00Z"]);
    assert!(told.contains("to add a match"), "{told}");
    let chain = mary(dir, &["chain"]);
    assert!(
        chain.contains("Made by") && chain.contains("  mary"),
        "{chain}"
    );
    let over = run([
        "--home",
        &dir.join("mary").display().to_string(),
        "schedule",
        &code,
        "--day",
        "2020-01-01",
    ]);
    assert!(!text(&over).contains("unix"), "{}", text(&over));
}

/// Waits until a node has ended by itself.
async fn ends(node: &mut Running) {
    eventually("the end", TIMEOUT, async || node.0.try_wait().unwrap()).await;
}

#[tokio::test]
async fn a_home_that_stopped_over_two_histories_says_so() {
    let dir = temp();
    let dir = dir.path();
    pool(dir);
    let (home, copy) = (dir.join("mary"), dir.join("copy"));
    fs::create_dir(&copy).unwrap();
    for entry in fs::read_dir(&home).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), copy.join(entry.file_name())).unwrap();
    }
    let final_bet = |home: &Path, score: &str| {
        let home = home.display().to_string();
        done(["--home", &home, "bet", "1", score, "--wait"]);
    };
    let mut apart = node(&copy, &[]).await;
    final_bet(&copy, "0-1");
    apart.0.kill().unwrap();
    apart.0.wait().unwrap();
    fs::remove_file(copy.join("running.json")).unwrap();
    let mut first = node(&home, &[]).await;
    final_bet(&home, "2-0");
    let running = fs::read_to_string(home.join("running.json")).unwrap();
    let running: serde_json::Value = serde_json::from_str(&running).unwrap();
    let registered = serde_json::json!([running["url"]]).to_string();
    fs::write(copy.join("registered.json"), registered).unwrap();
    let _second = node(&copy, &[]).await;
    ends(&mut first).await;
    let home = home.display().to_string();
    let said = text(&run(["--home", &home, "status"]));
    assert!(said.contains("two final histories"), "{said}");
    assert!(!said.contains("Start it"), "{said}");
}
