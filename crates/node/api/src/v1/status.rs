//! This node: how it is, whom it is connected to.

use std::sync::Arc;

use axum::Json;
use bolao_chain::dated_ahead;
use bolao_ledger::{Decided, Genesis, StateView, decode};
use bolao_rulebook::{Finding, finding};
use bolao_store::{FinalBlock, Snapshot, StoreError};
use bolao_wallet::LinkWord;
use http::Extensions;

use super::{
    game::clock,
    notices,
    page::{InPage, Page, PageQuery},
    validators::{proofs, waits},
    views::Lookup,
};
use crate::{
    GoneAddress, KnownLink, NodeStatus, Reached, ReadLogs,
    body::{
        FinalBody, LinkKeysBody, LoggedKeyBody, LogsBody, MetKeyBody, OutsideStatusBody, PeerBody,
        StatusAnswer, StatusBody, moment,
    },
    problem::Problem,
    state::Api,
    viewing::Outsider,
};

/// The status of the node. Where only players may look, others are told only what joining needs.
#[utoipa::path(get, path = "/api/v1/status", tag = "node", responses((status = OK, body = StatusAnswer)))]
pub(crate) async fn status(
    api: Api,
    extensions: Extensions,
) -> Result<Json<StatusAnswer>, Problem> {
    if extensions.get::<Outsider>().is_some() {
        return Ok(Json(StatusAnswer::Outside(Box::new(outside(&api)))));
    }
    let whole = whole(&api)?;
    Ok(Json(StatusAnswer::Whole(Box::new(whole))))
}

fn outside(api: &Api) -> OutsideStatusBody {
    let (backend, reader) = (&api.backend, api.backend.reader());
    OutsideStatusBody {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        pool: reader.pool_id(),
        pool_name: reader.genesis().name.as_str().to_owned(),
        url: backend.own_url(),
        link: backend.link(),
        viewers: backend.viewers(),
    }
}

fn whole(api: &Api) -> Result<StatusBody, Problem> {
    let attendance = api.backend.attendance();
    let genesis = Arc::clone(api.backend.reader().genesis());
    let links = api.backend.links();
    let (
        links,
        tip,
        r#final,
        totals,
        pending,
        (notices, last_notice),
        (waits, guilty, dated_ahead),
    ) = api.read_few(|snapshot| {
        let last = notices::last(snapshot, &genesis.rules)?;
        let waits = match &attendance {
            Some(attendance) => waits(&mut Lookup::new(snapshot), attendance)?,
            None => None,
        };
        Ok((
            known(&mut Lookup::new(snapshot), links)?,
            snapshot.tip()?,
            last_final(&genesis, snapshot)?,
            snapshot.totals()?,
            snapshot.pending_count()?,
            (snapshot.notice_count()?, last),
            (
                waits,
                proofs(snapshot)?,
                dated_ahead(snapshot, &genesis, clock())?,
            ),
        ))
    })?;
    let backend = &api.backend;
    let status = backend
        .status()
        .unwrap_or_else(|| NodeStatus::stopped(tip.height));
    let reader = backend.reader();
    Ok(StatusBody {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        pool: reader.pool_id(),
        pool_name: reader.genesis().name.as_str().to_owned(),
        url: backend.own_url(),
        link: backend.link(),
        address_gone: backend.gone_address().map(gone),
        viewers: backend.viewers(),
        links,
        logs: backend.logs().map(logs),
        runs_elsewhere: backend.runs_elsewhere().map(moment),
        started: moment(status.started),
        uptime_s: status.uptime.as_secs(),
        tip: tip.into(),
        r#final,
        waits,
        dated_ahead,
        signed_elsewhere: attendance.and_then(|it| Some(it.elsewhere?.0)),
        own_vote: status.own_vote,
        guilty,
        totals,
        pending,
        sync: status.sync,
        clock_nonce: backend.clock_nonces().into_iter().next(),
        mining: status.mining,
        peers: backend.peers().len(),
        makes_blocks_alone: backend.makes_blocks_alone(),
        known_nodes: backend.discovery().map_or(0, |it| it.known().len()),
        notices,
        last_notice,
    })
}

fn gone(GoneAddress { address, now }: GoneAddress) -> Finding {
    let address = address.to_string();
    match now {
        Reached::At(url) => finding!("address-moved", address: address, url: url),
        Reached::Offline => finding!("address-none", address: address),
        Reached::Nowhere => finding!("address-gone", address: address),
    }
}

fn known(lookup: &mut Lookup<'_>, links: Vec<KnownLink>) -> Result<Vec<LinkKeysBody>, StoreError> {
    let mut all = Vec::new();
    for link in links {
        let LinkWord::Key { url, keys, fronted } = link.word else {
            continue;
        };
        let player = lookup.player(&link.host)?;
        let mut met = Vec::new();
        for other in link.met {
            let seer = lookup.player(&other.seer)?;
            met.push(MetKeyBody {
                finding: notices::of_link(&url, &player, &seer, &other.certificate),
                player: seer,
                key: hex::encode(other.key),
                certificate: hex::encode(other.certificate),
                time: moment(other.time),
            });
        }
        let mut logged = Vec::new();
        for it in link.logged {
            let reader = lookup.player(&it.found.reader)?;
            logged.push(LoggedKeyBody {
                key: hex::encode(it.found.key),
                certificate: hex::encode(it.certificate),
                log: it.found.log.clone(),
                id: it.found.id.clone(),
                wildcard: it.found.is_wildcard,
                time: moment(it.time),
                finding: notices::of_log(&it.found, &player, &reader),
                player: reader,
            });
        }
        all.push(LinkKeysBody {
            url,
            player,
            keys: keys.iter().map(hex::encode).collect(),
            owned: link.owned.iter().map(hex::encode).collect(),
            fronted,
            time: moment(link.time),
            signature: link.signature,
            met,
            logged,
        });
    }
    Ok(all)
}

fn logs(read: ReadLogs) -> LogsBody {
    LogsBody {
        urls: read.urls,
        servers: read.servers,
        since: moment(read.since),
        read: read.read.map(moment),
        by: read.by,
        troubles: read.troubles,
    }
}

fn last_final(genesis: &Genesis, snapshot: &Snapshot) -> Result<Option<FinalBody>, StoreError> {
    let Some(FinalBlock { block, certificate }) = snapshot.last_final()? else {
        return Ok(None);
    };
    let contested = genesis.consensus.votes_on_mined()
        && decode::<Decided>(certificate.bytes()).is_ok_and(|it| it.decision.contested);
    let header = snapshot.header(&block.hash)?;
    Ok(Some(FinalBody {
        block,
        time: header.map(|record| moment(record.header.time())),
        contested,
    }))
}

/// The connected peers, in order of their identities.
#[utoipa::path(get, path = "/api/v1/peers", tag = "node", params(PageQuery),
    responses((status = OK, body = Page<PeerBody>)))]
pub(crate) async fn peers(
    api: Api,
    InPage(page): InPage<String>,
) -> Result<Json<Page<PeerBody>>, Problem> {
    let mut peers = api.backend.peers();
    peers.sort_by(|a, b| a.id.cmp(&b.id));
    let peers: Vec<PeerBody> = peers
        .into_iter()
        .filter(|peer| page.after.as_ref().is_none_or(|after| peer.id > *after))
        .take(page.wanted())
        .collect();
    Ok(Json(page.page(peers, |peer| peer.id.clone())))
}
