//! Stores that are damaged at seeded random places: bits, whole pages, cuts, torn copies of one that is being written.

use std::{
    collections::BTreeSet,
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

use bolao_ledger::{Genesis, Height};
use bolao_store::{Durability, RecoveryScan, Store, StoreError};

use crate::game::{Dump, certified_genesis, connect, dump, genesis, play, usual_plays};

pub(crate) const PAGE: usize = 4_096;

/// xorshift.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }
}

/// Another file after each block, as copies made at that moment would be, and what the last one shows.
fn states(path: &Path, genesis: &Genesis) -> (Vec<Vec<u8>>, Dump) {
    let mut store = Store::create(path, genesis).unwrap();
    let mut copies = Vec::new();
    for height in 1..=9 {
        play(&mut store, &usual_plays(height), b"");
        copies.push(fs::read(path).unwrap());
    }
    let shown = dump(&store.reader().snapshot().unwrap());
    drop(store);
    copies.push(fs::read(path).unwrap());
    (copies, shown)
}

/// One kind of damage after the other, each at another place.
pub(crate) fn damaged(states: &[Vec<u8>], random: &mut Random, number: u64) -> Vec<u8> {
    let mut bytes = states.last().unwrap().clone();
    let pages = bytes.len() / PAGE;
    match number % 5 {
        0 => {
            let place = random.below(bytes.len());
            bytes[place] ^= 1 << random.below(8);
        }
        1 => {
            for _ in 0..=random.below(20) {
                let place = random.below(bytes.len());
                bytes[place] ^= 1 << random.below(8);
            }
        }
        2 => {
            let page = random.below(pages) * PAGE;
            let with = if random.below(2) == 0 {
                vec![0; PAGE]
            } else {
                let other = random.below(pages) * PAGE;
                bytes[other..other + PAGE].to_vec()
            };
            bytes[page..page + PAGE].copy_from_slice(&with);
        }
        3 => {
            let length = random.below(bytes.len());
            bytes.truncate(length);
        }
        _ => {
            // Begun at one block, ended at a later one.
            let first = random.below(states.len() - 1);
            let later = first + 1 + random.below(states.len() - first - 1);
            let place = random.below(pages) * PAGE;
            bytes = states[first][..place.min(states[first].len())].to_vec();
            let rest = states[later].get(bytes.len()..).unwrap_or_default();
            bytes.extend(rest);
        }
    }
    bytes
}

/// Everything that a reader can be shown, or that the store is damaged.
fn shown(path: &Path) -> Option<Dump> {
    let store = match Store::open(path) {
        Ok(store) => store,
        Err(error) => {
            assert!(error.is_damage(), "{error}");
            return None;
        }
    };
    let reader = store.reader();
    // The dump unwraps what it reads: it panics where a read fails, or where what it sees makes no sense.
    let shown = catch_unwind(AssertUnwindSafe(|| dump(&reader.snapshot().unwrap())));
    if shown.is_err() {
        assert!(reader.damage().is_some(), "what was read makes no sense");
    }
    shown.ok()
}

fn places(count: u64, genesis: &Genesis) {
    let directory = tempfile::tempdir().unwrap();
    let (states, whole) = states(&directory.path().join("whole.redb"), genesis);
    let sums = fs::read(directory.path().join("whole.redb.sums")).unwrap();
    let path = directory.path().join("chain.redb");
    let beside = directory.path().join("chain.redb.sums");
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let (mut seen, mut kept) = (0, 0);
    for number in 0..count {
        let bytes = damaged(&states, &mut random, number);
        fs::write(&path, &bytes).unwrap();
        // Half of them as they are found at the next start, half as copies without their sums.
        if number % 2 == 0 {
            fs::write(&beside, &sums).unwrap();
        } else {
            let _ = fs::remove_file(&beside);
        }
        let Some(shown) = shown(&path) else {
            seen += 1;
            // Each takes a while without optimisation.
            if seen % 4 == 1 {
                fs::write(&path, &bytes).unwrap();
                kept += salvaged(&path, &whole, genesis);
            }
            continue;
        };
        // An older state is whole too: what a copy of that moment shows.
        let upto = shown.main.len();
        assert!(upto <= whole.main.len(), "place {number}");
        assert_eq!(shown.main[..], whole.main[..upto], "place {number}");
        if upto == whole.main.len() {
            assert_eq!(shown, whole, "place {number}");
        } else {
            assert_eq!(number % 5, 4, "place {number} shows {upto} blocks");
        }
    }
    println!(
        "of {count} damaged stores {seen} were refused; {kept} blocks were found in a fourth of them"
    );
    assert!(seen > count / 4, "{seen} of {count}");
    // A fourth of them was looked through: more than three blocks of nine on average.
    assert!(kept * 4 > seen * 3, "{kept} blocks of {seen} stores");
}

