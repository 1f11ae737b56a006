//! Locks chips as the weight of one's vote.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    account::AccountId,
    actions::{Act, AffectedAccounts, By, Deadline, Named, NewBet, Opening, Signer, pools},
    apply::{
        RuleError,
        run::{Applied, Run, fits},
    },
    check::TxCheckError,
    fixture::MatchNo,
    genesis::{Genesis, MAX_VALIDATORS, MAX_WEIGHT, Validator},
    hashes::PoolId,
    reasons::refusals,
    said::Said,
    state::{Account, Cause, Offers, Stakes, StateView, Vote},
    template::sentences,
    units::{Chips, UnixSeconds},
};

/// Locks chips as the weight of one's vote.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = StakeAction))]
pub struct Stake {
    /// The number of chips to lock, besides those that are locked already.
    pub chips: Chips,
}

refusals! {
    /// The action has no refusals of its own.
    #[derive(Clone, Debug, PartialEq, Eq, Error)]
    pub enum Refusal {}
}

sentences! {
    STAKES = "{who} stakes {chips, plural, one {# chip} other {# chips}} as a validator.";
}

impl Act for Stake {
    const SIGNER: Signer = Signer::Player;
    const AFFECTS: AffectedAccounts = AffectedAccounts::Everybody;
    const ENDS: Deadline = Deadline::Never;
    const IS_OF_PAGES: bool = false;
    const CHANGES_STANDINGS: bool = false;

    fn is_known_to(genesis: &Genesis) -> bool {
        pools::has_stakes(genesis)
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
        None
    }

    fn times(&self, _: &Genesis) -> Vec<UnixSeconds> {
        Vec::new()
    }

    fn check(&self, _: &AccountId, _: &Genesis, _: PoolId) -> Result<(), TxCheckError> {
        Ok(())
    }

    fn says(&self, by: &AccountId) -> Said {
        let chips = ("chips", self.chips.0.into());
        STAKES.with([("who", by.into()), chips])
    }

    fn apply<S: StateView>(
        &self,
        run: &mut Run<'_, S>,
        by: &mut By<'_>,
    ) -> Applied<Vec<MatchNo>, S> {
        run.stake(by.id, by.account, self.chips)?;
        Ok(Vec::new())
    }
}

impl<S: StateView> Run<'_, S> {
    /// # Rule Q6: a stake locks chips and adds as much weight, to a validator or to whoever has offered a key.
    fn stake(&mut self, id: AccountId, account: &mut Account, chips: Chips) -> Applied<(), S> {
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
            Some(_) | None => Ok(()),
        }
    }
}
