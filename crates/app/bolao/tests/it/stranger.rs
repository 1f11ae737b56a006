//! The client of `examples/python`, which somebody wrote from the documents alone, against a real node.

use std::{fs, process::Command};

use serde_json::Value;

use crate::support::{done, run_node, temp};

const CLIENT: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../../examples/python/bolao_client.py"
);
const MATCHES: &str = "14 June 2099 20:00 UTC Spain - Italy\n15 June 2099 18:00 UTC Malta - Chad\n";

/// Whether Python is there with what the client wants.
fn has_python() -> bool {
    let wants = [
        "-c",
        "import cryptography.hazmat.primitives.asymmetric.ed25519",
    ];
    let tried = Command::new("python3").args(wants).output();
    tried.is_ok_and(|output| output.status.success())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_strangers_client_joins_bets_and_reads() {
    if !has_python() {
        println!("SKIPPED: wanted python3 with the package cryptography");
        return;
    }
    let dir = temp();
    let file = dir.path().join("cup.txt");
    fs::write(&file, MATCHES).unwrap();
    let home = dir.path().join("ana").display().to_string();
    let new = ["--home", &home, "new", "Cup", "--as", "ana"];
    let of_file = ["--fixtures", file.to_str().unwrap()];
    done(
        [
            &new[..],
            &of_file[..],
            &["--membership", "invite", "--tips", "open"],
        ]
        .concat(),
    );
    let node = run_node(&dir.path().join("ana"), &[]).await;
    let client = |args: &[&str]| {
        let output = Command::new("python3")
            .arg(CLIENT)
            .args(["--node", &node.url(), "--key"])
            .arg(dir.path().join("stranger.key"))
            .args(args)
            .output()
            .unwrap();
        let [out, error] = [output.stdout, output.stderr].map(|it| String::from_utf8(it).unwrap());
        (output.status.success(), out, error)
    };
    let (joined, _, error) = client(&["join", "Stranger"]);
    assert!(!joined && error.contains("[invitation-needed]"), "{error}");
    let invited: Value =
        serde_json::from_str(&done(["--home", &home, "invite", "--json"])).unwrap();
    let link = invited["link"].as_str().unwrap();
    let (joined, said, error) = client(&["join", "Stranger", "--link", link]);
    assert!(joined && said.contains("a block holds"), "{said}{error}");

    let matches = node.http.get("/api/v1/matches").await.json();
    let code = |at: usize| matches["items"][at]["code"].as_str().unwrap().to_owned();
    let (bet, said, error) = client(&["bet", &code(0), "2-1", &code(1), "0-0", "--stake", "10"]);
    assert!(bet && said.contains("a block holds"), "{said}{error}");
    let bets = node.http.get("/api/v1/players/Stranger/bets").await.json();
    assert_eq!(bets["items"][0]["score"]["home"], 2, "{bets}");
    assert_eq!(bets["items"][1]["stake"], 10, "{bets}");

    let (shown, standings, error) = client(&["standings"]);
    assert!(
        shown && standings.contains("Stranger"),
        "{standings}{error}"
    );
}
