//! Reads of the state: what the rules ask for, lists by page, and a walk over all of it.

use std::ops::Bound;

use bolao_ledger::{
    Account, AccountId, Bet, FoldedCode, FoldedName, Match, MatchNo, MemoryState, StateView,
    Totals, encode,
};
use redb::{ReadableTable as _, ReadableTableMetadata as _};

use crate::{
    access::{Access, View, decoded},
    error::StoreError,
    record::StateEntry,
    schema::key,
};

const FIRST: [u8; 32] = [0; 32];
const LAST: [u8; 32] = [0xff; 32];

impl<A: Access> StateView for View<A> {
    type Error = StoreError;

    fn account(&self, id: &AccountId) -> Result<Option<Account>, StoreError> {
        self.accounts
            .get(&id.0)?
            .map(|guard| decoded("accounts", id, guard.value()))
            .transpose()
    }

    fn name_owner(&self, name: &FoldedName) -> Result<Option<AccountId>, StoreError> {
        Ok(self
            .names
            .get(name.as_str())?
            .map(|guard| AccountId(*guard.value())))
    }

    fn match_by_no(&self, no: MatchNo) -> Result<Option<Match>, StoreError> {
        self.matches
            .get(no.0)?
            .map(|guard| decoded("matches", no, guard.value()))
            .transpose()
    }

    fn match_by_code(&self, code: &FoldedCode) -> Result<Option<MatchNo>, StoreError> {
        Ok(self
            .codes
            .get(code.as_str())?
            .map(|guard| MatchNo(guard.value())))
    }

    fn bet(&self, no: MatchNo, account: &AccountId) -> Result<Option<Bet>, StoreError> {
        self.bets_by_match
            .get((no.0, &account.0))?
            .map(|guard| decoded("bets_by_match", BetKey(no, *account), guard.value()))
            .transpose()
    }

    fn totals(&self) -> Result<Totals, StoreError> {
        let guard = self
            .meta
            .get(key::TOTALS)?
            .ok_or_else(|| StoreError::missing("meta", key::TOTALS))?;
        decoded("meta", key::TOTALS, guard.value())
    }

    fn match_count(&self) -> Result<u64, StoreError> {
        Ok(self.matches.len()?)
    }
}

/// How the key of a bet is shown.
struct BetKey(MatchNo, AccountId);

impl std::fmt::Display for BetKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "({}, {})", self.0, self.1)
    }
}

impl<A: Access> View<A> {
    /// At most `limit` accounts after `after`, in order of their keys.
    pub fn accounts(
        &self,
        after: Option<AccountId>,
        limit: usize,
    ) -> Result<Vec<(AccountId, Account)>, StoreError> {
        let from = match &after {
            Some(id) => Bound::Excluded(&id.0),
            None => Bound::Unbounded,
        };
        self.accounts
            .range::<&[u8; 32]>((from, Bound::Unbounded))?
            .take(limit)
            .map(|entry| {
                let (id, account) = entry?;
                let id = AccountId(*id.value());
                Ok((id, decoded("accounts", id, account.value())?))
            })
            .collect()
    }

    /// Every match, in order of numbers; genesis bounds how many there are.
    pub fn matches(&self) -> Result<Vec<Match>, StoreError> {
        self.matches
            .iter()?
            .map(|entry| {
                let (no, game) = entry?;
                decoded("matches", no.value(), game.value())
            })
            .collect()
    }

    /// At most `limit` bets on a match by accounts after `after`, in order of accounts.
    pub fn bets_of_match(
        &self,
        no: MatchNo,
        after: Option<AccountId>,
        limit: usize,
    ) -> Result<Vec<(AccountId, Bet)>, StoreError> {
        let from = match &after {
            Some(id) => Bound::Excluded((no.0, &id.0)),
            None => Bound::Included((no.0, &FIRST)),
        };
        self.bets_by_match
            .range::<(u16, &[u8; 32])>((from, Bound::Included((no.0, &LAST))))?
            .take(limit)
            .map(|entry| {
                let (key, bet) = entry?;
                let id = AccountId(*key.value().1);
                Ok((id, decoded("bets_by_match", BetKey(no, id), bet.value())?))
            })
            .collect()
    }

