//! Receipts.

use bolao_ledger::{BlockProof, Header, Height, TxId};
use bolao_receipts::{SLIP_HEADERS_MAX, Slip};
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
    if api.backend.reader().genesis().proof() == BlockProof::Certificate {
        return Err(Problem::new(
            StatusCode::NOT_IMPLEMENTED,
            "in this pool certificates of validators prove the blocks, and slips do not carry them yet",
        ));
    }
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
        let headers = all_headers(snapshot, SLIP_HEADERS_MAX)?;
        let block = snapshot
            .block_at(place.height)?
            .ok_or_else(Problem::internal)?;
        let index = usize::try_from(place.index).unwrap_or(usize::MAX);
        Slip::new(
            api.backend.reader().genesis(),
            &headers,
            place.height,
            &block,
            index,
        )
        .ok_or_else(Problem::internal)
    })
    .await
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
