//! Receipts.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use bolao_ledger::{
    AccountId, Action, Block, BlockProof, Genesis, Header, Height, StateView as _, Transaction,
    TxId, Validator, ValidatorKey, ValidatorSet, actions,
    table::{self, Table as _},
};
use bolao_receipts::{SLIP_BYTES_MAX, SLIP_CHANGES_MAX, SLIP_HEADERS_MAX, SetChanged, Slip};
use bolao_store::{FinalBlock, Snapshot, StoreError};
use http::StatusCode;

use super::read::{Reply, tagged_json};
use crate::{extract::InPath, problem::Problem, state::Api};

/// A receipt that proves, without a node, that a transaction is in a chain of the pool; where validators vote, that it is final
/// once it is, to whoever has a chain of the pool or a final block to compare it with. It leads to the last final block. It is a
/// file: keep it as it is, byte for byte.
#[utoipa::path(get, path = "/api/v1/transactions/{id}/slip", tag = "chain", operation_id = "transaction_slip",
    params(("id" = String, Path, description = "The transaction's id, 64 hexadecimal digits")),
    responses((status = OK, body = Slip)))]
pub(crate) async fn slip(api: Api, InPath(id): InPath<String>) -> Reply {
    let id: TxId = id
        .parse()
        .map_err(|error| Problem::bad_request(format!("{error}")))?;
    tagged_json(&api, move |api, snapshot| {
        let Some((place, _)) = snapshot.transaction_called(&id)? else {
            return Err(if snapshot.pending_transaction(&id)?.is_some() {
                Problem::new(
                    StatusCode::CONFLICT,
                    format!(
                        "transaction {id} is waiting for a block: ask again once one includes it"
                    ),
                )
            } else {
                Problem::not_found(format!(
                    "transaction {id} is in no block of the main chain, and is not waiting here"
                ))
            });
        };
        let genesis = api.backend.reader().genesis();
        let block = block(snapshot, place.height)?;
        let index = usize::try_from(place.index).unwrap_or(usize::MAX);
        // The last final block, so that whoever knows a later one than this transaction's can compare.
        let lowest = first_final(snapshot, place.height)?;
        let highest = snapshot.held_final()?;
        let highest =
            highest.filter(|it| lowest.as_ref().is_some_and(|low| low.height < it.height));
        let written = highest.map(|top| voted(snapshot, genesis, &block, index, &top));
        match (written, lowest) {
            (Some(Ok(slip)), _) => Ok(slip),
            (Some(Err(problem)), _) if problem.status() != StatusCode::PAYLOAD_TOO_LARGE => {
                Err(problem)
            }
            (_, Some(lowest)) => voted(snapshot, genesis, &block, index, &lowest),
            (_, None) if genesis.proof() == BlockProof::Certificate => {
                let missing = "the block has no certificate";
                Err(StoreError::corrupt("finals", place.height, missing).into())
            }
            (_, None) => {
                let headers = headers(snapshot, snapshot.tip()?.height, SLIP_HEADERS_MAX)?;
                fit(Slip::of_work(genesis, &headers, &block, index))
            }
        }
    })
    .await
}

/// The receipt by a final block.
fn voted(
    snapshot: &Snapshot,
    genesis: &Genesis,
    block: &Block,
    index: usize,
    top: &FinalBlock,
) -> Result<Slip, Problem> {
    let headers = headers(snapshot, top.height, SLIP_HEADERS_MAX)?;
    let changes = changes(snapshot, top.height, SLIP_BYTES_MAX)?;
    let certificate = top.certificate.bytes();
    fit(Slip::of_votes(
        genesis,
        &headers,
        block,
        index,
        certificate,
        changes,
    ))
}

fn fit(slip: Option<Slip>) -> Result<Slip, Problem> {
    let slip = slip.ok_or_else(Problem::internal)?;
    if slip.to_json().len() > SLIP_BYTES_MAX {
        return Err(too_long());
    }
    Ok(slip)
}

fn block(snapshot: &Snapshot, height: Height) -> Result<Block, Problem> {
    let missing =
        || StoreError::corrupt("main", height, "there is no such block below the last one");
    Ok(snapshot.block_at(height)?.ok_or_else(missing)?)
}

/// The first block of the chain that is known to be final, from a height on.
fn first_final(snapshot: &Snapshot, from: Height) -> Result<Option<FinalBlock>, StoreError> {
    let below = from.checked_sub(1).unwrap_or_default();
    let Some(proven) = snapshot.final_above(below)? else {
        return Ok(None);
    };
    // A final block may be known before the chain holds it.
    let is_here = snapshot.hash_at(proven.height)? == Some(proven.hash);
    Ok(is_here.then_some(proven))
}

fn too_long() -> Problem {
    Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "what proves this is longer than a slip may be: the block's own page says where the transaction is",
    )
}

