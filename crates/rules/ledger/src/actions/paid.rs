//! An entry fee: what everybody pays outside the pool, who has, and how it is shared. It is a note: no money moves here.
//!
//! An organiser signs who has paid, and takes that back where it was wrong.

mod money;

use std::collections::BTreeMap;

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use money::Money;

use crate::{
    account::AccountId,
    actions::{Act, AffectedAccounts, By, Deadline, Named, NewBet, Opening, Signer},
    apply::run::{Applied, Run},
    check::TxCheckError,
    features::{BetOn, Broken, Compared, Feature},
    fixture::{Fixture, MatchNo},
    genesis::{Genesis, GenesisError, count, range},
    hashes::PoolId,
    item::Prediction,
    reasons::refusals,
    round::Round,
    rules::Rules,
    said::Said,
    state::{Accounts, Paid as PaidTable, StateView, Vote},
    template::sentences,
    text::Text,
    units::{Points, UnixSeconds},
};

/// The entry fee that players pay one another outside the pool.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct FeeRule {
    /// The amount for each player, 0.01 to 1,000,000.
    pub amount: Money,
    /// The currency, as people write it, such as `€`.
    pub currency: Text<8>,
    /// The percentages of the first places, the first place's first: none below the next, 100 in all, up to 32 of them.
    pub split: Vec<u8>,
}

sentences! {
    pub(crate) const RULE_SENTENCES;
    FEE = "Everybody pays an entry fee of {amount} {currency} outside the pool. The pool only notes who has paid, as organisers sign it.";
    SPLIT = "Of what is paid, the first places get {split}; equal places share what is theirs.";
    WINNER = "The first place gets all that is paid; equal places share it.";
}

/// Notes whether a player has paid the entry fee.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = PaidAction))]
pub struct Paid {
    /// The player.
    pub player: AccountId,
    /// Whether the player has paid.
    pub paid: bool,
}

refusals! {
    /// The action's own refusals.
    #[derive(Clone, Debug, PartialEq, Eq, Error)]
    #[non_exhaustive]
    #[allow(missing_docs)]
    pub enum Refusal {
        #[error("the account {account} has not joined the pool, so it pays no entry fee")]
        UnknownPayer { account: AccountId } = Unfit "unknown-payer",
    }
}

sentences! {
    PAID = "{who} says that {player} has paid the entry fee.";
    NOT_PAID = "{who} takes back that {player} has paid the entry fee.";
}

impl Act for Paid {
    const SIGNER: Signer = Signer::Organiser;
    const AFFECTS: AffectedAccounts = AffectedAccounts::Nobody;
    const ENDS: Deadline = Deadline::Never;
    const IS_OF_PAGES: bool = true;
    const CHANGES_STANDINGS: bool = false;

    fn is_known_to(genesis: &Genesis) -> bool {
        genesis.rules.features.fee.is_some()
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
        let template = if self.paid { PAID } else { NOT_PAID };
        template.with([("who", by.into()), ("player", (&self.player).into())])
    }

    /// # Rule Z4: one organiser notes of an account that has joined whether it has paid, and who noted it last stands for it. To say the
    /// # same again changes nothing else.
    fn apply<S: StateView>(
        &self,
        run: &mut Run<'_, S>,
        by: &mut By<'_>,
    ) -> Applied<Vec<MatchNo>, S> {
        let account = self.player;
        if account != by.id && run.get::<Accounts>(&account)?.is_none() {
            return Err(Refusal::UnknownPayer { account }.into());
        }
        let noted = run.get_to_change::<PaidTable>(&account)?.is_some();
        if self.paid {
            run.put::<PaidTable>(&account, &by.id)?;
        } else if noted {
            run.remove::<PaidTable>(&account)?;
        }
        Ok(Vec::new())
    }
}

/// The share of a place of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PlaceShare {
    /// The place.
    pub place: u32,
    /// The number of players who share it.
    pub shared_by: u64,
    /// The amount for each of them.
    pub each: Money,
}

