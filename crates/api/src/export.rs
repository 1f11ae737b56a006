//! A whole node in one stream of bytes: what `bolao audit` reads while the node runs.
//!
//! The stream begins with [`MAGIC`]. Then come records, each a little-endian `u32` length and that
//! many bytes of canonical encoding of a [`Record`]: one `Tip`, then every block of the main
//! chain from height 1 up, each with its certificate if it has one, then every entry of the derived state, then one `End` with the counts.
//! All of it is of one snapshot. Writer and reader hold one record at a time.

use std::io::{self, Read as _};

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
    /// What proves that the block before is final, where anything does.
    Certificate(Vec<u8>),
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
        if let Some(proven) = snapshot.final_at(height)? {
            put(&Record::Certificate(proven.certificate.bytes().to_vec()))?;
        }
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
    #[error("got {got} {what}, wanted {wanted} as the last record says")]
    Counts {
        /// Blocks or entries.
        what: &'static str,
        /// How many there were to be.
        wanted: u64,
        /// How many there were.
        got: u64,
    },
    /// The source cannot be read.
    #[error(transparent)]
    Source(#[from] io::Error),
}

/// The records of an export, read from a blocking source. Holds one at most.
#[derive(Debug)]
pub struct Records<R> {
    source: R,
    begun: bool,
    ended: bool,
    /// How many came.
    got: u64,
    blocks: u64,
    entries: u64,
}

impl<R: io::Read> Records<R> {
    /// The records of a stream that is at its beginning.
    pub fn new(source: R) -> Self {
        Self {
            source,
            begun: false,
            ended: false,
            got: 0,
            blocks: 0,
            entries: 0,
        }
    }

    /// The next record; `None` after the last one.
    ///
    /// # Errors
    /// The stream is no export, is damaged or was cut off: ask for no more then.
    pub fn next_record(&mut self) -> Result<Option<Record>, ExportError> {
        if !std::mem::replace(&mut self.begun, true) && self.array()? != *MAGIC {
            return Err(ExportError::NotAnExport);
        }
        if self.ended {
            let mut more = Vec::new();
            self.source.by_ref().take(1).read_to_end(&mut more)?;
            return if more.is_empty() {
                Ok(None)
            } else {
                Err(ExportError::Trailing)
            };
        }
        let got = u32::from_le_bytes(self.array()?);
        let length = usize::try_from(got).unwrap_or(usize::MAX);
        if length > RECORD_MAX {
            return Err(ExportError::TooLong { got: got.into() });
        }
        let mut bytes = vec![0; length];
        self.fill(&mut bytes)?;
        let record = decode(&bytes).map_err(|source| ExportError::Damaged {
            index: self.got,
            source,
        })?;
        self.count(&record)?;
        Ok(Some(record))
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], ExportError> {
        let mut bytes = [0; N];
        self.fill(&mut bytes).map(|()| bytes)
    }

    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), ExportError> {
        let records = self.got;
        self.source
            .read_exact(bytes)
            .map_err(|error| match error.kind() {
                io::ErrorKind::UnexpectedEof => ExportError::CutOff { records },
                _ => error.into(),
            })
    }

    fn count(&mut self, record: &Record) -> Result<(), ExportError> {
        self.got = self.got.saturating_add(1);
        match record {
            Record::Tip(_) | Record::Certificate(_) => {}
            Record::Block(_) => self.blocks = self.blocks.saturating_add(1),
            Record::State(_) => self.entries = self.entries.saturating_add(1),
            Record::End { blocks, entries } => {
                self.ended = true;
                for (what, wanted, got) in [
                    ("blocks", *blocks, self.blocks),
                    ("entries", *entries, self.entries),
                ] {
                    if wanted != got {
                        return Err(ExportError::Counts { what, wanted, got });
                    }
                }
            }
        }
        Ok(())
    }
}
