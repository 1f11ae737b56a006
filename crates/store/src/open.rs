//! Making and opening a store.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read as _},
    path::Path,
};

use bolao_headers::CheckedHeader;
use bolao_ledger::{Genesis, Height, Ledger, MemoryState, PoolId, encode};
use redb::{
    Builder, Database, DatabaseError, ReadableDatabase as _, ReadableTable as _, StorageBackend,
    StorageError, TableError, TableHandle as _, backends::InMemoryBackend,
};
use tracing::{debug, info, warn};

use crate::{
    access::{Snapshot, Tables, decoded},
    disk::Disk,
    error::{OpenError, StoreError},
    quiet::quietly,
    record::HeaderEntry,
    schema::{
        ARRIVALS, FINALS, META, NOTICES, OLDEST_REPAIRABLE, OPENINGS, SCHEMA_VERSION, VOTES, key,
    },
    store::{Durability, Store},
};

/// Memory that a store which is the only one of its process may keep pages in, in bytes.
pub const CACHE_BYTES: usize = 64 * 1024 * 1024;

fn builder(path: &Path, cache_bytes: usize) -> Builder {
    let mut builder = Builder::new();
    let path = path.display().to_string();
    builder
        .set_cache_size(cache_bytes)
        .set_repair_callback(move |session| {
            warn!(
                store = path,
                progress = session.progress(),
                "the store was not closed in good order; it is being repaired"
            );
        });
    builder
}

/// Tells the reasons for which redb refuses a file.
fn refused(path: &Path, error: DatabaseError) -> OpenError {
    let path = path.to_owned();
    let reason = error.to_string();
    match error {
        DatabaseError::DatabaseAlreadyOpen => OpenError::InUse { path },
        DatabaseError::UpgradeRequired(_)
        | DatabaseError::RepairAborted
        | DatabaseError::Storage(StorageError::Corrupted(_)) => {
            OpenError::NotAStore { path, reason }
        }
        DatabaseError::Storage(StorageError::Io(error)) => match error.kind() {
            io::ErrorKind::NotFound => OpenError::NotFound { path },
            io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => {
                OpenError::NotAStore { path, reason }
            }
            _ => OpenError::Io(error),
        },
        other => OpenError::Store(StoreError::Database(Box::new(other.into()))),
    }
}

/// While a store is rebuilt, the log tells of every so many blocks.
const PROGRESS: u64 = 1_000;

/// Turns redb's panics over a damaged file (in its allocator's tables, as of 4.4) into an error.
fn guarded<T>(path: &Path, opening: impl FnOnce() -> Result<T, OpenError>) -> Result<T, OpenError> {
    // Nothing that the closure touched outlives the panic.
    quietly(opening).unwrap_or_else(|| {
        Err(OpenError::NotAStore {
            path: path.to_owned(),
            reason: "redb gave up on it".into(),
        })
    })
}

/// Opens redb over a disk, or makes it there. Where it is not `known` that the disk gives back what was written, redb
/// compares the sums of all its pages before anything else is read.
fn database(
    path: &Path,
    disk: &Disk,
    known: bool,
    cache_bytes: usize,
) -> Result<Database, OpenError> {
    let mut database = builder(path, cache_bytes)
        .create_with_backend(disk.clone())
        .map_err(|error| refused(path, error))?;
    if !known && !is_blank(&database)? {
        let whole = database.check_integrity();
        if !whole.map_err(|error| refused(path, error))? {
            debug!(
                store = %path.display(),
                "the store's list of free pages was not in order; it was made anew"
            );
        }
    }
    Ok(database)
}

fn database_in(path: &Path, file: File, cache_bytes: usize) -> Result<(Database, Disk), OpenError> {
    let (disk, known) = Disk::of_file(path, file)?;
    let database = database(path, &disk, known, cache_bytes)?;
    Ok((database, disk))
}

/// What redb may have written before it makes a file its own, in bytes; its name begins it, and is written last.
const HEAD: u64 = 4_096;
const NAME: &[u8] = b"redb";
/// How long the file is then, at most, in bytes.
const BEGUN: u64 = 4 << 20;

