//! Times for people, in their own zone.

use std::sync::OnceLock;

use bolao_api::body::moment;
use bolao_ledger::{Day, UnixSeconds};
pub(crate) use bolao_terminal::time::{in_zone, now, span, timestamp};
use jiff::{Timestamp, tz::TimeZone};

/// The zone of the home's matches.
static OF_HOME: OnceLock<TimeZone> = OnceLock::new();

/// Shows times in the zone of the home's matches, if it is known, where this machine has none of its own.
pub(crate) fn of_home(zone: Option<&str>) {
    if let Some(zone) = zone.and_then(|zone| TimeZone::get(zone).ok()) {
        // One home is opened.
        let _ = OF_HOME.set(zone);
    }
}

/// The zone in which times are shown; tests have one that is the same everywhere.
fn system() -> TimeZone {
    if cfg!(test) {
        return TimeZone::UTC;
    }
    let is_said = std::env::var_os("TZ").is_some();
    shown(TimeZone::system(), is_said, OF_HOME.get())
}

/// A machine's own zone, unless that is UTC and nobody said so: then it is a server or container, and has none.
fn shown(own: TimeZone, is_said: bool, of_home: Option<&TimeZone>) -> TimeZone {
    let is_none = own.is_unknown() || matches!(own.iana_name(), Some("UTC" | "Etc/UTC"));
    match of_home {
        Some(zone) if is_none && !is_said => zone.clone(),
        _ => own,
    }
}

/// A time of the API or of the ledger.
pub(crate) trait ToInstant {
    /// The instant.
    fn instant(self) -> Timestamp;
}

impl ToInstant for Timestamp {
    fn instant(self) -> Timestamp {
        self
    }
}

impl ToInstant for UnixSeconds {
    fn instant(self) -> Timestamp {
        moment(self)
    }
}

/// Day and minute with the zone, such as `Wed 5 Jun 2019 20:45 CEST`.
pub(crate) fn local(at: impl ToInstant) -> String {
    in_zone(at.instant(), system())
}

/// Day and minute for a table, such as `Wed 5 Jun 20:45`; with the year, and without the weekday, where it is not this
/// one. [`zone`] says whose times they are.
pub(crate) fn short(at: impl ToInstant) -> String {
    short_in(at.instant(), system())
}

/// The same in a zone.
pub(crate) fn short_in(at: Timestamp, zone: TimeZone) -> String {
    let (now, at) = (Timestamp::now().to_zoned(zone.clone()), at.to_zoned(zone));
    let form = if now.year() == at.year() {
        "%a %-d %b %H:%M"
    } else {
        "%-d %b %Y %H:%M"
    };
    at.strftime(form).to_string()
}

/// The same to the second and without the weekday, for what counts to the second.
pub(crate) fn exact(at: Timestamp) -> String {
    let zone = system();
    let (now, at) = (Timestamp::now().to_zoned(zone.clone()), at.to_zoned(zone));
    let form = if now.year() == at.year() {
        "%-d %b %H:%M:%S"
    } else {
        "%-d %b %Y %H:%M:%S"
    };
    at.strftime(form).to_string()
}

/// A kick-off by [`local`], or that there is none yet.
pub(crate) fn kickoff(at: Option<impl ToInstant>) -> String {
    at.map_or_else(|| "not scheduled".to_owned(), local)
}

/// The day alone, such as `5 Jun 2019`.
pub(crate) fn day(at: Timestamp) -> String {
    at.to_zoned(system()).strftime("%-d %b %Y").to_string()
}

/// The day of a match whose time is not known, such as `Fri 5 Jun 2026`: the one at its middle, wherever it is played.
pub(crate) fn match_day(day: &Day) -> String {
    let middle = UnixSeconds(day.begins.0.midpoint(day.ends.0));
    moment(middle)
        .to_zoned(system())
        .strftime("%a %-d %b %Y")
        .to_string()
}

/// From when to when such a day is.
pub(crate) fn span_of(day: Option<&Day>) -> String {
    day.map_or_else(
        || "not known".to_owned(),
        |day| {
            let (begins, ends) = (local(day.begins), local(day.ends));
            format!("{}, from {begins} to {ends}", match_day(day))
        },
    )
}

/// The zone that was asked for, else this machine's; and its name for a sentence, which says where the other comes from.
pub(crate) fn chosen(zone: Option<&TimeZone>) -> (TimeZone, String) {
    match zone {
        Some(chosen) => (chosen.clone(), bolao_fixtures::pool::zone_name(chosen)),
        None => (
            system(),
            format!(
                "{}, this machine's zone; --zone shows another",
                self::zone()
            ),
        ),
    }
}

/// The name of the zone of the times shown, such as `Europe/Lisbon`.
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

/// On which side of another clock one is, such as `62 s ahead of`.
pub(crate) fn ahead_of(ahead_s: i64) -> String {
    let side = if ahead_s < 0 { "behind" } else { "ahead of" };
    format!("{} {side}", span(ahead_s.unsigned_abs()))
}

/// The time since then, such as `5 min`. A moment that a clock ahead dates after now has just begun.
pub(crate) fn since(at: Timestamp) -> String {
    let passed = Timestamp::now().as_second().saturating_sub(at.as_second());
    span(u64::try_from(passed).unwrap_or(0))
}

/// The time from now, such as `in 3 h` or `5 min ago`.
pub(crate) fn relative(at: impl ToInstant) -> String {
    let difference = at.instant().as_second() - Timestamp::now().as_second();
    if difference == 0 {
        return "now".to_owned();
    }
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
    fn a_machine_without_a_zone_shows_the_homes() {
        let zone = |name: &str| TimeZone::get(name).unwrap();
        let lisbon = zone("Europe/Lisbon");
        for (own, is_said, wanted) in [
            ("UTC", false, "Europe/Lisbon"),
            ("Etc/UTC", false, "Europe/Lisbon"),
            ("UTC", true, "UTC"),
            ("America/New_York", false, "America/New_York"),
        ] {
            let shown = shown(zone(own), is_said, Some(&lisbon));
            assert_eq!(shown.iana_name(), Some(wanted), "{own}");
        }
        assert_eq!(shown(zone("UTC"), false, None).iana_name(), Some("UTC"));
        assert_eq!(shown(TimeZone::unknown(), false, Some(&lisbon)), lisbon);
    }
}
