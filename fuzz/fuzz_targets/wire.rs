//! Messages between nodes.
#![no_main]

use bolao_chain::{Request, Response};
use bolao_ledger::{decode, encode};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Ok(request) = decode::<Request>(data) {
        assert_eq!(encode(&request), data);
    }
    if let Ok(response) = decode::<Response>(data) {
        assert_eq!(encode(&response), data);
    }
});
