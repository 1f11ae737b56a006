//! The built command, as a person uses it.

mod cli;
