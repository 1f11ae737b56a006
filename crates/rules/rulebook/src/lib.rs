#![doc = include_str!("../README.md")]

mod acts;
mod added;
mod blocks;
mod catalogue;
mod english;
mod explain;
mod finding;
mod joining;
mod points;
mod powers;
pub mod records;
mod results;
mod said;
mod template;
mod tipping;

pub use acts::{questions::about, told};
pub use catalogue::Level;
pub use english::{either, english, english_at};
pub use explain::{explain, in_a_line, said};
pub use finding::{Finding, by_code};
pub use powers::powers;
pub use said::{Said, SaidValue};

#[cfg(test)]
mod tests;
