//! `bolao demo`, whose end leaves nothing behind.

use std::{
    fs,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use rustix::process::Signal;

use crate::support::{TIMEOUT, bolao, eventually, signal, temp};

/// What `--headless` may take.
const LIMIT: Duration = Duration::from_mins(2);
/// What the World Cup may take.
const CUP_LIMIT: Duration = Duration::from_mins(10);

/// Starts a demo whose files are in a directory of the test's.
fn start(dir: &Path, args: &[&str]) -> Child {
    fs::create_dir(dir.join("tmp")).unwrap();
    let out = fs::File::create(dir.join("out")).unwrap();
    bolao()
        .env("BOLAO_PASSPHRASE", "that of a wallet of yours")
        .args(["demo", "--port", "0"])
        .args(args)
        .env("TMPDIR", dir.join("tmp"))
        .stdout(out.try_clone().unwrap())
        .stderr(out)
        .stdin(Stdio::null())
        .spawn()
        .unwrap()
}

fn said(dir: &Path) -> String {
    fs::read_to_string(dir.join("out")).unwrap()
}

fn is_empty(dir: &Path) -> bool {
    fs::read_dir(dir).unwrap().next().is_none()
}

/// Processes that have something to do with a directory, as far as the system tells.
fn processes_of(dir: &Path) -> Vec<String> {
    let dir = dir.display().to_string();
    fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .filter_map(|entry| fs::read(entry.ok()?.path().join("cmdline")).ok())
        .map(|line| String::from_utf8_lossy(&line).replace('\0', " "))
        .filter(|line| line.contains(&dir))
        .collect()
}

/// What `--headless` said, which has ended well and left nothing behind.
async fn told(args: &[&str], limit: Duration) -> String {
    let dir = temp();
    let started = Instant::now();
    let mut demo = start(dir.path(), &[&["--headless"], args].concat());
    let status = eventually("the end of the demo", limit, async || {
        demo.try_wait().unwrap()
    })
    .await;
    let said = said(dir.path());
    println!("{said}\n{:?}", started.elapsed());
    assert!(status.success(), "{status}");
    assert!(!said.contains('\u{1b}'), "colours without a terminal");
    assert!(is_empty(&dir.path().join("tmp")), "files are left");
    assert_eq!(processes_of(dir.path()), Vec::<String>::new());
    said
}

/// Asserts that these words are said, one after the other.
fn in_order(said: &str, words: &[&str]) {
    let mut rest = said;
    for words in words {
        let Some((_, after)) = rest.split_once(words) else {
            panic!("`{words}` is missing, or not where it should be:\n{rest}");
        };
        rest = after;
    }
}

/// The table that follows a heading, its cells apart from each other.
fn table<'a>(said: &'a str, heading: &str) -> Vec<Vec<&'a str>> {
    let (_, rest) = said.split_once(heading).unwrap();
    let cells = |line: &'a str| line.split_whitespace().collect::<Vec<_>>();
    rest.lines()
        .skip_while(|line| !cells(line).starts_with(&["#"]))
        .skip(1)
        .map(cells)
        .take_while(|row| row.get(1) != Some(&"s"))
        .collect()
}

