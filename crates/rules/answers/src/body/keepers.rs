//! Who opens sealed bets of players who are away.

use bolao_ledger::ValidatorKey;
use serde::{Deserialize, Serialize};

use super::PlayerRef;

/// A keeper: a validator that may be dealt shares.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct KeeperBody {
    /// The player whose node it is.
    pub keeper: PlayerRef,
    /// The key that shares are encrypted to, in hexadecimal.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub key: ValidatorKey,
}

/// The keepers of openings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct KeepersBody {
    /// True if keepers can open seals in this pool: its bets are sealed, it has validators, and anybody may open.
    pub has_keepers: bool,
    /// The keepers of today: the validators. What is dealt now is dealt to all of them.
    pub keepers: Vec<KeeperBody>,
    /// The number of them that it takes to open what is dealt now.
    pub needed: usize,
    /// There are fewer than three: do not count on it that nobody looks before kick-off.
    pub host_could_look: bool,
}
