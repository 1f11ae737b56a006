//! A trial that no node knows of: should a bet count that validators of more than a third of the weight attest to have seen before
//! its deadline, although no block in time holds it? `docs/decisions/0012-no-attestation.md` says what came of it.
//!
//! The nodes are real ones. What is modelled is the rule, by what their own witnesses say of when a bet came. After the match
//! the honest validators that are back show all that they saw in time. The liars show what they like, when they know the score: a
//! signature of their own has no time that anybody could check, and what an honest validator attested they hold as well.

mod harm;

use std::collections::BTreeSet;

use bolao_ledger::{TxId, UnixSeconds};

use crate::world::World;

/// When the match begins, in seconds.
const KICKOFF_S: u64 = 1_800;
/// How long the match has been on when the liars choose: a goal may have fallen.
const KNOWN_MS: u64 = 15 * 60_000;

/// Seeds of a case: one, or as many as asked for.
fn seeds() -> std::ops::RangeInclusive<u64> {
    let wanted = std::env::var("BOLAO_SEEDS").ok();
    1..=wanted.map_or(1, |count| count.parse().expect("BOLAO_SEEDS is a number"))
}

/// When a transaction first came to a node, by its own witness.
fn arrived(world: &World, node: usize, id: &TxId) -> Option<UnixSeconds> {
    let state = world.state(node);
    if let Some(arrival) = state.pending_arrival(id).expect("the disk is not broken") {
        return Some(arrival.at);
    }
    let record = state.transaction(id).expect("the disk is not broken")?;
    let header = state.header_at(record.height).expect("no broken disk")?;
    let arrivals = state.block_arrivals(record.height, &header.hash);
    let arrivals = arrivals.expect("the disk is not broken")?.transactions;
    let index = usize::try_from(record.index).ok()?;
    arrivals.get(index).map(|arrival| arrival.at)
}

/// Whether a node had a bet before a moment of the simulation, in milliseconds.
fn saw(world: &World, node: usize, id: &TxId, before_ms: u64) -> bool {
    let began = world.sim.clock(node).unix.0 - world.sim.now_ms() / 1_000;
    let deadline = UnixSeconds(began + before_ms / 1_000);
    arrived(world, node, id).is_some_and(|at| at < deadline)
}

/// What becomes of two bets of one player on one match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Conflict {
    /// The last one that validators of enough weight attest counts, or the one in a block.
    Latest,
    /// A bet that anybody saw takes out those that it replaces, and of equal nonces neither counts.
    Cancels,
}

/// A rule of attestation: more than so many thirds of the weight, and what becomes of two bets.
#[derive(Clone, Copy, Debug)]
struct Rule {
    thirds: usize,
    conflict: Conflict,
}

impl Rule {
    const fn is_enough(&self, signers: usize, validators: usize) -> bool {
        signers * 3 > validators * self.thirds
    }
}

/// A bet of the one player.
#[derive(Clone, Debug, Default)]
struct Slip {
    nonce: u64,
    in_block: bool,
    /// The honest validators that saw it in time.
    seen: BTreeSet<usize>,
}

impl Slip {
    /// One that is in no block.
    const fn of(nonce: u64, seen: BTreeSet<usize>) -> Self {
        Self {
            nonce,
            in_block: false,
            seen,
        }
    }
}

/// All that one player has bet on one match.
#[derive(Clone, Debug, Default)]
struct Book {
    validators: usize,
    liars: BTreeSet<usize>,
    /// The honest validators that come back before the window closes.
    back: BTreeSet<usize>,
    slips: Vec<Slip>,
}

impl Book {
    /// Which bet counts when this is shown of each.
    fn counting(&self, rule: Rule, shown: &[BTreeSet<usize>]) -> Option<usize> {
        let slips = || self.slips.iter().zip(shown).enumerate();
        let stands = |slip: &Slip, by: &BTreeSet<usize>| {
            slip.in_block || rule.is_enough(by.len(), self.validators)
        };
        let standing = slips().filter(|(_, (slip, by))| stands(slip, by));
        let (at, (last, _)) = standing.max_by_key(|(_, (slip, _))| slip.nonce)?;
        let cancelled = slips().any(|(other, (slip, by))| {
            let known = slip.in_block || !by.is_empty();
            known && other != at && slip.nonce >= last.nonce
        });
        (rule.conflict == Conflict::Latest || !cancelled).then_some(at)
    }

    /// Among what the liars can choose once they know the score.
    fn choices(&self, rule: Rule) -> BTreeSet<Option<usize>> {
        let choices = (0..1_usize << self.slips.len()).map(|choice| {
            let shown = self.slips.iter().enumerate().map(|(at, slip)| {
                let mut by: BTreeSet<_> = slip.seen.intersection(&self.back).copied().collect();
                if choice >> at & 1 == 1 {
                    by.extend(slip.seen.union(&self.liars));
                }
                by
            });
            self.counting(rule, &shown.collect::<Vec<_>>())
        });
        choices.collect()
    }
}
