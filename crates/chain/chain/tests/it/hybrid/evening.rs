//! A match and its bets: honest validators who play and mine, and somebody who cheats.

use bolao_chain::{CoreConfig, Event};
use bolao_ledger::{BlockHash, Decided, Height, MatchNo, StateView as _, UnixSeconds, decode};
use bolao_simulator::Sim;

use super::pool_of;
use crate::{
    pool::{Player, START},
    voting::config,
};

/// The match that everybody bets on, and when it begins, in seconds of the simulation.
const MATCH: u16 = 3;
pub(crate) const KICKOFF_S: u64 = 990;

/// How many seeds are tried of a case that is run with so many in the ordinary tests.
pub(crate) fn seeds(few: u64) -> std::ops::Range<u64> {
    let wanted = std::env::var("BOLAO_SEEDS").ok();
    0..wanted.map_or(few, |count| count.parse().unwrap())
}

pub(crate) struct Evening {
    pub(crate) sim: Sim,
    /// How many validators there are; the cheat has no vote and is the node after them.
    pub(crate) validators: usize,
    /// Who mines at present.
    pub(crate) miners: Vec<usize>,
}

impl Evening {
    /// Validators of these weights and a cheat, all connected, who have joined; long before the kick-off.
    pub(crate) fn new(weights: &[u64], seed: u64) -> Self {
        Self::with(weights, seed, |_| {})
    }

    pub(crate) fn with(weights: &[u64], seed: u64, change: impl Fn(&mut CoreConfig)) -> Self {
        let validators = weights.len();
        let mut configs: Vec<_> = (0..validators).map(config).collect();
        configs.push(CoreConfig::default());
        configs.iter_mut().for_each(change);
        let mut sim = Sim::of(&pool_of(weights), configs, seed);
        sim.connect_all();
        let mut evening = Self {
            sim,
            validators,
            miners: (0..validators).collect(),
        };
        for node in 0..=validators {
            let pool = evening.sim.genesis().pool_id();
            let join = player(node).join(pool, &format!("Player {node}"));
            evening.sim.submit(node, join);
        }
        evening.until(60);
        assert_eq!(evening.sim.core(0).pending(), 0, "{}", evening.sim.state());
        evening
    }

    pub(crate) fn cheat(&self) -> usize {
        self.validators
    }

    fn now_s(&self) -> u64 {
        self.sim.now_ms() / 1_000
    }

    /// Whether a node would mine: something waits, or the kick-off is not closed.
    fn wants_block(&self, node: usize) -> bool {
        let core = self.sim.core(node);
        let now = UnixSeconds(START + 10 + self.now_s());
        let kickoff = UnixSeconds(START + 10 + KICKOFF_S);
        let snapshot = core.reader().snapshot().unwrap();
        let below = Height(core.tip().height.0.saturating_sub(5));
        let median = snapshot.header_at(below).unwrap().unwrap();
        core.pending() > 0 || (now >= kickoff && median.header.time() < kickoff)
    }

    /// Lets time pass while those mine who do.
    pub(crate) fn until(&mut self, second: u64) {
        while self.now_s() < second {
            for node in self.miners.clone() {
                let chance = self.sim.roll(2 * self.miners.len() as u64) == 0;
                if chance && self.wants_block(node) {
                    self.sim.mine(node);
                }
            }
            self.sim.run_ms(1_000);
        }
    }

    /// A node's player bets on the match.
    pub(crate) fn bet(&mut self, node: usize) {
        let pool = self.sim.genesis().pool_id();
        let goals = node as u64 % 7;
        self.sim
            .submit(node, player(node).bet(pool, 1, MATCH, goals));
    }

    /// Everybody but the cheat bets, one after the other, with pauses of up to so many seconds.
    pub(crate) fn bets(&mut self, pauses_s: u64) {
        for node in 0..self.validators {
            let pause = self.sim.roll(pauses_s);
            self.until(self.now_s() + pause);
            self.bet(node);
        }
    }

