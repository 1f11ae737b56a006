//! Signs on which day a match is whose time is not known.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    account::AccountId,
    actions::{Act, AffectedAccounts, By, Deadline, Named, NewBet, Opening, Signer},
    apply::run::{Applied, Run},
    check::TxCheckError,
    fixture::{self, MatchNo},
    genesis::Genesis,
    hashes::{PoolId, TxId},
    reasons::refusals,
    said::{Said, SaidValue},
    state::{StateView, Vote},
    template::sentences,
    units::UnixSeconds,
};

/// Signs on which day a match is whose time is not known.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = DayAction))]
pub struct Day {
    /// The number of the match whose day is signed.
    #[serde(alias = "match")]
    #[cfg_attr(feature = "schema", schema(rename = "match"))]
    pub match_no: MatchNo,
    /// Its day; none if that is not known either.
    pub day: Option<fixture::Day>,
}

refusals! {
    /// The action's own refusals.
    #[derive(Clone, Debug, PartialEq, Eq, Error)]
    #[non_exhaustive]
    #[allow(missing_docs)]
    pub enum Refusal {
        #[error("the day of `{code}` ended at {ends}, and the block is of {now} (unix seconds): give a day that is not over")]
        DayOver {
            code: String,
            ends: UnixSeconds,
            now: UnixSeconds,
        } = Unfit "day-over",
        #[error("`{code}` has a kick-off: its day is known by that")]
        KickoffKnown { code: String } = Unfit "kickoff-known",
    }
}

sentences! {
    DAY = "{who} signs that {item} is played on the day that begins {day}.";
    NO_DAY = "{who} signs that no day is known of {item}.";
}

impl Act for Day {
    const SIGNER: Signer = Signer::Organiser;
    const AFFECTS: AffectedAccounts = AffectedAccounts::Everybody;
    const ENDS: Deadline = Deadline::Never;
    const IS_OF_PAGES: bool = true;
    const CHANGES_STANDINGS: bool = false;

    fn is_known_to(genesis: &Genesis) -> bool {
        genesis.days.is_some()
    }

    fn matches(&self) -> Vec<MatchNo> {
        vec![self.match_no]
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
        Some(Vote::Day(self.day))
    }

    fn times(&self, _: &Genesis) -> Vec<UnixSeconds> {
        let day = self.day.iter();
        day.flat_map(|day| [day.begins, day.ends]).collect()
    }

    fn check(&self, _: &AccountId, _: &Genesis, _: PoolId) -> Result<(), TxCheckError> {
        // # Rule S12: a day is 1 s to 26 h long.
        if self.day.is_none_or(|day| day.is_a_day()) {
            Ok(())
        } else {
            Err(TxCheckError::BadDay)
        }
    }

    fn says(&self, by: &AccountId) -> Said {
        let (who, item) = (("who", by.into()), ("item", SaidValue::item(self.match_no)));
        match &self.day {
            Some(day) => DAY.with([who, item, ("day", day.begins.into())]),
            None => NO_DAY.with([who, item]),
        }
    }

    fn apply<S: StateView>(
        &self,
        run: &mut Run<'_, S>,
        by: &mut By<'_>,
    ) -> Applied<Vec<MatchNo>, S> {
        run.day(by.id, by.tx, self.match_no, self.day)?;
        Ok(Vec::new())
    }
}

impl<S: StateView> Run<'_, S> {
    /// # Rule S12: a match whose kick-off is not known, or stands no more since it was put off, has a day if as many organisers
    /// # sign it as a schedule. The end of the day lies ahead of the block.
    fn day(
        &mut self,
        id: AccountId,
        tx: TxId,
        no: MatchNo,
        day: Option<fixture::Day>,
    ) -> Applied<(), S> {
        let game = self.game(no)?.clone();
        let code = || game.fixture.code.to_string();
        if let Some(day) = day.filter(|day| day.ends <= self.at.time) {
            return Err(Refusal::DayOver {
                code: code(),
                ends: day.ends,
                now: self.at.time,
            }
            .into());
        }
        self.check_not_played(&game)?;
        if game.fixture.kickoff.is_some() && !game.postponed {
            return Err(Refusal::KickoffKnown { code: code() }.into());
        }
        let vote = Vote::Day(day);
        let Some(signers) = self.vote(no, id, tx, &vote)? else {
            return Ok(());
        };
        let before = game.terms();
        let game = game.with_day(day, self.at.time, &self.genesis.rules);
        self.change_match(id, tx, &vote, signers, Some(before), game)
    }
}
