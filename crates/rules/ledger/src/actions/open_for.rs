//! Opens seals of another player, from kick-off on.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    account::AccountId,
    actions::{Act, AffectedAccounts, By, Deadline, Named, NewBet, Opening, Signer, open::opened},
    apply::run::{Applied, Run},
    check::TxCheckError,
    fixture::MatchNo,
    genesis::Genesis,
    hashes::PoolId,
    reasons::refusals,
    said::Said,
    state::{StateView, Vote},
    template::sentences,
    units::UnixSeconds,
};

/// Opens seals of another player, from kick-off on.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = OpenForAction))]
pub struct OpenFor {
    /// The player whose seals are opened.
    pub player: AccountId,
    /// 1 to [`super::MAX_BETS`], each of another match.
    pub openings: Vec<Opening>,
}

refusals! {
    /// The action has no refusals of its own.
    #[derive(Clone, Debug, PartialEq, Eq, Error)]
    pub enum Refusal {}
}

sentences! {
    OPENS_FOR = "{who} opens sealed bets of {player}: {bets}.";
}

impl Act for OpenFor {
    const SIGNER: Signer = Signer::Player;
    const AFFECTS: AffectedAccounts = AffectedAccounts::Everybody;
    const ENDS: Deadline = Deadline::Opening;
    const IS_OF_PAGES: bool = false;
    const CHANGES_STANDINGS: bool = true;

    fn is_known_to(genesis: &Genesis) -> bool {
        genesis.rules.anybody_opens
    }

    fn matches(&self) -> Vec<MatchNo> {
        self.openings
            .iter()
            .map(|opening| opening.match_no)
            .collect()
    }

    fn placed(&self) -> Vec<NewBet> {
        Vec::new()
    }

    fn openings<'a>(&'a self, _: &AccountId) -> Option<(AccountId, &'a [Opening])> {
        Some((self.player, &self.openings))
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
        let player = ("player", (&self.player).into());
        OPENS_FOR.with([("who", by.into()), player, ("bets", opened(&self.openings))])
    }

    fn apply<S: StateView>(
        &self,
        run: &mut Run<'_, S>,
        _: &mut By<'_>,
    ) -> Applied<Vec<MatchNo>, S> {
        run.open(self.player, &self.openings)
    }
}
