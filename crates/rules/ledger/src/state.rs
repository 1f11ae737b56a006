//! What a chain of blocks amounts to: entries under keys, read through a trait so that the rules run over a disk, over
//! memory, and over changes that are not committed yet.

mod acts;
mod entries;
mod key;
mod moved;
mod overlay;
mod packed;
mod paid;
mod recent;
mod short;
pub(crate) mod tables;
mod validators;

pub use acts::*;
pub use entries::*;
pub use key::StateKey;
pub(crate) use moved::is_later;
pub use overlay::Overlay;
pub use packed::{HistoryPage, MatchSet};
pub use paid::paid_out;
pub use recent::{Came, Recent};
pub(crate) use tables::*;
pub use validators::{Cheat, Staked};

use std::cmp::Reverse;

use crate::{
    account::AccountId,
    address::PageAddress,
    codec::decode,
    fixture::{FoldedCode, MatchNo},
    genesis::{Genesis, Quorum, Validator, count},
    item::{Item, Slot},
    name::FoldedName,
    rules::Rules,
    units::{Height, UnixSeconds},
    voting::ValidatorSet,
};

/// The seconds for which an organiser has signed nothing whom one signature asks to leave, and those until then: seven days.
pub(crate) const SILENT_S: u64 = 7 * 86_400;

/// A visitor of entries, by key and value.
pub type Visit<'v, E> = dyn FnMut(&[u8], &[u8]) -> Result<(), E> + 'v;

/// Read access to a state.
pub trait StateView {
    /// Why a read can fail, such as a broken disk.
    type Error: std::error::Error + Send + Sync + 'static;

    /// The bytes under a key.
    fn get_bytes(&self, key: &[u8]) -> Result<Option<Vec<u8>>, Self::Error>;

