use std::io::{self, Read};

use bolao_api::{
    ApiConfig,
    export::{ExportError, Record, Records},
};
use bolao_ledger::{Block, MemoryState, decode};

use crate::{
    app::{App, tip},
    node::easy,
};

async fn exported() -> (App, Vec<u8>) {
    let app = App::new(easy(), ApiConfig::default());
    for (name, home) in [("John", 1), ("Mary", 2), ("Ann", 3)] {
        app.node.bet(name, vec![tip(1, home, 0), tip(2, 0, home)]);
        app.node.mine_now();
    }
    app.node.mine_now();
    let reply = app.get("/api/v1/export").await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("content-type"), "application/octet-stream");
    (app, reply.body)
}

#[tokio::test]
async fn everything_comes_in_order() {
    use bolao_api::ReadNode as _;

    let (app, bytes) = exported().await;
    let snapshot = app.node.reader().snapshot().unwrap();
    let mut records = Vec::new();
    let mut stream = Records::new(bytes.as_slice());
    while let Some(record) = stream.next_record().unwrap() {
        records.push(record);
    }
    let Record::Tip(tip) = &records[0] else {
        panic!("{:?}", records[0]);
    };
    assert_eq!(tip.hash, snapshot.tip().unwrap().hash);
    assert_eq!(tip.pool, app.node.genesis.pool_id());
    let mut previous = tip.pool.into();
    for record in &records[1..=4] {
        let Record::Block(bytes) = record else {
            panic!("{record:?}");
        };
        let block: Block = decode(bytes).unwrap();
        assert_eq!(block.header.previous, previous);
        previous = block.hash();
    }
    assert_eq!(previous, tip.hash);
    let mut state = MemoryState::default();
    for record in &records[5..records.len() - 1] {
        let Record::State(entry) = record.clone() else {
            panic!("{record:?}");
        };
        assert_eq!(state.entries.insert(entry.key, entry.value), None);
    }
    assert_eq!(state, snapshot.memory_state().unwrap());
    assert!(matches!(
        records.last(),
        Some(Record::End { blocks: 4, .. })
    ));
}

/// Gives so many bytes at a time.
struct Pieces<'a>(&'a [u8], usize);

impl Read for Pieces<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let length = into.len().min(self.1);
        self.0.read(&mut into[..length])
    }
}

fn decoded(source: impl Read) -> Result<usize, ExportError> {
    let mut records = Records::new(source);
    let mut count = 0;
    while records.next_record()?.is_some() {
        count += 1;
    }
    Ok(count)
}

#[tokio::test]
async fn pieces_of_any_size_and_every_damage() {
    let (_, bytes) = exported().await;
    let whole = decoded(bytes.as_slice()).unwrap();
    for size in [1, 3, 16, 1000] {
        let count = decoded(Pieces(&bytes, size)).unwrap();
        assert_eq!(count, whole);
    }
    for length in 0..bytes.len() {
        let error = decoded(&bytes[..length]).unwrap_err();
        assert!(matches!(error, ExportError::CutOff { .. }), "{error}");
    }
    let with = |at: usize, with: &[u8]| {
        let mut bytes = bytes.clone();
        bytes[at..at + with.len()].copy_from_slice(with);
        decoded(bytes.as_slice()).unwrap_err()
    };
    assert!(matches!(with(0, b"B"), ExportError::NotAnExport));
    assert!(matches!(with(16, &[0xff; 4]), ExportError::TooLong { .. }));
    assert!(matches!(
        with(20, &[9]),
        ExportError::Damaged { index: 0, .. }
    ));
    assert!(matches!(
        with(bytes.len() - 16, &[3]),
        ExportError::Counts { .. }
    ));
    let more = [bytes.as_slice(), b"x"].concat();
    assert!(matches!(
        decoded(more.as_slice()),
        Err(ExportError::Trailing)
    ));
}
