//! How much one account sends in a time.

use super::{
    RuleError,
    run::{Applied, Run},
};
use crate::{
    account::AccountId,
    state::{Recent, RecentOf, StateView},
};

impl<S: StateView> Run<'_, S> {
    /// # Rule U1: in any `window_s` seconds of the pool's time an account sends at most `account_transactions` transactions
    /// # of `account_bytes` bytes together.
    /// # Rule U3: organisers send as many as they need.
    pub(crate) fn within_bounds(&mut self, id: &AccountId, bytes: usize) -> Applied<(), S> {
        let Some(bounds) = self.genesis.bounds else {
            return Ok(());
        };
        if self.is_organiser(id)? {
            return Ok(());
        }
        let (now, window_s) = (self.at.time, bounds.window_s);
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        let recent = self.get_to_change::<RecentOf>(id)?.unwrap_or_default();
        let recent = recent.with(now, bytes, window_s);
        let (count, bytes) = recent.sums();
        if count > bounds.account_transactions.into() || bytes > bounds.account_bytes.into() {
            let in_s = self.until_eased(&recent, window_s);
            return Err(RuleError::TooOften { window_s, in_s }.into());
        }
        self.put::<RecentOf>(id, &recent)
    }

    /// The number of seconds until the first of these counts no more.
    pub(crate) fn until_eased(&self, recent: &Recent, window_s: u32) -> u64 {
        let eases = recent.eases_at(window_s);
        eases.0.saturating_sub(self.at.time.0)
    }
}
