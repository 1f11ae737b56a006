//! A home's memory of the reminders that were sent.

use super::{Home, HomeError};
use crate::remind::Told;

/// The file of the ends of betting of which it was told who lacks a tip.
pub(super) const REMINDERS: &str = "reminders.json";

impl Home {
    pub(crate) fn reminders(&self) -> Result<Told, HomeError> {
        Ok(self.read_json(REMINDERS)?.unwrap_or_default())
    }

    pub(crate) fn set_reminders(&self, told: &Told) -> Result<(), HomeError> {
        self.write_json(REMINDERS, told, 0o644)
    }
}
