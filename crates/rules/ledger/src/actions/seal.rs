//! Places or replaces bets, in a pool with sealed ones.

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
    rules::BetMode,
    said::{Said, SaidValue},
    state::{Placed, StateView, Vote},
    template::sentences,
    units::{Chips, UnixSeconds},
};

/// Places or replaces bets, in a pool with sealed ones.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = SealAction))]
pub struct Seal {
    /// 1 to [`super::MAX_BETS`], each of another match.
    #[serde(rename = "tips")]
    pub bets: Vec<SealedBet>,
}

refusals! {
    /// The action's own refusals.
    #[derive(Clone, Debug, PartialEq, Eq, Error)]
    #[non_exhaustive]
    #[allow(missing_docs)]
    pub enum Refusal {
        #[error("this pool's bets are open: bet instead of sealing")]
        BetsAreOpen = Conflict "tips-are-open",
    }
}

sentences! {
    SEALS = "{who} seals bets on {items}.";
}

impl Act for Seal {
    const SIGNER: Signer = Signer::Player;
    const AFFECTS: AffectedAccounts = AffectedAccounts::Nobody;
    const ENDS: Deadline = Deadline::Betting;
    const IS_OF_PAGES: bool = false;
    const CHANGES_STANDINGS: bool = false;

    fn is_known_to(_: &Genesis) -> bool {
        true
    }

    fn matches(&self) -> Vec<MatchNo> {
        self.bets.iter().map(|bet| bet.match_no).collect()
    }

    fn placed(&self) -> Vec<NewBet> {
        let placed = self.bets.iter().map(|bet| NewBet {
            match_no: bet.match_no,
            placed: Placed::Sealed(bet.commitment),
            stake: bet.stake,
        });
        placed.collect()
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
        let items = SaidValue::Items {
            items: self.matches(),
        };
        SEALS.with([("who", by.into()), ("items", items)])
    }

    fn apply<S: StateView>(
        &self,
        run: &mut Run<'_, S>,
        by: &mut By<'_>,
    ) -> Applied<Vec<MatchNo>, S> {
        // # Rule D4: a pool's bets are all open or all sealed.
        if run.genesis.rules.bets != BetMode::Sealed {
            return Err(Refusal::BetsAreOpen.into());
        }
        run.place(by, self.placed())
    }
}

/// A bet whose score nobody can read yet.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = SealBody))]
pub struct SealedBet {
    /// The number of the match that the bet is on.
    #[serde(alias = "match")]
    #[cfg_attr(feature = "schema", schema(rename = "match"))]
    pub match_no: MatchNo,
    /// [`crate::seal_commitment`] of the score; in JSON, in hexadecimal.
    #[serde(with = "hex::serde")]
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub commitment: [u8; 32],
    /// Chips put on it.
    pub stake: Chips,
}
