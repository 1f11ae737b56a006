//! The store: opened, and repaired where it is damaged (`repair` decides).

pub(crate) mod repair;
