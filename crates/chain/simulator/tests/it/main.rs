//! What a scenario may rely on.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_types,
    clippy::disallowed_methods
)]

mod acting;
mod cuts;
mod recorded;
mod simulation;
mod slow_links;
