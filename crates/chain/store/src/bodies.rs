//! Bodies of all branches. Those of other branches than the main one are found by height, so that old ones can go.

use bolao_ledger::{BlockHash, CheckedBlock, Height, encode};
use redb::ReadableTable as _;

use crate::{access::Tables, error::StoreError};

impl Tables<'_> {
    /// Keeps a body of any branch whose header is known; one that is there already is left as it is.
    pub fn put_body(&mut self, block: &CheckedBlock) -> Result<(), StoreError> {
        self.noting(|tables| {
            let hash = block.hash();
            let mut entry = tables
                .header_entry(&hash)?
                .ok_or(StoreError::UnknownHeader { hash })?;
            if tables.certified {
                // Its certificate brings it.
                return Ok(());
            }
            if entry.body.is_some() {
                return Ok(());
            }
            tables.note_body(entry.height, &hash, block.ids())?;
            let sequence = tables
                .bodies
                .last()?
                .map_or(0, |(last, _)| last.value().saturating_add(1));
            tables
                .bodies
                .insert(sequence, encode(block.get()).as_slice())?;
            entry.body = Some(sequence);
            tables.side_bodies.insert((entry.height.0, &hash.0), ())?;
            tables.insert_header(&hash, &entry)
        })
    }

    /// Loses the body of a block of any branch, as damage does.
    #[cfg(feature = "testing")]
    pub fn lose_body(&mut self, hash: &BlockHash) -> Result<(), StoreError> {
        let entry = self.header_entry(hash)?;
        if let Some(sequence) = entry.and_then(|entry| entry.body) {
            self.bodies.remove(sequence)?;
            self.blocks.remove(sequence)?;
        }
        Ok(())
    }

    /// Forgets at most `limit` bodies below a height that are not in the main chain, the lowest first, and says how
    /// many they were. Their headers stay.
    pub fn prune_side_bodies(&mut self, below: Height, limit: usize) -> Result<usize, StoreError> {
        self.noting(|tables| {
            let old: Vec<(u64, BlockHash)> = tables
                .side_bodies
                .range::<(u64, &[u8; 32])>(..(below.0, &[0; 32]))?
                .take(limit)
                .map(|entry| {
                    let (key, ()) = entry.map(|(key, _)| (key, ()))?;
                    let (height, hash) = key.value();
                    Ok((height, BlockHash(*hash)))
                })
                .collect::<Result<_, StoreError>>()?;
            for (height, hash) in &old {
                tables.side_bodies.remove((*height, &hash.0))?;
                let mut entry = tables
                    .header_entry(hash)?
                    .ok_or_else(|| StoreError::missing("headers", hash))?;
                if let Some(sequence) = entry.body.take() {
                    tables.bodies.remove(sequence)?;
                    tables.insert_header(hash, &entry)?;
                }
            }
            Ok(old.len())
        })
    }
}