#[tokio::test]
async fn headless_tells_the_whole_story() {
    let said = told(&[], LIMIT).await;
    in_order(
        &said,
        &[
            "1. Invitations",
            "invitation-only, sealed bets, 1000 chips each, results by 2 of 3 organisers",
            "ana makes a link for 3 friends",
            "mallory copies fabio's invitation",
            "nuno got the link too late and is refused",
            "2. Sealed bets",
            "what ana's own node, an organiser's, knows of PtCh:",
            "sealed",
            "is down",
            "is back",
            "3. Kick-offs",
            "eva tries PtCh 3-1 through node 2 and is refused",
            "eva, who runs no node, opens the bet on PtCh with the wallet",
            "the nodes opened their owners' bets on PtCh automatically",
            "fabio forgets to open",
            "4. Results",
            "bruno signs NlEn 3–1 after 90 minutes: 2 of 2",
            "davi objects",
            "carla signs NlEn 1–1 after 90 minutes, 3–1 after extra time: 1 of 2",
            "the organisers corrected the result",
            // A draw is a draw: whoever had tipped the score after extra time has nothing left.
            "bruno   4              0",
            "davi    3              7",
            // 260 chips in proportion to stake × points: ana 50 × 2, carla 30 × 4, davi 40 × 3, eva 20 × 2. That is 68.4,
            // 82.1, 82.1 and 27.4; the chip left over goes to the largest remainder.
            "its pot of 260 chips is paid by stake × points: ana 69, carla 82, davi 82, eva 27",
            // 240 chips: carla 20 × 2, davi 60 × 4, eva 40 × 2.
            "its pot of 240 chips is paid by stake × points: carla 27, davi 160, eva 53",
            "The last day",
            "bruno signs Third 0–0 after 90 minutes, 0–0 after extra time, 5–6 on penalties: 1 of 2",
            // 100 chips: ana 10 × 2, carla 10 × 2. Whoever tipped England has no points: it was a draw.
            "its pot of 100 chips is paid by stake × points: ana 50, carla 50",
            // 370 chips, points double: ana 100 × 8, bruno 50 × 4, davi 100 × 6, eva 50 × 8, fabio 50 × 6.
            "its pot of 370 chips is paid by stake × points: ana 129, bruno 32, davi 97, eva 64, fabio 48",
            "it is Portugal: 10 points for carla",
            "5. Standings, receipts, audit",
            "chips: 6000 with players + 0 in pots = 6000 given out",
            "carla writes a receipt for the bet on PtCh",
            "In your chain: these bets are in block ",
            "a sealed score",
            "`bolao verify` found it in ana's chain",
            "Bet 3-1",
            "with one bit changed is refused: this slip proves nothing: ",
            "every audit is clean",
        ],
    );
    // Exact 4, difference 3, tendency 2, another draw 2; the final counts twice. PtCh 3-1, NlEn 1-1, Third 0-0, Final 1-0:
    //
    //          PtCh      NlEn      Third     Final
    // davi     2-0  3    1-1  4    –         2-1  6    13
    // ana      2-1  2    2-1  0    1-1  2    1-0  8    12
    // eva      1-0  2    2-2  2    1-2  0    1-0  8    12   as ana: one exact score, two tendencies
    // carla    3-1  4    0-0  2    2-2  2    0-1  0    18   10 of them for the champion
    // fabio    not open  1-2  0    0-1  0    2-1  6     6
    // bruno    1-1  0    3-1  0    0-2  0    2-0  4     4
    //
    // Place, player, points, exact scores, differences, tendencies, missing, and 1,000 chips less stakes plus shares.
    let mut rows = table(&said, "5. Standings");
    rows.sort_by_key(|row| (row[0], row[1]));
    assert_eq!(
        rows,
        [
            ["1", "carla", "18", "1", "0", "2", "0", "1079"],
            ["2", "davi", "13", "1", "2", "0", "1", "1139"],
            ["3", "ana", "12", "1", "0", "2", "0", "1078"],
            ["3", "eva", "12", "1", "0", "2", "0", "1004"],
            ["5", "fabio", "6", "0", "1", "0", "1", "888"],
            ["6", "bruno", "4", "0", "0", "1", "0", "812"],
        ]
    );
}

#[tokio::test]
async fn visitors_can_copy_the_commands() {
    let dir = temp();
    let mut demo = start(dir.path(), &["--no-open"]);
    eventually("the visitor's turn", LIMIT, async || {
        assert!(demo.try_wait().unwrap().is_none(), "{}", said(dir.path()));
        said(dir.path()).contains("Ctrl-C ends").then_some(())
    })
    .await;
    let story = said(dir.path());
    let (_, turn) = story.split_once("6. Your turn").unwrap();
    let commands: Vec<Vec<&str>> = turn
        .lines()
        .filter(|line| line.contains(" --home "))
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert_eq!(commands.len(), 6, "{turn}");
    for command in commands {
        let output = Command::new(command[0])
            .args(&command[1..])
            .output()
            .unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{command:?}: {error}");
        let said = String::from_utf8(output.stdout).unwrap();
        match command[3] {
            "bet" => assert!(said.contains("You have 950 chips left"), "{said}"),
            "standings" => assert!(said.contains("guest (you)"), "{said}"),
            _ => assert!(!said.is_empty(), "{command:?}"),
        }
    }
    let link = turn.lines().find(|line| line.contains("/join#")).unwrap();
    let other = dir.path().join("other");
    let joins = Command::new(env!("CARGO_BIN_EXE_bolao"))
        .args(["--home", other.to_str().unwrap(), "join", link.trim()])
        .args(["--name", "zoe"])
        .output()
        .unwrap();
    assert!(joins.status.success(), "{joins:?}");
    signal(&demo, Signal::INT);
    let status = eventually("the end after a signal", TIMEOUT, async || {
        demo.try_wait().unwrap()
    })
    .await;
    assert!(status.success(), "the whole story was told: {status}");
    assert!(is_empty(&dir.path().join("tmp")), "files are left");
    assert_eq!(processes_of(dir.path()), Vec::<String>::new());
}

