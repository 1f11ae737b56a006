//! Other nodes: their addresses and our own, connections, what they report.

pub(crate) mod addresses;
pub(crate) mod advertised;
pub(crate) mod bridge;
pub(crate) mod gate;
pub(crate) mod invitations;
pub(crate) mod links;
pub(crate) mod listeners;
pub(crate) mod local_addresses;
mod outbound;
pub(crate) mod passes;
pub(crate) mod registry;
pub(crate) mod reports;
pub(crate) mod resolver;
