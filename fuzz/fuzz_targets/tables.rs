//! Tables of fixtures: with a first line that names the columns, and without.
#![no_main]

use bolao_fixtures::{DateOrder, ImportOptions, import};
use jiff::tz::TimeZone;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let told = ImportOptions {
        zone: Some(TimeZone::UTC),
        dates: Some(DateOrder::MonthDay),
        ..ImportOptions::default()
    };
    let _ = import(text, &told);
    let _ = import(
        &format!("Round,Date,Time,Match,Group,Result\n{text}"),
        &told,
    );
});
