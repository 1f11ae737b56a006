//! The store: opened, repaired where it is damaged, checked.

pub(crate) mod repair;
pub(crate) mod verify;
