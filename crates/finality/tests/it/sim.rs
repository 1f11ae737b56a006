//! Validators under one seeded virtual clock: links with latency, loss and cuts, crashes that lose what was not flushed.

use std::collections::{BTreeMap, BTreeSet};

use bolao_finality::{Config, Decided, Entries, Input, Log, Message, Output, Validator, Verdict};
use bolao_ledger::{
    AccountId, BlockHash, Decision, DoubleSign, Height, PoolId, SetChange, Statement,
    StatementKind, ValidatorKey, ValidatorSet, Voting, encode, sha256d,
};
use ed25519_zebra::{SigningKey, VerificationKeyBytes};
use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng as _, SeedableRng as _},
};

pub(crate) const POOL: PoolId = PoolId([9; 32]);

/// How often a node asks another for what it missed, in milliseconds.
const SYNC_MS: u64 = 500;

/// What a run is like.
#[derive(Clone)]
pub(crate) struct Plan {
    /// The weights of the validators.
    pub(crate) weights: Vec<u64>,
    /// Validators that run twice, with one key and two minds.
    pub(crate) twins: Vec<usize>,
    /// Of a hundred messages, so many are lost.
    pub(crate) loss_percent: u64,
    /// Whether the weights are others at every height, and some nothing.
    pub(crate) changing: bool,
    /// Whether what is written to the log stays.
    pub(crate) log: bool,
    /// How many heights have something to decide.
    pub(crate) heights: u64,
}

impl Plan {
    pub(crate) fn of(count: usize) -> Self {
        Self {
            weights: vec![1; count],
            twins: Vec::new(),
            loss_percent: 0,
            changing: false,
            log: true,
            heights: 10,
        }
    }
}

enum Change {
    Keep(Decision),
    Append(Vec<u8>),
    Reset(Height),
}

#[derive(Default)]
struct Disk {
    log: Option<Entries>,
    bodies: BTreeSet<Decision>,
    chain: Vec<Decided>,
    unflushed: Vec<Change>,
}

impl Disk {
    fn apply(&mut self, change: Change) {
        match change {
            Change::Keep(decision) => drop(self.bodies.insert(decision)),
            Change::Reset(height) => {
                let entries = Vec::new();
                self.log = Some(Entries { height, entries });
            }
            Change::Append(entry) => {
                let log = self.log.as_mut();
                log.expect("a log is reset before it is used")
                    .entries
                    .push(entry);
            }
        }
    }

    fn next(&self) -> Height {
        Height(self.chain.len() as u64 + 1)
    }
}

impl Log for Disk {
    type Error = ();

    fn append(&mut self, entry: &[u8]) -> Result<(), ()> {
        self.unflushed.push(Change::Append(entry.to_vec()));
        Ok(())
    }

    fn flush(&mut self) -> Result<(), ()> {
        for change in std::mem::take(&mut self.unflushed) {
            self.apply(change);
        }
        Ok(())
    }

    fn reset(&mut self, height: Height) -> Result<(), ()> {
        self.unflushed.push(Change::Reset(height));
        Ok(())
    }

    fn read(&self) -> Result<Option<Entries>, ()> {
        Ok(self.log.clone())
    }
}

struct Node {
    who: usize,
    twin: bool,
    validator: Option<Validator>,
    disk: Disk,
    bodies: BTreeSet<Decision>,
    wanted: BTreeSet<(Height, Decision)>,
    undecided: Option<Decided>,
    wake: Option<u64>,
    life: u64,
}

enum Event {
    Message(usize, usize, Vec<u8>),
    Body(usize, Decision),
    Input(usize, u64, Input),
    Wake(usize, u64),
    Sync(usize),
    Crash(usize),
    Restart(usize),
}

pub(crate) struct Sim {
    pub(crate) plan: Plan,
    nodes: Vec<Node>,
    queue: BTreeMap<(u64, u64), Event>,
    now: u64,
    sequence: u64,
    dice: ChaCha8Rng,
    /// A hash of all that was put out, by whom and when.
    pub(crate) trace: [u8; 32],
    /// Pairs between which nothing passes.
    pub(crate) cuts: BTreeSet<(usize, usize)>,
    /// What every honest key signed and sent: more than one thing is a double vote.
    signed: BTreeMap<(usize, u8, Height, u32), BTreeSet<Statement>>,
    /// What honest validators decided.
    pub(crate) decided: BTreeMap<Height, BTreeSet<Decision>>,
    pub(crate) guilty: Vec<DoubleSign>,
    pub(crate) muted: usize,
    pub(crate) sent: usize,
    /// How long each height took a validator that voted on it, in milliseconds.
    pub(crate) spans: Vec<u64>,
    began: BTreeMap<Height, u64>,
}

pub(crate) fn key(who: usize) -> SigningKey {
    SigningKey::from([who as u8 + 1; 32])
}

