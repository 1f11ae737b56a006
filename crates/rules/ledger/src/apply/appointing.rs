//! Which accounts vote on blocks where organisers appoint them.
//!
//! What organisers sign changes the *next* validators. They take the place of those that vote `notice_s` after organisers changed them
//! last, all at once, so that everybody can read so long before who will vote, and nobody can change it on the way.

use std::cmp::Reverse;

use super::{
    ApplyError, RuleError,
    run::{Applied, Entries, Run},
};
use crate::{
    genesis::{SetChange, Validator, count},
    state::{Coming, MostValidators, Offers, StateView, Validators},
};

impl<S: StateView> Run<'_, S> {
    pub(crate) fn validators(&self) -> Applied<Vec<Validator>, S> {
        let now = self.overlay.validators_after(self.at.height);
        now.map_err(ApplyError::State)
    }

    pub(crate) fn put_validators(&mut self, mut validators: Vec<Validator>) -> Applied<(), S> {
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
        Validator::sort(&mut validators, |one| (Reverse(0), one.account.0));
        self.put::<Validators>(&Reverse(self.at.height), &validators)
    }

    /// The validators, once the changes that are to come have come.
    ///
    /// # Rule Q12: who is a validator then keeps the key; who is none gets the key that the account has offered last.
    pub(crate) fn next(&self, coming: &Entries<Coming>) -> Applied<Vec<Validator>, S> {
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

    /// # Rule Q12: those who vote next do from the first block of that time or later on, all at once.
    pub(crate) fn change_due(&mut self) -> Applied<(), S> {
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
}
