//! Difficulty as pools speak of it.
//!
//! Difficulty 1 is the target `0xffff << 208` ("bdiff"), 2³² hashes a share; a target is that
//! divided by the difficulty. Pools here ask for far less than 1, so difficulties are fractions.
//!
//! Miners turn a difficulty into a target with floating-point numbers, each in its own way, some
//! with single precision. So the server forgives [`SLACK`]: it asks for that much less than a
//! block needs, that no block is missed, and accepts a share that misses its target by that much.

use ruint::aliases::U256;

/// The share of a difficulty that rounding may take.
const SLACK: f64 = 1.0 / 65_536.0;

/// The difficulty of a share or a block: the target of difficulty 1 divided by its own target.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Difficulty(f64);

impl Difficulty {
    /// The lowest difficulty that stock miners can count with: nearly every hash will do.
    pub const MIN: Self = Self(1.0 / 4_294_967_296.0);

    /// The greatest difficulty that fits a target.
    const MAX: f64 = 1e60;

    /// A difficulty, brought between [`Difficulty::MIN`] and the greatest that a target can have;
    /// what is no number becomes the least.
    #[must_use]
    #[allow(
        clippy::manual_clamp,
        reason = "clamp would let through what is no number"
    )]
    pub fn new(value: f64) -> Self {
        Self(value.max(Self::MIN.0).min(Self::MAX))
    }

    /// The difficulty that takes about 2 to the power of `log2` hashes.
    #[must_use]
    pub fn from_hashes(log2: u8) -> Self {
        Self::new(f64::from(log2).exp2() / 4_294_967_296.0)
    }

    /// The difficulty of a target: a 256-bit number in little-endian bytes.
    #[must_use]
    pub fn of_target(target: &[u8; 32]) -> Self {
        Self::new(one() / f64::from(U256::from_le_bytes(*target)))
    }

    /// The number that is sent to miners.
    #[must_use]
    pub fn value(self) -> f64 {
        self.0
    }

    /// A little less, so that no miner's rounding makes it harder than this.
    pub(crate) fn eased(self) -> Self {
        Self::new(self.0 * (1.0 - SLACK))
    }

    /// The lesser of the two.
    pub(crate) fn min(self, other: Self) -> Self {
        Self(self.0.min(other.0))
    }

    /// Whether a share with this hash (little-endian) has the difficulty, give or take rounding.
    pub(crate) fn admits(self, hash: &[u8; 32]) -> bool {
        let target = U256::try_from(one() / self.0 * (1.0 + SLACK)).unwrap_or(U256::MAX);
        U256::from_le_bytes(*hash) <= target
    }
}

/// The target of difficulty 1.
fn one() -> f64 {
    65_535.0 * 208_f64.exp2()
}

#[cfg(test)]
mod tests;
