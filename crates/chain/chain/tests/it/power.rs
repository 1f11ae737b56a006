//! What a power cut may take, and what it never takes.

use std::{
    io,
    sync::{Arc, Mutex},
};

use bolao_chain::{Core, CoreConfig, Input, Output, Request, Response, Topic};
use bolao_ledger::{Block, encode};
use bolao_store::{StorageBackend, Store};

use crate::pool::{Solo, at, chain, genesis, peer};

const CACHE_BYTES: usize = 1 << 20;

/// A disk of which a power cut leaves what was synced.
#[derive(Clone, Debug, Default)]
struct Disk(Arc<Mutex<Images>>);

#[derive(Debug, Default)]
struct Images {
    now: Vec<u8>,
    synced: Vec<u8>,
}

impl StorageBackend for Disk {
    fn len(&self) -> io::Result<u64> {
        Ok(self.0.lock().unwrap().now.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let from = offset as usize;
        out.copy_from_slice(&self.0.lock().unwrap().now[from..from + out.len()]);
        Ok(())
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        self.0.lock().unwrap().now.resize(length as usize, 0);
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        let images = &mut *self.0.lock().unwrap();
        images.synced.clone_from(&images.now);
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let from = offset as usize;
        self.0.lock().unwrap().now[from..from + data.len()].copy_from_slice(data);
        Ok(())
    }
}

impl Disk {
    /// The tip of a node that lost power now and starts again.
    fn height_after_power_cut(&self) -> u64 {
        let synced = self.0.lock().unwrap().synced.clone();
        let after = Self(Arc::new(Mutex::new(Images {
            now: synced.clone(),
            synced,
        })));
        let store = Store::on_backend(after, &genesis(), CACHE_BYTES).unwrap();
        let core = Core::new(store, CoreConfig::default(), at(10)).unwrap();
        core.tip().height.0
    }
}

fn on_disk() -> (Solo, Disk) {
    let disk = Disk::default();
    let store = Store::on_backend(disk.clone(), &genesis(), CACHE_BYTES).unwrap();
    let now = at(10);
    let mut solo = Solo {
        core: Core::new(store, CoreConfig::default(), now).unwrap(),
        now,
        out: Vec::new(),
    };
    let peer = peer("peer");
    solo.handle(Input::PeerConnected { peer });
    (solo, disk)
}

fn gossip(solo: &mut Solo, block: &Block) {
    solo.handle(Input::Gossip {
        peer: peer("peer"),
        token: 7,
        topic: Topic::Blocks,
        bytes: encode(block),
    });
    assert_eq!(solo.tip(), block.hash());
}

fn blocks() -> Vec<Block> {
    chain(genesis().pool_id().into(), 1, 1, 1, 6)
}

#[test]
fn gossiped_blocks_are_on_the_disk_in_a_moment() {
    let (mut solo, disk) = on_disk();
    for (before, block) in blocks().iter().enumerate() {
        gossip(&mut solo, block);
        assert_eq!(disk.height_after_power_cut(), before as u64);
        solo.now.mono_ms += 1_000;
        solo.handle(Input::Tick);
        assert_eq!(disk.height_after_power_cut(), before as u64 + 1);
    }
}

#[test]
fn what_was_acknowledged_is_on_the_disk_with_all_before_it() {
    let (mut solo, disk) = on_disk();
    let blocks = blocks();
    for block in &blocks[..3] {
        gossip(&mut solo, block);
    }
    assert_eq!(disk.height_after_power_cut(), 0);
    // A block that is known already is acknowledged, too.
    for (block, wanted) in [(&blocks[2], 3), (&blocks[3], 4)] {
        solo.handle(Input::Request {
            peer: peer("peer"),
            token: 8,
            request: Request::PushBlock(Box::new(block.clone())),
        });
        assert!(solo.out.iter().any(|output| matches!(
            output,
            Output::Respond {
                response: Response::Ack,
                ..
            }
        )));
        assert_eq!(disk.height_after_power_cut(), wanted);
    }
    gossip(&mut solo, &blocks[4]);
    assert_eq!(disk.height_after_power_cut(), 4);
    // A block of one's own.
    solo.give(blocks[5].clone()).unwrap();
    assert_eq!(disk.height_after_power_cut(), 6);
}

#[test]
fn whoever_is_answered_hears_of_nothing_that_a_power_cut_takes() {
    let (mut solo, disk) = on_disk();
    gossip(&mut solo, &blocks()[0]);
    // The refusal says that the block is known.
    solo.give(blocks()[0].clone()).unwrap_err();
    assert_eq!(disk.height_after_power_cut(), 1);
}
