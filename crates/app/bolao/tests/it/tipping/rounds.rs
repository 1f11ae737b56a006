//! Rounds, files, what is missing, and what is refused before anything is sent.

use std::{fs, path::Path, process::Stdio};

use serde_json::{Value, json};

use super::{does, fails, pool, said, soon};
use crate::support::{Daemon, TIMEOUT, bolao, eventually, run_node, temp};

/// Kick-offs: the first match in three hours, the second in three days, the third not scheduled, on which bets are taken all the
/// same: these rules ask for no notice.
fn scheduled(genesis: &mut Value) {
    genesis["rules"]["notice_s"] = json!(0);
    genesis["matches"][2]["kickoff"] = json!(null);
    let now = genesis["created"].as_u64().unwrap();
    genesis["matches"][0]["kickoff"] = json!(now + 3 * 3_600);
    genesis["matches"][1]["kickoff"] = json!(now + 72 * 3_600);
    genesis["rules"]["stake_max"] = json!(400);
}

async fn playing(home: &Path) -> Daemon {
    let node = run_node(home, &[]).await;
    eventually("the player has joined", TIMEOUT, async || {
        (node.status().await["totals"]["players"] == 1).then_some(())
    })
    .await;
    node
}

fn listed(home: &Path, args: &[&str]) -> Vec<String> {
    let (_, output, errors) = said(home, args, "");
    let matches: Vec<Value> = serde_json::from_str(&output).unwrap_or_else(|_| panic!("{errors}"));
    let code = |game: &Value| game["code"].as_str().unwrap().to_owned();
    matches.iter().map(code).collect()
}

#[tokio::test]
async fn a_round_is_tipped_at_once_and_the_missing_are_listed() {
    let dir = temp();
    let homes = pool(dir.path(), &["ana"], scheduled);
    let home = &homes[0];
    let mut node = playing(home).await;
    assert_eq!(
        listed(home, &["missing", "--json"]),
        ["PtCh", "NlEn", "PtNl"]
    );
    let (status, output, errors) = said(home, &["missing", "--within", "24"], "");
    assert_eq!(status, 3, "{output}{errors}");
    assert!(output.contains("Without a time yet:"), "{output}");
    assert!(errors.contains("1 of them closes within 24 h"), "{errors}");
    assert_eq!(said(home, &["missing", "2"], "").0, 0);
    assert_eq!(said(home, &["missing"], "").0, 0);

    // A line for each match of the round.
    let args = ["tip", "--round", "semi-finals", "--stake", "20", "--wait"];
    let (status, output, errors) = said(home, &args, "2-1\n\n");
    assert_eq!(status, 0, "{output}{errors}");
    assert!(
        output.contains("Portugal 2-1 Switzerland  (PtCh; stake 20; open until"),
        "{output}"
    );
    assert!(output.contains("You have 980 chips left."), "{output}");
    assert_eq!(listed(home, &["missing", "--json"]), ["NlEn", "PtNl"]);
    assert_eq!(said(home, &["missing", "24"], "").0, 0);
    assert_eq!(said(home, &["missing", "73"], "").0, 3);

    let file = dir.path().join("tips.csv");
    let path = file.display().to_string();
    fs::write(&file, "match;score;stake\nNlEn;1-1;30\nptnl;0:0;\nPtCh;;\n").unwrap();
    let dry = does(home, &["tip", &path, "--dry-run"]);
    assert!(
        dry.contains("Nothing was sent. 2 bets would leave you 950 chips"),
        "{dry}"
    );
    assert_eq!(listed(home, &["missing", "--json"]), ["NlEn", "PtNl"]);
    let sent: Value =
        serde_json::from_str(&does(home, &["tip", &path, "--wait", "--json"])).unwrap();
    assert_eq!(sent["chips_left"], 950);
    assert_eq!(sent["transactions"].as_array().unwrap().len(), 1, "{sent}");
    let nothing = does(home, &["missing", "1000"]);
    assert_eq!(nothing, "Nothing is missing: every open match has a bet.\n");

    node.terminate().await;
    assert_eq!(
        listed(home, &["missing", "--json", "--player", "ana"]),
        [""; 0]
    );
    let dry = said(home, &["tip", "-", "--dry-run"], "PtCh,0-3\n");
    assert!(dry.1.contains("replaces 2-1; stake 20"), "{dry:?}");
    let unknown = fails(home, &["missing", "--player", "Zoe"], 1);
    assert!(
        unknown.contains("nobody has joined this pool as \"Zoe\""),
        "{unknown}"
    );
}

