//! The chain so far, and the state that it makes.

mod kept;

use std::fmt::Display;

use bolao_headers::{CheckedHeader, HeaderChain};
use bolao_ledger::{
    Block, BlockHash, BlockProof, Certificate, CheckedBlock, Decision, Genesis, Height, Ledger,
    MemoryState, PoolId, StateView as _, TxOutcome, UnixSeconds, VerifyBatch, check_invariants,
    verify_batch,
};
use thiserror::Error;

use crate::certificates::{Checkpoint, check_certificate, check_checkpoint};

/// [`check_certificate`] over a state in memory.
type CheckCertificate = fn(&MemoryState, PoolId, Height, BlockHash, &[u8]) -> Result<(), String>;

/// A chain from genesis on, every block of which kept every rule.
#[derive(Clone, Debug)]
pub struct Replay {
    genesis: Genesis,
    pool: PoolId,
    headers: HeaderChain,
    /// Hash and time of every block, genesis' first.
    blocks: Vec<(BlockHash, UnixSeconds)>,
    state: MemoryState,
    last: Checkpoint,
}

/// The first place where something is not as the rules have it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{place}: {what}")]
pub struct Failure {
    /// The place of the failure, such as `block 17`.
    pub place: String,
    /// A description of what was found there.
    pub what: String,
}

impl Failure {
    /// Says where what was found.
    pub fn new(place: impl Display, what: impl Display) -> Self {
        Self {
            place: place.to_string(),
            what: what.to_string(),
        }
    }
}

/// Blocks that wait, each with its certificate, to be checked together.
#[derive(Debug, Default)]
pub struct Run {
    blocks: Vec<(Block, Vec<u8>)>,
    size: usize,
}

impl Run {
    /// So many blocks and transactions together: more in a batch are hardly quicker.
    const FULL: usize = 512;

    /// Adds the next block.
    pub fn add(&mut self, block: Block, certificate: Vec<u8>) {
        self.size = self.size.saturating_add(1 + block.transactions.len());
        self.blocks.push((block, certificate));
    }

    /// Whether it is long enough.
    #[must_use]
    pub const fn is_full(&self) -> bool {
        self.size >= Self::FULL
    }

    /// The blocks that were added.
    pub fn into_blocks(self) -> impl Iterator<Item = Block> {
        self.blocks.into_iter().map(|(block, _)| block)
    }
}

impl Replay {
    /// A replay of genesis alone.
    pub fn new(genesis: Genesis) -> Result<Self, Failure> {
        let wrong = |what: &dyn Display| Failure::new("genesis", what);
        genesis.check().map_err(|error| wrong(&error))?;
        let pool = genesis.pool_id();
        let mut state = MemoryState::default();
        let delta = Ledger::of_pool(&genesis, pool).genesis_delta(&state);
        state.commit(&delta.map_err(|error| wrong(&error))?);
        Ok(Self {
            headers: HeaderChain::of_genesis(&genesis),
            blocks: vec![(pool.into(), genesis.created)],
            pool,
            state,
            last: Checkpoint::default(),
            genesis,
        })
    }

    /// Checks the next block and what proves that it is final, puts it on top, and gives what became of its transactions. What fails
    /// changes nothing.
    pub fn push(
        &mut self,
        block: Block,
        certificate: Option<&[u8]>,
    ) -> Result<Vec<TxOutcome>, Failure> {
        self.push_with(block, certificate, verify_batch, check_certificate)
    }

    /// The same without signatures: of a block that is below one whose chain was checked before. Nothing of the chain counts until
    /// that block is reached and has its hash, which is of all that is below it, signatures included.
    pub fn push_below(
        &mut self,
        block: Block,
        certificate: Option<&[u8]>,
    ) -> Result<Vec<TxOutcome>, Failure> {
        self.push_with(block, certificate, |_, _| true, |_, _, _, _, _| Ok(()))
    }

    /// Checks blocks that validators made final, each with its certificate, the signatures of many in one batch, and puts them on top.
    /// Adds to `outcomes` what became of the transactions of each; an error is about the first block that is not good, and those below
    /// it stay.
    pub fn push_run(
        &mut self,
        run: &Run,
        outcomes: &mut Vec<Vec<TxOutcome>>,
    ) -> Result<(), Failure> {
        let mut rest = run.blocks.as_slice();
        while let Some(((block, certificate), others)) = rest.split_first() {
            let good = self.check_run(rest);
            if good.is_empty() {
                outcomes.push(self.push(block.clone(), Some(certificate))?);
                rest = others;
            } else {
                rest = rest.get(good.len()..).unwrap_or_default();
                for block in &good {
                    outcomes.push(self.connect(block)?);
                }
            }
        }
        Ok(())
    }

