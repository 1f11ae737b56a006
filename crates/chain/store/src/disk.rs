//! The file under redb, which notices when it gives back other bytes than were written there.
//!
//! redb compares the sums of its pages only when it is told to read all of them. So this file keeps one sum for every
//! 4 KiB:
//!
//! - What is written sets the sum. What is read must have it; what is read for the first time sets it.
//! - A store that is closed in good order leaves the sums beside it. Opened again, nothing else need be read first.
//! - Without them (after a crash, of a copy), redb reads every page once and compares its own sums. Before all of them are
//!   right, no sums are left.
//! - While it is open, the number of its last durable commit stands there: after a crash it must have that one.
//! - Once damage was seen, nothing is read any more, now or later, until a new store takes the place of this one.
//! - [`Disk::look`] goes on where it ended last, so that a look at the whole file can be spread over time.
//!
//! redb writes no page in place that a reader may see, so a read and a write of one place never overlap; a look may
//! overlap with anything, and so holds the sums while it reads.

mod beside;

use std::{
    fs::File,
    io::{self, ErrorKind},
    ops::Bound,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
};

use redb::{BackendError, StorageBackend};

use beside::Beside;
pub(crate) use beside::path as sums_path;

/// The length of a block, which has one sum, in bytes.
const BLOCK: usize = 4_096;
const BLOCK_BYTES: u64 = BLOCK as u64;

type Sums = Vec<Option<u32>>;

/// redb's storage, watched. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Disk(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    storage: Box<dyn StorageBackend>,
    /// The path of the file that takes the sums when the store is closed.
    beside: Option<PathBuf>,
    /// The same file, open from the first commit on.
    commits: Mutex<Option<File>>,
    /// The number of durable commits that the store must have.
    commits_before: u64,
    watched: Mutex<Watched>,
    /// The damage that was seen first.
    damage: OnceLock<Damage>,
}

#[derive(Debug, Default)]
struct Watched {
    sums: Sums,
    /// Whether all that is in use is as it was written, and the sums say so.
    known: bool,
    /// The block that the next look begins with.
    next: usize,
}

/// The file does not give back what was written there, and how that shows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Damage(String);

impl Damage {
    fn at(offset: u64) -> Self {
        Self(format!(
            "its file gives back other bytes at {offset} than were written there"
        ))
    }
}

impl From<Damage> for io::Error {
    fn from(damage: Damage) -> Self {
        Self::new(ErrorKind::InvalidData, damage)
    }
}

/// The blocks of which `data` at `offset` holds all bytes, each with its number.
fn whole_blocks(offset: u64, data: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let first = offset.div_ceil(BLOCK_BYTES);
    let skipped = first.saturating_mul(BLOCK_BYTES).saturating_sub(offset);
    let whole = usize::try_from(skipped)
        .ok()
        .and_then(|skipped| data.get(skipped..))
        .unwrap_or_default();
    let first = usize::try_from(first).unwrap_or(usize::MAX);
    (first..).zip(whole.chunks_exact(BLOCK))
}

impl Watched {
    /// The offset of the first block that is not what was written, in bytes.
    fn first_wrong(&mut self, offset: u64, data: &[u8]) -> Option<u64> {
        let mut blocks = whole_blocks(offset, data);
        let (number, _) = blocks.find(|(number, block)| !self.is_as_written(*number, block))?;
        let number = u64::try_from(number).unwrap_or(u64::MAX);
        Some(number.saturating_mul(BLOCK_BYTES))
    }

    /// Whether a block is what was written; one of which nothing is known is taken as it is.
    fn is_as_written(&mut self, number: usize, block: &[u8]) -> bool {
        let got = crc32fast::hash(block);
        match self.sum(number) {
            Some(sum) => *sum.get_or_insert(got) == got,
            None => true,
        }
    }

    fn sum(&mut self, number: usize) -> Option<&mut Option<u32>> {
        // No file that redb makes is longer.
        if number >= self.sums.len() && number < usize::MAX / 2 {
            self.sums.resize(number.saturating_add(1), None);
        }
        self.sums.get_mut(number)
    }

