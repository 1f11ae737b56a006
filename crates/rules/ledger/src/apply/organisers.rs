//! Who the organisers are.

use super::{
    ApplyError, RuleError,
    run::{Applied, Run},
};
use crate::{
    account::AccountId,
    genesis::Quorum,
    state::{
        Appointments, LastSigned, Leaving, OrganiserVotes, Organisers, StateView, Vote, Votes,
    },
    units::UnixSeconds,
};

impl<S: StateView> Run<'_, S> {
    pub(crate) fn organisers(&self) -> Applied<Vec<AccountId>, S> {
        let organisers = self.overlay.organisers(self.genesis);
        organisers.map_err(ApplyError::State)
    }

    /// The number of organisers who must sign a vote now.
    pub(crate) fn quorum(&self, vote: &Vote) -> Applied<usize, S> {
        let organisers = self.organisers()?.len();
        Ok(self.genesis.quorum(vote, organisers).into())
    }

    pub(crate) fn is_organiser(&self, id: &AccountId) -> Applied<bool, S> {
        Ok(self.organisers()?.contains(id))
    }

    /// # Rule S1: only an organiser schedules and records results.
    pub(crate) fn check_organiser(&self, id: &AccountId) -> Applied<(), S> {
        if self.is_organiser(id)? {
            Ok(())
        } else {
            Err(RuleError::NotAnOrganiser.into())
        }
    }

    /// Changes the organisers, of whom `account` is one from now on, or no more.
    pub(crate) fn put_organisers(
        &mut self,
        account: AccountId,
        added: bool,
        organisers: &Vec<AccountId>,
    ) -> Applied<(), S> {
        for (key, _) in self.scan::<OrganiserVotes>(&account, usize::MAX)? {
            self.remove::<OrganiserVotes>(&key)?;
        }
        let time = self.at.time;
        if added {
            self.put::<LastSigned>(&account, &time)?;
        } else {
            self.remove::<LastSigned>(&account)?;
            self.stay(&account)?;
            self.spend_signatures(Some(&account))?;
        }
        // # Rule S16: nothing waits for a second signature that nobody can give.
        if let [_] = organisers.as_slice() {
            self.spend_signatures(None)?;
        }
        self.put::<Organisers>(&(), organisers)
    }

    /// The time from which an organiser is none any more, if one is to leave.
    pub(crate) fn leaving(&self, account: &AccountId) -> Applied<Option<UnixSeconds>, S> {
        let leaving = self.scan::<Leaving>(&(), usize::MAX)?;
        let own = leaving.into_iter().find(|((_, of), _)| of == account);
        Ok(own.map(|((due, _), _)| due))
    }

    /// An organiser leaves no more.
    fn stay(&mut self, account: &AccountId) -> Applied<(), S> {
        match self.leaving(account)? {
            Some(due) => self.remove::<Leaving>(&(due, *account)),
            None => Ok(()),
        }
    }

    /// # Rule S30: whatever an organiser signs shows that the words are not lost.
    pub(crate) fn has_signed(&mut self, id: &AccountId) -> Applied<(), S> {
        if self.genesis.rules.organisers_quorum == Quorum::of(0) || !self.is_organiser(id)? {
            return Ok(());
        }
        let time = self.at.time;
        self.put::<LastSigned>(id, &time)?;
        self.stay(id)
    }

    /// # Rule S30: those who are to leave do, in the order of their times, then of the accounts, while as many are left as S15 wants.
    pub(crate) fn leave_due(&mut self) -> Applied<(), S> {
        // One that leaves may have asked for the next.
        while let Some((key, _)) = self.scan::<Leaving>(&(), 1)?.pop() {
            if key.0 > self.at.time {
                break;
            }
            self.remove::<Leaving>(&key)?;
            match self.with_organiser(key.1, false) {
                Ok(organisers) => self.put_organisers(key.1, false, &organisers)?,
                Err(ApplyError::State(error)) => return Err(ApplyError::State(error)),
                Err(_) => {}
            }
        }
        Ok(())
    }

    /// # Rule S16: what an organiser who is removed has signed, or asked for, and has not taken effect is spent.
    fn spend_signatures(&mut self, of: Option<&AccountId>) -> Applied<(), S> {
        let is_spent = |by: &AccountId| of.is_none_or(|of| of == by);
        for (key, _) in self.scan::<Votes>(&(), usize::MAX)? {
            if is_spent(&key.2) {
                self.remove::<Votes>(&key)?;
            }
        }
        for (key, _) in self.scan::<Appointments>(&(), usize::MAX)? {
            if is_spent(&key.1) {
                self.remove::<Appointments>(&key)?;
            }
        }
        for (key, _) in self.scan::<OrganiserVotes>(&(), usize::MAX)? {
            if is_spent(&key.1) {
                self.remove::<OrganiserVotes>(&key)?;
            }
        }
        for (key, by) in self.scan::<Leaving>(&(), usize::MAX)? {
            if is_spent(&by) {
                self.remove::<Leaving>(&key)?;
            }
        }
        Ok(())
    }
}
