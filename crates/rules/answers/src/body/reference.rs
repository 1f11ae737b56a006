//! Times, blocks, matches and players, as other bodies name them.

use std::ops::Deref;

use bolao_ledger::{AccountId, BlockId, ItemKind, UnixSeconds, ValidatorKey};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A moment as bodies write it: whole seconds. Kick-offs are any number; the latest year that RFC 3339 can write is 9999.
pub fn moment(seconds: UnixSeconds) -> Timestamp {
    let last = Timestamp::MAX.as_second();
    let seconds = i64::try_from(seconds.0).map_or(last, |seconds| seconds.min(last));
    Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX)
}

/// Moments of the chain, read and written as bodies do: for `serde(with)`.
pub mod moments {
    use bolao_ledger::UnixSeconds;
    use jiff::Timestamp;
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer, de::Error};

    /// Writes one as [`super::moment`] shows it.
    pub fn serialize<S: Serializer>(at: &UnixSeconds, serializer: S) -> Result<S::Ok, S::Error> {
        super::moment(*at).serialize(serializer)
    }

    /// Reads one of 1970 or later.
    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<UnixSeconds, D::Error> {
        seconds(Timestamp::deserialize(deserializer)?)
    }

    fn seconds<E: Error>(at: Timestamp) -> Result<UnixSeconds, E> {
        u64::try_from(at.as_second())
            .map(UnixSeconds)
            .map_err(E::custom)
    }

    /// The same of moments that there may be.
    pub mod option {
        use bolao_ledger::UnixSeconds;
        use jiff::Timestamp;
        use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

        /// Writes one as [`super::serialize`] does, or that there is none.
        pub fn serialize<S: Serializer>(
            at: &Option<UnixSeconds>,
            serializer: S,
        ) -> Result<S::Ok, S::Error> {
            at.map(super::super::moment).serialize(serializer)
        }

        /// Reads one, or that there is none.
        pub fn deserialize<'de, D: Deserializer<'de>>(
            deserializer: D,
        ) -> Result<Option<UnixSeconds>, D::Error> {
            let read = Option::<Timestamp>::deserialize(deserializer)?;
            read.map(super::seconds).transpose()
        }
    }
}

/// A block, with its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct DatedBlock {
    /// Its height and hash.
    #[serde(flatten)]
    pub id: BlockId,
    /// Its time.
    #[serde(with = "moments")]
    #[cfg_attr(feature = "schema", schema(value_type = Timestamp))]
    pub time: UnixSeconds,
}

impl Deref for DatedBlock {
    type Target = BlockId;

    fn deref(&self) -> &BlockId {
        &self.id
    }
}

/// A match or question, briefly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MatchRef {
    /// Its number, which bets use.
    pub no: u16,
    /// Its name, which people use; the number where it is only proposed.
    #[cfg_attr(feature = "schema", schema(example = "PtCh"))]
    pub code: String,
    /// Its kind; absent of a match.
    #[serde(default, skip_serializing_if = "ItemKind::is_match")]
    pub kind: ItemKind,
}

/// A player, briefly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PlayerRef {
    /// The account, in bech32m.
    #[serde(serialize_with = "AccountId::plain")]
    #[cfg_attr(feature = "schema", schema(value_type = String, example = "bolao1…"))]
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

/// The certainty that something stays in the chain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PlaceState {
    /// It waits for a block.
    #[default]
    Waiting,
    /// A block holds it, which another branch may still replace.
    InBlock,
    /// A final block holds it, or one below a final one.
    Final,
}

/// A validator: an account that votes on blocks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ValidatorBody {
    /// The player whose vote it is.
    pub validator: PlayerRef,
    /// The key of its votes: an ed25519 public key, in hexadecimal.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub key: ValidatorKey,
    /// The weight of its vote; 0: none any more.
    pub weight: u64,
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
