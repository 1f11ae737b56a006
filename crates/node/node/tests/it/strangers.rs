//! Nodes of strangers, where only players may look: whole nodes over real sockets, and a stranger that says whatever there is to say.

use std::time::Duration;

use bolao_api::body::Viewers;
use bolao_chain::{Pass, Question, Request, Response, Status, TicketProof};
use bolao_ledger::{
    AccountId, BlockHash, BlockId, Genesis, Height, Signature, StateView as _, Ticket, Transaction,
    TxId, UnixSeconds, ValidatorKey, decode, encode,
};
use bolao_network::{Config, Event, Network, NetworkHandle, PeerId, Port, Protocol};
use bolao_node::{Home, MiningMode};
use bolao_openings::SealId;
use bolao_store::Snapshot;
use serde_json::json;
use tokio::{
    sync::mpsc,
    time::{Instant, sleep, timeout},
};

use crate::two_nodes::Running;

const TIMEOUT: Duration = Duration::from_secs(20);

fn viewers(node: &Running, viewers: Viewers) {
    let home = Home::open(node.home.path()).unwrap();
    home.set_viewers(viewers).unwrap();
}

async fn host(who: Viewers) -> Running {
    let dir = tempfile::tempdir().unwrap();
    Home::open(dir.path()).unwrap().set_viewers(who).unwrap();
    Running::start_in(dir, Genesis::article(), MiningMode::Manual).await
}

async fn bet(node: &Running, name: &str) {
    let bet =
        json!({ "playername": name, "matchid": "NlEn", "teamonescore": 1, "teamtwoscore": 2 });
    let placed = node.post("/bet", bet).await;
    assert_eq!(placed.0, 200, "{}", placed.1);
}

/// Zora has bet in a block, and Yuri waits for one.
async fn busy(node: &Running) {
    bet(node, "zora").await;
    node.get("/mine").await;
    bet(node, "yuri").await;
}

fn snapshot(node: &Running) -> Snapshot {
    node.reader.snapshot().unwrap()
}

/// The names and accounts that a stranger is not to read.
fn secrets(node: &Running) -> Vec<Vec<u8>> {
    let mut all = vec![b"zora".to_vec(), b"yuri".to_vec()];
    let waiting = snapshot(node).pending().unwrap();
    all.extend(waiting.iter().map(|it| it.body.account.0.to_vec()));
    let block = snapshot(node).block_at(Height(1)).unwrap().unwrap();
    let bets = block.transactions.iter();
    all.extend(bets.map(|it| it.body.account.0.to_vec()));
    assert!(all.len() > 4);
    all
}

fn tells_of(bytes: &[u8], secrets: &[Vec<u8>]) -> bool {
    let has = |what: &Vec<u8>| bytes.windows(what.len()).any(|part| part == what);
    secrets.iter().any(has)
}

/// The first bytes of all kinds of a request, as its decoder has them.
fn kinds() -> Vec<u8> {
    let is_kind = |kind: &u8| {
        let error = decode::<Request>(&[*kind]).err();
        error.is_none_or(|it| !it.to_string().contains("Unexpected variant tag"))
    };
    (0..=u8::MAX).filter(is_kind).collect()
}

/// One of each kind: the kinds are found in the decoder, so that a new one fails here until it is asked for, too.
fn each_request(node: &Running) -> Vec<Request> {
    let genesis = Genesis::article();
    let pool = genesis.pool_id();
    let (block, waiting) = {
        let snapshot = snapshot(node);
        let block = snapshot.block_at(Height(1)).unwrap().unwrap();
        (block, snapshot.pending().unwrap())
    };
    let signature = Signature([7; 64]);
    let requests = vec![
        Request::Status(Status {
            pool,
            tip: BlockId {
                height: Height(0),
                hash: pool.into(),
            },
            work: genesis.header().work(),
            time: 0,
            pending_digest: [0; 32],
        }),
        Request::Headers {
            locator: vec![BlockHash(pool.0)],
            limit: 2_000,
        },
        Request::Blocks {
            hashes: vec![block.hash()],
        },
        Request::PendingIds {},
        Request::Transactions {
            ids: waiting.iter().map(Transaction::id).collect(),
        },
        Request::PushTransactions(waiting),
        Request::PushBlock(Box::new(block)),
        Request::Votes(Vec::new()),
        Request::Finals { from: Height(1) },
        Request::KeptIds { after: None },
        Request::Kept {
            seals: vec![SealId {
                match_no: bolao_ledger::MatchNo(1),
                account: AccountId([1; 32]),
                commitment: [2; 32],
            }],
        },
        Request::PushKept(Vec::new()),
        Request::Told(Question {
            by: ValidatorKey([1; 32]),
            number: Height(1),
            nonce: [1; 32],
        }),
        Request::Said {},
        Request::Pass(Pass {
            time: UnixSeconds(1),
            signature,
            invited: Some(TicketProof {
                ticket: Ticket {
                    key: AccountId([1; 32]),
                    uses: 9,
                    expires: UnixSeconds(u64::MAX),
                },
                organiser_signature: signature,
                signature,
            }),
        }),
    ];
    let mut firsts: Vec<u8> = requests.iter().map(|it| encode(it)[0]).collect();
    firsts.sort_unstable();
    assert_eq!(firsts, kinds());
    requests
}

