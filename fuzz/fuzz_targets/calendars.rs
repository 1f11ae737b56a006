//! Calendars of fixtures.
#![no_main]

use bolao_fixtures::{ImportOptions, import};
use jiff::tz::TimeZone;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let text = format!("BEGIN:VCALENDAR\n{text}");
    let zone = Some(TimeZone::UTC);
    let _ = import(
        &text,
        &ImportOptions {
            zone,
            ..ImportOptions::default()
        },
    );
});
