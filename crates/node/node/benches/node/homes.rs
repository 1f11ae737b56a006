//! Homes of stopped nodes, on a real disk: beside the build's other files, for `/tmp` is often memory.

use std::collections::BTreeMap;

use bolao_node::Home;
use bolao_store::Store;
use tempfile::TempDir;

use crate::chain::{Maker, fill};

/// Bets that each player has placed: what a player's page shows is as long in a small pool as in a large one.
pub(crate) const BETS_PER_PLAYER: usize = 100;
/// Bets in a block of a pool where a block is found every few minutes.
pub(crate) const BETS_PER_BLOCK: usize = 10;
/// Blocks that a node writes at once while it catches up.
pub(crate) const BLOCKS_PER_WRITE: usize = 16;

pub(crate) fn temp_dir() -> TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap()
}

/// A home with a chain of single bets.
pub(crate) struct Grown {
    pub(crate) home: Home,
    /// The blocks' own bytes.
    pub(crate) block_bytes: usize,
    pub(crate) blocks: usize,
    _dir: TempDir,
}

/// Made when they are first asked for, and kept.
#[derive(Default)]
pub(crate) struct Homes(BTreeMap<usize, Grown>);

impl Homes {
    /// With so many bets.
    pub(crate) fn with_bets(&mut self, bets: usize) -> &Grown {
        self.0.entry(bets).or_insert_with(|| {
            let mut maker = Maker::new(bets / BETS_PER_PLAYER);
            maker.grow(bets, 1, BETS_PER_BLOCK);
            let dir = temp_dir();
            let home = Home::open(dir.path()).unwrap();
            home.set_genesis(&maker.genesis).unwrap();
            let mut store = Store::create(&home.chain_path(), &maker.genesis).unwrap();
            fill(&mut store, &maker, BLOCKS_PER_WRITE);
            Grown {
                home,
                block_bytes: block_bytes(&maker),
                blocks: maker.blocks.len(),
                _dir: dir,
            }
        })
    }
}

pub(crate) fn block_bytes(maker: &Maker) -> usize {
    let lengths = maker
        .blocks
        .iter()
        .map(|block| bolao_ledger::encode(block).len());
    lengths.sum()
}
