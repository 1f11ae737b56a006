//! What the store gives out, and how it is kept.

use std::ops::Deref;

use bolao_headers::{ChainHeader, CheckedHeader};
use bolao_ledger::{
    BlockHash, BlockId, HEADER_BYTES, Header, Height, MatchNo, Reason, TxId, Work, encode,
};
use borsh::{BorshDeserialize, BorshSerialize};

use crate::compact::{Bytes, put};

/// A header of any branch, read as a [`ChainHeader`], and what is known of its block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderRecord {
    checked: CheckedHeader,
    /// Whether the body is in the store; true of genesis, which has none to fetch.
    pub has_body: bool,
    /// Why the block is no part of any valid chain: the rule that it breaks, or [`Reason::InvalidAncestor`] if it builds on
    /// such a block.
    pub invalid: Option<Reason>,
}

impl Deref for HeaderRecord {
    type Target = CheckedHeader;

    fn deref(&self) -> &CheckedHeader {
        &self.checked
    }
}

/// The place of a transaction in the main chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TxRecord {
    /// The block that holds it.
    pub height: Height,
    /// Its place in [`bolao_ledger::Block::transactions`].
    pub index: u32,
    /// Bets that came after kick-off.
    pub void_bets: Vec<MatchNo>,
}

/// The key of a transaction in the table of their places: half of its id, which nobody finds twice either.
pub(crate) fn tx_key(id: &TxId) -> &[u8; 16] {
    id.0.first_chunk().expect("an id has 32 bytes")
}

/// [`TxRecord`] on disk: every transaction has one for good, so it is short.
pub(crate) fn tx_record_bytes(height: Height, index: u32, void_bets: &[MatchNo]) -> Vec<u8> {
    let mut bytes = Vec::new();
    put(&mut bytes, height.0);
    if index > 0 || !void_bets.is_empty() {
        put(&mut bytes, index.into());
    }
    for match_no in void_bets {
        put(&mut bytes, match_no.0.into());
    }
    bytes
}

impl TxRecord {
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let mut bytes = Bytes(bytes);
        let height = Height(bytes.number()?);
        let index = if bytes.0.is_empty() {
            0
        } else {
            bytes.number()?
        };
        let index = u32::try_from(index).ok()?;
        let mut void_bets = Vec::new();
        while !bytes.0.is_empty() {
            void_bets.push(MatchNo(u16::try_from(bytes.number()?).ok()?));
        }
        Some(Self {
            height,
            index,
            void_bets,
        })
    }
}

/// [`HeaderEntry`] on disk where validators make the blocks: of a block whose entry has the header, only its height.
pub(crate) enum ShortHeader<'b> {
    Full(&'b [u8]),
    OfBlock(Height),
}

impl<'b> ShortHeader<'b> {
    pub(crate) fn read(bytes: &'b [u8]) -> Option<Self> {
        if bytes.len() >= HEADER_BYTES {
            return Some(Self::Full(bytes));
        }
        Bytes(bytes).number().map(Height).map(Self::OfBlock)
    }

    pub(crate) fn bytes(entry: &HeaderEntry) -> Vec<u8> {
        if entry.body.is_none() || entry.invalid.is_some() {
            return encode(entry);
        }
        let mut out = Vec::new();
        put(&mut out, entry.height.0);
        out
    }
}

/// [`HeaderRecord`] on disk, under its hash.
#[derive(BorshSerialize, BorshDeserialize)]
pub(crate) struct HeaderEntry {
    pub(crate) header: Header,
    pub(crate) height: Height,
    #[borsh(serialize_with = "Work::write_le", deserialize_with = "Work::read_le")]
    pub(crate) work: Work,
    /// Key in the table of bodies.
    pub(crate) body: Option<u64>,
    /// The code of a [`Reason`].
    pub(crate) invalid: Option<String>,
}

impl HeaderEntry {
    /// A header whose block is not here.
    pub(crate) fn new(checked: &CheckedHeader) -> Self {
        Self {
            header: checked.header,
            height: checked.height,
            work: checked.work,
            body: None,
            invalid: None,
        }
    }

    pub(crate) fn invalid(&self) -> Option<Reason> {
        self.invalid
            .as_deref()
            .map(|kept| Reason::of(kept).unwrap_or(Reason::KnownInvalid))
    }

    pub(crate) fn into_record(self, hash: BlockHash) -> HeaderRecord {
        let invalid = self.invalid();
        HeaderRecord {
            checked: CheckedHeader::from_store(ChainHeader {
                header: self.header,
                block: BlockId {
                    height: self.height,
                    hash,
                },
                work: self.work,
            }),
            has_body: self.body.is_some() || self.height == Height::ZERO,
            invalid,
        }
    }
}

#[cfg(test)]
mod tests {
    use bolao_ledger::Genesis;

    use super::*;

    #[test]
    fn the_reason_of_an_invalid_block_is_kept() {
        let read = |kept: &str| {
            let mut entry = HeaderEntry::new(&CheckedHeader::genesis(&Genesis::article()));
            entry.invalid = Some(kept.into());
            entry.invalid()
        };
        for reason in Reason::all() {
            assert_eq!(read(reason.code()), Some(reason));
        }
        assert_eq!(read("of-a-newer-program"), Some(Reason::KnownInvalid));
    }
}
