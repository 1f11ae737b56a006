//! What a header must be, given the headers under it.

use std::collections::VecDeque;

use bolao_ledger::{BlockHash, Genesis, Header, UnixSeconds};
use bolao_store::{Access, HeaderRecord, Status, StoreError, View};

use crate::{error::HeaderError, target::required_bits};

/// How many blocks the median time is taken of.
pub const MEDIAN_BLOCKS: usize = 11;

/// A known header and the times under it: all that the next header is judged by.
#[derive(Clone, Debug)]
pub struct Lineage {
    record: HeaderRecord,
    /// Of the last [`MEDIAN_BLOCKS`] headers, the latest last.
    times: VecDeque<UnixSeconds>,
}

impl Lineage {
    /// Reads the headers under `hash`; none if that is not known.
    pub(crate) fn load<A: Access>(
        view: &View<A>,
        hash: &BlockHash,
    ) -> Result<Option<Self>, StoreError> {
        let Some(record) = view.header(hash)? else {
            return Ok(None);
        };
        let mut times = VecDeque::from([record.header.time()]);
        let mut previous = record.header.previous();
        while times.len() < MEDIAN_BLOCKS
            && let Some(parent) = view.header(&previous)?
        {
            times.push_front(parent.header.time());
            previous = parent.header.previous();
        }
        Ok(Some(Self { record, times }))
    }

    /// A chain that begins with genesis.
    #[must_use]
    pub fn of_genesis(genesis: &Genesis) -> Self {
        let header = genesis.header();
        Self {
            record: HeaderRecord {
                header,
                hash: header.hash(),
                height: bolao_ledger::Height::ZERO,
                work: header.work(),
                status: Status {
                    has_body: true,
                    invalid: None,
                },
            },
            times: VecDeque::from([header.time()]),
        }
    }

    /// The header on top.
    #[must_use]
    pub const fn record(&self) -> &HeaderRecord {
        &self.record
    }

    /// The earliest time that the next block may have.
    pub(crate) fn median_time(&self) -> UnixSeconds {
        let mut times: Vec<_> = self.times.iter().copied().collect();
        times.sort_unstable();
        times
            .get(times.len() / 2)
            .copied()
            .unwrap_or(UnixSeconds::ZERO)
    }

    /// The bits that the next block must have.
    #[must_use]
    pub fn next_bits(&self, genesis: &Genesis) -> bolao_ledger::CompactTarget {
        required_bits(genesis, self.record.height, self.record.header.time())
    }

    /// Checks all of a header that its ancestors decide; the clock has no say.
    ///
    /// # Errors
    /// The rule that the header breaks.
    pub fn check(&self, genesis: &Genesis, header: &Header) -> Result<(), HeaderError> {
        let hash = header.hash();
        let parent = header.previous();
        if parent != self.record.hash {
            return Err(HeaderError::UnknownParent { hash, parent });
        }
        if self.record.status.invalid.is_some() {
            return Err(HeaderError::InvalidAncestor { hash, parent });
        }
        let wanted = self.next_bits(genesis);
        // # Rule B8: the bits are those that the target rule requires.
        if header.bits() != wanted {
            return Err(HeaderError::BadTarget {
                hash,
                got: header.bits().to_consensus(),
                wanted: wanted.to_consensus(),
            });
        }
        // # Rule B1: a block's hash is at or below its target.
        if !header.meets_own_target() {
            return Err(HeaderError::HighHash { hash });
        }
        let (got, wanted) = (header.time(), self.median_time());
        // # Rule B9: a block's time is not below the median of the eleven under it.
        if got < wanted {
            return Err(HeaderError::TimeTooOld { hash, got, wanted });
        }
        Ok(())
    }

    /// Puts a checked header on top.
    pub fn push(&mut self, header: Header) -> &HeaderRecord {
        if self.times.len() >= MEDIAN_BLOCKS {
            self.times.pop_front();
        }
        self.times.push_back(header.time());
        self.record = HeaderRecord {
            header,
            hash: header.hash(),
            height: self.record.height.next(),
            work: self.record.work + header.work(),
            status: Status {
                has_body: false,
                invalid: None,
            },
        };
        &self.record
    }
}

/// Checks the one rule that looks at the clock.
pub(crate) fn check_not_too_new(
    genesis: &Genesis,
    header: &Header,
    now: UnixSeconds,
) -> Result<(), HeaderError> {
    let wanted = UnixSeconds(now.0.saturating_add(genesis.max_future_s.into()));
    let got = header.time();
    // # Rule B10: a block is at most `max_future_s` ahead of the node's clock; until then it waits.
    if got > wanted {
        return Err(HeaderError::TimeTooNew {
            hash: header.hash(),
            got,
            wanted,
        });
    }
    Ok(())
}

/// Whether a block is in the main chain.
pub(crate) fn on_main_chain<A: Access>(
    view: &View<A>,
    record: &HeaderRecord,
) -> Result<bool, StoreError> {
    Ok(view.hash_at(record.height)? == Some(record.hash))
}
