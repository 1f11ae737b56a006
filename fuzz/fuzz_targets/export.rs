//! What an audit and a page read from a node that may lie; the pieces in which it comes change nothing.
#![no_main]

use bolao_replay::{Decoder, Record};
use libfuzzer_sys::fuzz_target;

fn read(data: &[u8], piece: usize) -> (Vec<Record>, Option<String>) {
    let (mut decoder, mut got) = (Decoder::default(), Vec::new());
    for piece in data.chunks(piece) {
        decoder.feed(piece);
        loop {
            match decoder.next_record() {
                Ok(Some(record)) => got.push(record),
                Ok(None) => break,
                Err(error) => return (got, Some(error.to_string())),
            }
        }
    }
    let end = decoder.finish().err();
    (got, end.map(|error| error.to_string()))
}

fuzz_target!(|data: &[u8]| assert_eq!(read(data, usize::MAX), read(data, 7)));
