//! Lists of nodes, as others send them.
#![no_main]

use bolao_discovery::Node;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Ok(nodes) = serde_json::from_slice::<Vec<Node>>(data) {
        let text = serde_json::to_vec(&nodes).unwrap();
        assert_eq!(serde_json::from_slice::<Vec<Node>>(&text).unwrap(), nodes);
    }
});
