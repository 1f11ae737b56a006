//! Signs that somebody is to vote with a weight, or, with the weight 0, no more.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    account::AccountId,
    actions::{Act, AffectedAccounts, By, Deadline, Named, NewBet, Opening, Signer, pools},
    apply::{
        ApplyError, RuleError,
        run::{Applied, Entries, Run},
        votes::signers,
    },
    check::TxCheckError,
    fixture::MatchNo,
    genesis::{Genesis, MAX_VALIDATORS, MAX_WEIGHT, Validator},
    hashes::{PoolId, TxId},
    reasons::refusals,
    said::Said,
    state::{Appointments, Coming, Effect, Offers, StateView, Vote},
    template::sentences,
    units::UnixSeconds,
};

/// Signs that somebody is to vote with a weight, or, with the weight 0, no more.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = AppointAction))]
pub struct Appoint {
    /// The validator: its account, its key and its weight.
    pub validator: Validator,
}

refusals! {
    /// The action's own refusals.
    #[derive(Clone, Debug, PartialEq, Eq, Error)]
    #[non_exhaustive]
    #[allow(missing_docs)]
    pub enum Refusal {
        #[error("the account {account} is already a validator with this key and weight")]
        AppointedAlready { account: AccountId } = Conflict "appointed-already",
        #[error("got a validator's weight of {got}, wanted at most {MAX_WEIGHT}")]
        BadWeight { got: u64 } = Unfit "bad-weight",
    }
}

sentences! {
    APPOINTS = "{who} signs that {player} is a validator with the weight {weight}.";
    REMOVES = "{who} signs that {player} is no longer a validator.";
}

impl Act for Appoint {
    const SIGNER: Signer = Signer::Organiser;
    const AFFECTS: AffectedAccounts = AffectedAccounts::Everybody;
    const ENDS: Deadline = Deadline::Never;
    const IS_OF_PAGES: bool = true;
    const CHANGES_STANDINGS: bool = false;

    fn is_known_to(genesis: &Genesis) -> bool {
        pools::has_appointments(genesis)
    }

    fn matches(&self) -> Vec<MatchNo> {
        Vec::new()
    }

    fn placed(&self) -> Vec<NewBet> {
        Vec::new()
    }

    fn openings<'a>(&'a self, _: &AccountId) -> Option<(AccountId, &'a [Opening])> {
        None
    }

    fn named(&self) -> Named<'_> {
        Named::Nothing
    }

    fn vote(&self) -> Option<Vote> {
        Some(Vote::Appoint(self.validator))
    }

    fn times(&self, _: &Genesis) -> Vec<UnixSeconds> {
        Vec::new()
    }

    fn check(&self, _: &AccountId, _: &Genesis, _: PoolId) -> Result<(), TxCheckError> {
        let got = self.validator.weight;
        // # Rule Q3: a weight is at most 2^50.
        if got > MAX_WEIGHT {
            Err(Refusal::BadWeight { got }.into())
        } else {
            Ok(())
        }
    }

    fn says(&self, by: &AccountId) -> Said {
        let Validator {
            account, weight, ..
        } = &self.validator;
        let (who, player) = (("who", by.into()), ("player", account.into()));
        match weight {
            0 => REMOVES.with([who, player]),
            weight => APPOINTS.with([who, player, ("weight", (*weight).into())]),
        }
    }

    fn apply<S: StateView>(
        &self,
        run: &mut Run<'_, S>,
        by: &mut By<'_>,
    ) -> Applied<Vec<MatchNo>, S> {
        run.appoint(by.id, by.tx, &self.validator)?;
        Ok(Vec::new())
    }
}

impl<S: StateView> Run<'_, S> {
    /// # Rule Q4: as many organisers as genesis asks for appoint and remove validators, by signing alike; what takes effect
    /// # on an account spends all that was signed about it.
    fn appoint(&mut self, id: AccountId, tx: TxId, wanted: &Validator) -> Applied<(), S> {
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
            Some(own) if own == wanted => Err(Refusal::AppointedAlready { account }.into()),
            Some(own) if own.key == wanted.key => {
                own.weight = wanted.weight;
                next.retain(|one| one.weight > 0);
                if next.is_empty() {
                    return Err(RuleError::LastValidator.into());
                }
                Ok(())
            }
            None if wanted.weight == 0 && leaves => {
                Err(Refusal::AppointedAlready { account }.into())
            }
            None if wanted.weight > 0 && full => Err(RuleError::TooManyValidators.into()),
            None if wanted.weight > 0 => {
                next.push(*wanted);
                Ok(())
            }
            Some(_) | None => Err(RuleError::UnknownValidator { key: wanted.key }.into()),
        }
    }
}
