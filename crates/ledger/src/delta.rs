//! What a block changes, and what was there before: applied forwards to commit, backwards to undo.

use std::collections::BTreeMap;

use borsh::{BorshDeserialize, BorshSerialize};

/// One entry's bytes before and after; `None` where there is none.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Change {
    /// What an undo restores.
    pub before: Option<Vec<u8>>,
    /// What a commit writes.
    pub after: Option<Vec<u8>>,
}

/// Everything that one block changes, by the keys' bytes ([`crate::table::key_bytes`]).
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Delta {
    /// The changes, in the keys' order.
    pub changes: BTreeMap<Vec<u8>, Change>,
}

impl Delta {
    /// The change that takes this one back.
    #[must_use]
    pub fn inverted(self) -> Self {
        Self {
            changes: self
                .changes
                .into_iter()
                .map(|(key, change)| {
                    (
                        key,
                        Change {
                            before: change.after,
                            after: change.before,
                        },
                    )
                })
                .collect(),
        }
    }
}
