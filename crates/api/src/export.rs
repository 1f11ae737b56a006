//! A whole node in one stream of bytes: what `bolao audit` reads while the node runs.
//!
//! The stream begins with [`MAGIC`]. Then come records, each a little-endian `u32` length and that
//! many bytes of canonical encoding of a [`Record`]: one `Tip`, then every block of the main
//! chain from height 1 up, then every entry of the derived state, then one `End` with the counts.
//! All of it is of one snapshot. Writer and reader hold one record at a time.

use std::io;

use bolao_ledger::{BlockHash, Height, PoolId, UnixSeconds, decode, encode};
use bolao_store::{Snapshot, StateEntry, StoreError};
use borsh::{BorshDeserialize, BorshSerialize};

/// What the stream begins with.
pub const MAGIC: &[u8; 16] = b"bolao/export/1\r\n";
/// The longest record, bytes: a block of the largest size that genesis may allow, and more.
pub const RECORD_MAX: usize = 9_000_000;

/// One part of an export.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Record {
    /// Where the chain ends. The first record.
    Tip(TipRecord),
    /// The canonical encoding of the next block of the main chain.
    Block(Vec<u8>),
    /// An entry of the derived state.
    State(StateEntry),
    /// The last record.
    End {
        /// How many `Block` records there were.
        blocks: u64,
        /// How many `State` records there were.
        entries: u64,
    },
}

/// The node's last block, as its store has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct TipRecord {
    /// The pool.
    pub pool: PoolId,
    /// Its hash.
    pub hash: BlockHash,
    /// Blocks above genesis.
    pub height: Height,
    /// Work of the whole chain, little-endian.
    pub work: [u8; 32],
    /// The block's time.
    pub time: UnixSeconds,
}

/// Writes a snapshot, piece by piece, to `out`. A block that the store lacks ends the blocks early,
/// which the reader sees from the tip's height.
///
/// # Errors
/// The store's, and those of `out`.
pub fn write<E: From<StoreError>>(
    snapshot: &Snapshot,
    pool: PoolId,
    mut out: impl FnMut(&[u8]) -> Result<(), E>,
) -> Result<(), E> {
    out(MAGIC)?;
    let mut put = |record: &Record| {
        let bytes = encode(record);
        // A record is a block or less, and genesis bounds those far below 4 GiB.
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        out(&length.to_le_bytes())?;
        out(&bytes)
    };
    let tip = snapshot.tip()?;
    put(&Record::Tip(TipRecord {
        pool,
        hash: tip.hash,
        height: tip.height,
        work: tip.work.to_le_bytes(),
        time: tip.time,
    }))?;
    let mut blocks: u64 = 0;
    let mut height = Height::ZERO.next();
    while height <= tip.height {
        let Some(hash) = snapshot.hash_at(height)? else {
            break;
        };
        let Some(block) = snapshot.block_bytes(&hash)? else {
            break;
        };
        put(&Record::Block(block))?;
        blocks = blocks.saturating_add(1);
        height = height.next();
    }
    let mut entries: u64 = 0;
    snapshot.walk(&[], |key, value| {
        entries = entries.saturating_add(1);
        let (key, value) = (key.to_vec(), value.to_vec());
        put(&Record::State(StateEntry { key, value }))
    })?;
    put(&Record::End { blocks, entries })
}

/// Why bytes are no export.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// The stream begins otherwise.
    #[error("got a stream that is no export of a node, or one of another version")]
    NotAnExport,
    /// A record is longer than any that a node writes.
    #[error("got a record of {got} bytes, wanted at most {RECORD_MAX}")]
    TooLong {
        /// Its length in bytes.
        got: u64,
    },
    /// A record is damaged.
    #[error("record {index} is damaged: {source}")]
    Damaged {
        /// Which one, from 0.
        index: u64,
        /// What is wrong with it.
        source: bolao_ledger::DecodeError,
    },
    /// Something follows the last record.
    #[error("got more bytes after the end of the export")]
    Trailing,
    /// The stream ended before its last record.
    #[error("the export was cut off after {records} records: fetch it again")]
    CutOff {
        /// How many came whole.
        records: u64,
    },
    /// The counts in the last record differ from what came.
    #[error("the export says {said} {what}, but {came} came")]
    Counts {
        /// Blocks or entries.
        what: &'static str,
        /// What the last record says.
        said: u64,
        /// What came.
        came: u64,
    },
}

