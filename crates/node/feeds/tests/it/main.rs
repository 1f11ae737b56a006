//! Sources that a server plays: whole seasons day by day, and all that such services do wrong.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod seasons;
mod served;
mod wrongs;
