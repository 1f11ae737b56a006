//! The bodies of one branch: which are wanted, asked for, and here.

use std::collections::{BTreeMap, BTreeSet};

use bolao_headers::CheckedHeader;
use bolao_ledger::{BlockHash, CheckedBlock, Height};
use bolao_store::HeaderRecord;

use crate::wire::MAX_BLOCKS;

/// The most blocks that are asked for or held ahead of the next one to connect.
const WINDOW: usize = 256;
/// Nothing more is asked for while so many bytes are held.
const MAX_HELD_BYTES: usize = 32_000_000;
/// The blocks of one request come to about so many bytes, as far as those before tell: an answer has seconds to arrive.
const REQUEST_BYTES: usize = 512 * 1024;
/// The number of blocks in a request while nobody knows how long they are.
const FIRST_BLOCKS: usize = 16;
/// The fewest that are asked for at once.
const MIN_BLOCKS: usize = 4;
/// The number of latest bodies that count for how long the next ones are: those before weigh less and less.
const LATEST_BLOCKS: usize = 64;
/// The most blocks that are connected in one write.
const BATCH_BLOCKS: usize = 64;
/// The most bytes of blocks that are connected in one write, but for one block.
const BATCH_BYTES: usize = 8_000_000;

#[derive(Debug)]
struct Step {
    hash: BlockHash,
    /// Its body is in the store.
    stored: bool,
}

/// A branch on its way.
#[derive(Debug)]
pub(crate) struct Download {
    path: Vec<Step>,
    target: BlockHash,
    target_height: Height,
    /// The first step that is neither connected nor stored.
    next: usize,
    bodies: BTreeMap<BlockHash, CheckedBlock>,
    held_bytes: usize,
    /// The number of the latest bodies, and how long they were together, in bytes.
    came: (usize, usize),
    asked: BTreeSet<BlockHash>,
    pub(super) last_peer: Option<crate::io::PeerId>,
}

/// The next step of a download.
#[derive(Debug)]
pub(crate) enum Next {
    /// Bodies that are here, in order; each follows on the one before.
    Bodies(Vec<CheckedBlock>),
    /// The bodies up to this block are in the store.
    Stored(BlockHash),
    /// The next body is not here.
    Missing,
    /// All is done.
    End,
}

impl Download {
    /// Along `path`, which begins above the fork; keeps what `before` has of it.
    pub(crate) fn new(path: Vec<HeaderRecord>, before: Option<Self>) -> Self {
        let mut download = Self {
            path: Vec::with_capacity(path.len()),
            target: BlockHash::default(),
            target_height: Height::ZERO,
            next: 0,
            bodies: BTreeMap::new(),
            held_bytes: 0,
            came: (0, 0),
            asked: BTreeSet::new(),
            last_peer: None,
        };
        download.extend(path.iter().map(|it| (&**it, it.has_body)));
        if let Some(before) = before {
            let on_path: BTreeSet<BlockHash> = path.iter().map(|record| record.hash).collect();
            download.asked = before.asked;
            download.asked.retain(|hash| on_path.contains(hash));
            for (hash, body) in before.bodies {
                if on_path.contains(&hash) {
                    download.held_bytes += body.encoded_bytes();
                    download.bodies.insert(hash, body);
                }
            }
            download.came = before.came;
            download.last_peer = before.last_peer;
        }
        download
    }

