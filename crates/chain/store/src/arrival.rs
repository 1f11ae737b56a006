//! When something first reached this node, and in how few bytes that is kept.

use bolao_ledger::UnixSeconds;

use crate::compact::{Bytes, put};

/// When something first reached this node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// By this node's clock.
    pub at: UnixSeconds,
    /// Whether it was connected then, and had been in step with its peers for a while: what is new to it is new.
    pub in_step: bool,
    /// Whether its clock agreed with those of its peers.
    pub clock_agrees: bool,
}

impl Arrival {
    /// Whether the node can say of what came late that it did.
    #[must_use]
    pub const fn there(self) -> bool {
        self.in_step && self.clock_agrees
    }

    const fn bits(self) -> u64 {
        self.in_step as u64 | (self.clock_agrees as u64) << 1
    }

    pub(crate) const fn read(at: u64, bits: u64) -> Self {
        Self {
            at: UnixSeconds(at),
            in_step: bits & 1 != 0,
            clock_agrees: bits & 2 != 0,
        }
    }

    /// Most are close to their block's, so that they take a byte or two.
    pub(crate) fn put(self, out: &mut Vec<u8>, from: u64) {
        let later = self.at.0.wrapping_sub(from).cast_signed();
        let folded = ((later << 1) ^ (later >> 63)).cast_unsigned();
        put(out, folded << 2 | self.bits());
    }

    pub(crate) fn take(bytes: &mut Bytes<'_>, from: u64) -> Option<Self> {
        let number = bytes.number()?;
        let folded = number >> 2;
        let later = (folded >> 1) ^ (folded & 1).wrapping_neg();
        Some(Self::read(from.wrapping_add(later), number & 3))
    }
}
