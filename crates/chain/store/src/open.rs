//! Making and opening a store.

mod file;

use std::{
    fs::{self, OpenOptions},
    io,
    path::Path,
};

use bolao_headers::CheckedHeader;
use bolao_ledger::{Genesis, Height, Ledger, MemoryState, PoolId, encode};
use redb::{
    Database, ReadableDatabase as _, StorageBackend, StorageError, TableError,
    backends::InMemoryBackend,
};
use tracing::info;

use crate::{
    access::{Snapshot, Tables, decoded},
    disk::{Disk, sums_path},
    error::{OpenError, StoreError},
    record::HeaderEntry,
    schema::{META, SCHEMA_VERSION, key},
    store::{Durability, Store},
};

pub use file::{CACHE_BYTES, is_unmade};
use file::{copied, database, is_blank, is_for_reading, refused, sync_directory};

impl Store {
    /// Makes a store that holds genesis alone. Refuses to touch a file that exists.
    pub fn create(path: &Path, genesis: &Genesis) -> Result<Self, OpenError> {
        Self::create_with(path, genesis, CACHE_BYTES)
    }

    fn create_with(path: &Path, genesis: &Genesis, cache_bytes: usize) -> Result<Self, OpenError> {
        genesis.check()?;
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create_new(true)
            .open(path)
            .map_err(|error| match error.kind() {
                io::ErrorKind::AlreadyExists => OpenError::Exists {
                    path: path.to_owned(),
                },
                _ => OpenError::Io(error),
            })?;
        // What lies beside it is of another one.
        drop(fs::remove_file(sums_path(path)));
        let disk = Disk::of_file(path, file, true)?;
        let database = database(path, &disk, cache_bytes)?;
        let store = Self::initialised(database, disk, genesis)?;
        sync_directory(path)?;
        info!(store = %path.display(), pool = %store.pool_id(), "made a new store");
        Ok(store)
    }

    /// Opens a store. Reads the tip and what hangs on it, whatever the length of the chain; all of it after a crash, or
    /// where it is a copy.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        let store = Self::open_file(path)?;
        store.check_tip()?;
        Ok(store)
    }

    /// Opens a store for [`Store::reindex`]: without a look at its tip or its format, and after a look at the whole file, pages
    /// that nothing uses included.
    ///
    /// # Errors
    /// Where the file may only be read, nothing can be rebuilt in it.
    pub fn open_for_repair(path: &Path) -> Result<Self, OpenError> {
        let writable = OpenOptions::new().read(true).write(true).open(path);
        if writable.is_err_and(|error| is_for_reading(&error)) {
            let path = path.to_owned();
            return Err(OpenError::ReadOnly { path });
        }
        let store = Self::open_file(path)?;
        store.reader().look_at_all()?;
        Ok(store)
    }

    fn open_file(path: &Path) -> Result<Self, OpenError> {
        let file = OpenOptions::new().read(true).write(true).open(path);
        let (file, is_copy) = match file {
            Err(error) if is_for_reading(&error) => (copied(path)?, true),
            file => {
                let refused = |error| refused(path, StorageError::from(error).into());
                (file.map_err(refused)?, false)
            }
        };
        // redb takes an empty file for a new database; it is no store of ours.
        if file.metadata()?.len() == 0 {
            return Err(OpenError::NotAStore {
                path: path.to_owned(),
                reason: "the file is empty".into(),
            });
        }
        let disk = Disk::of_file(path, file, !is_copy)?;
        let database = database(path, &disk, CACHE_BYTES)?;
        Self::opened(database, disk, path)
    }

    /// Opens the pool's store, or makes it. A file that a crash left before genesis was in it counts as none.
    /// `cache_bytes`: memory that pages may be kept in, such as [`CACHE_BYTES`].
    pub fn open_or_create(
        path: &Path,
        genesis: &Genesis,
        cache_bytes: usize,
    ) -> Result<Self, OpenError> {
        match Self::create_with(path, genesis, cache_bytes) {
            Err(OpenError::Exists { .. }) => {
                let file = OpenOptions::new().read(true).write(true).open(path)?;
                let disk = Disk::of_file(path, file, true)?;
                let database = database(path, &disk, cache_bytes)?;
                Self::opened_or_initialised(database, disk, path, genesis)
            }
            other => other,
        }
    }

    fn opened_or_initialised(
        database: Database,
        disk: Disk,
        path: &Path,
        genesis: &Genesis,
    ) -> Result<Self, OpenError> {
        if is_blank(&database)? {
            genesis.check()?;
            return Self::initialised(database, disk, genesis);
        }
        let store = Self::opened(database, disk, path)?;
        let (got, wanted) = (store.pool_id(), genesis.pool_id());
        if got != wanted {
            // A damaged file may name any pool.
            return Err(match store.reader().look_at_all() {
                Err(damage) => damage.into(),
                Ok(()) => OpenError::OtherPool { got, wanted },
            });
        }
        store.check_tip()?;
        Ok(store)
    }

    /// A store in memory, for tests and simulations: the same code over redb's in-memory backend.
    pub fn in_memory(genesis: &Genesis) -> Result<Self, OpenError> {
        Self::on_backend(InMemoryBackend::new(), genesis, CACHE_BYTES)
    }

    /// Opens or makes the pool's store on other storage than a file, such as a simulation's disk with faults.
    /// `cache_bytes`: memory that pages may be kept in.
    pub fn on_backend(
        backend: impl StorageBackend,
        genesis: &Genesis,
        cache_bytes: usize,
    ) -> Result<Self, OpenError> {
        let (path, disk) = (Path::new("backend"), Disk::new(backend));
        let database = database(path, &disk, cache_bytes)?;
        Self::opened_or_initialised(database, disk, path, genesis)
    }

    fn initialised(database: Database, disk: Disk, genesis: &Genesis) -> Result<Self, OpenError> {
        let mut store = Self::new(database, disk, genesis.clone(), 0);
        store.write(Durability::Durable, |tables| tables.write_genesis(genesis))?;
        Ok(store)
    }

    fn opened(database: Database, disk: Disk, path: &Path) -> Result<Self, OpenError> {
        let genesis = read_meta(&database, path)?;
        genesis.check()?;
        let commits = read_commits(&database)?;
        disk.has_commits(commits).map_err(StoreError::from)?;
        Ok(Self::new(database, disk, genesis, commits))
    }

    fn check_tip(&self) -> Result<(), StoreError> {
        let height = self.reader().snapshot()?.check_tip(self.pool_id())?;
        info!(pool = %self.pool_id(), %height, "opened the store");
        Ok(())
    }
}

