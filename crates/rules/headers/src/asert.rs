//! aserti3-2d, the difficulty algorithm of Bitcoin Cash since November 2020, in exact integers.
//!
//! The target of a block is the anchor's times `2^((time − pace) / half-life)`, where *time* is what has passed since
//! the anchor's parent and *pace* is what should have. The power's fraction is a cubic approximation whose error is
//! below 0.013 %.

use bolao_ledger::Target;
use ruint::aliases::U512;

/// The parameters of the ASERT rule: its anchor, its limit, its pace and its half-life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Asert {
    /// The anchor's target.
    pub(crate) anchor: Target,
    /// The easiest target allowed.
    pub(crate) limit: Target,
    /// The pace, in seconds.
    pub(crate) interval_s: u32,
    /// In seconds; not 0.
    pub(crate) half_life_s: u32,
}

impl Asert {
    /// The target of the block on top of one that is `height_delta` above the anchor and `time_delta` seconds after
    /// the anchor's parent.
    pub(crate) fn next_target(&self, time_delta: i128, height_delta: u64) -> Target {
        let pace = i128::from(self.interval_s) * (i128::from(height_delta) + 1);
        let exponent = ((time_delta - pace) * 65_536) / i128::from(self.half_life_s.max(1));
        let whole = exponent >> 16;
        let fraction = u128::try_from(exponent & 0xffff).unwrap_or(0);
        // # Rule A3: 2^x for 0 <= x < 1 is 1 + 0.695502049712533 x + 0.2262697964 x² + 0.0782318 x³ (aserti3-2d).
        let factor = 65_536
            + ((195_766_423_245_049 * fraction
                + 971_821_376 * fraction * fraction
                + 5_127 * fraction * fraction * fraction
                + (1 << 47))
                >> 48);
        let limit = wide(self.limit);
        // Below 2^274, so that 230 more bits still fit.
        let scaled = wide(self.anchor) * U512::from(factor);
        let shift = whole - 16;
        let next = if shift > 230 {
            limit
        } else if let Ok(left) = usize::try_from(shift) {
            scaled << left
        } else {
            scaled >> usize::try_from(-shift).unwrap_or(512).min(511)
        };
        narrow(next.clamp(U512::from(1), limit))
    }
}

fn wide(target: Target) -> U512 {
    U512::try_from_le_slice(&target.to_le_bytes()).unwrap_or(U512::MAX)
}

/// The low 256 bits; the caller has made sure that there are no others.
fn narrow(value: U512) -> Target {
    let bytes = value.to_le_bytes::<64>();
    Target::from_le_bytes(*bytes.first_chunk().expect("64 bytes begin with 32"))
}

/// `target` made easier by `bits` powers of two, but never easier than one leading zero bit.
pub(crate) fn eased(target: Target, bits: usize) -> Target {
    let easiest = (U512::from(1) << 255_usize) - U512::from(1);
    narrow((wide(target) << bits).min(easiest))
}

#[cfg(test)]
mod tests;
