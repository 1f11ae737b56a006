#![doc = include_str!("../README.md")]

use bolao_api::{Page, PageFile};

include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// The page that this program was built with.
pub const fn page() -> Page {
    Page::new(&FILES)
}

#[cfg(test)]
mod tests;