/// The final blocks under one after which others vote than after the final block before, the lowest first. The state keeps
/// every set with the block that made it: the first final one from there on names the set, unless a later block of the same
/// vote has made another.
pub(super) fn changes(
    snapshot: &Snapshot,
    below: Height,
    max_bytes: usize,
) -> Result<Vec<SetChanged>, Problem> {
    let most = SLIP_CHANGES_MAX.saturating_add(1);
    let sets = snapshot.scan::<table::Validators>(&(), Some(&Reverse(below)), most)?;
    // The lowest is genesis'.
    if sets.last().is_none_or(|(at, _)| at.0 > Height::ZERO) {
        return Err(too_long());
    }
    let (mut named, mut first): (Vec<(FinalBlock, ValidatorSet)>, _) = (Vec::new(), None);
    for (Reverse(height), validators) in sets.into_iter().rev() {
        let set = ValidatorSet::new(validators);
        let set = set.map_err(|_| StoreError::corrupt("state", height, "nobody may vote"))?;
        if height == Height::ZERO {
            first = Some(set);
            continue;
        }
        let proven = first_final(snapshot, height)?;
        // By the last final block below, it had no say yet.
        let Some(proven) = proven.filter(|it| it.height < below) else {
            break;
        };
        named.pop_if(|(known, _)| known.height == proven.height);
        named.push((proven, set));
    }
    let mut offers = offers(snapshot, first.as_ref(), &named)?;
    let (mut changes, mut bytes, mut before) = (Vec::new(), 0_usize, first);
    for (proven, set) in named {
        if before.as_ref() != Some(&set) {
            let block = block(snapshot, proven.height)?;
            let new = set
                .validators()
                .iter()
                .filter_map(|one| offers.remove(&of(one)));
            let new: Vec<Transaction> = new.collect();
            let change = SetChanged::new(&block, proven.certificate.bytes(), &set, &new);
            bytes = bytes.saturating_add(change.bytes());
            // Base64 makes four bytes of three.
            if bytes.saturating_add(bytes / 3) > max_bytes {
                return Err(too_long());
            }
            changes.push(change);
        }
        before = Some(set);
    }
    Ok(changes)
}

/// A key with whose it is.
type Owned = (AccountId, ValidatorKey);

const fn of(validator: &Validator) -> Owned {
    (validator.account, validator.key)
}

/// The offers of all who vote in these sets, but for those whom genesis names. The state does not keep them: they are looked for in the
/// blocks that changed what is offered.
fn offers(
    snapshot: &Snapshot,
    first: Option<&ValidatorSet>,
    named: &[(FinalBlock, ValidatorSet)],
) -> Result<BTreeMap<Owned, Transaction>, Problem> {
    let sets = named.iter().map(|(_, set)| set);
    let mut wanted: BTreeSet<Owned> = { sets }
        .flat_map(ValidatorSet::validators)
        .map(of)
        .collect();
    for one in first.into_iter().flat_map(ValidatorSet::validators) {
        wanted.remove(&of(one));
    }
    let (mut found, mut height) = (
        BTreeMap::new(),
        named.last().map(|(proven, _)| proven.height),
    );
    while let Some(at) = height.filter(|at| *at > Height::ZERO && !wanted.is_empty()) {
        let changed = snapshot.changed_tables(at)?;
        if changed.is_none_or(|tables| tables.contains(&table::Offers::ID)) {
            for transaction in block(snapshot, at)?.transactions {
                if let Action::Offer(actions::Offer { key, .. }) = transaction.body.action
                    && wanted.remove(&(transaction.body.account, key))
                {
                    found.insert((transaction.body.account, key), transaction);
                }
            }
        }
        height = at.checked_sub(1);
    }
    match wanted.first() {
        Some((account, _)) => {
            Err(
                StoreError::corrupt("bodies", account, "the offer of a validator is missing")
                    .into(),
            )
        }
        None => Ok(found),
    }
}

/// Those from genesis to a height.
fn headers(snapshot: &Snapshot, top: Height, most: usize) -> Result<Vec<Header>, Problem> {
    let count = usize::try_from(top.0)
        .unwrap_or(usize::MAX)
        .saturating_add(1);
    if count > most {
        return Err(Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            format!(
                "this takes {count} headers, a slip holds at most {most}: the block's own page says where the transaction is"
            ),
        ));
    }
    (0..=top.0)
        .map(|height| {
            let header = snapshot.header_at(Height(height))?;
            let missing = "there is no such header below the last one";
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
        assert_eq!(headers(&snapshot, Height::ZERO, 1).unwrap().len(), 1);
        let problem = headers(&snapshot, Height::ZERO, 0).unwrap_err();
        let shown = format!("{problem:?}");
        assert!(shown.contains("at most 0"), "{shown}");
    }
}