pub(crate) fn public(who: usize) -> ValidatorKey {
    ValidatorKey(VerificationKeyBytes::from(&key(who)).into())
}

pub(crate) fn voting() -> Voting {
    Voting {
        clock_s: 5,
        propose_ms: 600,
        vote_ms: 300,
        round_ms: 10_000,
        validators: Vec::new(),
        change: SetChange::Appointed { quorum: 1 },
    }
}

pub(crate) fn set(weights: impl IntoIterator<Item = u64>) -> ValidatorSet {
    let validators = weights.into_iter().enumerate().map(|(who, weight)| {
        let (account, key) = (AccountId([who as u8 + 1; 32]), public(who));
        bolao_ledger::Validator {
            account,
            key,
            weight,
        }
    });
    ValidatorSet::new(validators).unwrap()
}

impl Sim {
    pub(crate) fn new(plan: Plan, seed: u64) -> Self {
        let count = plan.weights.len();
        let honest = (0..count).map(|who| (who, false));
        let twins = plan.twins.iter().map(|who| (*who, true));
        let nodes = honest.chain(twins).map(|(who, twin)| Node {
            who,
            twin,
            validator: None,
            disk: Disk::default(),
            bodies: BTreeSet::new(),
            wanted: BTreeSet::new(),
            undecided: None,
            wake: None,
            life: 0,
        });
        let mut sim = Self {
            nodes: nodes.collect(),
            plan,
            queue: BTreeMap::new(),
            now: 0,
            sequence: 0,
            dice: ChaCha8Rng::seed_from_u64(seed),
            trace: [0; 32],
            cuts: BTreeSet::new(),
            signed: BTreeMap::new(),
            decided: BTreeMap::new(),
            guilty: Vec::new(),
            muted: 0,
            sent: 0,
            spans: Vec::new(),
            began: BTreeMap::new(),
        };
        for node in 0..sim.nodes.len() {
            sim.restart(node);
            sim.after(SYNC_MS + node as u64, Event::Sync(node));
        }
        sim
    }

    pub(crate) fn roll(&mut self, sides: u64) -> u64 {
        self.dice.next_u64() % sides.max(1)
    }

    pub(crate) fn count(&self) -> usize {
        self.nodes.len()
    }

    fn is_guilty(&self, node: usize) -> bool {
        self.plan.twins.contains(&self.nodes[node].who)
    }

    /// The validators of a height.
    pub(crate) fn set(&self, height: Height) -> ValidatorSet {
        let count = self.plan.weights.len() as u64;
        let weights = self.plan.weights.iter().zip(0_u64..).map(|(weight, who)| {
            if !self.plan.changing {
                return *weight;
            }
            // One after the other has nothing for two heights.
            let away = height.0 / 2 % (2 * count) == who;
            if away {
                0
            } else {
                weight * (1 + (height.0 + who) % 3)
            }
        });
        set(weights)
    }

    fn after(&mut self, delay: u64, event: Event) {
        self.sequence += 1;
        self.queue.insert((self.now + delay, self.sequence), event);
    }

    fn note(&mut self, node: usize, bytes: &[u8]) {
        let place = [self.now, node as u64].map(u64::to_le_bytes).concat();
        self.trace = sha256d(&[&self.trace, place.as_slice(), bytes].concat());
    }

    pub(crate) fn height(&self, node: usize) -> u64 {
        self.nodes[node].disk.chain.len() as u64
    }

    /// The lowest height that an honest node has decided.
    pub(crate) fn lowest(&self) -> u64 {
        let honest = (0..self.count()).filter(|node| !self.is_guilty(*node));
        honest.map(|node| self.height(node)).min().unwrap()
    }

    /// Heights of which honest validators decided two things.
    pub(crate) fn forks(&self) -> usize {
        self.decided
            .values()
            .filter(|found| found.len() > 1)
            .count()
    }

    /// Statements of which honest validators sent two.
    pub(crate) fn double_votes(&self) -> usize {
        self.signed.values().filter(|found| found.len() > 1).count()
    }

    /// Whether nobody waits for anything.
    pub(crate) fn rests(&self) -> bool {
        self.nodes.iter().all(|node| node.wake.is_none())
    }

    /// Cuts a node's power in a while, and starts it again.
    pub(crate) fn crash_in(&mut self, delay: u64, node: usize, down: u64) {
        self.after(delay, Event::Crash(node));
        self.after(delay + down, Event::Restart(node));
    }

    pub(crate) fn kill(&mut self, node: usize) {
        let mut lost = std::mem::take(&mut self.nodes[node].disk.unflushed);
        let kept = self.roll(lost.len() as u64 + 1) as usize;
        lost.truncate(kept);
        let log = self.plan.log;
        let node = &mut self.nodes[node];
        for change in lost {
            node.disk.apply(change);
        }
        if !log {
            node.disk.log = None;
        }
        node.validator = None;
        node.wake = None;
        node.undecided = None;
        node.wanted.clear();
        node.bodies = node.disk.bodies.clone();
    }