impl FeeRule {
    /// The shares of those who stand at these places, in their order, once so many have paid.
    ///
    /// # Rule Z5: who shares a place with others gets an equal part of what theirs and the skipped places get, rounded down to hundredths.
    #[must_use]
    pub fn shares(&self, paid: u64, places: impl IntoIterator<Item = u32>) -> Vec<PlaceShare> {
        let pot = self.amount.0.saturating_mul(paid);
        let mut groups: BTreeMap<u32, (u64, u64)> = BTreeMap::new();
        let mut split = self.split.iter().map(|it| u64::from(*it));
        for place in places {
            let part = split.next();
            // Behind the last percentage only those count who share a place with one that has some.
            if part.is_none() && !groups.contains_key(&place) {
                break;
            }
            let (count, percent) = groups.entry(place).or_default();
            *count = count.saturating_add(1);
            *percent = percent.saturating_add(part.unwrap_or(0));
        }
        let share = |(place, (shared_by, percent)): (u32, (u64, u64))| PlaceShare {
            place,
            shared_by,
            each: Money(pot.saturating_mul(percent) / shared_by.saturating_mul(100).max(1)),
        };
        groups.into_iter().map(share).collect()
    }
}

impl Feature for FeeRule {
    fn usual() -> Option<Self> {
        Some(Self {
            amount: Money(1_000),
            currency: Text::new("€").expect("it is short"),
            split: vec![60, 30, 10],
        })
    }

    fn of_rounds(self, _: &[Round]) -> Result<Self, GenesisError> {
        Ok(self)
    }

    fn check(&self) -> Result<(), GenesisError> {
        range("the entry fee in hundredths", self.amount.0, 1, 100_000_000)?;
        range(
            "places that share the entry fees",
            count(self.split.len()),
            1,
            32,
        )?;
        let all = self.split.iter().map(|it| u64::from(*it)).sum();
        range(
            "the sum of the percentages of the entry fees",
            all,
            100,
            100,
        )?;
        if self.split.contains(&0) || !self.split.is_sorted_by(|one, next| one >= next) {
            return Err(GenesisError::OptionalRule {
                name: "fee",
                problem: "whose `split` gives a place nothing, or less than the next: wanted percentages like 60, 30, 10",
            });
        }
        Ok(())
    }

    fn says(&self) -> Vec<Said> {
        let fee = FEE.with([
            ("amount", self.amount.to_string().into()),
            ("currency", self.currency.as_str().into()),
        ]);
        let split = match &*self.split {
            [_] => WINNER.said(),
            split => {
                let parts: Vec<String> = split.iter().map(|it| format!("{it} %")).collect();
                SPLIT.with([("split", parts.join(", ").into())])
            }
        };
        vec![fee, split]
    }

    fn brings(_: Prediction) -> bool {
        false
    }

    /// Money outside the pool gives no points.
    fn table_points<S: StateView>(
        &self,
        _: &S,
        _: &Rules,
        _: Compared<'_>,
        points: Points,
    ) -> Result<Points, S::Error> {
        Ok(points)
    }

    fn counts(&self, _: &Rules, _: &Fixture) -> Option<Said> {
        None
    }

    fn asks_who_goes_on(&self, _: &Fixture) -> bool {
        false
    }

    fn modifier<S: StateView>(
        &self,
        _: &S,
        _: &Rules,
        _: BetOn<'_>,
    ) -> Result<Option<Said>, S::Error> {
        Ok(None)
    }

    fn broken<S: StateView>(&self, _: &Rules, state: &S) -> Result<Option<Broken>, S::Error> {
        for (account, by) in state.scan::<PaidTable>(&(), None, usize::MAX)? {
            if state.account(&account)?.is_none() {
                let what = "an entry fee of nobody";
                return Ok(Some(Broken { account, what }));
            }
            if state.account(&by)?.is_none() {
                let what = "an entry fee that nobody noted";
                return Ok(Some(Broken { account: by, what }));
            }
        }
        Ok(None)
    }
}
