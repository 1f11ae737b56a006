//! A pool that is played: nodes with people who bet, miners, and the moments at which something is to happen.

use std::collections::{BTreeMap, BTreeSet};

use bolao_chain::{CoreConfig, VotingKey};
use bolao_ledger::{
    AccountId, Action, Genesis, Height, MatchNo, PoolId, Score, StateView as _, TxId, actions,
};
use bolao_simulator::Sim;
use bolao_store::Snapshot;

use crate::{
    mining::{COMPUTER, Miner, Mines, TICK_MS, work},
    outcome::{Bets, Outcome},
    pool::{CREATED, HONEST_GOALS, Player, Setup, bet, join, voting_key},
    watch::{Placed, Watch},
};

/// Virtual time goes on by at least so much at once, in milliseconds.
const STEP_MS: u64 = 10;
/// A friend whose computer is off tries again after so long, in milliseconds.
const AGAIN_MS: u64 = 1_000;

/// An act of a person at a time.
#[derive(Clone, Debug)]
enum Act {
    On,
    Off,
    Sign(Action),
    /// A bet, of which it is measured what becomes of it.
    Bet(MatchNo, Score),
}

/// A pool that is played.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) sim: Sim,
    pub(crate) honest: BTreeSet<usize>,
    pub(crate) attackers: Vec<usize>,
    pub(crate) watch: Watch,
    pub(crate) miners: Vec<Miner>,
    pub(crate) players: Vec<Player>,
    pub(crate) organiser: usize,
    votes: bool,
    mines: bool,
    kickoffs_ms: Vec<u64>,
    pool: PoolId,
    agenda: BTreeMap<(u64, u64), (usize, Act)>,
    acts: u64,
    pub(crate) broken: Vec<String>,
    /// Those whom the attack concerns: the honest, unless a scenario says whom.
    pub(crate) concerned: BTreeSet<usize>,
}

impl World {
    /// A pool before anybody knows anybody.
    pub(crate) fn apart(setup: &Setup, attackers: &[usize], seed: u64) -> Self {
        let genesis = setup.genesis().expect("the plan was checked");
        let mut sim = Sim::of(&genesis, configs(setup, &genesis), seed);
        for copy in setup.nodes..sim.count() {
            sim.crash(copy);
        }
        let began_s = sim.clock(0).unix.0.saturating_sub(CREATED.0);
        let is_honest = |node: &usize| !attackers.contains(node);
        let power = if setup.kind.mines() { COMPUTER } else { 0 };
        let miners = vec![Miner::new(power); sim.count()];
        Self {
            sim,
            honest: (0..setup.nodes).filter(is_honest).collect(),
            attackers: attackers.to_vec(),
            watch: Watch::default(),
            miners,
            players: (0..setup.nodes).map(Player::new).collect(),
            organiser: setup.organiser(),
            votes: setup.kind.votes(),
            mines: setup.kind.mines(),
            kickoffs_ms: setup
                .kickoffs
                .iter()
                .map(|at| at.saturating_sub(began_s).saturating_mul(1_000))
                .collect(),
            pool: genesis.pool_id(),
            agenda: BTreeMap::new(),
            acts: 0,
            broken: Vec::new(),
            concerned: (0..setup.nodes).filter(is_honest).collect(),
        }
    }

    /// All nodes get to know one another, and all friends join.
    pub(crate) fn meet(&mut self) {
        self.sim.connect_all();
        self.join_all();
    }

    /// Gives the name of a friend.
    pub(crate) fn name(node: usize) -> String {
        format!("Player {node}")
    }

    /// Everybody joins within the first seconds.
    pub(crate) fn join_all(&mut self) {
        let up = |node: &usize| self.sim.is_up(*node);
        for node in (0..self.players.len()).filter(up).collect::<Vec<_>>() {
            let at = self.sim.roll(20_000);
            self.at(at, node, Act::Sign(join(&Self::name(node))));
        }
        self.run_to(60_000);
    }

    fn at(&mut self, ms: u64, node: usize, act: Act) {
        self.acts += 1;
        self.agenda.insert((ms, self.acts), (node, act));
    }

    /// The match that begins as the n-th, from 0 on.
    pub(crate) fn game(index: usize) -> MatchNo {
        MatchNo(u16::try_from(index).map_or(u16::MAX, |index| index.saturating_add(1)))
    }

