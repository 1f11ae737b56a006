//! What a chain of blocks amounts to, read through a trait so that the rules run over a disk, over memory, and over
//! changes that are not committed yet.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::{
    account::AccountId,
    delta::{Change, Delta},
    fixture::{Fixture, FoldedCode, MatchNo},
    hashes::TxId,
    name::{FoldedName, Name},
    score::Score,
    units::{Chips, Height, Nonce, UnixSeconds},
};

/// A player or organiser who has joined.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Account {
    /// The name, as written at joining.
    pub name: Name,
    /// The nonce that the next transaction must carry.
    pub next_nonce: Nonce,
    /// Chips at hand, stakes in pots not included.
    pub chips: Chips,
    /// The block of the join.
    pub joined: Height,
}

/// A match and what is staked on it.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Match {
    /// Teams, kick-off, stage.
    pub fixture: Fixture,
    /// The sum of the stakes of its bets.
    pub pot: Chips,
    /// How many players have a bet on it.
    pub bets: u32,
}

impl Match {
    /// A match that nobody has bet on.
    #[must_use]
    pub const fn new(fixture: Fixture) -> Self {
        Self {
            fixture,
            pot: Chips::ZERO,
            bets: 0,
        }
    }

    /// Whether a tip in a block of this time counts.
    #[must_use]
    pub fn is_open_at(&self, time: UnixSeconds) -> bool {
        self.fixture.kickoff.is_none_or(|kickoff| time < kickoff)
    }
}

/// A player's standing tip on a match: the latest before kick-off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Bet {
    /// The prediction.
    pub score: Score,
    /// Chips in the match's pot.
    pub stake: Chips,
    /// The block that holds it.
    pub height: Height,
    /// That block's time.
    pub time: UnixSeconds,
    /// The transaction that placed it.
    pub tx: TxId,
}

/// Counts of the whole chain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Totals {
    /// Accounts that have joined.
    pub accounts: u64,
    /// Standing bets.
    pub bets: u64,
    /// Transactions in blocks, coinbases aside.
    pub transactions: u64,
    /// Chips ever created.
    pub chips_issued: Chips,
}

/// Read access to a state.
pub trait StateView {
    /// Why a read can fail, such as a broken disk.
    type Error: std::error::Error + Send + Sync + 'static;

    /// An account that has joined.
    fn account(&self, id: &AccountId) -> Result<Option<Account>, Self::Error>;
    /// Who bears a name.
    fn name_owner(&self, name: &FoldedName) -> Result<Option<AccountId>, Self::Error>;
    /// A match by number.
    fn match_by_no(&self, no: MatchNo) -> Result<Option<Match>, Self::Error>;
    /// The number of the match with a code.
    fn match_by_code(&self, code: &FoldedCode) -> Result<Option<MatchNo>, Self::Error>;
    /// A player's standing bet.
    fn bet(&self, no: MatchNo, account: &AccountId) -> Result<Option<Bet>, Self::Error>;
    /// The counts.
    fn totals(&self) -> Result<Totals, Self::Error>;
    /// How many matches there are.
    fn match_count(&self) -> Result<u64, Self::Error>;
}

impl<S: StateView> StateView for &S {
    type Error = S::Error;

    fn account(&self, id: &AccountId) -> Result<Option<Account>, Self::Error> {
        (**self).account(id)
    }
    fn name_owner(&self, name: &FoldedName) -> Result<Option<AccountId>, Self::Error> {
        (**self).name_owner(name)
    }
    fn match_by_no(&self, no: MatchNo) -> Result<Option<Match>, Self::Error> {
        (**self).match_by_no(no)
    }
    fn match_by_code(&self, code: &FoldedCode) -> Result<Option<MatchNo>, Self::Error> {
        (**self).match_by_code(code)
    }
    fn bet(&self, no: MatchNo, account: &AccountId) -> Result<Option<Bet>, Self::Error> {
        (**self).bet(no, account)
    }
    fn totals(&self) -> Result<Totals, Self::Error> {
        (**self).totals()
    }
    fn match_count(&self) -> Result<u64, Self::Error> {
        (**self).match_count()
    }
}

