//! Answers to peers that need no writer.

use bolao_ledger::{BlockHash, Height};
use bolao_openings::{Kept, SealId};
use bolao_store::{Snapshot, StoreError};

use crate::wire::{
    CertifiedBlock, MAX_BLOCKS, MAX_HEADERS, MAX_KEPT_IDS, MAX_LOCATOR, MAX_PENDING_IDS,
    MAX_TRANSACTIONS, Request, Response,
};

/// The longest answer where no pool's blocks need a longer one, in bytes.
pub const MAX_RESPONSE_BYTES: usize = 4 * 1024 * 1024;

/// Room for what surrounds a list in an answer, in bytes.
const OVERHEAD: usize = 64;
/// A seal, and the hash of what is kept of it.
const KEPT_ID_BYTES: usize = 98;

/// Answers a peer's request from a snapshot in at most so many bytes, but for a block that is longer; one that needs the
/// core is refused.
pub fn serve(
    snapshot: &Snapshot,
    request: &Request,
    max_response_bytes: usize,
) -> Result<Response, StoreError> {
    let room = max_response_bytes.saturating_sub(OVERHEAD);
    Ok(match request {
        Request::Headers { locator, limit } => {
            let limit = usize::try_from(*limit).unwrap_or(MAX_HEADERS);
            let limit = limit
                .min(MAX_HEADERS)
                .min(room / bolao_ledger::HEADER_BYTES);
            let mut height = fork_height(snapshot, locator)?.next();
            let mut headers = Vec::new();
            while headers.len() < limit
                && let Some(record) = snapshot.header_at(height)?
            {
                headers.push(record.header);
                height = height.next();
            }
            Response::Headers(headers)
        }
        Request::Blocks { hashes } => {
            let mut used = 0_usize;
            let mut blocks = Vec::new();
            for hash in hashes {
                let known = snapshot.block_bytes(hash)?;
                let Some(bytes) =
                    known.map_or_else(|| snapshot.proposal_bytes(hash), |it| Ok(Some(it)))?
                else {
                    break;
                };
                used = used.saturating_add(bytes.len()).saturating_add(4);
                if used > room && !blocks.is_empty() {
                    break;
                }
                blocks.push(bytes);
            }
            Response::Blocks(blocks)
        }
        Request::PendingIds {} => {
            Response::PendingIds(snapshot.pending_ids(MAX_PENDING_IDS.min(room / 32))?)
        }
        Request::Transactions { ids } => {
            let mut used = 0_usize;
            let mut found = Vec::new();
            for id in ids.iter().take(MAX_TRANSACTIONS) {
                if let Some(transaction) = snapshot.pending_transaction(id)? {
                    used = used.saturating_add(bolao_ledger::encode(&transaction).len());
                    if used > room {
                        break;
                    }
                    found.push(transaction);
                }
            }
            Response::Transactions(found)
        }
        Request::KeptIds { after } => {
            let limit = MAX_KEPT_IDS.min(room / KEPT_ID_BYTES);
            let kept = snapshot.kept_after(after.as_ref(), limit)?;
            Response::KeptIds(kept.iter().map(|it| (it.seal(), it.digest())).collect())
        }
        Request::Kept { seals } => Response::Kept(kept(snapshot, seals, room)?),
        Request::Finals { from } => Response::Finals(finals(snapshot, *from, room)?),
        Request::Status(_)
        | Request::PushTransactions(_)
        | Request::PushBlock(_)
        | Request::PushKept(_)
        | Request::Votes(_)
        | Request::Told(_)
        | Request::Said {}
        | Request::Pass(_) => Response::Refused,
    })
}

fn kept(snapshot: &Snapshot, seals: &[SealId], room: usize) -> Result<Vec<Kept>, StoreError> {
    let (mut used, mut found) = (0_usize, Vec::new());
    for seal in seals {
        if let Some(kept) = snapshot.kept(seal)? {
            used = used.saturating_add(bolao_ledger::encode(&kept).len());
            if used > room {
                break;
            }
            found.push(kept);
        }
    }
    Ok(found)
}

fn finals(
    snapshot: &Snapshot,
    from: Height,
    room: usize,
) -> Result<Vec<CertifiedBlock>, StoreError> {
    let (mut used, mut finals) = (0_usize, Vec::new());
    let mut below = Height(from.0.saturating_sub(1));
    while finals.len() < MAX_BLOCKS
        && let Some(proven) = snapshot.final_above(below)?
        && let Some(block) = snapshot.block_bytes(&proven.hash)?
    {
        let certificate = proven.certificate.bytes().to_vec();
        used = used.saturating_add(block.len() + certificate.len() + 8);
        if used > room && !finals.is_empty() {
            break;
        }
        finals.push(CertifiedBlock { block, certificate });
        below = proven.height;
    }
    Ok(finals)
}

/// The height of the first hash that is on the main chain; genesis if none is.
fn fork_height(snapshot: &Snapshot, locator: &[BlockHash]) -> Result<Height, StoreError> {
    for hash in locator.iter().take(MAX_LOCATOR) {
        if let Some(record) = snapshot.header(hash)?
            && snapshot.hash_at(record.height)? == Some(*hash)
        {
            return Ok(record.height);
        }
    }
    Ok(Height::ZERO)
}