    /// When a match begins, in milliseconds of the simulation.
    pub(crate) fn kickoff_ms(&self, index: usize) -> u64 {
        self.kickoffs_ms.get(index).copied().unwrap_or(u64::MAX)
    }

    /// Every honest player bets once on a match, at any time between these.
    pub(crate) fn bets(&mut self, index: usize, from_ms: u64, to_ms: u64) {
        for node in self.honest.clone() {
            let at = from_ms + self.sim.roll(to_ms.saturating_sub(from_ms));
            self.bet_at(node, index, at);
        }
    }

    /// One honest bet.
    pub(crate) fn bet_at(&mut self, node: usize, index: usize, at_ms: u64) {
        let goals = [self.sim.roll(HONEST_GOALS), self.sim.roll(HONEST_GOALS)];
        let score = Score::new(goals[0], goals[1]).expect("few goals");
        self.at(at_ms, node, Act::Bet(Self::game(index), score));
    }

    /// A player signs something now and gives it to the own node.
    pub(crate) fn sign(&mut self, node: usize, action: Action) -> TxId {
        self.sign_at(node, node, action)
    }

    /// A player signs something now and gives it to any node.
    pub(crate) fn sign_at(&mut self, node: usize, player: usize, action: Action) -> TxId {
        let transaction = self.players[player].sign(self.pool, action);
        let id = transaction.id();
        let before = self.sim.replies(node).len();
        self.sim.submit(node, transaction);
        let replies = self.sim.replies(node).get(before..);
        if let Some([.., (_, Err(_))]) = replies {
            self.players[player].was_refused();
        }
        id
    }

    /// An attacker bets now.
    pub(crate) fn cheat(&mut self, node: usize, index: usize, score: Score) {
        self.sign(node, bet(Self::game(index), score));
    }

    /// A friend's computer is switched on then, and finds all that are on.
    pub(crate) fn on_at(&mut self, node: usize, at_ms: u64) {
        self.at(at_ms, node, Act::On);
    }

    /// It is switched off.
    pub(crate) fn off_at(&mut self, node: usize, at_ms: u64) {
        self.at(at_ms, node, Act::Off);
    }

    fn act(&mut self, node: usize, act: Act) {
        match act {
            Act::On if !self.sim.is_up(node) => {
                self.sim.restart(node);
                return self.come_back(&[node]);
            }
            Act::Off if self.sim.is_up(node) => return self.sim.crash(node),
            Act::On | Act::Off => return,
            Act::Sign(_) | Act::Bet(..) => {}
        }
        if !self.sim.is_up(node) {
            return self.at(self.sim.now_ms() + AGAIN_MS, node, act);
        }
        match act {
            Act::On | Act::Off => {}
            Act::Sign(action) => {
                self.sign(node, action);
            }
            Act::Bet(game, score) => {
                let id = self.sign(node, bet(game, score));
                let placed = Placed {
                    node,
                    at_ms: self.sim.now_ms(),
                    game,
                    score,
                    block_ms: None,
                    final_ms: None,
                };
                self.watch.bets.insert(id, placed);
            }
        }
    }

    /// Lets time pass until this moment.
    pub(crate) fn run_to(&mut self, end_ms: u64) {
        while self.sim.now_ms() < end_ms {
            let now = self.sim.now_ms();
            while let Some(entry) = self.agenda.first_entry() {
                if entry.key().0 > now {
                    break;
                }
                let (node, act) = entry.remove();
                self.act(node, act);
            }
            let searching = self.searching();
            let next = self.next_ms(!searching.is_empty()).min(end_ms);
            self.sim.run_ms(next.saturating_sub(now));
            if self.sim.now_ms().is_multiple_of(TICK_MS) {
                for node in searching {
                    if self.sim.is_up(node) {
                        self.miners[node].search(&mut self.sim, node);
                    }
                }
            }
            self.watch.look(&mut self.sim, &self.honest);
        }
    }

    /// Lets so much time pass.
    pub(crate) fn run(&mut self, span_ms: u64) {
        self.run_to(self.sim.now_ms().saturating_add(span_ms));
    }

    /// Lets time pass until all is as wanted, at most so much; whether it is.
    pub(crate) fn run_until(&mut self, limit_ms: u64, done: impl Fn(&Self) -> bool) -> bool {
        let end = self.sim.now_ms().saturating_add(limit_ms);
        while self.sim.now_ms() < end && !done(self) {
            self.run(250);
        }
        done(self)
    }

