//! The shapes of answers, in JSON. Times are RFC 3339, in UTC.

mod act;
mod bet;
mod fixture;
mod game;
mod history;
mod organisers;
mod outcome;
mod player;
mod reference;
mod standings;
mod transaction;
mod waiting;

pub use act::*;
pub use bet::*;
pub use fixture::*;
pub use game::*;
pub use history::*;
pub use organisers::*;
pub use outcome::*;
pub use player::*;
pub use reference::*;
pub use standings::*;
pub use transaction::*;
pub use waiting::*;
