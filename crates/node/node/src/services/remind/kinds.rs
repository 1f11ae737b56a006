//! Every kind of message: each has its module here, and a line in [`KINDS`].

mod missing;
mod recap;

use bolao_store::StoreError;

use super::told::{DueMessages, Telling, ToldOf};

/// Finds the messages of a kind that are due, of what is wanted.
type FindDue = fn(&Telling<'_>, &dyn Fn(&ToldOf) -> bool) -> Result<DueMessages, StoreError>;

const KINDS: &[FindDue] = &[missing::due, recap::due];

/// All that are due, of what is wanted.
pub(super) fn due(
    at: &Telling<'_>,
    is_wanted: &dyn Fn(&ToldOf) -> bool,
) -> Result<DueMessages, StoreError> {
    let mut all = DueMessages::new();
    for of_kind in KINDS {
        all.extend(of_kind(at, is_wanted)?);
    }
    Ok(all)
}
