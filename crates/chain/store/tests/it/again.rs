//! Damaged stores that are opened again and again, in the ways of the commands: what one of them refuses, no later one may
//! show wrongly.

use std::{fs, path::Path};

use bolao_ledger::{Height, MemoryState};
use bolao_store::{CACHE_BYTES, Durability, OpenError, Reader, Store, StoreError, Tip};

use crate::{
    damage::{PAGE, Random, damaged},
    game::{genesis, play, usual_plays},
};

/// What a reader is shown.
#[derive(Debug, PartialEq)]
struct Shown {
    tip: Tip,
    state: MemoryState,
    blocks: Vec<Vec<u8>>,
}

fn shown(reader: &Reader) -> Result<Shown, StoreError> {
    let snapshot = reader.snapshot()?;
    let tip = snapshot.tip()?;
    let mut blocks = Vec::new();
    for height in 1..=tip.height.0 {
        let hash = snapshot.hash_at(Height(height))?;
        let hash = hash.ok_or_else(|| StoreError::corrupt("main", height, "no block"))?;
        blocks.extend(snapshot.block_bytes(&hash)?);
    }
    let state = snapshot.memory_state()?;
    Ok(Shown { tip, state, blocks })
}

/// Another file after each block, as a kill at that moment leaves it; after the last one as it is closed.
struct History {
    files: Vec<Vec<u8>>,
    shown: Vec<Shown>,
    sums: Vec<u8>,
    /// What lies beside the file after a kill when all blocks were there.
    killed: Vec<u8>,
    /// Of a run that ended before.
    older_sums: Vec<u8>,
}

impl History {
    fn new(directory: &Path) -> Self {
        let (path, beside) = (
            directory.join("whole.redb"),
            directory.join("whole.redb.sums"),
        );
        let (mut files, mut all, mut older_sums) = (Vec::new(), Vec::new(), Vec::new());
        let mut store = Store::create(&path, &genesis()).unwrap();
        for height in 1..=8 {
            if height == 5 {
                drop(store);
                older_sums = fs::read(&beside).unwrap();
                store = Store::open(&path).unwrap();
            }
            play(&mut store, &usual_plays(height), b"");
            files.push(fs::read(&path).unwrap());
            all.push(shown(&store.reader()).unwrap());
        }
        let killed = fs::read(&beside).unwrap();
        drop(store);
        files.push(fs::read(&path).unwrap());
        Self {
            killed,
            files,
            shown: all,
            sums: fs::read(&beside).unwrap(),
            older_sums,
        }
    }

    /// A damaged store with something beside it. Says whether an older state, whole in itself, is all that can be seen of it.
    fn lay(&self, path: &Path, random: &mut Random, number: u64) -> bool {
        let was_killed = random.below(4) == 0;
        let files = &self.files[..self.files.len() - usize::from(was_killed)];
        let kind = number % 8;
        let bytes = match kind {
            0..5 => damaged(files, random, kind),
            5 => files[random.below(files.len() - 1)].clone(),
            6 => {
                let mut bytes = files.last().unwrap().clone();
                let pages = bytes.len() / PAGE;
                for _ in 0..=random.below(3) {
                    let older = &files[random.below(files.len())];
                    let place = random.below(pages.min(older.len() / PAGE)) * PAGE;
                    bytes[place..place + PAGE].copy_from_slice(&older[place..place + PAGE]);
                }
                bytes
            }
            _ => {
                let mut bytes = files.last().unwrap().clone();
                let pages = bytes.len() / PAGE;
                let (one, other) = (random.below(pages) * PAGE, random.below(pages) * PAGE);
                for at in 0..PAGE {
                    bytes.swap(one + at, other + at);
                }
                bytes
            }
        };
        fs::write(path, bytes).unwrap();
        let sums = if was_killed {
            Some(self.killed.clone())
        } else {
            match random.below(6) {
                0 => None,
                1 => Some(self.older_sums.clone()),
                2 => {
                    let mut sums = self.sums.clone();
                    let place = random.below(sums.len());
                    sums[place] ^= 1 << random.below(8);
                    Some(sums)
                }
                _ => Some(self.sums.clone()),
            }
        };
        let beside = path.with_added_extension("sums");
        let _ = fs::remove_file(&beside);
        let is_kept = was_killed || sums.as_ref() == Some(&self.sums);
        if let Some(sums) = sums {
            fs::write(beside, sums).unwrap();
        }
        !is_kept && (4..7).contains(&kind)
    }
}

/// How a command opens a store, and what it then shows.
#[derive(Clone, Copy, Debug)]
enum Way {
    /// Reads a little.
    Glance,
    /// Reads all.
    Read,
    /// Reads all, and looks at the whole file first.
    Audit,
    /// Opens or makes it, and writes.
    Run,
    /// Rebuilds it in place.
    Reindex,
}

