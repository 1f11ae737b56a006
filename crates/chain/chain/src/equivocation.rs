//! Who signed a final block, and who signed two histories, as this node's disk proves.

use bolao_answers::{Lookup, body::PlayerRef};
use bolao_ledger::{
    Certificate, Conflict, Decision, Genesis, Height, StateView as _, Validator, ValidatorSet,
};
use bolao_store::{FinalBlock, Snapshot, StoreError};
use serde::{Deserialize, Serialize};

use crate::{
    error::{FinalError, Signers},
    kind::kind,
};

/// The same error with the names of those who signed both of two histories, if a disk knows them.
pub(crate) fn with_names(
    mut error: FinalError,
    snapshot: &Snapshot,
    genesis: &Genesis,
) -> FinalError {
    if let FinalError::Conflict { by, .. } = &mut error
        && let Ok(Some(equivocation)) = equivocation(snapshot, genesis)
    {
        let named = equivocation.signers.iter().map(|signer| {
            let account = snapshot.account(&signer.account).ok().flatten();
            match account {
                Some(account) => format!("{} ({})", account.name, signer.account),
                None => signer.account.to_string(),
            }
        });
        *by = Signers(named.collect());
    }
    error
}

/// Two certificates that contradict each other, and who signed both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Equivocation {
    /// The proof: two decisions of one vote, each with its certificate.
    pub conflict: Conflict,
    /// The validators who signed both.
    pub signers: Vec<Validator>,
}

/// Gives what a final block's proof says: the number of the vote, the decision and the certificate.
fn proven(genesis: &Genesis, block: &FinalBlock) -> Option<(Height, Decision, Certificate)> {
    let proof = block.certificate.bytes();
    let decided = kind(genesis).decided(block.block, proof).ok()?;
    Some((decided.height, decided.decision, decided.certificate))
}

/// The two histories that this node has seen, with who signed both; none if it has seen one, or if the two certificates that it
/// holds are not of one vote.
pub fn equivocation(
    snapshot: &Snapshot,
    genesis: &Genesis,
) -> Result<Option<Equivocation>, StoreError> {
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
        let set = voters(snapshot, genesis, &block)?;
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
        return Ok(Some(Equivocation { conflict, signers }));
    }
    Ok(None)
}

/// The validators who sign a final block: in `hybrid` those as of the final block before.
fn voters(
    snapshot: &Snapshot,
    genesis: &Genesis,
    block: &FinalBlock,
) -> Result<Option<ValidatorSet>, StoreError> {
    let below = if kind(genesis).is_certified() {
        Height(block.height.0.saturating_sub(1))
    } else {
        let before = snapshot.final_below(block.height)?;
        before.map_or(Height::ZERO, |before| before.height)
    };
    snapshot.validator_set_after(below)
}

/// A stamp: the validators who made a block final.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = StampBody))]
pub struct Stamp {
    /// The height of the block that they signed: in `hybrid` it may be above.
    #[cfg_attr(feature = "schema", schema(value_type = u64))]
    pub height: Height,
    /// Validators who signed it: of more than two thirds of the weight.
    pub signers: Vec<PlayerRef>,
    /// The number of validators at the time.
    pub validators: usize,
}

/// Gives the final block that makes the main chain's block at a height final, and who signed it; none if that block is not final,
/// or if it needs nobody.
pub fn stamp(
    snapshot: &Snapshot,
    genesis: &Genesis,
    height: Height,
) -> Result<Option<Stamp>, StoreError> {
    let Some(below) = height.checked_sub(1) else {
        return Ok(None);
    };
    let Some(block) = snapshot.final_above(below)? else {
        return Ok(None);
    };
    if snapshot.hash_at(block.height)? != Some(block.hash) {
        return Ok(None);
    }
    let by = proven(genesis, &block).map(|(_, _, by)| by);
    let (Some(by), Some(set)) = (by, voters(snapshot, genesis, &block)?) else {
        return Ok(None);
    };
    let signers = by.signatures.keys().filter_map(|key| set.get(key));
    let accounts: Vec<_> = signers.map(|it| it.account).collect();
    Ok(Some(Stamp {
        height: block.height,
        signers: Lookup::new(snapshot).players(&accounts)?,
        validators: set.validators().len(),
    }))
}
