//! A busy pool: every player joins and bets over HTTP as fast as the own node answers, until all of it is final everywhere.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use bolao_chain::{StoredChain, audit};
use bolao_ledger::{Height, Transaction, TxId};
use reqwest::{Client, StatusCode};

use super::{Pool, join, post};
use crate::{
    homes::Homes,
    load::others_cpu,
    report::{Report, Times, grouped, per_second},
    running::{Running, runtime, wait_until},
};

const VALIDATORS: usize = 20;
const PLAYERS: usize = 200;
const BETS: usize = 25;
/// How long all of it may take.
const LIMIT: Duration = Duration::from_mins(15);
/// From one look at the chain to the next.
const LOOK: Duration = Duration::from_millis(5);
/// A player whose node is too busy tries again after so long.
const AGAIN: Duration = Duration::from_millis(100);

/// When which transaction was first sent.
type Sent = Arc<Mutex<HashMap<TxId, Instant>>>;

async fn send(client: &Client, url: &str, transaction: Transaction, sent: &Sent, busy: &AtomicU32) {
    sent.lock()
        .unwrap()
        .insert(transaction.id(), Instant::now());
    loop {
        let answer = post(client, url, &transaction).send().await.unwrap();
        match answer.status() {
            StatusCode::ACCEPTED => return,
            StatusCode::SERVICE_UNAVAILABLE => {
                busy.fetch_add(1, Ordering::Relaxed);
                tokio::time::sleep(AGAIN).await;
            }
            status => panic!("{status}: {}", answer.text().await.unwrap()),
        }
    }
}

/// Notes how long what is in new final blocks took, until it is so many transactions; gives the last height.
fn follow(node: &Running, from: Height, sent: &Sent, wanted: usize, times: &mut Times) -> Height {
    let (began, mut height, mut count) = (Instant::now(), from, 0);
    while count < wanted {
        assert!(
            began.elapsed() < LIMIT,
            "{count} of {wanted} became final, up to height {height}"
        );
        let snapshot = node.reader.snapshot().unwrap();
        let last = snapshot.last_final().unwrap().map(|last| last.height);
        while Some(height) < last {
            height = height.next();
            let hash = snapshot.hash_at(height).unwrap().unwrap();
            let block = snapshot.block(&hash).unwrap().unwrap();
            for transaction in &block.transactions {
                let began = sent.lock().unwrap()[&transaction.id()];
                times.push(began.elapsed());
                count += 1;
            }
        }
        thread::sleep(LOOK);
    }
    height
}

/// All nodes have one tip, of that height, and two of them audit clean.
fn check(pool: &Pool, last: Height) {
    let tips = pool.nodes.iter();
    let tips = tips.map(|node| node.reader.snapshot().unwrap().tip().unwrap());
    let tips: BTreeSet<_> = tips.map(|tip| (tip.height, tip.hash)).collect();
    assert_eq!(tips.len(), 1, "{tips:?}");
    for node in [pool.nodes.first(), pool.nodes.last()] {
        let snapshot = node.unwrap().reader.snapshot().unwrap();
        let chain = StoredChain {
            genesis: &pool.genesis,
            snapshot: &snapshot,
        };
        let report = audit(&chain, |_, _| {}).unwrap();
        let wanted = PLAYERS * (BETS + 1);
        let found = (report.height, report.accounts, report.transactions);
        assert_eq!(found, (last, PLAYERS as u64, wanted as u64));
    }
}

pub(crate) fn run(report: &mut Report, _: &mut Homes) {
    report.section(&format!(
        "A busy pool: {VALIDATORS} validators in one process, {PLAYERS} players at once, {} bets over HTTP",
        PLAYERS * BETS
    ));
    let (runtime, client) = (runtime(), Client::new());
    let pool = Pool::start(&runtime, &client, VALIDATORS);
    let id = pool.genesis.pool_id();
    let (sent, busy) = (Sent::default(), Arc::new(AtomicU32::new(0)));
    let (cpu, began) = (others_cpu(), Instant::now());
    let players = (0..PLAYERS).map(|number| {
        let (mut player, joined) = join(&pool.genesis, number);
        let url = pool.nodes[number % VALIDATORS].url.clone();
        let (client, sent, busy) = (client.clone(), sent.clone(), busy.clone());
        runtime.spawn(async move {
            send(&client, &url, joined, &sent, &busy).await;
            for _ in 0..BETS {
                send(&client, &url, player.bet(id, 1), &sent, &busy).await;
            }
            Instant::now()
        })
    });
    let players: Vec<_> = players.collect();
    let wanted = PLAYERS * (BETS + 1);
    let (first, mut times) = (Height::ZERO, Times::default());
    let last = follow(&pool.nodes[0], first, &sent, wanted, &mut times);
    let (took, cpu) = (began.elapsed(), others_cpu().saturating_sub(cpu));
    let answered = players.into_iter();
    let answered = answered.map(|player| runtime.block_on(player).unwrap());
    let answered = answered.max().unwrap().duration_since(began);
    for node in &pool.nodes {
        wait_until("the last block at every node", || node.height() >= last.0);
    }
    check(&pool, last);
    let rate = |took: Duration| per_second(wanted as f64 / took.as_secs_f64());
    let seconds = format!("{:.1} s", took.as_secs_f64());
    report.row("all final", &seconds, &rate(took));
    let seconds = format!("{:.1} s", answered.as_secs_f64());
    report.row("all answered", &seconds, &rate(answered));
    report.row(
        "from POST to its final block, median / p99",
        &times.both(),
        "",
    );
    let blocks = format!("{:.1} bets a block", wanted as f64 / last.0 as f64);
    report.row("final blocks", &grouped(last.0 as f64), &blocks);
    let per_block = cpu.as_secs_f64() * 1e3 / last.0 as f64;
    report.row(
        "processor time of all nodes and callers",
        &format!("{:.1} s", cpu.as_secs_f64()),
        &format!("{per_block:.0} ms a block"),
    );
    let times = busy.load(Ordering::Relaxed);
    report.row("answers \"too busy\"", &grouped(times.into()), "");
    for node in pool.nodes {
        node.stop(&runtime);
    }
}
