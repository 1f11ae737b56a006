//! Validators under one seeded virtual clock: links with latency, loss and cuts, crashes that lose what was not flushed.

mod carry;
mod disk;
mod links;
mod mischief;
mod plan;

use std::collections::{BTreeMap, BTreeSet};

use bolao_finality::{Config, Decided, Input, Log, Message, Validator, Verified};
use bolao_ledger::{Decision, DoubleSign, Height, Statement, StatementKind, ValidatorSet, sha256d};
use chacha20::{
    ChaCha8Rng,
    rand_core::{Rng as _, SeedableRng as _},
};

use self::disk::Disk;
pub(crate) use self::links::Shape;
pub(crate) use self::plan::{POOL, Plan, key, public, set, voting};

/// How often a node asks another for what it missed, in milliseconds.
const SYNC_MS: u64 = 500;
/// The time for which a body may be on its way by itself before others are asked for it, in milliseconds.
const ASK_MS: u64 = 100;

struct Node {
    who: usize,
    twin: bool,
    validator: Option<Validator>,
    disk: Disk,
    bodies: BTreeSet<Decision>,
    wanted: BTreeSet<(Height, Decision, bool)>,
    undecided: Option<Decided>,
    wake: Option<u64>,
    life: u64,
}

enum Event {
    Message(usize, usize, Vec<u8>),
    Body(usize, Decision),
    /// One end of a link hears that it is there again: who, whose.
    Connected(usize, usize),
    /// A node takes what another has decided.
    CatchUp(usize, usize),
    /// A node asks whoever it reaches for a body that it still lacks.
    Ask(usize, Decision),
    Input(usize, u64, Input),
    Wake(usize, u64),
    Sync(usize),
    Crash(usize),
    Restart(usize),
    Lie(usize),
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
    /// From whom to whom nothing passes for a while.
    broken: BTreeSet<(usize, usize)>,
    /// All run on one machine, which need not check twice what was signed.
    verified: Verified,
    /// What every honest key signed and sent: more than one thing is a double vote.
    signed: BTreeMap<(usize, u8, Height, u32), BTreeSet<Statement>>,
    /// What honest validators decided.
    pub(crate) decided: BTreeMap<Height, BTreeSet<Decision>>,
    pub(crate) guilty: Vec<DoubleSign>,
    pub(crate) muted: usize,
    /// How often a validator could show that a block may have been decided.
    pub(crate) backed: usize,
    pub(crate) sent: usize,
    /// From the first block that was made for a height until a validator decided it, in milliseconds.
    pub(crate) spans: Vec<u64>,
    began: BTreeMap<Height, u64>,
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
            broken: BTreeSet::new(),
            verified: Verified::default(),
            signed: BTreeMap::new(),
            decided: BTreeMap::new(),
            guilty: Vec::new(),
            muted: 0,
            backed: 0,
            sent: 0,
            spans: Vec::new(),
            began: BTreeMap::new(),
        };
        if let Some(liar) = sim.plan.liar {
            sim.after(1, Event::Lie(liar));
        }
        for node in 0..sim.nodes.len() {
            sim.restart(node);
            sim.after(SYNC_MS + node as u64, Event::Sync(node));
        }
        sim
    }

    pub(crate) fn roll(&mut self, sides: u64) -> u64 {
        self.dice.next_u64() % sides.max(1)
    }

    pub(crate) fn now(&self) -> u64 {
        self.now
    }

    pub(crate) fn count(&self) -> usize {
        self.nodes.len()
    }

    fn is_guilty(&self, node: usize) -> bool {
        let who = self.nodes[node].who;
        self.plan.twins.contains(&who) || self.plan.liar == Some(who)
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

    /// How long a height took at most from the first block that was made for it until a validator decided, in milliseconds.
    pub(crate) fn longest(&self) -> u64 {
        self.spans.iter().max().copied().unwrap_or_default()
    }

    /// How many heights' blocks of a maker this validator made final by a vote of its own.
    pub(crate) fn precommits(&self, who: usize, maker: u8) -> usize {
        let made = |it: &Statement| it.decision.is_some_and(|it| it.hash.0[0] == maker);
        let own = self
            .signed
            .iter()
            .filter(|(slot, _)| slot.0 == who && slot.1 == 2);
        own.filter(|(_, found)| found.iter().any(made)).count()
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
        if it.validator.is_some() || self.plan.liar == Some(node) {
            return;
        }
        it.life += 1;
        let config = Config {
            pool: POOL,
            key: Some(key(it.who)),
            voting: voting(),
            verified: self.verified.clone(),
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
        let (life, chance) = (self.nodes[node].life, self.roll(100));
        let here = match self.plan.only {
            Some(only) => only == node,
            None => chance >= self.plan.idle_percent,
        };
        if height.0 <= self.plan.heights && here {
            let delay = self.plan.pause_ms + self.roll(20);
            self.after(delay, Event::Input(node, life, Input::Waiting));
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
        self.check_backing();
        self.now = end;
    }

    /// Whatever happened, what shows that a block may have been decided is a quorum of prevotes for it, in one round.
    fn check_backing(&mut self) {
        for node in &self.nodes {
            let Some(validator) = &node.validator else {
                continue;
            };
            let backing = validator.backing();
            let votes: Vec<_> = backing.iter().flat_map(Message::statements).collect();
            let Some((_, prevote, _)) = votes.first() else {
                continue;
            };
            self.backed += 1;
            assert_eq!(prevote.kind, StatementKind::Prevote);
            assert_eq!(prevote.height, validator.height());
            assert!(prevote.decision.is_some(), "for no block");
            let set = self.set(prevote.height);
            let signers: BTreeSet<_> = votes.iter().map(|(signer, ..)| *signer).collect();
            assert_eq!(signers.len(), votes.len(), "somebody counts twice");
            let weights = signers.iter().map(|key| set.get(key).unwrap().weight);
            let all: u64 = set.validators().iter().map(|one| one.weight).sum();
            assert!(weights.sum::<u64>() * 3 > all * 2, "{votes:?}");
            for (signer, statement, signature) in &votes {
                assert_eq!(statement, prevote);
                let verified = &self.verified;
                assert!(verified.is_signed(POOL, *signer, statement, signature));
            }
        }
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
