//! Transactions on their way into blocks on the disk, through the whole core.

use std::{
    fs::File,
    io::Write as _,
    time::{Duration, Instant},
};

use bolao_chain::{Core, Input, Output, PeerId, Request, Response};
use bolao_ledger::{AccountId, Block, EXTRA_NONCE_BYTES, PoolId, Transaction, signing_bytes};
use bolao_store::Store;
use chacha20::{ChaCha20Rng, rand_core::SeedableRng as _};
use ed25519_zebra::{VerificationKeyBytes, batch};

use crate::{
    chain::{Maker, fill, grind},
    homes::{Homes, temp_dir},
    link::{config, now},
    report::{Report, Times, grouped, ms, per_second, ratio, timed, times_as},
};

/// Each bets once in every block.
const PLAYERS: usize = 1_000;
const ROUNDS: usize = 7;
/// Transactions submitted one by one.
const SUBMITTED: usize = 200;
/// About what one small write to the store puts on the disk, in bytes.
const PAGE: usize = 4_096;

#[derive(Default)]
struct Stages {
    bare: Times,
    alone: Times,
    rules: Times,
    found: Times,
    taken: Times,
    template: Times,
    mined: Times,
    all: Times,
}

pub(crate) fn run(report: &mut Report, _: &mut Homes) {
    let mut maker = Maker::new(PLAYERS);
    let dir = temp_dir();
    let core = |name: &str| {
        let mut store = Store::create(&dir.path().join(name), &maker.genesis).unwrap();
        fill(&mut store, &maker, 16);
        Core::new(store, config(), now()).unwrap()
    };
    let (mut stranger, mut member) = (core("stranger"), core("member"));
    let peer = PeerId::from("peer");
    let here = Input::PeerConnected { peer: peer.clone() };
    member.handle(now(), here).unwrap();

    let mut stages = Stages::default();
    for _ in 0..ROUNDS {
        let bets = maker.bets(PLAYERS, 1);
        stages.bare.push(batch_alone(maker.pool, &bets));
        let each = bets.clone();
        let (time, ()) = timed(|| {
            for bet in each {
                bet.check(&maker.genesis, maker.pool).unwrap();
            }
        });
        stages.alone.push(time);
        maker.block(bets.clone());
        let block = maker.blocks.last().unwrap().clone();
        let copy = block.clone();
        let (time, _) = timed(|| copy.check(&maker.genesis, maker.pool).unwrap());
        stages.rules.push(time);
        stages.found.push(mined(&mut stranger, block));
        from_peer(&mut member, &peer, bets, &mut stages);
    }

    let mut submitted = Times::default();
    for transaction in maker.bets(SUBMITTED, 1) {
        let input = Input::submit(1, transaction);
        submitted.push(timed(|| stranger.handle(now(), input).unwrap()).0);
    }
    assert_eq!(stranger.pending(), SUBMITTED);
    let synced = appends(&dir.path().join("appended"));

    let bare = stages.bare.rate(PLAYERS);
    let beside = |rate: f64| ratio(rate, bare, "bare batch");
    report.section(&format!(
        "Transactions into blocks of {}, through the whole core, store on disk",
        grouped(PLAYERS as f64)
    ));
    report.row(
        "bare batch verification of the same signatures",
        &per_second(bare),
        "",
    );
    for (what, times) in [
        ("checked one by one, no batch", &stages.alone),
        ("only Block::check", &stages.rules),
        (
            "a block of unknown transactions: check, apply, store",
            &stages.found,
        ),
        (
            "pushed by a peer, template, block, store: all of it",
            &stages.all,
        ),
        ("  pushed by a peer: check, mempool, store", &stages.taken),
        ("  template", &stages.template),
        ("  the block made of it: check, apply, store", &stages.mined),
    ] {
        let rate = times.rate(PLAYERS);
        report.row(what, &per_second(rate), &beside(rate));
    }
    report.row(
        "4 KiB appended and synced, median / p99",
        &synced.both(),
        "",
    );
    let times = times_as(submitted.median(), synced.median(), "an append and sync");
    report.row(
        "submitted here: on disk when answered, median / p99",
        &submitted.both(),
        &times,
    );
    report.note(&format!(
        "A block of {}: bare batch {}, whole {}.",
        grouped(PLAYERS as f64),
        ms(stages.bare.median()),
        ms(stages.found.median())
    ));
}

fn batch_alone(pool: PoolId, transactions: &[Transaction]) -> Duration {
    let messages: Vec<_> = transactions
        .iter()
        .map(|it| signing_bytes(pool, &it.body))
        .collect();
    let (time, ()) = timed(|| {
        let mut verifier = batch::Verifier::new();
        for (transaction, message) in transactions.iter().zip(&messages) {
            verifier.queue((
                VerificationKeyBytes::from(transaction.body.account.0),
                transaction.signature.0.into(),
                message.as_slice(),
            ));
        }
        verifier.verify(ChaCha20Rng::from_seed([3; 32])).unwrap();
    });
    time
}

fn mined(core: &mut Core, block: Block) -> Duration {
    let block = Box::new(block);
    let (time, outputs) = timed(|| {
        core.handle(now(), Input::Mined { token: 1, block })
            .unwrap()
    });
    let taken = outputs
        .iter()
        .any(|output| matches!(output, Output::Reply { result: Ok(_), .. }));
    assert!(taken, "{outputs:?}");
    time
}

fn from_peer(core: &mut Core, peer: &PeerId, bets: Vec<Transaction>, stages: &mut Stages) {
    let began = Instant::now();
    let count = bets.len();
    let input = Input::Request {
        peer: peer.clone(),
        token: 1,
        request: Request::PushTransactions(bets),
    };
    let (taken, outputs) = timed(|| core.handle(now(), input).unwrap());
    let acknowledged = outputs.iter().any(|output| {
        let response = &Response::Ack;
        matches!(output, Output::Respond { response: it, .. } if it == response)
    });
    assert!(acknowledged, "{outputs:?}");
    let miner = AccountId([1; 32]);
    let (made, template) = timed(|| core.template(now(), miner, b"").unwrap());
    assert_eq!(template.transactions.len(), count);
    let block = template.block(grind(template.header()), [0; EXTRA_NONCE_BYTES]);
    let stored = mined(core, block);
    stages.taken.push(taken);
    stages.template.push(made);
    stages.mined.push(stored);
    stages.all.push(began.elapsed());
}

fn appends(path: &std::path::Path) -> Times {
    let mut file = File::create_new(path).unwrap();
    let mut times = Times::default();
    for _ in 0..SUBMITTED {
        let (time, ()) = timed(|| {
            file.write_all(&[5; PAGE]).unwrap();
            file.sync_data().unwrap();
        });
        times.push(time);
    }
    times
}
