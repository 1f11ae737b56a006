//! Times, matches and players, as other bodies name them.

use bolao_ledger::{AccountId, UnixSeconds};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A moment as bodies write it: whole seconds. Kick-offs are any number; the latest year that RFC 3339 can write is 9999.
pub(crate) fn moment(seconds: UnixSeconds) -> Timestamp {
    let last = Timestamp::MAX.as_second();
    let seconds = i64::try_from(seconds.0).map_or(last, |seconds| seconds.min(last));
    Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX)
}

/// A match, briefly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MatchRef {
    /// Its number, which bets use.
    pub no: u16,
    /// Its name, which people use; the number where it is only proposed.
    #[schema(example = "PtCh")]
    pub code: String,
}

/// A player, briefly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PlayerRef {
    /// The account, in bech32m.
    #[schema(value_type = String, example = "bolao1…")]
    pub account: AccountId,
    /// The name as written; absent while the account's joining waits for a block.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl PlayerRef {
    /// The name, or the account while there is none.
    #[must_use]
    pub fn shown(&self) -> String {
        self.name
            .clone()
            .unwrap_or_else(|| self.account.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_rfc_3339_whatever_the_number() {
        let shown = |seconds| moment(UnixSeconds(seconds)).to_string();
        assert_eq!(shown(0), "1970-01-01T00:00:00Z");
        assert_eq!(shown(1_559_760_300), "2019-06-05T18:45:00Z");
        for large in [u64::MAX, 1 << 50] {
            assert_eq!(shown(large), "9999-12-30T22:00:00Z");
        }
    }
}
