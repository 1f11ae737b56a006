//! Signs that somebody is to be an organiser, or no more.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    account::AccountId,
    actions::{Act, AffectedAccounts, By, Deadline, Named, NewBet, Opening, Signer},
    apply::{
        ApplyError, RuleError,
        run::{Applied, Run},
        votes::signers,
    },
    check::TxCheckError,
    fixture::MatchNo,
    genesis::{Genesis, MAX_ORGANISERS, Quorum},
    hashes::{PoolId, TxId},
    reasons::refusals,
    said::Said,
    state::{Accounts, Effect, Leaving, OrganiserVotes, SILENT_S, StateView, Vote},
    template::sentences,
    units::UnixSeconds,
};

/// Signs that somebody is to be an organiser, or no more.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = OrganiserAction))]
pub struct Organiser {
    /// The account that is to be an organiser, or no more.
    pub account: AccountId,
    /// Whether to be one.
    pub added: bool,
}

refusals! {
    /// The action's own refusals.
    #[derive(Clone, Debug, PartialEq, Eq, Error)]
    #[non_exhaustive]
    #[allow(missing_docs)]
    pub enum Refusal {
        #[error("the account {account} is already an organiser")]
        AlreadyOrganiser { account: AccountId } = Unfit "already-organiser",
        #[error("the account {account} is not an organiser")]
        UnknownOrganiser { account: AccountId } = Unfit "unknown-organiser",
        #[error("{least} organisers must be left, since as many must sign: add another one first")]
        TooFewOrganisers { least: u8 } = Unfit "too-few-organisers",
        #[error("the pool has {MAX_ORGANISERS} organisers, which is the most: remove one first")]
        TooManyOrganisers = Unfit "too-many-organisers",
    }
}

sentences! {
    ADDS = "{who} signs that {player} becomes an organiser.";
    REMOVES = "{who} signs that {player} is no longer an organiser.";
}

impl Act for Organiser {
    const SIGNER: Signer = Signer::Organiser;
    const AFFECTS: AffectedAccounts = AffectedAccounts::Everybody;
    const ENDS: Deadline = Deadline::Never;
    const IS_OF_PAGES: bool = true;
    const CHANGES_STANDINGS: bool = false;

    fn is_known_to(genesis: &Genesis) -> bool {
        genesis.rules.organisers_quorum != Quorum::of(0)
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
        Some(Vote::Organiser {
            account: self.account,
            added: self.added,
        })
    }

    fn times(&self, _: &Genesis) -> Vec<UnixSeconds> {
        Vec::new()
    }

    fn check(&self, _: &AccountId, _: &Genesis, _: PoolId) -> Result<(), TxCheckError> {
        // # Rule T6: a key of small order cannot be an organiser.
        if self.added && self.account.is_weak() {
            Err(TxCheckError::WeakKey)
        } else {
            Ok(())
        }
    }

    fn says(&self, by: &AccountId) -> Said {
        let says = if self.added { ADDS } else { REMOVES };
        says.with([("who", by.into()), ("player", (&self.account).into())])
    }

    fn apply<S: StateView>(
        &self,
        run: &mut Run<'_, S>,
        by: &mut By<'_>,
    ) -> Applied<Vec<MatchNo>, S> {
        run.organiser(by.id, by.tx, self.account, self.added)?;
        Ok(Vec::new())
    }
}

impl<S: StateView> Run<'_, S> {
    /// # Rule S14: as many organisers as genesis asks for add and remove organisers, by signing alike; what takes effect on an
    /// # account spends all that was signed about it.
    fn organiser(
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
        let from = if signers.len() >= self.quorum(&vote)? {
            self.put_organisers(account, added, &organisers)?;
            Some(self.at.time)
        } else {
            self.put::<OrganiserVotes>(&(account, id), &added)?;
            if added {
                None
            } else {
                self.ask_to_leave(id, account)?
            }
        };
        let effect = from.map(|from| Effect::Organiser { from });
        self.note_act(MatchNo(0), id, tx, &vote, signers, effect)
    }

    /// Asks for the removal of an organiser who has signed nothing for long; gives when it comes, unless it was asked for already.
    ///
    /// # Rule S30: an organiser who has signed nothing for seven days leaves seven days after one signature, unless he signs
    /// # anything before.
    fn ask_to_leave(
        &mut self,
        id: AccountId,
        account: AccountId,
    ) -> Applied<Option<UnixSeconds>, S> {
        let from = self.overlay.asked_to_leave_from(self.genesis, &account);
        let from = from.map_err(ApplyError::State)?;
        if from > self.at.time || self.leaving(&account)?.is_some() {
            return Ok(None);
        }
        let due = UnixSeconds(self.at.time.0.saturating_add(SILENT_S));
        self.put::<Leaving>(&(due, account), &id)?;
        Ok(Some(due))
    }

    /// The organisers with this one among them, or without it.
    pub(crate) fn with_organiser(
        &self,
        account: AccountId,
        added: bool,
    ) -> Applied<Vec<AccountId>, S> {
        let mut organisers = self.organisers()?;
        let is_one = organisers.contains(&account);
        if !added {
            // # Rule S15: as many organisers are left as must sign anything.
            let least = self.genesis.fewest_organisers();
            if !is_one {
                return Err(Refusal::UnknownOrganiser { account }.into());
            }
            if organisers.len() <= usize::from(least) {
                return Err(Refusal::TooFewOrganisers { least }.into());
            }
            organisers.retain(|organiser| *organiser != account);
            return Ok(organisers);
        }
        if is_one {
            return Err(Refusal::AlreadyOrganiser { account }.into());
        }
        if self.get::<Accounts>(&account)?.is_none() {
            return Err(RuleError::UnknownAccount { account }.into());
        }
        if organisers.len() >= MAX_ORGANISERS {
            return Err(Refusal::TooManyOrganisers.into());
        }
        organisers.push(account);
        Ok(organisers)
    }
}
