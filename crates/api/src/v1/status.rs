//! This node: how it is, whom it is connected to.

use axum::{Json, extract::State};
use bolao_ledger::StateView;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    dto::{Moment, TipBody, TotalsBody},
    page::{self, Page, PageQuery},
};
use crate::{
    MiningStatus, PeerView, SyncStatus,
    extract::InQuery,
    problem::{Problem, ProblemBody},
    state::Api,
};

/// How the node is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StatusBody {
    /// The program's version.
    version: String,
    /// The pool's identity: the hash of its genesis header.
    pool: String,
    pool_name: String,
    /// This node as others register it.
    url: String,
    started: Moment,
    /// Seconds since then.
    uptime_s: u64,
    tip: TipBody,
    totals: TotalsBody,
    /// Transactions that wait for a block.
    pending: u64,
    sync: SyncStatus,
    mining: MiningStatus,
    /// Connected peers.
    peers: usize,
    /// Nodes known to discovery.
    known_nodes: usize,
}

/// How the node is.
#[utoipa::path(get, path = "/api/v1/status", tag = "node", responses(
    (status = OK, body = StatusBody),
    (status = "default", body = ProblemBody<'static>, content_type = "application/problem+json"),
))]
pub(crate) async fn status(State(api): State<Api>) -> Result<Json<StatusBody>, Problem> {
    let (tip, totals, pending) = api
        .read(|snapshot| {
            Ok((
                snapshot.tip()?,
                snapshot.totals()?,
                snapshot.pending_count()?,
            ))
        })
        .await?;
    let backend = &api.backend;
    let status = backend.status();
    let reader = backend.reader();
    Ok(Json(StatusBody {
        version: status.version,
        pool: reader.pool_id().to_string(),
        pool_name: reader.genesis().name.as_str().to_owned(),
        url: backend.own_url(),
        started: status.started.into(),
        uptime_s: status.uptime.as_secs(),
        tip: tip.into(),
        totals: totals.into(),
        pending,
        sync: status.sync,
        mining: status.mining,
        peers: backend.peers().len(),
        known_nodes: backend.discovery().known().len(),
    }))
}

/// A connected peer.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PeerBody {
    /// Its identity, in base 58.
    id: String,
    /// The UDP address at the other end.
    #[schema(example = "192.168.1.5:9000")]
    address: String,
    /// Whether this node dialled.
    outbound: bool,
    connected_for_s: u64,
    /// What it calls itself.
    agent: String,
    /// The tip that it last told of.
    tip: Option<PeerTip>,
}

/// A tip that a peer told of.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PeerTip {
    hash: String,
    height: u64,
}

impl From<PeerView> for PeerBody {
    fn from(peer: PeerView) -> Self {
        Self {
            id: peer.id,
            address: peer.address.to_string(),
            outbound: peer.outbound,
            connected_for_s: peer.connected_for.as_secs(),
            agent: peer.agent,
            tip: peer.tip.map(|(hash, height)| PeerTip {
                hash: hash.to_string(),
                height: height.0,
            }),
        }
    }
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
