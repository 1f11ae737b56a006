//! The pools that know an action, where that hangs on how their blocks are decided.

use crate::genesis::{Genesis, SetChange};

/// Those with validators.
pub(super) fn has_validators(genesis: &Genesis) -> bool {
    genesis.consensus.set_change().is_some()
}

/// Those whose validators are weighed by stakes.
pub(super) fn has_stakes(genesis: &Genesis) -> bool {
    matches!(
        genesis.consensus.set_change(),
        Some(SetChange::Stake { .. })
    )
}

/// Those whose organisers appoint validators.
pub(super) fn has_appointments(genesis: &Genesis) -> bool {
    matches!(
        genesis.consensus.set_change(),
        Some(SetChange::Appointed { .. })
    )
}
