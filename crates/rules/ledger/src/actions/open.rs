//! Opens seals, from kick-off on.

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
    said::{Said, SaidValue},
    seal::seal_commitment,
    state::{Bet, Bets, Placed, StateView, Vote},
    template::sentences,
    units::UnixSeconds,
};

/// Opens seals, from kick-off on.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = OpenAction))]
pub struct Open {
    /// 1 to [`super::MAX_BETS`], each of another match.
    pub openings: Vec<Opening>,
}

refusals! {
    /// The action's own refusals.
    #[derive(Clone, Debug, PartialEq, Eq, Error)]
    #[non_exhaustive]
    #[allow(missing_docs)]
    pub enum Refusal {
        #[error("the account has no sealed bet on `{code}` that could be opened")]
        NothingToOpen { code: String } = Conflict "nothing-to-open",
        #[error("`{code}` has not started: until then seals stay closed")]
        OpeningTooEarly { code: String } = Conflict "opening-too-early",
        #[error("prediction and salt are not those that were sealed for `{code}`")]
        BadOpening { code: String } = Unfit "bad-opening",
    }
}

sentences! {
    OPENS = "{who} opens sealed bets: {bets}.";
}

impl Act for Open {
    const SIGNER: Signer = Signer::Player;
    const AFFECTS: AffectedAccounts = AffectedAccounts::Nobody;
    const ENDS: Deadline = Deadline::Opening;
    const IS_OF_PAGES: bool = false;
    const CHANGES_STANDINGS: bool = true;

    fn is_known_to(_: &Genesis) -> bool {
        true
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

    fn openings<'a>(&'a self, signer: &AccountId) -> Option<(AccountId, &'a [Opening])> {
        Some((*signer, &self.openings))
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
        OPENS.with([("who", by.into()), ("bets", opened(&self.openings))])
    }

    fn apply<S: StateView>(
        &self,
        run: &mut Run<'_, S>,
        by: &mut By<'_>,
    ) -> Applied<Vec<MatchNo>, S> {
        run.open(by.id, &self.openings)
    }
}

/// Predictions that openings make known.
pub(super) fn opened(openings: &[Opening]) -> SaidValue {
    SaidValue::predictions(openings.iter().map(|it| (it.match_no, it.prediction)))
}

impl<S: StateView> Run<'_, S> {
    /// Opens seals of an account; gives the matches of those that stay as they are.
    pub(super) fn open(&mut self, id: AccountId, openings: &[Opening]) -> Applied<Vec<MatchNo>, S> {
        let mut changes: Vec<(Bet, Opening)> = Vec::new();
        let mut void = Vec::new();
        for opening in openings {
            let item = self.item(opening.match_no)?;
            let code = || item.code.to_string();
            // # Rule O1: only the seal that stood at the deadline can be opened, and only once.
            let bet = self.get::<Bets>(&(opening.match_no, id))?;
            let bet = bet.ok_or_else(|| Refusal::NothingToOpen { code: code() })?;
            // # Rule O7: where anybody may open a seal, one that is open already makes an opening of it void.
            if self.genesis.rules.anybody_opens && bet.opened.is_some() {
                void.push(opening.match_no);
                continue;
            }
            let Placed::Sealed(commitment) = bet.placed else {
                return Err(Refusal::NothingToOpen { code: code() }.into());
            };
            // # Rule O2: seals are opened from kick-off on: until then a match may be moved and take bets again, and nobody
            // # can follow another's bet.
            if !item.has_begun_at(self.at.time) {
                return Err(Refusal::OpeningTooEarly { code: code() }.into());
            }
            // # Rule O3: an opening fits its commitment.
            let salted = seal_commitment(
                self.pool,
                &id,
                opening.match_no,
                opening.prediction,
                &opening.salt,
            );
            if salted != commitment {
                return Err(Refusal::BadOpening { code: code() }.into());
            }
            self.check_kind(opening.match_no, opening.prediction, item.takes)?;
            // # Rule O4: a seal that is not opened by the end of the window counts as no bet and leaves its stake in
            // # the pot; an opening that comes later is void.
            let ends = item.openings_end(self.genesis.rules.opening_window_s);
            if ends.is_some_and(|ends| ends <= self.at.time) {
                void.push(opening.match_no);
                continue;
            }
            changes.push((bet, *opening));
        }
        for (mut bet, opening) in changes {
            let no = opening.match_no;
            bet.placed = Placed::Open(opening.prediction);
            bet.opened = Some(self.at.height);
            self.put::<Bets>(&(no, id), &bet)?;
            self.count_opened(no, id, &bet)?;
        }
        Ok(void)
    }
}
