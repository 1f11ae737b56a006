//! The core from outside, by its inputs and outputs alone.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss
)]

mod arrivals;
mod audit;
mod blocks;
mod claims;
mod finality;
mod flood;
mod histories;
mod hybrid;
mod keeping;
mod mempool;
mod notices;
mod pool;
mod power;
mod pushes;
mod reasons;
mod recovery;
mod rehearse;
mod reorg;
mod restart;
mod rule_reasons;
mod ruled;
mod signatures;
mod stage;
mod strangers;
mod sync;
mod templates;
mod time;
mod validator_reasons;
mod voting;
mod wire;
