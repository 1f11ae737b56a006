#![doc = include_str!("../README.md")]

mod acts;
mod added;
mod blocks;
mod catalogue;
pub mod chat;
mod english;
mod explain;
mod finding;
mod joining;
mod language;
mod points;
mod powers;
pub mod records;
mod results;
mod template;
mod tipping;

pub use acts::{questions::about, told};
pub use bolao_ledger::said::{Said, SaidValue};
pub use catalogue::Level;
pub use english::{Nameless, StateWords, either, english, english_with};
pub use explain::{explain, in_a_line, said};
pub use finding::{Finding, by_code};
pub use language::Language;
pub use powers::powers;
pub use tipping::own_sealed;

#[cfg(test)]
mod tests;