/// A match without a date, and one that is added or gets its date too late: each takes no bets, and nobody is asked for one.
#[tokio::test]
async fn what_lacks_notice_takes_no_bets_and_is_not_missing() {
    let dir = temp();
    let homes = pool(dir.path(), &["ana"], |genesis| {
        genesis["matches"][1]["kickoff"] = json!(null);
        genesis["matches"][2]["kickoff"] = json!(null);
    });
    let home = &homes[0];
    let node = playing(home).await;
    let missing = || listed(home, &["missing", "--json"]);
    assert_eq!(missing(), ["PtCh"]);
    let refused = fails(home, &["bet", "PtNl", "1-0"], 1);
    assert!(
        refused.contains("PtNl takes no bets until it has a date"),
        "{refused}"
    );

    let new = ["--team1", "A", "--team2", "B", "--stage", "Final"];
    let (soon, later) = (soon(11 * 3_600), soon(13 * 3_600));
    for (code, kickoff, more) in [
        ("PtNl", &soon, &[][..]),
        ("Late", &soon, &new),
        ("NlEn", &later, &[]),
    ] {
        let args = ["schedule", code, "--kickoff", kickoff, "--yes", "--wait"];
        let said = does(home, &[&args, more].concat());
        let warns = said.contains("No bets on it will count");
        assert_eq!(warns, kickoff == &soon, "{said}");
    }
    for code in ["PtNl", "Late"] {
        let refused = fails(home, &["bet", code, "1-0"], 1);
        let why = format!(
            "no bets on {code} count: it was cancelled, or it was added or got its date or teams too late"
        );
        assert!(refused.contains(&why), "{refused}");
    }
    let shown = does(home, &["matches"]);
    assert_eq!(
        shown.matches("no bets count: too late").count(),
        2,
        "{shown}"
    );
    assert_eq!(missing(), ["NlEn", "PtCh"]);
    does(home, &["bet", "NlEn", "1-0", "--wait"]);
    assert_eq!(missing(), ["PtCh"]);
    // A pairing that becomes known too late is better left as it stands, and the bet on it stays.
    let args = ["--kickoff", &soon, "--yes", "--wait"];
    let said = does(home, &[&["schedule", "NlEn"], &args[..]].concat());
    assert!(
        said.contains("1 bet on it will not count; stakes go back."),
        "{said}"
    );
    does(
        home,
        &["schedule", "NlEn", "--kickoff", &later, "--yes", "--wait"],
    );
    // Another date that comes in time.
    does(
        home,
        &["schedule", "PtNl", "--kickoff", &later, "--yes", "--wait"],
    );
    assert_eq!(missing(), ["PtNl", "PtCh"]);
    assert_eq!(node.status().await["totals"]["bets"], 1);
}

