//! The entries of the state that a block writes, and those that its undo data brings back.

use bolao_ledger::{Change, Delta};
use borsh::{BorshDeserialize, BorshSerialize};

use crate::{access::Tables, error::StoreError};

/// Keys with the values that they are to have; `None` removes.
#[derive(BorshSerialize, BorshDeserialize)]
pub(crate) struct Images(Vec<(Vec<u8>, Option<Vec<u8>>)>);

impl Images {
    /// What a block leaves behind.
    pub(crate) fn after(delta: &Delta) -> Self {
        Self::of(delta, |change| &change.after)
    }

    /// What a block replaced: its undo data.
    pub(crate) fn before(delta: &Delta) -> Self {
        Self::of(delta, |change| &change.before)
    }

    /// One side of every change that changes something.
    fn of(delta: &Delta, side: impl Fn(&Change) -> &Option<Vec<u8>>) -> Self {
        Self(
            delta
                .changes
                .iter()
                .filter(|(_, change)| change.before != change.after)
                .map(|(key, change)| (key.clone(), side(change).clone()))
                .collect(),
        )
    }
}

impl Tables<'_> {
    pub(crate) fn write_images(&mut self, images: &Images) -> Result<(), StoreError> {
        for (key, value) in &images.0 {
            match value {
                Some(value) => drop(self.state.insert(key.as_slice(), value.as_slice())?),
                None => drop(self.state.remove(key.as_slice())?),
            }
        }
        Ok(())
    }
}
