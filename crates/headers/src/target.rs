//! The target that a block must have, by the rule that genesis chooses.

use bolao_ledger::{BlockProof, CompactTarget, Genesis, Height, Target, TargetRule, UnixSeconds};

use crate::asert::{Asert, eased};

/// How many powers of two easier than the first target an ASERT pool may become.
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

#[cfg(test)]
mod tests;
