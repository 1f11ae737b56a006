//! What validators send one another, certificates and proofs of cheating.
#![no_main]

use bolao_finality::Message;
use bolao_ledger::{Certificate, Conflict, DoubleSign, decode, encode};
use borsh::{BorshDeserialize, BorshSerialize};
use libfuzzer_sys::fuzz_target;

fn again<T: BorshSerialize + BorshDeserialize>(data: &[u8]) {
    if let Ok(value) = decode::<T>(data) {
        assert_eq!(encode(&value), data);
    }
}

fuzz_target!(|data: &[u8]| {
    if let Ok(message) = Message::decode(data) {
        assert_eq!(message.encode(), data);
        let _ = message.statements();
    }
    again::<Certificate>(data);
    again::<Conflict>(data);
    again::<DoubleSign>(data);
});
