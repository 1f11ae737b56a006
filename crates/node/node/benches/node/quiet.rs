//! A quiet pool: one validator, and a block for each sealed bet. What a bet costs on the disk and of the processor.

use std::{fs, os::unix::fs::MetadataExt as _, path::Path};

use bolao_chain::{Core, CoreConfig, Input, Now, Output, VotingKey};
use bolao_ledger::{AccountId, Transaction, UnixSeconds};
use bolao_store::Store;
use ed25519_zebra::VerificationKeyBytes;
use redb::{Database, ReadableDatabase as _, ReadableTableMetadata as _, TableHandle as _};

use crate::{
    chain::{Maker, START},
    homes::{Homes, temp_dir},
    link::config,
    load::cpu,
    report::{Report, Times, grouped, ms, ratio, timed},
};

const BETS: usize = 5_000;
/// Players of the pools on the disk: whose bets are each on another match, and who change half of theirs.
const PLAYERS: [usize; 2] = [100, 50];
/// Pools by their numbers of matches, for the processor's time.
const LEAGUES: [usize; 3] = [10, 380, 1_000];
const TIMED_BETS: usize = 3_000;
/// From one bet to the next, in seconds.
const PAUSE_S: u64 = 5;
/// So long after a block all of it is on the disk, in milliseconds.
const SYNCED_MS: u64 = 300;

pub(crate) fn run(report: &mut Report, _: &mut Homes) {
    report.section(&format!(
        "A quiet pool on the disk: a block for each of {BETS} sealed bets"
    ));
    for players in PLAYERS {
        let dir = temp_dir();
        let path = dir.path().join("chain.redb");
        let mut maker = Maker::certified(players, 1);
        let times = play(&mut maker, &path, BETS).all;
        report.row(
            &format!("{players} players: a bet until its block is final"),
            &times.both(),
            "median / p99",
        );
        bytes(report, &path);
    }
    report.section("The processor's time for a bet in a block of its own, by matches in the pool");
    let medians = LEAGUES.map(|matches| {
        let dir = temp_dir();
        let mut maker = Maker::certified_with(50, 1, matches);
        play(&mut maker, &dir.path().join("chain.redb"), TIMED_BETS)
            .cpu
            .median()
    });
    for (matches, median) in LEAGUES.into_iter().zip(medians) {
        let beside = ratio(median.as_secs_f64(), medians[0].as_secs_f64(), "with 10");
        report.row(&format!("{matches} matches"), &ms(median), &beside);
    }
}

/// The times of bets, by the clock and by the processor.
#[derive(Default)]
struct Spent {
    all: Times,
    cpu: Times,
}

/// Plays a pool through one core; its players join first.
fn play(maker: &mut Maker, path: &Path, bets: usize) -> Spent {
    let key = maker.validators[0];
    let account = AccountId(VerificationKeyBytes::from(&key).into());
    let config = CoreConfig {
        validator: Some(VotingKey { account, key }),
        trusts_clock: true,
        ..config()
    };
    let joins = maker
        .blocks
        .iter()
        .flat_map(|block| block.transactions.clone());
    let joins: Vec<Transaction> = joins.collect();
    let (players, bets) = (joins.len(), maker.bets(bets, 1));
    let mut now = Now {
        unix: UnixSeconds(START + PAUSE_S),
        mono_ms: 0,
    };
    let store = Store::create(path, &maker.genesis).unwrap();
    let mut core = Core::new(store, config, now).unwrap();
    let (mut spent, own) = (Spent::default(), Path::new("/proc/thread-self"));
    for (number, transaction) in joins.into_iter().chain(bets).enumerate() {
        now.unix.0 += PAUSE_S;
        now.mono_ms += PAUSE_S * 1_000;
        let before = cpu(own);
        let (all, outputs) = timed(|| core.handle(now, Input::submit(0, transaction)).unwrap());
        let refused = |output: &Output| matches!(output, Output::Reply { result: Err(_), .. });
        assert!(!outputs.iter().any(refused), "{outputs:?}");
        assert_eq!(core.tip().height.0, number as u64 + 1);
        let later = Now {
            mono_ms: now.mono_ms + SYNCED_MS,
            ..now
        };
        core.handle(later, Input::Tick).unwrap();
        if number >= players {
            spent.all.push(all);
            spent.cpu.push(cpu(own).saturating_sub(before));
        }
    }
    spent
}

fn bytes(report: &mut Report, path: &Path) {
    let each = |bytes: u64| bytes as f64 / BETS as f64;
    let shown = |bytes: u64| format!("{} bytes", grouped(each(bytes)));
    let file = fs::metadata(path).unwrap();
    let length = format!("{} long", shown(file.len()));
    report.row(
        "  the file as it stands",
        &shown(file.blocks() * 512),
        &length,
    );
    let mut database = Database::open(path).unwrap();
    {
        let transaction = database.begin_read().unwrap();
        for table in transaction.list_tables().unwrap() {
            let name = table.name().to_owned();
            let stats = transaction.open_untyped_table(table).unwrap().stats();
            let stats = stats.unwrap();
            let pages = stats.stored_bytes() + stats.metadata_bytes() + stats.fragmented_bytes();
            if each(pages) >= 5.0 {
                let data = format!("{} of them data", grouped(each(stats.stored_bytes())));
                report.row(&format!("  table {name}"), &shown(pages), &data);
            }
        }
    }
    while database.compact().unwrap() {}
    drop(database);
    let file = fs::metadata(path).unwrap();
    report.row("  compacted", &shown(file.blocks() * 512), "");
}
