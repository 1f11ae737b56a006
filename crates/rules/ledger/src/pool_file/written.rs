//! Values as people write them: `15m`, `2-of-3`, `asert:24:60:3600`.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, de::Error as _};

use crate::{
    base::Base,
    genesis::{Quorum, TargetRule},
};

/// `m` of `n` organisers, where `n` is only there to be compared with how many there are; or `two-once-two`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuorumWritten {
    quorum: Quorum,
    of: Option<u8>,
}

impl QuorumWritten {
    /// The quorum, in a pool of so many organisers; `None` if it does not fit them.
    #[must_use]
    pub fn among(self, organisers: usize) -> Option<Quorum> {
        let fits = match self.of {
            Some(of) => usize::from(of) == organisers,
            None => usize::from(self.quorum.least()) <= organisers,
        };
        fits.then_some(self.quorum)
    }
}

impl From<Quorum> for QuorumWritten {
    fn from(quorum: Quorum) -> Self {
        Self { quorum, of: None }
    }
}

impl FromStr for QuorumWritten {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(quorum) = Quorum::named(text) {
            return Ok(quorum.into());
        }
        let wanted = || {
            format!("got `{text}`, wanted how many organisers, such as 2, 2-of-3 or two-once-two")
        };
        let number = |text: &str| text.trim().parse::<u8>().map_err(|_| wanted());
        let (needed, of) = match text.split_once("-of-") {
            Some((needed, of)) => (number(needed)?, Some(number(of)?)),
            None => (number(text)?, None),
        };
        if needed == 0 || of.is_some_and(|of| needed > of) {
            return Err(wanted());
        }
        let quorum = Quorum::of(needed);
        if quorum == Quorum::TWO_ONCE_TWO {
            return Err(wanted());
        }
        Ok(Self { quorum, of })
    }
}

impl fmt::Display for QuorumWritten {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.of {
            Some(of) => write!(f, "{}-of-{of}", self.quorum),
            None => self.quorum.fmt(f),
        }
    }
}

/// Reads how hard blocks are: `fixed:BITS` or `asert:BITS:INTERVAL:HALFLIFE`, in seconds.
impl FromStr for TargetRule {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wanted = || {
            "wanted fixed:BITS, such as fixed:16, or asert:BITS:INTERVAL:HALFLIFE, such as asert:24:60:3600 (seconds)"
                .to_owned()
        };
        let mut parts = text.split(':');
        let rule = parts.next();
        let numbers = parts
            .map(str::parse)
            .collect::<Result<Vec<u32>, _>>()
            .map_err(|_| wanted())?;
        let bits = |bits: u32| u8::try_from(bits).map_err(|_| wanted());
        match (rule, numbers.as_slice()) {
            (Some("fixed"), [zero_bits]) => Ok(Self::Fixed {
                zero_bits: bits(*zero_bits)?,
            }),
            (Some("asert"), [zero_bits, block_interval_s, half_life_s]) => Ok(Self::Asert {
                zero_bits_at_start: bits(*zero_bits)?,
                block_interval_s: *block_interval_s,
                half_life_s: *half_life_s,
            }),
            _ => Err(wanted()),
        }
    }
}

impl fmt::Display for TargetRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed { zero_bits } => write!(f, "fixed:{zero_bits}"),
            Self::Asert {
                zero_bits_at_start,
                block_interval_s,
                half_life_s,
            } => write!(
                f,
                "asert:{zero_bits_at_start}:{block_interval_s}:{half_life_s}"
            ),
        }
    }
}

/// Seconds of a text such as `90s`, `15m`, `1h 30m`, `1.5h`, `7d`, `2w` or `PT15M`; a day is 24 hours.
pub fn seconds(text: &str) -> Result<u32, String> {
    parse_seconds(text.trim())
        .and_then(|seconds| u32::try_from(seconds).ok())
        .ok_or_else(|| format!("got `{text}`, expected a duration such as 90s, 15m, 24h or 7d"))
}

fn parse_seconds(text: &str) -> Option<u64> {
    let iso = text.strip_prefix('P').map(|text| {
        // Before the T an M is a month, which has no length.
        let (date, time) = text.split_once('T').unwrap_or((text, ""));
        (!date.contains('M')).then(|| format!("{date}{time}").to_lowercase())
    });
    let text = match iso {
        Some(text) => text?,
        None => text.to_owned(),
    };
    let mut rest = text.as_str();
    let mut total = 0_u64;
    loop {
        let (number, after) = split(rest, |c| c.is_ascii_digit() || c == '.');
        let (unit, after) = split(after.trim_start(), |c| c.is_ascii_alphabetic());
        total = total.checked_add(length(number, unit)?)?;
        rest = after.trim_start_matches([' ', ',']);
        if rest.is_empty() {
            return Some(total);
        }
    }
}

fn split(text: &str, belongs: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c| !belongs(c)).unwrap_or(text.len()))
}

