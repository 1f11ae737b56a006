//! `bolao start`: from an empty home to a running node by what the page of the first run asks for.

use std::{fs, path::Path, sync::Arc};

use axum::{Json, Router, http::StatusCode, routing::get};
use serde_json::{Value, json};
use tokio::{
    net::TcpListener,
    sync::{mpsc, oneshot},
};

use crate::support::{Answer, Daemon, TIMEOUT, done, easy_pool, eventually, free_port, temp};

const MATCHES: &str = "Date,Time,Home,Away,Round\n\
    2099-06-01,12:00,Brazil,Ghana,Matchday 1\n\
    2099-06-02,18:00,Ghana,Japan,Matchday 2\n";

/// A process of `bolao start`, and what its page knows.
struct Page {
    daemon: Daemon,
    code: String,
}

impl Page {
    async fn open(home: &Path, log: &Path) -> Self {
        let port = free_port();
        let number = port.number().to_string();
        let home = home.display().to_string();
        let args = [
            "--home",
            &home,
            "start",
            "--no-browser",
            "--here",
            "-p",
            &number,
            "--threads",
            "1",
        ];
        let args = args.iter().map(ToString::to_string).collect();
        let daemon = Daemon::begin(args, port, log.to_owned());
        let address = format!("http://127.0.0.1:{number}/start#");
        let code = eventually("the page's address", TIMEOUT, async || {
            let log = daemon.log();
            let line = log.lines().find(|line| line.starts_with(&address))?;
            Some(line.trim_start_matches(&address).to_owned())
        })
        .await;
        Self { daemon, code }
    }

    async fn ask(&self, path: &str, secret: &str, body: Value) -> Answer {
        let http = &self.daemon.http;
        let request = http.request("POST", &format!("/api/start/{path}"));
        let request = request.bearer_auth(secret).body(body.to_string());
        http.send(request).await
    }

    async fn token(&self) -> String {
        let begun = self.ask("begin", &self.code, json!({})).await.json();
        begun["token"].as_str().unwrap().to_owned()
    }

    /// Waits for the node, which answers on the same port.
    async fn becomes_a_node(&mut self) -> Value {
        self.daemon.wait().await;
        self.daemon.status().await
    }
}

fn pool() -> Value {
    json!({
        "name": "Our cup", "player": "Ana",
        "fixtures": { "text": MATCHES, "zone": "Europe/Lisbon" },
        "rules": {
            "membership": "invite", "tips": "sealed", "opening_window": "3d", "consensus": "pos",
        },
    })
}

