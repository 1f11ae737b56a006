//! Pages of lists: `limit` and an opaque `cursor`.

use axum::extract::FromRequestParts;
pub(crate) use bolao_answers::page::{Paging, cursor};
use borsh::BorshDeserialize;
use http::request::Parts;
use serde::Deserialize;
use utoipa::IntoParams;

pub(crate) use crate::body::Page;
use crate::{extract::InQuery, problem::Problem, state::Api};

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

/// The page that is asked for.
#[derive(Debug)]
pub(crate) struct InPage<K>(pub(crate) Paging<K>);

impl<K: BorshDeserialize> FromRequestParts<Api> for InPage<K> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let InQuery(query) = InQuery::<PageQuery>::from_request_parts(parts, api).await?;
        let page = Paging::of(query.limit, query.cursor.as_deref());
        Ok(Self(page.map_err(Problem::bad_request)?))
    }
}
