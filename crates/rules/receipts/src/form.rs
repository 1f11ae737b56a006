//! The versions of a receipt's file, and its bounds.

use bolao_ledger::Genesis;

/// The version of the form that holds headers with their work.
pub const SLIP_VERSION_WORK: u16 = 1;
/// The version of the form that holds headers, and the certificate of the last one.
pub const SLIP_VERSION_VOTES: u16 = 2;
/// The same of headers with their work.
pub const SLIP_VERSION_CHECKPOINT: u16 = 3;
/// The most headers of a slip, genesis' included: more than two months of a block a minute.
pub const SLIP_HEADERS_MAX: usize = 100_000;
/// The most changes of validators of a slip.
pub const SLIP_CHANGES_MAX: usize = 4_096;
/// The longest slip, in bytes of its file.
pub const SLIP_BYTES_MAX: usize = 8 * 1024 * 1024;

/// Whether a block stands by its work until it becomes final.
pub(crate) const fn becomes_final(genesis: &Genesis) -> bool {
    genesis.consensus.votes_on_mined()
}

/// Whether a pool's blocks can be proven by a slip of this version, and by which they can.
pub(crate) const fn fits(got: u16, genesis: &Genesis) -> (bool, &'static str) {
    match (becomes_final(genesis), genesis.consensus.mines()) {
        // What is not final yet has its work alone.
        (true, _) => (got != SLIP_VERSION_VOTES, "1 or 3"),
        (_, true) => (got == SLIP_VERSION_WORK, "1"),
        _ => (got == SLIP_VERSION_VOTES, "2"),
    }
}
