//! Targets, block validity, fork choice, mempool and sync as a state machine.
