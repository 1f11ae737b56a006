//! Amounts of money, which the pool only notes.

use std::{fmt, str::FromStr};

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// An amount of money, in hundredths. In JSON it is a text with at most two decimals, such as `12.50`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize,
)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(value_type = String, example = "12.50"))]
pub struct Money(pub u64);

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0 / 100, self.0 % 100) {
            (whole, 0) => write!(f, "{whole}"),
            (whole, rest) => write!(f, "{whole}.{rest:02}"),
        }
    }
}

impl FromStr for Money {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WANTED: &str = "wanted an amount with at most two decimals, such as 10 or 12.50";
        let (whole, rest) = text.split_once(['.', ',']).unwrap_or((text, "0"));
        let digits = |it: &str, most: usize| {
            let is_number =
                (1..=most).contains(&it.len()) && it.bytes().all(|it| it.is_ascii_digit());
            is_number.then(|| it.parse::<u64>().ok()).flatten()
        };
        let hundredths = digits(rest, 2).map(|it| if rest.len() == 1 { it * 10 } else { it });
        let (whole, rest) = digits(whole, 9).zip(hundredths).ok_or(WANTED)?;
        Ok(Self(whole * 100 + rest))
    }
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <String as Deserialize>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}
