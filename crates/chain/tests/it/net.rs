//! Cores under one virtual clock, joined by links that delay, lose and reorder, all by a seed.

use std::collections::{BTreeMap, BTreeSet};

use bolao_chain::{
    Core, CoreConfig, Event, Input, Now, Output, PeerId, Request, RequestFailure, Response,
    ServeLimits, Topic, Verdict, serve,
};
use bolao_ledger::{AccountId, Block, BlockHash, Genesis, Transaction, UnixSeconds, sha256d};
use bolao_store::Store;
use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng as _, SeedableRng as _},
};

use crate::pool::{START, mine, peer};

/// How long a request may be answered, as the network has it.
const TIMEOUT_MS: u64 = 5_000;

enum Happening {
    Input(usize, Input),
    /// A request on its way: from, to, id, bytes.
    Request(usize, usize, u64, Vec<u8>),
    Gossip(usize, usize, Topic, Vec<u8>),
    Tick(usize),
}

struct Node {
    core: Option<Core>,
    seen: BTreeSet<[u8; 32]>,
    /// Whom to answer: token to asker and its id.
    asked: BTreeMap<u64, (usize, u64)>,
    gossiped: BTreeMap<u64, (Topic, Vec<u8>)>,
    links: BTreeSet<usize>,
    wake_ms: Option<u64>,
    pub(crate) events: Vec<Event>,
    pub(crate) rounds: Vec<(u64, u64)>,
    pub(crate) replies: usize,
}

pub(crate) struct Net {
    nodes: Vec<Node>,
    queue: BTreeMap<(u64, u64), Happening>,
    pub(crate) now_ms: u64,
    sequence: u64,
    dice: ChaCha8Rng,
    pub(crate) max_delay_ms: u64,
    pub(crate) gossip_loss_percent: u32,
    pub(crate) genesis: Genesis,
    pub(crate) blamed: Vec<(usize, String)>,
}

impl Net {
    pub(crate) fn new(genesis: &Genesis, count: usize, seed: u64) -> Self {
        let mut net = Self {
            nodes: Vec::new(),
            queue: BTreeMap::new(),
            now_ms: 0,
            sequence: 0,
            dice: ChaCha8Rng::seed_from_u64(seed),
            max_delay_ms: 80,
            gossip_loss_percent: 0,
            genesis: genesis.clone(),
            blamed: Vec::new(),
        };
        for _ in 0..count {
            net.add();
        }
        net
    }

    pub(crate) fn add(&mut self) -> usize {
        let store = Store::in_memory(&self.genesis).unwrap();
        let core = Core::new(store, CoreConfig::default(), self.now()).unwrap();
        let index = self.nodes.len();
        self.nodes.push(Node {
            core: Some(core),
            seen: BTreeSet::new(),
            asked: BTreeMap::new(),
            gossiped: BTreeMap::new(),
            links: BTreeSet::new(),
            wake_ms: None,
            events: Vec::new(),
            rounds: Vec::new(),
            replies: 0,
        });
        self.after(0, Happening::Tick(index));
        index
    }

    pub(crate) fn now(&self) -> Now {
        Now {
            unix: UnixSeconds(START + 10 + self.now_ms / 1_000),
            mono_ms: self.now_ms,
        }
    }

    pub(crate) fn roll(&mut self, sides: u64) -> u64 {
        self.dice.next_u64() % sides
    }

    fn delay(&mut self) -> u64 {
        let max = self.max_delay_ms;
        1 + self.roll(max)
    }

    fn after(&mut self, delay: u64, happening: Happening) {
        self.sequence += 1;
        self.queue
            .insert((self.now_ms + delay, self.sequence), happening);
    }

    pub(crate) fn core(&self, node: usize) -> &Core {
        self.nodes[node].core.as_ref().unwrap()
    }

    pub(crate) fn tip(&self, node: usize) -> BlockHash {
        self.core(node).tip().hash
    }

    pub(crate) fn events(&self, node: usize) -> &[Event] {
        &self.nodes[node].events
    }

    pub(crate) fn rounds(&self, node: usize) -> &[(u64, u64)] {
        &self.nodes[node].rounds
    }

    pub(crate) fn count(&self) -> usize {
        self.nodes.len()
    }

    pub(crate) fn connect(&mut self, a: usize, b: usize) {
        for (from, to) in [(a, b), (b, a)] {
            if self.nodes[from].links.insert(to) {
                self.input(from, Input::PeerConnected { peer: name(to) });
            }
        }
    }

    pub(crate) fn disconnect(&mut self, a: usize, b: usize) {
        for (from, to) in [(a, b), (b, a)] {
            if self.nodes[from].links.remove(&to) {
                self.input(from, Input::PeerDisconnected { peer: name(to) });
            }
        }
    }

    pub(crate) fn connect_all(&mut self) {
        for a in 0..self.count() {
            for b in 0..a {
                self.connect(a, b);
            }
        }
    }

    pub(crate) fn submit(&mut self, node: usize, transaction: Transaction) {
        let transaction = Box::new(transaction);
        let token = 0;
        self.input(node, Input::Submit { token, transaction });
    }

    pub(crate) fn mine(&mut self, node: usize) -> Block {
        let miner = AccountId([node as u8; 32]);
        let template = self.core(node).template(self.now(), miner, b"").unwrap();
        let block = mine(&template);
        self.give(node, block.clone());
        block
    }

    pub(crate) fn give(&mut self, node: usize, block: Block) {
        let block = Box::new(block);
        self.input(node, Input::Mined { token: 0, block });
    }

