//! A pool that comes after another one: who played in that one joins without a ticket, and their names are kept for them.
//!
//! A chain cannot ask another one: whom the rule names is the word of who made the pool. Whoever has read the pool before compares
//! ([`NextRule::unlike`]).

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use crate::{
    account::AccountId,
    features::{BetOn, Broken, Compared, Feature},
    fixture::Fixture,
    genesis::{Genesis, GenesisError, count, each_once, range},
    hashes::PoolId,
    item::Prediction,
    name::{FoldedName, Name},
    round::Round,
    rules::Rules,
    said::{Said, SaidValue},
    state::{Accounts, StateView},
    template::sentences,
    units::Points,
};

/// The most players of the pool before, so that the document stays below 200 kB.
const MAX_KNOWN: u64 = 1_024;

/// A player of the pool before.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct KnownPlayer {
    /// The account, which joins without a ticket.
    #[serde(serialize_with = "AccountId::plain")]
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub account: AccountId,
    /// The name, which is kept for it.
    pub name: Name,
}

/// The pool that this one comes after, and who played in it.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NextRule {
    /// The id of the pool before.
    #[cfg_attr(feature = "schema", schema(value_type = String, pattern = "^[0-9a-f]{64}$"))]
    pub after: PoolId,
    /// Players of it, 1 to 1,024, in the order of their accounts' bytes.
    pub known: Vec<KnownPlayer>,
}

sentences! {
    pub(crate) const RULE_SENTENCES;
    KNOWN = "{count, plural, one {# player} other {# players}} of the pool before this one can join without an invitation, and nobody else can join under {count, plural, one {that player’s name} other {their names}}.";
}

impl NextRule {
    /// The rule of a pool that comes after another one in which these have played, in any order.
    #[must_use]
    pub fn of(after: PoolId, players: impl IntoIterator<Item = (AccountId, Name)>) -> Self {
        let known = players.into_iter();
        let known = known.map(|(account, name)| KnownPlayer { account, name });
        let known = known.collect();
        Self { after, known }.in_order()
    }

    /// The same with all who have joined in a state of the pool before.
    ///
    /// # Errors
    /// The state cannot be read.
    pub fn of_state<S: StateView>(after: PoolId, before: &S) -> Result<Self, S::Error> {
        let players = before.scan::<Accounts>(&(), None, usize::MAX)?;
        let players = players.into_iter().map(|(account, it)| (account, it.name));
        Ok(Self::of(after, players))
    }

    /// Those whom a state of the pool before does not have under their names, with the names that it has them under; without one if they
    /// have not joined there.
    ///
    /// # Errors
    /// The state cannot be read.
    pub fn unlike<S: StateView>(
        &self,
        before: &S,
    ) -> Result<Vec<(&KnownPlayer, Option<Name>)>, S::Error> {
        let mut unlike = Vec::new();
        for known in &self.known {
            let name = before.account(&known.account)?.map(|it| it.name);
            if name.as_ref() != Some(&known.name) {
                unlike.push((known, name));
            }
        }
        Ok(unlike)
    }

    /// The name that is kept for an account.
    #[must_use]
    pub fn name_of(&self, account: &AccountId) -> Option<&Name> {
        let at = self.known.binary_search_by_key(account, |it| it.account);
        self.known.get(at.ok()?).map(|it| &it.name)
    }

    /// The account for which a name is kept.
    ///
    /// # Rule J9: a name that is alike one in `known` is kept for the account beside it.
    #[must_use]
    pub fn owner_of(&self, name: &FoldedName) -> Option<&AccountId> {
        let owner = self.known.iter().find(|it| it.name.folded() == *name);
        owner.map(|it| &it.account)
    }

    /// Whether a name is kept for another account than this one.
    pub(crate) fn keeps(&self, name: &FoldedName, from: &AccountId) -> bool {
        // Most join under their own, which is no other's: then the others need not be folded.
        let is_own = self.name_of(from).is_some_and(|it| it.folded() == *name);
        !is_own && self.owner_of(name).is_some()
    }

    fn in_order(mut self) -> Self {
        self.known.sort_by_key(|it| it.account);
        self
    }
}

impl Genesis {
    /// Whether an account is known from the pool before, so that it needs no ticket to join.
    #[must_use]
    pub fn knows(&self, account: &AccountId) -> bool {
        let next = self.rules.features.next.as_ref();
        next.is_some_and(|it| it.name_of(account).is_some())
    }
}

impl Feature for NextRule {
    fn usual() -> Option<Self> {
        None
    }

    /// A file may name them in any order.
    fn of_rounds(self, _: &[Round]) -> Result<Self, GenesisError> {
        Ok(self.in_order())
    }

    fn check(&self) -> Result<(), GenesisError> {
        let known = &self.known;
        range(
            "players of the pool before",
            count(known.len()),
            1,
            MAX_KNOWN,
        )?;
        let names = known.iter().map(|it| it.name.folded().as_str().to_owned());
        each_once("the name of players of the pool before", names)?;
        let problem = if !known.is_sorted_by(|one, next| one.account < next.account) {
            "whose players are not in the order of their accounts, each once"
        } else if known.iter().any(|it| it.account.is_weak()) {
            "with an account that cannot join, since its key is of small order"
        } else {
            return Ok(());
        };
        Err(GenesisError::OptionalRule {
            name: "next",
            problem,
        })
    }

    fn says(&self) -> Vec<Said> {
        vec![KNOWN.with([("count", SaidValue::count(self.known.len()))])]
    }

    fn brings(_: Prediction) -> bool {
        false
    }

    /// No points: to have played before counts for nothing.
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
        for known in &self.known {
            let owner = state.name_owner(&known.name.folded())?;
            if let Some(account) = owner.filter(|it| *it != known.account) {
                let what = "a name that is kept for another account";
                return Ok(Some(Broken { account, what }));
            }
        }
        Ok(None)
    }
}
