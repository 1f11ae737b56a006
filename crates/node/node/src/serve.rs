//! What the HTTP API asks of a node, and what it tells its listeners.

pub(crate) mod backend;
pub(crate) mod delivery;
pub(crate) mod page_clocks;
pub(crate) mod watch;
