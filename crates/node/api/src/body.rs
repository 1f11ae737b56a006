//! What the modern API answers, in the very types: the node writes them and whoever asks it reads them.
//!
//! Accounts, scores, records, hashes of blocks and times have the ledger's types, so that what is read is checked as it is
//! read. Texts of the chain were checked by the ledger; others, such as what a peer calls itself, are anybody's.

mod bet;
mod block;
mod branches;
mod event;
mod fixture;
mod game;
mod handovers;
mod history;
mod invitation;
mod late;
mod mining;
mod node;
mod notice;
mod openings;
mod organisers;
mod outcome;
mod page;
mod plan;
mod player;
mod pool;
mod problem;
mod push;
mod reference;
mod rehearsal;
mod sources;
mod standings;
mod transaction;
mod validators;
mod vote;

pub use bet::*;
pub use block::*;
pub use branches::*;
pub use fixture::*;
pub use game::*;
pub use handovers::*;
pub use history::*;
pub use invitation::*;
pub use late::*;
pub use mining::*;
pub use node::*;
pub use notice::*;
pub use openings::*;
pub use organisers::*;
pub use outcome::*;
pub use page::*;
pub use plan::*;
pub use player::*;
pub use pool::*;
pub use problem::*;
pub use push::*;
pub use reference::*;
pub use rehearsal::*;
pub use sources::*;
pub use standings::*;
pub use transaction::*;
pub use validators::*;
pub use vote::*;

pub(crate) use event::EventBody;
pub use event::PeerChange;
pub(crate) use outcome::ScoreBody;
pub(crate) use page::Bytes;
pub(crate) use reference::moment;