/// Whether a file was begun as a store and never became one: there was no room on the disk, or a crash. A
/// store that was overwritten with zeros looks the same, and holds as little.
///
/// # Errors
/// The file cannot be read.
pub fn is_unmade(path: &Path) -> io::Result<bool> {
    let mut file = File::open(path)?;
    let mut head = Vec::new();
    (&mut file).take(HEAD).read_to_end(&mut head)?;
    if head.starts_with(NAME) || file.metadata()?.len() > BEGUN {
        return Ok(false);
    }
    let mut rest = Vec::new();
    file.take(BEGUN).read_to_end(&mut rest)?;
    Ok(rest.iter().all(|byte| *byte == 0))
}

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
        let (database, disk) = database_in(path, file, cache_bytes)?;
        let store = Self::initialised(database, disk, genesis)?;
        sync_directory(path)?;
        info!(store = %path.display(), pool = %store.pool_id(), "made a new store");
        Ok(store)
    }

    /// Opens a store. Reads the tip and what hangs on it, whatever the length of the chain; all of it after a crash, or
    /// where it is a copy. One of an older format is rebuilt first.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        guarded(path, || {
            let store = Self::open_file(path)?.up_to_date()?;
            store.check_tip()?;
            Ok(store)
        })
    }

    /// Opens a store without a look at its tip, which may be damaged, or at its format: for [`Store::reindex`] alone.
    pub fn open_for_repair(path: &Path) -> Result<Self, OpenError> {
        guarded(path, || Self::open_file(path))
    }

    fn open_file(path: &Path) -> Result<Self, OpenError> {
        let file = OpenOptions::new().read(true).write(true).open(path);
        let file = file.map_err(|error| refused(path, StorageError::from(error).into()))?;
        // redb takes an empty file for a new database; it is no store of ours.
        if file.metadata()?.len() == 0 {
            return Err(OpenError::NotAStore {
                path: path.to_owned(),
                reason: "the file is empty".into(),
            });
        }
        let (database, disk) = database_in(path, file, CACHE_BYTES)?;
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
            Err(OpenError::Exists { .. }) => guarded(path, || {
                let file = OpenOptions::new().read(true).write(true).open(path)?;
                let (database, disk) = database_in(path, file, cache_bytes)?;
                Self::opened_or_initialised(database, disk, path, genesis)
            }),
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
        let store = store.up_to_date()?;
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
        let database = database(path, &disk, false, cache_bytes)?;
        Self::opened_or_initialised(database, disk, path, genesis)
    }

    fn initialised(database: Database, disk: Disk, genesis: &Genesis) -> Result<Self, OpenError> {
        let mut store = Self::new(database, disk, genesis.clone());
        store.write(Durability::Durable, |tables| tables.write_genesis(genesis))?;
        Ok(store)
    }

    fn opened(database: Database, disk: Disk, path: &Path) -> Result<Self, OpenError> {
        let genesis = read_meta(&database, path)?;
        genesis.check()?;
        let lacks = |table: &str| Ok::<_, StoreError>(!has_table(&database, table)?);
        let later = [
            FINALS.name(),
            NOTICES.name(),
            VOTES.name(),
            ARRIVALS.name(),
            OPENINGS.name(),
        ];
        let lacks_tables = later.into_iter().try_fold(false, |any, table| {
            Ok::<_, StoreError>(any || lacks(table)?)
        })?;
        let mut store = Self::new(database, disk, genesis);
        if lacks_tables {
            // An earlier program made the store. A write opens every table, and makes those that are not there.
            store.write::<_, StoreError>(Durability::Durable, |_| Ok(()))?;
        }
        Ok(store)
    }

    /// Rebuilds a store of an older format from its blocks.
    fn up_to_date(mut self) -> Result<Self, OpenError> {
        let got: u32 = self.reader().snapshot()?.meta(key::SCHEMA)?;
        if got < SCHEMA_VERSION {
            info!(
                got,
                wanted = SCHEMA_VERSION,
                "the store is of an older format and is rebuilt from its blocks"
            );
            let height = self
                .reindex(|height| {
                    if height.0.is_multiple_of(PROGRESS) {
                        info!(%height, "rebuilding the store");
                    }
                })
                .map_err(|source| OpenError::Rebuild { got, source })?;
            info!(%height, "the store is rebuilt");
        }
        Ok(self)
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
        let highest = self.main.last()?;
        if highest.map(|(height, hash)| (height.value(), *hash.value()))
            != Some((tip.height.0, tip.hash.0))
        {
            return wrong("it is not the highest of the main chain");
        }
        if self.hash_at(Height::ZERO)? != Some(pool.into()) {
            return wrong("the main chain does not begin with genesis");
        }
        if tip.height > Height::ZERO {
            if !record.has_body {
                return Err(StoreError::missing("bodies", tip.hash));
            }
            if self.undo.get(tip.height.0)?.is_none() {
                return Err(StoreError::missing("undo", tip.height));
            }
        }
        Ok(tip.height)
    }
}

/// Whether nothing was ever committed to a database.
fn is_blank(database: &Database) -> Result<bool, StoreError> {
    Ok(database.begin_read()?.list_tables()?.next().is_none())
}

fn has_table(database: &Database, name: &str) -> Result<bool, StoreError> {
    let transaction = database.begin_read()?;
    let mut tables = transaction.list_tables()?;
    Ok(tables.any(|table| table.name() == name))
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
    if !(OLDEST_REPAIRABLE..=SCHEMA_VERSION).contains(&got) {
        return Err(OpenError::Schema { got });
    }
    Ok(decoded("meta", key::GENESIS, value(key::GENESIS)?.value())?)
}

/// Makes a new file's name as durable as the file.
fn sync_directory(path: &Path) -> io::Result<()> {
    if cfg!(unix) {
        let parent = path
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty());
        fs::File::open(parent.unwrap_or(Path::new(".")))?.sync_all()?;
    }
    Ok(())
}
