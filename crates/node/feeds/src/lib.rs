#![doc = include_str!("../README.md")]

mod competitions;
mod copies;
mod download;
mod place;
mod source;
mod sources;
mod verdict;

pub use competitions::{Days, Known, KnownError, Read, find, search};
pub use download::{Answer, DownloadError, Reader, no_connection, text};
pub use place::Place;
pub use source::{MIN_INTERVAL_S, Source};
pub use sources::{Heard, Sources, Told};
pub use verdict::{Judged, Signing, Why};
