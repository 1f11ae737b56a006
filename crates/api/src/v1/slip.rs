//! Receipts.

use std::cmp::Reverse;

use bolao_ledger::{
    Block, BlockProof, Certificate, Header, Height, StateView as _, TxId, ValidatorSet, decode,
    table,
};
use bolao_receipts::{SLIP_BYTES_MAX, SLIP_CHANGES_MAX, SLIP_HEADERS_MAX, SetChanged, Slip};
use bolao_store::{Snapshot, StoreError};
use http::StatusCode;

use super::read::{Reply, chain_json};
use crate::{extract::InPath, problem::Problem, state::Api};

/// A receipt that proves, without a node, that a transaction is in a chain of the pool. It is a file: keep
/// it as it is, byte for byte.
#[utoipa::path(get, path = "/api/v1/transactions/{id}/slip", tag = "chain", operation_id = "transaction_slip",
    params(("id" = String, Path, description = "The transaction's id, 64 hexadecimal digits")),
    responses((status = OK, body = Slip)))]
pub(crate) async fn slip(api: Api, InPath(id): InPath<String>) -> Reply {
    let id: TxId = id
        .parse()
        .map_err(|error| Problem::bad_request(format!("{error}")))?;
    chain_json(&api, move |api, snapshot| {
        let Some(place) = snapshot.transaction(&id)? else {
            return Err(if snapshot.pending_transaction(&id)?.is_some() {
                Problem::new(
                    StatusCode::CONFLICT,
                    format!("transaction {id} waits for a block: ask again once one holds it"),
                )
            } else {
                Problem::not_found(format!(
                    "no block of the main chain holds transaction {id}, nor does it wait here"
                ))
            });
        };
        let genesis = api.backend.reader().genesis();
        let block = block(snapshot, place.height)?;
        let index = usize::try_from(place.index).unwrap_or(usize::MAX);
        let slip = match genesis.proof() {
            BlockProof::Work(_) => {
                let headers = all_headers(snapshot, SLIP_HEADERS_MAX)?;
                Slip::of_work(genesis, &headers, &block, index)
            }
            BlockProof::Certificate => {
                let certificate = certificate(snapshot, place.height)?;
                let changes = changes(snapshot, place.height, SLIP_BYTES_MAX)?;
                Slip::of_votes(genesis, &block, index, &certificate, changes)
            }
        };
        let slip = slip.ok_or_else(Problem::internal)?;
        if slip.to_json().len() > SLIP_BYTES_MAX {
            return Err(too_many_changes());
        }
        Ok(slip)
    })
    .await
}

fn block(snapshot: &Snapshot, height: Height) -> Result<Block, Problem> {
    let missing = || StoreError::corrupt("main", height, "there is no such block below the tip");
    Ok(snapshot.block_at(height)?.ok_or_else(missing)?)
}

fn certificate(snapshot: &Snapshot, height: Height) -> Result<Certificate, Problem> {
    let corrupt = || StoreError::corrupt("finals", height, "the block has no certificate");
    let proven = snapshot.final_at(height)?.ok_or_else(corrupt)?;
    Ok(decode(proven.certificate.bytes()).map_err(|_| corrupt())?)
}

fn too_many_changes() -> Problem {
    Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "the validators have changed more often than a slip can hold: the block's own page says where the transaction is",
    )
}

/// The blocks under a height after which others voted than before, the lowest first. The state keeps every set, so that only
/// their blocks are read.
pub(super) fn changes(
    snapshot: &Snapshot,
    below: Height,
    max_bytes: usize,
) -> Result<Vec<SetChanged>, Problem> {
    let most = SLIP_CHANGES_MAX.saturating_add(1);
    let sets = snapshot.scan::<table::Validators>(&(), Some(&Reverse(below)), most)?;
    // The lowest is genesis'.
    if sets.last().is_none_or(|(at, _)| at.0 > Height::ZERO) {
        return Err(too_many_changes());
    }
    let (mut changes, mut before, mut bytes) = (Vec::new(), None, 0_usize);
    for (Reverse(height), validators) in sets.into_iter().rev() {
        let set = ValidatorSet::new(validators);
        let set = set.map_err(|_| StoreError::corrupt("state", height, "nobody may vote"))?;
        let same = before.as_ref() == Some(&set);
        if height > Height::ZERO && !same {
            let block = block(snapshot, height)?;
            let change = SetChanged::new(&block, &certificate(snapshot, height)?, &set);
            bytes = bytes.saturating_add(change.bytes());
            // Base64 makes four bytes of three.
            if bytes.saturating_add(bytes / 3) > max_bytes {
                return Err(too_many_changes());
            }
            changes.push(change);
        }
        before = Some(set);
    }
    Ok(changes)
}

fn all_headers(snapshot: &Snapshot, most: usize) -> Result<Vec<Header>, Problem> {
    let tip = snapshot.tip()?.height;
    let count = usize::try_from(tip.0)
        .unwrap_or(usize::MAX)
        .saturating_add(1);
    if count > most {
        return Err(Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            format!(
                "the chain has {count} headers, a slip holds at most {most}: the \
                 block's own page says where the transaction is"
            ),
        ));
    }
    (0..=tip.0)
        .map(|height| {
            let header = snapshot.header_at(Height(height))?;
            let missing = "there is no such header below the tip";
            let missing = || StoreError::corrupt("main", height, missing);
            Ok(header.ok_or_else(missing)?.header)
        })
        .collect::<Result<_, StoreError>>()
        .map_err(Problem::from)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use bolao_ledger::Genesis;
    use bolao_store::Store;

    use super::*;

    #[test]
    fn a_chain_can_be_too_long() {
        let store = Store::in_memory(&Genesis::article()).unwrap();
        let snapshot = store.reader().snapshot().unwrap();
        assert_eq!(all_headers(&snapshot, 1).unwrap().len(), 1);
        let problem = all_headers(&snapshot, 0).unwrap_err();
        let shown = format!("{problem:?}");
        assert!(shown.contains("at most 0"), "{shown}");
    }
}
