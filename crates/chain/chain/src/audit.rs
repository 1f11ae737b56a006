//! Replaying a chain from genesis, and comparing what results with what is stored.

mod lookups;

use std::fmt::Display;

use bolao_ledger::{
    Block, BlockHash, Genesis, Height, MemoryState, StateView, table::describe_key,
};
use bolao_replay::{Replay, Run, StateEntry};
use bolao_store::{Snapshot, StoreError};

pub use bolao_replay::Failure as AuditFailure;
pub use lookups::look_up_all;

/// A chain and the state that is claimed for it: a store's snapshot, or downloads from a running node.
pub trait AuditSource {
    /// Why a read can fail.
    type Error: std::error::Error;

    /// The pool's rules.
    fn genesis(&self) -> Result<Genesis, Self::Error>;
    /// The claimed tip.
    fn tip(&self) -> Result<(BlockHash, Height), Self::Error>;
    /// The main chain's blocks above genesis, in order.
    fn blocks(&self) -> Result<impl Iterator<Item = Result<Block, Self::Error>>, Self::Error>;
    /// The encoded proof that the main chain's block at a height is final; asked for after that block.
    fn certificate(&self, _height: Height) -> Result<Option<Vec<u8>>, Self::Error> {
        Ok(None)
    }
    /// Visits every transaction that waits, as it is encoded; asked for after the blocks.
    fn waiting(&self, _visit: &mut dyn FnMut(Vec<u8>)) -> Result<(), Self::Error> {
        Ok(())
    }
    /// Visits every entry of the claimed state.
    fn state(&self, visit: &mut dyn FnMut(StateEntry)) -> Result<(), Self::Error>;
    /// Looks every entry up as readers do. What was downloaded has none; its node did so before.
    fn look_up(&self) -> Result<(), AuditFailure> {
        Ok(())
    }
}

/// The result of a clean audit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuditReport {
    /// The tip that every rule led to.
    pub tip: BlockHash,
    /// The height of the tip.
    pub height: Height,
    /// Transactions replayed, coinbases aside.
    pub transactions: u64,
    /// Accounts that have joined.
    pub accounts: u64,
    /// Matches in the state.
    pub matches: u64,
    /// Standing bets in the state.
    pub bets: u64,
}

fn fail(place: impl Display, what: impl Display) -> AuditFailure {
    AuditFailure::new(place, what)
}

/// Replays every block from genesis, checks every header, signature and rule, and compares the state with the
/// claimed one. `progress` is told blocks done and blocks in all.
pub fn audit<S: AuditSource>(
    source: &S,
    mut progress: impl FnMut(u64, u64),
) -> Result<AuditReport, AuditFailure> {
    let genesis = source.genesis().map_err(|e| fail("genesis", e))?;
    let mut replay = Replay::new(genesis)?;
    let (tip, height) = source.tip().map_err(|e| fail("tip", e))?;
    let mut at = replay.tip().height;
    let mut blocks = source
        .blocks()
        .map_err(|e| fail("blocks", e))?
        .map(|block| {
            at = at.next();
            let place = format!("block {at}");
            if at > height {
                return Err(fail(
                    place,
                    "there are more blocks than the last height says",
                ));
            }
            let block = block.map_err(|e| fail(&place, e))?;
            let certificate = source.certificate(at).map_err(|e| fail(&place, e))?;
            Ok((block, certificate))
        });
    loop {
        let mut run = Run::default();
        let next = loop {
            match blocks.next() {
                Some(Ok((block, Some(certificate)))) if replay.is_final_throughout() => {
                    run.add(block, certificate);
                    if run.is_full() {
                        break None;
                    }
                }
                next => break next,
            }
        };
        replay.push_run(&run, &mut Vec::new())?;
        let is_end = next.is_none() && !run.is_full();
        if let Some((block, certificate)) = next.transpose()? {
            replay.push(block, certificate.as_deref())?;
        }
        progress(replay.tip().height.0, height.0);
        if is_end {
            break;
        }
    }
    let reached = replay.tip();
    if (reached.hash, reached.height) != (tip, height) {
        return Err(fail(
            "tip",
            format!(
                "the blocks lead to {} at height {}, the tip is said to be {tip} at height {height}",
                reached.hash, reached.height
            ),
        ));
    }
    replay.check_invariants()?;
    let state = replay.state();
    compare(source, state)?;
    source.look_up()?;
    let totals = state.totals().map_err(|e| fail("totals", e))?;
    Ok(AuditReport {
        tip,
        height,
        transactions: totals.transactions,
        accounts: totals.accounts,
        matches: totals.matches,
        bets: totals.bets,
    })
}

/// Every entry claimed must be the next that the blocks make, and none may be left: both come in the keys' order.
fn compare<S: AuditSource>(source: &S, state: &MemoryState) -> Result<(), AuditFailure> {
    let mut wanted = state.entries.iter().peekable();
    let mut first: Option<AuditFailure> = None;
    source
        .state(&mut |entry| {
            if first.is_some() {
                return;
            }
            let what = match wanted.peek() {
                Some((key, value)) if **key == entry.key && **value == entry.value => {
                    wanted.next();
                    return;
                }
                Some((key, _)) if **key == entry.key => {
                    "the stored state is not what follows from the blocks"
                }
                Some((key, _)) if **key < entry.key => {
                    first = Some(fail(
                        describe_key(key),
                        "the blocks make it, it is not stored",
                    ));
                    return;
                }
                _ => "it is stored, the blocks do not make it",
            };
            first = Some(fail(describe_key(&entry.key), what));
        })
        .map_err(|e| fail("state", e))?;
    match (first, wanted.next()) {
        (Some(failure), _) => Err(failure),
        (None, Some((key, _))) => Err(fail(
            describe_key(key),
            "the blocks make it, it is not stored",
        )),
        (None, None) => Ok(()),
    }
}

/// A store's own chain and state.
#[derive(Debug)]
pub struct StoredChain<'a> {
    /// The pool's rules.
    pub genesis: &'a Genesis,
    /// The store as one commit left it.
    pub snapshot: &'a Snapshot,
}

impl AuditSource for StoredChain<'_> {
    type Error = StoreError;

    fn genesis(&self) -> Result<Genesis, StoreError> {
        Ok(self.genesis.clone())
    }

    fn tip(&self) -> Result<(BlockHash, Height), StoreError> {
        let tip = self.snapshot.tip()?;
        Ok((tip.hash, tip.height))
    }

    fn blocks(&self) -> Result<impl Iterator<Item = Result<Block, StoreError>>, StoreError> {
        let mut height = Height::ZERO;
        Ok(std::iter::from_fn(move || {
            height = height.next();
            self.snapshot.block_at(height).transpose()
        }))
    }

    fn certificate(&self, height: Height) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(proven) = self.snapshot.final_at(height)? else {
            return Ok(None);
        };
        let is_held = self.snapshot.hash_at(height)? == Some(proven.hash);
        Ok(is_held.then(|| proven.certificate.bytes().to_vec()))
    }

    fn state(&self, visit: &mut dyn FnMut(StateEntry)) -> Result<(), StoreError> {
        self.snapshot.walk(&[], |key, value| {
            let (key, value) = (key.to_vec(), value.to_vec());
            visit(StateEntry { key, value });
            Ok(())
        })
    }

    fn look_up(&self) -> Result<(), AuditFailure> {
        look_up_all(self.snapshot)
    }
}