    /// Gives the first blocks that are in order, as far as that can be known before any of them is on top.
    fn check_run(&self, run: &[(Block, Vec<u8>)]) -> Vec<CheckedBlock> {
        let tip = self.headers.tip();
        let Ok(Some(set)) = self.state.validator_set_after(tip.height) else {
            return Vec::new();
        };
        let read = |(_, bytes): &(_, Vec<u8>)| Certificate::read(bytes).ok();
        let certificates: Vec<Certificate> = run.iter().map_while(read).collect();
        let certified = run.iter().map(|(block, _)| block).zip(&certificates);
        let (below, pool) = ((tip.height, tip.hash), (&self.genesis, self.pool));
        Block::check_certified(certified, below, &set, pool, verify_batch, |_| None)
    }

    fn push_with(
        &mut self,
        block: Block,
        certificate: Option<&[u8]>,
        signatures: VerifyBatch,
        check_certificate: CheckCertificate,
    ) -> Result<Vec<TxOutcome>, Failure> {
        let (genesis, pool) = (&self.genesis, self.pool);
        let height = self.headers.tip().height.next();
        let wrong = |what: &dyn Display| Failure::new(format_args!("block {height}"), what);
        let decision = Decision::plain(height, block.hash());
        let mut last = self.last;
        if genesis.proof() == BlockProof::Certificate {
            let bytes = certificate.ok_or_else(|| wrong(&"it has no certificate"))?;
            check_certificate(&self.state, pool, height, decision.hash, bytes)
                .map_err(|what| wrong(&what))?;
        } else if genesis.consensus.voting().is_some()
            && let Some(bytes) = certificate
        {
            last = check_checkpoint(&self.state, pool, last, decision, bytes)
                .map_err(|what| wrong(&what))?;
        }
        let block = block.check_with(genesis, pool, signatures, |_| None);
        let outcomes = self.connect(&block.map_err(|error| wrong(&error))?)?;
        self.last = last;
        Ok(outcomes)
    }

    fn connect(&mut self, block: &CheckedBlock) -> Result<Vec<TxOutcome>, Failure> {
        let (genesis, pool) = (&self.genesis, self.pool);
        let height = self.headers.tip().height.next();
        let wrong = |what: &dyn Display| Failure::new(format_args!("block {height}"), what);
        let header = self.headers.check(genesis, &block.get().header);
        let header = header.map_err(|error| wrong(&error))?;
        let applied = Ledger::of_pool(genesis, pool).apply_block(&self.state, height, block);
        let applied = applied.map_err(|error| wrong(&error))?;
        self.state.commit(applied.delta());
        let outcomes = applied.outcomes().to_vec();
        self.blocks.push((header.hash, header.header.time()));
        self.headers.push(header);
        Ok(outcomes)
    }

    /// Checks what proves, later than its block came, that a block of the chain is final (`hybrid`).
    pub fn prove(&mut self, height: Height, certificate: &[u8]) -> Result<(), Failure> {
        let place = format!("block {height}");
        let hash = self.hash_at(height);
        let hash = hash.ok_or_else(|| Failure::new(&place, "it is not there to be final"))?;
        let decision = Decision::plain(height, hash);
        self.last = check_checkpoint(&self.state, self.pool, self.last, decision, certificate)
            .map_err(|what| Failure::new(place, what))?;
        Ok(())
    }

    /// Checks what must hold of the whole state, whatever happened: no chip is lost or made.
    pub fn check_invariants(&self) -> Result<(), Failure> {
        check_invariants(&self.genesis.rules, &self.state)
            .map_err(|error| Failure::new("state", error))
    }

    /// The pool's rules.
    #[must_use]
    pub const fn genesis(&self) -> &Genesis {
        &self.genesis
    }

    /// The identity of the pool.
    #[must_use]
    pub const fn pool(&self) -> PoolId {
        self.pool
    }

    /// The last block.
    #[must_use]
    pub const fn tip(&self) -> &CheckedHeader {
        self.headers.tip()
    }

    /// The block at a height.
    #[must_use]
    pub fn hash_at(&self, height: Height) -> Option<BlockHash> {
        self.block_at(height).map(|(hash, _)| hash)
    }

    /// The time of the block at a height.
    #[must_use]
    pub fn time_at(&self, height: Height) -> Option<UnixSeconds> {
        self.block_at(height).map(|(_, time)| time)
    }

    /// The height of a block of the chain.
    #[must_use]
    pub fn height_of(&self, hash: &BlockHash) -> Option<Height> {
        let found = self.blocks.iter().rposition(|(known, _)| known == hash)?;
        Some(Height(u64::try_from(found).ok()?))
    }

    /// The hash and the time of the block at a height.
    #[must_use]
    pub fn block_at(&self, height: Height) -> Option<(BlockHash, UnixSeconds)> {
        self.blocks.get(usize::try_from(height.0).ok()?).copied()
    }

    /// Whether every block is proven to be final as it comes.
    #[must_use]
    pub fn is_final_throughout(&self) -> bool {
        self.genesis.proof() == BlockProof::Certificate
    }

    /// The highest block that is proven to be final; genesis where nothing proves it.
    #[must_use]
    pub fn final_height(&self) -> Height {
        if self.is_final_throughout() {
            self.headers.tip().height
        } else {
            self.last.height
        }
    }

    /// The state that the blocks make.
    #[must_use]
    pub const fn state(&self) -> &MemoryState {
        &self.state
    }
}
