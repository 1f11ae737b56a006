//! Pages of a running node on an unchanged tip, beside a server of nothing but axum that gives the same bytes.

use std::{net::SocketAddr, time::Duration};

use bolao_node::Home;
use bolao_store::Store;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::{
    chain::{Maker, fill},
    homes::{Homes, temp_dir},
    load::{Bare, ask, load, median, on_first_core, repeated, request, row},
    report::Report,
    running::{Running, runtime},
};

const CONNECTIONS: usize = 16;
const REPEATS: usize = 5;
const TIME: Duration = Duration::from_millis(300);
/// Each bets on the first match and on the second.
const PLAYERS: usize = 500;

pub(crate) fn run(report: &mut Report, _: &mut Homes) {
    report.section(&format!(
        "Reads over HTTP, {CONNECTIONS} connections, server on one core: rate and processor time of each"
    ));
    on_first_core(|| {
        pool(report, 1, 1, &[("/blockchain, 1 bet", "/blockchain")]);
        let pages = [
            ("/blockchain, 1,000 bets", "/blockchain"),
            ("/player/NAME, 2 bets of 1,000", "/player/Player%203"),
            ("/match/ID, 500 bets of 1,000", "/match/M1"),
            ("/api/v1/standings, 50 rows", "/api/v1/standings"),
            ("/api/v1/matches, 50 rows", "/api/v1/matches"),
            ("/api/v1/players/NAME", "/api/v1/players/Player%203"),
        ];
        pool(report, PLAYERS, 2 * PLAYERS, &pages);
    });
}

fn pool(report: &mut Report, players: usize, bets: usize, pages: &[(&str, &str)]) {
    let runtime = runtime();
    let (node, _dir) = start(&runtime, players, bets);
    let address: SocketAddr = node.url.trim_start_matches("http://").parse().unwrap();
    let requests = pages.iter().map(|(_, path)| request("GET", path, b""));
    let requests: Vec<_> = requests.collect();
    let answers = requests
        .iter()
        .map(|request| ask(&runtime, address, request));
    let bare = Bare::start(&runtime, answers.collect());
    for (number, ((what, _), ours)) in pages.iter().zip(&requests).enumerate() {
        let same = request("GET", &format!("/{number}"), b"");
        let measure = |at, request| load(at, 200, repeated(request, CONNECTIONS, TIME));
        let loads = (0..REPEATS).map(|_| (measure(address, ours), measure(bare.address, &same)));
        let (ours, alone) = loads.unzip();
        row(report, what, median(ours), median(alone));
    }
    bare.stop();
    node.stop(&runtime);
}

fn start(runtime: &Runtime, players: usize, bets: usize) -> (Running, TempDir) {
    let mut maker = Maker::new(players);
    maker.grow(bets, 1, 50);
    let dir = temp_dir();
    let home = Home::open(dir.path()).unwrap();
    let mut store = Store::create(&home.chain_path(), &maker.genesis).unwrap();
    fill(&mut store, &maker, 16);
    drop(store);
    (Running::start(runtime, &home, &maker.genesis), dir)
}
