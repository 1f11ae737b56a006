//! What an audit reads from a node that may lie; the pieces in which it comes change nothing.
#![no_main]

use std::io::{self, Read};

use bolao_api::export::{Record, Records};
use libfuzzer_sys::fuzz_target;

struct Pieces<'a>(&'a [u8]);

impl Read for Pieces<'_> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let most = room.len().min(7);
        self.0.read(&mut room[..most])
    }
}

fn read(source: impl Read) -> (Vec<Record>, Option<String>) {
    let (mut records, mut got) = (Records::new(source), Vec::new());
    loop {
        match records.next_record() {
            Ok(Some(record)) => got.push(record),
            Ok(None) => return (got, None),
            Err(error) => return (got, Some(error.to_string())),
        }
    }
}

fuzz_target!(|data: &[u8]| assert_eq!(read(data), read(Pieces(data))));
