//! A node's chain in one stream of bytes, as [`bolao_replay::Decoder`] reads it.

use bolao_ledger::{Height, PoolId, encode};
use bolao_replay::{MAGIC, Record, StateEntry, TipRecord};
use bolao_store::{Snapshot, StoreError};

/// Writes a whole snapshot, piece by piece, to `out`. A block that the store lacks ends the blocks early, which the reader
/// sees from the tip's height.
///
/// # Errors
/// The store's, and those of `out`.
pub fn write<E: From<StoreError>>(
    snapshot: &Snapshot,
    pool: PoolId,
    out: impl FnMut(&[u8]) -> Result<(), E>,
) -> Result<(), E> {
    let mut records = Writer::begin(snapshot, pool, out)?;
    let blocks = records.blocks(snapshot, Height::ZERO, usize::MAX)?;
    for waiting in snapshot.pending()? {
        records.put(&Record::Waiting(encode(&waiting)))?;
    }
    let mut entries: u64 = 0;
    snapshot.walk(&[], |key, value| {
        entries = entries.saturating_add(1);
        let (key, value) = (key.to_vec(), value.to_vec());
        records.put(&Record::State(StateEntry { key, value }))
    })?;
    records.put(&Record::End { blocks, entries })
}

/// A part of the chain ends with what makes it longer than this, bytes.
const PART: usize = 512 * 1024;

/// Writes what comes next for somebody who has the chain up to `above`, and what proves blocks final up to `proven`.
///
/// # Errors
/// The store's, and those of `out`.
pub fn write_part<E: From<StoreError>>(
    snapshot: &Snapshot,
    pool: PoolId,
    above: Height,
    proven: Height,
    out: impl FnMut(&[u8]) -> Result<(), E>,
) -> Result<(), E> {
    let mut records = Writer::begin(snapshot, pool, out)?;
    let mut last = proven;
    let mut bytes: usize = 0;
    while bytes < PART
        && let Some(block) = snapshot.final_above(last)?
        && block.height <= above.min(records.held)
    {
        let (height, certificate) = (block.height, block.certificate.bytes().to_vec());
        bytes = bytes.saturating_add(certificate.len());
        records.put(&Record::Proof {
            height,
            certificate,
        })?;
        last = height;
    }
    let blocks = records.blocks(snapshot, above, PART.saturating_sub(bytes))?;
    records.put(&Record::End { blocks, entries: 0 })
}

struct Writer<W> {
    out: W,
    /// The height of the last final block that the chain holds.
    held: Height,
}

impl<E: From<StoreError>, W: FnMut(&[u8]) -> Result<(), E>> Writer<W> {
    fn begin(snapshot: &Snapshot, pool: PoolId, mut out: W) -> Result<Self, E> {
        out(MAGIC)?;
        let held = snapshot.held_final()?.map_or(Height::ZERO, |it| it.height);
        let mut records = Self { out, held };
        records.put(&Record::Tip(TipRecord {
            pool,
            tip: snapshot.tip()?,
        }))?;
        Ok(records)
    }

    fn put(&mut self, record: &Record) -> Result<(), E> {
        let bytes = encode(record);
        // A record is a block or less, and genesis bounds those far below 4 GiB.
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        (self.out)(&length.to_le_bytes())?;
        (self.out)(&bytes)
    }

    /// The blocks above one, with their certificates, until both are so many bytes; how many blocks they are.
    fn blocks(&mut self, snapshot: &Snapshot, above: Height, most: usize) -> Result<u64, E> {
        let tip = snapshot.tip()?.height;
        let mut blocks: u64 = 0;
        let mut bytes: usize = 0;
        let mut height = above.next();
        while height <= tip && bytes < most {
            let Some(hash) = snapshot.hash_at(height)? else {
                break;
            };
            let Some(block) = snapshot.block_bytes(&hash)? else {
                break;
            };
            bytes = bytes.saturating_add(block.len());
            self.put(&Record::Block(block))?;
            if height <= self.held
                && let Some(proven) = snapshot.final_at(height)?
            {
                let certificate = proven.certificate.bytes().to_vec();
                bytes = bytes.saturating_add(certificate.len());
                self.put(&Record::Certificate(certificate))?;
            }
            blocks = blocks.saturating_add(1);
            height = height.next();
        }
        Ok(blocks)
    }
}
