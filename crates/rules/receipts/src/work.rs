//! What the work of a chain of headers proves.

use bolao_ledger::{BlockHash, Genesis, Header, Height};

use crate::{
    error::SlipError,
    found::{Found, Proven, ProvenWork},
};

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