impl Tables<'_> {
    fn write_genesis(&mut self, genesis: &Genesis) -> Result<(), StoreError> {
        self.meta
            .insert(key::SCHEMA, encode(&SCHEMA_VERSION).as_slice())?;
        self.meta.insert(key::GENESIS, encode(genesis).as_slice())?;
        let header = CheckedHeader::genesis(genesis);
        self.insert_header(&header.hash, &HeaderEntry::new(&header))?;
        self.write_genesis_state(genesis)?;
        self.add_leaf(&header.hash, header.work)
    }

    /// The derived tables at height 0; they must be empty.
    pub(crate) fn write_genesis_state(&mut self, genesis: &Genesis) -> Result<(), StoreError> {
        let hash = genesis.header().hash();
        let delta = Ledger::new(genesis)
            .genesis_delta(MemoryState::default())
            .map_err(|error| {
                let reason = format!("its matches cannot be entered: {:?}", error.reason());
                StoreError::corrupt("meta", key::GENESIS, reason)
            })?;
        self.write_changes(&delta)?;
        self.main.insert(0, &hash.0)?;
        self.set_tip(&hash)
    }
}

impl Snapshot {
    /// Whether the tip is what the tables around it say.
    fn check_tip(&self, pool: PoolId) -> Result<Height, StoreError> {
        let tip = self.tip()?;
        let wrong = |reason| Err(StoreError::corrupt("meta", key::TIP, reason));
        let record = self
            .header(&tip.hash)?
            .ok_or_else(|| StoreError::missing("headers", tip.hash))?;
        if record.header.hash() != tip.hash {
            return wrong("its header has another hash");
        }
        if (record.height, record.work) != (tip.height, tip.work) {
            return wrong("its header says another height or work");
        }
        if self.highest()? != Some((tip.height, tip.hash)) {
            return wrong("it is not the highest of the main chain");
        }
        if self.hash_at(Height::ZERO)? != Some(pool.into()) {
            return wrong("the main chain does not begin with genesis");
        }
        if tip.height > Height::ZERO {
            if !record.has_body {
                return Err(StoreError::missing("bodies", tip.hash));
            }
            if !self.certified && self.undo.get(tip.height.0)?.is_none() {
                return Err(StoreError::missing("undo", tip.height));
            }
        }
        Ok(tip.height)
    }
}

/// Reads the number of durable writes so far.
fn read_commits(database: &Database) -> Result<u64, StoreError> {
    let meta = database.begin_read()?.open_table(META)?;
    let count = meta.get(key::COMMITS)?;
    count.map_or(Ok(0), |count| decoded("meta", key::COMMITS, count.value()))
}

/// Checks the format before anything else is read; returns the pool's rules.
fn read_meta(database: &Database, path: &Path) -> Result<Genesis, OpenError> {
    let transaction = database.begin_read().map_err(StoreError::from)?;
    let meta = transaction.open_table(META).map_err(|error| match error {
        TableError::Storage(error) => OpenError::Store(error.into()),
        other => OpenError::NotAStore {
            path: path.to_owned(),
            reason: other.to_string(),
        },
    })?;
    let value = |key: &'static str| {
        meta.get(key)?
            .ok_or_else(|| StoreError::missing("meta", key))
    };
    let got: u32 = decoded("meta", key::SCHEMA, value(key::SCHEMA)?.value())?;
    if got != SCHEMA_VERSION {
        return Err(OpenError::Schema { got });
    }
    Ok(decoded("meta", key::GENESIS, value(key::GENESIS)?.value())?)
}
