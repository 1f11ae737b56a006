//! What can be found in the file of a damaged store, whatever redb makes of it.
//!
//! Blocks, certificates and transactions stand in the file as they are encoded, each in one piece, and each proves itself:
//! a header names its parent and carries its work, a block its Merkle root and signatures, a transaction its signature.
//! So the file is searched for them, from its first byte to its last, and nothing of its order is needed. Copies that redb
//! has not overwritten yet are as good. What is found is untrusted: who takes it over applies the rules.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    fs::File,
    io,
    path::Path,
};

use bolao_headers::check_own_proof;
use bolao_ledger::{
    AccountId, Block, BlockHash, BlockProof, CheckedBlock, Coinbase, Genesis, HEADER_BYTES, Header,
    Height, Nonce, PoolId, Transaction, TxId, UnixSeconds, Work, decode, merkle_root,
};
use borsh::BorshDeserialize;

use crate::{
    certified::{Model, Stored, height_in_entry},
    finals::Certificate,
};

/// The number of bytes that are read at once.
const WINDOW: usize = 1 << 20;
/// The longest that a pool is taken to last, in seconds: what claims a later time is no header.
const LONGEST_POOL_S: u64 = 20 * 366 * 86_400;
/// The most headers that are remembered.
const MAX_HEADERS: usize = 1 << 22;
/// The most copies of one thing that are tried.
const MAX_COPIES: usize = 16;
/// The most nonces by which an account's waiting transactions go beyond its last one in the chain.
const MAX_NONCES_AHEAD: u64 = 4_096;
/// The most bytes that a block has besides its transactions; also those where a certificate's length stands.
const OVERHEAD: usize = 4_096;
/// The length that a disk refuses to read at once, as is assumed, in bytes.
const SECTOR: usize = 4_096;
/// The offset of the time in a header, in bytes.
const TIME_AT: usize = 68;

#[cfg(unix)]
fn read_at(file: &File, into: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, into, at)
}

#[cfg(windows)]
fn read_at(file: &File, into: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, into, at)
}

/// A header that was found, and where.
#[derive(Debug)]
struct Found {
    header: Header,
    /// The offsets in the file at which blocks seem to begin with it.
    copies: Vec<u64>,
}

/// The finds of a search in a store's file, and the file, which may hold more.
#[derive(Debug)]
pub struct RecoveryScan {
    file: File,
    genesis: Genesis,
    pool: PoolId,
    headers: BTreeMap<BlockHash, Found>,
    highest: Height,
}

impl RecoveryScan {
    /// Searches a store's file for headers. Changes nothing.
    ///
    /// # Errors
    /// The file cannot be opened.
    pub fn find(path: &Path, genesis: &Genesis) -> io::Result<Self> {
        let mut remains = Self {
            file: File::open(path)?,
            pool: genesis.pool_id(),
            genesis: genesis.clone(),
            headers: BTreeMap::new(),
            highest: Height::ZERO,
        };
        let (mut headers, mut highest) = (BTreeMap::new(), Height::ZERO);
        remains.search(HEADER_BYTES, |offset, bytes| {
            let Some(header) = remains.header(bytes) else {
                return;
            };
            let begun = remains.height_of_block(offset);
            highest = begun.map_or(highest, |height| highest.max(height));
            if headers.len() >= MAX_HEADERS {
                return;
            }
            let copies = Vec::new();
            let found = headers
                .entry(header.hash())
                .or_insert(Found { header, copies });
            if found.copies.len() < MAX_COPIES && begun.is_some() {
                found.copies.push(offset);
            }
        })?;
        (remains.headers, remains.highest) = (headers, highest);
        Ok(remains)
    }

    /// Bytes that may be a header of this pool.
    fn header(&self, bytes: &[u8]) -> Option<Header> {
        let time = bytes.get(TIME_AT..)?.first_chunk()?;
        let time = UnixSeconds(u32::from_le_bytes(*time).into());
        let created = self.genesis.created;
        if time < created || time.0 - created.0 > LONGEST_POOL_S {
            return None;
        }
        let header = Header::from_bytes(bytes.first_chunk()?);
        let proof = self.genesis.proof();
        let possible = match proof {
            BlockProof::Certificate => header.bits() == proof.initial_bits(),
            BlockProof::Work(_) => check_own_proof(&self.genesis, &header).is_ok(),
        };
        possible.then_some(header)
    }

