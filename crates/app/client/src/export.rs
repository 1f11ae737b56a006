//! A node's export as what an audit reads: blocks and state once, in their order, never all at once.

use std::{
    cell::RefCell,
    io::{self, ErrorKind},
};

use bolao_chain::AuditSource;
use bolao_ledger::{Block, BlockHash, Genesis, Height, PoolId, decode};
use bolao_replay::{Decoder, Record, StateEntry};
use tokio::sync::mpsc;

/// Pieces of the download that wait for the audit.
const PIECES: usize = 16;

/// A piece of the download.
pub type Piece = io::Result<Vec<u8>>;

/// The way from the download to the audit's thread.
pub fn channel() -> (mpsc::Sender<Piece>, impl Iterator<Item = Piece> + Send) {
    let (sender, mut pieces) = mpsc::channel(PIECES);
    (sender, std::iter::from_fn(move || pieces.blocking_recv()))
}

/// An export in the middle of being read.
#[derive(Debug)]
pub struct Export<I> {
    genesis: Genesis,
    tip: (BlockHash, Height),
    records: RefCell<Records<I>>,
}

/// The download as records.
#[derive(Debug)]
struct Records<I> {
    decoder: Decoder,
    pieces: I,
    /// The record after the last block, which belongs to what follows.
    held: Option<Record>,
}

fn invalid(reason: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, reason)
}

impl<I: Iterator<Item = Piece>> Records<I> {
    /// The next record, none after the last one; an error where the stream ends without that.
    fn next(&mut self) -> io::Result<Option<Record>> {
        if let Some(held) = self.held.take() {
            return Ok(Some(held));
        }
        loop {
            if let Some(record) = self.decoder.next_record().map_err(invalid)? {
                return Ok(Some(record));
            }
            match self.pieces.next() {
                Some(piece) => self.decoder.feed(&piece?),
                None => return self.decoder.finish().map(|()| None).map_err(invalid),
            }
        }
    }
}

impl<I: Iterator<Item = Piece>> Export<I> {
    /// Reads the first record, which names the tip. Blocks the thread, as all that follows does.
    pub fn new(genesis: Genesis, pieces: I) -> io::Result<Self> {
        let mut records = Records {
            decoder: Decoder::default(),
            pieces,
            held: None,
        };
        let Some(Record::Tip(tip)) = records.next()? else {
            return Err(invalid("its first record names no tip"));
        };
        let pool: PoolId = genesis.pool_id();
        if tip.pool != pool {
            return Err(invalid(format!(
                "it is of pool {}, wanted {pool}",
                tip.pool
            )));
        }
        Ok(Self {
            genesis,
            tip: (tip.tip.hash, tip.tip.height),
            records: RefCell::new(records),
        })
    }
}

impl<I: Iterator<Item = Piece>> AuditSource for Export<I> {
    type Error = io::Error;

    fn genesis(&self) -> io::Result<Genesis> {
        Ok(self.genesis.clone())
    }

    fn tip(&self) -> io::Result<(BlockHash, Height)> {
        Ok(self.tip)
    }

    fn blocks(&self) -> io::Result<impl Iterator<Item = io::Result<Block>>> {
        Ok(std::iter::from_fn(|| {
            let mut records = self.records.borrow_mut();
            match records.next() {
                Ok(Some(Record::Block(bytes))) => Some(decode(&bytes).map_err(invalid)),
                Ok(other) => {
                    records.held = other;
                    None
                }
                Err(error) => Some(Err(error)),
            }
        }))
    }

    fn certificate(&self, _height: Height) -> io::Result<Option<Vec<u8>>> {
        let mut records = self.records.borrow_mut();
        match records.next()? {
            Some(Record::Certificate(bytes)) => Ok(Some(bytes)),
            other => {
                records.held = other;
                Ok(None)
            }
        }
    }

    fn waiting(&self, visit: &mut dyn FnMut(Vec<u8>)) -> io::Result<()> {
        let mut records = self.records.borrow_mut();
        loop {
            match records.next()? {
                Some(Record::Waiting(bytes)) => visit(bytes),
                other => {
                    records.held = other;
                    return Ok(());
                }
            }
        }
    }

    fn state(&self, visit: &mut dyn FnMut(StateEntry)) -> io::Result<()> {
        let mut records = self.records.borrow_mut();
        while let Some(record) = records.next()? {
            match record {
                Record::State(entry) => visit(entry),
                Record::Waiting(_) | Record::End { .. } => {}
                Record::Tip(_)
                | Record::Block(_)
                | Record::Certificate(_)
                | Record::Proof { .. } => {
                    return Err(invalid(
                        "a tip or block stands among the entries of the state",
                    ));
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use bolao_chain::audit;
    use bolao_store::Store;

    use super::*;

    fn export() -> (Genesis, Vec<u8>) {
        let genesis = Genesis::article();
        let store = Store::in_memory(&genesis).unwrap();
        let snapshot = store.reader().snapshot().unwrap();
        let mut bytes = Vec::new();
        bolao_api::export::write(&snapshot, store.pool_id(), |part| {
            bytes.extend_from_slice(part);
            Ok::<_, bolao_store::StoreError>(())
        })
        .unwrap();
        (genesis, bytes)
    }

    fn opened(genesis: Genesis, bytes: &[u8]) -> io::Result<Export<impl Iterator<Item = Piece>>> {
        Export::new(genesis, bytes.chunks(7).map(|piece| Ok(piece.to_vec())))
    }

    #[test]
    fn an_export_is_audited_as_the_store_is() {
        let (genesis, bytes) = export();
        let report = audit(&opened(genesis.clone(), &bytes).unwrap(), |_, _| {}).unwrap();
        assert_eq!(report.tip, genesis.pool_id().into());
        assert_eq!(report.matches, 2);
    }

    #[test]
    fn cuts_and_other_pools_are_found() {
        let (mut genesis, bytes) = export();
        let cut = bytes.get(..bytes.len() - 1).unwrap();
        let failure = audit(&opened(genesis.clone(), cut).unwrap(), |_, _| {}).unwrap_err();
        assert!(failure.what.contains("cut off"), "{failure}");
        genesis.max_future_s += 1;
        assert!(opened(genesis, &bytes).is_err());
    }
}
