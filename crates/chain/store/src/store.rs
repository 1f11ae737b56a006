//! The writer and its readers.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use bolao_ledger::{Genesis, PoolId};
use redb::{Database, ReadableDatabase as _, WriteTransaction};
use tracing::error;

use crate::{
    access::{Snapshot, Tables},
    arrival::Arrival,
    disk::Disk,
    error::StoreError,
    quiet::quietly,
};

/// When a write is on the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// Before [`Store::write`] returns: synced once.
    Durable,
    /// With the next durable write. Readers see it at once; a crash loses it.
    Volatile,
}

/// The one writer.
#[derive(Debug)]
pub struct Store {
    reader: Reader,
    /// Set while a write runs and for good after one that failed.
    poisoned: bool,
    side_headers: u64,
    /// The number of durable writes since the store was made.
    commits: u64,
    now: Option<Arrival>,
}

/// Takes snapshots, from any thread. Cheap to clone; the file stays open and locked as long as one lives.
#[derive(Clone, Debug)]
pub struct Reader {
    database: Arc<Open>,
    disk: Disk,
    genesis: Arc<Genesis>,
    pool: PoolId,
    versions: Arc<Versions>,
}

/// The numbers of changes to the store since it was opened.
#[derive(Debug, Default)]
struct Versions {
    writes: AtomicU64,
    tips: AtomicU64,
}

/// The version of the store that a reader sees, without a snapshot. A snapshot that is taken afterwards is as new or newer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Version {
    /// Another after each write.
    pub write: u64,
    /// Another after each write that moved the tip or made a block final; nothing of the state changes without one.
    pub tip: u64,
}

/// An open file.
#[derive(Debug)]
struct Open(Option<Database>);

impl Open {
    fn get(&self) -> Result<&Database, StoreError> {
        self.0.as_ref().ok_or(StoreError::Poisoned)
    }
}

impl Drop for Open {
    /// redb writes when it closes a file, and panics there over a damaged one (as of 4.4).
    fn drop(&mut self) {
        let database = self.0.take();
        if quietly(|| drop(database)).is_none() {
            error!("the store could not be closed properly: the next start reads all of it");
        }
    }
}

impl Reader {
    /// The version that the last write left.
    #[must_use]
    pub fn version(&self) -> Version {
        Version {
            write: self.versions.writes.load(Ordering::Acquire),
            tip: self.versions.tips.load(Ordering::Acquire),
        }
    }

    /// The store as the last write left it.
    pub fn snapshot(&self) -> Result<Snapshot, StoreError> {
        Snapshot::open(&self.database.get()?.begin_read()?, &self.genesis)
    }

    /// The damage that was seen first, by whichever read: the store must be closed and opened again.
    #[must_use]
    pub fn damage(&self) -> Option<StoreError> {
        self.disk.damage().map(StoreError::from)
    }

    /// Compares at most so many pieces of 4 KiB of the file with what was written there, from where the last look ended.
    /// Says whether that was the end of the file; the next look begins at its start again.
    pub fn look(&self, pieces: usize) -> Result<bool, StoreError> {
        Ok(self.disk.look(pieces)?)
    }

    /// Compares the whole file with what was written there.
    pub fn look_at_all(&self) -> Result<(), StoreError> {
        Ok(self.disk.look_at_all()?)
    }

    /// The pool's rules.
    #[must_use]
    pub fn genesis(&self) -> &Arc<Genesis> {
        &self.genesis
    }

    /// The id of the pool.
    #[must_use]
    pub fn pool_id(&self) -> PoolId {
        self.pool
    }
}

impl Store {
    pub(crate) fn new(database: Database, disk: Disk, genesis: Genesis, commits: u64) -> Self {
        Self {
            reader: Reader {
                database: Arc::new(Open(Some(database))),
                disk,
                pool: genesis.pool_id(),
                genesis: Arc::new(genesis),
                versions: Arc::default(),
            },
            poisoned: false,
            side_headers: 0,
            commits,
            now: None,
        }
    }

    /// The pool's rules.
    #[must_use]
    pub fn genesis(&self) -> &Arc<Genesis> {
        self.reader.genesis()
    }

    /// The id of the pool.
    #[must_use]
    pub fn pool_id(&self) -> PoolId {
        self.reader.pool_id()
    }

    /// The number of headers that are not in the main chain, as the last write left it.
    #[must_use]
    pub fn side_headers(&self) -> u64 {
        self.side_headers
    }

    /// Tells the time: what the writes from now on keep for the first time has arrived now. Until it is told, no arrivals
    /// are noted.
    pub const fn now_is(&mut self, now: Arrival) {
        self.now = Some(now);
    }

    /// Hands out read access.
    #[must_use]
    pub fn reader(&self) -> Reader {
        self.reader.clone()
    }

    /// One write transaction: committed when `f` returns `Ok`; else, or if `f` panics, nothing of it remains.
    ///
    /// After an error of the disk every later write is refused with [`StoreError::Poisoned`].
    pub fn write<T, E: From<StoreError>>(
        &mut self,
        durability: Durability,
        f: impl FnOnce(&mut Tables<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        if self.poisoned {
            return Err(StoreError::Poisoned.into());
        }
        self.poisoned = true;
        let transaction = self.begin(durability)?;
        let commits = self.commits.saturating_add(1);
        let (result, failed, tip_moved, side_headers) = {
            let mut tables = Tables::open(&transaction, &self.reader.genesis)?;
            tables.now = self.now;
            let result = f(&mut tables);
            if durability == Durability::Durable && result.is_ok() {
                tables.put_commits(commits)?;
            }
            let side_headers = tables.side_count().map_err(StoreError::from)?;
            (result, tables.failed, tables.tip_moved, side_headers)
        };
        if result.is_ok() && !failed {
            self.side_headers = side_headers;
            transaction.commit().map_err(StoreError::from)?;
            if durability == Durability::Durable {
                self.commits = commits;
                self.reader.disk.committed(commits);
            }
            let versions = &self.reader.versions;
            versions.writes.fetch_add(1, Ordering::Release);
            if tip_moved {
                versions.tips.fetch_add(1, Ordering::Release);
            }
        } else {
            if let Err(error) = transaction.abort() {
                error!(%error, "a write could not be taken back; the store is closed for writing");
                return result.and(Err(StoreError::from(error).into()));
            }
            if failed {
                error!("a write failed; the store is closed for writing");
                return result.and(Err(StoreError::Poisoned.into()));
            }
        }
        self.poisoned = false;
        result
    }

    fn begin(&self, durability: Durability) -> Result<WriteTransaction, StoreError> {
        let mut transaction = self.reader.database.get()?.begin_write()?;
        transaction.set_durability(match durability {
            Durability::Durable => redb::Durability::Immediate,
            Durability::Volatile => redb::Durability::None,
        })?;
        Ok(transaction)
    }
}
