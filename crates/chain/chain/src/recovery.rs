//! A new store from what could be found of a damaged one.
//!
//! What was found is untrusted, so it comes in as blocks of a stranger do: by every rule, with the certificates that the
//! rules want. The first block that is missing or broken ends it; what is above it, other nodes have.

use std::{collections::BTreeMap, sync::Arc};

use bolao_headers::HeaderChain;
use bolao_ledger::{
    AccountId, BlockHash, BlockId, CheckedBlock, Decision, Genesis, Height, Ledger, Nonce, Reason,
    UnixSeconds,
};
use bolao_replay::{Checkpoint, check_certificate, check_checkpoint};
use bolao_store::{
    Certificate, Durability, FinalBlock, Notice, NoticedChange, RecoveryScan, Store, StoreError,
    Tables,
};

use crate::{chain::connect_block, error::ConnectError, io::Rejection, kind::kind};

/// After how many blocks what is written goes to the disk.
const SYNCED_BLOCKS: u64 = 256;

/// A summary of what a new store has of a damaged one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recovered {
    /// Blocks up to here.
    pub kept: Height,
    /// The height of the highest block of which anything was found, decided or not.
    pub found: Height,
    /// So many transactions wait.
    pub waiting: usize,
}

/// Fills a new store with what was found of a damaged one: the chain as far as it is whole, with what proves that blocks
/// are final, and transactions that may still wait, of players in the chain and of those named. Notes that in the store, as
/// seen at `now`. `progress` is told blocks done and blocks in all.
///
/// # Errors
/// The new store cannot be written, or the damaged file not be read.
pub fn recover(
    remains: &RecoveryScan,
    store: &mut Store,
    players: &[AccountId],
    now: UnixSeconds,
    mut progress: impl FnMut(u64, u64),
) -> Result<Recovered, StoreError> {
    let genesis = Arc::clone(store.genesis());
    let found = remains.highest();
    let certificates = if kind(&genesis).has_votes() {
        remains.certificates(&remains.headers())?
    } else {
        BTreeMap::new()
    };
    let height = Height::ZERO;
    // Who signed it is checked once the blocks below are here.
    let seem_certified = certificates.iter().filter(|(hash, all)| {
        let hash = **hash;
        let reads = |it: &Certificate| kind(&genesis).decided(BlockId { height, hash }, it.bytes());
        all.iter().any(|it| reads(it).is_ok())
    });
    let chain = remains.chain(&seem_certified.map(|(hash, _)| *hash).collect());
    let mut taking = Taking::new(&genesis);
    for hash in &chain {
        let certificates = certificates.get(hash).map_or(&[][..], Vec::as_slice);
        let Some(block) = remains.block(hash) else {
            break;
        };
        match taking.take(store, &block, certificates) {
            Ok(()) => {}
            Err(ConnectError::Store(error)) => return Err(error),
            Err(_) => break,
        }
        progress(taking.headers.tip().height.0, found.0);
    }
    let kept = taking.headers.tip().height;
    let mut next: BTreeMap<AccountId, Nonce> = players.iter().map(|it| (*it, Nonce(0))).collect();
    let accounts = store.reader().snapshot()?.accounts(None, usize::MAX)?;
    next.extend(accounts.into_iter().map(|(id, it)| (id, it.next_nonce)));
    let mut waiting: Vec<_> = remains.transactions(&next)?.into_values().collect();
    waiting.sort_by_key(|it| (it.body.account, it.body.nonce));
    store.write(Durability::Durable, |tables| {
        for transaction in &waiting {
            tables.put_pending(transaction)?;
        }
        let change = NoticedChange::Mended { kept, found };
        tables.put_notice(&Notice {
            time: now,
            height: kept,
            change,
        })
    })?;
    Ok(Recovered {
        kept,
        found,
        waiting: waiting.len(),
    })
}

/// The chain so far.
pub(crate) struct Taking<'g> {
    genesis: &'g Genesis,
    headers: HeaderChain,
    last: Checkpoint,
}

impl<'g> Taking<'g> {
    pub(crate) fn new(genesis: &'g Genesis) -> Self {
        Self {
            genesis,
            headers: HeaderChain::of_genesis(genesis),
            last: Checkpoint::default(),
        }
    }

    /// Height and hash of the last block.
    pub(crate) fn tip(&self) -> (Height, BlockHash) {
        let tip = self.headers.tip();
        (tip.height, tip.hash)
    }

    /// Puts a block on top, by every rule. What fails changes nothing.
    pub(crate) fn take(
        &mut self,
        store: &mut Store,
        block: &CheckedBlock,
        certificates: &[Certificate],
    ) -> Result<(), ConnectError> {
        let header = self.headers.check(self.genesis, &block.get().header);
        let header = header.map_err(|error| ConnectError::Invalid {
            hash: block.hash(),
            rejection: error.into(),
        })?;
        let durability = if header.height.0.is_multiple_of(SYNCED_BLOCKS) {
            Durability::Durable
        } else {
            Durability::Volatile
        };
        let last = store.write(durability, |tables| {
            let proof = self.proof(tables, header.height, header.hash, certificates)?;
            let (certificate, last) = proof.unzip();
            let proven = certificate.map(|certificate| FinalBlock {
                block: header.block,
                certificate,
            });
            let ledger = Ledger::new(self.genesis);
            connect_block(tables, &ledger, &header, block, proven.as_ref())?;
            Ok::<_, ConnectError>(last.unwrap_or(self.last))
        })?;
        self.last = last;
        self.headers.push(header);
        Ok(())
    }

    /// Finds the certificate that proves that a block is final, and gives the last checkpoint with it. Where no block can do
    /// without, an error.
    fn proof(
        &self,
        below: &Tables<'_>,
        height: Height,
        hash: BlockHash,
        certificates: &[Certificate],
    ) -> Result<Option<(Certificate, Checkpoint)>, ConnectError> {
        let pool = self.genesis.pool_id();
        let certified = kind(self.genesis).is_certified();
        let decision = Decision::plain(height, hash);
        let proves = |certificate: &Certificate| {
            let bytes = certificate.bytes();
            if certified {
                check_certificate(below, pool, height, hash, bytes).map(|()| self.last)
            } else {
                check_checkpoint(below, pool, self.last, decision, bytes)
            }
        };
        let proof = certificates
            .iter()
            .find_map(|it| Some((it.clone(), proves(it).ok()?)));
        if proof.is_none() && certified {
            let rejection = Rejection::new(Reason::NoCertificate, "no certificate was found");
            return Err(ConnectError::Invalid { hash, rejection });
        }
        Ok(proof)
    }
}
