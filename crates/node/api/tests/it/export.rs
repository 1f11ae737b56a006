use bolao_api::{ApiConfig, ReadNode as _};
use bolao_ledger::{Block, BlockHash, BlockId, Height, MemoryState, decode};
use bolao_replay::{Decoder, ExportError, Record};
use bolao_store::{Certificate, Durability, FinalBlock, StoreError};

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
    let (app, bytes) = exported().await;
    let snapshot = app.node.reader().snapshot().unwrap();
    let records = records(&bytes, usize::MAX).unwrap();
    let Record::Tip(tip) = &records[0] else {
        panic!("{:?}", records[0]);
    };
    assert_eq!(tip.tip, snapshot.tip().unwrap());
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
    assert_eq!(previous, tip.tip.hash);
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

/// What comes of a stream in pieces of so many bytes.
fn records(bytes: &[u8], piece: usize) -> Result<Vec<Record>, ExportError> {
    let (mut decoder, mut records) = (Decoder::default(), Vec::new());
    for piece in bytes.chunks(piece) {
        decoder.feed(piece);
        while let Some(record) = decoder.next_record()? {
            records.push(record);
        }
    }
    decoder.finish().map(|()| records)
}

fn decoded(bytes: &[u8]) -> Result<usize, ExportError> {
    records(bytes, usize::MAX).map(|records| records.len())
}

#[tokio::test]
async fn pieces_of_any_size_and_every_damage() {
    let (_, bytes) = exported().await;
    let whole = decoded(&bytes).unwrap();
    for size in [1, 3, 16, 1000] {
        let count = records(&bytes, size).unwrap();
        assert_eq!(count.len(), whole);
    }
    for length in 0..bytes.len() {
        let error = decoded(&bytes[..length]).unwrap_err();
        assert!(matches!(error, ExportError::CutOff { .. }), "{error}");
    }
    let with = |at: usize, with: &[u8]| {
        let mut bytes = bytes.clone();
        bytes[at..at + with.len()].copy_from_slice(with);
        decoded(&bytes).unwrap_err()
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
    assert!(matches!(decoded(&more), Err(ExportError::Trailing)));
}

#[tokio::test]
async fn a_reader_gets_what_it_lacks() {
    let (app, _) = exported().await;
    let blocks = |bytes: &[u8]| {
        let records = records(bytes, 1000).unwrap();
        assert!(matches!(records[0], Record::Tip(_)));
        let blocks = records.iter().filter_map(|record| match record {
            Record::Block(bytes) => Some(decode::<Block>(bytes).unwrap().hash()),
            _ => None,
        });
        blocks.collect::<Vec<_>>()
    };
    let all = app.get("/api/v1/chain").await;
    assert_eq!(all.header("content-type"), "application/octet-stream");
    let all = blocks(&all.body);
    assert_eq!(all.len(), 4);
    for (index, hash) in all.iter().enumerate() {
        let rest = app.get(&format!("/api/v1/chain?above={hash}")).await;
        assert_eq!(rest.status, 200);
        assert_eq!(blocks(&rest.body), all[index + 1..]);
    }
    let genesis = app.node.genesis.pool_id();
    let from = app.get(&format!("/api/v1/chain?above={genesis}")).await;
    assert_eq!(blocks(&from.body), all);
    let elsewhere = format!("/api/v1/chain?above={}", "7".repeat(64));
    assert_eq!(app.get(&elsewhere).await.status, 409);
    assert_eq!(app.get("/api/v1/chain?above=7").await.status, 400);
}

#[tokio::test]
async fn a_part_ends_by_the_bytes_of_its_certificates_too() {
    let (app, blocks, bytes_each) = (App::new(easy(), ApiConfig::default()), 24, 64 * 1024);
    for height in (1..=blocks).map(Height) {
        let hash = app.node.mine_now();
        let certificate = Certificate::new(vec![7; bytes_each]).unwrap();
        let block = FinalBlock {
            block: BlockId { height, hash },
            certificate,
        };
        app.node
            .store()
            .write::<_, StoreError>(Durability::Volatile, |tables| tables.put_final(&block))
            .unwrap();
    }
    let (mut read, mut path) = (0, "/api/v1/chain".to_owned());
    for _ in 0..blocks {
        let part = app.get(&path).await;
        assert_eq!(part.status, 200, "{path}");
        assert!(part.body.len() < 700 * 1024, "{}", part.body.len());
        let mut last = None;
        for record in records(&part.body, usize::MAX).unwrap() {
            if let Record::Block(bytes) = record {
                last = Some(decode::<Block>(&bytes).unwrap().hash());
                read += 1;
            }
        }
        let Some(last) = last else { break };
        path = format!("/api/v1/chain?above={last}&proven={read}");
    }
    assert_eq!(read, blocks);
}

#[tokio::test]
async fn nobody_has_certificates_of_blocks_that_he_lacks() {
    let (app, _) = exported().await;
    let tip = app.node.mine_now();
    for (query, status) in [
        ("proven=0".to_owned(), 200),
        ("proven=1".to_owned(), 400),
        (format!("above={tip}&proven=5"), 200),
        (format!("above={tip}&proven=6"), 400),
        (format!("above={tip}&proven={}", u64::MAX), 400),
    ] {
        let answer = app.get(&format!("/api/v1/chain?{query}")).await;
        assert_eq!(answer.status, status, "{query}");
    }
}

/// A final block that has not come, or waits for its time, is no damage where the chain has another one; what is said to be
/// final under a final block of the chain is.
#[tokio::test]
async fn certificates_are_those_of_the_blocks_that_are_here() {
    let (app, _) = exported().await;
    let put = |height, hash| {
        let block = FinalBlock {
            block: BlockId {
                height: Height(height),
                hash,
            },
            certificate: Certificate::new(vec![7; 10]).unwrap(),
        };
        app.node
            .store()
            .write::<_, StoreError>(Durability::Volatile, |tables| tables.put_final(&block))
            .unwrap();
    };
    let snapshot = app.node.reader().snapshot().unwrap();
    put(2, snapshot.hash_at(Height(2)).unwrap().unwrap());
    put(4, BlockHash([9; 32]));
    let certificates = |bytes: &[u8]| {
        let records = records(bytes, usize::MAX).unwrap().into_iter();
        let proofs =
            records.filter(|it| matches!(it, Record::Certificate(_) | Record::Proof { .. }));
        proofs.count()
    };
    let above = snapshot.tip().unwrap().hash;
    let part = format!("/api/v1/chain?above={above}&proven=0");
    for path in ["/api/v1/export", "/api/v1/chain", &part] {
        let answer = app.get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(certificates(&answer.body), 1, "{path}");
    }
    put(1, BlockHash([9; 32]));
    assert_eq!(app.get("/api/v1/export").await.status, 503);
}
