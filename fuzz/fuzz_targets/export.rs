//! What an audit reads from a node that may lie; the pieces in which it comes change nothing.
#![no_main]

use std::io;

use bolao_api::export::{Decoder, Record, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let mut whole: Vec<Record> = Vec::new();
    let good = read::<io::Error>(data, |record| {
        whole.push(record);
        Ok(())
    });
    let mut pieces = Vec::new();
    let mut decoder = Decoder::new();
    'pieces: for piece in data.chunks(7) {
        decoder.push(piece);
        loop {
            match decoder.next_record() {
                Ok(Some(record)) => pieces.push(record),
                Ok(None) => break,
                Err(_) => break 'pieces,
            }
        }
    }
    assert_eq!(whole, pieces);
    if good.is_ok() {
        decoder.finish().unwrap();
    }
});