    /// At most `limit` bets of an account on matches after `after`, in order of match numbers.
    pub fn bets_of_account(
        &self,
        account: &AccountId,
        after: Option<MatchNo>,
        limit: usize,
    ) -> Result<Vec<(MatchNo, Bet)>, StoreError> {
        let from = match after {
            Some(no) => Bound::Excluded((&account.0, no.0)),
            None => Bound::Included((&account.0, 0)),
        };
        self.bets_by_account
            .range::<(&[u8; 32], u16)>((from, Bound::Included((&account.0, u16::MAX))))?
            .take(limit)
            .map(|entry| {
                let no = MatchNo(entry?.0.value().1);
                let bet = self
                    .bet(no, account)?
                    .ok_or_else(|| StoreError::missing("bets_by_match", BetKey(no, *account)))?;
                Ok((no, bet))
            })
            .collect()
    }

    /// Hands every entry of the state to `visit`, table by table, each in order of its keys, one at a time.
    pub fn all_state<E: From<StoreError>>(
        &self,
        mut visit: impl FnMut(StateEntry) -> Result<(), E>,
    ) -> Result<(), E> {
        for entry in self.accounts.iter().map_err(StoreError::from)? {
            let (id, account) = entry.map_err(StoreError::from)?;
            let id = AccountId(*id.value());
            visit(StateEntry::Account(
                id,
                decoded("accounts", id, account.value())?,
            ))?;
        }
        for entry in self.names.iter().map_err(StoreError::from)? {
            let (name, id) = entry.map_err(StoreError::from)?;
            let name = decoded("names", name.value(), &encode(&name.value()))?;
            visit(StateEntry::Name(name, AccountId(*id.value())))?;
        }
        for entry in self.matches.iter().map_err(StoreError::from)? {
            let (no, game) = entry.map_err(StoreError::from)?;
            let (no, game): (_, Match) =
                (no.value(), decoded("matches", no.value(), game.value())?);
            if game.fixture.no.0 != no {
                return Err(StoreError::Corrupt {
                    table: "matches",
                    key: no.to_string(),
                    reason: format!("it holds match number {}", game.fixture.no),
                }
                .into());
            }
            visit(StateEntry::Match(game))?;
        }
        for entry in self.codes.iter().map_err(StoreError::from)? {
            let (code, no) = entry.map_err(StoreError::from)?;
            visit(StateEntry::Code(
                FoldedCode::of(code.value()),
                MatchNo(no.value()),
            ))?;
        }
        for entry in self.bets_by_match.iter().map_err(StoreError::from)? {
            let (key, bet) = entry.map_err(StoreError::from)?;
            let (no, id) = (MatchNo(key.value().0), AccountId(*key.value().1));
            let bet = decoded("bets_by_match", BetKey(no, id), bet.value())?;
            visit(StateEntry::Bet(no, id, bet))?;
        }
        for entry in self.bets_by_account.iter().map_err(StoreError::from)? {
            let (key, ()) = entry.map(|(key, _)| (key, ())).map_err(StoreError::from)?;
            let (id, no) = key.value();
            visit(StateEntry::BetOfAccount(AccountId(*id), MatchNo(no)))?;
        }
        visit(StateEntry::Totals(self.totals()?))
    }

    /// The whole state in memory, for audits and tests; checks that the two tables of bets agree.
    pub fn memory_state(&self) -> Result<MemoryState, StoreError> {
        let mut state = MemoryState::default();
        let mut by_account: u64 = 0;
        self.all_state(|entry| {
            match entry {
                StateEntry::Account(id, account) => {
                    state.accounts.insert(id, account);
                }
                StateEntry::Name(name, id) => {
                    state.names.insert(name, id);
                }
                StateEntry::Match(game) => {
                    state.matches.insert(game.fixture.no, game);
                }
                StateEntry::Code(code, no) => {
                    state.codes.insert(code, no);
                }
                StateEntry::Bet(no, id, bet) => {
                    state.bets.insert((no, id), bet);
                }
                StateEntry::BetOfAccount(id, no) => {
                    if !state.bets.contains_key(&(no, id)) {
                        return Err(StoreError::missing("bets_by_match", BetKey(no, id)));
                    }
                    by_account = by_account.saturating_add(1);
                }
                StateEntry::Totals(totals) => state.totals = totals,
            }
            Ok(())
        })?;
        let by_match = self.bets_by_match.len()?;
        if by_account == by_match {
            Ok(state)
        } else {
            Err(StoreError::Corrupt {
                table: "bets_by_account",
                key: "*".into(),
                reason: format!("it holds {by_account} bets, `bets_by_match` holds {by_match}"),
            })
        }
    }
}
