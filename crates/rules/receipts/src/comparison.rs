//! A receipt beside another chain of the pool, of which one block after another is asked for.

use bolao_ledger::{BlockHash, Height, ValidatorsHash};

use crate::verify::SlipReport;

/// The place of a receipt's block beside a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beside {
    /// The chain holds it.
    Held,
    /// The chain has other blocks from this height on, and this one of it is final: the receipt is of another history.
    Refuted(Height),
    /// It is above the chain's last final block, at this height, and others vote in the receipt than those after that.
    OtherValidators(Height),
    /// The chain has another block in its place, which is not final.
    Branched,
    /// The chain ends at this height, below it; as far as that is final, both are one.
    Above(Height),
}

/// The answer to whether what a file shows is in a chain of the pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It is.
    InChain,
    /// The chain has something else in its place.
    NotInChain,
    /// Nothing tells: there was no chain to compare with, or it ends too early. Somebody could have made the file up.
    NotCompared,
}

impl Answer {
    /// The name for programs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::InChain => "in_chain",
            Self::NotInChain => "not_in_chain",
            Self::NotCompared => "not_compared",
        }
    }
}

impl Beside {
    /// The answer by this chain alone.
    #[must_use]
    pub const fn answer(self) -> Answer {
        match self {
            Self::Held => Answer::InChain,
            Self::Refuted(_) | Self::OtherValidators(_) | Self::Branched => Answer::NotInChain,
            Self::Above(_) => Answer::NotCompared,
        }
    }
}

/// The comparison of a receipt with a chain.
#[derive(Clone, Debug)]
pub struct Comparison<'a> {
    report: &'a SlipReport,
    tip: Height,
    last_final: Height,
    /// The highest block that is known to be in both.
    same: Height,
    /// The lowest final block of the chain that is known not to be the receipt's.
    other: Option<Height>,
    /// Others vote in the receipt than after the last final block of the chain.
    voted_out: bool,
    branched: bool,
}

impl<'a> Comparison<'a> {
    /// With a chain that ends at `tip`, and is final up to a height that is not above it.
    #[must_use]
    pub fn new(report: &'a SlipReport, tip: Height, last_final: Height) -> Self {
        Self {
            report,
            tip,
            last_final: last_final.min(tip),
            same: Height::ZERO,
            other: None,
            voted_out: false,
            branched: false,
        }
    }

    /// The height of which the chain's block is wanted next; `None` once there is nothing more to ask.
    #[must_use]
    pub fn wants(&self) -> Option<Height> {
        let height = self.report.height;
        let shared = height.min(self.last_final);
        match self.other {
            // The first block in which they differ lies above one and not above the other.
            Some(other) => {
                let middle = Height(self.same.0.midpoint(other.0));
                (middle > self.same).then_some(middle)
            }
            None if self.same < shared => Some(shared),
            None if self.same < height && height <= self.tip && !self.branched => Some(height),
            None => None,
        }
    }

    /// Takes the hash of the block that was wanted, and of the validators whom its coinbase names (Q11), where it does.
    pub fn take(&mut self, own: BlockHash, after: Option<ValidatorsHash>) {
        let Some(height) = self.wants() else {
            return;
        };
        if self.report.hash_at(height) == Some(own) {
            self.same = height;
            // What a slip leaves out of the changes under that block does not show in its headers.
            self.voted_out |= height == self.last_final
                && after.is_some_and(|after| {
                    let voters = self.report.voters_after(height);
                    voters.is_some_and(|voters| voters.hash != after)
                });
        } else if height <= self.last_final {
            self.other = Some(height);
        } else {
            self.branched = true;
        }
    }

    /// The highest block that is known to be in both, and what that says of the receipt's.
    #[must_use]
    pub fn found(&self) -> (Height, Beside) {
        let beside = match self.other {
            Some(other) => Beside::Refuted(other),
            None if self.same >= self.report.height => Beside::Held,
            None if self.voted_out => Beside::OtherValidators(self.last_final),
            None if self.branched => Beside::Branched,
            None => Beside::Above(self.tip),
        };
        (self.same, beside)
    }
}
