//! Pages of lists: `limit` and an opaque `cursor`.

use bolao_ledger::{decode, encode};
use borsh::{BorshDeserialize, BorshSerialize};

use crate::body::Page;

/// Entries of a page where the query names no number.
pub const LIMIT_DEFAULT: u16 = 50;
/// The most entries of a page.
pub const LIMIT_MAX: u16 = 500;

/// The number of entries that are wanted, and the key of the one before them.
#[derive(Clone, Debug)]
pub struct Paging<K> {
    /// The most entries of the page.
    pub limit: usize,
    /// The key that the cursor stands after.
    pub after: Option<K>,
}

impl<K: BorshDeserialize> Paging<K> {
    /// The paging that a query asks for.
    ///
    /// # Errors
    /// A sentence that names the parameter.
    pub fn of(limit: Option<u16>, cursor: Option<&str>) -> Result<Self, String> {
        let limit = entries(limit)?;
        let after = match key_bytes(cursor)? {
            Some(bytes) => Some(decode(&bytes).map_err(|_| NO_CURSOR)?),
            None => None,
        };
        Ok(Self { limit, after })
    }
}

const NO_CURSOR: &str = "`cursor`: wanted a `next_cursor` that this list gave out";

fn entries(limit: Option<u16>) -> Result<usize, String> {
    match limit.unwrap_or(LIMIT_DEFAULT) {
        limit @ 1..=LIMIT_MAX => Ok(limit.into()),
        got => Err(format!("`limit`: got {got}, wanted 1 to {LIMIT_MAX}")),
    }
}

fn key_bytes(cursor: Option<&str>) -> Result<Option<Vec<u8>>, String> {
    let bytes = cursor.map(hex::decode).transpose();
    bytes.map_err(|_| NO_CURSOR.to_owned())
}

impl<K> Paging<K> {
    /// One more than the page holds, to see whether more follow.
    #[must_use]
    pub const fn wanted(&self) -> usize {
        self.limit.saturating_add(1)
    }
}

impl<K: BorshSerialize> Paging<K> {
    /// A page of `items`, of which one more than it holds was read.
    pub fn page<T>(&self, mut items: Vec<T>, key: impl Fn(&T) -> K) -> Page<T> {
        let more = items.len() > self.limit;
        items.truncate(self.limit);
        let next_cursor = items.last().filter(|_| more).map(|last| cursor(&key(last)));
        Page { items, next_cursor }
    }
}

impl Paging<u64> {
    /// The index of the first entry, where the key is that of the last.
    pub(crate) fn first(&self) -> usize {
        self.after.map_or(0, |after| {
            usize::try_from(after).map_or(usize::MAX, |after| after.saturating_add(1))
        })
    }

    /// The part of a list on this page, and the cursor of the next.
    pub(crate) fn part<'t, T>(&self, all: &'t [T]) -> (&'t [T], Option<String>) {
        let first = self.first();
        let rest = all.get(first..).unwrap_or_default();
        let items = rest.get(..self.limit).unwrap_or(rest);
        let last = first.saturating_add(items.len()).saturating_sub(1);
        let last = u64::try_from(last).unwrap_or(u64::MAX);
        (items, (rest.len() > items.len()).then(|| cursor(&last)))
    }
}

impl<T> Page<T> {
    /// The same page with other entries.
    ///
    /// # Errors
    /// The first that `each` gives.
    pub fn map<U, E>(self, each: impl FnMut(T) -> Result<U, E>) -> Result<Page<U>, E> {
        Ok(Page {
            items: all(self.items.into_iter().map(each))?,
            next_cursor: self.next_cursor,
        })
    }
}

/// Every item, if each is there. `collect` is more code for the page.
pub(crate) fn all<T, E>(items: impl Iterator<Item = Result<T, E>>) -> Result<Vec<T>, E> {
    let mut every = Vec::new();
    for item in items {
        every.push(item?);
    }
    Ok(every)
}

/// A cursor that stands after the entry with this key.
pub fn cursor<K: BorshSerialize>(key: &K) -> String {
    hex::encode(encode(key))
}
