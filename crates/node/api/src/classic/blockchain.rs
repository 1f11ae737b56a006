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
    sink.put(br#"{"chain":"#)?;
    sink.list(|chain| {
        let mut height = Height::ZERO;
        while let Some(block) = names.block(height)? {
            chain.item(&block)?;
            height = height.next();
        }
        Ok(())
    })?;
    sink.put(br#","pending_bets":"#)?;
    let pending = snapshot.pending()?;
    sink.list(|bets| names.pending_bets(&pending, |bet| bets.item(&bet)))?;
    sink.put(br#","network_nodes":"#)?;
    sink.json(&node.network_nodes())?;
    sink.put(br#","current_node_url":"#)?;
    sink.json(&node.own_url())?;
    sink.put(b"}")
}