    /// Headers that build on the target, and whether their bodies are in the store.
    pub(crate) fn extend<'a>(&mut self, headers: impl Iterator<Item = (&'a CheckedHeader, bool)>) {
        for (header, stored) in headers {
            self.path.push(Step {
                hash: header.hash,
                stored,
            });
            self.target = header.hash;
            self.target_height = header.height;
        }
    }

    pub(crate) fn target(&self) -> BlockHash {
        self.target
    }

    pub(super) fn target_height(&self) -> Height {
        self.target_height
    }

    /// Takes what can be connected now.
    pub(super) fn take_next(&mut self) -> Next {
        let rest = self.path.get(self.next..).unwrap_or_default();
        if rest.is_empty() {
            return Next::End;
        }
        if let Some(last) = rest.iter().take_while(|step| step.stored).last() {
            let hash = last.hash;
            self.next += rest.iter().take_while(|step| step.stored).count();
            return Next::Stored(hash);
        }
        let mut batch = Vec::new();
        let mut bytes = 0_usize;
        for step in rest
            .iter()
            .take(BATCH_BLOCKS)
            .take_while(|step| !step.stored)
        {
            let Some(body) = self.bodies.remove(&step.hash) else {
                break;
            };
            bytes += body.encoded_bytes();
            self.held_bytes = self.held_bytes.saturating_sub(body.encoded_bytes());
            batch.push(body);
            if bytes >= BATCH_BYTES {
                break;
            }
        }
        if batch.is_empty() {
            return Next::Missing;
        }
        self.next += batch.len();
        Next::Bodies(batch)
    }

    /// Gives the blocks to ask for next: those of the window that are neither here nor asked for.
    pub(super) fn missing(&self) -> Vec<BlockHash> {
        if self.held_bytes >= MAX_HELD_BYTES && self.next_is_on_its_way() {
            return Vec::new();
        }
        self.path
            .iter()
            .skip(self.next)
            .take(WINDOW)
            .filter(|step| {
                !step.stored
                    && !self.asked.contains(&step.hash)
                    && !self.bodies.contains_key(&step.hash)
            })
            .map(|step| step.hash)
            .take(self.request_blocks())
            .collect()
    }

    fn request_blocks(&self) -> usize {
        let (blocks, bytes) = self.came;
        let fitting = REQUEST_BYTES.saturating_mul(blocks).checked_div(bytes);
        fitting.map_or(FIRST_BLOCKS, |fit| fit.clamp(MIN_BLOCKS, MAX_BLOCKS))
    }

    fn next_is_on_its_way(&self) -> bool {
        self.path.get(self.next).is_some_and(|step| {
            self.asked.contains(&step.hash) || self.bodies.contains_key(&step.hash)
        })
    }

    /// Whether anything is asked for.
    pub(super) fn is_waiting(&self) -> bool {
        !self.asked.is_empty()
    }

    pub(super) fn ask(&mut self, hashes: &[BlockHash]) {
        self.asked.extend(hashes);
    }

    /// A request for these was not answered in time, as if they were twice as long as was thought.
    pub(super) fn unanswered(&mut self, hashes: &[BlockHash]) {
        self.came = (hashes.len().div_ceil(2), REQUEST_BYTES);
    }

    /// A request for these has ended.
    pub(super) fn unasked(&mut self, hashes: &[BlockHash]) {
        for hash in hashes {
            self.asked.remove(hash);
        }
    }

    /// Whether a block was asked for and is not here.
    pub(super) fn wants(&self, hash: &BlockHash) -> bool {
        self.asked.contains(hash) && !self.bodies.contains_key(hash)
    }

    pub(super) fn put(&mut self, body: CheckedBlock) {
        self.held_bytes += body.encoded_bytes();
        self.note_length(body.encoded_bytes());
        self.bodies.insert(body.hash(), body);
    }

    fn note_length(&mut self, bytes: usize) {
        let (blocks, all) = self.came;
        self.came = (blocks + 1, all.saturating_add(bytes));
        if blocks >= LATEST_BLOCKS {
            self.came = (self.came.0 / 2, self.came.1 / 2);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_for_as_many_blocks_as_arrive_in_time() {
        let mut download = Download::new(Vec::new(), None);
        assert_eq!(download.request_blocks(), FIRST_BLOCKS);
        for (came, wanted) in [
            ((16, 16 * 1_000), MAX_BLOCKS),
            ((1, 50_000), REQUEST_BYTES / 50_000),
            ((3, 3_000_000), MIN_BLOCKS),
            ((1, usize::MAX), MIN_BLOCKS),
        ] {
            download.came = came;
            assert_eq!(download.request_blocks(), wanted, "{came:?}");
        }
    }

    #[test]
    fn a_few_long_blocks_outweigh_the_many_short_ones_before() {
        let mut download = Download::new(Vec::new(), None);
        for _ in 0..100_000 {
            download.note_length(1_000);
        }
        assert_eq!(download.request_blocks(), MAX_BLOCKS);
        for _ in 0..8 {
            download.note_length(1_000_000);
        }
        assert_eq!(download.request_blocks(), MIN_BLOCKS);
    }

    #[test]
    fn what_did_not_arrive_in_time_is_asked_for_in_smaller_parts() {
        let mut download = Download::new(Vec::new(), None);
        for wanted in [8, MIN_BLOCKS, MIN_BLOCKS] {
            let asked = vec![BlockHash::default(); download.request_blocks()];
            download.unanswered(&asked);
            assert_eq!(download.request_blocks(), wanted);
        }
        for _ in 0..LATEST_BLOCKS {
            download.note_length(1_000);
        }
        assert!(
            download.request_blocks() > 32,
            "short blocks make up for it"
        );
    }
}
