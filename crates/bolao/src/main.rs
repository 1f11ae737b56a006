//! The `bolao` command.
fn main() {}
