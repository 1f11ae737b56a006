//! Files of fixtures.
#![no_main]

use bolao_fixtures::{ImportOptions, import};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = import(text, &ImportOptions::default());
});
