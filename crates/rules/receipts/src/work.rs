//! What the work of a chain of headers proves.

use bolao_ledger::{BlockHash, Genesis, Header, Height, UnixSeconds};

use crate::{
    error::SlipError,
    verify::{Found, Proven},
};

/// A chain by the pool's rules, and its work.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProvenWork {
    /// The chain's last block when the slip was written.
    pub tip: BlockHash,
    /// The height of that block.
    pub tip_height: Height,
    /// The time of that block.
    pub tip_time: UnixSeconds,
    /// Blocks from the transaction's own to the last, both counted.
    pub confirmations: u64,
    /// The expected number of hashes for those blocks, in hexadecimal: what it would cost to leave
    /// the transaction out.
    pub work: String,
    /// The same for as many blocks at the pool's first target. Where targets follow the pace, `work`
    /// may be far less: a chain that one machine made alone is slow, so that its targets are easy.
    pub first_work: String,
}

/// Checks that headers end with the one that the slip says.
pub(crate) fn ends_with(headers: &[Header], wanted: BlockHash) -> Result<(), SlipError> {
    match headers.last().map(Header::hash) {
        Some(got) if got != wanted => Err(SlipError::OtherTip { got, wanted }),
        _ => Ok(()),
    }
}

/// The block at a height of a chain from genesis on.
pub(crate) fn find(
    genesis: &Genesis,
    height: Height,
    headers: &[Header],
) -> Result<Found, SlipError> {
    let tip = headers.last().copied().unwrap_or_else(|| genesis.header());
    let tip_height = Height(u64::try_from(headers.len()).unwrap_or(u64::MAX) - 1);
    let above = usize::try_from(height.0)
        .ok()
        .filter(|height| *height > 0)
        .and_then(|height| headers.get(height..))
        .unwrap_or_default();
    let Some((header, rest)) = above.split_first() else {
        return Err(SlipError::NoSuchBlock {
            got: height,
            tip: tip_height,
        });
    };
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
    Ok(Found {
        chain: headers.iter().map(Header::hash).collect(),
        header: *header,
        clock: clock.unwrap_or(header.time()),
        newest: newest.unwrap_or(tip.time()),
        proven: Proven::Work(ProvenWork {
            tip: tip.hash(),
            tip_height,
            tip_time: tip.time(),
            confirmations: u64::try_from(above.len()).unwrap_or(u64::MAX),
            work: format!("{work:x}"),
            first_work: format!("{first_work:x}"),
        }),
    })
}
