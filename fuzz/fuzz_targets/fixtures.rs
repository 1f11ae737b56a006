//! Files of fixtures: what is read of one is written so that it is read again.
#![no_main]

use bolao_fixtures::{DateOrder, ImportOptions, UnixSeconds, import, json, oddities};
use jiff::tz::TimeZone;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = import(text, &ImportOptions::default());
    let told = ImportOptions {
        zone: Some(TimeZone::UTC),
        dates: Some(DateOrder::DayMonth),
        ..ImportOptions::default()
    };
    if let Ok(read) = import(text, &told) {
        let _ = oddities(&read, UnixSeconds(0), &TimeZone::UTC);
        let again = import(&json(&read, &TimeZone::UTC), &ImportOptions::default());
        let again = again.expect("what was written can be read");
        for (one, two) in read.matches.iter().zip(&again.matches) {
            assert_eq!((&one.code, one.kickoff), (&two.code, two.kickoff));
        }
    }
});
