//! What the laboratory promises.
#![allow(missing_docs, clippy::unwrap_used)]

mod runs;
