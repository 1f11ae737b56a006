//! Who votes on blocks, and with which weight: offers, appointments, stakes, and what a proof of cheating costs.

use std::cmp::Reverse;

use super::{
    ApplyError, RuleError,
    run::{Applied, Run, fits},
    votes::signers,
};
use crate::{
    account::AccountId,
    fixture::MatchNo,
    genesis::{MAX_VALIDATORS, MAX_WEIGHT, SetChange, Validator, ValidatorKey},
    hashes::TxId,
    state::{
        Account, Appointing, AppointingTable, Appointments, Cause, Cheat, Cheats, Coming, Effect,
        KeyOwners, Offers, Raised, Staked, Stakes, StakesDue, StateView, Validators, Vote,
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
        if first.len() > 1 {
            self.put::<AppointingTable>(
                &(),
                &Appointing {
                    several_since: Some(UnixSeconds::ZERO),
                    raised: Vec::new(),
                },
            )?;
        }
        self.put_validators(first.to_vec())
    }

    fn validators(&self) -> Applied<Vec<Validator>, S> {
        let now = self.overlay.validators_after(self.at.height);
        now.map_err(ApplyError::State)
    }

    fn put_validators(&mut self, mut validators: Vec<Validator>) -> Applied<(), S> {
        validators.retain(|validator| validator.weight > 0);
        // # Rule Q8: there is always a validator.
        if validators.is_empty() {
            return Err(RuleError::LastValidator.into());
        }
        Validator::sort(&mut validators, |one| one.account.0);
        self.put::<Validators>(&Reverse(self.at.height), &validators)
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

    /// # Rule Q4: as many organisers as genesis asks for appoint and remove validators, by signing alike; what takes effect
    /// # on an account spends all that was signed about it.
    pub(super) fn appoint(
        &mut self,
        id: AccountId,
        tx: TxId,
        validator: &Validator,
    ) -> Applied<(), S> {
        let account = validator.account;
        let coming = self.coming(&account)?;
        let validators = self.with_appointed(validator, coming.is_some())?;
        let votes = self.scan::<Appointments>(&account, usize::MAX)?;
        let signers = signers(&votes, |(_, organiser)| organiser, id, validator);
        let vote = Vote::Appoint(*validator);
        if signers.len() < usize::from(self.genesis.quorum(&vote)) {
            self.put::<Appointments>(&(account, id), validator)?;
            return self.note_act(MatchNo(0), id, tx, &vote, signers, None);
        }
        for (key, _) in votes {
            self.remove::<Appointments>(&key)?;
        }
        if let Some(due) = coming {
            self.remove::<Coming>(&(due, account))?;
        }
        let now = self.validators()?;
        let before = now.iter().find(|one| one.account == account);
        let before = before.map_or(0, |one| one.weight);
        let from = self.takes_effect_at(validator, before, &now, &validators)?;
        if from > self.at.time {
            self.put::<Coming>(&(from, account), validator)?;
        } else if before != validator.weight {
            self.reweigh(validator.account, before, validators)?;
        }
        let effect = Effect::Weight { before, from };
        self.note_act(MatchNo(0), id, tx, &vote, signers, Some(effect))
    }

    /// When the change of an account's weight that is to come takes effect, if one is.
    fn coming(&self, account: &AccountId) -> Applied<Option<UnixSeconds>, S> {
        let coming = self.scan::<Coming>(&(), usize::MAX)?;
        let own = coming.into_iter().find(|((_, of), _)| of == account);
        Ok(own.map(|((due, _), _)| due))
    }

    /// # Rule Q12: where several accounts have votes, what takes weight from one of them takes effect `notice_s` after its quorum. So
    /// # does a raise with which the accounts that were raised within `notice_s` hold more than a third of the weight by that,
    /// # unless there was one validator alone within `notice_s`.
    fn takes_effect_at(
        &self,
        wanted: &Validator,
        before: u64,
        now: &[Validator],
        after: &[Validator],
    ) -> Applied<UnixSeconds, S> {
        let notice_s = u64::from(self.genesis.rules.notice_s);
        let time = self.at.time;
        let later = UnixSeconds(time.0.saturating_add(notice_s));
        let of_late = |at: UnixSeconds| at.0.saturating_add(notice_s) > time.0;
        if now.len() < 2 || before == wanted.weight {
            return Ok(time);
        }
        if wanted.weight < before {
            return Ok(later);
        }
        let lately = self.get::<AppointingTable>(&())?.unwrap_or_default();
        if lately.several_since.is_some_and(of_late) {
            return Ok(time);
        }
        let before = |one: &Validator| {
            let raised = lately.raised.iter().find(|it| it.account == one.account);
            let stands = now.iter().find(|it| it.account == one.account);
            match raised.filter(|it| of_late(it.last)) {
                Some(raised) => raised.before,
                None => stands.map_or(0, |it| it.weight),
            }
        };
        let given = |one: &Validator| u128::from(one.weight.saturating_sub(before(one)));
        let new: u128 = after.iter().map(given).sum();
        let all: u128 = after.iter().map(|one| u128::from(one.weight)).sum();
        Ok(if new.saturating_mul(3) > all {
            later
        } else {
            time
        })
    }

    /// Changes an account's weight, and keeps what Q12 asks for.
    fn reweigh(
        &mut self,
        account: AccountId,
        before: u64,
        validators: Vec<Validator>,
    ) -> Applied<(), S> {
        let (time, notice_s) = (self.at.time, u64::from(self.genesis.rules.notice_s));
        let weight = |one: &Validator| (one.account == account).then_some(one.weight);
        let after = validators.iter().find_map(weight).unwrap_or(0);
        let several = validators.iter().filter(|one| one.weight > 0).count() > 1;
        let mut lately = self.get::<AppointingTable>(&())?.unwrap_or_default();
        let was_alone = lately.several_since.is_none();
        lately.several_since = several.then(|| lately.several_since.unwrap_or(time));
        lately
            .raised
            .retain(|it| it.last.0.saturating_add(notice_s) > time.0);
        let known = lately.raised.iter_mut().find(|it| it.account == account);
        match known {
            Some(raised) if after > before => raised.last = time,
            None if after > before && !was_alone => lately.raised.push(Raised {
                account,
                before,
                last: time,
            }),
            _ => {}
        }
        self.put::<AppointingTable>(&(), &lately)?;
        self.put_validators(validators)
    }

    /// # Rule Q12: changes of validators take effect in the order of their times, then of the accounts, at most 16 in a block. One
    /// # whose key is the account's no more is of the key that the account has offered last; one that would leave nobody is dropped.
    pub(super) fn change_due(&mut self) -> Applied<(), S> {
        if self.genesis.consensus.set_change().is_none() {
            return Ok(());
        }
        for ((due, account), wanted) in self.scan::<Coming>(&(), MOST_IN_A_BLOCK)? {
            if due > self.at.time {
                break;
            }
            self.remove::<Coming>(&(due, account))?;
            let mut validators = self.validators()?;
            let now = validators.iter_mut().find(|one| one.account == account);
            let before = now.as_ref().map_or(0, |one| one.weight);
            if let Some(now) = now {
                now.weight = wanted.weight;
            } else {
                let key = self.get::<Offers>(&account)?.unwrap_or(wanted.key);
                validators.push(Validator { key, ..wanted });
            }
            let left = validators.iter().filter(|one| one.weight > 0).count();
            if (1..=MAX_VALIDATORS).contains(&left) {
                self.reweigh(account, before, validators)?;
            }
        }
        Ok(())
    }

    /// The validators with this one among them, or, if it has no weight, without it.
    fn with_appointed(&self, wanted: &Validator, takes_back: bool) -> Applied<Vec<Validator>, S> {
        let (account, mut validators) = (wanted.account, self.validators()?);
        let full = validators.len() >= MAX_VALIDATORS;
        let now = validators.iter_mut().find(|one| one.account == account);
        // # Rule Q5: whoever is appointed has offered this key last; whoever is removed votes with it.
        if wanted.weight > 0 && self.get::<Offers>(&account)? != Some(wanted.key) {
            return Err(RuleError::NotOffered { account }.into());
        }
        match now {
            // What stands is signed again only against a change that is to come.
            Some(now) if now == wanted && takes_back => Ok(validators),
            None if wanted.weight == 0 && takes_back => Ok(validators),
            Some(now) if now == wanted => Err(RuleError::AppointedAlready { account }.into()),
            Some(now) if now.key == wanted.key => {
                *now = *wanted;
                if validators.iter().all(|one| one.weight == 0) {
                    return Err(RuleError::LastValidator.into());
                }
                Ok(validators)
            }
            None if wanted.weight > 0 && full => Err(RuleError::TooManyValidators.into()),
            None if wanted.weight > 0 => {
                validators.push(*wanted);
                Ok(validators)
            }
            _ => Err(RuleError::UnknownValidator { key: wanted.key }.into()),
        }
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
