//! What names a record or a schedule that waits for signatures.

use std::{fmt, str::FromStr};

use bolao_ledger::{Action, MatchNo, Outcome, actions, encode, sha256d};

/// The number of the hash's bytes in a name. Whoever signs first may look for two things with one name, to put one in the
/// other's place later; with 16 bytes that takes 2⁶⁴ tries, with 4 it would take a moment.
const BYTES: usize = 16;

/// Names one record of one match, or one schedule, to the letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignedId([u8; BYTES]);

impl SignedId {
    /// Of what became of the match with a number.
    #[must_use]
    pub fn of_record(match_no: MatchNo, outcome: &Outcome) -> Self {
        let outcome = outcome.clone();
        Self::of(&Action::Result(actions::Result { match_no, outcome }))
    }

    /// Of what an organiser signs.
    #[must_use]
    pub fn of(action: &Action) -> Self {
        let mut name = [0; BYTES];
        for (to, from) in name.iter_mut().zip(sha256d(&encode(action))) {
            *to = from;
        }
        Self(name)
    }
}

impl fmt::Display for SignedId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl FromStr for SignedId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut bytes = [0; BYTES];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| {
            format!(
                "got `{text}`, wanted the {} hexadecimal digits shown beside what is waiting",
                2 * BYTES
            )
        })?;
        Ok(Self(bytes))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_name_is_of_one_match_and_one_record() {
        let outcome = Outcome::played("3-1".parse().unwrap());
        let mut other = outcome.clone();
        other.half_time = Some("1-0".parse().unwrap());
        let id = SignedId::of_record(MatchNo(1), &outcome);
        assert_ne!(id, SignedId::of_record(MatchNo(2), &outcome));
        assert_ne!(id, SignedId::of_record(MatchNo(1), &other));
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(id.to_string().to_uppercase().parse(), Ok(id));
        for bad in ["", "1", "00112233", &format!("{id}0"), "zz"] {
            let error = bad.parse::<SignedId>().unwrap_err();
            assert!(error.contains("32 hexadecimal digits"), "{error}");
        }
    }
}
