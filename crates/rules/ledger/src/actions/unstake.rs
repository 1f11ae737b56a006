//! Frees chips that are locked, after the time that the rules name.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    account::AccountId,
    actions::{Act, AffectedAccounts, By, Deadline, Named, NewBet, Opening, Signer, pools},
    apply::run::{Applied, Run, fits},
    check::TxCheckError,
    fixture::MatchNo,
    genesis::Genesis,
    hashes::PoolId,
    reasons::refusals,
    said::Said,
    state::{Stakes, StateView, Vote},
    template::sentences,
    units::{Chips, UnixSeconds},
};

/// Frees chips that are locked, after the time that the rules name.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = UnstakeAction))]
pub struct Unstake {
    /// The number of chips to free.
    pub chips: Chips,
}

refusals! {
    /// The action's own refusals.
    #[derive(Clone, Debug, PartialEq, Eq, Error)]
    #[non_exhaustive]
    #[allow(missing_docs)]
    pub enum Refusal {
        #[error("got {got} chips to take back, wanted 1 to the {staked} that the account has staked as a validator")]
        NotStaked { got: Chips, staked: Chips } = Conflict "not-staked",
    }
}

sentences! {
    UNSTAKES = "{who} takes {chips, plural, one {# chip} other {# chips}} back from a validator's stake.";
}

impl Act for Unstake {
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
        UNSTAKES.with([("who", by.into()), chips])
    }

    fn apply<S: StateView>(
        &self,
        run: &mut Run<'_, S>,
        by: &mut By<'_>,
    ) -> Applied<Vec<MatchNo>, S> {
        run.unstake(by.id, self.chips)?;
        Ok(Vec::new())
    }
}

impl<S: StateView> Run<'_, S> {
    fn unstake(&mut self, id: AccountId, chips: Chips) -> Applied<(), S> {
        let staked = self.get::<Stakes>(&id)?.unwrap_or_default();
        // # Rule Q7: chips are unstaked that are staked, at least one of them.
        if chips == Chips::ZERO || chips > staked.chips {
            let staked = staked.chips;
            return Err(Refusal::NotStaked { got: chips, staked }.into());
        }
        let mut validators = self.validators()?;
        for own in validators.iter_mut().filter(|one| one.account == id) {
            own.weight = fits(own.weight.checked_sub(chips.0))?;
        }
        self.put_validators(validators)?;
        self.release(id, staked, chips)
    }
}
