//! The way from a leaf to the Merkle root.

use bolao_ledger::WitnessId;
use bolao_work::merkle_root;

use crate::error::SlipError;

/// The root to which a path leads from the leaf at a position. Transactions and coinbases are longer than the 64 bytes that
/// inner nodes hash, so that no inner node passes for one.
pub(crate) fn root_of(leaf: WitnessId, position: u32, path: &[u8]) -> Result<[u8; 32], SlipError> {
    let (steps, rest) = path.as_chunks::<32>();
    if !rest.is_empty() || steps.len() > 32 {
        return Err(SlipError::PathBytes { got: path.len() });
    }
    let wrong = SlipError::Position {
        got: position,
        steps: steps.len(),
    };
    let mut index = position;
    let mut hash = leaf.0;
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
    if index == 0 { Ok(hash) } else { Err(wrong) }
}