    /// Forgets the sums of every block of which something is at these places.
    fn forget(&mut self, offset: u64, length: usize) {
        let end = offset.saturating_add(u64::try_from(length).unwrap_or(u64::MAX));
        for number in offset / BLOCK_BYTES..end.div_ceil(BLOCK_BYTES) {
            let number = usize::try_from(number).unwrap_or(usize::MAX);
            if let Some(sum) = self.sums.get_mut(number) {
                *sum = None;
            }
        }
    }
}

impl Disk {
    /// Storage whose sums nobody keeps.
    pub(crate) fn new(storage: impl StorageBackend) -> Self {
        Self::with(storage, None, Beside::Nothing)
    }

    /// A store's file, and what lay beside it; whether something will again.
    pub(crate) fn of_file(path: &Path, file: File, is_kept: bool) -> io::Result<Self> {
        let storage = redb::backends::FileBackend::new(file)
            .map_err(|error| io::Error::other(error.to_string()))?;
        let path = sums_path(path);
        let beside = beside::read(&path, &storage);
        Ok(Self::with(storage, is_kept.then_some(path), beside))
    }

    fn with(storage: impl StorageBackend, path: Option<PathBuf>, beside: Beside) -> Self {
        let (mut watched, damage) = (Watched::default(), OnceLock::new());
        let mut commits_before = 0;
        match beside {
            Beside::Nothing => {}
            Beside::Commits(count) => commits_before = count,
            Beside::Sums(sums) => (watched.sums, watched.known) = (sums, true),
            Beside::Damage(reason) => drop(damage.set(Damage(reason))),
        }
        Self(Arc::new(Inner {
            storage: Box::new(storage),
            beside: path,
            commits: Mutex::default(),
            commits_before,
            watched: Mutex::new(watched),
            damage,
        }))
    }

    fn watched(&self) -> MutexGuard<'_, Watched> {
        // Each change of it is one assignment: a panic leaves nothing half done.
        let watched = self.0.watched.lock();
        watched.unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether all that is in use is as it was written.
    pub(crate) fn is_known(&self) -> bool {
        self.watched().known
    }

    /// All that is in use was read and is right, so that its sums may be kept.
    pub(crate) fn is_whole(&self) {
        self.watched().known = true;
    }

    /// The damage that was seen first.
    pub(crate) fn damage(&self) -> Option<Damage> {
        self.0.damage.get().cloned()
    }

    /// Keeps that the store is damaged, now and for who opens it next.
    pub(crate) fn damaged(&self, reason: impl ToString) -> Damage {
        let damage = self.0.damage.get_or_init(|| {
            let damage = Damage(reason.to_string());
            if let Some(beside) = &self.0.beside
                && let Err(error) = beside::leave_damage(beside, &damage.0)
            {
                tracing::warn!(%error, "it cannot be kept that the store is damaged");
            }
            damage
        });
        damage.clone()
    }

    /// Whether a store with so many durable commits has all that were answered for; else it is damaged.
    pub(crate) fn has_commits(&self, count: u64) -> Result<(), Damage> {
        if count < self.0.commits_before {
            return Err(self.damaged("its last commit cannot be read"));
        }
        Ok(())
    }

    /// A durable commit is on the disk, the one of this number.
    pub(crate) fn committed(&self, count: u64) {
        let Some(beside) = &self.0.beside else { return };
        let mut file = self
            .0
            .commits
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let kept = match &mut *file {
            Some(file) => beside::keep_commits(file, count),
            none => {
                beside::begin(beside).and_then(|new| beside::keep_commits(none.insert(new), count))
            }
        };
        // Without it, damage to the last commit shows only as an older tip.
        if let Err(error) = kept {
            tracing::debug!(%error, "the number of the last commit could not be kept");
        }
    }