    pub(crate) fn restart(&mut self, node: usize) {
        let height = self.nodes[node].disk.next();
        let set = self.set(height);
        let it = &mut self.nodes[node];
        if it.validator.is_some() {
            return;
        }
        it.life += 1;
        let config = Config {
            pool: POOL,
            key: key(it.who),
            voting: voting(),
        };
        let log = it.disk.read().unwrap();
        let (validator, outputs) = Validator::new(config, self.now, (height, set), log).unwrap();
        it.validator = Some(validator);
        self.carry_out(node, None, outputs);
        self.offer(node);
    }

    /// Something may wait here.
    fn offer(&mut self, node: usize) {
        let height = self.nodes[node].disk.next();
        let (life, chance) = (self.nodes[node].life, self.roll(3));
        if height.0 <= self.plan.heights && chance > 0 {
            let delay = self.roll(20);
            self.after(delay, Event::Input(node, life, Input::Waiting));
        }
    }

    fn input(&mut self, node: usize, token: Option<usize>, input: Input) {
        let now = self.now;
        if let Some(validator) = &mut self.nodes[node].validator {
            let outputs = validator.handle(now, input);
            self.carry_out(node, token, outputs);
        }
    }

    fn carry_out(&mut self, node: usize, from: Option<usize>, outputs: Vec<Output>) {
        self.nodes[node].wake = None;
        let life = self.nodes[node].life;
        for output in outputs {
            if self.nodes[node].disk.carry_out(&output).unwrap() {
                continue;
            }
            match output {
                Output::Keep(decision) => {
                    self.nodes[node].disk.unflushed.push(Change::Keep(decision));
                }
                Output::Send(message) => self.send(node, &message),
                Output::Reply { message, .. } => {
                    let bytes = message.encode();
                    self.deliver(node, from.unwrap(), bytes);
                }
                Output::Relay(message) if !self.cuts.is_empty() => {
                    for to in 0..self.count() {
                        if Some(to) != from {
                            self.deliver(node, to, message.encode());
                        }
                    }
                }
                Output::Relay(_) => {}
                Output::Share(decision) => {
                    for to in 0..self.count() {
                        if self.passes(node, to) {
                            let delay = self.delay();
                            self.after(delay, Event::Body(to, decision));
                        }
                    }
                }
                Output::Build { height, round } => {
                    let chance = self.roll(u64::MAX);
                    let hash = sha256d(&encode(&(height, round, node as u64, chance)));
                    let decision = Decision {
                        height,
                        hash: BlockHash(hash),
                        contested: false,
                    };
                    self.nodes[node].bodies.insert(decision);
                    self.began.entry(height).or_insert(self.now);
                    let built = Input::Built {
                        height,
                        round,
                        decision,
                    };
                    self.after(1, Event::Input(node, life, built));
                }
                Output::Judge { height, decision } => {
                    self.nodes[node].wanted.insert((height, decision));
                    self.judge(node);
                }
                Output::Decide(decided) => self.decide(node, decided),
                Output::Guilty(proof) => self.guilty.push(proof),
                Output::Muted(_) => self.muted += 1,
                Output::WakeAt(at) => {
                    self.nodes[node].wake = Some(at);
                    let delay = at.saturating_sub(self.now);
                    self.after(delay, Event::Wake(node, life));
                }
                other => panic!("nobody carried out {other:?}"),
            }
        }
    }

    fn judge(&mut self, node: usize) {
        let it = &mut self.nodes[node];
        let (life, bodies) = (it.life, &it.bodies);
        let here = it
            .wanted
            .extract_if(.., |(_, decision)| bodies.contains(decision));
        for (height, decision) in here.collect::<Vec<_>>() {
            let verdict = Verdict::Valid;
            let judged = Input::Judged {
                height,
                decision,
                verdict,
            };
            self.after(1, Event::Input(node, life, judged));
        }
    }

    fn decide(&mut self, node: usize, decided: Decided) {
        if let Some(began) = self.began.get(&decided.height) {
            self.spans.push(self.now - began);
        }
        if !self.is_guilty(node) {
            let found = self.decided.entry(decided.height).or_default();
            found.insert(decided.decision);
        }
        if self.nodes[node].bodies.contains(&decided.decision) {
            return self.commit(node, decided);
        }
        self.nodes[node].undecided = Some(decided);
    }

    fn commit(&mut self, node: usize, decided: Decided) {
        if decided.height != self.nodes[node].disk.next() {
            return;
        }
        let (height, set) = (decided.height.next(), self.set(decided.height.next()));
        self.nodes[node].disk.chain.push(decided);
        let life = self.nodes[node].life;
        self.after(0, Event::Input(node, life, Input::Height { height, set }));
        self.offer(node);
    }

