//! Disks that fail, and power cuts that keep any part of what was not synced.

use std::{
    io,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use bolao_ledger::Genesis;
use bolao_store::{Durability, StorageBackend, Store, StoreError};

use crate::game::{certified_genesis, dump, genesis, play, usual_plays};

const CACHE_BYTES: usize = 1 << 20;

#[derive(Clone, Debug)]
enum Change {
    Write(u64, Vec<u8>),
    Length(u64),
}

impl Change {
    fn apply(&self, image: &mut Vec<u8>) {
        match self {
            Self::Write(offset, data) => {
                let from = *offset as usize;
                let to = from + data.len();
                if image.len() < to {
                    image.resize(to, 0);
                }
                image[from..to].copy_from_slice(data);
            }
            Self::Length(length) => image.resize(*length as usize, 0),
        }
    }
}

#[derive(Debug, Default)]
struct Disk {
    now: Vec<u8>,
    synced: Vec<u8>,
    unsynced: Vec<Change>,
    /// Changes and syncs that still succeed.
    budget: Option<u64>,
}

impl Disk {
    fn spend(&mut self) -> io::Result<()> {
        match &mut self.budget {
            Some(0) => Err(io::Error::other("the disk is broken")),
            Some(left) => {
                *left -= 1;
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn change(&mut self, change: Change) -> io::Result<()> {
        // The change under way when the power fails may reach the disk.
        let spent = self.spend();
        self.unsynced.push(change.clone());
        spent?;
        change.apply(&mut self.now);
        Ok(())
    }
}

#[derive(Clone, Debug, Default)]
struct Shared {
    disk: Arc<Mutex<Disk>>,
    bytes_read: Arc<AtomicU64>,
}

impl Shared {
    fn of(image: Vec<u8>) -> Self {
        let shared = Self::default();
        *shared.disk.lock().unwrap() = Disk {
            now: image.clone(),
            synced: image,
            ..Disk::default()
        };
        shared
    }

    /// What a power cut leaves: all that was synced, and those unsynced changes whose turn `keep` says.
    fn after_power_cut(&self, mut keep: impl FnMut() -> bool) -> Vec<u8> {
        let disk = self.disk.lock().unwrap();
        let mut image = disk.synced.clone();
        for change in &disk.unsynced {
            if matches!(change, Change::Length(_)) || keep() {
                change.apply(&mut image);
            }
        }
        image
    }
}

impl StorageBackend for Shared {
    fn len(&self) -> io::Result<u64> {
        Ok(self.disk.lock().unwrap().now.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.bytes_read
            .fetch_add(out.len() as u64, Ordering::Relaxed);
        let disk = self.disk.lock().unwrap();
        let from = offset as usize;
        let bytes = disk
            .now
            .get(from..from + out.len())
            .ok_or(io::ErrorKind::UnexpectedEof)?;
        out.copy_from_slice(bytes);
        Ok(())
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        self.disk.lock().unwrap().change(Change::Length(length))
    }

    fn sync_data(&self) -> io::Result<()> {
        let mut disk = self.disk.lock().unwrap();
        disk.spend()?;
        let Disk {
            now,
            synced,
            unsynced,
            ..
        } = &mut *disk;
        synced.clone_from(now);
        unsynced.clear();
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let change = Change::Write(offset, data.to_vec());
        self.disk.lock().unwrap().change(change)
    }
}

/// xorshift: enough to choose which writes a power cut keeps.
fn coin(seed: u64) -> impl FnMut() -> bool {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state >> 63 == 1
    }
}

#[test]
fn a_power_cut_at_any_step_of_a_block_leaves_a_whole_block() {
    cut_at_any_step(&genesis());
    cut_at_any_step(&certified_genesis());
}

fn cut_at_any_step(genesis: &Genesis) {
    let disk = Shared::default();
    let mut store = Store::on_backend(disk.clone(), genesis, CACHE_BYTES).unwrap();
    for height in 1..=3 {
        play(&mut store, &usual_plays(height), b"");
    }
    let before = dump(&store.reader().snapshot().unwrap());
    let base = disk.after_power_cut(|| false);
    play(&mut store, &usual_plays(4), b"");
    let after = dump(&store.reader().snapshot().unwrap());
    drop(store);

    let (mut kept_old, mut kept_new) = (0, 0);
    for budget in 0.. {
        let disk = Shared::of(base.clone());
        let mut store = Store::on_backend(disk.clone(), genesis, CACHE_BYTES).unwrap();
        disk.disk.lock().unwrap().budget = Some(budget);
        let played = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            play(&mut store, &usual_plays(4), b"");
        }));
        let refused = store.write(Durability::Durable, |tables| tables.disconnect());
        if played.is_err() {
            assert!(matches!(refused, Err(StoreError::Poisoned)), "{refused:?}");
        }
        drop(store);
        for seed in 0..4 {
            let image = disk.after_power_cut(coin(budget * 4 + seed));
            let store = Store::on_backend(Shared::of(image), genesis, CACHE_BYTES).unwrap();
            let found = dump(&store.reader().snapshot().unwrap());
            if found == after {
                kept_new += 1;
            } else {
                assert_eq!(found, before, "budget {budget}, seed {seed}");
                assert!(
                    played.is_err(),
                    "budget {budget}: a committed block is lost"
                );
                kept_old += 1;
            }
        }
        if played.is_ok() {
            break;
        }
    }
    assert!(
        kept_old > 8 && kept_new > 2,
        "{kept_old} old, {kept_new} new"
    );
}