    /// Reads at most so many blocks that are known, from where the last look ended. Says whether that was the end of the
    /// file; the next look begins at its start again.
    pub(crate) fn look(&self, blocks: usize) -> io::Result<bool> {
        let mut bytes = [0; BLOCK];
        for _ in 0..blocks {
            let mut watched = self.watched();
            let number = watched.next;
            let Some(sum) = watched.sums.get(number).copied() else {
                watched.next = 0;
                return Ok(true);
            };
            watched.next = number.saturating_add(1);
            let Some(sum) = sum else { continue };
            let offset = u64::try_from(number).unwrap_or(u64::MAX);
            let offset = offset.saturating_mul(BLOCK_BYTES);
            let read = self.0.storage.read(offset, &mut bytes);
            let cut = |error: &io::Error| error.kind() == ErrorKind::UnexpectedEof;
            if read.as_ref().is_err_and(cut) || read.is_ok() && crc32fast::hash(&bytes) != sum {
                return Err(self.damaged(Damage::at(offset)).into());
            }
            read?;
        }
        Ok(false)
    }

    /// Reads the whole file.
    pub(crate) fn look_at_all(&self) -> io::Result<()> {
        self.watched().next = 0;
        while !self.look(BLOCK)? {}
        Ok(())
    }

    /// Keeps the sums for who opens the store next.
    fn leave_sums(&self) -> io::Result<()> {
        let mut watched = self.watched();
        let is_sound = watched.known && self.damage().is_none();
        let Some(beside) = self.0.beside.as_ref().filter(|_| is_sound) else {
            return Ok(());
        };
        let mut first = [0; BLOCK];
        self.0.storage.read(0, &mut first)?;
        if let Some(sum) = watched.sum(0) {
            *sum = Some(crc32fast::hash(&first));
        }
        beside::leave_sums(beside, &*self.0.storage, &watched.sums)
    }
}

type Range = Bound<u64>;

impl StorageBackend for Disk {
    fn len(&self) -> io::Result<u64> {
        self.0.storage.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        if let Some(damage) = self.damage() {
            return Err(damage.into());
        }
        self.0.storage.read(offset, out)?;
        let mut watched = self.watched();
        if watched.first_wrong(offset, out).is_none() {
            return Ok(());
        }
        // What was wrong on the way only is right now.
        self.0.storage.read(offset, out)?;
        match watched.first_wrong(offset, out) {
            Some(place) => Err(self.damaged(Damage::at(place)).into()),
            None => Ok(()),
        }
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        let mut watched = self.watched();
        let blocks = usize::try_from(length / BLOCK_BYTES).unwrap_or(usize::MAX);
        watched.sums.truncate(blocks);
        self.0.storage.set_len(length)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.0.storage.sync_data()
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut watched = self.watched();
        // A write that fails may have written a part.
        watched.forget(offset, data.len());
        self.0.storage.write(offset, data)?;
        for (number, block) in whole_blocks(offset, data) {
            if let Some(sum) = watched.sum(number) {
                *sum = Some(crc32fast::hash(block));
            }
        }
        Ok(())
    }

    fn close(&self) -> io::Result<()> {
        // Without them, the next start only takes longer.
        if let Err(error) = self.leave_sums() {
            tracing::debug!(%error, "the store's sums could not be kept");
        }
        self.0.storage.close()
    }

    fn try_lock_range(&self, start: Range, end: Range) -> Result<bool, BackendError> {
        self.0.storage.try_lock_range(start, end)
    }

    fn try_lock_shared_range(&self, start: Range, end: Range) -> Result<bool, BackendError> {
        self.0.storage.try_lock_shared_range(start, end)
    }

    fn lock_range(&self, start: Range, end: Range) -> Result<(), BackendError> {
        self.0.storage.lock_range(start, end)
    }

    fn lock_shared_range(&self, start: Range, end: Range) -> Result<(), BackendError> {
        self.0.storage.lock_shared_range(start, end)
    }

    fn unlock_range(&self, start: Range, end: Range) -> Result<(), BackendError> {
        self.0.storage.unlock_range(start, end)
    }

    fn query_lock_range(&self, start: Range, end: Range) -> Result<bool, BackendError> {
        self.0.storage.query_lock_range(start, end)
    }
}
