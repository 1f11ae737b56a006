//! Reminders of tips that are missing, at a server of the test.

use std::{
    path::Path,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use bolao_ledger::{
    Action, Chips, Genesis, MatchNo, Name, Nonce, OpenBet, Outcome, Quorum, Score, TxBody,
    UnixSeconds, actions, encode,
};
use bolao_node::{Home, Profile};
use bolao_wallet::{Draft, Key};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle, time::sleep};

use crate::support::{
    Daemon, Grower, TIMEOUT, easy_pool, eventually, new_key, run_node, temp, unix_now,
};

/// The time in which a node that has started looks at least once, and tries again what failed.
const LOOKS: Duration = Duration::from_secs(12);

#[derive(Default)]
struct Seen {
    /// The titles and texts that came.
    told: Mutex<Vec<(String, String)>>,
    /// The number of requests that fail first.
    fails: Mutex<u32>,
}

/// A place that takes reminders.
struct Chat {
    url: String,
    seen: Arc<Seen>,
    task: JoinHandle<()>,
}

impl Chat {
    async fn start(fails: u32) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::new(Seen {
            fails: Mutex::new(fails),
            ..Seen::default()
        });
        let router = Router::new().fallback(take).with_state(Arc::clone(&seen));
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let url = format!("http://127.0.0.1:{port}/s3cret");
        Self { url, seen, task }
    }

    fn told(&self) -> Vec<(String, String)> {
        self.seen.told.lock().unwrap().clone()
    }

    /// Nothing more than that comes, however often the node looks.
    async fn stays_at(&self, told: usize, node: &Daemon) {
        let end = Instant::now() + LOOKS;
        while Instant::now() < end {
            assert_eq!(self.told().len(), told, "{:?}", self.told());
            // An idle connection would be shut, perhaps while the test sends.
            node.status().await;
            sleep(Duration::from_millis(500)).await;
        }
    }

    async fn first(&self) -> (String, String) {
        eventually("a reminder", TIMEOUT, async || self.told().first().cloned()).await
    }
}

