//! A genesis file and a transaction as JSON: what is taken is written and encoded, and read again as the same.
#![no_main]

use bolao_ledger::{Genesis, Transaction, decode, encode};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(genesis) = Genesis::from_json(text) {
        assert_eq!(Genesis::from_json(&genesis.to_json()).unwrap(), genesis);
        assert_eq!(decode::<Genesis>(&encode(&genesis)).unwrap(), genesis);
        let _ = genesis.pool_id();
    }
    if let Ok(transaction) = serde_json::from_str::<Transaction>(text) {
        let bytes = encode(&transaction);
        assert_eq!(decode::<Transaction>(&bytes).unwrap(), transaction);
    }
});