    fn delay(&mut self) -> u64 {
        5 + self.roll(26)
    }

    fn passes(&mut self, from: usize, to: usize) -> bool {
        let lost = self.roll(100) < self.plan.loss_percent;
        from != to && !lost && !self.cuts.contains(&(from.min(to), from.max(to)))
    }

    fn send(&mut self, node: usize, message: &Message) {
        let bytes = message.encode();
        self.note(node, &bytes);
        self.sent += 1;
        self.check_signed(node, message);
        for to in 0..self.count() {
            self.deliver(node, to, bytes.clone());
        }
    }

    fn deliver(&mut self, from: usize, to: usize, bytes: Vec<u8>) {
        if self.passes(from, to) {
            let delay = self.delay();
            self.after(delay, Event::Message(from, to, bytes));
        }
    }

    /// Notes what a validator signed itself and sent.
    fn check_signed(&mut self, node: usize, message: &Message) {
        let statements = message.statements();
        let [(signer, statement, _)] = statements.as_slice() else {
            return;
        };
        let who = self.nodes[node].who;
        if *signer != public(who) {
            return;
        }
        if let Some(decision) = statement.decision {
            let known = self.nodes[node].disk.bodies.contains(&decision);
            assert!(
                known,
                "node {node} signed for a body that is not on its disk"
            );
        }
        let kind = match statement.kind {
            StatementKind::Proposal { .. } => 0,
            StatementKind::Prevote => 1,
            StatementKind::Precommit => 2,
        };
        if !self.is_guilty(node) {
            let slot = (who, kind, statement.height, statement.round);
            self.signed.entry(slot).or_default().insert(*statement);
        }
    }

    fn sync(&mut self, node: usize) {
        self.after(SYNC_MS, Event::Sync(node));
        if self.nodes[node].validator.is_some() {
            self.offer(node);
        }
        let other = self.roll(self.count() as u64) as usize;
        let up = |sim: &Self, node: usize| sim.nodes[node].validator.is_some();
        if !up(self, node) || !up(self, other) || !self.passes(node, other) {
            return;
        }
        let next = self.height(node) as usize;
        let Some(decided) = self.nodes[other].disk.chain.get(next).cloned() else {
            return;
        };
        let set = self.set(decided.height);
        let proven = decided
            .certificate
            .verify(&set, POOL, decided.height, decided.decision);
        proven.unwrap();
        if !self.is_guilty(node) {
            let found = self.decided.entry(decided.height).or_default();
            found.insert(decided.decision);
        }
        self.nodes[node].undecided = None;
        self.nodes[node].bodies.insert(decided.decision);
        self.commit(node, decided);
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Message(from, to, bytes) => {
                let message = Message::decode(&bytes).unwrap();
                let token = from as u64;
                self.input(to, Some(from), Input::Message { token, message });
            }
            Event::Body(to, decision) => {
                self.nodes[to].bodies.insert(decision);
                if self.nodes[to].validator.is_some() {
                    self.judge(to);
                    let undecided = &mut self.nodes[to].undecided;
                    if let Some(decided) = undecided.take_if(|it| it.decision == decision) {
                        self.commit(to, decided);
                    }
                }
            }
            Event::Input(node, life, input) => {
                if self.nodes[node].life == life {
                    self.input(node, None, input);
                }
            }
            Event::Wake(node, life) => {
                let it = &self.nodes[node];
                if it.life == life && it.wake.is_some_and(|at| at <= self.now) {
                    self.input(node, None, Input::Tick);
                }
            }
            Event::Sync(node) => self.sync(node),
            Event::Crash(node) => self.kill(node),
            Event::Restart(node) => self.restart(node),
        }
    }

    pub(crate) fn run(&mut self, span: u64) {
        let end = self.now + span;
        while let Some(entry) = self.queue.first_entry()
            && entry.key().0 <= end
        {
            self.now = entry.key().0;
            let event = entry.remove();
            self.happen(event);
        }
        self.now = end;
    }

    /// Runs until every honest node has decided so many heights, for at most so long.
    pub(crate) fn run_to(&mut self, height: u64, limit: u64) -> bool {
        let end = self.now + limit;
        while self.now < end && self.lowest() < height {
            self.run(50);
        }
        self.lowest() >= height
    }

    pub(crate) fn describe(&self) -> String {
        let describe = |node: &Node| {
            let state = node.validator.as_ref().map(|it| (it.height(), it.round()));
            format!(
                "{}{}: chain {}, {state:?}\n",
                node.who,
                if node.twin { "'" } else { "" },
                node.disk.chain.len()
            )
        };
        self.nodes.iter().map(describe).collect()
    }
}
