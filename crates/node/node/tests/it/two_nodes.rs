//! Whole nodes in this process, over real sockets on loopback.

use std::{net::Ipv4Addr, num::NonZeroUsize, time::Duration};

use bolao_ledger::{Genesis, Height, TargetRule, UnixSeconds};
use bolao_miner::{Miner, Options};
use bolao_node::{Home, MiningMode, Node, NodeConfig, RunError};
use bolao_work::StartSearcher;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    sync::oneshot,
    task::JoinHandle,
    time::{Instant, sleep},
};

/// One thread that searches.
fn one_thread() -> StartSearcher {
    Miner::starter(Options::with_threads(NonZeroUsize::new(1)))
}

pub(crate) struct Running {
    pub(crate) url: String,
    stop: Option<oneshot::Sender<()>>,
    done: JoinHandle<Result<(), RunError>>,
    pub(crate) reader: bolao_store::Reader,
    pub(crate) home: TempDir,
}

impl Running {
    pub(crate) async fn start() -> Self {
        Self::start_with(Genesis::article(), MiningMode::Manual).await
    }

    pub(crate) async fn start_with(genesis: Genesis, mining: MiningMode) -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), genesis, mining).await
    }

    pub(crate) async fn start_in(dir: TempDir, genesis: Genesis, mining: MiningMode) -> Self {
        let home = Home::open(dir.path()).unwrap();
        let mut config =
            NodeConfig::new(Ipv4Addr::LOCALHOST.into(), 0, dir.path().join("nodes.json"));
        config.api.classic = true;
        config.mining = mining;
        config.searcher = Some(one_thread());
        let node = Node::start(home, genesis, config).await.unwrap();
        let url = node.url().to_owned();
        let reader = node.reader().clone();
        let (stop, stopped) = oneshot::channel::<()>();
        let done = tokio::spawn(node.run(async {
            let _ = stopped.await;
        }));
        Self {
            url,
            stop: Some(stop),
            done,
            reader,
            home: dir,
        }
    }

    pub(crate) async fn get(&self, path: &str) -> String {
        self.try_get(path).await.1
    }

    pub(crate) async fn try_get(&self, path: &str) -> (u16, String) {
        let answer = reqwest::get(format!("{}{path}", self.url)).await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> (u16, String) {
        let answer = reqwest::Client::new()
            .post(format!("{}{path}", self.url))
            .body(body.to_string())
            .send()
            .await
            .unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    pub(crate) fn height(&self) -> Height {
        self.reader.snapshot().unwrap().tip().unwrap().height
    }

    /// Stops it; gives its home.
    pub(crate) async fn stop(mut self) -> TempDir {
        self.stop.take().unwrap().send(()).unwrap();
        let began = Instant::now();
        self.done.await.unwrap().unwrap();
        assert!(
            began.elapsed() < Duration::from_secs(5),
            "took {:?}",
            began.elapsed()
        );
        self.home
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_registration_leaves_the_list_as_it_was() {
    let (one, two) = (Running::start().await, Running::start().await);
    let gone = two.url.clone();
    let path = "/register-and-broadcast-node";
    let registered = one.post(path, json!({ "newnodeurl": gone })).await;
    assert_eq!(registered.0, 200, "{}", registered.1);
    two.stop().await;
    let again = one.post(path, json!({ "newnodeurl": gone })).await;
    assert_eq!(again.0, 400, "{}", again.1);
    let some_bad =
        json!({ "all_network_nodes": ["http://localhost:1", "http://localhost:2/path"] });
    let bulk = one.post("/register-nodes-bulk", some_bad).await;
    assert_eq!(bulk.0, 400, "{}", bulk.1);
    let chain: Value = serde_json::from_str(&one.get("/blockchain").await).unwrap();
    assert_eq!(chain["network_nodes"], json!([gone]));
    one.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bet_travels_and_is_mined() {
    let (one, two) = (Running::start().await, Running::start().await);
    let registered = one
        .post(
            "/register-and-broadcast-node",
            json!({ "newnodeurl": two.url }),
        )
        .await;
    assert_eq!(registered.0, 200, "{}", registered.1);
    let bet =
        json!({ "playername": "John", "matchid": "NlEn", "teamonescore": 1, "teamtwoscore": "2" });
    let placed = one.post("/bet/broadcast", bet).await;
    assert_eq!(
        placed,
        (200, "Bet created and broadcast successfully.".into())
    );
    for node in [&one, &two] {
        let chain: Value = serde_json::from_str(&node.get("/blockchain").await).unwrap();
        assert_eq!(chain["pending_bets"][0]["player"], "john", "{chain}");
    }
    assert_eq!(
        one.get("/mine").await,
        "New block mined and broadcast successfully."
    );
    let deadline = Instant::now() + Duration::from_secs(5);
    while two.height() != Height(1) {
        assert!(Instant::now() < deadline, "the block did not arrive");
        sleep(Duration::from_millis(20)).await;
    }
    for node in [one, two] {
        let bets: Value = serde_json::from_str(&node.get("/player/john").await).unwrap();
        assert_eq!(bets.as_array().unwrap().len(), 1, "{bets}");
        node.stop().await;
    }
}

/// As many as the pool allows, with its joining; after a block there is room again.
#[tokio::test(flavor = "multi_thread")]
async fn an_account_may_have_so_many_waiting() {
    let node = Running::start().await;
    let bet = async |home: u32| {
        let bet = json!({ "playername": "John", "matchid": "NlEn", "teamonescore": home, "teamtwoscore": 0 });
        node.post("/bet", bet).await
    };
    let most = Genesis::article().limits.pending_per_account;
    for home in 1..most {
        let placed = bet(home).await;
        assert_eq!(placed.0, 200, "{}", placed.1);
    }
    let refused = bet(most).await;
    let problem: Value = serde_json::from_str(&refused.1).unwrap();
    assert_eq!(
        (refused.0, &problem["code"]),
        (429, &json!("too-many-pending"))
    );
    node.get("/mine").await;
    assert_eq!(bet(most).await.0, 200);
    node.stop().await;
}

/// A home that was given no name may be given one while its node runs.
#[tokio::test(flavor = "multi_thread")]
async fn a_node_without_a_name_takes_one_up() {
    let node = Running::start().await;
    let home = Home::open(node.home.path()).unwrap();
    let mut profile = home.profile().unwrap();
    let account = profile.account.unwrap();
    assert_eq!(profile.name, None);
    profile.name = Some("ana".to_owned());
    home.set_profile(&profile).unwrap();
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        // Each block is a reason to look.
        node.get("/mine").await;
        let seen = node.get("/api/v1/players/ana").await;
        let player: Value = serde_json::from_str(&seen).unwrap();
        if player["account"] == json!(account.to_string()) {
            break;
        }
        assert!(Instant::now() < deadline, "it did not join: {seen}");
        sleep(Duration::from_millis(20)).await;
    }
    node.stop().await;
}

/// After a kick-off a node that mines closes it: the median time passes it, so that no block can be dated back to
/// before it, and then there is quiet.
#[tokio::test(flavor = "multi_thread")]
async fn kickoffs_are_closed_by_blocks() {
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_secs();
    let kickoff = UnixSeconds(now + 2);
    let mut genesis = Genesis::article();
    genesis.target = TargetRule::Fixed { zero_bits: 8 };
    genesis.matches[0].kickoff = Some(kickoff);
    let node = Running::start_with(genesis, MiningMode::Pending).await;
    let median = || {
        let snapshot = node.reader.snapshot().unwrap();
        let tip = snapshot.tip().unwrap().height.0;
        let mut times: Vec<_> = (tip.saturating_sub(10)..=tip)
            .map(|height| {
                snapshot
                    .header_at(Height(height))
                    .unwrap()
                    .unwrap()
                    .header
                    .time()
            })
            .collect();
        times.sort_unstable();
        times[times.len() / 2]
    };
    let deadline = Instant::now() + Duration::from_secs(10);
    while median() < kickoff {
        assert!(
            Instant::now() < deadline,
            "the kick-off stays open at {}",
            node.height()
        );
        sleep(Duration::from_millis(20)).await;
    }
    let closed = node.height();
    assert!((1..=11).contains(&closed.0), "{closed}");
    sleep(Duration::from_millis(500)).await;
    assert!(
        node.height().0 <= closed.0 + 1,
        "it goes on: {}",
        node.height()
    );
    node.stop().await;
}

/// The Wi-Fi and its address may go; the node's own commands find it all the same.
#[tokio::test(flavor = "multi_thread")]
async fn a_node_of_one_address_answers_its_own_machine_too() {
    let socket = std::net::UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).unwrap();
    // Nothing is sent; a machine without a network has no such address, and nothing to lose.
    if socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).is_err() {
        return;
    }
    let ip = socket.local_addr().unwrap().ip();
    let dir = tempfile::tempdir().unwrap();
    let home = Home::open(dir.path()).unwrap();
    let mut config = NodeConfig::new(ip, 0, dir.path().join("nodes.json"));
    config.searcher = Some(one_thread());
    let node = Node::start(home.clone(), Genesis::article(), config)
        .await
        .unwrap();
    let (port, url) = (node.port(), node.url().to_owned());
    let (stop, stopped) = oneshot::channel::<()>();
    let done = tokio::spawn(node.run(async {
        let _ = stopped.await;
    }));
    let here = home.running().unwrap().unwrap().url;
    assert_eq!(here, format!("http://127.0.0.1:{port}"));
    for url in [url, here] {
        let answer = reqwest::get(format!("{url}/api/v1/status")).await.unwrap();
        assert_eq!(answer.status(), 200, "{url}");
    }
    stop.send(()).unwrap();
    done.await.unwrap().unwrap();
}
