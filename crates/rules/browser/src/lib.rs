#![doc = include_str!("../README.md")]

mod begun;
#[cfg(target_arch = "wasm32")]
mod bindings;
mod check;
mod compare;
mod invitation;
mod keys;
mod object;
mod order;
mod own;
mod pool;
mod question;
mod refusal;
mod session;
mod sign;
mod slip;

pub use refusal::Refusal;
pub use session::Session;
