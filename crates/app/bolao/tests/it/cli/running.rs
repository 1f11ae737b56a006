//! Commands on the home of a node that runs.

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use super::Home;

const TIMEOUT: Duration = Duration::from_secs(20);

/// A node that is killed when the test ends, however it ends.
struct Node {
    child: Child,
    url: String,
}

impl Node {
    fn start(home: &Home, arguments: &[&str]) -> Self {
        let mut child = home
            .command(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut url = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut url)
            .unwrap();
        let url = url.trim().to_owned();
        assert!(url.starts_with("http://"), "got {url:?}");
        Self { child, url }
    }

    /// Sends a signal and gives the status that the node ends with, and how long it took.
    fn stop(mut self, signal: &str) -> (Option<i32>, Duration) {
        let began = Instant::now();
        let sent = Command::new("kill")
            .args([signal, &self.child.id().to_string()])
            .status()
            .unwrap();
        assert!(sent.success());
        (self.child.wait().unwrap().code(), began.elapsed())
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let end = Instant::now() + TIMEOUT;
    while !holds() {
        assert!(Instant::now() < end, "not within {TIMEOUT:?}: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_player_bets_mines_reads_and_audits() {
    let home = Home::new();
    let node = Node::start(&home, &["classic", "0"]);
    let text = home.fails(1, &["bet", "PtCh", "2-1"]);
    assert!(text.contains("--name"), "{text}");
    let genesis = home.path().join("genesis.json");
    home.ok(&["join", genesis.to_str().unwrap(), "--name", "Anna"]);

    let said = home.ok(&["bet", "ptch", "2-1", "NlEn", "1:1", "--stake", "7"]);
    assert!(said.contains("Portugal 2-1 Switzerland"), "{said}");
    assert!(said.contains("open until it is scheduled"), "{said}");
    assert_eq!(home.json(&["bets", "--json"]), json!([]));
    let text = home.fails(1, &["bet", "PtCh", "2-1", "--wait=0"]);
    assert!(text.contains("bolao mine"), "{text}");

    let mined = home.ok(&["mine", "--count", "2"]);
    assert_eq!(mined.lines().count(), 2, "{mined}");
    assert!(mined.contains("Block 1 with 3 transactions"), "{mined}");
    assert!(mined.contains("H/s"), "{mined}");

    let bets = home.json(&["bets", "--player", "anna", "--json"]);
    assert_eq!(bets.as_array().unwrap().len(), 2);
    assert_eq!(bets[0]["match"]["code"], "PtCh");
    assert_eq!(bets[1]["stake"], 7);
    assert!(home.ok(&["bets", "--match", "nlen"]).contains("1-1"));
    assert!(home.ok(&["players"]).contains("Anna"));
    assert!(home.ok(&["matches"]).contains("open"));
    let text = home.fails(1, &["bet", "Nope", "1-0"]);
    assert!(text.contains("2 (Netherlands – England)"), "{text}");

    let block = home.json(&["chain", "1", "--json"]);
    assert_eq!(block["transactions"].as_array().unwrap().len(), 3);
    let shown = home.ok(&["chain", "1"]);
    assert!(
        shown.contains("Anna joins the pool.") && shown.contains("Anna bets: PtCh 2-1."),
        "{shown}"
    );
    assert_eq!(
        home.json(&["chain", "-n", "2", "--json"])
            .as_array()
            .unwrap()
            .len(),
        2
    );
    let status = home.json(&["status", "--json"]);
    assert_eq!(status["running"], true);
    assert_eq!(status["tip"]["height"], 2);
    assert!(home.ok(&["status"]).contains(&node.url));
    assert!(
        home.ok(&["peers"])
            .contains("not connected to any other node yet")
    );

    let running = home.json(&["audit", "--json"]);
    assert_eq!(running["verdict"], "clean");
    assert_eq!(running["tip"], status["tip"]["hash"]);
    let text = home.fails(1, &["reindex"]);
    assert!(text.contains("stop"), "{text}");
    let text = home.fails(1, &["classic", "0"]);
    assert!(text.contains("another node"), "{text}");

    let (code, took) = node.stop("-TERM");
    assert_eq!(code, Some(0));
    assert!(took < Duration::from_secs(5), "{took:?}");
    assert_eq!(home.json(&["audit", "--json"]), running);
    assert_eq!(home.json(&["bets", "--player", "anna", "--json"]), bets);
    home.ok(&["reindex"]);
    assert_eq!(home.json(&["audit", "--json"]), running);
}

#[test]
fn a_node_that_was_killed_is_read_from_its_disk() {
    let home = Home::new();
    let node = Node::start(&home, &["classic", "0"]);
    home.ok(&["mine", "--count", "3"]);
    let tip = home.json(&["status", "--json"])["tip"].clone();
    node.stop("-KILL");
    let status = home.json(&["status", "--json"]);
    assert_eq!(status["running"], false);
    assert_eq!(status["tip"], tip);
    assert_eq!(home.json(&["audit", "--json"])["verdict"], "clean");
}

#[test]
fn a_friend_joins_by_url_finds_the_node_and_schedules_nothing() {
    let organiser = Home::with_pool();
    let node = Node::start(&organiser, &["run", "-p", "0"]);
    let friend = Home::new();
    friend.ok(&["join", &node.url, "--name", "John"]);
    let second = Node::start(&friend, &["run", "-p", "0", "--mine", "manual"]);
    assert_ne!(node.url, second.url);
    let names = |home: &Home| -> Vec<String> {
        let players = home.json(&["players", "--json"]);
        let names = players.as_array().unwrap().iter();
        names
            .map(|player| player["name"].as_str().unwrap().to_owned())
            .collect()
    };
    eventually("both have joined and both nodes know it", || {
        [&organiser, &friend]
            .iter()
            .all(|home| names(home).len() == 2)
    });
    assert!(friend.ok(&["peers"]).contains("127.0.0.1"));

    let text = friend.fails(
        1,
        &["schedule", "PtCh", "--kickoff", "2100-01-01T12:00:00Z"],
    );
    assert!(text.contains("organisers"), "{text}");
    organiser.ok(&[
        "schedule",
        "New1",
        "--team1",
        "A",
        "--team2",
        "B",
        "--stage",
        "Friendly",
        "--kickoff",
        "2100-01-01T12:00:00Z",
        "--yes",
        "--wait",
    ]);
    let added = |home: &Home| home.json(&["matches", "--json"])[4].clone();
    eventually("the friend's node has the new match", || {
        added(&friend) != Value::Null
    });
    assert_eq!(added(&friend)["no"], 5);
    assert_eq!(added(&friend)["kickoff"], "2100-01-01T12:00:00Z");
    let said = friend.ok(&["bet", "new1", "3-0", "--wait=18446744073709551615"]);
    assert!(said.contains("includes it"), "{said}");
    // The matches of 2019 are over.
    let text = friend.fails(1, &["bet", "PtCh", "3-0"]);
    assert!(text.contains("bet-after-kickoff"), "{text}");
    let text = friend.fails(1, &["bet", "PtCh", "3-0", "--json"]);
    let problem: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(problem["code"], "bet-after-kickoff");
    assert_eq!(node.stop("-INT").0, Some(0));

    // A stopped home says what an act would do, and sends nothing.
    let said = organiser.ok(&["organisers", "add", "John", "--dry-run"]);
    assert!(said.contains("John is an organiser"), "{said}");
    assert!(said.contains("Nothing was sent"), "{said}");
    let said = organiser.fails(1, &["organisers", "add", "John", "--yes"]);
    assert!(said.contains("not running"), "{said}");
}

#[test]
fn the_seed_server_says_where_it_is() {
    let home = Home::new();
    let dir = home.0.path().join("seed");
    let seed = Node::start(&home, &["seed", "-p", "0", "-d", dir.to_str().unwrap()]);
    assert!(seed.url.starts_with("http://127.0.0.1:"), "{}", seed.url);
    let port = seed.url.rsplit(':').next().unwrap().to_owned();
    let text = home.fails(1, &["seed", "-p", &port, "-d", dir.to_str().unwrap()]);
    assert!(text.contains("choose another port"), "{text}");
    assert_eq!(seed.stop("-TERM").0, Some(0));
}

#[test]
fn the_port_is_kept_over_restarts() {
    let home = Home::with_pool();
    let first = Node::start(&home, &["run", "--mine", "manual", "--no-join"]);
    let url = first.url.clone();
    assert_eq!(first.stop("-TERM").0, Some(0));
    let second = Node::start(&home, &["run", "--mine", "manual", "--no-join"]);
    assert_eq!(second.url, url);
}

/// The body of a node's answer.
fn fetch(url: &str, path: &str) -> Vec<u8> {
    let mut stream = TcpStream::connect(url.trim_start_matches("http://")).unwrap();
    write!(stream, "GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let head = answer
        .windows(4)
        .position(|end| end == b"\r\n\r\n")
        .unwrap();
    answer.split_off(head + 4)
}

/// Answers requests for these paths with these bodies, until the test ends.
fn pretend(answers: Vec<(&'static str, Vec<u8>)>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = String::new();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            while reader.read_line(&mut request).unwrap() > 2 {}
            let answer = answers.iter().find(|(path, _)| request.contains(path));
            let (_, body) = answer.unwrap_or_else(|| panic!("{request}"));
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                body.len()
            );
            // An audit that has found the fault reads no further.
            let _ = stream
                .write_all(head.as_bytes())
                .and_then(|()| stream.write_all(body));
        }
    });
    url
}

#[test]
fn an_audit_finds_what_a_node_forged() {
    let home = Home::new();
    let node = Node::start(&home, &["classic", "0"]);
    home.ok(&["mine", "--count", "3"]);
    // Through localhost, as the node itself names it.
    let url = node.url.replace("localhost", "127.0.0.1");
    let told = ["/status", "/late-blocks", "/matches", "/log"]
        .map(|path| (path, fetch(&url, &format!("/api/v1{path}"))));
    let export = fetch(&url, "/api/v1/export");
    node.stop("-TERM");
    let audit = |export: Vec<u8>| {
        let url = pretend([&told[..], &[("/export", export)]].concat());
        let running = json!({ "url": url, "pid": 1 }).to_string();
        fs::write(home.path().join("running.json"), running).unwrap();
        let output = home.run(&["audit", "--json"]);
        let verdict: Value = serde_json::from_slice(&output.stdout).unwrap();
        (output.status.code(), verdict)
    };
    let (code, verdict) = audit(export.clone());
    assert_eq!((code, &verdict["verdict"]), (Some(0), &json!("clean")));

    // Magic, tip (4 + 1 + 32 + 32 + 8 + 32 + 8 bytes), then length and kind of the first block.
    let first_block = 16 + 117 + 4 + 1 + 4;
    let mut forged = export.clone();
    forged[first_block + 40] ^= 1;
    let (code, verdict) = audit(forged);
    assert_eq!((code, &verdict["verdict"]), (Some(1), &json!("broken")));
    assert_eq!(verdict["place"], "block 1", "{verdict}");

    let cut = export[..export.len() - 3].to_vec();
    let (code, verdict) = audit(cut);
    assert_eq!((code, &verdict["place"]), (Some(1), &json!("state")));
}