/// Takes an export apart as its bytes come in. Holds one record at most, besides the bytes of one
/// [`Decoder::push`].
#[derive(Debug, Default)]
pub struct Decoder {
    waiting: Vec<u8>,
    taken: usize,
    begun: bool,
    ended: bool,
    records: u64,
    blocks: u64,
    entries: u64,
}

impl Decoder {
    /// A decoder at the beginning of a stream.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds bytes; call [`Self::next_record`] until it gives `None` before the next.
    pub fn push(&mut self, bytes: &[u8]) {
        self.waiting.drain(..self.taken);
        self.taken = 0;
        self.waiting.extend_from_slice(bytes);
    }

    /// The next record whose bytes are there; `None`: push more, or call [`Self::finish`].
    ///
    /// # Errors
    /// The stream is no export, or is damaged. It gives nothing after that.
    pub fn next_record(&mut self) -> Result<Option<Record>, ExportError> {
        if !self.begun {
            let Some(magic) = self.take(MAGIC.len()) else {
                return Ok(None);
            };
            if magic != MAGIC {
                return Err(ExportError::NotAnExport);
            }
            self.begun = true;
        }
        if self.ended {
            return if self.rest().is_empty() {
                Ok(None)
            } else {
                Err(ExportError::Trailing)
            };
        }
        let Some(length) = self.rest().first_chunk().copied().map(u32::from_le_bytes) else {
            return Ok(None);
        };
        let Some(length) = usize::try_from(length)
            .ok()
            .filter(|got| *got <= RECORD_MAX)
        else {
            return Err(ExportError::TooLong { got: length.into() });
        };
        let Some(bytes) = self.take(size_of::<u32>().saturating_add(length)) else {
            return Ok(None);
        };
        let bytes = bytes.get(size_of::<u32>()..).unwrap_or_default();
        let record = decode(bytes).map_err(|source| ExportError::Damaged {
            index: self.records,
            source,
        })?;
        self.count(&record)?;
        Ok(Some(record))
    }

    /// Whether the stream came whole; call it when no more bytes come.
    ///
    /// # Errors
    /// It was cut off.
    pub fn finish(&self) -> Result<(), ExportError> {
        if self.ended && self.rest().is_empty() {
            Ok(())
        } else {
            Err(ExportError::CutOff {
                records: self.records,
            })
        }
    }

    fn rest(&self) -> &[u8] {
        self.waiting.get(self.taken..).unwrap_or_default()
    }

    fn take(&mut self, count: usize) -> Option<&[u8]> {
        let end = self.taken.checked_add(count)?;
        let taken = self.waiting.get(self.taken..end)?;
        self.taken = end;
        Some(taken)
    }

    fn count(&mut self, record: &Record) -> Result<(), ExportError> {
        self.records = self.records.saturating_add(1);
        match record {
            Record::Tip(_) => {}
            Record::Block(_) => self.blocks = self.blocks.saturating_add(1),
            Record::State(_) => self.entries = self.entries.saturating_add(1),
            Record::End { blocks, entries } => {
                self.ended = true;
                let counts = [
                    ("blocks", *blocks, self.blocks),
                    ("entries", *entries, self.entries),
                ];
                for (what, said, came) in counts {
                    if said != came {
                        return Err(ExportError::Counts { what, said, came });
                    }
                }
            }
        }
        Ok(())
    }
}

/// Reads a whole export from a blocking source, handing each record to `each`.
///
/// # Errors
/// Those of the source, of the stream (as `InvalidData`), and of `each`.
pub fn read<E: From<io::Error>>(
    mut source: impl io::Read,
    mut each: impl FnMut(Record) -> Result<(), E>,
) -> Result<(), E> {
    let invalid = |error| E::from(io::Error::new(io::ErrorKind::InvalidData, error));
    let mut decoder = Decoder::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let count = match source.read(&mut buffer) {
            Ok(0) => return decoder.finish().map_err(invalid),
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error.into()),
        };
        decoder.push(buffer.get(..count).unwrap_or_default());
        while let Some(record) = decoder.next_record().map_err(invalid)? {
            each(record)?;
        }
    }
}
