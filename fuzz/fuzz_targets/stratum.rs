//! Lines of a Stratum miner, from its bytes to the shares and blocks in them.
#![no_main]

use bolao_stratum::fuzzing::converse;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|data: &[u8]| {
    for turn in converse(data) {
        assert!(turn.len() <= 5, "{turn:?}");
        for line in turn {
            assert!(
                !line.contains(['\n', '\r']) && line.len() < 16 * 1024,
                "{line}"
            );
            assert!(serde_json::from_str::<Value>(&line).unwrap().is_object());
        }
    }
});