const WAYS: [Way; 5] = [Way::Glance, Way::Read, Way::Audit, Way::Run, Way::Reindex];

impl Way {
    /// The tip, and all where that is shown; or that the store is damaged.
    fn go(self, path: &Path) -> Option<(Tip, Option<Shown>)> {
        let opened = match self {
            Self::Glance | Self::Read | Self::Audit => Store::open(path),
            Self::Run => Store::open_or_create(path, &genesis(), CACHE_BYTES),
            Self::Reindex => Store::open_for_repair(path),
        };
        let mut store = match opened {
            Ok(store) => store,
            Err(error) => {
                let is_other = matches!(error, OpenError::OtherPool { .. });
                assert!(error.is_damage() || is_other, "{self:?}: {error}");
                return None;
            }
        };
        let found = self.show(&mut store);
        if let Err(error) = &found {
            assert!(error.is_fatal(), "{self:?}: {error}");
        }
        found.ok()
    }

    fn show(self, store: &mut Store) -> Result<(Tip, Option<Shown>), StoreError> {
        let reader = store.reader();
        match self {
            Self::Glance => return Ok((reader.snapshot()?.tip()?, None)),
            Self::Audit => reader.look_at_all()?,
            Self::Run => {
                reader.look(64)?;
                for durability in [Durability::Volatile, Durability::Durable] {
                    store.write(durability, |tables| tables.tip().map(drop))?;
                }
            }
            Self::Reindex => {
                let rebuilt = store.reindex(|_| {});
                if let Err(error) = rebuilt {
                    return Err(StoreError::corrupt("blocks", "all", error));
                }
            }
            Self::Read => {}
        }
        let all = shown(&reader)?;
        Ok((all.tip, Some(all)))
    }
}

fn again_and_again(count: u64) {
    let directory = tempfile::tempdir().unwrap();
    let history = History::new(directory.path());
    let path = directory.path().join("chain.redb");
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let (mut opened, mut refused) = (0, 0);
    for number in 0..count {
        let may_be_older = history.lay(&path, &mut random, number);
        let ways: Vec<Way> = (0..4).map(|_| WAYS[random.below(WAYS.len())]).collect();
        for (step, way) in ways.iter().enumerate() {
            let Some((tip, all)) = way.go(&path) else {
                refused += 1;
                continue;
            };
            opened += 1;
            let told = format!("damage {number}, step {step} of {ways:?}");
            let truth = if may_be_older {
                let same = history.shown.iter().find(|it| it.tip == tip);
                same.unwrap_or_else(|| panic!("{told}: {tip:?}"))
            } else {
                history.shown.last().unwrap()
            };
            assert_eq!(tip, truth.tip, "{told}");
            assert!(all.is_none_or(|all| all == *truth), "{told}");
        }
    }
    println!("{count} damages: {opened} times opened, {refused} times refused");
    assert!(opened > count / 2 && refused > count, "{opened} {refused}");
}

#[test]
fn no_damage_is_shown_by_a_later_command() {
    again_and_again(120);
}

#[test]
fn no_damage_is_shown_by_a_later_command_slow() {
    again_and_again(1_000);
}

/// A node that has it open is told apart from damage; what a new store takes the place of is damaged no more.
#[test]
fn what_is_damaged_stays_so_until_another_takes_its_place() {
    let directory = tempfile::tempdir().unwrap();
    let history = History::new(directory.path());
    let path = directory.path().join("chain.redb");
    let beside = path.with_added_extension("sums");
    let whole = history.files.last().unwrap();
    let mut bytes = whole.clone();
    for place in (PAGE + 7..bytes.len()).step_by(PAGE) {
        bytes[place] ^= 1;
    }
    fs::write(&path, &bytes).unwrap();
    fs::write(&beside, &history.sums).unwrap();
    let first = Store::open(&path).unwrap_err().to_string();
    assert!(first.contains("damaged"), "{first}");
    // As if redb could not see it.
    fs::write(&path, whole).unwrap();
    for way in WAYS {
        assert!(way.go(&path).is_none(), "{way:?}");
    }
    assert_eq!(Store::open(&path).unwrap_err().to_string(), first);
    fs::remove_file(&beside).unwrap();
    assert_eq!(
        shown(&Store::open(&path).unwrap().reader()).unwrap(),
        *history.shown.last().unwrap()
    );
}

#[test]
fn one_in_use_is_not_called_damaged() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("chain.redb");
    let store = Store::create(&path, &genesis()).unwrap();
    let mut bytes = fs::read(&path).unwrap();
    bytes[PAGE + 7..].fill(1);
    fs::write(&path, bytes).unwrap();
    let look = store.reader().look_at_all();
    assert!(look.is_err_and(|error| error.is_damage()));
    let second = Store::open_for_repair(&path).unwrap_err();
    assert!(matches!(second, OpenError::InUse { .. }), "{second}");
}
