//! Which accounts vote on blocks where organisers appoint them.
//!
//! What organisers sign changes the *next* validators. They take the place of those that vote `notice_s` after organisers changed them
//! last, all at once, so that everybody can read so long before who will vote, and nobody can change it on the way.

use std::cmp::Reverse;

use super::{
    ApplyError, RuleError,
    run::{Applied, Entries, Run},
    votes::signers,
};
use crate::{
    account::AccountId,
    fixture::MatchNo,
    genesis::{MAX_VALIDATORS, SetChange, Validator, count},
    hashes::TxId,
    state::{Appointments, Coming, Effect, MostValidators, Offers, StateView, Validators, Vote},
    units::UnixSeconds,
};

impl<S: StateView> Run<'_, S> {
    pub(super) fn validators(&self) -> Applied<Vec<Validator>, S> {
        let now = self.overlay.validators_after(self.at.height);
        now.map_err(ApplyError::State)
    }

    pub(super) fn put_validators(&mut self, mut validators: Vec<Validator>) -> Applied<(), S> {
        validators.retain(|validator| validator.weight > 0);
        // # Rule Q8: there is always a validator.
        if validators.is_empty() {
            return Err(RuleError::LastValidator.into());
        }
        if matches!(
            self.genesis.consensus.set_change(),
            Some(SetChange::Appointed { .. })
        ) {
            let all = count(validators.len());
            if self
                .get::<MostValidators>(&())?
                .is_none_or(|most| all > most)
            {
                self.put::<MostValidators>(&(), &all)?;
            }
        }
        Validator::sort(&mut validators, |one| one.account.0);
        self.put::<Validators>(&Reverse(self.at.height), &validators)
    }

    /// The validators, once the changes that are to come have come.
    ///
    /// # Rule Q12: who is a validator then keeps the key; who is none gets the key that the account has offered last.
    fn next(&self, coming: &Entries<Coming>) -> Applied<Vec<Validator>, S> {
        let mut next = self.validators()?;
        for (_, wanted) in coming {
            let account = wanted.account;
            next.retain(|one| one.account != account || wanted.weight > 0);
            if let Some(own) = next.iter_mut().find(|one| one.account == account) {
                own.weight = wanted.weight;
            } else if wanted.weight > 0 {
                let key = self.get::<Offers>(&account)?.unwrap_or(wanted.key);
                next.push(Validator { key, ..*wanted });
            }
        }
        Ok(next)
    }

    /// # Rule Q4: as many organisers as genesis asks for appoint and remove validators, by signing alike; what takes effect
    /// # on an account spends all that was signed about it.
    pub(super) fn appoint(
        &mut self,
        id: AccountId,
        tx: TxId,
        wanted: &Validator,
    ) -> Applied<(), S> {
        let account = wanted.account;
        let coming = self.scan::<Coming>(&(), usize::MAX)?;
        let (now, mut next) = (self.validators()?, self.next(&coming)?);
        self.seat(wanted, &now, &mut next)?;
        let votes = self.scan::<Appointments>(&account, usize::MAX)?;
        let signers = signers(&votes, |(_, organiser)| organiser, id, wanted);
        let vote = Vote::Appoint(*wanted);
        if signers.len() < self.quorum(&vote)? {
            self.put::<Appointments>(&(account, id), wanted)?;
            return self.note_act(MatchNo(0), id, tx, &vote, signers, None);
        }
        for (key, _) in votes {
            self.remove::<Appointments>(&key)?;
        }
        let before = now.iter().find(|one| one.account == account);
        let before = before.map_or(0, |one| one.weight);
        let at_once = self.overlay.weight_at_once(self.at.height);
        let at_once = at_once.map_err(ApplyError::State)?;
        let grows = before == 0 && at_once.is_some_and(|most| wanted.weight <= most);
        let from = if self.genesis.rules.notice_s == 0 || grows {
            self.put_validators(next)?;
            self.at.time
        } else {
            self.announce(&coming, &now, &next)?
        };
        let effect = Effect::Weight { before, from };
        self.note_act(MatchNo(0), id, tx, &vote, signers, Some(effect))
    }

    /// Writes down who votes next, in the place of what was to come; gives when they do: now, if nothing changes.
    ///
    /// # Rule Q12: else they vote from the first block on whose time is `notice_s` later.
    fn announce(
        &mut self,
        coming: &Entries<Coming>,
        now: &[Validator],
        next: &[Validator],
    ) -> Applied<UnixSeconds, S> {
        for (key, _) in coming {
            self.remove::<Coming>(key)?;
        }
        let weight = |of: &[Validator], who: &Validator| {
            let own = of.iter().find(|one| one.account == who.account);
            own.map_or(0, |one| one.weight)
        };
        let notice_s = u64::from(self.genesis.rules.notice_s);
        let due = UnixSeconds(self.at.time.0.saturating_add(notice_s));
        let leave = now.iter().filter(|one| weight(next, one) == 0);
        let leave = leave.map(|one| Validator { weight: 0, ..*one });
        let change = next.iter().filter(|one| weight(now, one) != one.weight);
        let changes: Vec<_> = change.copied().chain(leave).collect();
        for one in &changes {
            self.put::<Coming>(&(due, one.account), one)?;
        }
        Ok(if changes.is_empty() {
            self.at.time
        } else {
            due
        })
    }

    /// # Rule Q12: those who vote next do from the first block of that time or later on, all at once.
    pub(super) fn change_due(&mut self) -> Applied<(), S> {
        let first = self.scan::<Coming>(&(), 1)?;
        if first
            .first()
            .is_none_or(|((due, _), _)| *due > self.at.time)
        {
            return Ok(());
        }
        let coming = self.scan::<Coming>(&(), usize::MAX)?;
        let next = self.next(&coming)?;
        for (key, _) in &coming {
            self.remove::<Coming>(key)?;
        }
        self.put_validators(next)
    }

    /// Gives an account its weight among the next validators, or, if that is 0, takes it out.
    fn seat(
        &self,
        wanted: &Validator,
        now: &[Validator],
        next: &mut Vec<Validator>,
    ) -> Applied<(), S> {
        let account = wanted.account;
        // # Rule Q5: whoever is appointed has offered this key last; whoever is removed votes with it.
        if wanted.weight > 0 && self.get::<Offers>(&account)? != Some(wanted.key) {
            return Err(RuleError::NotOffered { account }.into());
        }
        let full = next.len() >= MAX_VALIDATORS;
        let leaves = now.iter().any(|one| one.account == account);
        match next.iter_mut().find(|one| one.account == account) {
            Some(own) if own == wanted => Err(RuleError::AppointedAlready { account }.into()),
            Some(own) if own.key == wanted.key => {
                own.weight = wanted.weight;
                next.retain(|one| one.weight > 0);
                if next.is_empty() {
                    return Err(RuleError::LastValidator.into());
                }
                Ok(())
            }
            None if wanted.weight == 0 && leaves => {
                Err(RuleError::AppointedAlready { account }.into())
            }
            None if wanted.weight > 0 && full => Err(RuleError::TooManyValidators.into()),
            None if wanted.weight > 0 => {
                next.push(*wanted);
                Ok(())
            }
            _ => Err(RuleError::UnknownValidator { key: wanted.key }.into()),
        }
    }
}
