#![doc = include_str!("../README.md")]

mod access;
mod arrivals;
mod bodies;
mod compact;
mod disk;
mod error;
mod finals;
mod images;
mod notices;
mod open;
mod pending;
mod prune;
mod quiet;
mod read;
mod record;
mod reindex;
mod remains;
mod schema;
mod state;
mod store;
mod votes;
mod write;

pub use access::{Access, ReadOnly, Snapshot, Tables, View, Writing};
pub use arrivals::{Arrival, BlockArrivals};
pub use error::{OpenError, ReindexError, StoreError};
pub use finals::{Certificate, CertificateTooLong, FinalBlock};
pub use notices::{MAX_NOTICES, Notice, NoticedChange, PlacedBet};
pub use open::CACHE_BYTES;
pub use quiet::is_quiet;
pub use record::{HeaderRecord, Tip, TxRecord};
pub use redb::StorageBackend;
pub use remains::Remains;
pub use schema::SCHEMA_VERSION;
pub use store::{Durability, Reader, Store, Version};
pub use votes::{KeptBets, VoteLog};
pub use write::MAX_LEAVES;