/// So many of a unit, if that is a whole number of seconds.
fn length(number: &str, unit: &str) -> Option<u64> {
    let unit: u64 = match unit {
        "s" | "sec" | "secs" | "second" | "seconds" => 1,
        "m" | "min" | "mins" | "minute" | "minutes" => 60,
        "h" | "hr" | "hrs" | "hour" | "hours" => 3_600,
        "d" | "day" | "days" => 86_400,
        "w" | "wk" | "wks" | "week" | "weeks" => 7 * 86_400,
        _ => return None,
    };
    let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
    let whole = whole.parse::<u64>().ok()?.checked_mul(unit)?;
    let part_of = 10_u64.checked_pow(u32::try_from(part.len()).ok()?)?;
    let part = part.parse::<u64>().ok()?.checked_mul(unit)?;
    (part % part_of == 0).then_some(())?;
    whole.checked_add(part / part_of)
}

/// A value that may be written as a number or as a text.
#[derive(Deserialize)]
#[serde(untagged, expecting = "wanted a number or a text")]
enum Written {
    Number(i64),
    Text(String),
}

fn read<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    read: impl FnOnce(Written) -> Result<T, String>,
) -> Result<Option<T>, D::Error> {
    read(Written::deserialize(deserializer)?)
        .map(Some)
        .map_err(D::Error::custom)
}

pub(super) fn length_of<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u32>, D::Error> {
    read(from, |written| match written {
        Written::Number(seconds) => u32::try_from(seconds).map_err(|_| {
            format!("got {seconds} seconds, wanted 0 or more, or a text such as \"15m\"")
        }),
        Written::Text(text) => seconds(&text),
    })
}

pub(super) fn quorum<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<QuorumWritten>, D::Error> {
    read(from, |written| match written {
        Written::Number(number) => number.to_string().parse(),
        Written::Text(text) => text.parse(),
    })
}

pub(super) fn base<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Base>, D::Error> {
    read(from, |written| {
        let text = match written {
            Written::Number(number) => number.to_string(),
            Written::Text(text) => text,
        };
        text.parse()
    })
}

pub(super) fn target<'de, D: Deserializer<'de>>(from: D) -> Result<Option<TargetRule>, D::Error> {
    let text = String::deserialize(from)?;
    text.parse().map(Some).map_err(D::Error::custom)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn quorums_are_held_against_how_many_there_are() {
        let among =
            |text: &str, organisers| text.parse::<QuorumWritten>().unwrap().among(organisers);
        let two = Some(Quorum::of(2));
        assert_eq!((among("2-of-3", 3), among("2", 3)), (two, two));
        assert_eq!(among("1", 1), Some(Quorum::of(1)));
        for organisers in [1, 2, 32] {
            let quorum = among("two-once-two", organisers);
            assert_eq!(quorum, Some(Quorum::TWO_ONCE_TWO), "{organisers}");
        }
        for (text, organisers) in [("2-of-3", 2), ("2-of-3", 4), ("2", 1), ("2-of-3", 1)] {
            assert_eq!(among(text, organisers), None);
            assert_eq!(text.parse::<QuorumWritten>().unwrap().to_string(), text);
        }
        for bad in [
            "",
            "0",
            "0-of-3",
            "4-of-3",
            "two",
            "2of3",
            "-1",
            "255",
            "300",
            "2-of-",
            "two-of-two",
        ] {
            assert!(bad.parse::<QuorumWritten>().is_err(), "{bad}");
        }
    }

    #[test]
    fn targets() {
        assert_eq!("fixed:16".parse(), Ok(TargetRule::Fixed { zero_bits: 16 }));
        assert_eq!(
            "asert:24:60:3600".parse(),
            Ok(TargetRule::Asert {
                zero_bits_at_start: 24,
                block_interval_s: 60,
                half_life_s: 3600
            })
        );
        for bad in [
            "",
            "fixed",
            "fixed:",
            "fixed:-1",
            "fixed:256",
            "fixed:1:2",
            "asert:1:2",
            "easy:1",
            "asert:24:60:99999999999",
            "fixed:16 ",
        ] {
            assert!(bad.parse::<TargetRule>().is_err(), "{bad}");
        }
    }
    #[test]
    fn people_write_lengths_of_time() {
        for (text, wanted) in [
            ("0s", 0),
            ("90s", 90),
            ("15m", 900),
            ("15 min", 900),
            ("24h", 86_400),
            ("1.5h", 5_400),
            ("1h 30m", 5_400),
            ("7d", 604_800),
            ("2w", 1_209_600),
            ("PT15M", 900),
            (" 20 minutes ", 1_200),
        ] {
            assert_eq!(seconds(text), Ok(wanted), "{text}");
        }
        for bad in [
            "",
            "15",
            "-5m",
            "1mo",
            "1y",
            "soon",
            "0.5s",
            "m",
            "1h ago",
            "99999999d",
            "15:00",
        ] {
            let error = seconds(bad).unwrap_err();
            assert!(error.contains("such as 90s"), "{bad}: {error}");
        }
    }
}
