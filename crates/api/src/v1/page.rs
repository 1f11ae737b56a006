//! Pages of lists: `limit` and an opaque `cursor`.

use bolao_ledger::{decode, encode};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::Deserialize;
use utoipa::IntoParams;

pub(crate) use crate::body::Page;
use crate::problem::Problem;

/// Entries of a page where the query names no number.
const LIMIT_DEFAULT: u16 = 50;
/// The most entries of a page.
const LIMIT_MAX: u16 = 500;

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct PageQuery {
    /// The `next_cursor` of the page before.
    pub(crate) cursor: Option<String>,
    /// Entries wanted, 1 to 500; 50 if absent.
    pub(crate) limit: Option<u16>,
}

impl<T> Page<T> {
    /// A page of `items`, of which one more than `limit` was read to see whether more follow.
    pub(crate) fn of<K: BorshSerialize>(
        mut items: Vec<T>,
        limit: usize,
        key: impl Fn(&T) -> K,
    ) -> Self {
        let more = items.len() > limit;
        items.truncate(limit);
        let next_cursor = items.last().filter(|_| more).map(|last| cursor(&key(last)));
        Self { items, next_cursor }
    }

    /// The same page with other entries.
    pub(crate) fn map<U, E>(self, each: impl FnMut(T) -> Result<U, E>) -> Result<Page<U>, E> {
        Ok(Page {
            items: self.items.into_iter().map(each).collect::<Result<_, E>>()?,
            next_cursor: self.next_cursor,
        })
    }
}

/// The number of entries wanted.
pub(crate) fn limit(limit: Option<u16>) -> Result<usize, Problem> {
    match limit.unwrap_or(LIMIT_DEFAULT) {
        limit @ 1..=LIMIT_MAX => Ok(limit.into()),
        got => Err(Problem::bad_request(format!(
            "`limit`: got {got}, wanted 1 to {LIMIT_MAX}"
        ))),
    }
}

/// A cursor that stands after the entry with this key.
pub(crate) fn cursor<K: BorshSerialize>(key: &K) -> String {
    hex::encode(encode(key))
}

/// The key that a cursor stands after.
pub(crate) fn after<K: BorshDeserialize>(cursor: Option<&str>) -> Result<Option<K>, Problem> {
    cursor
        .map(|cursor| {
            hex::decode(cursor)
                .ok()
                .and_then(|bytes| decode(&bytes).ok())
                .ok_or_else(|| {
                    Problem::bad_request("`cursor`: wanted a `next_cursor` that this list gave out")
                })
        })
        .transpose()
}
