//! This node: how it is, whom it is connected to.

use axum::{Json, extract::State};
use bolao_ledger::StateView;

use super::page::{self, Page, PageQuery};
use crate::{
    PeerView,
    body::{NoticeBody, PeerBody, StatusBody, moment},
    extract::InQuery,
    problem::{Problem, ProblemBody},
    state::Api,
};

/// How the node is.
#[utoipa::path(get, path = "/api/v1/status", tag = "node", responses(
    (status = OK, body = StatusBody),
    (status = "default", body = ProblemBody<'static>, content_type = "application/problem+json"),
))]
pub(crate) async fn status(State(api): State<Api>) -> Result<Json<StatusBody>, Problem> {
    let (tip, totals, pending, (notices, last_notice)) = api.read_few(|snapshot| {
        let last = snapshot.notices(None, 1)?.pop();
        let last = last
            .map(|(number, notice)| NoticeBody::read(snapshot, number, &notice))
            .transpose()?;
        Ok((
            snapshot.tip()?,
            snapshot.totals()?,
            snapshot.pending_count()?,
            (snapshot.notice_count()?, last),
        ))
    })?;
    let backend = &api.backend;
    let status = backend.status();
    let reader = backend.reader();
    Ok(Json(StatusBody {
        version: status.version,
        pool: reader.pool_id(),
        pool_name: reader.genesis().name.as_str().to_owned(),
        url: backend.own_url(),
        started: moment(status.started),
        uptime_s: status.uptime.as_secs(),
        tip: tip.into(),
        totals: totals.into(),
        pending,
        sync: status.sync,
        mining: status.mining,
        peers: backend.peers().len(),
        known_nodes: backend.discovery().known().len(),
        notices,
        last_notice,
    }))
}

/// The connected peers, in order of their identities.
#[utoipa::path(get, path = "/api/v1/peers", tag = "node", params(PageQuery), responses(
    (status = OK, body = Page<PeerBody>),
    (status = "default", body = ProblemBody<'static>, content_type = "application/problem+json"),
))]
pub(crate) async fn peers(
    State(api): State<Api>,
    InQuery(query): InQuery<PageQuery>,
) -> Result<Json<Page<PeerBody>>, Problem> {
    let limit = page::limit(query.limit)?;
    let after: Option<String> = page::after(query.cursor.as_deref())?;
    let mut peers = api.backend.peers();
    peers.sort_by(|a, b| a.id.cmp(&b.id));
    let peers: Vec<PeerView> = peers
        .into_iter()
        .filter(|peer| after.as_ref().is_none_or(|after| peer.id > *after))
        .take(limit.saturating_add(1))
        .collect();
    let page = Page::of(peers, limit, |peer| peer.id.clone());
    page.map(|peer| Ok(PeerBody::from(peer))).map(Json)
}