    fn searching(&mut self) -> Vec<usize> {
        let Self { miners, sim, .. } = self;
        let searching = miners.iter_mut().enumerate();
        searching
            .filter_map(|(node, miner)| miner.searches(sim, node).then_some(node))
            .collect()
    }

    /// When to look again: while somebody mines, at every tick.
    fn next_ms(&mut self, mining: bool) -> u64 {
        let now = self.sim.now_ms();
        if mining {
            return (now / TICK_MS + 1) * TICK_MS;
        }
        let act = self.agenda.first_key_value().map(|((at, _), _)| *at);
        let Self { miners, sim, .. } = self;
        let due = miners.iter_mut().enumerate().filter_map(|(node, miner)| {
            let begins = miner.begins(sim, node)?;
            let wait = begins.0.saturating_sub(sim.clock(node).unix.0);
            Some(now.saturating_add(wait.saturating_mul(1_000)))
        });
        let due = due.min();
        let next = self.sim.next_ms();
        let all = [act, due, next].into_iter().flatten();
        all.min().unwrap_or(u64::MAX).max(now + STEP_MS)
    }

    /// Gives the state that a node knows.
    pub(crate) fn state(&self, node: usize) -> Snapshot {
        let snapshot = self.sim.core(node).reader().snapshot();
        snapshot.expect("the disk is not broken")
    }

    /// Whether a player's bet on a match counts by what a node knows.
    pub(crate) fn counts(
        &self,
        node: usize,
        player: AccountId,
        index: usize,
        score: Score,
    ) -> bool {
        let bet = self.state(node).bet(Self::game(index), &player);
        let bet = bet.expect("the disk is not broken");
        bet.is_some_and(|bet| bet.score() == Some(score))
    }

    /// Whether more than half of the honest nodes that are up say so.
    pub(crate) fn most(&self, says: impl Fn(&Self, usize) -> bool) -> bool {
        let up: Vec<_> = self.up().collect();
        let yes = up.iter().filter(|node| says(self, **node)).count();
        yes * 2 > up.len()
    }

    fn up(&self) -> impl Iterator<Item = usize> {
        let honest = self.honest.iter().copied();
        honest.filter(|node| self.sim.is_up(*node))
    }

    /// The honest node whose tip most honest nodes have.
    pub(crate) fn witness(&self) -> Option<usize> {
        let mut tips: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for node in self.up() {
            tips.entry(self.sim.tip(node)).or_default().push(node);
        }
        tips.values()
            .max_by_key(|nodes| nodes.len())?
            .first()
            .copied()
    }

    /// Whether a node's branch is better than that of the honest.
    pub(crate) fn is_ahead(&self, node: usize) -> bool {
        let own = work(self.sim.core(node).tip().work);
        let theirs = self.witness().map(|other| self.sim.core(other).tip().work);
        theirs.is_some_and(|theirs| own > work(theirs))
    }

    /// The height of a node's tip.
    pub(crate) fn height(&self, node: usize) -> Height {
        self.sim.core(node).tip().height
    }

    /// Whether validators vote.
    pub(crate) const fn votes(&self) -> bool {
        self.votes
    }

    /// From now on what nodes tell is about the attack.
    pub(crate) fn attack_begins(&mut self) {
        self.watch.attacked = true;
    }

    /// Takes nodes away from all others, who are told.
    pub(crate) fn leave(&mut self, nodes: &[usize]) {
        for node in nodes {
            for other in 0..self.sim.count() {
                if !nodes.contains(&other) {
                    self.sim.disconnect(*node, other);
                }
            }
        }
    }

    /// Stops these nodes, as a crash does.
    pub(crate) fn stop(&mut self, nodes: &[usize]) {
        for node in nodes {
            self.sim.crash(*node);
        }
    }

    /// Starts nodes again with clocks that show this moment of the simulation. They know one another alone.
    pub(crate) fn start_apart(&mut self, nodes: &[usize], clock_ms: u64) {
        self.set_clocks(nodes, clock_ms);
        for node in nodes {
            self.sim.restart(*node);
            for other in nodes {
                self.sim.connect(*node, *other);
            }
        }
    }

