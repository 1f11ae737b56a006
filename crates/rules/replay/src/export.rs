//! A whole node in one stream of bytes.
//!
//! The stream begins with [`MAGIC`]. Then come records, each a little-endian `u32` length and that many bytes of canonical
//! encoding of a [`Record`]: one `Tip`; then every block of the main chain from height 1 up, each with its certificate if it has
//! one; then every transaction that waits; then every entry of the derived state; then one `End` with the counts. Whoever has a
//! part of the chain asks for the rest: then certificates of blocks that it has come first, the blocks above them follow, and what
//! waits and the state are left out.
//! All of it is of one moment.

use bolao_headers::Tip;
use bolao_ledger::{Height, PoolId, decode};
use borsh::{BorshDeserialize, BorshSerialize};

/// The bytes that the stream begins with: the format's name and version.
pub const MAGIC: &[u8; 16] = b"bolao/export/1\r\n";
/// The longest record, bytes: a block of the largest size that genesis may allow, and more.
pub const RECORD_MAX: usize = 9_000_000;

/// Bytes of a record's length.
const LENGTH_BYTES: usize = 4;

/// One part of an export.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Record {
    /// The block that the chain ends with: the first record.
    Tip(TipRecord),
    /// The canonical encoding of the next block of the main chain.
    Block(Vec<u8>),
    /// An entry of the derived state.
    State(StateEntry),
    /// The last record.
    End {
        /// The number of `Block` records.
        blocks: u64,
        /// The number of `State` records.
        entries: u64,
    },
    /// The certificate that proves that the block before is final, where there is one.
    Certificate(Vec<u8>),
    /// The same of a block further down.
    Proof {
        /// The height of that block.
        height: Height,
        /// The certificate that proves that it is final.
        certificate: Vec<u8>,
    },
    /// The canonical encoding of a transaction that waits for a block.
    Waiting(Vec<u8>),
}

/// The node's last block, as its store has it, and the pool that it is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct TipRecord {
    /// The identity of the pool.
    pub pool: PoolId,
    /// The last block of its chain.
    pub tip: Tip,
}

/// One entry of the derived state.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct StateEntry {
    /// The key's bytes, its table's first ([`bolao_ledger::table::key_bytes`]).
    pub key: Vec<u8>,
    /// The encoded value.
    pub value: Vec<u8>,
}

/// Why bytes are no export.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// The stream begins otherwise.
    #[error("got a stream that is not a node's export, or one of another version")]
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
        /// The number of the record, from 0.
        index: u64,
        /// The reason why it cannot be decoded.
        source: bolao_ledger::DecodeError,
    },
    /// Something follows the last record.
    #[error("got more bytes after the end of the export")]
    Trailing,
    /// The stream ended before its last record.
    #[error("the export was cut off after {records} records: fetch it again")]
    CutOff {
        /// The number of records that came whole.
        records: u64,
    },
    /// The counts in the last record differ from what came.
    #[error("got {got} {what}, wanted {wanted} as the last record says")]
    Counts {
        /// Blocks or entries.
        what: &'static str,
        /// The number that there were to be.
        wanted: u64,
        /// The number that there were.
        got: u64,
    },
}

/// Reads an export in pieces as they come. Holds one record and one piece at most.
#[derive(Debug, Default)]
pub struct Decoder {
    /// The bytes that were fed; those from `read` on are not yet read.
    bytes: Vec<u8>,
    read: usize,
    begun: bool,
    ended: bool,
    /// The number of records that came.
    got: u64,
    blocks: u64,
    entries: u64,
}

impl Decoder {
    /// Takes the next piece. Read all records before the next.
    pub fn feed(&mut self, piece: &[u8]) {
        self.bytes.drain(..self.read);
        self.read = 0;
        self.bytes.extend_from_slice(piece);
    }

    /// The next record, if it has come whole.
    ///
    /// # Errors
    /// The stream is no export or is damaged: ask for no more then.
    pub fn next_record(&mut self) -> Result<Option<Record>, ExportError> {
        if !self.begun {
            let Some(magic) = self.array() else {
                return Ok(None);
            };
            if magic != *MAGIC {
                return Err(ExportError::NotAnExport);
            }
            self.read += MAGIC.len();
            self.begun = true;
        }
        if self.ended {
            return if self.left().is_empty() {
                Ok(None)
            } else {
                Err(ExportError::Trailing)
            };
        }
        let Some(length) = self.array().map(u32::from_le_bytes) else {
            return Ok(None);
        };
        let got = u64::from(length);
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        if length > RECORD_MAX {
            return Err(ExportError::TooLong { got });
        }
        let end = length + LENGTH_BYTES;
        let Some(bytes) = self.left().get(LENGTH_BYTES..end) else {
            return Ok(None);
        };
        let record = decode(bytes).map_err(|source| ExportError::Damaged {
            index: self.got,
            source,
        })?;
        self.read += end;
        self.count(&record)?;
        Ok(Some(record))
    }

    /// Whether the last record has come.
    ///
    /// # Errors
    /// It has not.
    pub const fn finish(&self) -> Result<(), ExportError> {
        if self.ended {
            Ok(())
        } else {
            Err(ExportError::CutOff { records: self.got })
        }
    }

    fn left(&self) -> &[u8] {
        self.bytes.get(self.read..).unwrap_or_default()
    }

    fn array<const N: usize>(&self) -> Option<[u8; N]> {
        self.left().first_chunk().copied()
    }

    fn count(&mut self, record: &Record) -> Result<(), ExportError> {
        self.got = self.got.saturating_add(1);
        match record {
            Record::Tip(_) | Record::Certificate(_) | Record::Proof { .. } | Record::Waiting(_) => {
            }
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
