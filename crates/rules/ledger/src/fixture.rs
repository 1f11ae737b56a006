//! Matches: number, code, teams, kick-off, stage.

use std::fmt;

use borsh::{BorshDeserialize, BorshSerialize};
#[cfg(feature = "schema")]
use serde::de;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{
    text::{Text, TextError, text_type},
    units::UnixSeconds,
};

/// A kind of what players bet on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ItemKind {
    /// A match.
    #[default]
    Match,
    /// A question, each answer to which has a number.
    Question,
}

impl ItemKind {
    /// Whether it is a match. Answers name no kind then.
    #[must_use]
    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde's form")]
    pub const fn is_match(&self) -> bool {
        matches!(self, Self::Match)
    }
}

/// A match's number in its pool. Bets name it, so it never changes its meaning: whoever schedules a new match
/// chooses a free number.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize, BorshDeserialize,
)]
pub struct MatchNo(pub u16);

impl MatchNo {
    /// The name under which serializers get one.
    pub(crate) const TYPE: &str = "MatchNo";

    /// Writes it as a number wherever it stands: that of a match whose code stands beside it.
    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde's form")]
    pub(crate) fn plain<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u16(self.0)
    }
}

impl fmt::Display for MatchNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for MatchNo {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(Self::TYPE, &self.0)
    }
}

impl<'de> Deserialize<'de> for MatchNo {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[cfg(feature = "schema")]
        return deserializer.deserialize_any(NumberVisitor);
        #[cfg(not(feature = "schema"))]
        return <u16 as Deserialize>::deserialize(deserializer).map(Self);
    }
}

/// Reads a number, alone or as the field `no` of an answer of the API.
#[cfg(feature = "schema")]
struct NumberVisitor;

#[cfg(feature = "schema")]
impl<'de> de::Visitor<'de> for NumberVisitor {
    type Value = MatchNo;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the number of a match, at most 65535")
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<MatchNo, E> {
        let unfit = |_| E::invalid_value(de::Unexpected::Unsigned(number), &self);
        u16::try_from(number).map(MatchNo).map_err(unfit)
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<MatchNo, E> {
        let unfit = |_| E::invalid_value(de::Unexpected::Signed(number), &self);
        u16::try_from(number).map(MatchNo).map_err(unfit)
    }

    /// The key of a map, which JSON writes as a text.
    fn visit_str<E: de::Error>(self, key: &str) -> Result<MatchNo, E> {
        let unfit = |_| E::invalid_value(de::Unexpected::Str(key), &self);
        key.parse().map(MatchNo).map_err(unfit)
    }

    fn visit_map<A: de::MapAccess<'de>>(self, fields: A) -> Result<MatchNo, A::Error> {
        #[derive(Deserialize)]
        struct WithCode {
            no: u16,
        }
        let named = WithCode::deserialize(de::value::MapAccessDeserializer::new(fields))?;
        Ok(MatchNo(named.no))
    }
}

/// A match's name for people and URLs, such as `PtCh`: 1 to 32 of `A–Z a–z 0–9 - _`, unique in the pool without
/// regard to case.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize, Serialize)]
pub struct MatchCode(Text<32>);

/// A match code in lower case: what codes are compared by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize, BorshDeserialize)]
pub struct FoldedCode(String);

impl FoldedCode {
    /// Folds a text that a person typed; a text that is no code folds to one that no match has.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self(text.to_ascii_lowercase())
    }

    /// The folded text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl MatchCode {
    /// Takes a code within the limits.
    pub fn new(text: &str) -> Result<Self, TextError> {
        if let Some(got) = text
            .chars()
            .find(|c| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_'))
        {
            return Err(TextError::Code { got });
        }
        Text::new(text).map(Self)
    }

    /// The form by which codes are compared.
    #[must_use]
    pub fn folded(&self) -> FoldedCode {
        FoldedCode::of(self.as_str())
    }
}

text_type!(MatchCode, TextError);

/// A team, or the placeholder of one that is not known yet (`2A`, `W91`).
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Team {
    /// The name as shown.
    pub name: Text<64>,
    /// A short code such as `POR`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Text<8>>,
}

/// Words with which the name of a placeholder begins or ends.
const DECIDERS: [&str; 7] = [
    "winner",
    "loser",
    "runner-up",
    "sieger",
    "verlierer",
    "vencedor",
    "perdedor",
];

