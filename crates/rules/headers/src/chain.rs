//! What a header must be, given the headers under it.

use std::collections::VecDeque;

use bolao_ledger::{BlockProof, CompactTarget, Genesis, Header, UnixSeconds};

use crate::{
    checked::CheckedHeader,
    error::HeaderError,
    target::{bits_at, target_limit},
};

/// The number of blocks that the median time is taken of.
pub const MEDIAN_BLOCKS: usize = 11;

/// A chain of headers as far as the next one is judged by it: its tip, and the latest times.
#[derive(Clone, Debug)]
pub struct HeaderChain {
    tip: CheckedHeader,
    /// The tip's block was found invalid: nothing may build on it.
    is_invalid: bool,
    /// Of the last [`MEDIAN_BLOCKS`] headers, the latest last.
    times: VecDeque<UnixSeconds>,
}

impl HeaderChain {
    /// A chain that ends with genesis.
    #[must_use]
    pub fn of_genesis(genesis: &Genesis) -> Self {
        Self::new(CheckedHeader::genesis(genesis), false, [])
    }

    /// The chain that ends with `tip`. The times are those of the headers under it, the highest first;
    /// [`MEDIAN_BLOCKS`] − 1 of them are needed, or all down to genesis.
    #[must_use]
    pub fn new(
        tip: CheckedHeader,
        is_invalid: bool,
        below: impl IntoIterator<Item = UnixSeconds>,
    ) -> Self {
        let mut times = VecDeque::from([tip.header.time()]);
        for time in below.into_iter().take(MEDIAN_BLOCKS - 1) {
            times.push_front(time);
        }
        Self {
            tip,
            is_invalid,
            times,
        }
    }

    /// The header on top.
    #[must_use]
    pub const fn tip(&self) -> &CheckedHeader {
        &self.tip
    }

    /// The earliest time that the next block may have.
    #[must_use]
    pub fn earliest_time(&self, genesis: &Genesis) -> UnixSeconds {
        if genesis.proof() == BlockProof::Certificate {
            return self.tip.header.time();
        }
        let mut times = Vec::new();
        for time in &self.times {
            let place = times.partition_point(|other| other < time);
            times.insert(place, *time);
        }
        times
            .get(times.len() / 2)
            .copied()
            .unwrap_or(UnixSeconds::ZERO)
    }

    /// The bits that the next block must have if this is its time.
    #[must_use]
    pub fn next_bits(&self, genesis: &Genesis, time: UnixSeconds) -> CompactTarget {
        bits_at(genesis, self.tip.height, self.tip.header.time(), time)
    }

    /// Checks all of a header that its ancestors decide; the clock has no say.
    ///
    /// # Errors
    /// The rule that the header breaks.
    pub fn check(&self, genesis: &Genesis, header: &Header) -> Result<CheckedHeader, HeaderError> {
        let hash = header.hash();
        let parent = header.previous;
        if parent != self.tip.hash {
            return Err(HeaderError::UnknownParent { hash, parent });
        }
        if self.is_invalid {
            return Err(HeaderError::InvalidAncestor { hash, parent });
        }
        let wanted = self.next_bits(genesis, header.time());
        // # Rule B8: the bits are those that the target rule requires.
        if header.bits() != wanted {
            return Err(HeaderError::BadTarget {
                hash,
                got: header.bits().to_consensus(),
                wanted: wanted.to_consensus(),
            });
        }
        if !genesis.proof().is_met_by(header, hash) {
            return Err(HeaderError::HighHash { hash });
        }
        let (got, wanted) = (header.time(), self.earliest_time(genesis));
        // # Rule B9: a block's time is not below the median of the eleven under it, nor, where a certificate proves it, its
        // # parent's.
        if got < wanted {
            return Err(HeaderError::TimeTooOld { hash, got, wanted });
        }
        Ok(CheckedHeader::on(&self.tip, *header, hash))
    }

    /// Puts a header on top that [`Self::check`] of this chain gave.
    pub fn push(&mut self, header: CheckedHeader) {
        debug_assert_eq!(header.header.previous, self.tip.hash);
        if self.times.len() >= MEDIAN_BLOCKS {
            self.times.pop_front();
        }
        self.times.push_back(header.header.time());
        self.tip = header;
    }
}

/// Checks what a header must be wherever it belongs, so that even one whose parent is not known has cost its maker work.
pub fn check_own_proof(genesis: &Genesis, header: &Header) -> Result<(), HeaderError> {
    let hash = header.hash();
    let limit = target_limit(genesis);
    if header.target() > limit {
        return Err(HeaderError::BadTarget {
            hash,
            got: header.bits().to_consensus(),
            wanted: limit.to_compact_lossy().to_consensus(),
        });
    }
    if genesis.proof().is_met_by(header, hash) {
        Ok(())
    } else {
        Err(HeaderError::HighHash { hash })
    }
}

/// Checks the one rule that looks at the clock.
pub fn check_not_too_new(
    genesis: &Genesis,
    header: &Header,
    now: UnixSeconds,
) -> Result<(), HeaderError> {
    let wanted = UnixSeconds(now.0.saturating_add(genesis.most_ahead_s().into()));
    let got = header.time();
    // # Rule B10: a block is at most `max_future_s` ahead of the node's clock, in `hybrid` at most `clock_s`; until then it
    // # waits.
    if got > wanted {
        return Err(HeaderError::TimeTooNew {
            hash: header.hash(),
            got,
            wanted,
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests;