/// A node that keeps nothing, and says what the test wants.
struct Stranger {
    network: NetworkHandle,
    events: mpsc::Receiver<Event>,
    /// What the host sent: by gossip, as answers, and as requests of its own.
    gossip: Vec<Vec<u8>>,
    answers: Vec<Vec<u8>>,
    requests: Vec<Vec<u8>>,
}

impl Stranger {
    async fn meet(node: &Running) -> (Self, PeerId) {
        let protocol = Protocol {
            pool: Genesis::article().pool_id().0,
            max_message_bytes: 4 << 20,
            max_response_bytes: 8 << 20,
        };
        let at = "127.0.0.1:0".parse().unwrap();
        let port = Port::open(at, [9; 32]).await.unwrap();
        let (network, events) = Network::start(Config::new(protocol), &port).unwrap();
        let node_port = node.url.rsplit(':').next().unwrap();
        network
            .dial(format!("127.0.0.1:{node_port}").parse().unwrap())
            .unwrap();
        let mut stranger = Self {
            network,
            events,
            gossip: Vec::new(),
            answers: Vec::new(),
            requests: Vec::new(),
        };
        let peer = loop {
            if let Event::Connected { peer, .. } = stranger.next().await {
                break peer;
            }
        };
        (stranger, peer)
    }

    async fn next(&mut self) -> Event {
        let event = timeout(TIMEOUT, self.events.recv()).await.unwrap().unwrap();
        self.note(&event);
        event
    }

    fn note(&mut self, event: &Event) {
        match event {
            Event::Gossip { data, .. } => self.gossip.push(data.clone()),
            Event::Request { data, .. } => self.requests.push(data.clone()),
            Event::Response {
                result: Ok(data), ..
            } => self.answers.push(data.clone()),
            _ => {}
        }
    }

    fn heard(&self) -> impl Iterator<Item = &Vec<u8>> {
        let asked = self.answers.iter().chain(&self.requests);
        self.gossip.iter().chain(asked)
    }

    async fn ask(&mut self, peer: PeerId, request: &Request) -> Option<Response> {
        self.network.request(peer, 1, encode(request)).unwrap();
        loop {
            if let Event::Response { id: 1, result, .. } = self.next().await {
                return result.ok().map(|bytes| decode(&bytes).unwrap());
            }
        }
    }

    /// Hears what comes by itself.
    async fn listen(&mut self, time: Duration) {
        let end = Instant::now() + time;
        while let Ok(event) = tokio::time::timeout_at(end, self.events.recv()).await {
            self.note(&event.unwrap());
        }
    }
}

