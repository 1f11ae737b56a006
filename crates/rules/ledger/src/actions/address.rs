//! Signs where the pool's page is.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    account::AccountId,
    actions::{Act, AffectedAccounts, By, Deadline, Named, NewBet, Opening, Signer},
    address::PageAddress,
    apply::run::{Applied, Run},
    check::TxCheckError,
    fixture::MatchNo,
    genesis::Genesis,
    hashes::{PoolId, TxId},
    reasons::refusals,
    said::Said,
    state::{self, Effect, StateView, Vote},
    template::sentences,
    units::UnixSeconds,
};

/// Signs where the pool's page is.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = AddressAction))]
pub struct Address {
    /// The address, at which every browser finds it.
    pub address: PageAddress,
}

refusals! {
    /// The action's own refusals.
    #[derive(Clone, Debug, PartialEq, Eq, Error)]
    #[non_exhaustive]
    #[allow(missing_docs)]
    pub enum Refusal {
        #[error("the pool's page is at {address} already")]
        AddressStands { address: PageAddress } = Unfit "address-stands",
    }
}

sentences! {
    PAGE = "{who} signs that the pool's page is at {address}.";
}

impl Act for Address {
    const SIGNER: Signer = Signer::Organiser;
    const AFFECTS: AffectedAccounts = AffectedAccounts::Everybody;
    const ENDS: Deadline = Deadline::Never;
    const IS_OF_PAGES: bool = true;
    const CHANGES_STANDINGS: bool = false;

    fn is_known_to(genesis: &Genesis) -> bool {
        genesis.rules.notice_s > 0
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
        Some(Vote::Address(self.address.clone()))
    }

    fn times(&self, _: &Genesis) -> Vec<UnixSeconds> {
        Vec::new()
    }

    fn check(&self, _: &AccountId, _: &Genesis, _: PoolId) -> Result<(), TxCheckError> {
        Ok(())
    }

    fn says(&self, by: &AccountId) -> Said {
        let address = ("address", self.address.as_str().into());
        PAGE.with([("who", by.into()), address])
    }

    fn apply<S: StateView>(
        &self,
        run: &mut Run<'_, S>,
        by: &mut By<'_>,
    ) -> Applied<Vec<MatchNo>, S> {
        run.address(by.id, by.tx, &self.address)?;
        Ok(Vec::new())
    }
}

impl<S: StateView> Run<'_, S> {
    /// # Rule S20: as many organisers as sign who organises sign where the pool's page is.
    fn address(&mut self, id: AccountId, tx: TxId, address: &PageAddress) -> Applied<(), S> {
        let before = self.get::<state::Address>(&())?;
        if before.as_ref() == Some(address) {
            return Err(Refusal::AddressStands {
                address: address.clone(),
            }
            .into());
        }
        let (no, vote) = (MatchNo(0), Vote::Address(address.clone()));
        let Some(signers) = self.vote(no, id, tx, &vote)? else {
            return Ok(());
        };
        self.put::<state::Address>(&(), address)?;
        self.note_act(no, id, tx, &vote, signers, Some(Effect::Address { before }))
    }
}