    /// The height of the block that stands here, if a header is that of one: the store has it elsewhere too.
    fn height_of_block(&self, offset: u64) -> Option<Height> {
        let behind = offset.saturating_add(HEADER_BYTES as u64);
        let bytes = self.read(behind, OVERHEAD);
        if self.genesis.proof().is_certified()
            && let Some(height) = height_in_entry(&bytes)
        {
            return Some(height);
        }
        let coinbase = Coinbase::deserialize(&mut bytes.as_slice()).ok()?;
        Some(coinbase.height)
    }

    /// The height of the highest block of which anything was found, decided or not, though blocks below it may be missing.
    #[must_use]
    pub fn highest(&self) -> Height {
        let all = self.above_genesis(&BTreeSet::new()).into_values();
        let heights = all.map(|(height, _)| height);
        heights.fold(self.highest, Height::max)
    }

    /// Shows every run of so many bytes, with its place. What the disk refuses to read is left out.
    fn search(&self, run: usize, mut visit: impl FnMut(u64, &[u8])) -> io::Result<()> {
        let length = self.file.metadata()?.len();
        let mut offset = 0;
        while offset < length {
            let window = self.read(offset, WINDOW.saturating_add(run));
            for (place, bytes) in (offset..).zip(window.windows(run)).take(WINDOW) {
                visit(place, bytes);
            }
            offset = offset.saturating_add(WINDOW as u64);
        }
        Ok(())
    }

