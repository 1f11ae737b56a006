//! The clock, the queue of what is to come, and what a scenario may do.

use std::collections::{BTreeMap, BTreeSet};

use bolao_chain::{CoreConfig, Input, Output, PeerId, Topic};
use bolao_finality::Verified;
use bolao_ledger::{
    AccountId, Block, EXTRA_NONCE_BYTES, Genesis, Header, Height, Statement, Transaction,
    ValidatorKey, encode, sha256d,
};
use chacha20::{
    ChaCha8Rng,
    rand_core::{Rng as _, SeedableRng as _},
};

use crate::node::{Ignored, Node};

/// From genesis to the start of a simulation, in seconds.
const BEGINNING_S: u64 = 10;

/// The properties of all links.
#[derive(Clone, Copy, Debug)]
pub struct Links {
    /// The shortest time of a message, in milliseconds.
    pub latency_ms: u64,
    /// The most that chance adds.
    pub jitter_ms: u64,
    /// Of a hundred messages, so many are lost.
    pub loss_percent: u64,
    /// Of a hundred that are gossip, so many more.
    pub gossip_loss_percent: u64,
}

impl Default for Links {
    fn default() -> Self {
        Self {
            latency_ms: 1,
            jitter_ms: 80,
            loss_percent: 0,
            gossip_loss_percent: 0,
        }
    }
}

#[derive(Debug)]
#[allow(clippy::large_enum_variant)] // Most are inputs.
pub(crate) enum Happening {
    /// An answer, or why there is none.
    Input(usize, Input),
    /// A request on its way: from, to, id, bytes.
    Request(usize, usize, u64, Vec<u8>),
    Gossip(usize, usize, Topic, Vec<u8>),
    /// A core's time has come, if it has not been started anew.
    Wake(usize, u64),
}

/// Of what a validator may sign one: its key, the kind of statement, the height, the round.
pub(crate) type Once = (ValidatorKey, u8, Height, u32);

/// Nodes, links and a clock.
#[derive(Debug)]
pub struct Sim {
    pub(crate) nodes: Vec<Node>,
    queue: BTreeMap<(u64, u64), Happening>,
    now_ms: u64,
    pub(crate) sequence: u64,
    dice: ChaCha8Rng,
    seed: u64,
    pub(crate) trace: [u8; 32],
    pub(crate) genesis: Genesis,
    cut: BTreeSet<(usize, usize)>,
    pub(crate) blamed: Vec<(usize, String)>,
    /// The statements that every node's own key signed and sent, by what it may sign once.
    pub(crate) signed: BTreeMap<Once, BTreeSet<Statement>>,
    pub(crate) requests: u64,
    pub(crate) messages: u64,
    pub(crate) bytes: u64,
    /// Nodes on one machine need not check twice what one of them has.
    verified: Verified,
    /// Whether nodes that start again have lost the log of their votes: a control.
    pub forget_votes: bool,
    /// Nodes whose own votes and proposals are lost, though they say that they are there.
    pub withholds: BTreeSet<usize>,
    /// Nodes that throw others' transactions away, as a validator does who leaves bets out.
    pub deaf: BTreeSet<usize>,
    /// The properties of the links from now on.
    pub links: Links,
}

pub(crate) fn name(node: usize) -> PeerId {
    PeerId::from(node.to_string().as_str())
}

impl Sim {
    /// Nodes of one pool that do not know one another yet.
    #[must_use]
    pub fn new(genesis: &Genesis, count: usize, seed: u64) -> Self {
        Self::of(genesis, vec![CoreConfig::default(); count], seed)
    }

    /// The same with a node for each of these.
    #[must_use]
    pub fn of(genesis: &Genesis, configs: Vec<CoreConfig>, seed: u64) -> Self {
        let mut sim = Self {
            nodes: Vec::new(),
            queue: BTreeMap::new(),
            now_ms: 0,
            sequence: 0,
            dice: ChaCha8Rng::seed_from_u64(seed),
            seed,
            trace: [0; 32],
            genesis: genesis.clone(),
            cut: BTreeSet::new(),
            blamed: Vec::new(),
            signed: BTreeMap::new(),
            requests: 0,
            messages: 0,
            bytes: 0,
            verified: Verified::default(),
            forget_votes: false,
            withholds: BTreeSet::new(),
            deaf: BTreeSet::new(),
            links: Links::default(),
        };
        for config in configs {
            sim.add(config);
        }
        sim
    }

    /// One more node; gives its number.
    pub fn add(&mut self, mut config: CoreConfig) -> usize {
        config.verified = self.verified.clone();
        let index = self.nodes.len();
        let node = Node::new(&self.genesis, config, self.now_of(0));
        self.nodes.push(node);
        self.input(index, Input::Tick);
        index
    }

