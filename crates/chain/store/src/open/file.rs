//! A store's file and redb over it.

use std::{
    fs::{File, TryLockError},
    io::{self, Read as _},
    path::Path,
};

use redb::{Builder, Database, DatabaseError, ReadableDatabase as _, StorageError};
use tracing::{debug, warn};

use crate::{
    disk::Disk,
    error::{OpenError, StoreError},
    quiet::quietly,
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
                "the store was not closed properly; it is being repaired"
            );
        });
    builder
}

/// Tells the reasons for which redb refuses a file.
pub(super) fn refused(path: &Path, error: DatabaseError) -> OpenError {
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

/// Opens redb over a disk, or makes it there. Where it is not known that the disk gives back what was written, redb
/// compares the sums of all its pages before anything else is read: so it panics here, if anywhere, over pages that make no
/// sense (in its allocator's tables, as of 4.4), and that becomes an error.
pub(super) fn database(
    path: &Path,
    disk: &Disk,
    cache_bytes: usize,
) -> Result<Database, OpenError> {
    // Nothing that the closure touched outlives the panic.
    let opened = quietly(|| whole_database(path, disk, cache_bytes));
    let opened = opened.unwrap_or_else(|| {
        let damage = disk.damaged("redb gave up on it");
        Err(StoreError::from(damage).into())
    });
    // The damage says more than what became of it in redb.
    opened.map_err(|error| match disk.damage() {
        Some(damage) if error.is_damage() => StoreError::from(damage).into(),
        _ => error,
    })
}

fn whole_database(path: &Path, disk: &Disk, cache_bytes: usize) -> Result<Database, OpenError> {
    let mut database = builder(path, cache_bytes)
        .create_with_backend(disk.clone())
        .map_err(|error| refused(path, error))?;
    if disk.is_known() {
        return Ok(database);
    }
    if !is_blank(&database)? {
        let whole = database.check_integrity().map_err(|error| {
            let error = refused(path, error);
            if let OpenError::NotAStore { reason, .. } = &error {
                disk.damaged(reason);
            }
            error
        });
        if !whole? {
            debug!(
                store = %path.display(),
                "the store's list of free pages was not in order; it was rebuilt"
            );
        }
    }
    disk.is_whole();
    Ok(database)
}

/// Whether a file may be read only, or lies where nothing can be written.
pub(super) fn is_for_reading(error: &io::Error) -> bool {
    let kind = error.kind();
    kind == io::ErrorKind::PermissionDenied || kind == io::ErrorKind::ReadOnlyFilesystem
}

/// A copy of a store that may only be read, among the system's temporary files: redb writes when it opens one. It goes
/// when it is closed.
pub(super) fn copied(path: &Path) -> Result<File, OpenError> {
    let mut file = File::open(path)?;
    // Held while it is copied, so that nobody writes there.
    match file.try_lock_shared() {
        Err(TryLockError::WouldBlock) => {
            let path = path.to_owned();
            return Err(OpenError::InUse { path });
        }
        Err(TryLockError::Error(error)) => debug!(%error, "a store to read cannot be locked"),
        Ok(()) => {}
    }
    let mut copy = tempfile::tempfile()?;
    io::copy(&mut file, &mut copy)?;
    Ok(copy)
}

/// The most that redb may have written before it makes a file its own, in bytes; its name begins it, and is written last.
const HEAD: u64 = 4_096;
const NAME: &[u8] = b"redb";
/// The greatest length of the file then, in bytes.
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

/// Whether nothing was ever committed to a database.
pub(super) fn is_blank(database: &Database) -> Result<bool, StoreError> {
    Ok(database.begin_read()?.list_tables()?.next().is_none())
}

/// Makes a new file's name as durable as the file.
pub(super) fn sync_directory(path: &Path) -> io::Result<()> {
    if cfg!(unix) {
        let parent = path
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty());
        File::open(parent.unwrap_or(Path::new(".")))?.sync_all()?;
    }
    Ok(())
}
