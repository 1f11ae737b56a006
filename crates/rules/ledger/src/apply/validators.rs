//! Who votes on blocks, and with which weight: offers, stakes, and what a proof of cheating costs.

use super::run::{Applied, Run, fits};
use crate::{
    account::AccountId,
    genesis::SetChange,
    state::{Cause, KeyOwners, Offers, Staked, Stakes, StakesDue, StateView},
    units::{Chips, UnixSeconds},
};

/// The most accounts whose stakes become free in one block; the rest wait for the next.
const MOST_IN_A_BLOCK: usize = 16;

impl<S: StateView> Run<'_, S> {
    /// # Rule Q1: genesis names the first validators.
    pub(crate) fn begin_votes(&mut self) -> Applied<(), S> {
        let consensus = &self.genesis.consensus;
        if consensus.set_change().is_none() {
            return Ok(());
        }
        let first = consensus.validators();
        for validator in first {
            self.put::<Offers>(&validator.account, &validator.key)?;
            self.put::<KeyOwners>(&validator.key, &validator.account)?;
        }
        self.put_validators(first.to_vec())
    }

    /// # Rule Q7: unstaked chips are free after `wait_s`; those that waited already wait anew with them.
    pub(crate) fn release(
        &mut self,
        id: AccountId,
        mut staked: Staked,
        chips: Chips,
    ) -> Applied<(), S> {
        self.remove::<StakesDue>(&(staked.free_at, id))?;
        let wait_s = match self.genesis.consensus.set_change() {
            Some(SetChange::Stake { wait_s, .. }) => wait_s,
            Some(SetChange::Appointed { .. }) | None => 0,
        };
        staked.chips = fits(staked.chips.checked_sub(chips.0))?;
        staked.waiting = fits(staked.waiting.checked_add(chips.0))?;
        staked.free_at = UnixSeconds(self.at.time.0.saturating_add(wait_s.into()));
        self.put_staked(id, staked)
    }

    /// Writes what is staked, unless that is nothing.
    pub(crate) fn put_staked(&mut self, id: AccountId, staked: Staked) -> Applied<(), S> {
        let due = (staked.free_at, id);
        if staked.waiting == Chips::ZERO {
            self.remove::<StakesDue>(&due)?;
        } else {
            self.put::<StakesDue>(&due, &())?;
        }
        if staked.chips == Chips::ZERO && staked.waiting == Chips::ZERO {
            self.remove::<Stakes>(&id)
        } else {
            self.put::<Stakes>(&id, &staked)
        }
    }

    /// # Rule Q7: stakes become free in the order of their times, then of the accounts, those of at most 16 in a block.
    pub(crate) fn free_due(&mut self) -> Applied<(), S> {
        if self.genesis.consensus.set_change().is_none() {
            return Ok(());
        }
        for ((time, id), ()) in self.scan::<StakesDue>(&(), MOST_IN_A_BLOCK)? {
            if time > self.at.time {
                break;
            }
            let mut staked = self.get::<Stakes>(&id)?.unwrap_or_default();
            let free = std::mem::take(&mut staked.waiting);
            self.put_staked(id, staked)?;
            self.give(&id, free, Cause::Unlocked)?;
        }
        Ok(())
    }
}
