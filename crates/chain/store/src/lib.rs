#![doc = include_str!("../README.md")]

mod access;
mod arrival;
mod arrivals;
mod bodies;
mod certified;
mod compact;
mod disk;
mod error;
mod finals;
mod images;
mod notices;
mod open;
mod openings;
mod pending;
mod prune;
mod quiet;
mod read;
mod record;
mod recovery_scan;
mod reindex;
mod schema;
mod state;
mod store;
mod votes;
mod write;

pub use bolao_headers::Tip;

pub use access::{Access, ReadOnly, Snapshot, Tables, View, Writing};
pub use arrival::Arrival;
pub use arrivals::BlockArrivals;
pub use error::{OpenError, ReindexError, StoreError};
pub use finals::{Certificate, CertificateTooLong, FinalBlock};
pub use notices::{LoggedLink, MAX_NOTICES, Named, Notice, NoticedChange, PlacedBet};
pub use open::{CACHE_BYTES, is_unmade};
pub use openings::{KeptRoom, Resized};
pub use quiet::is_quiet;
pub use record::{HeaderRecord, TxRecord};
pub use recovery_scan::RecoveryScan;
pub use redb::StorageBackend;
pub use schema::SCHEMA_VERSION;
pub use store::{Durability, Reader, Store, Version};
pub use votes::{BootTime, KeptBets, ProvenTime, VoteLog};
pub use write::MAX_LEAVES;