#[tokio::test]
async fn a_pool_is_made_in_the_browser_and_a_friend_joins_it_there() {
    let dir = temp();
    let (ana, bruno) = (dir.path().join("ana"), dir.path().join("bruno"));
    let mut page = Page::open(&ana, &dir.path().join("ana.log")).await;
    assert!(!ana.exists(), "nothing is written before it is asked for");

    let begun = page.ask("begin", &page.code, json!({})).await.json();
    assert_eq!(begun["has_wallet"], false);
    assert_eq!(begun["rules"]["tips"], "sealed");
    assert!(
        begun["schemes"]
            .as_array()
            .unwrap()
            .contains(&json!("kicktipp"))
    );
    let token = begun["token"].as_str().unwrap().to_owned();

    let unzoned = page
        .ask("fixtures", &token, json!({ "text": MATCHES }))
        .await;
    let problem: Value = serde_json::from_str(&unzoned.text).unwrap();
    assert_eq!(
        (unzoned.status, &problem["code"]),
        (422, &json!("zone-needed"))
    );
    let ask = json!({ "text": MATCHES, "zone": "Europe/Lisbon" });
    let shown = page.ask("fixtures", &token, ask).await.json();
    assert_eq!(shown["matches"].as_array().unwrap().len(), 2);
    assert_eq!(shown["matches"][0]["home"]["team"]["name"], "Brazil");
    assert_eq!(shown["odd"], json!([]));
    assert_eq!(shown["matches"][0]["kickoff"], "2099-06-01T11:00:00Z");

    // What was shown is what is played.
    let mut wanted = pool();
    wanted["fixtures"] = json!({ "text": shown["file"] });
    let dry = page
        .ask("pool?dry_run=true", &token, wanted.clone())
        .await
        .json();
    assert_eq!(dry["written"], false);
    let [sentences, said] = ["sentences", "said"].map(|it| dry[it].as_array().unwrap().len());
    assert!(sentences > 0 && said == sentences, "{dry}");
    assert!(!ana.exists());

    let made = page.ask("pool", &token, wanted).await.json();
    assert_eq!(made["name"], "Our cup");
    assert_eq!(made["player"], "Ana");
    assert_eq!(made["words"].as_str().unwrap().split(' ').count(), 24);
    let size = made["qr"].as_array().unwrap().len();
    assert!(size >= 21 && made["qr"][0].as_str().unwrap().len() == size);
    let link = made["link"].as_str().unwrap().to_owned();
    assert!(
        link.starts_with(&format!("{}/join#", page.daemon.url())),
        "{link}"
    );

    let status = page.becomes_a_node().await;
    assert_eq!(status["pool"], made["pool"]);
    let rules = page.daemon.http.get("/api/v1/pool/rules").await.json();
    for quorum in ["results_quorum", "schedule_quorum", "organisers_quorum"] {
        assert_eq!(rules["rules"][quorum], "two-once-two", "{quorum}");
    }
    let pool = page.daemon.http.get("/api/v1/pool").await.json();
    assert_eq!(pool["organisers"][0]["account"], made["account"]);
    let player = format!("/api/v1/players/{}", made["account"].as_str().unwrap());
    eventually("Ana is in", TIMEOUT, async || {
        let answer = page.daemon.http.get(&player).await;
        (answer.status == 200).then_some(())
    })
    .await;
    let gone = page.ask("pool", &token, pool_of(&made)).await;
    assert_eq!(gone.status, 404, "the first run is over: {gone:?}");
    let home = ana.display().to_string();
    let words = done(["--home", &home, "wallet", "words", "--yes"]);
    let words: Vec<&str> = words
        .split_whitespace()
        .filter(|word| word.chars().all(char::is_lowercase))
        .collect();
    assert_eq!(words.join(" "), made["words"].as_str().unwrap());

    let mut friend = Page::open(&bruno, &dir.path().join("bruno.log")).await;
    let token = friend.token().await;
    let taken = json!({ "link": link, "player": "ana" });
    let refused = friend.ask("join", &token, taken).await.problem();
    assert!(refused.contains("is taken"), "{refused}");
    assert_is_for_people(&refused);
    let ask = json!({ "link": link, "player": "Bruno" });
    let joined = friend.ask("join", &token, ask).await.json();
    assert_eq!(
        (&joined["pool"], &joined["may_enter"]),
        (&made["pool"], &json!(true))
    );
    assert_ne!(joined["account"], made["account"]);
    assert_eq!(friend.becomes_a_node().await["pool"], made["pool"]);
    eventually("Bruno is in", 3 * TIMEOUT, async || {
        let answer = page.daemon.http.get("/api/v1/players/bruno").await;
        (answer.status == 200).then_some(())
    })
    .await;

    // Later it only runs the node.
    let (ended, _) = page.daemon.terminate().await;
    assert!(ended.success());
    page.daemon.spawn();
    assert_eq!(page.becomes_a_node().await["pool"], made["pool"]);
    let again = done(["--home", &home, "start", "--no-browser"]);
    assert!(again.contains("is already running"), "{again}");
}

fn pool_of(made: &Value) -> Value {
    let mut wanted = pool();
    wanted["name"] = made["name"].clone();
    wanted
}

