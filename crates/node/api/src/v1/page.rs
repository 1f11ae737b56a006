//! Pages of lists: `limit` and an opaque `cursor`.

use axum::extract::FromRequestParts;
use bolao_ledger::{decode, encode};
use borsh::{BorshDeserialize, BorshSerialize};
use http::request::Parts;
use serde::Deserialize;
use utoipa::IntoParams;

pub(crate) use crate::body::Page;
use crate::{extract::InQuery, problem::Problem, state::Api};

/// Entries of a page where the query names no number.
pub(super) const LIMIT_DEFAULT: u16 = 50;
/// The most entries of a page.
pub(super) const LIMIT_MAX: u16 = 500;

/// A query of a page of entries.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct PageQuery {
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
    /// Entries wanted, 1 to 500; 50 if absent.
    limit: Option<u16>,
}

/// The number of entries that are wanted, and the key of the one before them.
#[derive(Debug)]
pub(crate) struct Paging<K> {
    pub(crate) limit: usize,
    pub(crate) after: Option<K>,
}

impl<K: BorshDeserialize> Paging<K> {
    /// The paging that a query asks for.
    pub(crate) fn of(limit: Option<u16>, cursor: Option<&str>) -> Result<Self, Problem> {
        let limit = match limit.unwrap_or(LIMIT_DEFAULT) {
            limit @ 1..=LIMIT_MAX => limit.into(),
            got => {
                return Err(Problem::bad_request(format!(
                    "`limit`: got {got}, wanted 1 to {LIMIT_MAX}"
                )));
            }
        };
        let key = |cursor| decode(&hex::decode(cursor).ok()?).ok();
        let wanted = "`cursor`: wanted a `next_cursor` that this list gave out";
        let after = cursor.map(|cursor| key(cursor).ok_or_else(|| Problem::bad_request(wanted)));
        Ok(Self {
            limit,
            after: after.transpose()?,
        })
    }
}

impl<K> Paging<K> {
    /// One more than the page holds, to see whether more follow.
    pub(crate) fn wanted(&self) -> usize {
        self.limit.saturating_add(1)
    }
}

impl<K: BorshSerialize> Paging<K> {
    /// A page of `items`, of which one more than it holds was read.
    pub(crate) fn page<T>(&self, mut items: Vec<T>, key: impl Fn(&T) -> K) -> Page<T> {
        let more = items.len() > self.limit;
        items.truncate(self.limit);
        let next_cursor = items.last().filter(|_| more).map(|last| cursor(&key(last)));
        Page { items, next_cursor }
    }
}

impl<K: BorshDeserialize> FromRequestParts<Api> for Paging<K> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let InQuery(query) = InQuery::<PageQuery>::from_request_parts(parts, api).await?;
        Self::of(query.limit, query.cursor.as_deref())
    }
}

impl<T> Page<T> {
    /// The same page with other entries.
    pub(crate) fn map<U, E>(self, each: impl FnMut(T) -> Result<U, E>) -> Result<Page<U>, E> {
        Ok(Page {
            items: self.items.into_iter().map(each).collect::<Result<_, E>>()?,
            next_cursor: self.next_cursor,
        })
    }
}

/// A cursor that stands after the entry with this key.
pub(crate) fn cursor<K: BorshSerialize>(key: &K) -> String {
    hex::encode(encode(key))
}