/// How many blocks of a damaged store can be had again; each is the block that it was.
fn salvaged(path: &Path, whole: &Dump, genesis: &Genesis) -> u64 {
    let remains = RecoveryScan::find(path, genesis).unwrap();
    let mut store = Store::in_memory(genesis).unwrap();
    for hash in remains.chain(&BTreeSet::new()) {
        let Some(block) = remains.block(&hash) else {
            break;
        };
        connect(&mut store, &block).unwrap();
    }
    let found = dump(&store.reader().snapshot().unwrap());
    assert_eq!(found.main[..], whole.main[..found.main.len()]);
    found.tip.height.0
}

#[test]
fn fifty_damaged_stores_show_nothing_wrong() {
    places(50, &genesis());
    places(50, &certified_genesis());
}

#[test]
fn a_thousand_damaged_stores_show_nothing_wrong_slow() {
    places(1_000, &genesis());
    places(1_000, &certified_genesis());
}

#[test]
fn what_changes_under_an_open_store_is_noticed() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("chain.redb");
    let (states, _) = states(&path, &genesis());
    let small_cache = 1;
    let open = || Store::open_or_create(&path, &genesis(), small_cache).unwrap();
    let store = open();
    let reader = store.reader();
    reader.look_at_all().unwrap();
    let mut bytes = fs::read(&path).unwrap();
    for place in (PAGE + 7..bytes.len()).step_by(PAGE) {
        bytes[place] ^= 1;
    }
    fs::write(&path, &bytes).unwrap();
    let error = reader.look_at_all().unwrap_err();
    assert!(matches!(error, StoreError::Damaged(_)), "{error}");
    assert!(reader.damage().is_some_and(|error| error.is_damage()));
    drop((store, reader));
    fs::remove_file(directory.path().join("chain.redb.sums")).unwrap();
    fs::write(&path, states.last().unwrap()).unwrap();
    assert_eq!(open().reader().damage().map(|it| it.to_string()), None);
}

#[test]
fn a_look_at_the_file_comes_round() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("chain.redb");
    let mut store = Store::create(&path, &genesis()).unwrap();
    let reader = store.reader();
    let mut rounds = 0;
    for height in 1..=20 {
        play(&mut store, &usual_plays(height), b"");
        for _ in 0..10 {
            rounds += u32::from(reader.look(16).unwrap());
        }
        store
            .write(Durability::Volatile, |tables| {
                assert_eq!(tables.tip()?.height, Height(height));
                Ok::<_, StoreError>(())
            })
            .unwrap();
    }
    assert!(rounds > 2, "{rounds}");
}

#[test]
fn sums_of_another_time_are_not_used() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("chain.redb");
    let sums = directory.path().join("chain.redb.sums");
    let mut store = Store::create(&path, &genesis()).unwrap();
    play(&mut store, &usual_plays(1), b"");
    drop(store);
    let old = fs::read(&sums).unwrap();
    let mut store = Store::open(&path).unwrap();
    play(&mut store, &usual_plays(2), b"");
    let height = |store: &Store| store.reader().snapshot().unwrap().tip().unwrap().height;
    drop(store);
    for sums_there in [old, b"no sums".to_vec(), Vec::new()] {
        fs::write(&sums, sums_there).unwrap();
        assert_eq!(height(&Store::open(&path).unwrap()), Height(2));
    }
}
