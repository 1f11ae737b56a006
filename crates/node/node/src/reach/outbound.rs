//! From the core to the network: outputs become commands, and answers to what others asked.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bolao_chain::{Output, Response};
use bolao_ledger::encode;
use bolao_network::{MessageToken, NetworkHandle, PeerId, RequestToken};

use crate::reach::gate::Admission;

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
    pub(super) network: NetworkHandle,
    tokens: Arc<Mutex<Tokens>>,
    pub(super) gate: Admission,
    pub(super) max_response_bytes: usize,
}

pub(super) fn chain_peer(peer: &PeerId) -> bolao_chain::PeerId {
    bolao_chain::PeerId::from(peer.to_string().as_str())
}

impl Outbound {
    pub(super) fn new(network: NetworkHandle, gate: Admission, max_response_bytes: usize) -> Self {
        Self {
            network,
            tokens: Arc::default(),
            gate,
            max_response_bytes,
        }
    }

    /// Keeps the token of a gossip message; the number that the core knows it by.
    pub(super) fn number_gossip(&self, token: MessageToken) -> u64 {
        let mut tokens = self.tokens();
        let number = tokens.number();
        keep(&mut tokens.gossip, number, token);
        number
    }

    /// The same of a request, with who asked.
    pub(super) fn number_request(&self, from: PeerId, token: RequestToken) -> u64 {
        let mut tokens = self.tokens();
        let number = tokens.number();
        keep(&mut tokens.requests, number, (from, token));
        number
    }

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
