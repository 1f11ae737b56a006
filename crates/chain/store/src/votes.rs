//! What a validator must not forget of the height that it votes on: the log of what it has handled, and the blocks of which
//! the log speaks; the bets that it saw count; and the time that has certainly passed.

use std::collections::{BTreeMap, BTreeSet};

use bolao_ledger::{Block, BlockHash, CheckedBlock, Height, MatchNo, TxId, UnixSeconds, encode};
use borsh::{BorshDeserialize, BorshSerialize};
use redb::ReadableTable as _;

use crate::{
    access::{Access, Tables, View, decoded},
    error::StoreError,
    schema::key,
};

/// Bets that this node saw count (`hybrid`).
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct KeptBets {
    /// By match and deadline: those that counted before that deadline, which is still to come.
    pub before: BTreeMap<(MatchNo, UnixSeconds), BTreeSet<TxId>>,
    /// Those that counted before and at their deadlines, with the deadlines.
    pub kept: BTreeMap<TxId, UnixSeconds>,
}

/// A reading of the clock that starts with the machine and goes on while that sleeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct BootTime {
    /// The start of the machine that it counts from.
    pub boot: [u8; 16],
    /// The milliseconds since then.
    pub ms: u64,
}

/// A time that has certainly passed by what witnesses told a validator that decides alone, and when that was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct ProvenTime {
    /// The time.
    pub time: UnixSeconds,
    /// The machine's own clock then, where it has one.
    pub at: Option<BootTime>,
}

/// The log of one height, in the order in which it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoteLog {
    /// The height that the log is of.
    pub height: Height,
    /// The entries that were appended.
    pub entries: Vec<Vec<u8>>,
}

impl<A: Access> View<A> {
    /// The log, if it holds anything.
    pub fn vote_log(&self) -> Result<Option<VoteLog>, StoreError> {
        let Some((last, _)) = self.votes.last()? else {
            return Ok(None);
        };
        let (height, _) = last.value();
        let entries = self.votes.range((height, 0)..)?.map(|entry| {
            let (_, bytes) = entry?;
            Ok(bytes.value().to_vec())
        });
        Ok(Some(VoteLog {
            height: Height(height),
            entries: entries.collect::<Result<_, StoreError>>()?,
        }))
    }

    /// The bets that this node saw count.
    pub fn kept_bets(&self) -> Result<KeptBets, StoreError> {
        let found = self.meta.get(key::KEPT)?;
        found.map_or(Ok(KeptBets::default()), |bytes| {
            decoded("meta", key::KEPT, bytes.value())
        })
    }

    /// The time that had certainly passed at the last block; none where this node did not vote since that is kept.
    pub fn proven_time(&self) -> Result<Option<ProvenTime>, StoreError> {
        let found = self.meta.get(key::PROVEN)?;
        let read = |bytes: &[u8]| decoded("meta", key::PROVEN, bytes);
        found.map(|bytes| read(bytes.value())).transpose()
    }

    /// The blocks that were kept for the height that is voted on.
    pub fn proposals(&self) -> Result<Vec<Block>, StoreError> {
        let all = self.proposals.iter()?.map(|entry| {
            let (hash, bytes) = entry?;
            decoded("proposals", BlockHash(*hash.value()), bytes.value())
        });
        all.collect()
    }

    /// One of them, encoded.
    pub fn proposal_bytes(&self, hash: &BlockHash) -> Result<Option<Vec<u8>>, StoreError> {
        let found = self.proposals.get(&hash.0)?;
        Ok(found.map(|bytes| bytes.value().to_vec()))
    }
}

impl Tables<'_> {
    /// Adds an entry to the log of a height, behind those that are there.
    pub fn append_vote(&mut self, height: Height, entry: &[u8]) -> Result<(), StoreError> {
        self.noting(|tables| {
            let last = tables.votes.last()?.map(|(key, _)| key.value());
            let place = last.map_or(0, |(_, place)| place.saturating_add(1));
            tables.votes.insert((height.0, place), entry)?;
            Ok(())
        })
    }

    /// Keeps the bets that this node saw count, in place of those before.
    pub fn put_kept_bets(&mut self, bets: &KeptBets) -> Result<(), StoreError> {
        self.noting(|tables| {
            tables.meta.insert(key::KEPT, encode(bets).as_slice())?;
            Ok(())
        })
    }

    /// Keeps the time that has certainly passed.
    pub fn put_proven_time(&mut self, proven: &ProvenTime) -> Result<(), StoreError> {
        self.noting(|tables| {
            tables.meta.insert(key::PROVEN, encode(proven).as_slice())?;
            Ok(())
        })
    }

    /// Keeps a block that may be decided.
    pub fn keep_proposal(&mut self, block: &CheckedBlock) -> Result<(), StoreError> {
        self.noting(|tables| {
            let bytes = encode(block.get());
            let hash = block.hash();
            tables.proposals.insert(&hash.0, bytes.as_slice())?;
            Ok(())
        })
    }

    /// Forgets log and blocks: their height is decided.
    pub fn reset_votes(&mut self) -> Result<(), StoreError> {
        self.noting(|tables| {
            tables.votes.retain(|_, _| false)?;
            tables.proposals.retain(|_, _| false)?;
            Ok(())
        })
    }
}
