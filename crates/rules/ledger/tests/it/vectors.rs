//! `vectors/*.json`: the numbers that programs in other languages test themselves against.
//!
//! `BOLAO_WRITE_VECTORS=1` rewrites the files; otherwise what is computed must be what they hold.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod blocks;
mod document;
mod genesis;
mod names;
mod playing;
mod scoring;
mod transactions;

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("vectors")
        .join(name)
        .with_extension("json")
}

/// What a file holds.
pub(crate) fn read(name: &str) -> Value {
    serde_json::from_slice(&fs::read(path(name)).unwrap()).unwrap()
}

/// Compares with a file, or writes it.
pub(crate) fn compare(name: &str, computed: &Value) {
    if std::env::var_os("BOLAO_WRITE_VECTORS").is_some() {
        let text = serde_json::to_string_pretty(computed).unwrap() + "\n";
        fs::write(path(name), text).unwrap();
    }
    assert_eq!(computed, &read(name), "{name}");
}
