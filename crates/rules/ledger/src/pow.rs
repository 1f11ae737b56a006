//! Targets, and the work that they stand for: Bitcoin's rules, on 256-bit numbers.

use std::{
    fmt,
    ops::{Add, Mul},
};

use borsh::{BorshDeserialize, io};
use ruint::aliases::U256;

use crate::hashes::BlockHash;

/// A target as a header holds it (nBits): one byte says how many bytes it has, three are the first of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CompactTarget(u32);

impl CompactTarget {
    /// From the header's number.
    #[must_use]
    pub const fn from_consensus(bits: u32) -> Self {
        Self(bits)
    }

    /// The header's number.
    #[must_use]
    pub const fn to_consensus(self) -> u32 {
        self.0
    }
}

/// The highest hash that a block may have, read as a little-endian number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Target(U256);

/// An expected number of hashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Work(U256);

macro_rules! bytes {
    ($name:ident) => {
        impl $name {
            /// From its bytes, the highest first.
            #[must_use]
            pub const fn from_be_bytes(bytes: [u8; 32]) -> Self {
                Self(U256::from_be_bytes(bytes))
            }

            /// From its bytes, the lowest first.
            #[must_use]
            pub const fn from_le_bytes(bytes: [u8; 32]) -> Self {
                Self(U256::from_le_bytes(bytes))
            }

            /// Its bytes, the highest first.
            #[must_use]
            pub const fn to_be_bytes(self) -> [u8; 32] {
                self.0.to_be_bytes()
            }

            /// Its bytes, the lowest first.
            #[must_use]
            pub const fn to_le_bytes(self) -> [u8; 32] {
                self.0.to_le_bytes()
            }
        }
    };
}

bytes!(Target);
bytes!(Work);

impl Target {
    /// The easiest: every hash meets it. A header's bits cannot hold all of it.
    pub const MAX: Self = Self(U256::MAX);

    /// The target that a header's bits stand for. One that is negative or needs more than 256 bits is 0, which no hash
    /// meets.
    #[must_use]
    pub fn from_compact(compact: CompactTarget) -> Self {
        let size = usize::from(compact.0.to_be_bytes()[0]);
        let first = U256::from(compact.0 & 0xff_ffff);
        let target = if size <= 3 {
            Some(first >> (8 * (3 - size)))
        } else {
            first.checked_shl(8 * (size - 3))
        };
        // The highest bit of the three bytes is a sign.
        let is_negative = size >= 3 && compact.0 & 0x80_0000 != 0;
        Self(target.filter(|_| !is_negative).unwrap_or(U256::ZERO))
    }

    /// The bits for this target, of which they keep the first 15 to 23.
    #[must_use]
    pub fn to_compact_lossy(self) -> CompactTarget {
        let mut size = self.0.bit_len().div_ceil(8);
        let first = if size <= 3 {
            self.0 << (8 * (3 - size))
        } else {
            self.0 >> (8 * (size - 3))
        };
        // Three bytes are left.
        let mut first: u32 = first.saturating_to();
        // The highest bit is a sign.
        if first & 0x80_0000 != 0 {
            first >>= 8;
            size += 1;
        }
        let size = u32::try_from(size).expect("a target has at most 33 bytes");
        CompactTarget(first | (size << 24))
    }

    /// Whether a hash is at or below the target.
    #[must_use]
    pub fn is_met_by(self, hash: BlockHash) -> bool {
        Self::from_le_bytes(hash.0) <= self
    }

    /// The expected number of hashes until one meets the target: 2²⁵⁶ ÷ (target + 1).
    #[must_use]
    pub fn to_work(self) -> Work {
        match self.0.checked_add(U256::ONE) {
            // 2²⁵⁶ itself does not fit, but 2²⁵⁶ ÷ n is (2²⁵⁶ − n) ÷ n + 1.
            Some(above) => Work(quotient(!self.0, above).saturating_add(U256::ONE)),
            None => Work(U256::ONE),
        }
    }
}

/// Long division, bit by bit, as Bitcoin Core does it: a page is 2 kB shorter than with the library's, which is made for speed.
fn quotient(mut rest: U256, divisor: U256) -> U256 {
    let mut quotient = U256::ZERO;
    let longest = rest.bit_len().saturating_sub(divisor.bit_len());
    for bit in (0..=longest).rev() {
        // The divisor has room for so many bits: it is no longer than what is divided.
        let part = divisor << bit;
        if part <= rest {
            rest = rest.wrapping_sub(part);
            quotient.set_bit(bit, true);
        }
    }
    quotient
}

/// The two forms that work has in what is sent and stored, for `#[borsh(serialize_with, deserialize_with)]`.
impl Work {
    /// The bytes that [`Self::read_be`] reads: those of messages between nodes.
    pub fn write_be<W: io::Write>(&self, writer: &mut W) -> io::Result<()> {
        writer.write_all(&self.to_be_bytes())
    }

    /// Of 32 bytes, the highest first.
    pub fn read_be<R: io::Read>(reader: &mut R) -> io::Result<Self> {
        BorshDeserialize::deserialize_reader(reader).map(Self::from_be_bytes)
    }

    /// The bytes that [`Self::read_le`] reads: those of stores.
    pub fn write_le<W: io::Write>(&self, writer: &mut W) -> io::Result<()> {
        writer.write_all(&self.to_le_bytes())
    }

    /// Of 32 bytes, the lowest first.
    pub fn read_le<R: io::Read>(reader: &mut R) -> io::Result<Self> {
        BorshDeserialize::deserialize_reader(reader).map(Self::from_le_bytes)
    }
}

impl Add for Work {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

/// The work of so many blocks alike.
impl Mul<u64> for Work {
    type Output = Self;

    fn mul(self, blocks: u64) -> Self {
        Self(self.0.saturating_mul(U256::from(blocks)))
    }
}

/// All 64 hexadecimal digits.
impl fmt::LowerHex for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_be_bytes()
            .iter()
            .try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
