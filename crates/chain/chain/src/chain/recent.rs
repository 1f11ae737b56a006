//! Blocks that were checked a short time ago: whatever branch they are on by now, no signature of theirs is checked again.

use std::collections::VecDeque;

use bolao_ledger::{BlockHash, CheckedBlock};

/// The most blocks.
const MAX_BLOCKS: usize = 64;
/// The most bytes of them.
const MAX_BYTES: usize = 8_000_000;

#[derive(Debug, Default)]
pub(super) struct RecentBlocks {
    blocks: VecDeque<CheckedBlock>,
    bytes: usize,
}

impl RecentBlocks {
    /// Keeps a block; the oldest give way.
    pub(super) fn put(&mut self, block: &CheckedBlock) {
        if self.get(&block.hash()).is_some() {
            return;
        }
        self.bytes = self.bytes.saturating_add(block.encoded_bytes());
        self.blocks.push_back(block.clone());
        while self.blocks.len() > MAX_BLOCKS || self.bytes > MAX_BYTES {
            let Some(oldest) = self.blocks.pop_front() else {
                break;
            };
            self.bytes = self.bytes.saturating_sub(oldest.encoded_bytes());
        }
    }

    pub(super) fn get(&self, hash: &BlockHash) -> Option<&CheckedBlock> {
        self.blocks.iter().rev().find(|block| block.hash() == *hash)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use bolao_ledger::{AccountId, Genesis, TargetRule, UnixSeconds};
    use bolao_store::Store;

    use super::*;
    use crate::{Core, CoreConfig, Now};

    #[test]
    fn the_oldest_give_way() {
        let genesis = Genesis {
            target: TargetRule::Fixed { zero_bits: 1 },
            ..Genesis::article()
        };
        let unix = UnixSeconds(genesis.created.0 + 10);
        let now = Now { unix, mono_ms: 0 };
        let store = Store::in_memory(&genesis).unwrap();
        let core = Core::new(store, CoreConfig::default(), now).unwrap();
        let mut recent = RecentBlocks::default();
        let mut hashes = Vec::new();
        for miner in 0..=u8::try_from(MAX_BLOCKS).unwrap() {
            let template = core.template(now, AccountId([miner; 32]), b"").unwrap();
            let header = template.header();
            let header = (0..=u32::MAX)
                .map(|nonce| header.with_nonce(nonce))
                .find(bolao_ledger::Header::meets_own_target)
                .unwrap();
            let block = template.block(header, [0; 16]);
            let block = block.check(&genesis, genesis.pool_id()).unwrap();
            recent.put(&block);
            recent.put(&block);
            hashes.push(block.hash());
        }
        let (oldest, others) = hashes.split_first().unwrap();
        assert!(recent.get(oldest).is_none());
        assert!(others.iter().all(|hash| recent.get(hash).is_some()));
        assert_eq!(recent.blocks.len(), MAX_BLOCKS);
        let held = recent.blocks.iter().map(CheckedBlock::encoded_bytes);
        assert_eq!(recent.bytes, held.sum::<usize>());
    }
}
