//! What organisers did.

use axum::{extract::State, response::Response};
use bolao_ledger::{Act, StateView, table::Acts};
use bolao_store::StoreError;

use super::{
    page::{self, Page, PageQuery},
    read::chain_json,
    views::Lookup,
};
use crate::{
    body::{ActBody, moment},
    extract::InQuery,
    problem::{Problem, ProblemBody},
    state::Api,
};

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
            time: moment(act.time),
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
) -> Result<Response, Problem> {
    let limit = page::limit(query.limit)?;
    let before: Option<u64> = page::after(query.cursor.as_deref())?;
    chain_json(&api, move |snapshot| {
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
