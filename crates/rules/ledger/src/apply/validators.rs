//! Who votes on blocks, and with which weight: offers, stakes, and what a proof of cheating costs.

use super::{
    RuleError,
    run::{Applied, Run, fits},
};
use crate::{
    account::AccountId,
    genesis::{MAX_VALIDATORS, MAX_WEIGHT, SetChange, Validator, ValidatorKey},
    hashes::TxId,
    state::{
        Account, Cause, Cheat, Cheats, KeyOwners, Offers, Staked, Stakes, StakesDue, StateView,
    },
    units::{Chips, UnixSeconds},
    voting::DoubleSign,
};

/// The most accounts whose stakes become free in one block; the rest wait for the next.
const MOST_IN_A_BLOCK: usize = 16;

impl<S: StateView> Run<'_, S> {
    /// # Rule Q1: genesis names the first validators.
    pub(super) fn begin_votes(&mut self) -> Applied<(), S> {
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

    pub(super) fn offer(&mut self, id: AccountId, key: ValidatorKey) -> Applied<(), S> {
        // # Rule Q2: each key is one account's. A validator votes with the new one from the next block on.
        let is_anothers = self
            .get::<KeyOwners>(&key)?
            .is_some_and(|owner| owner != id);
        if is_anothers || self.get::<Offers>(&id)? == Some(key) {
            return Err(RuleError::ValidatorKeyTaken { key }.into());
        }
        self.put::<KeyOwners>(&key, &id)?;
        self.put::<Offers>(&id, &key)?;
        let mut validators = self.validators()?;
        if let Some(own) = validators.iter_mut().find(|one| one.account == id) {
            own.key = key;
            self.put_validators(validators)?;
        }
        Ok(())
    }

    /// # Rule Q6: a stake locks chips and adds as much weight, to a validator or to whoever has offered a key.
    pub(super) fn stake(
        &mut self,
        id: AccountId,
        account: &mut Account,
        chips: Chips,
    ) -> Applied<(), S> {
        let mut validators = self.validators()?;
        let own = validators.iter_mut().find(|one| one.account == id);
        let max = Chips(MAX_WEIGHT.saturating_sub(own.as_ref().map_or(0, |own| own.weight)));
        if chips == Chips::ZERO || chips > max {
            let min = Chips(1);
            return Err(RuleError::BadStake {
                got: chips,
                min,
                max,
            }
            .into());
        }
        if let Some(own) = own {
            own.weight = fits(own.weight.checked_add(chips.0))?;
        } else {
            let key = self.get::<Offers>(&id)?;
            let key = key.ok_or(RuleError::NotOffered { account: id })?;
            self.make_room(&mut validators, chips)?;
            validators.push(Validator {
                account: id,
                key,
                weight: chips.0,
            });
        }
        self.debit(&id, account, chips, Cause::Locked)?;
        let mut staked = self.get_to_change::<Stakes>(&id)?.unwrap_or_default();
        staked.chips = fits(staked.chips.checked_add(chips.0))?;
        self.put::<Stakes>(&id, &staked)?;
        self.put_validators(validators)
    }

    /// # Rule Q6: where there are 64, the one of least weight makes room for a larger stake, and its own is unstaked.
    fn make_room(&mut self, validators: &mut Vec<Validator>, stake: Chips) -> Applied<(), S> {
        if validators.len() < MAX_VALIDATORS {
            return Ok(());
        }
        let weights = validators.iter().map(|one| (one.weight, one.account));
        let least = weights.min().filter(|(weight, _)| *weight < stake.0);
        let (_, out) = least.ok_or(RuleError::TooManyValidators)?;
        validators.retain(|one| one.account != out);
        match self.get::<Stakes>(&out)? {
            Some(staked) if staked.chips > Chips::ZERO => self.release(out, staked, staked.chips),
            _ => Ok(()),
        }
    }

    pub(super) fn unstake(&mut self, id: AccountId, chips: Chips) -> Applied<(), S> {
        let staked = self.get::<Stakes>(&id)?.unwrap_or_default();
        // # Rule Q7: chips are unstaked that are staked, at least one of them.
        if chips == Chips::ZERO || chips > staked.chips {
            let staked = staked.chips;
            return Err(RuleError::NotStaked { got: chips, staked }.into());
        }
        let mut validators = self.validators()?;
        for own in validators.iter_mut().filter(|one| one.account == id) {
            own.weight = fits(own.weight.checked_sub(chips.0))?;
        }
        self.put_validators(validators)?;
        self.release(id, staked, chips)
    }

    /// # Rule Q7: unstaked chips are free after `wait_s`; those that waited already wait anew with them.
    fn release(&mut self, id: AccountId, mut staked: Staked, chips: Chips) -> Applied<(), S> {
        self.remove::<StakesDue>(&(staked.free_at, id))?;
        let wait_s = match self.genesis.consensus.set_change() {
            Some(SetChange::Stake { wait_s, .. }) => wait_s,
            _ => 0,
        };
        staked.chips = fits(staked.chips.checked_sub(chips.0))?;
        staked.waiting = fits(staked.waiting.checked_add(chips.0))?;
        staked.free_at = UnixSeconds(self.at.time.0.saturating_add(wait_s.into()));
        self.put_staked(id, staked)
    }

    /// Writes what is staked, unless that is nothing.
    fn put_staked(&mut self, id: AccountId, staked: Staked) -> Applied<(), S> {
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
    pub(super) fn free_due(&mut self) -> Applied<(), S> {
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

    /// # Rule Q9: whoever has offered a key answers for it for good; each of its votes is proven twice only once.
    pub(super) fn evidence(&mut self, tx: TxId, proof: &DoubleSign) -> Applied<(), S> {
        let (key, number) = (proof.key, proof.first.0.height);
        let owner = self.get::<KeyOwners>(&key)?;
        let id = owner.ok_or(RuleError::UnknownValidator { key })?;
        if self.get::<Cheats>(&(id, number))?.is_some() {
            return Err(RuleError::ProvenAlready {
                key,
                height: number,
            }
            .into());
        }
        let cut = match self.genesis.consensus.set_change() {
            Some(SetChange::Stake { cut_percent, .. }) => self.cut(id, cut_percent)?,
            _ => Chips::ZERO,
        };
        let cheat = Cheat {
            key,
            tx,
            height: self.at.height,
            time: self.at.time,
            cut,
        };
        self.put::<Cheats>(&(id, number), &cheat)
    }

    /// # Rule Q10: a proof costs `cut_percent` of the weight, of the chips that are staked and of those that wait. They go to
    /// # the next pot that somebody wins.
    fn cut(&mut self, id: AccountId, percent: u8) -> Applied<Chips, S> {
        let kept = |amount: u64| {
            let kept = u128::from(amount) * u128::from(100_u8.saturating_sub(percent)) / 100;
            u64::try_from(kept).unwrap_or(amount)
        };
        let before = self.get_to_change::<Stakes>(&id)?.unwrap_or_default();
        let after = Staked {
            chips: Chips(kept(before.chips.0)),
            waiting: Chips(kept(before.waiting.0)),
            ..before
        };
        let lost = |before: Chips, after: Chips| before.0.saturating_sub(after.0);
        let cut =
            lost(before.chips, after.chips).saturating_add(lost(before.waiting, after.waiting));
        self.totals.rollover = fits(self.totals.rollover.checked_add(cut))?;
        self.put_staked(id, after)?;
        let mut validators = self.validators()?;
        let alone = validators.len() == 1;
        if let Some(own) = validators.iter_mut().find(|one| one.account == id) {
            // What genesis gave weighs without a stake.
            let given = kept(own.weight.saturating_sub(before.chips.0));
            let weight = fits(given.checked_add(after.chips.0))?;
            // # Rule Q8: the last validator keeps a weight of 1.
            own.weight = if alone { weight.max(1) } else { weight };
            self.put_validators(validators)?;
        }
        Ok(Chips(cut))
    }
}
