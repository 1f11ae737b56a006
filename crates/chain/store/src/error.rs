//! What can go wrong, by operation.

use std::{fmt::Display, io, path::PathBuf};

use bolao_ledger::{BlockError, BlockHash, Height, PoolId, Reason};
use thiserror::Error;

use crate::{disk::Damage, schema::SCHEMA_VERSION};

/// Why a read or a write failed.
#[derive(Debug, Error)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum StoreError {
    #[error("the store's file could not be read or written: {0}")]
    Database(#[source] Box<redb::Error>),
    #[error(
        "the store is damaged: {0}; `bolao run` rebuilds it with the help of other nodes, `bolao reindex` without"
    )]
    Damaged(String),
    #[error(
        "the store is damaged: table `{table}`, key {key}: {reason}; `bolao reindex` rebuilds it"
    )]
    Corrupt {
        table: &'static str,
        key: String,
        reason: String,
    },
    #[error(
        "the disk is full: nothing is lost; make room on it and start the node again (the store's file could not be written: {0})"
    )]
    Full(#[source] io::Error),
    #[error("got block {hash}, wanted one whose header is in the store")]
    UnknownHeader { hash: BlockHash },
    #[error(
        "got block {hash} for height {height}, wanted one that builds upon the tip {tip} at height {tip_height}"
    )]
    NotOnTip {
        hash: BlockHash,
        height: Height,
        tip: BlockHash,
        tip_height: Height,
    },
    #[error("got block {got} as the final one of height {height}, where block {known} is final")]
    TwoFinals {
        height: Height,
        known: BlockHash,
        got: BlockHash,
    },
    #[error("genesis cannot be taken off the chain")]
    AtGenesis,
    #[error("what validators made cannot be taken off the chain")]
    Certified,
    #[error("an earlier write failed: the store takes no more writes until it is opened again")]
    Poisoned,
}

impl StoreError {
    /// Whether disk or file is to blame and not the caller: nothing can be written any more.
    #[must_use]
    pub const fn is_fatal(&self) -> bool {
        matches!(
            self,
            Self::Database(_)
                | Self::Damaged(_)
                | Self::Corrupt { .. }
                | Self::Full(_)
                | Self::Poisoned
        )
    }

    /// Whether what is in the file is not what was written there, or makes no sense.
    #[must_use]
    pub const fn is_damage(&self) -> bool {
        matches!(self, Self::Damaged(_) | Self::Corrupt { .. })
    }

    fn of(error: redb::Error) -> Self {
        match error {
            redb::Error::Corrupted(reason) => Self::Damaged(reason),
            redb::Error::Io(error) => error.into(),
            other => Self::Database(Box::new(other)),
        }
    }

    /// Makes the error for an entry of a table that cannot be what was written.
    pub fn corrupt(table: &'static str, key: impl Display, reason: impl Display) -> Self {
        Self::Corrupt {
            table,
            key: key.to_string(),
            reason: reason.to_string(),
        }
    }

    pub(crate) fn missing(table: &'static str, key: impl Display) -> Self {
        Self::corrupt(table, key, "the entry is missing")
    }

    pub(crate) fn undecodable(table: &'static str, key: impl Display) -> Self {
        Self::corrupt(table, key, "it does not decode")
    }
}

macro_rules! from_redb {
    ($target:ident: $($error:ident),*) => {
        $(impl From<redb::$error> for $target {
            fn from(error: redb::$error) -> Self {
                Self::of(error.into())
            }
        })*
    };
}

from_redb!(StoreError: StorageError, TableError, TransactionError, CommitError, SetDurabilityError);

impl From<Damage> for StoreError {
    fn from(damage: Damage) -> Self {
        Self::Damaged(damage.to_string())
    }
}

impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => {
                Self::Damaged(error.to_string())
            }
            io::ErrorKind::StorageFull
            | io::ErrorKind::QuotaExceeded
            | io::ErrorKind::FileTooLarge => Self::Full(error),
            _ => Self::Database(Box::new(redb::Error::Io(error))),
        }
    }
}

/// Why a store could not be made or opened.
#[derive(Debug, Error)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum OpenError {
    #[error("{} is in use by another process: is a node running already?", path.display())]
    InUse { path: PathBuf },
    #[error("there is no store at {}", path.display())]
    NotFound { path: PathBuf },
    #[error("there is already a store at {}", path.display())]
    Exists { path: PathBuf },
    #[error(
        "{} can only be read, so nothing is rebuilt in it: make it writable, or copy the home to another disk and \
        rebuild the copy",
        path.display()
    )]
    ReadOnly { path: PathBuf },
    #[error(
        "{} is damaged, or not a store: {reason}; `bolao run` rebuilds it with the help of other nodes, `bolao \
        reindex` without",
        path.display()
    )]
    NotAStore { path: PathBuf, reason: String },
    #[error(
        "got a store of format {got}, this program knows format {SCHEMA_VERSION}: {}",
        way_out(*got)
    )]
    Schema { got: u32 },
    #[error("got a store of pool {got}, wanted one of pool {wanted}")]
    OtherPool { got: PoolId, wanted: PoolId },
    #[error("the store's genesis is refused: {0}")]
    Genesis(#[from] bolao_ledger::GenesisError),
    #[error("the store could not be opened: {0}")]
    Io(#[from] std::io::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl OpenError {
    /// Whether what is in the file is not what was written there, or no store at all.
    #[must_use]
    pub const fn is_damage(&self) -> bool {
        match self {
            Self::NotAStore { .. } | Self::Genesis(_) => true,
            Self::Store(error) => error.is_damage(),
            _ => false,
        }
    }
}

/// The advice for a store of another format.
const fn way_out(got: u32) -> &'static str {
    if got > SCHEMA_VERSION {
        "a newer program made it, use that one"
    } else {
        "an older program made it, and its pool goes on only with that program: use that one, or make a new pool"
    }
}

/// Why the derived tables could not be rebuilt; the store is then as it was before.
#[derive(Debug, Error)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum ReindexError {
    #[error("block {hash} at height {height} is damaged: {source}")]
    Block {
        hash: BlockHash,
        height: Height,
        source: BlockError,
    },
    #[error("block {hash} at height {height} breaks a rule: {reason}")]
    Rule {
        hash: BlockHash,
        height: Height,
        reason: Reason,
    },
    #[error(transparent)]
    Store(#[from] StoreError),
}
