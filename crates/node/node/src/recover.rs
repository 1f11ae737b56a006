//! The store: opened, and repaired where it is damaged (`repair` decides); signatures of many blocks (`verify`).

pub(crate) mod repair;
pub(crate) mod verify;
