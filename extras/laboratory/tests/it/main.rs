//! What the laboratory promises.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing)]

mod report;
mod runs;
