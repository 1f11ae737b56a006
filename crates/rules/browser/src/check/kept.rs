//! What a device keeps of a check, for the next visit to go on from.
//!
//! - Only a pool whose blocks are all final keeps anything, and only of a chain that was checked to its end.
//! - The bytes are their form's name, the pool, what was replayed with the transactions of which answers are made, and a digest of all
//!   that. The digest tells of damage; whoever can write on this device could make another.
//! - At an address without TLS, where anybody in the network can once have written on this device, they are the blocks with their
//!   certificates instead, in the form in which a node sends them. All of them are replayed, every signature included.
//! - They count for nothing but as a part of what this device has found final: they end at or below the block of `seen`, whose hash is
//!   of all that is below it, and the node must have the block that they end with. Without a `seen`, all begins at genesis.

use std::hash::{DefaultHasher, Hasher as _};

use bolao_ledger::{BlockId, Height, MatchNo, StateView as _, Transaction, encode};
use bolao_replay::{MAGIC, Record, Replay, TipRecord};
use borsh::BorshDeserialize as _;

use super::{Check, block_at, booked};
use crate::pool::Open;

/// The name of the form.
const FORM: &[u8] = b"bolao/checked/1\n";
/// The name of the form of blocks.
const BLOCKS: &[u8] = b"bolao/blocks/1\n";
/// So many bytes of blocks are read again rather than kept.
const FEW: usize = 4_000;
/// The same where the page may be left now.
const FEW_LEAVING: usize = 1_000;
/// And as much more as one part in so many of what is kept already.
const PARTS: usize = 100;

/// Not one that nobody can forge, but ten times as fast here as such a one.
fn digest(bytes: &[u8]) -> [u8; 8] {
    let mut hasher = DefaultHasher::new();
    hasher.write(bytes);
    hasher.finish().to_le_bytes()
}

/// The blocks that were read, as records.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    bytes: Vec<u8>,
    /// The bytes of those that were replayed.
    replayed: usize,
}

impl Blocks {
    pub(super) fn add(&mut self, record: &Record) {
        put(&mut self.bytes, record);
    }

    pub(super) fn are_replayed(&mut self) {
        self.replayed = self.bytes.len();
    }

    /// Forgets those that came and were not replayed: they come again.
    pub(super) fn drop_waiting(&mut self) {
        self.bytes.truncate(self.replayed);
    }
}

fn put(bytes: &mut Vec<u8>, record: &Record) {
    let record = encode(record);
    // A record is a block or less, and genesis bounds those far below 4 GiB.
    let length = u32::try_from(record.len()).unwrap_or(u32::MAX);
    bytes.extend(length.to_le_bytes());
    bytes.extend(record);
}

impl Check {
    /// The bytes to be kept; none where there is too little that is new, or nothing that may be kept.
    pub(crate) fn keep(&mut self, leaving: bool) -> Vec<u8> {
        let few = if leaving {
            FEW_LEAVING
        } else {
            FEW + self.kept / PARTS
        };
        if !self.whole || self.failed.is_some() || self.unkept < few {
            return Vec::new();
        }
        self.unkept = 0;
        if let Some(blocks) = &self.blocks {
            let bytes = self.kept_blocks(blocks);
            self.kept = bytes.len();
            return bytes;
        }
        let placed = self.booked.iter().map(|it| {
            let height = it.block.at.height;
            (height, it.block.index, &it.transaction, &it.void)
        });
        let placed: Vec<_> = placed.collect();
        let mut bytes = [FORM, &self.replay.pool().0, &encode(&placed)].concat();
        if !self.replay.keep(&mut bytes) {
            return Vec::new();
        }
        let digest = digest(&bytes);
        bytes.extend(digest);
        self.kept = bytes.len();
        bytes
    }

    /// The blocks as a node sends them.
    fn kept_blocks(&self, blocks: &Blocks) -> Vec<u8> {
        let (pool, tip) = (self.replay.pool(), self.replay.tip());
        let begin = Record::Tip(TipRecord {
            pool,
            tip: tip.into(),
        });
        let end = Record::End {
            blocks: tip.height.0,
            entries: 0,
        };
        let mut bytes = [BLOCKS, &pool.0, MAGIC].concat();
        put(&mut bytes, &begin);
        bytes.extend(&blocks.bytes);
        put(&mut bytes, &end);
        bytes
    }

    /// A check that has replayed kept blocks, if they are such of this pool and all of them are right.
    fn replayed(open: &Open, bytes: &[u8]) -> Option<Self> {
        let part = bytes.strip_prefix(BLOCKS)?.strip_prefix(&open.id.0)?;
        let mut check = Self::new(open, true).ok()?;
        check.begin(Vec::new(), None, None).ok()?;
        check.feed(part).ok()?;
        check.end().ok()?;
        // Nothing counts before the node has shown that it has the block.
        (check.whole, check.recalled) = (false, true);
        (check.kept, check.unkept) = (bytes.len(), 0);
        Some(check)
    }

    /// A check that goes on from kept bytes, if they are such of this pool.
    pub(crate) fn recall(open: &Open, bytes: &[u8], blocks: bool) -> Option<Self> {
        if blocks {
            return Self::replayed(open, bytes);
        }
        let (rest, digest) = bytes.split_last_chunk()?;
        if self::digest(rest) != *digest {
            return None;
        }
        let mut rest = rest.strip_prefix(FORM)?.strip_prefix(&open.id.0)?;
        let placed =
            Vec::<(Height, u32, Transaction, Vec<MatchNo>)>::deserialize(&mut rest).ok()?;
        let replay = Replay::recall(open.genesis.clone(), &mut rest)?;
        let booked = placed
            .into_iter()
            .map(|(height, index, transaction, void)| {
                let at = block_at(&replay, height)?;
                Some(booked(transaction, void, at, index))
            });
        let booked: Vec<_> = booked.collect::<Option<_>>()?;
        let check = Self {
            booked,
            recalled: true,
            kept: bytes.len(),
            ..Self::of(replay)
        };
        let counted = check.view().totals().ok()?.transactions;
        let is_whole = rest.is_empty() && usize::try_from(counted) == Ok(check.booked.len());
        is_whole.then_some(check)
    }

    /// Whether what was kept is below what this device has found final, and holds every block that is named.
    pub(super) fn agrees(&self, named: &[BlockId], seen: Option<BlockId>) -> bool {
        seen.is_some_and(|seen| self.replay.tip().height <= seen.height)
            && named
                .iter()
                .chain(&seen)
                .all(|place| self.holds(*place, "named").is_ok())
    }
}
