#![doc = include_str!("../README.md")]

mod https;

pub use https::Https;