/// A state with changes on top that are not committed: what a block, a mempool or a template is applied to.
#[derive(Clone, Debug)]
pub struct Overlay<S> {
    base: S,
    delta: Delta,
}

/// The overlay's value where it changed one, else the base's.
fn changed<K: Ord, V: Clone, E>(
    changes: &std::collections::BTreeMap<K, Change<V>>,
    key: &K,
    base: impl FnOnce() -> Result<Option<V>, E>,
) -> Result<Option<V>, E> {
    match changes.get(key) {
        Some(change) => Ok(change.after.clone()),
        None => base(),
    }
}

impl<S: StateView> Overlay<S> {
    /// An overlay without changes.
    pub fn new(base: S) -> Self {
        Self {
            base,
            delta: Delta::default(),
        }
    }

    /// What has changed so far.
    pub fn into_delta(self) -> Delta {
        self.delta
    }

    pub(crate) fn set_account(&mut self, id: AccountId, after: Account) -> Result<(), S::Error> {
        let before = || self.base.account(&id);
        Change::put(&mut self.delta.accounts, id, after, before)
    }

    pub(crate) fn set_name(&mut self, name: FoldedName, owner: AccountId) -> Result<(), S::Error> {
        let before = || self.base.name_owner(&name);
        Change::put(&mut self.delta.names, name.clone(), owner, before)
    }

    pub(crate) fn set_match(&mut self, after: Match) -> Result<(), S::Error> {
        let no = after.fixture.no;
        let code = after.fixture.code.folded();
        let before = || self.base.match_by_code(&code);
        Change::put(&mut self.delta.codes, code.clone(), no, before)?;
        let before = || self.base.match_by_no(no);
        Change::put(&mut self.delta.matches, no, after, before)
    }

    pub(crate) fn set_bet(
        &mut self,
        no: MatchNo,
        account: AccountId,
        after: Bet,
    ) -> Result<(), S::Error> {
        let before = || self.base.bet(no, &account);
        Change::put(&mut self.delta.bets, (no, account), after, before)
    }

    pub(crate) fn set_totals(&mut self, after: Totals) -> Result<(), S::Error> {
        let before = match self.delta.totals {
            Some((before, _)) => before,
            None => self.base.totals()?,
        };
        self.delta.totals = Some((before, after));
        Ok(())
    }
}

impl<S: StateView> StateView for Overlay<S> {
    type Error = S::Error;

    fn account(&self, id: &AccountId) -> Result<Option<Account>, Self::Error> {
        changed(&self.delta.accounts, id, || self.base.account(id))
    }

    fn name_owner(&self, name: &FoldedName) -> Result<Option<AccountId>, Self::Error> {
        changed(&self.delta.names, name, || self.base.name_owner(name))
    }

    fn match_by_no(&self, no: MatchNo) -> Result<Option<Match>, Self::Error> {
        changed(&self.delta.matches, &no, || self.base.match_by_no(no))
    }

    fn match_by_code(&self, code: &FoldedCode) -> Result<Option<MatchNo>, Self::Error> {
        changed(&self.delta.codes, code, || self.base.match_by_code(code))
    }

    fn bet(&self, no: MatchNo, account: &AccountId) -> Result<Option<Bet>, Self::Error> {
        changed(&self.delta.bets, &(no, *account), || {
            self.base.bet(no, account)
        })
    }

    fn totals(&self) -> Result<Totals, Self::Error> {
        match self.delta.totals {
            Some((_, after)) => Ok(after),
            None => self.base.totals(),
        }
    }

    fn match_count(&self) -> Result<u64, Self::Error> {
        let added = self
            .delta
            .matches
            .values()
            .filter(|change| change.before.is_none())
            .count();
        Ok(self
            .base
            .match_count()?
            .saturating_add(added.try_into().unwrap_or(u64::MAX)))
    }
}