#[tokio::test]
async fn what_is_wrong_is_said_before_anything_is_sent() {
    let dir = temp();
    let homes = pool(dir.path(), &["ana"], |genesis| {
        scheduled(genesis);
        genesis["matches"][0]["kickoff"] = json!(1_700_000_000);
    });
    let home = &homes[0];
    let node = playing(home).await;
    for (args, status, sentence) in [
        (
            &["bet", "NlEn", "-1-2"][..],
            2,
            "`-1-2` is not a score: each team has 0 to 99 goals",
        ),
        (
            &["bet", "NlEn", "1--2"],
            2,
            "got `1--2`, wanted a score such as 2-1",
        ),
        (
            &["bet", "NlEn", "100-0"],
            2,
            "got 100 goals, wanted 0 to 99",
        ),
        (
            &["bet", "NlEn", "1-0", "nlen", "2-0"],
            2,
            "`nlen` is there twice",
        ),
        (
            &["bet", "NlEn", "1-0", "--wait", "5"],
            2,
            "write `--wait=5`",
        ),
        (
            &["bet", "--wait", "5", "NlEn", "1-0"],
            2,
            "write `--wait=5`",
        ),
        (&["tip", "--wait", "5"], 2, "write `--wait=5`"),
        (
            &["bet", "NlEn", "1-0", "--stake", "401"],
            1,
            "NlEn: got a stake of 401 chips, this pool takes 0 to 400",
        ),
        (
            &["bet", "NlEn", "1-0", "PtNl", "1-0", "--stake", "400"],
            0,
            "",
        ),
        (
            &["bet", "PtCh", "1-0"],
            1,
            "betting on PtCh ended Tue 14 Nov 2023",
        ),
        (
            &["tip", "--round", "Matchday 1"],
            1,
            "no round called `Matchday 1`: there are Semi-finals, Final",
        ),
        (&["tip", "/nowhere.csv"], 1, "cannot read /nowhere.csv"),
        (&["missing", "soon"], 2, "a whole number of hours"),
        (&["missing", "1", "--within", "2"], 2, "cannot be used with"),
    ] {
        let errors = fails(home, args, status);
        assert!(errors.contains(sentence), "{args:?}: {errors}");
    }
    let file = dir.path().join("tips.csv");
    let path = file.display().to_string();
    for (text, status, sentence) in [
        ("NlEn,2-2\nPtCh,1-0\n", 1, "line 2: betting on PtCh ended"),
        ("NlEn,2-2\n\nXx,1-0\n", 1, "line 3: no match called `Xx`"),
        (
            "NlEn,2-2\nNlEn,1-0\n",
            2,
            "line 2: `NlEn` is in line 1 already",
        ),
        (
            "NlEn,2-2,500\n",
            1,
            "line 1: NlEn: got a stake of 500 chips",
        ),
        (
            "NlEn,2-2\nPtNl,x\n",
            1,
            "line 2: the score of PtNl cannot be used",
        ),
        ("\n", 1, "has no bets"),
    ] {
        fs::write(&file, text).unwrap();
        let errors = fails(home, &["tip", &path], status);
        assert!(errors.contains(sentence), "{text}: {errors}");
    }
    // Of all that only the good one was sent.
    eventually("two bets", TIMEOUT, async || {
        (node.status().await["totals"]["bets"] == 2).then_some(())
    })
    .await;
    let bets = node.http.get("/api/v1/bets").await.json();
    for bet in bets["items"].as_array().unwrap() {
        assert_eq!(
            (&bet["score"]["home"], &bet["stake"]),
            (&json!(1), &json!(400)),
            "{bet}"
        );
    }
    let poor = fails(
        home,
        &[
            "schedule",
            "Extra",
            "--team1",
            "A",
            "--team2",
            "B",
            "--stage",
            "Final",
            "--kickoff",
            &soon(3_600),
            "--yes",
            "--wait",
        ],
        0,
    );
    assert_eq!(poor, "");
    let poor = fails(home, &["bet", "Extra", "1-0", "--stake", "201"], 1);
    assert!(
        poor.contains("takes 201 chips, the account has 200 to spend"),
        "{poor}"
    );
    // Of several bets the first is named for which the chips do not reach.
    let file = dir.path().join("tips.csv");
    fs::write(&file, "NlEn,1-1,400\nExtra,1-0,201\n").unwrap();
    let poor = fails(home, &["tip", &file.display().to_string()], 1);
    assert!(poor.contains("line 2: Extra: "), "{poor}");
    let several = ["bet", "NlEn", "1-1", "Extra", "1-0", "--stake", "301"];
    let poor = fails(home, &several, 1);
    assert!(poor.contains("Extra: ") && !poor.contains("line"), "{poor}");
}

#[tokio::test]
async fn bets_at_once_in_one_home_all_arrive() {
    let dir = temp();
    let homes = pool(dir.path(), &["ana"], scheduled);
    let _node = playing(&homes[0]).await;
    let bets: Vec<_> = (0..5)
        .map(|goals| {
            let score = format!("{goals}-0");
            let mut command = bolao();
            command
                .arg("--home")
                .arg(&homes[0])
                .args(["bet", "PtCh", &score]);
            command.stdout(Stdio::null()).stderr(Stdio::piped());
            command.spawn().unwrap()
        })
        .collect();
    for bet in bets {
        let output = bet.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
    }
}
