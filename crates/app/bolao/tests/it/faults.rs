//! `make faults`: pools to which bad things happen for an hour. Each test writes a row of the table at its end.
//!
//! `BOLAO_FAULTS` is the folder of the rows, and of the logs of what did not hold. Most of them need root, for network namespaces.

mod archives;
mod cuts;
mod parts;
mod pool;
mod relay;
pub(crate) mod row;
mod small;
mod syncs;
mod watch;
mod wires;

use std::env;

/// A number from the environment, or the usual one.
fn given(name: &str, usual: usize) -> usize {
    env::var(name).map_or(usual, |it| it.parse().unwrap())
}