#[tokio::test]
async fn only_the_page_that_was_opened_may_begin() {
    let dir = temp();
    let home = dir.path().join("home");
    let page = Page::open(&home, &dir.path().join("log")).await;
    for secret in ["", "0000", &page.code[1..]] {
        page.ask("begin", secret, json!({})).await.problem();
    }
    let foreign = |name: &'static str, value: &'static str| {
        let request = page.daemon.http.request("POST", "/api/start/begin");
        let request = request.bearer_auth(&page.code).header(name, value);
        page.daemon.http.send(request)
    };
    assert_eq!(foreign("origin", "http://evil.example").await.status, 403);
    assert_eq!(foreign("sec-fetch-site", "cross-site").await.status, 403);
    assert_eq!(foreign("host", "evil.example").await.status, 421);
    let token = page.token().await;
    let again = page.ask("begin", &page.code, json!({})).await.problem();
    assert!(again.contains("already been opened"), "{again}");
    for path in ["fixtures", "pool", "join"] {
        for secret in ["", &page.code, &token[1..]] {
            assert_eq!(page.ask(path, secret, pool()).await.status, 401, "{path}");
        }
    }
    // Nothing is read from who has no token, not even what is too long.
    let long = json!({ "text": "x".repeat(16 << 20) });
    assert_eq!(page.ask("fixtures", "", long.clone()).await.status, 401);
    let long = page.ask("fixtures", &token, long).await;
    assert_eq!(long.status, 413);
    assert!(long.problem().contains("longer than this route accepts"));
    let asked = page.ask("pool?dry_run=x", &token, pool()).await.problem();
    assert_eq!(asked, "`dry_run`: wanted true or false");
    let inner = page.ask("fixtures", &token, json!(7)).await.problem();
    assert_eq!(inner, "got `7`, wanted an object");
    assert!(!home.exists());
    let http = &page.daemon.http;
    http.get("/api/v1/status").await.problem();
    let front = http.request("GET", "/").header("accept", "text/html");
    assert!([200, 303].contains(&http.send(front).await.status));
    let lost = http
        .request("GET", "/nowhere")
        .header("accept", "text/html");
    let lost = http.send(lost).await;
    assert_eq!((lost.status, lost.header("location")), (303, "/start"));
}

#[tokio::test]
async fn what_cannot_be_made_says_why_and_changes_nothing() {
    let dir = temp();
    let home = dir.path().join("home");
    let page = Page::open(&home, &dir.path().join("log")).await;
    let token = page.token().await;
    for (path, ask, said) in [
        (
            "fixtures",
            json!({}),
            "one of `text`, `url` and `competition`",
        ),
        (
            "fixtures",
            json!({ "text": "x", "url": "http://a" }),
            "one of",
        ),
        (
            "fixtures",
            json!({ "url": "file:///etc/passwd" }),
            "http://",
        ),
        ("fixtures", json!({ "text": "<html>" }), "web page"),
        (
            "fixtures",
            json!({ "text": "x", "zone": "Mars/One" }),
            "time zone",
        ),
        (
            "fixtures",
            json!({ "text": "x", "more": 1 }),
            "there is no field `more`",
        ),
        (
            "join",
            json!({ "link": "genesis.json", "player": "Ana" }),
            "invitation link",
        ),
        (
            "fixtures",
            json!({ "text": "{\"name\": \"Cup\", \"matches\": [" }),
            "copy or save the whole file again",
        ),
        (
            "fixtures",
            json!({ "url": "http://127.0.0.1:1/cup.json" }),
            "nothing answers there",
        ),
        (
            "join",
            json!({ "link": "http://127.0.0.1:1/join#AQ", "player": "Ana" }),
            "",
        ),
        (
            "join",
            json!({ "link": "http://127.0.0.1:1", "player": "Ana" }),
            "nothing answers there",
        ),
        (
            "join",
            json!({ "link": "", "player": "Ana (organiser)" }),
            "could mislead",
        ),
    ] {
        let refused = page.ask(path, &token, ask.clone()).await.problem();
        assert!(refused.contains(said), "{ask}: {refused}");
        assert_is_for_people(&refused);
    }
    for (path, ask, code, line) in [
        (
            "fixtures",
            json!({ "text": format!("{MATCHES}19:00 hello"), "zone": "UTC" }),
            "no-teams",
            json!(4),
        ),
        (
            "fixtures",
            json!({ "text": "31 June 2030 19:00 Portugal v Spain", "zone": "UTC" }),
            "bad-line",
            json!(1),
        ),
        (
            "fixtures",
            json!({ "text": "<html>" }),
            "bad-fixtures",
            Value::Null,
        ),
        (
            "join",
            json!({ "link": "http://127.0.0.1:1/join#AQ", "player": "Ana" }),
            "bad-invitation",
            Value::Null,
        ),
        (
            "join",
            json!({ "link": "hello", "player": "Ana" }),
            "no-link",
            Value::Null,
        ),
        (
            "join",
            json!({ "link": "http://127.0.0.1:1", "player": "Ana" }),
            "away",
            Value::Null,
        ),
    ] {
        let refused = page.ask(path, &token, ask).await;
        let problem: Value = serde_json::from_str(&refused.text).unwrap();
        assert_eq!((&problem["code"], &problem["line"]), (&json!(code), &line));
    }
    let mut wanted = pool();
    wanted["rules"]["results"] = json!("2-of-3");
    let refused = page.ask("pool", &token, wanted).await.problem();
    assert!(refused.contains("organiser"), "{refused}");
    assert_is_for_people(&refused);
    assert!(!home.exists());
    // It goes on.
    page.ask("pool", &token, pool()).await.json();
    assert!(home.join("genesis.json").exists());
}

