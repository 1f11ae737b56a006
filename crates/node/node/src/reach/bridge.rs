//! Between the network and the core: events become inputs, outputs become commands, and whatever needs no writer is
//! served from a snapshot.

use std::sync::Arc;

use bolao_chain::{Input, Request, RequestFailure, Response, serve};
use bolao_ledger::decode;
use bolao_network::{Event, MessageToken, NetworkHandle, PeerId, RequestError, RequestToken};
use bolao_store::Reader;
use tokio::sync::{Semaphore, mpsc};

use crate::{
    clock::now,
    engine::Engine,
    home::Home,
    reach::{
        gate::Admission,
        links::{self, Links},
        outbound::{Outbound, chain_peer},
        passes::{self, Passes},
        reports::PeerReports,
    },
    sign::signing::Signer,
};

/// The most requests that are served from snapshots at once.
const SERVING: usize = 8;

/// Carries the network's events to the core.
#[derive(Debug)]
pub(crate) struct Pump {
    outbound: Outbound,
    events: mpsc::Receiver<Event>,
    reader: Reader,
    reports: PeerReports,
}

/// The two directions between one network and one core.
pub(crate) fn bridge(
    network: NetworkHandle,
    events: mpsc::Receiver<Event>,
    reader: Reader,
    reports: PeerReports,
    gate: Admission,
    max_response_bytes: usize,
) -> (Outbound, Pump) {
    let outbound = Outbound::new(network, gate, max_response_bytes);
    let pump = Pump {
        outbound: outbound.clone(),
        events,
        reader,
        reports,
    };
    (outbound, pump)
}

/// The connected peers' ids.
pub(crate) fn peers(network: &NetworkHandle) -> Vec<bolao_chain::PeerId> {
    let peers = network.peers();
    peers.iter().map(|info| chain_peer(&info.peer)).collect()
}

/// Tells whose fault it is that a request has no answer.
fn failure(error: &RequestError) -> RequestFailure {
    match error {
        RequestError::NotConnected
        | RequestError::TooMany { .. }
        | RequestError::TooLong { .. } => RequestFailure::Local,
        _ => RequestFailure::Remote,
    }
}

impl Pump {
    /// Carries events until the network or the core stops; waits when the core's queue is full, which slows the
    /// network down rather than filling memory.
    pub(crate) async fn run(
        mut self,
        engine: Engine,
        links: Arc<Links>,
        signer: Arc<Signer>,
        home: Home,
    ) {
        let serving = Arc::new(Semaphore::new(SERVING));
        let Outbound { network, gate, .. } = self.outbound.clone();
        let (passes, mut checked) = Passes::new(network, gate, signer, home);
        loop {
            let event = tokio::select! {
                event = self.events.recv() => event,
                Some(checked) = checked.recv() => {
                    if let Some(input) = passes.take(&self.outbound, checked)
                        && engine.input(input).await.is_err()
                    {
                        return;
                    }
                    continue;
                }
            };
            let Some(event) = event else {
                return;
            };
            let input = match event {
                Event::Connected { peer, .. } => passes.meet(peer),
                Event::Disconnected { peer } => {
                    self.outbound.gate.leave(&peer);
                    self.reports.forget(&peer);
                    Input::PeerDisconnected {
                        peer: chain_peer(&peer),
                    }
                }
                Event::DialFailed { address, reason } => {
                    tracing::debug!(%address, reason, "could not connect");
                    continue;
                }
                Event::Gossip {
                    token,
                    from,
                    topic,
                    data,
                } => self.gossip(token, from, topic, data),
                Event::Request { token, from, data } => {
                    match self.request(token, from, &data, (&serving, &links, &passes)) {
                        Some(input) => input,
                        None => continue,
                    }
                }
                Event::Response { id, from, result } if links::is_ours(id) => {
                    self.heard_of_links(from, result, (&links, &passes, &engine));
                    continue;
                }
                Event::Response { id, from, result } if passes::is_ours(id) => {
                    passes.answered(from, id, result);
                    continue;
                }
                Event::Response { id, from, result } => Input::Response {
                    peer: chain_peer(&from),
                    id,
                    result: self.response(from, result, &passes),
                },
                _ => continue,
            };
            if engine.input(input).await.is_err() {
                return;
            }
        }
    }

