//! Lengths of time as people write them.

use jiff::{Span, SpanRelativeTo};

/// Seconds of a text such as `90s`, `15m`, `24h` or `7d`; a day is 24 hours.
pub(crate) fn seconds(text: &str) -> Result<u32, String> {
    let wanted = || format!("got `{text}`, wanted a length of time such as 90s, 15m, 24h or 7d");
    let span: Span = text.trim().parse().map_err(|_| wanted())?;
    let length = span
        .to_duration(SpanRelativeTo::days_are_24_hours())
        .map_err(|_| wanted())?;
    if length.subsec_nanos() != 0 {
        return Err(wanted());
    }
    u32::try_from(length.as_secs()).map_err(|_| wanted())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

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