/// A page has no flags, its reader has not written the lines of what it sends, and knows no numbers of the system's errors.
fn assert_is_for_people(said: &str) {
    for machines in [" --", "column", "os error"] {
        assert!(!said.contains(machines), "{said}");
    }
}

/// A friend's node that says what its pool is once it is told to, and how it is.
struct SlowFriend {
    url: String,
    asked: mpsc::Receiver<oneshot::Sender<(StatusCode, String)>>,
}

impl SlowFriend {
    async fn start() -> Self {
        let (ask, asked) = mpsc::channel(1);
        let ask = Arc::new(ask);
        let genesis = get(async move || {
            let (answer, answered) = oneshot::channel();
            ask.send(answer).await.unwrap();
            answered.await.unwrap()
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let status = json!({
            "version": "1", "pool": easy_pool().pool_id(), "pool_name": "Cup", "url": url,
            "link": { "url": url, "reach": "this_machine" },
        });
        let router = Router::new()
            .route("/api/v1/pool/genesis", genesis)
            .route("/api/v1/status", get(async move || Json(status)));
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, asked }
    }

    /// Whoever joins by it, whose page is closed while it is asked.
    async fn left_waiting(
        &mut self,
        page: &Page,
        token: &str,
    ) -> oneshot::Sender<(StatusCode, String)> {
        let ask = json!({ "link": self.url, "player": "Bruno" });
        tokio::select! {
            answer = page.ask("join", token, ask) => panic!("{answer:?}"),
            asked = self.asked.recv() => asked.unwrap(),
        }
    }
}

#[tokio::test]
async fn a_page_that_is_closed_in_the_middle_ends_nothing() {
    let dir = temp();
    let home = dir.path().join("home");
    let mut page = Page::open(&home, &dir.path().join("log")).await;
    let token = page.token().await;
    let mut friend = SlowFriend::start().await;

    let friends = friend.left_waiting(&page, &token).await;
    friends
        .send((StatusCode::NOT_FOUND, String::new()))
        .unwrap();
    // It goes on: the next question is heard.
    let friends = friend.left_waiting(&page, &token).await;
    assert!(!home.exists());
    // What was begun comes to its end without the page, and nobody else may begin.
    let second = page.ask("pool", &token, pool());
    let answered = async {
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        friends
            .send((StatusCode::OK, easy_pool().to_json()))
            .unwrap();
    };
    let (second, ()) = tokio::join!(second, answered);
    assert_eq!(second.status, 409, "{second:?}");
    let status = page.becomes_a_node().await;
    assert_eq!(status["pool"], easy_pool().pool_id().to_string());
    let log = page.daemon.log();
    assert!(log.contains("bolao wallet words"), "{log}");
}

#[tokio::test]
async fn what_cannot_be_written_leaves_no_pool() {
    let dir = temp();
    let home = dir.path().join("home");
    let page = Page::open(&home, &dir.path().join("log")).await;
    let token = page.token().await;
    let mut friend = SlowFriend::start().await;
    let ask = json!({ "link": friend.url, "player": "Bruno" });
    for (path, file) in [
        ("join", "profile.json"),
        ("pool", "profile.json"),
        ("join", "registered.json"),
    ] {
        let in_the_way = home.join(file);
        fs::create_dir_all(&in_the_way).unwrap();
        let refused = if path == "join" {
            let (refused, ()) = tokio::join!(page.ask("join", &token, ask.clone()), async {
                let friends = friend.asked.recv().await.unwrap();
                let genesis = easy_pool().to_json();
                friends.send((StatusCode::OK, genesis)).unwrap();
            });
            refused
        } else {
            page.ask("pool", &token, pool()).await
        };
        assert_eq!(refused.status, 422, "{refused:?}");
        let said = refused.problem();
        assert!(said.contains(file), "{said}");
        assert!(!home.join("genesis.json").exists(), "{path} {file}");
        fs::remove_dir(&in_the_way).unwrap();
    }
    let made = page.ask("pool", &token, pool()).await.json();
    assert_eq!(made["name"], "Our cup");
}
