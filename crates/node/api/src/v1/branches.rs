//! Branches beside the main chain.

use std::{cmp::Reverse, collections::BTreeMap};

use bolao_chain::stamp;
use bolao_ledger::BlockHash;
use bolao_store::{HeaderRecord, Snapshot, StoreError};

use super::read::{Reply, tagged_json};
use crate::{
    body::{BranchBlockBody, BranchBody, BranchesBody, DatedBlock},
    state::Api,
};

/// The most branches of an answer.
const MOST: usize = 16;
/// The most blocks of each.
const MOST_BLOCKS: usize = 16;

/// The branches that this node knows beside its main chain, and who made the last final block final. Nothing comes of a branch that
/// leaves the main chain below that.
#[utoipa::path(get, path = "/api/v1/branches", tag = "chain", responses((status = OK, body = BranchesBody)))]
pub(crate) async fn branches(api: Api) -> Reply {
    tagged_json(&api, |api, snapshot| {
        let last_final = snapshot.held_final()?.map(|block| block.height);
        let rules = api.backend.reader().genesis();
        let stamp = match last_final {
            Some(height) => stamp(snapshot, rules, height)?,
            None => None,
        };
        let (branches, left_out) = found(snapshot)?;
        Ok(BranchesBody {
            tip: snapshot.tip()?.into(),
            last_final: last_final.map(|height| height.0),
            stamp,
            branches,
            left_out,
        })
    })
    .await
}

/// The store bounds how many leaves there are and how many headers beside the main chain.
fn found(snapshot: &Snapshot) -> Result<(Vec<BranchBody>, usize), StoreError> {
    let mut leaves = snapshot.leaves()?;
    leaves.sort_by_key(|(hash, work)| (Reverse(*work), *hash));
    let mut told = BTreeMap::new();
    let mut branches = Vec::new();
    let mut left_out = 0;
    for (leaf, _) in leaves {
        let Some(header) = snapshot.header(&leaf)? else {
            continue;
        };
        if snapshot.is_main(&header)? {
            continue;
        }
        if branches.len() == MOST {
            left_out += 1;
        } else if let Some((branch, all)) = branch(snapshot, header, &told)? {
            told.extend(all.into_iter().map(|hash| (hash, branches.len())));
            branches.push(branch);
        }
    }
    Ok((branches, left_out))
}

/// The blocks down to the main chain, or to a branch that was told before, and the hashes of all of them. `told`: the branches of
/// blocks.
fn branch(
    snapshot: &Snapshot,
    leaf: HeaderRecord,
    told: &BTreeMap<BlockHash, usize>,
) -> Result<Option<(BranchBody, Vec<BlockHash>)>, StoreError> {
    let mut blocks = Vec::new();
    let mut all = Vec::new();
    let mut at = leaf;
    loop {
        let main_chain = snapshot.is_main(&at)?;
        let from_branch = told.get(&at.hash).copied();
        if main_chain || from_branch.is_some() {
            let branch = BranchBody {
                blocks,
                length: u64::try_from(all.len()).unwrap_or(u64::MAX),
                from: shown(&at, main_chain),
                from_branch,
            };
            return Ok(Some((branch, all)));
        }
        all.push(at.hash);
        if blocks.len() < MOST_BLOCKS {
            blocks.push(shown(&at, false));
        }
        let Some(before) = snapshot.header(&at.header.previous)? else {
            return Ok(None);
        };
        at = before;
    }
}

fn shown(record: &HeaderRecord, main_chain: bool) -> BranchBlockBody {
    BranchBlockBody {
        at: DatedBlock {
            id: record.block,
            time: record.header.time(),
        },
        main_chain,
    }
}
