//! Who signed two histories, as this node's disk proves.

use bolao_ledger::{
    BlockProof, Certificate, Conflict, Decided, Decision, Genesis, Height, StateView as _,
    Validator, decode,
};
use bolao_store::{FinalBlock, Snapshot, StoreError};

/// Two certificates that contradict each other, and who signed both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guilt {
    /// The proof.
    pub conflict: Conflict,
    /// Who signed both.
    pub signers: Vec<Validator>,
}

/// What a final block's proof says: of which vote, for what, by whom.
fn proven(genesis: &Genesis, block: &FinalBlock) -> Option<(Height, Decision, Certificate)> {
    let bytes = block.certificate.bytes();
    if genesis.proof() == BlockProof::Certificate {
        let certificate = decode(bytes).ok()?;
        let decision = Decision::plain(block.height, block.hash);
        return Some((block.height, decision, certificate));
    }
    let decided: Decided = decode(bytes).ok()?;
    Some((decided.height, decided.decision, decided.certificate))
}

/// The two histories that this node has seen, with who signed both; none if it has seen one, or if the two certificates that it
/// holds are not of one vote.
pub fn guilt(snapshot: &Snapshot, genesis: &Genesis) -> Result<Option<Guilt>, StoreError> {
    let Some(second) = snapshot.conflicting_final()? else {
        return Ok(None);
    };
    let Some((height, other, by_other)) = proven(genesis, &second) else {
        return Ok(None);
    };
    for block in snapshot.finals_down()? {
        let block = block?;
        let Some((number, decision, by)) = proven(genesis, &block) else {
            continue;
        };
        if number > height {
            continue;
        }
        // In `hybrid` the validators of a vote are those as of the final block before.
        let below = match genesis.proof() {
            BlockProof::Certificate => Some(Height(block.height.0.saturating_sub(1))),
            BlockProof::Work(_) => before(snapshot, genesis, &block)?,
        };
        let set = match below {
            Some(below) => snapshot.validator_set_after(below)?,
            None => None,
        };
        let (Some(set), true) = (set, number == height) else {
            return Ok(None);
        };
        let conflict = Conflict {
            height,
            first: (decision, by),
            second: (other, by_other),
        };
        let keys = conflict.signers(&set, genesis.pool_id());
        let signers = keys
            .iter()
            .filter_map(|key| set.get(key).copied())
            .collect();
        return Ok(Some(Guilt { conflict, signers }));
    }
    Ok(None)
}

/// The height of the final block before another one; that of genesis if there is none.
fn before(
    snapshot: &Snapshot,
    genesis: &Genesis,
    block: &FinalBlock,
) -> Result<Option<Height>, StoreError> {
    for lower in snapshot.finals_down()? {
        let lower = lower?;
        if lower.height < block.height && proven(genesis, &lower).is_some() {
            return Ok(Some(lower.height));
        }
    }
    Ok(Some(Height::ZERO))
}