/// Whether a name stands for a team that is not known yet.
///
/// # Rule S21: a team is not known yet, and its name a placeholder, if the name is a digit from 1 to 9 and a letter (`1A`); a 3
/// # and two or more letters with slashes between them (`3A/B/C`); `W` or `L` and a number of 1 to 4 digits that does not
/// # begin with 0 (`W91`); or, without regard to the case of ASCII letters, `?`, `n.n.`, `tba`, `tbc`, `tbd`, or a text
/// # that begins with `to be `, or with one of the words of a decider and a space, or ends in a space and such a word or `?`.
/// # Letters are A to Z.
#[must_use]
pub fn is_placeholder(name: &str) -> bool {
    let is_letter = |text: &str| matches!(text.as_bytes(), [b'A'..=b'Z']);
    let is_number = |text: &str| {
        (1..=4).contains(&text.len())
            && !text.starts_with('0')
            && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let drawn = match name.split_at_checked(1) {
        Some(("W" | "L", number)) if is_number(number) => true,
        Some(("3", groups)) => groups.split('/').all(is_letter),
        Some((rank, group)) => matches!(rank.as_bytes(), [b'1'..=b'9']) && is_letter(group),
        None => false,
    };
    let small = name.to_ascii_lowercase();
    let decided = |word: &str| {
        let rest = small.strip_prefix(word);
        rest.is_some_and(|rest| rest.starts_with(' '))
            || small
                .strip_suffix(word)
                .is_some_and(|rest| rest.ends_with(' '))
    };
    drawn
        || matches!(small.as_str(), "?" | "n.n." | "tba" | "tbc" | "tbd")
        || small.starts_with("to be ")
        || small.ends_with(" ?")
        || DECIDERS.into_iter().any(decided)
}

impl Team {
    /// Whether its name is a placeholder: the team is not known yet.
    #[must_use]
    pub fn is_placeholder(&self) -> bool {
        is_placeholder(self.name.as_str())
    }

    /// # Rule S22: another team is one of another name, or of another code where there was one.
    #[must_use]
    pub fn is_another(&self, other: &Self) -> bool {
        let recoded = self.code.is_some() && self.code != other.code;
        self.name != other.name || recoded
    }

    /// # Rule S23: a team whose name is a placeholder gives way to any.
    #[must_use]
    pub fn is_replaced_by(&self, other: &Self) -> bool {
        !self.is_placeholder() && self.is_another(other)
    }
}

/// A fixture: what the pool knows of a match before it is played.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Fixture {
    /// Its number, which bets use.
    #[serde(serialize_with = "MatchNo::plain")]
    #[cfg_attr(feature = "schema", schema(value_type = u16))]
    pub no: MatchNo,
    /// Its name, which people use.
    pub code: MatchCode,
    /// The first team.
    pub home: Team,
    /// The second team.
    pub away: Team,
    /// When it begins and betting ends; `None` until it is scheduled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kickoff: Option<UnixSeconds>,
    /// Round, group or stage, as the competition calls it.
    pub stage: Text<64>,
}

impl Fixture {
    /// Whether another team plays in `other`, or these in another order.
    #[must_use]
    pub fn has_other_teams(&self, other: &Self) -> bool {
        self.home.is_another(&other.home) || self.away.is_another(&other.away)
    }
}

/// The day of a match whose time is not known: when it begins and ends where the match is played.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Day {
    /// When it begins, and betting ends.
    pub begins: UnixSeconds,
    /// When it is over, and a record can be made.
    pub ends: UnixSeconds,
}

impl Day {
    /// The longest day of a zone that there can be, in seconds: one on which clocks are turned back, and an hour to spare.
    pub const LONGEST_S: u64 = 26 * 3_600;

    /// The latest time of a kick-off or a day: the last of the year 9999 in every zone, in whole hours.
    pub const LATEST: UnixSeconds = UnixSeconds(253_402_207_200);

    /// # Rule S12: a day is 1 s to 26 h long, and ends by the latest time that there is (S24).
    #[must_use]
    pub fn is_a_day(&self) -> bool {
        let length_s = self.ends.0.checked_sub(self.begins.0);
        self.ends <= Self::LATEST
            && length_s.is_some_and(|length_s| (1..=Self::LONGEST_S).contains(&length_s))
    }
}
