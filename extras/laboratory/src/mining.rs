//! Hash power, and blocks that are found by chance.
//!
//! Blocks are real: their hashes meet their targets. But the pool's target is easy, and how long a search takes is rolled
//! from the seed, so that power costs virtual time only. The unit of power is a *computer*: one friend's laptop, which
//! finds a block of the pool's first target in [`BLOCK_MS`] on average.

use bolao_chain::next_due;
use bolao_headers::bits_at;
use bolao_ledger::{AccountId, BlockHash, Target, UnixSeconds, Work};
use bolao_simulator::Sim;

/// The average time that one computer searches for a block of the first target, in milliseconds.
pub(crate) const BLOCK_MS: u64 = 4_000;
/// The idle pace of nodes that mine always, in seconds.
const IDLE_S: u64 = 10;
/// From one roll to the next, in milliseconds.
pub(crate) const TICK_MS: u64 = 100;
/// The hash power of one computer, in thousandths of a computer.
pub(crate) const COMPUTER: u64 = 1_000;
/// The least chance of a find is one in so many.
const SIDES: u64 = 1 << 32;

/// When a node mines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mines {
    /// As nodes do by themselves: when something waits, or a kick-off is to be closed.
    Wanted,
    /// As nodes do that are told to mine always: while nothing waits, not more often than [`IDLE_S`].
    Paced,
    /// One block after the other: what attackers do.
    Always,
}

/// A node's miner.
#[derive(Clone, Debug)]
pub(crate) struct Miner {
    /// In thousandths of a computer.
    pub(crate) power: u64,
    pub(crate) mines: Mines,
    /// The searching done so far, in thousandths of a millisecond of one computer.
    spent: u64,
    pub(crate) found: u64,
    /// When time alone asks for a block on this tip.
    due: Option<(BlockHash, Option<UnixSeconds>)>,
}

impl Miner {
    pub(crate) const fn new(power: u64) -> Self {
        Self {
            power,
            mines: Mines::Wanted,
            spent: 0,
            found: 0,
            due: None,
        }
    }

    /// Gives the searching done so far, in milliseconds of one computer.
    pub(crate) const fn spent_ms(&self) -> u64 {
        self.spent / COMPUTER
    }

    /// When time alone asks for a block.
    fn due(&mut self, sim: &Sim, node: usize) -> Option<UnixSeconds> {
        let tip = sim.tip(node);
        match self.due {
            Some((known, due)) if known == tip => due,
            _ => {
                let due = read_due(sim, node);
                self.due = Some((tip, due));
                due
            }
        }
    }

    /// When it begins to search by itself at the latest.
    pub(crate) fn begins(&mut self, sim: &Sim, node: usize) -> Option<UnixSeconds> {
        if self.power == 0 || !sim.is_up(node) {
            return None;
        }
        let idle = sim.core(node).tip().time.checked_add(IDLE_S);
        let idle = idle.filter(|_| self.mines == Mines::Paced);
        self.due(sim, node).into_iter().chain(idle).min()
    }

    /// Whether it searches now.
    pub(crate) fn searches(&mut self, sim: &Sim, node: usize) -> bool {
        if self.power == 0 || !sim.is_up(node) {
            return false;
        }
        let now = sim.clock(node).unix;
        self.mines == Mines::Always
            || sim.core(node).pending() > 0
            || sim.core(node).has_only_refusals()
            || self.begins(sim, node).is_some_and(|at| at <= now)
    }

    /// Searches for one tick.
    pub(crate) fn search(&mut self, sim: &mut Sim, node: usize) {
        self.spent = self.spent.saturating_add(self.power * TICK_MS);
        // Of so many slices of the tick, each finds a block with a small chance.
        let slices = self.power.div_ceil(COMPUTER).clamp(1, 64);
        for _ in 0..slices {
            let (first, next) = hashes(sim, node);
            let wanted = u128::from(BLOCK_MS * COMPUTER * slices) * next;
            let chance = u128::from(SIDES * self.power * TICK_MS) * first / wanted.max(1);
            if u128::from(sim.roll(SIDES)) < chance && self.still_wants(sim, node) {
                sim.mine(node);
                self.found += 1;
            }
        }
    }

    /// Whether there is still something to put into a block: what waits may wait for something else.
    fn still_wants(&mut self, sim: &Sim, node: usize) -> bool {
        let now = sim.clock(node);
        if self.mines == Mines::Always || self.begins(sim, node).is_some_and(|at| at <= now.unix) {
            return true;
        }
        let template = sim.core(node).template(now, AccountId([0; 32]), b"");
        template.is_ok_and(|template| template.job.wanted)
    }
}

/// Gives the average number of hashes that the pool's first block took, and that the next one of a node takes if
/// it is found now.
fn hashes(sim: &Sim, node: usize) -> (u128, u128) {
    let tip = sim.core(node).tip();
    let now = sim.clock(node).unix;
    let next = bits_at(sim.genesis(), tip.height, tip.time, now);
    let first = sim.genesis().proof().initial_bits();
    let hashes = |bits| work(Target::from_compact(bits).to_work());
    (hashes(first), hashes(next))
}

/// Work as a number: simulated targets are easy.
pub(crate) fn work(work: Work) -> u128 {
    let bytes = work.to_be_bytes();
    bytes
        .last_chunk::<16>()
        .map_or(0, |low| u128::from_be_bytes(*low))
}

fn read_due(sim: &Sim, node: usize) -> Option<UnixSeconds> {
    let snapshot = sim.core(node).reader().snapshot();
    let snapshot = snapshot.expect("the disk is not broken");
    let chain = snapshot.header_chain(&sim.tip(node));
    let chain = chain.expect("the disk is not broken")?;
    let closed = chain.earliest_time(sim.genesis());
    next_due(&snapshot, closed).expect("the disk is not broken")
}
