//! Times for people, in their own zone.

use bolao_ledger::UnixSeconds;
use jiff::{Timestamp, tz::TimeZone};

/// Now, by this machine's clock.
pub(crate) fn now() -> UnixSeconds {
    UnixSeconds(u64::try_from(Timestamp::now().as_second()).unwrap_or(0))
}

/// The ledger's seconds as an instant, if it is one that calendars reach.
pub(crate) fn timestamp(at: UnixSeconds) -> Option<Timestamp> {
    Timestamp::from_second(i64::try_from(at.0).ok()?).ok()
}

/// This machine's zone; tests have one that is the same everywhere.
fn system() -> TimeZone {
    if cfg!(test) {
        TimeZone::UTC
    } else {
        TimeZone::system()
    }
}

/// Day and minute with the zone, such as `Wed 5 Jun 2019 20:45 CEST`.
pub(crate) fn local(at: Timestamp) -> String {
    in_zone(at, system())
}

fn in_zone(at: Timestamp, zone: TimeZone) -> String {
    at.to_zoned(zone)
        .strftime("%a %-d %b %Y %H:%M %Z")
        .to_string()
}

/// Day and minute for a table, such as `Wed 5 Jun 20:45`; with the year, and without the weekday, where it is not this
/// one. [`zone`] says whose times they are.
pub(crate) fn short(at: Timestamp) -> String {
    let zone = system();
    let (now, at) = (Timestamp::now().to_zoned(zone.clone()), at.to_zoned(zone));
    let form = if now.year() == at.year() {
        "%a %-d %b %H:%M"
    } else {
        "%-d %b %Y %H:%M"
    };
    at.strftime(form).to_string()
}

/// The day alone, such as `5 Jun 2019`.
pub(crate) fn day(at: Timestamp) -> String {
    at.to_zoned(system()).strftime("%-d %b %Y").to_string()
}

/// Whose times are shown, such as `Europe/Lisbon`.
pub(crate) fn zone() -> String {
    let zone = system();
    zone.iana_name().map_or_else(
        || {
            let now = Timestamp::now().to_zoned(zone.clone());
            now.strftime("%Z").to_string()
        },
        |name| if name == "Etc/UTC" { "UTC" } else { name }.to_owned(),
    )
}

/// A span in its largest fitting unit, such as `3 h`.
pub(crate) fn span(seconds: u64) -> String {
    match seconds {
        0..=119 => format!("{seconds} s"),
        120..=7_199 => format!("{} min", seconds / 60),
        7_200..=172_799 => format!("{} h", seconds / 3_600),
        _ => format!("{} days", seconds / 86_400),
    }
}

/// How long from now, such as `in 3 h` or `5 min ago`.
pub(crate) fn relative(at: Timestamp) -> String {
    let difference = at.as_second() - Timestamp::now().as_second();
    let span = span(difference.unsigned_abs());
    if difference >= 0 {
        format!("in {span}")
    } else {
        format!("{span} ago")
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
