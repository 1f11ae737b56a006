//! Blocks that validators make: all of each in one entry.

use std::collections::BTreeMap;

use bolao_headers::{CheckedHeader, HeaderChain};
use bolao_ledger::{
    Block, BlockId, Certificate, CheckedBlock, Coinbase, Height, Signature, UnixSeconds,
    ValidatorKey, encode, merkle_root,
};
use bolao_store::{
    Arrival, BlockArrivals, Durability, FinalBlock, RecoveryScan, Store, StoreError,
};
use proptest::prelude::*;

use crate::game::{account, apply, certified_genesis, dump, mine, usual_plays, valid};

/// How a block differs from most.
#[derive(Clone, Debug)]
struct Shape {
    miner: u8,
    words: Vec<u8>,
    proof: Option<Vec<u8>>,
    /// Whether word that it is final comes before it, with it, or after it.
    told: u8,
}

fn certificate(round: u32, signers: &[u8]) -> Vec<u8> {
    let signed = signers
        .iter()
        .map(|who| (ValidatorKey([*who; 32]), Signature([who ^ 7; 64])));
    encode(&Certificate {
        round,
        signatures: signed.collect(),
    })
}

fn shape() -> impl Strategy<Value = Shape> {
    let signers = prop::collection::vec(0..5_u8, 0..5);
    let signed = (0..3_u32, signers).prop_map(|(round, signers)| certificate(round, &signers));
    let proof = prop_oneof![
        6 => signed.prop_map(Some),
        1 => prop::collection::vec(any::<u8>(), 0..40).prop_map(Some),
        1 => Just(None),
    ];
    let words = prop_oneof![4 => Just(Vec::new()), 1 => Just(vec![9; 5])];
    (0..3_u8, words, proof, 0..3_u8).prop_map(|(miner, words, proof, told)| Shape {
        miner,
        words,
        proof,
        told,
    })
}

fn now(height: u64) -> Arrival {
    Arrival {
        at: UnixSeconds(1_800_000_000 + height),
        in_step: true,
        clock_agrees: height.is_multiple_of(2),
    }
}

fn next_block(store: &Store, shape: &Shape) -> (CheckedHeader, CheckedBlock) {
    let (genesis, snapshot) = (store.genesis(), store.reader().snapshot().unwrap());
    let tip = snapshot.tip().unwrap();
    let plays = usual_plays(tip.height.0 + 1);
    let block = mine(
        genesis,
        &tip,
        valid(genesis, &snapshot, &plays),
        &shape.words,
    );
    let mut block: Block = block.get().clone();
    block.coinbase = Coinbase {
        miner: account(shape.miner),
        ..block.coinbase
    };
    block.header.merkle_root = merkle_root(&block.leaves());
    let chain: HeaderChain = snapshot.header_chain(&tip.hash).unwrap().unwrap();
    let header = chain.check(genesis, &block.header).unwrap();
    (header, block.check(genesis, genesis.pool_id()).unwrap())
}

fn proven(header: &CheckedHeader, shape: &Shape) -> Option<FinalBlock> {
    Some(FinalBlock {
        block: header.block,
        certificate: bolao_store::Certificate::new(shape.proof.clone()?).unwrap(),
    })
}

/// Puts a block of this shape on top; gives what is to be read of it.
fn grow(store: &mut Store, shape: &Shape) -> (CheckedBlock, Option<FinalBlock>) {
    let (header, block) = next_block(store, shape);
    let (genesis, proven) = (store.genesis().clone(), proven(&header, shape));
    store.now_is(now(header.height.0));
    if let Some(proven) = proven.as_ref().filter(|_| shape.told == 0) {
        store
            .write(Durability::Volatile, |tables| tables.put_final(proven))
            .unwrap();
        let snapshot = store.reader().snapshot().unwrap();
        assert_eq!(snapshot.last_final().unwrap().as_ref(), Some(proven));
    }
    let with = proven.as_ref().filter(|_| shape.told == 1);
    store
        .write(Durability::Durable, |tables| {
            let applied = apply(&genesis, tables, &block);
            tables.connect_next(&header, &applied, with)?;
            match &proven {
                Some(proven) if shape.told == 2 => tables.put_final(proven),
                _ => Ok(()),
            }
        })
        .unwrap();
    (block, proven)
}

type Made = Vec<(CheckedBlock, Option<FinalBlock>)>;

fn grown(store: &mut Store, shapes: &[Shape]) -> Made {
    shapes.iter().map(|shape| grow(store, shape)).collect()
}

