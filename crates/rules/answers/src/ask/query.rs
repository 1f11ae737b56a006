//! What a path of the API asks of the chain.

use std::num::{IntErrorKind, ParseIntError};

use borsh::BorshDeserialize;
use percent_encoding::percent_decode_str;

use super::{Kind, ROUTES, Refused, Route};
use crate::page::Paging;

/// A path with its query.
#[derive(Debug)]
pub struct Query {
    /// The route that the path is of.
    pub route: &'static Route,
    /// The value of the path's parameter.
    pub(super) about: String,
    values: Vec<(String, String)>,
}

impl Query {
    /// Reads a path with its query, as it is requested; `None` where the chain alone does not answer it.
    ///
    /// # Errors
    /// The query or the path cannot be read: a sentence that says what is wanted.
    pub fn of(path_and_query: &str) -> Result<Option<Self>, String> {
        let (path, query) = path_and_query
            .split_once('?')
            .unwrap_or((path_and_query, ""));
        let found = ROUTES
            .iter()
            .find_map(|route| Some((route, parameter(route.path, path)?)));
        let Some((route, about)) = found else {
            return Ok(None);
        };
        let about = percent_decode_str(about).decode_utf8();
        let about = about
            .map_err(|_| "the path holds what is no UTF-8")?
            .into_owned();
        let mut taken: Vec<(String, String)> = Vec::new();
        if !route.query.is_empty() {
            for (name, value) in form_urlencoded::parse(query.as_bytes()) {
                if !route.query.contains(&&*name) {
                    let known: Vec<_> = route.query.iter().map(|it| format!("`{it}`")).collect();
                    let known = match known.as_slice() {
                        [one, other] => format!("{one} or {other}"),
                        more => more.join(", "),
                    };
                    return Err(format!(
                        "the query has a parameter `{name}`, wanted only {known}"
                    ));
                }
                if taken.iter().any(|(it, _)| *it == name) {
                    return Err(format!(
                        "the query has the parameter `{name}` twice, wanted once"
                    ));
                }
                taken.push((name.into_owned(), value.into_owned()));
            }
        }
        let waits = |(name, value): &(String, String)| {
            name == "account" || (name == "state" && value != "confirmed")
        };
        if route.kind == Kind::Transactions && taken.iter().any(waits) {
            return Ok(None);
        }
        Ok(Some(Self {
            route,
            about,
            values: taken,
        }))
    }

    /// Whether what the chain does not hold may wait for a block.
    #[must_use]
    pub fn may_wait(&self) -> bool {
        self.route.kind == Kind::Transaction
    }

    /// Whether it is of the table with live scores.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.route.kind == Kind::LiveStandings
    }

    /// Whether the bets on many matches are added up for it, which takes long.
    #[must_use]
    pub fn adds_up(&self) -> bool {
        self.is_live() || self.value("from").is_some()
    }

    pub(super) fn value(&self, name: &str) -> Option<&str> {
        let found = self.values.iter().find(|(it, _)| it == name);
        found.map(|(_, value)| value.as_str())
    }

    pub(super) fn page<K: BorshDeserialize, E>(&self) -> Result<Paging<K>, Refused<E>> {
        let paging = self.limit();
        let paging = paging.and_then(|limit| Paging::of(limit, self.value("cursor")));
        paging.map_err(Refused::BadRequest)
    }

    fn limit(&self) -> Result<Option<u16>, String> {
        let limit = self.value("limit").map(str::parse).transpose();
        limit.map_err(|error: ParseIntError| {
            let wanted = match error.kind() {
                IntErrorKind::PosOverflow => "a smaller number",
                _ => "a whole number",
            };
            format!("`limit`: wanted {wanted}")
        })
    }
}

/// The value of a route's parameter in a path, if the path is the route's; empty where it has none.
fn parameter<'p>(route: &str, path: &'p str) -> Option<&'p str> {
    let (before, after) = match route.split_once('{') {
        None => return (route == path).then_some(""),
        Some((before, rest)) => (before, rest.split_once('}')?.1),
    };
    let value = path.strip_prefix(before)?.strip_suffix(after)?;
    (!value.is_empty() && !value.contains('/')).then_some(value)
}
