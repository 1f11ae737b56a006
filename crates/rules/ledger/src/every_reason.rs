//! Every reason to reject there is, from the errors that they belong to.

use crate::{
    actions::ActionRefusal,
    apply::RuleError,
    check::TxCheckError,
    reasons::{OTHERS, Reason},
};

impl Reason {
    /// Every reason.
    pub fn all() -> impl Iterator<Item = Self> {
        let here = [OTHERS, TxCheckError::REASONS, RuleError::REASONS];
        let all = here
            .into_iter()
            .chain(ActionRefusal::REASONS.iter().copied());
        all.flatten().copied()
    }

    /// The reason of a code, if there is one.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        Self::all().find(|reason| reason.code() == code)
    }
}