    /// The pool's rules.
    #[must_use]
    pub fn genesis(&self) -> &Genesis {
        &self.genesis
    }

    /// Gives the number of nodes.
    #[must_use]
    pub fn count(&self) -> usize {
        self.nodes.len()
    }

    /// Milliseconds since the start.
    #[must_use]
    pub fn now_ms(&self) -> u64 {
        self.now_ms
    }

    /// When the next thing happens by itself, in milliseconds since the start.
    #[must_use]
    pub fn next_ms(&self) -> Option<u64> {
        self.queue.first_key_value().map(|((at, _), _)| *at)
    }

    /// The time that a node's clock shows.
    #[must_use]
    pub fn clock(&self, node: usize) -> bolao_chain::Now {
        self.now_of(self.nodes[node].ahead_s)
    }

    fn now_of(&self, ahead_s: i64) -> bolao_chain::Now {
        let unix = self.genesis.created.0 + BEGINNING_S + self.now_ms / 1_000;
        bolao_chain::Now {
            unix: bolao_ledger::UnixSeconds(unix.saturating_add_signed(ahead_s)),
            mono_ms: self.now_ms,
        }
    }

    /// Gives the number of times that a node waited for its disk.
    #[must_use]
    pub fn disk_syncs(&self, node: usize) -> u64 {
        self.nodes[node].syncs()
    }

