//! What travels between nodes, and what becomes of it on the way.

use bolao_chain::{
    Input, MAX_RESPONSE_BYTES, Output, Request, RequestFailure, Response, Topic, Verdict, serve,
};
use bolao_finality::Message;
use bolao_ledger::{StatementKind, ValidatorKey, decode, encode, sha256d};

use crate::sim::{Happening, Sim, name};

/// The time for which a request waits for its answer, as the network has it, in milliseconds.
const TIMEOUT_MS: u64 = 5_000;

impl Sim {
    fn delay(&mut self) -> u64 {
        let jitter = self.links.jitter_ms.saturating_add(1);
        self.links.latency_ms.saturating_add(self.roll(jitter))
    }

    fn is_lost(&mut self, percent: u64) -> bool {
        percent > 0 && self.roll(100) < percent
    }

    fn count_sent(&mut self, bytes: &[u8]) {
        self.messages += 1;
        self.bytes += bytes.len() as u64;
    }

    /// Sends what a core wants sent.
    pub(crate) fn send(&mut self, node: usize, output: Output) {
        match output {
            Output::Verdict { token, verdict } => {
                let message = self.nodes[node].gossiped.remove(&token);
                if let (Verdict::Accept, Some((topic, bytes))) = (verdict, message) {
                    self.spread(node, topic, &bytes);
                }
            }
            Output::Publish { topic, bytes } => {
                self.nodes[node].seen.insert(sha256d(&bytes));
                self.spread(node, topic, &bytes);
            }
            Output::SendRequest {
                peer,
                id,
                mut request,
            } => {
                self.withhold(node, &mut request);
                let bytes = encode(&request);
                self.note("request", node, &bytes);
                self.requests += 1;
                self.count_sent(&bytes);
                if let Request::Votes(votes) = &request {
                    self.note_votes(node, votes);
                }
                let Ok(to) = peer.0.parse() else { return };
                let delay = self.delay();
                let deaf = self.deaf.contains(&node) && matches!(request, Request::PendingIds {});
                if deaf || self.is_lost(self.links.loss_percent) {
                    return self.unanswered(node, to, id);
                }
                self.after(delay, Happening::Request(node, to, id, bytes));
            }
            Output::Respond { token, response } => {
                if let Some((asker, id)) = self.nodes[node].asked.remove(&token) {
                    self.respond(node, asker, id, &response);
                }
            }
            // The others stay with the node.
            _ => {}
        }
    }

    /// Takes out what a node signed itself, if it is one that withholds that.
    fn withhold(&self, node: usize, request: &mut Request) {
        if let (Request::Votes(votes), true) = (request, self.withholds.contains(&node)) {
            let own = self.nodes[node].key;
            votes.retain(|bytes| {
                let message = Message::decode(bytes).expect("a core sends what can be read");
                let signed = |(key, _, _): &(ValidatorKey, _, _)| Some(*key) == own;
                message.testimony().is_some() || !message.statements().iter().any(signed)
            });
        }
    }

    /// Notes what a node signed itself.
    fn note_votes(&mut self, node: usize, votes: &[Vec<u8>]) {
        for bytes in votes {
            let message = Message::decode(bytes).expect("a core sends what can be read");
            if let [(key, statement, _)] = message.statements()[..]
                && Some(key) == self.nodes[node].key
            {
                let kind = match statement.kind {
                    StatementKind::Proposal { .. } => 0,
                    StatementKind::Prevote => 1,
                    StatementKind::Precommit => 2,
                    StatementKind::Testified => continue,
                };
                let once = (key, kind, statement.height, statement.round);
                self.signed.entry(once).or_default().insert(statement);
            }
        }
    }

    fn spread(&mut self, node: usize, topic: Topic, bytes: &[u8]) {
        self.note("gossip", node, bytes);
        let loss = self.links.loss_percent + self.links.gossip_loss_percent;
        for to in self.nodes[node].links.clone() {
            self.count_sent(bytes);
            if self.is_lost(loss) {
                continue;
            }
            let delay = self.delay();
            self.after(delay, Happening::Gossip(node, to, topic, bytes.to_vec()));
        }
    }

    fn respond(&mut self, from: usize, to: usize, id: u64, response: &Response) {
        let bytes = encode(&response);
        self.note("response", from, &bytes);
        self.count_sent(&bytes);
        let delay = self.delay();
        if self.is_lost(self.links.loss_percent) || !self.reaches(from, to) {
            return self.unanswered(to, from, id);
        }
        let result = decode::<Response>(&bytes).map_err(|_| RequestFailure::Remote);
        let peer = name(from);
        self.after(
            delay,
            Happening::Input(to, Input::Response { peer, id, result }),
        );
    }

    /// Nothing came of a request that `from` sent.
    fn unanswered(&mut self, from: usize, to: usize, id: u64) {
        let result = Err(RequestFailure::Remote);
        let peer = name(to);
        let lost = Input::Response { peer, id, result };
        self.after(TIMEOUT_MS, Happening::Input(from, lost));
    }

    pub(crate) fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Wake(node, life) => {
                let due = self.nodes[node]
                    .wake_ms
                    .is_some_and(|at| at <= self.now_ms());
                if due && self.nodes[node].life == life {
                    self.input(node, Input::Tick);
                }
            }
            Happening::Input(node, input) => {
                if let Input::Response { peer, .. } = &input
                    && !peer
                        .0
                        .parse()
                        .is_ok_and(|from| self.nodes[node].links.contains(&from))
                {
                    return;
                }
                self.input(node, input);
            }
            Happening::Gossip(from, to, topic, bytes) => self.hear(from, to, topic, bytes),
            Happening::Request(from, to, id, bytes) => self.answer(from, to, id, &bytes),
        }
    }

    fn hear(&mut self, from: usize, to: usize, topic: Topic, bytes: Vec<u8>) {
        let deaf = topic == Topic::Transactions && self.deaf.contains(&to);
        if deaf || !self.reaches(from, to) || !self.nodes[to].seen.insert(sha256d(&bytes)) {
            return;
        }
        self.sequence += 1;
        let token = self.sequence;
        let message = (topic, bytes.clone());
        self.nodes[to].gossiped.insert(token, message);
        let peer = name(from);
        self.input(
            to,
            Input::Gossip {
                peer,
                token,
                topic,
                bytes,
            },
        );
    }

    fn answer(&mut self, from: usize, to: usize, id: u64, bytes: &[u8]) {
        let Some(request) = decode::<Request>(bytes)
            .ok()
            .filter(|_| self.reaches(from, to))
        else {
            return self.unanswered(from, to, id);
        };
        if matches!(request, Request::PushTransactions(_)) && self.deaf.contains(&to) {
            return self.respond(to, from, id, &Response::Ack);
        }
        if request.needs_core() {
            self.sequence += 1;
            let token = self.sequence;
            self.nodes[to].asked.insert(token, (from, id));
            let peer = name(from);
            self.input(
                to,
                Input::Request {
                    peer,
                    token,
                    request,
                },
            );
            return;
        }
        let snapshot = self.core(to).reader().snapshot();
        let served = snapshot.and_then(|view| serve(&view, &request, MAX_RESPONSE_BYTES));
        let response = served.expect("the disk is not broken");
        self.respond(to, from, id, &response);
    }
}
