//! The proof, step by step.

use bolao_ledger::{
    BlockHash, BlockProof, Genesis, Header, Height, PoolId, Transaction, TxId, UnixSeconds, decode,
};
use bolao_work::merkle_root;

use crate::{
    error::SlipError,
    headers::unpack,
    slip::{SLIP_VERSION, Slip},
};

/// What a good slip proves.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SlipReport {
    /// The pool's rules.
    pub genesis: Genesis,
    /// The transaction, whose signature is good.
    pub transaction: Transaction,
    /// Its identity.
    pub id: TxId,
    /// The block that holds it.
    pub block: BlockHash,
    /// That block's height.
    pub height: Height,
    /// That block's time.
    pub time: UnixSeconds,
    /// The pool's time at that block, by which deadlines are judged: the latest of the blocks' so
    /// far.
    pub clock: UnixSeconds,
    /// The chain's last block when the slip was written.
    pub tip: BlockHash,
    /// Its height.
    pub tip_height: Height,
    /// Its time.
    pub tip_time: UnixSeconds,
    /// The latest time of all its blocks.
    pub newest: UnixSeconds,
    /// Blocks from the transaction's own to the last, both counted.
    pub confirmations: u64,
    /// The expected number of hashes for those blocks, in hexadecimal: what it would cost to leave
    /// the transaction out.
    pub work: String,
    /// The same for as many blocks at the pool's first target. Where targets follow the pace, `work`
    /// may be far less: a chain that one machine made alone is slow, so that its targets are easy.
    pub first_work: String,
}

impl SlipReport {
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

/// Checks all that the slip alone tells: the rules are the pool's; the headers link from genesis to
/// the tip, have the targets that the rules want and meet them, and no time is too early; the Merkle
/// path leads from the transaction to its block's header; the signature is good. Whether a bet came
/// before its deadline is the reader's to compare, and so is the clock
/// ([`SlipReport::check_clock`]).
///
/// # Errors
/// The first thing that is wrong.
pub fn verify(slip: &Slip, pool: PoolId) -> Result<SlipReport, SlipError> {
    let genesis = check_pool(slip, pool)?;
    let headers = unpack(&genesis, &slip.headers)?;
    let tip = headers.last().copied().unwrap_or_else(|| genesis.header());
    if tip.hash() != slip.tip {
        return Err(SlipError::OtherTip {
            got: tip.hash(),
            wanted: slip.tip,
        });
    }
    let tip_height = Height(u64::try_from(headers.len()).unwrap_or(u64::MAX) - 1);
    let above = usize::try_from(slip.height.0)
        .ok()
        .filter(|height| *height > 0)
        .and_then(|height| headers.get(height..))
        .unwrap_or_default();
    let Some((header, rest)) = above.split_first() else {
        return Err(SlipError::NoSuchBlock {
            got: slip.height,
            tip: tip_height,
        });
    };
    let transaction: Transaction =
        decode(&slip.transaction).map_err(|error| SlipError::Encoding {
            reason: error.to_string(),
        })?;
    let checked = transaction
        .check(&genesis, pool)
        .map_err(|source| SlipError::Transaction { source })?;
    let root = root_of_path(slip, checked.get())?;
    if root != header.merkle_root {
        return Err(SlipError::BadPath);
    }
    let clock = headers
        .iter()
        .take(headers.len().saturating_sub(rest.len()))
        .map(Header::time)
        .max();
    let (mut work, first) = (header.work(), genesis.header().work());
    let mut first_work = first;
    for header in rest {
        work = work + header.work();
        first_work = first_work + first;
    }
    let newest = headers.iter().map(Header::time).max();
    Ok(SlipReport {
        id: checked.id(),
        block: header.hash(),
        height: slip.height,
        time: header.time(),
        clock: clock.unwrap_or(header.time()),
        tip: slip.tip,
        tip_height,
        tip_time: tip.time(),
        newest: newest.unwrap_or(tip.time()),
        confirmations: u64::try_from(above.len()).unwrap_or(u64::MAX),
        work: format!("{work:x}"),
        first_work: format!("{first_work:x}"),
        transaction: checked.into_inner(),
        genesis,
    })
}

fn check_pool(slip: &Slip, pool: PoolId) -> Result<Genesis, SlipError> {
    if slip.version != SLIP_VERSION {
        return Err(SlipError::Version { got: slip.version });
    }
    if slip.pool != pool {
        return Err(SlipError::OtherPool {
            got: slip.pool,
            wanted: pool,
        });
    }
    let genesis = slip.genesis()?;
    let got = genesis.pool_id();
    if got != pool {
        return Err(SlipError::OtherRules { got, wanted: pool });
    }
    genesis.check().map_err(|error| SlipError::BadRules {
        reason: error.to_string(),
    })?;
    if genesis.proof() == BlockProof::Certificate {
        return Err(SlipError::NoCertificate);
    }
    Ok(genesis)
}

/// The root to which the path leads. Transactions are longer than the 64 bytes that inner nodes
/// hash, so that no inner node passes for one.
fn root_of_path(slip: &Slip, transaction: &Transaction) -> Result<[u8; 32], SlipError> {
    let (steps, rest) = slip.path.as_chunks::<32>();
    let got = slip.path.len();
    if !rest.is_empty() || steps.len() > 32 {
        return Err(SlipError::PathBytes { got });
    }
    let wrong = SlipError::Position {
        got: slip.position,
        steps: steps.len(),
    };
    let mut index = slip.position;
    let mut hash = transaction.witness_id().0;
    for sibling in steps {
        let is_right = index & 1 == 1;
        // The last of an odd level is its own sibling, on the right: on the left it would be a
        // leaf that does not exist (CVE-2012-2459).
        if is_right && *sibling == hash {
            return Err(wrong);
        }
        hash = merkle_root(hash, is_right.into(), &[*sibling]);
        index >>= 1;
    }
    if index == 0 && slip.position > 0 {
        Ok(hash)
    } else {
        Err(wrong)
    }
}
