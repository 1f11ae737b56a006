//! A replay as a device keeps it from one visit to the next.

use std::collections::BTreeMap;

use bolao_headers::{ChainHeader, CheckedHeader, HeaderChain};
use bolao_ledger::{BlockHash, BlockId, Genesis, Header, Height, MemoryState, UnixSeconds, Work};
use borsh::{BorshDeserialize as _, BorshSerialize as _};

use super::Replay;
use crate::Checkpoint;

/// The last header, the work of the chain, its blocks, and the entries of the state.
type Kept = (
    Header,
    [u8; 32],
    Vec<(BlockHash, UnixSeconds)>,
    BTreeMap<Vec<u8>, Vec<u8>>,
);

/// The size of a block here, and of the lengths of an entry's two parts, in bytes.
const BLOCK: usize = 40;
const PAIR: usize = 8;
/// More than all else takes.
const REST: usize = 256;

impl Replay {
    /// Adds what it has come to to `bytes`, and leaves some room. `false`: it could not, since its blocks may still be replaced or memory
    /// is short.
    pub fn keep(&self, bytes: &mut Vec<u8>) -> bool {
        let (blocks, entries) = (&self.blocks, &self.state.entries);
        let sizes = entries
            .iter()
            .map(|(key, value)| PAIR + key.len() + value.len());
        let size = REST + BLOCK * blocks.len() + sizes.sum::<usize>();
        if !self.is_final_throughout() || bytes.try_reserve_exact(size).is_err() {
            return false;
        }
        let tip = self.tip();
        let kept = (tip.header, tip.work.to_le_bytes(), blocks, entries);
        kept.serialize(bytes).is_ok()
    }

    /// Goes on where a replay of the same pool had come to, and takes what that one kept off `bytes`. None of it is checked again but
    /// where it begins and ends: the caller answers for it that a replay kept these bytes.
    #[must_use]
    pub fn recall(genesis: Genesis, bytes: &mut &[u8]) -> Option<Self> {
        let (header, work, blocks, entries) = Kept::deserialize(bytes).ok()?;
        let pool = genesis.pool_id();
        let tip = ChainHeader {
            header,
            block: BlockId {
                height: Height(u64::try_from(blocks.len()).ok()?.checked_sub(1)?),
                hash: header.hash(),
            },
            work: Work::from_le_bytes(work),
        };
        let first = (pool.into(), genesis.created);
        let ends = (*blocks.first()?, *blocks.last()?);
        let below = blocks.iter().rev().skip(1).map(|(_, time)| *time);
        let is_good = ends == (first, (tip.hash, header.time()));
        let replay = Self {
            headers: HeaderChain::new(CheckedHeader::from_store(tip), false, below),
            blocks,
            pool,
            state: MemoryState { entries },
            last: Checkpoint::default(),
            genesis,
        };
        (is_good && replay.is_final_throughout()).then_some(replay)
    }
}