#[tokio::test]
async fn headless_plays_the_world_cup_slow() {
    let said = told(&["--tournament", "world-cup-2026"], CUP_LIMIT).await;
    in_order(
        &said,
        &[
            "Matchday 1: 24 matches, 12 players seal their bets",
            "After",
            "ana fills the open places of 16 matches, such as: 2A–2B is South Africa–Canada",
            "Round of 32: 16 matches",
            "Germany–Paraguay 1–1 after 90 minutes, 1–1 after extra time, 3–4 on penalties",
            "W101–W102 is Spain–Argentina",
            "results signed by 2 of 3, such as Spain–Argentina 0–0 after 90 minutes, 1–0 after extra time",
            "all 104 results are final and every pot is paid; 17 bets were never opened",
            "5. Standings, receipts, audit",
            "chips: 12000 with players + 0 in pots = 12000 given out",
            "In your chain: these bets are in block ",
            "with one bit changed is refused",
            "every audit is clean",
        ],
    );
    let rows = table(&said, "5. Standings");
    assert_eq!(rows.len(), 12);
    let sum: u64 = rows.iter().map(|row| row[7].parse::<u64>().unwrap()).sum();
    assert_eq!(sum, 12_000);
}

#[test]
fn an_unknown_tournament_names_those_there_are() {
    let output = bolao()
        .args(["demo", "--tournament", "euro-2024"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.contains("nations-league-2019, world-cup-2026"),
        "{said}"
    );
}

/// Waits until the demo's nodes run.
async fn running(dir: &Path, demo: &mut Child) {
    eventually("the nodes of the demo", TIMEOUT, async || {
        assert!(demo.try_wait().unwrap().is_none(), "{}", said(dir));
        said(dir).contains("node 4 is").then_some(())
    })
    .await;
    assert!(processes_of(dir).len() >= 5, "{:?}", processes_of(dir));
}

#[tokio::test]
async fn interrupted_it_clears_up() {
    for (kind, args) in [
        (Signal::TERM, ["--no-open"].as_slice()),
        (Signal::INT, &["--headless"]),
    ] {
        let dir = temp();
        let mut demo = start(dir.path(), args);
        running(dir.path(), &mut demo).await;
        signal(&demo, kind);
        let status = eventually("the end after a signal", TIMEOUT, async || {
            demo.try_wait().unwrap()
        })
        .await;
        assert!(
            !status.success(),
            "it had not told the whole story: {status}"
        );
        assert!(is_empty(&dir.path().join("tmp")), "files are left");
        assert_eq!(processes_of(dir.path()), Vec::<String>::new());
    }
}

#[tokio::test]
async fn killed_it_leaves_nothing_either() {
    let dir = temp();
    let mut demo = start(dir.path(), &["--headless"]);
    running(dir.path(), &mut demo).await;
    demo.kill().unwrap();
    demo.wait().unwrap();
    eventually("the end of all its processes", TIMEOUT, async || {
        processes_of(dir.path()).is_empty().then_some(())
    })
    .await;
    eventually("the removal of its files", TIMEOUT, async || {
        is_empty(&dir.path().join("tmp")).then_some(())
    })
    .await;
}

#[test]
fn a_port_that_is_taken_is_named() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = bolao()
        .args(["demo", "--headless", "--port", &port])
        .output()
        .unwrap();
    assert!(!output.status.success());
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains(&port) && said.contains("--port"), "{said}");
}