    fn gossip(
        &self,
        token: MessageToken,
        from: PeerId,
        topic: bolao_network::Topic,
        data: Vec<u8>,
    ) -> Input {
        Input::Gossip {
            peer: chain_peer(&from),
            token: self.outbound.number_gossip(token),
            topic: match topic {
                bolao_network::Topic::Transactions => bolao_chain::Topic::Transactions,
                bolao_network::Topic::Blocks => bolao_chain::Topic::Blocks,
            },
            bytes: data,
        }
    }

    /// Reads what a peer answered.
    fn response(
        &self,
        from: PeerId,
        result: Result<Vec<u8>, RequestError>,
        passes: &Passes,
    ) -> Result<Response, RequestFailure> {
        match result.map(|bytes| decode::<Response>(&bytes)) {
            Ok(Ok(Response::PassNeeded)) => {
                passes.show(from);
                Err(RequestFailure::Remote)
            }
            Ok(Ok(response)) => {
                if let Response::Status(status) = &response {
                    self.reports.heard(from, status, now().unix);
                }
                Ok(response)
            }
            Ok(Err(error)) => {
                tracing::warn!(peer = %from, %error, "a peer sent a response that does not decode");
                let _ = self.outbound.network.discourage(from);
                Err(RequestFailure::Remote)
            }
            Err(error) => {
                tracing::debug!(peer = %from, %error, "no response");
                Err(failure(&error))
            }
        }
    }

    /// Takes what a peer has heard of the pool's links, and whose node it is itself; checking signatures takes a moment.
    fn heard_of_links(
        &self,
        from: PeerId,
        result: Result<Vec<u8>, RequestError>,
        (links, passes, engine): (&Arc<Links>, &Passes, &Engine),
    ) {
        match result.map(|bytes| decode::<Response>(&bytes)) {
            Ok(Ok(Response::PassNeeded)) => passes.show(from),
            Ok(Ok(Response::Said(said))) => {
                let (links, engine) = (links.clone(), engine.clone());
                drop(tokio::task::spawn_blocking(move || {
                    if let Some(player) = links.player_of(&from.to_string(), &said) {
                        let peer = chain_peer(&from);
                        // Where there is no room, the next answer tells it.
                        engine.try_input(Input::PeerIsPlayers { peer, player });
                    }
                    links.take(said);
                }));
            }
            Ok(Ok(_)) => {}
            Ok(Err(error)) => {
                tracing::warn!(peer = %from, %error, "a peer sent a response that does not decode");
                let _ = self.outbound.network.discourage(from);
            }
            Err(error) => tracing::debug!(peer = %from, %error, "no response"),
        }
    }

    /// A request that the core has to answer; whatever else is served here, or its sender's fault.
    fn request(
        &self,
        token: RequestToken,
        from: PeerId,
        data: &[u8],
        (serving, links, passes): (&Arc<Semaphore>, &Links, &Passes),
    ) -> Option<Input> {
        let Ok(request) = decode::<Request>(data) else {
            tracing::warn!(peer = %from, "a peer sent a request that does not decode");
            let _ = self.outbound.network.discourage(from);
            return None;
        };
        if self.outbound.gate.is_stranger(&from) && !request.is_taken_of_strangers() {
            self.outbound.respond(token, &Response::PassNeeded);
            return None;
        }
        if let Request::Pass(pass) = request {
            passes.check(token, from, pass);
            return None;
        }
        if request == (Request::Said {}) {
            self.outbound.respond(token, &Response::Said(links.all()));
            return None;
        }
        if !request.needs_core() {
            self.serve(token, request, serving);
            return None;
        }
        if let Request::Status(status) = &request
            && !status.is_blank()
        {
            self.reports.heard(from, status, now().unix);
        }
        Some(Input::Request {
            peer: chain_peer(&from),
            token: self.outbound.number_request(from, token),
            request,
        })
    }

    /// Serves a request from a snapshot when its turn comes. The pump does not wait for that; how many wait is bounded
    /// by the network, which hands out a token for each.
    fn serve(&self, token: RequestToken, request: Request, serving: &Arc<Semaphore>) {
        let serving = Arc::clone(serving);
        let (reader, outbound) = (self.reader.clone(), self.outbound.clone());
        tokio::spawn(async move {
            let Ok(permit) = serving.acquire_owned().await else {
                return;
            };
            tokio::task::spawn_blocking(move || {
                let most = outbound.max_response_bytes;
                let response = reader
                    .snapshot()
                    .and_then(|snapshot| serve(&snapshot, &request, most));
                match response {
                    Ok(response) => outbound.respond(token, &response),
                    Err(error) => tracing::error!(%error, "a request could not be served"),
                }
                drop(permit);
            });
        });
    }
}