/// What a stranger hears who asks everything there is to ask, while bets are placed and blocks are made.
async fn heard_by_a_stranger(node: &Running) -> Stranger {
    busy(node).await;
    let (mut stranger, peer) = Stranger::meet(node).await;
    for request in each_request(node) {
        stranger.ask(peer, &request).await;
    }
    node.get("/mine").await;
    bet(node, "zora").await;
    stranger.listen(Duration::from_secs(4)).await;
    stranger
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_a_stranger_asks_it_hears_of_nobody() {
    let node = host(Viewers::Players).await;
    let stranger = heard_by_a_stranger(&node).await;
    let secrets = secrets(&node);
    assert!(stranger.gossip.is_empty());
    assert_eq!(stranger.answers.len(), kinds().len());
    for message in stranger.heard() {
        assert!(!tells_of(message, &secrets), "{message:?}");
    }
    // Nor how far the chain has come, or how much waits.
    for answer in &stranger.answers {
        let answer = decode::<Response>(answer).unwrap();
        assert_eq!(answer.clone().for_stranger(), answer);
    }
    for request in &stranger.requests {
        let request = decode::<Request>(request).unwrap();
        assert_eq!(request.clone().for_stranger(), Some(request));
    }
    assert!(!stranger.requests.is_empty());
    node.stop().await;
}

/// What the test above would miss, it would miss here.
#[tokio::test(flavor = "multi_thread")]
async fn where_everybody_may_look_the_same_stranger_hears_all() {
    let node = host(Viewers::Everybody).await;
    let stranger = heard_by_a_stranger(&node).await;
    let secrets = secrets(&node);
    assert!(!stranger.gossip.is_empty());
    let telling = stranger.heard().filter(|it| tells_of(it, &secrets));
    assert!(telling.count() > 2);
    // And nobody is asked for a pass, nor shown one.
    let requests = stranger.requests.iter();
    assert!(requests.clone().count() > 0);
    for request in requests {
        assert!(!matches!(decode(request), Ok(Request::Pass(_))));
    }
    for answer in &stranger.answers {
        assert!(!matches!(decode(answer), Ok(Response::PassNeeded)));
    }
    node.stop().await;
}

async fn register(at: &Running, other: &Running) {
    let path = "/register-and-broadcast-node";
    let done = at.post(path, json!({ "newnodeurl": other.url })).await;
    assert_eq!(done.0, 200, "{}", done.1);
}

async fn wait_for(what: &str, is_so: impl Fn() -> bool) {
    let deadline = Instant::now() + TIMEOUT;
    while !is_so() {
        assert!(Instant::now() < deadline, "waited in vain: {what}");
        sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_strangers_node_gets_nothing_from_the_moment_on_in_which_only_players_may_look() {
    let (node, stranger) = (
        Running::start_with(Genesis::article(), MiningMode::Manual).await,
        Running::start_with(Genesis::article(), MiningMode::Manual).await,
    );
    register(&stranger, &node).await;
    busy(&node).await;
    wait_for("the first block", || stranger.height() == Height(1)).await;

    viewers(&node, Viewers::Players);
    sleep(Duration::from_secs(3)).await;
    for _ in 0..3 {
        node.get("/mine").await;
    }
    bet(&node, "xenia").await;
    sleep(Duration::from_secs(5)).await;
    assert_eq!((node.height(), stranger.height()), (Height(4), Height(1)));
    let waiting = snapshot(&stranger).pending().unwrap();
    let names: Vec<TxId> = waiting.iter().map(Transaction::id).collect();
    let theirs = snapshot(&node).pending().unwrap();
    assert!(!theirs.is_empty() && theirs.iter().all(|it| !names.contains(&it.id())));

    // And all of it once everybody may look again.
    viewers(&node, Viewers::Everybody);
    wait_for("all blocks", || stranger.height() == Height(4)).await;
    for node in [node, stranger] {
        node.stop().await;
    }
}

/// In an open pool: whoever has no ticket hands in its joining, which lets it in.
#[tokio::test(flavor = "multi_thread")]
async fn a_newcomer_to_an_open_pool_joins_and_is_let_in() {
    let node = host(Viewers::Players).await;
    busy(&node).await;
    let dir = tempfile::tempdir().unwrap();
    let home = Home::open(dir.path()).unwrap();
    home.joined_players_only().unwrap();
    let mut profile = home.profile().unwrap();
    profile.name = Some("wanda".to_owned());
    home.set_profile(&profile).unwrap();
    let newcomer = Running::start_in(dir, Genesis::article(), MiningMode::Manual).await;
    let began = Instant::now();
    register(&newcomer, &node).await;
    wait_for("the block", || newcomer.height() == Height(1)).await;
    assert!(
        began.elapsed() < Duration::from_secs(12),
        "{:?}",
        began.elapsed()
    );
    node.get("/mine").await;
    let joined = || {
        let account = home.profile().unwrap().account.unwrap();
        snapshot(&newcomer).account(&account).unwrap().is_some()
    };
    wait_for("that it has joined", joined).await;
    for node in [node, newcomer] {
        node.stop().await;
    }
}