    pub(crate) fn input(&mut self, node: usize, input: Input) {
        let now = self.now();
        let Some(core) = &mut self.nodes[node].core else {
            return;
        };
        let outputs = core.handle(now, input).unwrap();
        for output in outputs {
            self.carry_out(node, output);
        }
    }

    fn carry_out(&mut self, node: usize, output: Output) {
        match output {
            Output::Reply { .. } => self.nodes[node].replies += 1,
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
            Output::SendRequest { peer, id, request } => {
                let to: usize = peer.0.parse().unwrap();
                let delay = self.delay();
                self.after(delay, Happening::Request(node, to, id, request.encode()));
            }
            Output::Respond { token, response } => {
                let (asker, id) = self.nodes[node].asked.remove(&token).unwrap();
                self.respond(node, asker, id, &response);
            }
            Output::Misbehaved { peer, reason } => {
                self.blamed.push((node, reason.message));
                let other: usize = peer.0.parse().unwrap();
                self.disconnect(node, other);
            }
            Output::SyncRound {
                token,
                replacements,
            } => {
                self.nodes[node].rounds.push((token, replacements));
            }
            Output::Event(event) => self.nodes[node].events.push(event),
            Output::WakeAt(at) => {
                if self.nodes[node].wake_ms.replace(at) != Some(at) {
                    let delay = at.saturating_sub(self.now_ms);
                    self.after(delay, Happening::Tick(node));
                }
            }
        }
    }

    fn spread(&mut self, node: usize, topic: Topic, bytes: &[u8]) {
        for to in self.nodes[node].links.clone() {
            if self.roll(100) < u64::from(self.gossip_loss_percent) {
                continue;
            }
            let delay = self.delay();
            self.after(delay, Happening::Gossip(node, to, topic, bytes.to_vec()));
        }
    }

    fn respond(&mut self, from: usize, to: usize, id: u64, response: &Response) {
        let result = Ok(Response::decode(&response.encode()).unwrap());
        let peer = name(from);
        let delay = self.delay();
        self.after(
            delay,
            Happening::Input(to, Input::Response { peer, id, result }),
        );
    }

    fn linked(&self, a: usize, b: usize) -> bool {
        self.nodes[a].links.contains(&b)
    }

    /// Lets so much time pass.
    pub(crate) fn run_ms(&mut self, span: u64) {
        let end = self.now_ms + span;
        while let Some(entry) = self.queue.first_entry() {
            let at = entry.key().0;
            if at > end {
                break;
            }
            let happening = entry.remove();
            self.now_ms = at;
            self.happen(happening);
        }
        self.now_ms = end;
    }

    /// Lets time pass until all is as wanted; at most so much.
    pub(crate) fn run_until(&mut self, limit_ms: u64, done: impl Fn(&Self) -> bool) -> bool {
        let end = self.now_ms + limit_ms;
        while self.now_ms < end {
            if done(self) {
                return true;
            }
            self.run_ms(50);
        }
        done(self)
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Tick(node) => {
                // A later input may have named another time.
                if self.nodes[node].wake_ms.is_none_or(|at| at <= self.now_ms) {
                    self.input(node, Input::Tick);
                }
            }
            Happening::Input(node, input) => {
                if let Input::Response { peer, .. } = &input {
                    let from: usize = peer.0.parse().unwrap();
                    if !self.linked(node, from) {
                        return;
                    }
                }
                self.input(node, input);
            }
            Happening::Gossip(from, to, topic, bytes) => {
                if !self.linked(from, to) || !self.nodes[to].seen.insert(sha256d(&bytes)) {
                    return;
                }
                let token = self.sequence;
                self.nodes[to]
                    .gossiped
                    .insert(token, (topic, bytes.clone()));
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
            Happening::Request(from, to, id, bytes) => {
                if !self.linked(from, to) {
                    let peer = name(to);
                    let result = Err(RequestFailure::Remote);
                    let lost = Input::Response { peer, id, result };
                    self.after(TIMEOUT_MS, Happening::Input(from, lost));
                    return;
                }
                let request = Request::decode(&bytes).unwrap();
                if request.needs_core() {
                    let token = self.sequence;
                    self.sequence += 1;
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
                } else {
                    let snapshot = self.core(to).reader().snapshot().unwrap();
                    let response = serve(&snapshot, &request, ServeLimits::default()).unwrap();
                    self.respond(to, from, id, &response);
                }
            }
        }
    }

    pub(crate) fn agree(&self) -> bool {
        (1..self.count()).all(|node| self.tip(node) == self.tip(0))
    }

    /// Tip and waiting transactions of each, to read when a test fails.
    pub(crate) fn state(&self) -> String {
        let describe = |node: usize| {
            let snapshot = self.core(node).reader().snapshot().unwrap();
            let pending = snapshot.pending().unwrap();
            let waits: BTreeSet<_> = pending
                .iter()
                .map(|it| (it.body.account.0[0], it.body.nonce.0, it.id().0[0]))
                .collect();
            let tip = self.core(node).tip();
            format!("{node}: {} {} {waits:?}\n", tip.height, tip.hash)
        };
        (0..self.count()).map(describe).collect()
    }

    /// Whether the same transactions wait everywhere.
    pub(crate) fn pending_agree(&self) -> bool {
        let ids = |node: usize| -> BTreeSet<_> {
            let snapshot = self.core(node).reader().snapshot().unwrap();
            let pending = snapshot.pending().unwrap();
            assert_eq!(pending.len(), self.core(node).pending());
            pending.iter().map(Transaction::id).collect()
        };
        (1..self.count()).all(|node| ids(node) == ids(0))
    }
}

pub(crate) fn name(node: usize) -> PeerId {
    peer(&node.to_string())
}
