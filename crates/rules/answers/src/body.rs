//! The shapes of answers, in JSON. Times are RFC 3339, in UTC.

mod act;
mod bet;
mod game;
mod history;
mod item;
mod keepers;
mod live;
mod organisers;
mod outcome;
mod page;
mod player;
mod pool;
mod question;
mod reference;
mod standings;
mod transaction;
mod validators;
mod waiting;

pub use act::*;
pub use bet::*;
pub use game::*;
pub use history::*;
pub use item::*;
pub use keepers::*;
pub use live::*;
pub use organisers::*;
pub use outcome::*;
pub use page::*;
pub use player::*;
pub use pool::*;
pub use question::*;
pub use reference::*;
pub use standings::*;
pub use transaction::*;
pub use validators::*;
pub use waiting::*;
