//! The wallet from the outside.

mod accounts;
mod file;
mod salts;
mod voting;