    /// These go, as when somebody shuts his laptop.
    pub(crate) fn leave(&mut self, nodes: &[usize]) {
        for &node in nodes {
            for other in 0..self.sim.count() {
                self.sim.disconnect(node, other);
            }
            self.miners.retain(|miner| *miner != node);
        }
    }

    /// These come back, and meet all but those who are still gone.
    pub(crate) fn come_back(&mut self, nodes: &[usize]) {
        for &node in nodes {
            self.miners.push(node);
        }
        for &node in nodes {
            for other in self.miners.clone() {
                self.sim.connect(node, other);
            }
        }
    }

    /// The cheat, who has left before, bets by a clock set back to before the kick-off, and mines so many blocks.
    pub(crate) fn forge(&mut self, blocks: usize) {
        let back = self.now_s() - KICKOFF_S + 20;
        let cheat = self.cheat();
        self.sim.set_clock(cheat, -back.cast_signed());
        self.bet(cheat);
        for _ in 0..blocks {
            self.sim.mine(cheat);
        }
        self.sim.set_clock(cheat, 0);
    }

    /// The cheat shows these nodes what he has.
    pub(crate) fn release(&mut self, nodes: &[usize]) {
        for &node in nodes {
            self.sim.connect(self.cheat(), node);
        }
    }

    /// Whether a node's player has a bet that counts, as one node's last final block has it.
    pub(crate) fn counts(&self, node: usize, player_of: usize) -> bool {
        let snapshot = self.sim.core(node).reader().snapshot().unwrap();
        let bet = snapshot
            .bet(MatchNo(MATCH), &player(player_of).id())
            .unwrap();
        let Some(last) = snapshot.last_final().unwrap() else {
            return false;
        };
        bet.is_some_and(|bet| {
            let at = snapshot.transaction(&bet.tx).unwrap().unwrap();
            at.height <= last.height
        })
    }

    /// How many validators' bets count, as the first node has it.
    pub(crate) fn honest(&self) -> usize {
        let counts = (0..self.validators).filter(|node| self.counts(0, *node));
        counts.count()
    }

    /// The last final block of a node.
    pub(crate) fn last_final(&self, node: usize) -> (Height, BlockHash) {
        let snapshot = self.sim.core(node).reader().snapshot().unwrap();
        let last = snapshot.last_final().unwrap().unwrap();
        (last.height, last.hash)
    }

    /// How many final blocks were contested, as a node knows.
    pub(crate) fn contested(&self, node: usize) -> usize {
        let snapshot = self.sim.core(node).reader().snapshot().unwrap();
        let finals = snapshot.finals_down().unwrap();
        let contested = finals.filter(|block| {
            let block = block.as_ref().unwrap();
            let decided: Decided = decode(block.certificate.bytes()).unwrap();
            decided.decision.contested
        });
        contested.count()
    }

    /// Whether these have one last final block, and it closes the match.
    pub(crate) fn is_over(&self, nodes: &[usize]) -> bool {
        let last = self.last_final(nodes[0]);
        let snapshot = self.sim.core(nodes[0]).reader().snapshot().unwrap();
        let header = snapshot.header(&last.1).unwrap().unwrap();
        nodes.iter().all(|node| self.last_final(*node) == last)
            && header.header.time().0 >= START + 10 + KICKOFF_S
    }

    /// Everybody who is up keeps to the rules, and no history has two ends.
    pub(crate) fn check(&self) {
        assert_eq!(self.sim.double_votes(), 0, "{}", self.sim.state());
        for node in 0..self.sim.count() {
            assert!(
                self.sim.failure(node).is_none(),
                "{:?}",
                self.sim.failure(node)
            );
            let guilty = |event: &Event| matches!(event, Event::Guilty(_));
            assert!(!self.sim.events(node).iter().any(guilty));
        }
        assert!(self.sim.blamed().is_empty(), "{:?}", self.sim.blamed());
    }
}

fn player(node: usize) -> Player {
    Player::new(u8::try_from(node).unwrap() + 1)
}
