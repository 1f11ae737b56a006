//! Gives chips to another player.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    account::AccountId,
    actions::{Act, AffectedAccounts, By, Deadline, Named, NewBet, Opening, Signer},
    apply::run::{Applied, Run},
    check::TxCheckError,
    fixture::MatchNo,
    genesis::Genesis,
    hashes::PoolId,
    reasons::refusals,
    said::Said,
    state::{Account, Accounts, Cause, StateView, Vote},
    template::sentences,
    units::{Chips, UnixSeconds},
};

/// Gives chips to another player.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = TransferAction))]
pub struct Transfer {
    /// The account that gets the chips.
    pub to: AccountId,
    /// The number of chips to give.
    pub chips: Chips,
}

refusals! {
    /// The action's own refusals.
    #[derive(Clone, Debug, PartialEq, Eq, Error)]
    #[non_exhaustive]
    #[allow(missing_docs)]
    pub enum Refusal {
        #[error("players cannot give chips to one another in this pool")]
        TransfersOff = NotAllowed "transfers-off",
        #[error("chips are given to another player, at least one of them")]
        EmptyTransfer = Unfit "empty-transfer",
        #[error("the account {account} has not joined the pool, so it cannot get chips")]
        UnknownReceiver { account: AccountId } = Unfit "unknown-receiver",
    }
}

sentences! {
    GIVES = "{who} gives {player} {chips, plural, one {# chip} other {# chips}}.";
}

impl Act for Transfer {
    const SIGNER: Signer = Signer::Player;
    const AFFECTS: AffectedAccounts = AffectedAccounts::Everybody;
    const ENDS: Deadline = Deadline::Never;
    const IS_OF_PAGES: bool = false;
    const CHANGES_STANDINGS: bool = false;

    fn is_known_to(_: &Genesis) -> bool {
        true
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

    fn check(&self, _: &AccountId, genesis: &Genesis, _: PoolId) -> Result<(), TxCheckError> {
        // # Rule C6: chips are given where the rules allow it.
        if genesis.rules.transfers {
            Ok(())
        } else {
            Err(Refusal::TransfersOff.into())
        }
    }

    fn says(&self, by: &AccountId) -> Said {
        let (player, chips) = (
            ("player", (&self.to).into()),
            ("chips", self.chips.0.into()),
        );
        GIVES.with([("who", by.into()), player, chips])
    }

    fn apply<S: StateView>(
        &self,
        run: &mut Run<'_, S>,
        by: &mut By<'_>,
    ) -> Applied<Vec<MatchNo>, S> {
        run.transfer(by.id, by.account, self.to, self.chips)?;
        Ok(Vec::new())
    }
}

impl<S: StateView> Run<'_, S> {
    fn transfer(
        &mut self,
        id: AccountId,
        account: &mut Account,
        to: AccountId,
        chips: Chips,
    ) -> Applied<(), S> {
        // # Rule C4: chips are given to another account that has joined, at least one of them.
        if to == id || chips == Chips::ZERO {
            return Err(Refusal::EmptyTransfer.into());
        }
        let mut receiver = self
            .get::<Accounts>(&to)?
            .ok_or(Refusal::UnknownReceiver { account: to })?;
        self.debit(&id, account, chips, Cause::Sent(to))?;
        self.credit(&to, &mut receiver, chips, Cause::Received(id))?;
        self.put::<Accounts>(&to, &receiver)
    }
}
