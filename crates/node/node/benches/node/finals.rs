//! From a bet's POST to the final block that holds it, in pools of validators on loopback.

pub(crate) mod busy;

use std::time::{Duration, Instant, UNIX_EPOCH};

use bolao_ledger::{
    Action, Consensus, GENESIS_VERSION, Genesis, Name, Pos, Transaction, UnixSeconds, Validator,
    actions, encode,
};
use bolao_node::Home;
use bolao_wallet::WalletFile;
use reqwest::{Client, StatusCode};
use serde_json::json;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::{
    chain::{Player, genesis, player_name},
    homes::{Homes, temp_dir},
    report::{Report, Times, times_as},
    running::{Running, runtime, wait_until},
};

/// How many validators.
const POOLS: [usize; 4] = [1, 4, 10, 20];
const BETS: usize = 200;
/// For how long bets come as fast as they are answered.
const BUSY: Duration = Duration::from_secs(4);
const CALLERS: usize = 16;
/// A caller of whose bets too many wait tries again after so long.
const AGAIN: Duration = Duration::from_millis(10);

struct Pool {
    nodes: Vec<Running>,
    genesis: Genesis,
    _dirs: Vec<TempDir>,
}

impl Pool {
    fn start(runtime: &Runtime, client: &Client, validators: usize) -> Self {
        let dirs: Vec<TempDir> = (0..validators).map(|_| temp_dir()).collect();
        let homes: Vec<Home> = dirs
            .iter()
            .map(|dir| Home::open(dir.path()).unwrap())
            .collect();
        let set = homes.iter().map(|home| {
            let wallet = WalletFile::create(home.wallet_path(), "").unwrap();
            Validator {
                account: wallet.player().account(),
                key: home.validator_key().unwrap(),
                weight: 1,
            }
        });
        let genesis = Genesis {
            version: GENESIS_VERSION,
            // A clock that is far ahead of the last block would be in doubt.
            created: UnixSeconds(UNIX_EPOCH.elapsed().unwrap().as_secs()),
            consensus: Consensus::Pos(Pos::appointed(set)),
            ..genesis()
        };
        let nodes: Vec<Running> = homes
            .iter()
            .map(|home| Running::start(runtime, home, &genesis))
            .collect();
        for node in nodes.iter().skip(1) {
            runtime.block_on(Running::register(client, &nodes[0].url, &node.url));
        }
        Self {
            nodes,
            genesis,
            _dirs: dirs,
        }
    }

    /// The time until the node answers, and until its last final block holds the transaction.
    fn send(
        &self,
        runtime: &Runtime,
        client: &Client,
        node: usize,
        transaction: &Transaction,
    ) -> (Duration, Duration) {
        let (node, id) = (&self.nodes[node % self.nodes.len()], transaction.id());
        let request = post(client, &node.url, transaction);
        let began = Instant::now();
        let answer = runtime.spawn(async move {
            let answer = request.send().await.unwrap();
            (
                began.elapsed(),
                answer.status(),
                answer.text().await.unwrap(),
            )
        });
        wait_until("a final block", || {
            let snapshot = node.reader.snapshot().unwrap();
            let Some(placed) = snapshot.transaction(&id).unwrap() else {
                return false;
            };
            let last = snapshot.last_final().unwrap();
            last.is_some_and(|last| last.height >= placed.height)
        });
        let total = began.elapsed();
        let (here, status, text) = runtime.block_on(answer).unwrap();
        assert_eq!(status, 202, "{text}");
        (here, total)
    }
}

fn post(client: &Client, url: &str, transaction: &Transaction) -> reqwest::RequestBuilder {
    let body = json!({ "transaction": hex::encode(encode(transaction)) });
    client
        .post(format!("{url}/api/v1/transactions"))
        .json(&body)
}

fn join(pool: &Genesis, number: usize) -> (Player, Transaction) {
    let mut player = Player::new(number);
    let name = Name::new(&player_name(number)).unwrap();
    let invitation = None;
    let joined = player.sign(
        pool.pool_id(),
        Action::Join(actions::Join { name, invitation }),
    );
    (player, joined)
}

pub(crate) fn run(report: &mut Report, _: &mut Homes) {
    report.section("Validators on loopback: from a bet's POST to its final block, median / p99");
    for validators in POOLS {
        let (runtime, client) = (runtime(), Client::new());
        let pool = Pool::start(&runtime, &client, validators);
        let id = pool.genesis.pool_id();
        let mut players = Vec::new();
        for number in 0..CALLERS {
            let (player, joined) = join(&pool.genesis, number);
            pool.send(&runtime, &client, number, &joined);
            players.push(player);
        }
        let (mut answered, mut all) = <(Times, Times)>::default();
        for bet in 0..BETS {
            let transaction = players[0].bet(id, 1);
            // One player's bets, at one node, so that none waits for another on its way.
            let (here, total) = pool.send(&runtime, &client, 0, &transaction);
            if bet > 0 {
                answered.push(here);
                all.push(total);
            }
        }
        let name = match validators {
            1 => "1 validator".to_owned(),
            more => format!("{more} validators"),
        };
        let beside = times_as(all.median(), answered.median(), "its answer");
        report.row(&name, &all.both(), &beside);

        let before = pool.nodes[0].height();
        let began = Instant::now();
        let callers = players.into_iter().enumerate().map(|(number, mut player)| {
            let url = pool.nodes[number % validators].url.clone();
            let client = client.clone();
            runtime.spawn(async move {
                let mut sent = 0_u32;
                while began.elapsed() < BUSY {
                    let bet = player.bet(id, 1);
                    let answer = loop {
                        let answer = post(&client, &url, &bet).send().await.unwrap();
                        match answer.status() {
                            // So many of the player's wait already, or so many of all.
                            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
                                tokio::time::sleep(AGAIN).await;
                            }
                            _ => break answer,
                        }
                    };
                    assert_eq!(answer.status(), 202, "{}", answer.text().await.unwrap());
                    sent += 1;
                }
                sent
            })
        });
        let callers: Vec<_> = callers.collect();
        let sent: u32 = callers
            .into_iter()
            .map(|caller| runtime.block_on(caller).unwrap())
            .sum();
        let heights = pool.nodes[0].height() - before;
        let seconds = began.elapsed().as_secs_f64();
        report.row(
            &format!("{name}, {CALLERS} callers at once: final blocks a second"),
            &format!("{:.0}", heights as f64 / seconds),
            &format!("{:.0} bets a second", f64::from(sent) / seconds),
        );
        for node in pool.nodes {
            node.stop(&runtime);
        }
    }
}
