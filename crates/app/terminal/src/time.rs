//! Instants and lengths of time in words.

use bolao_ledger::UnixSeconds;
use jiff::{Timestamp, tz::TimeZone};

/// Now, by this machine's clock.
pub fn now() -> UnixSeconds {
    UnixSeconds(u64::try_from(Timestamp::now().as_second()).unwrap_or(0))
}

/// The ledger's seconds as an instant, if it is one that calendars reach.
pub fn timestamp(at: UnixSeconds) -> Option<Timestamp> {
    Timestamp::from_second(i64::try_from(at.0).ok()?).ok()
}

/// Day and minute with the zone, such as `Wed 5 Jun 2019 20:45 CEST`.
pub fn in_zone(at: Timestamp, zone: TimeZone) -> String {
    at.to_zoned(zone)
        .strftime("%a %-d %b %Y %H:%M %Z")
        .to_string()
}

/// A span in its largest fitting unit, such as `3 h`.
pub fn span(seconds: u64) -> String {
    match seconds {
        0..=119 => format!("{seconds} s"),
        120..=7_199 => format!("{} min", seconds / 60),
        7_200..=172_799 => format!("{} h", seconds / 3_600),
        _ => format!("{} days", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn the_semi_final_kicked_off_in_the_evening() {
        let kickoff = timestamp(UnixSeconds(1_559_760_300)).unwrap();
        let lisbon = TimeZone::get("Europe/Lisbon").unwrap();
        assert_eq!(in_zone(kickoff, lisbon), "Wed 5 Jun 2019 19:45 WEST");
        assert_eq!(timestamp(UnixSeconds(u64::MAX)), None);
    }

    #[test]
    fn spans() {
        assert_eq!(span(0), "0 s");
        assert_eq!(span(119), "119 s");
        assert_eq!(span(120), "2 min");
        assert_eq!(span(7_200), "2 h");
        assert_eq!(span(172_800), "2 days");
    }
}
