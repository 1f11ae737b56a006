//! The target that a block must have, by the rule that genesis chooses.

use bolao_ledger::{BlockProof, CompactTarget, Genesis, Height, Target, TargetRule, UnixSeconds};

use crate::asert::{Asert, eased};

/// The number of powers of two by which an ASERT pool may become easier than its first target.
pub const ASERT_EASING_BITS: usize = 8;

/// The easiest target that a block of this pool may have.
#[must_use]
pub fn target_limit(genesis: &Genesis) -> Target {
    let proof = genesis.proof();
    let first = Target::from_compact(proof.initial_bits());
    match proof {
        BlockProof::Certificate | BlockProof::Work(TargetRule::Fixed { .. }) => first,
        // # Rule A4: an `asert` target is at most 8 bits easier than the initial one, and never below one zero bit.
        BlockProof::Work(TargetRule::Asert { .. }) => eased(first, ASERT_EASING_BITS),
    }
}

/// The compact target of the block on top of the one with this height and time.
#[must_use]
pub fn required_bits(genesis: &Genesis, height: Height, time: UnixSeconds) -> CompactTarget {
    let proof = genesis.proof();
    let first = proof.initial_bits();
    match proof {
        // # Rule A1: a `fixed` pool, and one whose blocks a certificate proves, keeps genesis' target.
        BlockProof::Certificate | BlockProof::Work(TargetRule::Fixed { .. }) => first,
        // # Rule A2: an `asert` pool follows aserti3-2d with genesis as its anchor; the anchor's parent, which that
        // # rule measures time from, stands one interval before it.
        BlockProof::Work(TargetRule::Asert {
            block_interval_s,
            half_life_s,
            ..
        }) => {
            let asert = Asert {
                anchor: Target::from_compact(first),
                limit: target_limit(genesis),
                interval_s: block_interval_s,
                half_life_s,
            };
            let since =
                i128::from(time.0) - i128::from(genesis.created.0) + i128::from(block_interval_s);
            asert.next_target(since, height.0).to_compact_lossy()
        }
    }
}

/// After how many seconds without a block the target of a `hybrid` pool eases.
const EASES_AFTER_S: u64 = 120;
/// The number of further seconds that make it twice as easy.
const EASES_EVERY_S: u64 = 20;

/// The compact target of a block of this time on top of the one with this height and time.
#[must_use]
pub fn bits_at(
    genesis: &Genesis,
    height: Height,
    parent: UnixSeconds,
    time: UnixSeconds,
) -> CompactTarget {
    let bits = required_bits(genesis, height, parent);
    let steps = easings(genesis, parent, time);
    if steps == 0 {
        return bits;
    }
    // # Rule A5: in `hybrid`, an `asert` target is twice as easy for each 20 s begun that a block's time lies more than 120 s
    // # after its parent's, up to the limit of A4: after a burst of hash power a pool goes on within minutes. Its work
    // # protects it less than its validators do.
    let target = eased(Target::from_compact(bits), steps.min(255));
    target.min(target_limit(genesis)).to_compact_lossy()
}

fn easings(genesis: &Genesis, parent: UnixSeconds, time: UnixSeconds) -> usize {
    if !genesis.consensus.votes_on_mined() || matches!(genesis.target, TargetRule::Fixed { .. }) {
        return 0;
    }
    let waited = time
        .0
        .saturating_sub(parent.0.saturating_add(EASES_AFTER_S));
    usize::try_from(waited.div_ceil(EASES_EVERY_S)).unwrap_or(usize::MAX)
}

/// The last second of a block for which [`bits_at`] says the same as for this time, if there is one.
#[must_use]
pub fn bits_hold_until(
    genesis: &Genesis,
    height: Height,
    parent: UnixSeconds,
    time: UnixSeconds,
) -> Option<UnixSeconds> {
    let steps = u64::try_from(easings(genesis, parent, time)).ok()?;
    let eased = EASES_AFTER_S.checked_add(steps.checked_mul(EASES_EVERY_S)?)?;
    let end = parent.0.checked_add(eased)?;
    let next = UnixSeconds(end.checked_add(1)?);
    let is_other = bits_at(genesis, height, parent, next) != bits_at(genesis, height, parent, time);
    is_other.then_some(UnixSeconds(end))
}

#[cfg(test)]
mod tests;
