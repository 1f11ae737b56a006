//! Bytes on disk for each bet.

use std::{fs, os::unix::fs::MetadataExt as _, path::Path};

use bolao_store::Store;

use crate::{
    chain::{MATCHES, Maker, fill},
    homes::{BETS_PER_BLOCK, BETS_PER_PLAYER, BLOCKS_PER_WRITE, Homes, block_bytes, temp_dir},
    report::{Report, grouped, ratio},
};

const SIZES: [usize; 3] = [1_000, 10_000, 100_000];

pub(crate) fn run(report: &mut Report, homes: &mut Homes) {
    report.section("Bytes on disk for each bet, as the file lies there after the node has stopped");
    for bets in SIZES {
        let grown = homes.with_bets(bets);
        let what = format!(
            "single bets, {} blocks, {BLOCKS_PER_WRITE} blocks a write",
            grown.blocks
        );
        row(
            report,
            bets,
            &what,
            &grown.home.chain_path(),
            grown.block_bytes,
        );
    }
    for bets in [1_000, 10_000] {
        let mut maker = Maker::new(bets / BETS_PER_PLAYER);
        maker.grow(bets, 1, BETS_PER_BLOCK);
        let what = format!(
            "single bets, {} blocks, one block a write",
            maker.blocks.len()
        );
        written(report, bets, &what, &maker, 1);
    }
    for bets in SIZES {
        let mut maker = Maker::new((bets / BETS_PER_PLAYER).max(1));
        maker.grow(bets, MATCHES, BETS_PER_BLOCK);
        let what = format!(
            "rounds of {MATCHES}, {} blocks, one block a write",
            maker.blocks.len()
        );
        written(report, bets, &what, &maker, 1);
    }
}

fn written(report: &mut Report, bets: usize, what: &str, maker: &Maker, per_write: usize) {
    let dir = temp_dir();
    let path = dir.path().join("chain.redb");
    fill(
        &mut Store::create(&path, &maker.genesis).unwrap(),
        maker,
        per_write,
    );
    row(report, bets, what, &path, block_bytes(maker));
}

fn row(report: &mut Report, bets: usize, what: &str, path: &Path, blocks: usize) {
    let file = fs::metadata(path).unwrap();
    let used = file.blocks() * 512;
    let each = used as f64 / bets as f64;
    report.row(
        &format!("{} {what}", grouped(bets as f64)),
        &format!("{} bytes", grouped(each)),
        &ratio(used as f64, blocks as f64, "the blocks' own bytes"),
    );
}