    /// A number below `sides` by the seed, for the scenario's own chances.
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.dice.next_u64() % sides.max(1)
    }

    pub(crate) fn note(&mut self, what: &str, node: usize, bytes: &[u8]) {
        let place = [self.now_ms, node as u64].map(u64::to_le_bytes).concat();
        self.trace = sha256d(&[&self.trace, what.as_bytes(), &place, bytes].concat());
    }

    /// The name by which the others know a node.
    #[must_use]
    pub fn peer(node: usize) -> PeerId {
        name(node)
    }

    /// Connects two nodes that are up.
    pub fn connect(&mut self, a: usize, b: usize) {
        if self.nodes[a].core.is_none() || self.nodes[b].core.is_none() {
            return;
        }
        for (from, to) in [(a, b), (b, a)] {
            if from != to && self.nodes[from].links.insert(to) {
                self.input(from, Input::PeerConnected { peer: name(to) });
            }
        }
    }

    /// Ends a connection, of which both ends hear.
    pub fn disconnect(&mut self, a: usize, b: usize) {
        for (from, to) in [(a, b), (b, a)] {
            if self.nodes[from].links.remove(&to) {
                self.input(from, Input::PeerDisconnected { peer: name(to) });
            }
        }
    }

    /// Connects everybody who is up with everybody else.
    pub fn connect_all(&mut self) {
        for a in 0..self.count() {
            for b in 0..a {
                self.connect(a, b);
            }
        }
    }

    /// From now on nothing passes between these nodes and all others, and nobody is told.
    pub fn partition(&mut self, group: &[usize]) {
        for a in 0..self.count() {
            for b in 0..self.count() {
                if group.contains(&a) != group.contains(&b) {
                    self.cut.insert((a, b));
                }
            }
        }
    }

    /// From now on nothing passes from one node to another, and nobody is told. What goes the other way still arrives.
    pub fn lose(&mut self, from: usize, to: usize) {
        self.cut.insert((from, to));
    }

    /// Ends every partition, and every loss of this kind.
    pub fn heal(&mut self) {
        self.cut.clear();
    }

    pub(crate) fn reaches(&self, from: usize, to: usize) -> bool {
        self.nodes[from].links.contains(&to) && !self.cut.contains(&(from, to))
    }

    /// Cuts a node's power. Of what it had not synced, chance keeps any part.
    pub fn crash(&mut self, node: usize) {
        for other in self.nodes[node].links.clone() {
            self.nodes[node].links.remove(&other);
            self.nodes[other].links.remove(&node);
            self.input(other, Input::PeerDisconnected { peer: name(node) });
        }
        // Dice of its own, since how many writes there were is redb's matter.
        let mut dice = ChaCha8Rng::seed_from_u64(self.seed ^ self.now_ms.rotate_left(32));
        self.nodes[node].crash(|| dice.next_u64().is_multiple_of(2));
        self.note("crash", node, &[]);
    }

    /// Makes a copy of a node's disk.
    pub fn back_up(&mut self, node: usize) {
        self.nodes[node].back_up();
    }

    /// Puts the last copy in the place of the disk of a node that is down.
    pub fn put_back(&mut self, node: usize) {
        self.nodes[node].put_back();
    }

    /// Starts a node again; it is not connected.
    pub fn restart(&mut self, node: usize) {
        let now = self.clock(node);
        self.nodes[node].start(&self.genesis, now, self.forget_votes);
        self.input(node, Input::Tick);
    }

    /// Gives a node other settings from its next start on.
    pub fn configure(&mut self, node: usize, mut config: CoreConfig) {
        config.verified = self.verified.clone();
        self.nodes[node].config = config;
    }

    /// From now on a node hears nothing of which this says so: an attacker's.
    pub fn ignore(&mut self, node: usize, what: Ignored) {
        self.nodes[node].ignored = Some(what);
    }

    /// Sets a node's clock so many seconds ahead of the true time.
    pub fn set_clock(&mut self, node: usize, ahead_s: i64) {
        self.nodes[node].ahead_s = ahead_s;
    }

    /// Submits a transaction at a node.
    pub fn submit(&mut self, node: usize, transaction: Transaction) {
        self.input(node, Input::submit(0, transaction));
    }

    /// Finds a block on a node's tip and gives it to that node. For pools whose target is easy.
    pub fn mine(&mut self, node: usize) -> Block {
        let now = self.clock(node);
        let miner = AccountId([u8::try_from(node).unwrap_or(u8::MAX); 32]);
        let template = self.core(node).template(now, miner, b"");
        let template = template.expect("the disk is not broken");
        let start = template.header();
        let header = (0..=u32::MAX)
            .map(|nonce| start.with_nonce(nonce))
            .find(Header::meets_own_target)
            .expect("the pool's target is easy");
        let block = template.block(header, [0; EXTRA_NONCE_BYTES]);
        self.give(node, block.clone());
        block
    }

    /// Gives a node a block as if it had been found there.
    pub fn give(&mut self, node: usize, block: Block) {
        let block = Box::new(block);
        self.input(node, Input::Mined { token: 0, block });
    }

    /// Has a node handle anything at all; one that is down does not.
    pub fn input(&mut self, node: usize, input: Input) {
        let ignored = self.nodes[node].ignored.as_ref();
        if ignored.is_some_and(|ignored| ignored.0(&input)) {
            return;
        }
        let Some(core) = &mut self.nodes[node].core else {
            return;
        };
        let before = core.tip().hash;
        self.nodes[node].wake_ms = None;
        let now = self.clock(node);
        let Some(core) = &mut self.nodes[node].core else {
            return;
        };
        match core.handle(now, input) {
            Ok(outputs) => {
                let tip = core.tip().hash;
                if tip != before {
                    self.note("tip", node, &encode(&tip));
                }
                for output in outputs {
                    self.carry_out(node, output);
                }
            }
            Err(error) => {
                self.note("end", node, error.to_string().as_bytes());
                self.crash(node);
                self.nodes[node].failure = Some(error);
            }
        }
    }

    fn carry_out(&mut self, node: usize, output: Output) {
        match output {
            Output::WakeAt(at) => {
                self.nodes[node].wake_ms = Some(at);
                let life = self.nodes[node].life;
                let delay = at.saturating_sub(self.now_ms);
                self.after(delay, Happening::Wake(node, life));
            }
            Output::Event(event) => self.nodes[node].events.push(event),
            Output::Reply { token, result } => self.nodes[node].replies.push((token, result)),
            Output::SyncRound {
                token,
                replacements,
            } => self.nodes[node].rounds.push((token, replacements)),
            Output::Misbehaved { peer, reason } => {
                self.blamed.push((node, reason.message));
                if let Ok(other) = peer.0.parse() {
                    self.disconnect(node, other);
                }
            }
            message => self.send(node, message),
        }
    }

    pub(crate) fn after(&mut self, delay_ms: u64, happening: Happening) {
        self.sequence += 1;
        let at = self.now_ms.saturating_add(delay_ms);
        self.queue.insert((at, self.sequence), happening);
    }

    /// The number of messages and wake-ups so far, with those that are still on their way.
    #[must_use]
    pub fn happened(&self) -> u64 {
        self.sequence
    }

    /// Lets so much time pass.
    pub fn run_ms(&mut self, span: u64) {
        let end = self.now_ms.saturating_add(span);
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

    /// Lets time pass until all is as wanted, at most so much; whether it is.
    pub fn run_until(&mut self, limit_ms: u64, done: impl Fn(&Self) -> bool) -> bool {
        let end = self.now_ms.saturating_add(limit_ms);
        while self.now_ms < end {
            if done(self) {
                return true;
            }
            self.run_ms(50);
        }
        done(self)
    }
}
