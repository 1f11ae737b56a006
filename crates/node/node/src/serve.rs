//! What the HTTP API asks of a node.

pub(crate) mod backend;
pub(crate) mod delivery;
pub(crate) mod metrics;
pub(crate) mod page_clocks;
