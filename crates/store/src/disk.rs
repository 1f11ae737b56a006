//! The file under redb, which notices when it gives back other bytes than were written there.
//!
//! redb compares the sums of its pages only when it is told to read all of them. So this file keeps one sum for every
//! 4 KiB:
//!
//! - What is written sets the sum. What is read must have it; what is read for the first time sets it.
//! - A store that is closed in good order leaves the sums beside it. Opened again, nothing else need be read first.
//! - Without them (after a crash, of a copy), redb reads every page once and compares its own sums.
//! - [`Disk::look`] goes on where it ended last, so that a look at the whole file can be spread over time.
//!
//! redb writes no page in place that a reader may see, so a read and a write of one place never overlap; a look may
//! overlap with anything, and so holds the sums while it reads.

use std::{
    fs::{self, File},
    io::{self, ErrorKind},
    ops::Bound,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
};

use redb::{BackendError, StorageBackend};

/// What one sum is of, in bytes.
const BLOCK: usize = 4_096;
const BLOCK_BYTES: u64 = BLOCK as u64;
/// The first bytes of a file of sums.
const MAGIC: [u8; 8] = *b"bolsums1";
/// What a file of sums holds for a block, at most, in bytes.
const SUM_BYTES: u64 = 5;
/// What else it holds, at most, in bytes.
const SUMS_OVERHEAD: u64 = 64;

type Sums = Vec<Option<u32>>;

/// redb's storage, watched. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Disk(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    storage: Box<dyn StorageBackend>,
    /// Where the sums go when the store is closed.
    beside: Option<PathBuf>,
    watched: Mutex<Watched>,
    /// Where the first damage was seen.
    damage: OnceLock<u64>,
}

#[derive(Debug, Default)]
struct Watched {
    sums: Sums,
    /// The block that the next look begins with.
    next: usize,
}

/// The file gives back other bytes than were written there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("its file gives back other bytes at {offset} than were written there")]
pub(crate) struct OtherBytes {
    pub(crate) offset: u64,
}

impl From<OtherBytes> for io::Error {
    fn from(error: OtherBytes) -> Self {
        Self::new(ErrorKind::InvalidData, error)
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
    /// Where the first block begins that is not what was written.
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
        Self::with(storage, None, Sums::new())
    }

    /// A store's file, and whether its sums lay beside it, so that what is read of it is known to be what was written.
    pub(crate) fn of_file(path: &Path, file: File) -> io::Result<(Self, bool)> {
        let storage = redb::backends::FileBackend::new(file)
            .map_err(|error| io::Error::other(error.to_string()))?;
        let beside = sums_path(path);
        let sums = read_sums(&beside, &storage);
        let known = sums.is_some();
        let disk = Self::with(storage, Some(beside), sums.unwrap_or_default());
        Ok((disk, known))
    }

    fn with(storage: impl StorageBackend, beside: Option<PathBuf>, sums: Sums) -> Self {
        Self(Arc::new(Inner {
            storage: Box::new(storage),
            beside,
            watched: Mutex::new(Watched { sums, next: 0 }),
            damage: OnceLock::new(),
        }))
    }

    fn watched(&self) -> MutexGuard<'_, Watched> {
        // Each change of it is one assignment: a panic leaves nothing half done.
        let watched = self.0.watched.lock();
        watched.unwrap_or_else(PoisonError::into_inner)
    }

    /// Where damage was seen first.
    pub(crate) fn damage(&self) -> Option<OtherBytes> {
        self.0
            .damage
            .get()
            .map(|offset| OtherBytes { offset: *offset })
    }

    fn damaged(&self, offset: u64) -> OtherBytes {
        OtherBytes {
            offset: *self.0.damage.get_or_init(|| offset),
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
                return Err(self.damaged(offset).into());
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
        let Some(beside) = &self.0.beside else {
            return Ok(());
        };
        if self.damage().is_some() {
            // Whoever opens it next reads all of it.
            return fs::remove_file(beside);
        }
        let mut first = [0; BLOCK];
        self.0.storage.read(0, &mut first)?;
        let mut watched = self.watched();
        if let Some(sum) = watched.sum(0) {
            *sum = Some(crc32fast::hash(&first));
        }
        let entry = (MAGIC, self.0.storage.len()?, &watched.sums);
        let mut bytes = borsh::to_vec(&entry)?;
        bytes.extend(crc32fast::hash(&bytes).to_le_bytes());
        fs::write(beside, bytes)
    }
}

/// Where the sums of a store lie while it is closed.
pub(crate) fn sums_path(store: &Path) -> PathBuf {
    let mut name = store.as_os_str().to_owned();
    name.push(".sums");
    name.into()
}

/// The sums that were left beside a store, if they belong to what is in it now.
fn read_sums(beside: &Path, storage: &impl StorageBackend) -> Option<Sums> {
    let length = storage.len().ok()?;
    let most = length
        .div_ceil(BLOCK_BYTES)
        .saturating_mul(SUM_BYTES)
        .saturating_add(SUMS_OVERHEAD);
    if fs::metadata(beside).ok()?.len() > most {
        return None;
    }
    let bytes = fs::read(beside).ok()?;
    let (entry, sum) = bytes.split_last_chunk()?;
    if crc32fast::hash(entry) != u32::from_le_bytes(*sum) {
        return None;
    }
    let (magic, of_length, sums): ([u8; 8], u64, Sums) = borsh::from_slice(entry).ok()?;
    let mut first = [0; BLOCK];
    storage.read(0, &mut first).ok()?;
    // The first block names the last commit: with another, the sums are of another time.
    let same = sums.first().copied().flatten() == Some(crc32fast::hash(&first));
    (magic == MAGIC && of_length == length && same).then_some(sums)
}

type Range = Bound<u64>;

impl StorageBackend for Disk {
    fn len(&self) -> io::Result<u64> {
        self.0.storage.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.0.storage.read(offset, out)?;
        let mut watched = self.watched();
        if watched.first_wrong(offset, out).is_none() {
            return Ok(());
        }
        // What was wrong on the way only is right now.
        self.0.storage.read(offset, out)?;
        match watched.first_wrong(offset, out) {
            Some(place) => Err(self.damaged(place).into()),
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
        if let Err(error) = self.leave_sums()
            && error.kind() != ErrorKind::NotFound
        {
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
