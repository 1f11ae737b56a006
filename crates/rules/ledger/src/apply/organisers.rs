//! Who the organisers are.

use super::{
    RuleError,
    run::{Applied, Run},
    votes::signers,
};
use crate::{
    account::AccountId,
    fixture::MatchNo,
    genesis::MAX_ORGANISERS,
    hashes::TxId,
    state::{Accounts, Appointments, Effect, OrganiserVotes, Organisers, StateView, Vote, Votes},
};

impl<S: StateView> Run<'_, S> {
    fn organisers(&self) -> Applied<Vec<AccountId>, S> {
        let organisers = self.overlay.organisers(self.genesis);
        organisers.map_err(super::ApplyError::State)
    }

    pub(super) fn is_organiser(&self, id: &AccountId) -> Applied<bool, S> {
        Ok(self.organisers()?.contains(id))
    }

    /// # Rule S1: only an organiser schedules and records results.
    pub(super) fn check_organiser(&self, id: &AccountId) -> Applied<(), S> {
        if self.is_organiser(id)? {
            Ok(())
        } else {
            Err(RuleError::NotAnOrganiser.into())
        }
    }

    /// # Rule S14: as many organisers as genesis asks for add and remove organisers, by signing alike; what takes effect on an
    /// # account spends all that was signed about it.
    pub(super) fn organiser(
        &mut self,
        id: AccountId,
        tx: TxId,
        account: AccountId,
        added: bool,
    ) -> Applied<(), S> {
        let organisers = self.with_organiser(account, added)?;
        let votes = self.scan::<OrganiserVotes>(&account, usize::MAX)?;
        let signers = signers(&votes, |(_, organiser)| organiser, id, &added);
        let vote = Vote::Organiser { account, added };
        let took_effect = signers.len() >= usize::from(self.genesis.quorum(&vote));
        if took_effect {
            for (key, _) in votes {
                self.remove::<OrganiserVotes>(&key)?;
            }
            if !added {
                self.spend_signatures(&account)?;
            }
            self.put::<Organisers>(&(), &organisers)?;
        } else {
            self.put::<OrganiserVotes>(&(account, id), &added)?;
        }
        let effect = took_effect.then_some(Effect::Organiser);
        self.note_act(MatchNo(0), id, tx, &vote, signers, effect)
    }

    /// The organisers with this one among them, or without it.
    fn with_organiser(&self, account: AccountId, added: bool) -> Applied<Vec<AccountId>, S> {
        let mut organisers = self.organisers()?;
        let is_one = organisers.contains(&account);
        if !added {
            // # Rule S15: as many organisers are left as must sign anything.
            let least = self.genesis.fewest_organisers();
            if !is_one {
                return Err(RuleError::UnknownOrganiser { account }.into());
            }
            if organisers.len() <= usize::from(least) {
                return Err(RuleError::TooFewOrganisers { least }.into());
            }
            organisers.retain(|organiser| *organiser != account);
            return Ok(organisers);
        }
        if is_one {
            return Err(RuleError::AlreadyOrganiser { account }.into());
        }
        if self.get::<Accounts>(&account)?.is_none() {
            return Err(RuleError::UnknownAccount { account }.into());
        }
        if organisers.len() >= MAX_ORGANISERS {
            return Err(RuleError::TooManyOrganisers.into());
        }
        organisers.push(account);
        Ok(organisers)
    }

    /// # Rule S16: what an organiser who is removed has signed and has not taken effect is spent.
    fn spend_signatures(&mut self, of: &AccountId) -> Applied<(), S> {
        for kind in Vote::KINDS.into_iter().chain([Vote::ADDRESS]) {
            for (key, _) in self.scan::<Votes>(&kind, usize::MAX)? {
                if key.2 == *of {
                    self.remove::<Votes>(&key)?;
                }
            }
        }
        for (key, _) in self.scan::<Appointments>(&(), usize::MAX)? {
            if key.1 == *of {
                self.remove::<Appointments>(&key)?;
            }
        }
        for (key, _) in self.scan::<OrganiserVotes>(&(), usize::MAX)? {
            if key.1 == *of {
                self.remove::<OrganiserVotes>(&key)?;
            }
        }
        Ok(())
    }
}
