#![doc = include_str!("../README.md")]

mod begun;
#[cfg(target_arch = "wasm32")]
mod bindings;
mod blocks;
mod check;
mod invitation;
mod keys;
mod link;
mod live;
mod object;
mod order;
mod partly;
mod pool;
mod question;
mod refusal;
mod session;
mod sign;
mod slip;
mod view;
mod wish;

pub use refusal::Refusal;
pub use session::Session;