    /// Connects nodes with everybody again.
    pub(crate) fn come_back(&mut self, nodes: &[usize]) {
        for node in nodes {
            for other in 0..self.sim.count() {
                self.sim.connect(*node, other);
            }
        }
    }

    /// Gives a node hash power, in thousandths of a computer, where blocks are mined.
    pub(crate) fn give_power(&mut self, node: usize, power: u64, mines: Mines) {
        if self.mines {
            self.miners[node].power = power;
            self.miners[node].mines = mines;
        }
    }

    /// Honest nodes mine one block after the other.
    pub(crate) fn honest_mine_always(&mut self) {
        for node in self.honest.clone() {
            self.give_power(node, COMPUTER, Mines::Paced);
        }
    }

    /// The organiser signs what a match ended with.
    pub(crate) fn record(&mut self, index: usize, score: Score) {
        let action = Action::Result(actions::Result {
            match_no: Self::game(index),
            outcome: bolao_ledger::Outcome::played(score),
        });
        self.sign(self.organiser, action);
    }

    /// Sets the clocks of nodes so that they show this moment of the simulation.
    pub(crate) fn set_clocks(&mut self, nodes: &[usize], ms: u64) {
        let behind = i64::try_from(self.sim.now_ms() / 1_000).unwrap_or(i64::MAX);
        let wanted = i64::try_from(ms / 1_000).unwrap_or(i64::MAX);
        for node in nodes {
            self.sim.set_clock(*node, wanted - behind);
        }
    }

    /// Measures what became of it all.
    pub(crate) fn outcome(mut self, seed: u64, succeeded: bool) -> Outcome {
        self.watch.look(&mut self.sim, &self.honest);
        let told = self.watch.told.intersection(&self.concerned).count();
        let spent = |of: fn(&Miner) -> u64| {
            let attackers = self.attackers.iter();
            attackers
                .filter_map(|node| self.miners.get(*node))
                .map(of)
                .sum()
        };
        let mut bets = Bets::default();
        let witness = self.witness();
        for (id, bet) in &self.watch.bets {
            let (counts, in_block) = witness.map_or((false, false), |at| self.fate(at, id, bet));
            let sure = if self.votes {
                bet.final_ms
            } else {
                bet.block_ms
            };
            bets.count(counts, in_block, sure.map(|at| at - bet.at_ms));
        }
        let times = |of: fn(&Placed) -> Option<u64>| {
            let bets = self.watch.bets.values();
            bets.filter_map(|bet| Some(of(bet)? - bet.at_ms)).collect()
        };
        Outcome {
            seed,
            succeeded,
            noticed: told * 2 > self.concerned.len(),
            cost_ms: spent(Miner::spent_ms),
            cost_blocks: spent(|miner| miner.found),
            bets,
            reorgs: self.watch.reorgs,
            deepest: self.watch.deepest,
            conflicts: self.watch.conflicts(),
            double_votes: u64::try_from(self.sim.double_votes()).unwrap_or(u64::MAX),
            to_block_ms: times(|bet| bet.block_ms),
            to_final_ms: times(|bet| bet.final_ms),
            messages: self.sim.messages(),
            bytes: self.sim.bytes(),
            trace: hex::encode(self.sim.trace()),
            broken: self.broken,
        }
    }

    /// Whether a bet counts at a node, and whether it is in a block there.
    pub(crate) fn fate(&self, node: usize, id: &TxId, bet: &Placed) -> (bool, bool) {
        let player = self.players[bet.node].id();
        let state = self.state(node);
        let record = state.transaction(id).expect("the disk is not broken");
        let placed = state
            .bet(bet.game, &player)
            .expect("the disk is not broken");
        let counts =
            placed.is_some_and(|placed| placed.tx == *id && placed.score() == Some(bet.score));
        (counts, record.is_some())
    }
}

fn configs(setup: &Setup, genesis: &Genesis) -> Vec<CoreConfig> {
    let validators = genesis.consensus.validators().len();
    (0..setup.nodes)
        .map(Some)
        .chain((0..setup.copies).map(Some))
        .chain((0..setup.strangers).map(|_| None))
        .map(|node| CoreConfig {
            validator: node
                .filter(|node| *node < validators)
                .map(|node| VotingKey {
                    account: Player::new(node).id(),
                    key: voting_key(node),
                }),
            refuses_late: setup.refuses,
            refuses_lacking: setup.refuses,
            ..CoreConfig::default()
        })
        .collect()
}
