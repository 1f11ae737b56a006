//! `GET /blockchain`: the whole chain, with bounded memory however long it is. A short one (the articles' sizes) is kept
//! ready.

use axum::{extract::State, response::Response};
use bolao_ledger::Height;
use bolao_store::Snapshot;

use super::{json, render::Names};
use crate::{
    Backend,
    problem::Problem,
    ready::LONGEST,
    state::{Api, place},
    stream::{Sink, Stop, answer},
};

/// `GET /blockchain`.
pub(crate) async fn blockchain(State(api): State<Api>) -> Result<Response, Problem> {
    let permit = place(&api.streams)?;
    let answer = answer(permit, LONGEST, move |sink| {
        write(&api.backend.reader().snapshot()?, &*api.backend, sink)
    });
    Ok(json(answer.await?))
}

fn write(snapshot: &Snapshot, node: &dyn Backend, sink: &mut Sink) -> Result<(), Stop> {
    let mut names = Names::new(snapshot);
    sink.put(br#"{"chain":["#)?;
    let mut height = Height::ZERO;
    while let Some(block) = names.block(height)? {
        if height > Height::ZERO {
            sink.put(b",")?;
        }
        sink.json(&block)?;
        height = height.next();
    }
    sink.put(br#"],"pending_bets":["#)?;
    let mut first = true;
    names.pending_bets(&snapshot.pending()?, |bet| {
        if !std::mem::take(&mut first) {
            sink.put(b",")?;
        }
        sink.json(&bet)
    })?;
    sink.put(br#"],"network_nodes":"#)?;
    sink.json(&node.network_nodes())?;
    sink.put(br#","current_node_url":"#)?;
    sink.json(&node.own_url())?;
    sink.put(b"}")
}
