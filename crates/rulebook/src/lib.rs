#![doc = include_str!("../README.md")]

mod added;
mod blocks;
mod english;
mod explain;
mod joining;
mod points;
mod results;
mod said;
mod template;
mod tipping;

pub use english::either;
pub use explain::{explain, said};
pub use said::{Said, SaidValue};

#[cfg(test)]
mod tests;
