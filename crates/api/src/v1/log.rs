//! What organisers did.

use axum::{extract::State, response::Response};
use bolao_ledger::{Act, StateView, Vote, table::Acts};
use bolao_store::StoreError;
use http::HeaderMap;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    dto::{FixtureBody, MatchRef, Moment, PlayerRef},
    outcome::OutcomeBody,
    page::{self, Page, PageQuery},
    read::chain_json,
    views::Lookup,
};
use crate::{
    extract::InQuery,
    problem::{Problem, ProblemBody},
    state::Api,
};

/// What an organiser signed.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum SignedBody {
    /// How a match is scheduled.
    Schedule {
        /// The match as it was to be.
        fixture: FixtureBody,
    },
    /// What became of a match.
    Result {
        /// What became of it.
        outcome: OutcomeBody,
    },
}

impl From<&Vote> for SignedBody {
    fn from(vote: &Vote) -> Self {
        match vote {
            Vote::Schedule(fixture) => Self::Schedule {
                fixture: fixture.into(),
            },
            Vote::Result(outcome) => Self::Result {
                outcome: outcome.into(),
            },
        }
    }
}

/// Something that an organiser did.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ActBody {
    /// From 0.
    seq: u64,
    organiser: PlayerRef,
    r#match: MatchRef,
    #[serde(flatten)]
    signed: SignedBody,
    /// Whether enough organisers had signed alike with it.
    took_effect: bool,
    transaction: String,
    /// The block that holds it.
    height: u64,
    time: Moment,
}

impl ActBody {
    fn new(lookup: &mut Lookup<'_>, seq: u64, act: &Act) -> Result<Self, StoreError> {
        Ok(Self {
            seq,
            organiser: lookup.player(&act.organiser)?,
            r#match: lookup.code(act.match_no)?,
            signed: (&act.vote).into(),
            took_effect: act.took_effect,
            transaction: act.tx.to_string(),
            height: act.height.0,
            time: act.time.into(),
        })
    }
}

/// Everything that organisers did, the last act first.
#[utoipa::path(get, path = "/api/v1/log", tag = "pool", params(PageQuery), responses(
    (status = OK, body = Page<ActBody>),
    (status = NOT_MODIFIED, description = "The client's ETag is current"),
    (status = "default", body = ProblemBody<'static>, content_type = "application/problem+json"),
))]
pub(crate) async fn log(
    State(api): State<Api>,
    InQuery(query): InQuery<PageQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let limit = page::limit(query.limit)?;
    let before: Option<u64> = page::after(query.cursor.as_deref())?;
    chain_json(&api, &headers, move |snapshot| {
        let count = snapshot.totals()?.acts;
        let end = before.map_or(count, |before| before.min(count));
        let acts = (0..end)
            .rev()
            .take(limit.saturating_add(1))
            .filter_map(|seq| {
                let act = snapshot.get::<Acts>(&seq).transpose()?;
                Some(act.map(|act| (seq, act)))
            })
            .collect::<Result<_, StoreError>>()?;
        let mut lookup = Lookup::new(snapshot);
        Page::of(acts, limit, |(seq, _)| *seq)
            .map(|(seq, act)| Ok(ActBody::new(&mut lookup, seq, &act)?))
    })
    .await
}