fn is_as_made(store: &Store, made: &Made) {
    let snapshot = store.reader().snapshot().unwrap();
    let dump = dump(&snapshot);
    assert_eq!(dump.main.len(), made.len() + 1);
    for (height, (block, proven)) in (1..).zip(made) {
        let (height, hash) = (Height(height), block.hash());
        assert_eq!(snapshot.hash_at(height).unwrap(), Some(hash));
        let bytes = snapshot.block_bytes(&hash).unwrap();
        assert_eq!(bytes, Some(encode(block.get())));
        assert_eq!(&snapshot.final_at(height).unwrap(), proven);
        let record = snapshot.header(&hash).unwrap().unwrap();
        assert!(record.has_body && record.invalid.is_none());
        assert_eq!(record.header, block.get().header);
        let arrivals = BlockArrivals {
            block: now(height.0),
            transactions: vec![now(height.0); block.ids().len()],
        };
        let kept = snapshot.block_arrivals(height, &hash).unwrap();
        assert_eq!(kept, Some(arrivals));
        let changed = snapshot.changed_tables(height).unwrap().unwrap();
        assert!(changed.is_sorted() && !changed.is_empty());
    }
    let all: BTreeMap<u64, &FinalBlock> = made
        .iter()
        .filter_map(|(_, proven)| proven.as_ref())
        .map(|proven| (proven.height.0, proven))
        .collect();
    let down = snapshot.finals_down().unwrap();
    let down: Vec<FinalBlock> = down.map(Result::unwrap).collect();
    let wanted: Vec<FinalBlock> = all.values().rev().map(|it| (*it).clone()).collect();
    assert_eq!(down, wanted);
    let last = wanted.first().cloned();
    assert_eq!(snapshot.last_final().unwrap(), last);
    assert_eq!(snapshot.held_final().unwrap(), last);
    for height in 0..=made.len() as u64 + 1 {
        let above = all.range(height + 1..).next().map(|(_, it)| (*it).clone());
        assert_eq!(snapshot.final_above(Height(height)).unwrap(), above);
        let below = all.range(..height).next_back().map(|(_, it)| (*it).clone());
        assert_eq!(snapshot.final_below(Height(height)).unwrap(), below);
    }
    assert_eq!(store.side_headers(), 0);
    assert_eq!(snapshot.leaves().unwrap().len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    /// However blocks differ from one another, each is read as it was written: at once, after a rebuild, and from a file that was
    /// closed.
    #[test]
    fn a_block_of_validators_reads_as_it_was_written(shapes in prop::collection::vec(shape(), 1..12)) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("chain.redb");
        let mut store = Store::create(&path, &certified_genesis()).unwrap();
        let made = grown(&mut store, &shapes);
        is_as_made(&store, &made);
        store.reindex(|_| {}).unwrap();
        is_as_made(&store, &made);
        drop(store);
        is_as_made(&Store::open(&path).unwrap(), &made);
        let mut store = Store::open(&path).unwrap();
        is_as_made(&store, &made);
        let more = grow(&mut store, &shapes[0]);
        let made: Made = made.into_iter().chain([more]).collect();
        is_as_made(&store, &made);
    }

    /// A search finds all of them in the file, with what proves them.
    #[test]
    fn blocks_of_validators_are_found_in_a_damaged_file(shapes in prop::collection::vec(shape(), 1..12)) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("chain.redb");
        let mut store = Store::create(&path, &certified_genesis()).unwrap();
        let made = grown(&mut store, &shapes);
        drop(store);
        let scan = RecoveryScan::find(&path, &certified_genesis()).unwrap();
        prop_assert_eq!(scan.highest().0, made.len() as u64);
        let certificates = scan.certificates(&scan.headers()).unwrap();
        for (block, proven) in &made {
            let found = scan.block(&block.hash());
            prop_assert_eq!(found.as_ref(), Some(block));
            if let Some(proven) = proven.as_ref().filter(|it| !it.certificate.bytes().is_empty()) {
                prop_assert!(certificates[&block.hash()].contains(&proven.certificate));
            }
        }
    }
}

fn plain(told: u8) -> Shape {
    Shape {
        miner: 0,
        words: Vec::new(),
        proof: Some(certificate(0, &[1])),
        told,
    }
}

/// Longer than a model is looked for.
#[test]
fn a_long_chain_is_read_as_it_was_written() {
    let mut store = Store::in_memory(&certified_genesis()).unwrap();
    let shapes = vec![plain(1); 600];
    let made = grown(&mut store, &shapes);
    is_as_made(&store, &made);
}

#[test]
fn another_block_than_the_final_one_is_not_taken_with_a_proof() {
    let mut store = Store::in_memory(&certified_genesis()).unwrap();
    grow(&mut store, &plain(1));
    let (header, block) = next_block(&store, &plain(1));
    let other = FinalBlock {
        block: BlockId {
            hash: store.pool_id().into(),
            ..header.block
        },
        ..proven(&header, &plain(1)).unwrap()
    };
    let genesis = store.genesis().clone();
    store
        .write(Durability::Durable, |tables| tables.put_final(&other))
        .unwrap();
    let taken = store.write(Durability::Durable, |tables| {
        let applied = apply(&genesis, tables, &block);
        tables.connect_next(&header, &applied, proven(&header, &plain(1)).as_ref())
    });
    assert!(
        matches!(taken, Err(StoreError::TwoFinals { .. })),
        "{taken:?}"
    );
    let snapshot = store.reader().snapshot().unwrap();
    assert_eq!(snapshot.tip().unwrap().height, Height(1));
    assert_eq!(snapshot.last_final().unwrap(), Some(other));
    assert_eq!(snapshot.held_final().unwrap().unwrap().height, Height(1));
}

#[test]
fn what_was_made_by_validators_is_never_taken_off() {
    let mut store = Store::in_memory(&certified_genesis()).unwrap();
    grow(&mut store, &plain(1));
    let taken = store.write(Durability::Durable, |tables| tables.disconnect());
    assert!(matches!(taken, Err(StoreError::Certified)), "{taken:?}");
}