impl Drop for Chat {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn take(State(seen): State<Arc<Seen>>, headers: HeaderMap, body: String) -> StatusCode {
    let mut fails = seen.fails.lock().unwrap();
    if *fails > 0 {
        *fails -= 1;
        return StatusCode::INTERNAL_SERVER_ERROR;
    }
    let title = headers.get("title").map(|it| it.to_str().unwrap());
    let told = (title.unwrap_or_default().to_owned(), body);
    seen.told.lock().unwrap().push(told);
    StatusCode::OK
}

struct Players {
    genesis: Genesis,
    bento: Key,
}

fn bet(no: u16) -> OpenBet {
    OpenBet {
        match_no: MatchNo(no),
        prediction: Score::new(2, 1).unwrap().into(),
        stake: Chips::ZERO,
    }
}

/// A home whose two matches begin together in an hour. Ana has bet on both, Bento on as many as is said.
fn home(dir: &Path, bento_bets: u16) -> Players {
    let home = Home::open(dir).unwrap();
    let (ana, bento) = (new_key(), new_key());
    let now = unix_now().0;
    let created = UnixSeconds(now - 5 * 3_600);
    let mut genesis = Genesis {
        created,
        organisers: vec![ana.account()],
        ..easy_pool()
    };
    for game in &mut genesis.matches {
        game.kickoff = Some(UnixSeconds(now + 3_600));
    }
    home.set_genesis(&genesis).unwrap();
    let zone = Some("Asia/Tokyo".to_owned());
    home.set_profile(&Profile {
        zone,
        ..Profile::default()
    })
    .unwrap();
    let join =
        |key: &Key, name| Draft::new(key.account(), Nonce::ZERO).join(Name::new(name).unwrap());
    let bets = |key: &Key, upto: u16| {
        Draft::new(key.account(), Nonce(1)).bet((1..=upto).map(bet).collect())
    };
    let mut grower = Grower::open(&home);
    grower
        .at(UnixSeconds(created.0 + 60))
        .submit(&ana, join(&ana, "Ana"))
        .submit(&bento, join(&bento, "Bento"))
        .mine(&ana)
        .submit(&ana, bets(&ana, 2));
    if bento_bets > 0 {
        grower.submit(&bento, bets(&bento, bento_bets));
    }
    grower.mine(&ana);
    Players { genesis, bento }
}

/// A home whose two matches make a round and ended hours ago. Ana and Bento had bet on both.
fn over(dir: &Path, ended: UnixSeconds) {
    let home = Home::open(dir).unwrap();
    let (ana, bento) = (new_key(), new_key());
    let created = UnixSeconds(ended.0 - 7_200);
    let mut genesis = Genesis {
        created,
        organisers: vec![ana.account()],
        ..easy_pool()
    };
    genesis.rules.results_quorum = Quorum::of(1);
    genesis.rules.dispute_window_s = 600;
    for game in &mut genesis.matches {
        game.kickoff = Some(UnixSeconds(created.0 + 300));
        game.stage = "Semi-finals".parse().unwrap();
    }
    home.set_genesis(&genesis).unwrap();
    let join =
        |key: &Key, name| Draft::new(key.account(), Nonce::ZERO).join(Name::new(name).unwrap());
    let bets = |key: &Key, upto: u16| {
        Draft::new(key.account(), Nonce(1)).bet((1..=upto).map(bet).collect())
    };
    let result = |nonce, no, home, away| {
        let result = actions::Result {
            match_no: MatchNo(no),
            outcome: Outcome::played(Score::new(home, away).unwrap()),
        };
        Draft::new(ana.account(), Nonce(nonce)).body(Action::Result(result))
    };
    let mut grower = Grower::open(&home);
    grower
        .at(UnixSeconds(created.0 + 60))
        .submit(&ana, join(&ana, "*Ana*"))
        .submit(&bento, join(&bento, "Bento"))
        .mine(&ana)
        .submit(&ana, bets(&ana, 2))
        .submit(&bento, bets(&bento, 1))
        .mine(&ana);
    grower
        .at(UnixSeconds(ended.0 - 600))
        .submit(&ana, result(2, 1, 0, 0))
        .submit(&ana, result(3, 2, 2, 1))
        .mine(&ana);
    grower.at(UnixSeconds(ended.0 + 60)).mine(&ana);
}

async fn node(home: &Path, chat: &Chat, flags: &[&str]) -> Daemon {
    let all = ["--mine", "pending", "--no-join", "--remind", &chat.url];
    run_node(home, &[&all, flags].concat()).await
}

async fn send(node: &Daemon, genesis: &Genesis, key: &Key, body: TxBody) {
    let transaction = key.sign(genesis.pool_id(), body);
    let body = json!({ "transaction": hex::encode(encode(&transaction)) });
    let request = node
        .http
        .request("POST", "/api/v1/transactions")
        .json(&body);
    let answer = node.http.send(request).await;
    assert_eq!(answer.status, 202, "{answer:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_told_once_who_lacks_a_tip() {
    let (dir, chat) = (temp(), Chat::start(1).await);
    let players = home(dir.path(), 1);
    let mut node = node(dir.path(), &chat, &["--url", "https://pool.example"]).await;
    let (title, body) = chat.first().await;
    assert_eq!(*chat.seen.fails.lock().unwrap(), 0);
    assert_eq!(title, "easy: bets are missing");
    let lines: Vec<&str> = body.lines().collect();
    let [closes, one, other, missing, page] = lines[..] else {
        panic!("{body}");
    };
    let at = players.genesis.matches[0].kickoff.unwrap();
    let at = jiff::Timestamp::from_second(at.0.cast_signed()).unwrap();
    let at = at.to_zoned(jiff::tz::TimeZone::get("Asia/Tokyo").unwrap());
    let at = at.strftime("%a %-d %b %H:%M JST");
    assert_eq!(closes, format!("Betting closes on {at}:"));
    assert_eq!(one, "Portugal – Switzerland");
    assert_eq!(other, "Netherlands – England");
    assert_eq!(missing, "Still missing: Bento (1 of 2)");
    assert_eq!(page, "https://pool.example");

    // A node that stops before it has kept that the message arrived sends it again.
    eventually("a note that it arrived", TIMEOUT, async || {
        let kept = std::fs::read(dir.path().join("reminders.json")).ok()?;
        let kept: Vec<u64> = serde_json::from_slice(&kept).ok()?;
        (!kept.is_empty()).then_some(())
    })
    .await;
    node.terminate().await;
    node.spawn();
    node.wait().await;
    chat.stays_at(1, &node).await;
    assert!(!node.log().contains("s3cret"), "{}", node.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_did_not_arrive_is_told_by_a_node_that_starts_anew() {
    let (dir, away, chat) = (temp(), Chat::start(u32::MAX).await, Chat::start(0).await);
    home(dir.path(), 1);
    let mut first = node(dir.path(), &away, &[]).await;
    eventually("a try", TIMEOUT, async || {
        (*away.seen.fails.lock().unwrap() < u32::MAX).then_some(())
    })
    .await;
    first.terminate().await;
    let _node = node(dir.path(), &chat, &[]).await;
    let (_, body) = chat.first().await;
    assert!(body.contains("Still missing: Bento"), "{body}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_told_where_everybody_has_tipped() {
    let (dir, chat) = (temp(), Chat::start(0).await);
    let Players { genesis, .. } = home(dir.path(), 2);
    let node = node(dir.path(), &chat, &["--remind-as", "slack"]).await;
    chat.stays_at(0, &node).await;

    // Who joins then lacks all tips. It shows that the node has looked.
    let eva = new_key();
    let join = Draft::new(eva.account(), Nonce::ZERO).join(Name::new("Eva").unwrap());
    send(&node, &genesis, &eva, join).await;
    let (_, body) = chat.first().await;
    let told: Value = serde_json::from_str(&body).unwrap();
    let text = told["text"].as_str().unwrap();
    assert!(text.ends_with("\nStill missing: Eva"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_tips_before_it_arrives_is_not_named() {
    let (dir, chat) = (temp(), Chat::start(1).await);
    let Players { genesis, bento, .. } = home(dir.path(), 0);
    let node = node(dir.path(), &chat, &["--before", "61m"]).await;
    eventually("a try", TIMEOUT, async || {
        (*chat.seen.fails.lock().unwrap() == 0).then_some(())
    })
    .await;
    let bets = Draft::new(bento.account(), Nonce(1)).bet(vec![bet(1), bet(2)]);
    send(&node, &genesis, &bento, bets).await;
    // The second try comes within that time, and has nothing to tell.
    chat.stays_at(0, &node).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_told_too_early() {
    let (dir, chat) = (temp(), Chat::start(0).await);
    home(dir.path(), 0);
    let node = node(dir.path(), &chat, &["--before", "30m"]).await;
    chat.stays_at(0, &node).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_round_is_told_once_in_the_friends_language() {
    let (dir, chat) = (temp(), Chat::start(1).await);
    over(dir.path(), UnixSeconds(unix_now().0 - 3_600));
    let flags = ["--remind-as", "discord", "--remind-in", "pt"];
    let mut node = node(dir.path(), &chat, &flags).await;
    let (_, body) = chat.first().await;
    let told: Value = serde_json::from_str(&body).unwrap();
    let lines: Vec<&str> = told["content"].as_str().unwrap().lines().collect();
    assert_eq!(
        lines[..],
        [
            "easy: Semifinais, o resumo",
            r"Semifinais: palmas para \*Ana\*, com 4 pontos.",
            r"Placar cravado por \*Ana\*: Netherlands – England 2\:1.",
            r"Apito final! No topo: \*Ana\*, com 4 pontos.",
        ]
    );
    eventually("a note that it arrived", TIMEOUT, async || {
        let kept = std::fs::read_to_string(dir.path().join("reminders.json")).ok()?;
        kept.contains("Semi-finals").then_some(())
    })
    .await;
    node.terminate().await;
    node.spawn();
    node.wait().await;
    chat.stays_at(1, &node).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_round_of_last_week_is_not_told() {
    let (dir, chat) = (temp(), Chat::start(0).await);
    over(dir.path(), UnixSeconds(unix_now().0 - 7 * 86_400));
    let node = node(dir.path(), &chat, &[]).await;
    chat.stays_at(0, &node).await;
}