    /// So many bytes, or as many as there are or can be read.
    fn read(&self, offset: u64, most: usize) -> Vec<u8> {
        let mut bytes = vec![0; most];
        let mut done = 0;
        while let Some(rest) = bytes.get_mut(done..).filter(|rest| !rest.is_empty()) {
            let at = offset.saturating_add(u64::try_from(done).unwrap_or(u64::MAX));
            match read_at(&self.file, rest, at) {
                Ok(0) => break,
                Ok(count) => done = done.saturating_add(count),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    tracing::debug!(%error, at, "a part of the damaged store cannot be read");
                    done = (done / SECTOR).saturating_add(1).saturating_mul(SECTOR);
                }
            }
        }
        bytes.truncate(done);
        bytes
    }

    /// All headers that were found.
    #[must_use]
    pub fn headers(&self) -> BTreeSet<BlockHash> {
        self.headers.keys().copied().collect()
    }

    /// The headers above which nothing is missing, down to genesis, with how many of these blocks are so far, and what
    /// stands behind them: first how many are certified, then their work.
    fn above_genesis(
        &self,
        certified: &BTreeSet<BlockHash>,
    ) -> BTreeMap<BlockHash, (Height, (u64, Work))> {
        let mut children: BTreeMap<BlockHash, Vec<BlockHash>> = BTreeMap::new();
        for (hash, found) in &self.headers {
            children
                .entry(found.header.previous)
                .or_default()
                .push(*hash);
        }
        let none = Work::from_le_bytes([0; 32]);
        let mut next = vec![(self.pool.into(), (Height::ZERO, (0_u64, none)))];
        let mut all = BTreeMap::new();
        while let Some((hash, (height, (proofs, work)))) = next.pop() {
            for child in children.remove(&hash).into_iter().flatten() {
                let Some(found) = self.headers.get(&child) else {
                    continue;
                };
                let proofs = proofs.saturating_add(u64::from(certified.contains(&child)));
                let work = work + found.header.work();
                let behind = (height.next(), (proofs, work));
                all.insert(child, behind);
                next.push((child, behind));
            }
        }
        all
    }

    /// The chain of headers above genesis, in order, with the most blocks of those that are certified; of such chains the one
    /// with the most work, as fork choice has it.
    #[must_use]
    pub fn chain(&self, certified: &BTreeSet<BlockHash>) -> Vec<BlockHash> {
        let all = self.above_genesis(certified).into_iter();
        // Of equal ones that with the lowest hash.
        let best = all.max_by_key(|(hash, (_, behind))| (*behind, Reverse(*hash)));
        let mut tip = best.map(|(hash, _)| hash);
        let mut chain = Vec::new();
        let above_genesis = |hash: BlockHash| {
            let found = self.headers.get(&hash)?;
            (hash != self.pool.into()).then_some((hash, found))
        };
        while let Some((hash, found)) = tip.and_then(above_genesis) {
            chain.push(hash);
            tip = Some(found.header.previous);
        }
        chain.reverse();
        chain
    }

    /// A block whose header was found, if one of its copies is whole.
    #[must_use]
    pub fn block(&self, hash: &BlockHash) -> Option<CheckedBlock> {
        let checked = |block: Block| block.check(&self.genesis, self.pool).ok();
        self.find_in_copies(hash, |bytes| {
            let whole = Block::deserialize(&mut &*bytes).ok();
            whole.and_then(checked).or_else(|| {
                let entry = Stored::read(bytes)?;
                let bytes = entry.block_bytes(self.model_of(&entry).as_ref())?;
                checked(decode(&bytes).ok()?)
            })
        })
    }

    /// Gives what is found in the first of a block's copies in which something is. Most blocks are short.
    fn find_in_copies<T>(&self, hash: &BlockHash, find: impl Fn(&[u8]) -> Option<T>) -> Option<T> {
        let most = self.genesis.limits.block_bytes_max();
        let most = most.saturating_add(OVERHEAD);
        let mut copies = self.headers.get(hash)?.copies.iter();
        copies.find_map(|offset| {
            let few = find(&self.read(*offset, OVERHEAD));
            few.or_else(|| find(&self.read(*offset, most)))
        })
    }

    /// The model of an entry of a block, if it is whole.
    fn model_of(&self, entry: &Stored<'_>) -> Option<Model> {
        let mut hash = entry.header().previous;
        for _ in 1..entry.back()? {
            hash = self.headers.get(&hash)?.header.previous;
        }
        self.find_in_copies(&hash, |bytes| {
            let entry = Stored::read(bytes)?;
            let block: Block = decode(&entry.block_bytes(None)?).ok()?;
            let is_whole = merkle_root(&block.leaves()) == block.header.merkle_root;
            entry.as_model().filter(|_| is_whole)
        })
    }

    /// Finds what may be certificates of these blocks: behind their hashes, and with them.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn certificates(
        &self,
        of: &BTreeSet<BlockHash>,
    ) -> io::Result<BTreeMap<BlockHash, Vec<Certificate>>> {
        let mut all: BTreeMap<_, Vec<Certificate>> = BTreeMap::new();
        self.search(32, |offset, bytes| {
            let Some(hash) = bytes.first_chunk().map(|hash| BlockHash(*hash)) else {
                return;
            };
            if !of.contains(&hash) {
                return;
            }
            let behind = offset.saturating_add(32);
            let bytes = self.read(behind, Certificate::MAX_BYTES.saturating_add(OVERHEAD));
            let read = Certificate::deserialize(&mut bytes.as_slice());
            let Some(certificate) = read.ok().filter(|it| !it.bytes().is_empty()) else {
                return;
            };
            let known = all.entry(hash).or_default();
            if known.len() < MAX_COPIES && !known.contains(&certificate) {
                known.push(certificate);
            }
        })?;
        let with_blocks = self.genesis.proof().is_certified();
        for hash in of.iter().filter(|_| with_blocks) {
            let found = self.find_in_copies(hash, |bytes| {
                let entry = Stored::read(bytes)?;
                entry.certificate(self.model_of(&entry).as_ref())
            });
            let found = found.and_then(|bytes| Certificate::new(bytes).ok());
            all.entry(*hash).or_default().extend(found);
        }
        all.retain(|_, certificates| !certificates.is_empty());
        Ok(all)
    }

    /// Transactions of these accounts that may follow the nonces beside them.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn transactions(
        &self,
        of: &BTreeMap<AccountId, Nonce>,
    ) -> io::Result<BTreeMap<TxId, Transaction>> {
        let mut all = BTreeMap::new();
        let most = self.genesis.limits.block_bytes_max();
        self.search(40, |offset, bytes| {
            let account = bytes.first_chunk().map(|account| AccountId(*account));
            let Some(next) = account.and_then(|account| of.get(&account)) else {
                return;
            };
            let nonce = bytes.last_chunk().map(|nonce| u64::from_le_bytes(*nonce));
            let ahead = nonce.and_then(|nonce| nonce.checked_sub(next.0));
            if ahead.is_none_or(|ahead| ahead > MAX_NONCES_AHEAD) {
                return;
            }
            let bytes = self.read(offset, most);
            let Ok(found) = Transaction::deserialize(&mut bytes.as_slice()) else {
                return;
            };
            if let Ok(checked) = found.check(&self.genesis, self.pool) {
                let found = checked.into_inner();
                all.insert(found.id(), found);
            }
        })?;
        Ok(all)
    }
}
