//! Between the network and the core: events become inputs, outputs become commands, and whatever needs no writer is
//! served from a snapshot.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bolao_chain::{Input, Output, Request, RequestFailure, Response, serve};
use bolao_ledger::{decode, encode};
use bolao_network::{Event, MessageToken, NetworkHandle, PeerId, RequestError, RequestToken};
use bolao_store::Reader;
use tokio::sync::{Semaphore, mpsc};

use crate::{
    engine::{Engine, now},
    pool::Pool,
    reach::{
        gate::Admission,
        passes::{self, Passes},
        reports::PeerReports,
    },
    services::links::{self, Links},
};

/// The most requests that are served from snapshots at once.
const SERVING: usize = 8;
/// The most gossip messages, and requests, that may wait for the core.
const WAITING: usize = 4_096;

/// The network's tokens, kept under the numbers that the core knows them by.
#[derive(Debug, Default)]
struct Tokens {
    next: u64,
    gossip: BTreeMap<u64, MessageToken>,
    /// With who asked.
    requests: BTreeMap<u64, (PeerId, RequestToken)>,
}

impl Tokens {
    fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }
}

/// Drops the oldest once there are too many, and keeps the new one.
fn keep<T>(map: &mut BTreeMap<u64, T>, number: u64, token: T) {
    if map.len() >= WAITING {
        map.pop_first();
    }
    map.insert(number, token);
}

/// Carries the core's outputs to the network.
#[derive(Clone, Debug)]
pub(crate) struct Outbound {
    network: NetworkHandle,
    tokens: Arc<Mutex<Tokens>>,
    gate: Admission,
    max_response_bytes: usize,
}

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
    let outbound = Outbound {
        network,
        tokens: Arc::default(),
        gate,
        max_response_bytes,
    };
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

pub(super) fn chain_peer(peer: &PeerId) -> bolao_chain::PeerId {
    bolao_chain::PeerId::from(peer.to_string().as_str())
}

impl Outbound {
    /// Carries out an output that concerns other nodes.
    pub(crate) fn carry_out(&self, output: Output) {
        let done = match output {
            Output::Verdict { token, verdict } => {
                let Some(token) = self.tokens().gossip.remove(&token) else {
                    return;
                };
                let verdict = match verdict {
                    bolao_chain::Verdict::Accept => bolao_network::Verdict::Accept,
                    bolao_chain::Verdict::Reject => bolao_network::Verdict::Reject,
                    bolao_chain::Verdict::Ignore => bolao_network::Verdict::Ignore,
                };
                self.network.verdict(token, verdict)
            }
            Output::Publish { topic, bytes } => {
                let topic = match topic {
                    bolao_chain::Topic::Transactions => bolao_network::Topic::Transactions,
                    bolao_chain::Topic::Blocks => bolao_network::Topic::Blocks,
                };
                self.network.publish(topic, bytes)
            }
            Output::SendRequest { peer, id, request } => {
                let Ok(peer) = peer.0.parse() else {
                    return;
                };
                let request = if self.gate.is_stranger(&peer) {
                    request.for_stranger()
                } else {
                    Some(request)
                };
                let Some(request) = request else {
                    tracing::debug!(%peer, "a stranger is told nothing");
                    return;
                };
                self.network.request(peer, id, encode(&request))
            }
            Output::Respond { token, response } => {
                let Some((peer, token)) = self.tokens().requests.remove(&token) else {
                    return;
                };
                if self.gate.is_stranger(&peer) {
                    self.respond(token, &response.for_stranger());
                } else {
                    self.respond(token, &response);
                }
                return;
            }
            Output::Misbehaved { peer, reason } => {
                tracing::warn!(%peer, code = %reason.reason, %reason, "a peer broke the rules");
                match peer.0.parse() {
                    Ok(peer) => self.network.discourage(peer),
                    Err(_) => return,
                }
            }
            // The engine keeps these for itself.
            Output::Reply { .. }
            | Output::SyncRound { .. }
            | Output::Event(_)
            | Output::WakeAt(_) => return,
        };
        if let Err(error) = done {
            tracing::debug!(%error, "the network did not take a command");
        }
    }

    pub(super) fn respond(&self, token: RequestToken, response: &Response) {
        let mut bytes = encode(&response);
        if bytes.len() > self.max_response_bytes {
            bytes = encode(&Response::Refused);
        }
        if let Err(error) = self.network.respond(token, bytes) {
            tracing::debug!(%error, "a response was not sent");
        }
    }

    fn tokens(&self) -> MutexGuard<'_, Tokens> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }
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
    pub(crate) async fn run(mut self, pool: Pool) {
        let (engine, links) = (pool.engine.clone(), pool.links.clone());
        let serving = Arc::new(Semaphore::new(SERVING));
        let (passes, mut checked) = Passes::new(&pool);
        drop(pool);
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
        let mut tokens = self.outbound.tokens();
        let number = tokens.number();
        keep(&mut tokens.gossip, number, token);
        Input::Gossip {
            peer: chain_peer(&from),
            token: number,
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
        let mut tokens = self.outbound.tokens();
        let number = tokens.number();
        keep(&mut tokens.requests, number, (from, token));
        Some(Input::Request {
            peer: chain_peer(&from),
            token: number,
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
