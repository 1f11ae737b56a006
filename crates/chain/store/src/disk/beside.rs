//! The file beside a store's: sums of all that is in it, as a run that ended in good order leaves them, or that it is
//! damaged, until a new store takes its place.
//!
//! Sums of an earlier time say nothing of what the file holds now, but the commits that it must have: redb numbers them, and
//! after a crash there are as many or more. A file with fewer is not the one that was written. So with the first commit of a run
//! its number takes the place of the sums: where pages of the last commit are damaged, redb takes the one before after a crash,
//! and says nothing.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind, Seek as _, Write as _},
    path::{Path, PathBuf},
};

use borsh::{BorshDeserialize, BorshSerialize};
use redb::StorageBackend;

use super::{BLOCK_BYTES, Sums};

const MAGIC: [u8; 8] = *b"bolsums2";
/// The most bytes that the file holds for one block.
const SUM_BYTES: u64 = 5;
/// The most bytes that the file holds besides those for blocks.
const OVERHEAD: u64 = 1_024;
/// So much of it is read in any case, in bytes.
const LEAST_READ: u64 = 1 << 20;
/// The longest reason that is kept, in characters.
const REASON: usize = 200;

/// The contents of the file beside a store, as they were read.
#[derive(Debug)]
pub(super) enum Beside {
    /// Nothing that says what is in the file now.
    Nothing,
    /// Sums of what is in it now.
    Sums(Sums),
    /// The store has so many durable commits, or more.
    Commits(u64),
    /// The store is damaged, and why.
    Damage(String),
}

#[derive(BorshSerialize, BorshDeserialize)]
enum Entry {
    Sums {
        length: u64,
        head: Box<Head>,
        sums: Sums,
    },
    Damage(String),
    Commits(u64),
}

/// The first bytes of redb's file (its format 3).
#[derive(BorshSerialize, BorshDeserialize, Clone, PartialEq, Eq)]
struct Head([u8; 320]);

impl Head {
    /// The offset of the two last commits, one of which counts, in bytes.
    const COMMITS_AT: usize = 64;
    /// The offsets of their numbers, in bytes.
    const NUMBERS_AT: [usize; 2] = [168, 296];
    /// The offset of the byte with the bit that says which of them counts.
    const FLAGS_AT: usize = 9;
    const SECOND_COUNTS: u8 = 1;

    fn of(storage: &dyn StorageBackend) -> io::Result<Self> {
        let mut bytes = [0; 320];
        storage.read(0, &mut bytes)?;
        Ok(Self(bytes))
    }

    fn last_commit(&self) -> u64 {
        let numbers = Self::NUMBERS_AT.iter();
        let numbers = numbers.filter_map(|at| self.0.get(*at..)?.first_chunk());
        numbers
            .map(|it| u64::from_le_bytes(*it))
            .max()
            .unwrap_or_default()
    }

    fn commits(&self) -> (Option<&[u8]>, Option<u8>) {
        let flags = self.0.get(Self::FLAGS_AT);
        let counts = flags.map(|flags| flags & Self::SECOND_COUNTS);
        (self.0.get(Self::COMMITS_AT..), counts)
    }

    /// Whether a file that once began with `self` may begin with `now`, after runs that ended in whatever way.
    fn may_become(&self, now: &Self) -> bool {
        let (before, after) = (self.last_commit(), now.last_commit());
        after > before || after == before && self.commits() == now.commits()
    }
}

/// The path of the file beside a store.
pub(crate) fn path(store: &Path) -> PathBuf {
    store.with_added_extension("sums")
}

/// Reads the file beside a store. A file that cannot be read is as good as not there.
pub(super) fn read(beside: &Path, storage: &dyn StorageBackend) -> Beside {
    let nothing = Beside::Nothing;
    match entry(beside, storage) {
        Some(Entry::Damage(reason)) => Beside::Damage(reason),
        Some(Entry::Commits(count)) => Beside::Commits(count),
        Some(Entry::Sums { length, head, sums }) => match Head::of(storage) {
            Ok(now) if now == *head => match storage.len() {
                Ok(now) if now == length => Beside::Sums(sums),
                _ => nothing,
            },
            Ok(now) if head.may_become(&now) => nothing,
            Err(error) if error.kind() != ErrorKind::UnexpectedEof => nothing,
            _ => Beside::Damage("its file lacks what was written there last".into()),
        },
        None => nothing,
    }
}

fn entry(beside: &Path, storage: &dyn StorageBackend) -> Option<Entry> {
    let blocks = storage.len().ok()?.div_ceil(BLOCK_BYTES);
    let there = fs::metadata(beside).ok().filter(fs::Metadata::is_file)?;
    let most = blocks.saturating_mul(SUM_BYTES).saturating_add(OVERHEAD);
    if there.len() > most.max(LEAST_READ) {
        return None;
    }
    let bytes = fs::read(beside).ok()?;
    let (entry, sum) = bytes.split_last_chunk()?;
    if crc32fast::hash(entry) != u32::from_le_bytes(*sum) {
        return None;
    }
    borsh::from_slice(entry.strip_prefix(&MAGIC)?).ok()
}

fn bytes_of(entry: &Entry) -> io::Result<Vec<u8>> {
    let mut bytes = MAGIC.to_vec();
    entry.serialize(&mut bytes)?;
    bytes.extend(crc32fast::hash(&bytes).to_le_bytes());
    Ok(bytes)
}

fn write(beside: &Path, entry: &Entry) -> io::Result<()> {
    fs::write(beside, bytes_of(entry)?).inspect_err(|_| drop(fs::remove_file(beside)))
}

/// Takes the sums away before the first commit of a run: from then on [`keep_commits`] writes here.
pub(super) fn begin(beside: &Path) -> io::Result<File> {
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .open(beside)
}

/// Keeps how many durable commits a store has, without waiting for the disk: a power cut may leave fewer, never more.
pub(super) fn keep_commits(beside: &mut File, count: u64) -> io::Result<()> {
    beside.rewind()?;
    beside.write_all(&bytes_of(&Entry::Commits(count))?)
}

/// Keeps the sums of what a store's file holds.
pub(super) fn leave_sums(
    beside: &Path,
    storage: &dyn StorageBackend,
    sums: &Sums,
) -> io::Result<()> {
    let (length, head) = (storage.len()?, Box::new(Head::of(storage)?));
    let sums = sums.clone();
    write(beside, &Entry::Sums { length, head, sums })
}

/// Keeps that a store is damaged.
pub(super) fn leave_damage(beside: &Path, reason: &str) -> io::Result<()> {
    let reason = reason.chars().take(REASON).collect();
    write(beside, &Entry::Damage(reason))
}
