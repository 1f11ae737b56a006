//! What the modern API answers, in the very types: the node writes them and whoever asks it reads them.
//!
//! Accounts, scores, records, hashes of blocks and times have the ledger's types, so that what is read is checked as it is
//! read. Texts of the chain were checked by the ledger; others, such as what a peer calls itself, are anybody's.

mod block;
mod branches;
mod event;
mod handovers;
mod invitation;
mod mining;
mod node;
mod notice;
mod openings;
mod outside;
mod page;
mod plan;
mod player;
mod pool;
mod push;
mod rehearsal;
mod sources;
mod transaction;
mod validators;
mod wish;

pub use block::*;
pub use bolao_acting::{Foreseen, Intent, Scheduling};
pub use bolao_answers::body::*;
pub use bolao_chain::{Attendee, DatedAhead, LastVote, LateBets, LateBlock, Lateness, Stamp};
pub use bolao_discovery::Problem;
pub use branches::*;
pub use handovers::*;
pub use invitation::*;
pub use mining::*;
pub use node::*;
pub use notice::*;
pub use openings::*;
pub use outside::OutsideStatusBody;
pub use plan::*;
pub use player::*;
pub use pool::*;
pub use push::*;
pub use rehearsal::*;
pub use sources::*;
pub use transaction::*;
pub use validators::*;
pub use wish::*;

pub(crate) use event::EventBody;
pub use event::PeerChange;
pub(crate) use outside::{PoolAnswer, StatusAnswer};
pub(crate) use page::Bytes;
