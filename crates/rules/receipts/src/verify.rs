//! The proof, step by step.

use bolao_ledger::{BlockHash, Genesis, Height, PoolId, Transaction, TxId, UnixSeconds, decode};

use crate::{
    deciders::Deciders,
    error::SlipError,
    form::{SLIP_VERSION_CHECKPOINT, SLIP_VERSION_VOTES, SLIP_VERSION_WORK, becomes_final, fits},
    found::Proven,
    headers::unpack,
    path::root_of,
    slip::Slip,
    votes, work,
};

/// The facts that a good slip proves.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SlipReport {
    /// The pool's rules.
    pub genesis: Genesis,
    /// The transaction, whose signature is good.
    pub transaction: Transaction,
    /// The identity of the transaction.
    pub id: TxId,
    /// The block that holds it.
    pub block: BlockHash,
    /// The height of that block.
    pub height: Height,
    /// The time of that block.
    pub time: UnixSeconds,
    /// The pool's time at that block, by which deadlines are judged: the latest of the blocks' so
    /// far.
    pub clock: UnixSeconds,
    /// The latest time of all the blocks that the slip shows.
    pub newest: UnixSeconds,
    /// Why the block is one of the pool's.
    pub proven: Proven,
    /// The hashes of all blocks that the slip shows, from genesis on.
    chain: Vec<BlockHash>,
}

impl SlipReport {
    /// The block at a height of the slip's chain: what another chain is compared with.
    #[must_use]
    pub fn hash_at(&self, height: Height) -> Option<BlockHash> {
        self.chain.get(usize::try_from(height.0).ok()?).copied()
    }

    /// Whether the block may become final after this slip was made: then another one proves that too.
    #[must_use]
    pub fn becomes_final(&self) -> bool {
        matches!(self.proven, Proven::Work(_)) && becomes_final(&self.genesis)
    }

    /// The last block that the slip shows.
    #[must_use]
    pub fn top(&self) -> Height {
        Height(u64::try_from(self.chain.len().saturating_sub(1)).unwrap_or(u64::MAX))
    }

    /// Those who vote on what comes after a final block at a height, below the slip's.
    #[must_use]
    pub fn voters_after(&self, height: Height) -> Option<&Deciders> {
        let mut deciders = match &self.proven {
            Proven::Votes(proven) if height < self.height => proven.deciders.iter(),
            _ => return None,
        };
        deciders.find(|it| it.since <= height && height < it.until)
    }

    /// Those whose votes made the block at a height final.
    #[must_use]
    pub fn signers_of(&self, height: Height) -> Option<&Deciders> {
        match &self.proven {
            Proven::Votes(proven) => proven.deciders.iter().find(|it| it.until >= height),
            Proven::Work(_) => None,
        }
    }

    /// The validators of whom the fewest could have made this slip up, at any time, by one who knows that its block at `genuine` is the
    /// pool's (genesis always is); `None` if nobody could, or where work proves it.
    #[must_use]
    pub fn weakest(&self, genuine: Height) -> Option<&Deciders> {
        match &self.proven {
            Proven::Votes(proven) if genuine < self.height => {
                Deciders::weakest(&proven.deciders, genuine)
            }
            _ => None,
        }
    }

    /// Whether none of its blocks is from the future.
    ///
    /// # Errors
    /// One is later than the rules let a block be now.
    pub fn check_clock(&self, now: UnixSeconds) -> Result<(), SlipError> {
        // # Rule B10: a block is at most `max_future_s` ahead of the clock.
        let wanted = UnixSeconds(now.0.saturating_add(self.genesis.max_future_s.into()));
        if self.newest > wanted {
            return Err(SlipError::TimeTooNew {
                got: self.newest,
                wanted,
            });
        }
        Ok(())
    }
}

/// Checks all that the slip alone tells: the rules are the pool's; headers with their work, or certificates of validators,
/// prove the block; the Merkle path leads from the transaction to its header; the signature is good. Whether a bet came
/// before its deadline is the reader's to compare, and so is the clock ([`SlipReport::check_clock`]).
///
/// # Errors
/// The first thing that is wrong.
pub fn verify(slip: &Slip, pool: PoolId) -> Result<SlipReport, SlipError> {
    let genesis = check_pool(slip, pool)?;
    let found = match slip {
        Slip {
            tip: Some(tip),
            headers: Some(headers),
            block: None,
            changes: None,
            version: SLIP_VERSION_WORK,
            ..
        } => {
            let headers = unpack(&genesis, headers)?;
            work::ends_with(&headers, *tip)?;
            work::find(&genesis, slip.height, &headers)?
        }
        Slip {
            tip: None,
            headers: Some(headers),
            block: Some(block),
            changes: Some(changes),
            version: SLIP_VERSION_VOTES | SLIP_VERSION_CHECKPOINT,
            ..
        } => votes::find(&genesis, pool, slip.height, headers, block, changes)?,
        _ => {
            return Err(SlipError::Parts {
                version: slip.version,
            });
        }
    };
    let transaction: Transaction =
        decode(&slip.transaction).map_err(|error| SlipError::Encoding {
            reason: error.to_string(),
        })?;
    let checked = transaction
        .check(&genesis, pool)
        .map_err(|source| SlipError::Transaction { source })?;
    // The first leaf is the coinbase.
    if slip.position == 0 {
        return Err(SlipError::Position {
            got: 0,
            steps: slip.path.len() / 32,
        });
    }
    let root = root_of(checked.get().witness_id(), slip.position, &slip.path)?;
    if root != found.header.merkle_root {
        return Err(SlipError::BadPath);
    }
    Ok(SlipReport {
        id: checked.id(),
        block: found.header.hash(),
        height: slip.height,
        time: found.header.time(),
        clock: found.clock,
        newest: found.newest,
        proven: found.proven,
        chain: found.chain,
        transaction: checked.into_inner(),
        genesis,
    })
}

fn check_pool(slip: &Slip, pool: PoolId) -> Result<Genesis, SlipError> {
    let got = slip.version;
    if !(SLIP_VERSION_WORK..=SLIP_VERSION_CHECKPOINT).contains(&got) {
        return Err(SlipError::Version { got });
    }
    if slip.pool != pool {
        return Err(SlipError::OtherPool {
            got: slip.pool,
            wanted: pool,
        });
    }
    let genesis = slip.genesis()?;
    let id = genesis.pool_id();
    if id != pool {
        return Err(SlipError::OtherRules {
            got: id,
            wanted: pool,
        });
    }
    genesis.check().map_err(|error| SlipError::BadRules {
        reason: error.to_string(),
    })?;
    let (fits, wanted) = fits(got, &genesis);
    if !fits {
        return Err(SlipError::OtherProof { got, wanted });
    }
    Ok(genesis)
}