    /// At most `limit` entries whose keys begin with `prefix` and come after `after`, in the keys' order.
    #[allow(clippy::type_complexity)]
    fn scan_bytes(
        &self,
        prefix: &[u8],
        after: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<(Vec<u8>, Vec<u8>)>, Self::Error>;

    /// Hands over each entry whose key begins with `prefix`, in the keys' order.
    fn walk_bytes(
        &self,
        prefix: &[u8],
        visit: &mut Visit<'_, Self::Error>,
    ) -> Result<(), Self::Error> {
        for (key, value) in self.scan_bytes(prefix, None, usize::MAX)? {
            visit(&key, &value)?;
        }
        Ok(())
    }

    /// The error for an entry that does not decode.
    fn corrupt(table: &'static str, key: &[u8]) -> Self::Error;

    /// An entry of a table.
    fn get<T: Table>(&self, key: &T::Key) -> Result<Option<T::Value>, Self::Error> {
        let key = key_bytes::<T>(key);
        self.get_bytes(&key)?
            .map(|bytes| decode(&bytes).map_err(|_| Self::corrupt(T::NAME, &key)))
            .transpose()
    }

    /// At most `limit` entries of a table whose keys begin with `part`, after `after`, in the keys' order.
    #[allow(clippy::type_complexity)]
    fn scan<T: Table>(
        &self,
        part: &impl StateKey,
        after: Option<&T::Key>,
        limit: usize,
    ) -> Result<Vec<(T::Key, T::Value)>, Self::Error> {
        let after = after.map(key_bytes::<T>);
        let mut entries = Vec::new();
        for (key, value) in self.scan_bytes(&prefix_bytes::<T>(part), after.as_deref(), limit)? {
            let mut rest = key.get(1..).unwrap_or_default();
            let parsed = T::Key::read(&mut rest).filter(|_| rest.is_empty());
            match (parsed, decode(&value)) {
                (Some(parsed), Ok(value)) => entries.push((parsed, value)),
                _ => return Err(Self::corrupt(T::NAME, &key)),
            }
        }
        Ok(entries)
    }

    /// An account that has joined.
    fn account(&self, id: &AccountId) -> Result<Option<Account>, Self::Error> {
        self.get::<Accounts>(id)
    }

    /// The account that bears a name.
    fn name_owner(&self, name: &FoldedName) -> Result<Option<AccountId>, Self::Error> {
        self.get::<Names>(name)
    }

    /// A match by number.
    fn match_by_no(&self, no: MatchNo) -> Result<Option<Match>, Self::Error> {
        self.get::<Matches>(&no)
    }

    /// The item that players bet on under a number.
    fn item(&self, no: MatchNo) -> Result<Option<Item>, Self::Error> {
        Item::read(self, no)
    }

    /// The same, if its seals may still be opened, now or once it begins.
    ///
    /// # Rule O4: not once the window is over. What is settled needs no opening.
    fn item_to_open(&self, no: MatchNo, rules: &Rules) -> Result<Option<Item>, Self::Error> {
        let Some(item) = self.item(no)? else {
            return Ok(None);
        };
        let ends = item.openings_end(rules.opening_window_s);
        let clock = self.totals()?.clock;
        let is_over = ends.is_some_and(|ends| ends <= clock);
        let is_settled = self.result(item.of)?.is_some_and(|it| it.is_settled());
        Ok((!is_over && !is_settled).then_some(item))
    }

    /// All that players bet on, in order of numbers; genesis bounds how much there is.
    fn items(&self) -> Result<Vec<Item>, Self::Error> {
        Item::all(self)
    }

    /// The number of items that players bet on.
    fn item_count(&self) -> Result<u64, Self::Error> {
        let slots = self.scan::<Slots>(&(), None, usize::MAX)?;
        let slots = u64::try_from(slots.len()).unwrap_or(u64::MAX);
        Ok(self.totals()?.matches.saturating_add(slots))
    }

    /// The last change of a match's kick-off.
    fn last_move(&self, no: MatchNo) -> Result<Option<Move>, Self::Error> {
        let last = self.scan::<Moves>(&no, None, 1)?;
        Ok(last.into_iter().map(|(_, moved)| moved).next())
    }

    /// The slot of a question that has a number. Nothing is read for one that no question may have.
    fn slot(&self, no: MatchNo) -> Result<Option<Slot>, Self::Error> {
        if no.is_for_questions() {
            self.get::<Slots>(&no)
        } else {
            Ok(None)
        }
    }

    /// The number of the match with a code.
    fn match_by_code(&self, code: &FoldedCode) -> Result<Option<MatchNo>, Self::Error> {
        match self.get::<Codes>(code)? {
            Some(no) if self.slot(no)?.is_none() => Ok(Some(no)),
            _ => Ok(None),
        }
    }

    /// A player's standing bet.
    fn bet(&self, no: MatchNo, account: &AccountId) -> Result<Option<Bet>, Self::Error> {
        self.get::<Bets>(&(no, *account))
    }

    /// The numbers after `after` of all that a player has bet on, in order.
    fn items_of(
        &self,
        account: &AccountId,
        after: Option<MatchNo>,
    ) -> Result<Vec<MatchNo>, Self::Error> {
        let first = after.map_or(0, MatchSet::part);
        let before = first.checked_sub(1).map(|part| (*account, part));
        let sets = self.scan::<BetsByAccount>(account, before.as_ref(), usize::MAX)?;
        let items = sets
            .into_iter()
            .flat_map(|((_, part), set)| set.matches(part));
        Ok(items
            .filter(|no| after.is_none_or(|after| *no > after))
            .collect())
    }

    /// The same of at most `limit` matches.
    fn matches_of(
        &self,
        account: &AccountId,
        after: Option<MatchNo>,
        limit: usize,
    ) -> Result<Vec<MatchNo>, Self::Error> {
        let mut matches = Vec::new();
        for no in self.items_of(account, after)? {
            if matches.len() < limit && self.slot(no)?.is_none() {
                matches.push(no);
            }
        }
        Ok(matches)
    }

    /// A line of the history of a player's chips.
    fn history_line(
        &self,
        account: &AccountId,
        line: u64,
    ) -> Result<Option<HistoryEntry>, Self::Error> {
        let (page, place) = HistoryPage::place(line);
        let page = self.get::<History>(&(*account, page))?;
        Ok(page.and_then(|page| page.0.get(place).copied()))
    }

    /// The counts of the whole chain.
    fn totals(&self) -> Result<Totals, Self::Error> {
        Ok(self.get::<TotalsTable>(&())?.unwrap_or_default())
    }

    /// The record of a match.
    fn result(&self, no: MatchNo) -> Result<Option<MatchResult>, Self::Error> {
        self.get::<Results>(&no)
    }

    /// The address of the pool's page, as organisers have signed it.
    fn address(&self) -> Result<Option<PageAddress>, Self::Error> {
        self.get::<Address>(&())
    }

    /// # Rule S14: the organisers, who are those of genesis until others are added or removed.
    fn organisers(&self, genesis: &Genesis) -> Result<Vec<AccountId>, Self::Error> {
        let changed = if genesis.rules.organisers_quorum == Quorum::of(0) {
            None
        } else {
            self.get::<Organisers>(&())?
        };
        Ok(changed.unwrap_or_else(|| genesis.organisers.clone()))
    }

    /// The time from which on one signature asks an organiser to leave.
    ///
    /// # Rule S30: that is once the organiser has signed nothing for 604,800 seconds.
    fn asked_to_leave_from(
        &self,
        genesis: &Genesis,
        organiser: &AccountId,
    ) -> Result<UnixSeconds, Self::Error> {
        let last = self.get::<LastSigned>(organiser)?;
        let last = last.unwrap_or(genesis.created);
        Ok(UnixSeconds(last.0.saturating_add(SILENT_S)))
    }

    /// # Rule Q1: the validators after a block, who vote on what comes next; nobody where a pool has no votes. Any height up
    /// # to the state's own may be asked for.
    fn validators_after(&self, height: Height) -> Result<Vec<Validator>, Self::Error> {
        let later = height.0.checked_add(1).map(|next| Reverse(Height(next)));
        let mut found = self.scan::<Validators>(&(), later.as_ref(), 1)?;
        Ok(found
            .pop()
            .map_or_else(Vec::new, |(_, validators)| validators))
    }

    /// The most weight that a new validator may have who votes at once, where one may.
    ///
    /// # Rule Q12: a new validator votes at once if there are at most four with it, there were never so many before, it weighs at
    /// # most what each other weighs, and no change is to come.
    fn weight_at_once(&self, height: Height) -> Result<Option<u64>, Self::Error> {
        let now = self.validators_after(height)?;
        let most_ever = self.get::<MostValidators>(&())?;
        let waits = !self.scan::<Coming>(&(), None, 1)?.is_empty();
        let grows = now.len() < 4 && most_ever == Some(count(now.len())) && !waits;
        let least = now.iter().map(|one| one.weight).min();
        Ok(least.filter(|_| grows))
    }

    /// The keepers after a block, who open seals of players who are away: the validators, where there may be keepers.
    fn keepers_after(
        &self,
        genesis: &Genesis,
        height: Height,
    ) -> Result<Vec<Validator>, Self::Error> {
        if genesis.has_keepers() {
            self.validators_after(height)
        } else {
            Ok(Vec::new())
        }
    }

    /// The same as those who sign certificates.
    fn validator_set_after(&self, height: Height) -> Result<Option<ValidatorSet>, Self::Error> {
        Ok(ValidatorSet::new(self.validators_after(height)?).ok())
    }
}

impl<S: StateView> StateView for &S {
    type Error = S::Error;

    fn get_bytes(&self, key: &[u8]) -> Result<Option<Vec<u8>>, Self::Error> {
        (**self).get_bytes(key)
    }

    fn scan_bytes(
        &self,
        prefix: &[u8],
        after: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<(Vec<u8>, Vec<u8>)>, Self::Error> {
        (**self).scan_bytes(prefix, after, limit)
    }

    fn walk_bytes(
        &self,
        prefix: &[u8],
        visit: &mut Visit<'_, Self::Error>,
    ) -> Result<(), Self::Error> {
        (**self).walk_bytes(prefix, visit)
    }

    fn corrupt(table: &'static str, key: &[u8]) -> Self::Error {
        S::corrupt(table, key)
    }
}
