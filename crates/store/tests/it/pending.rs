//! Transactions that wait.

use bolao_ledger::Nonce;
use bolao_store::{Durability, Store, StoreError};

use crate::game::{connect, genesis, join, mine, sign};

#[test]
fn pending_transactions_keep_their_order_and_leave_with_their_block() {
    let genesis = genesis();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("chain.redb");
    let mut store = Store::create(&path, &genesis).unwrap();
    let waiting: Vec<_> = [3, 1, 2, 0]
        .map(|player| sign(&genesis, player, Nonce::ZERO, join(player)))
        .into();
    store
        .write(Durability::Durable, |tables| {
            for transaction in &waiting {
                tables.put_pending(transaction)?;
            }
            tables.put_pending(&waiting[0])
        })
        .unwrap();
    let reader = store.reader();
    assert_eq!(reader.snapshot().unwrap().pending().unwrap(), waiting);
    assert_eq!(reader.snapshot().unwrap().pending_count().unwrap(), 4);
    drop((store, reader));

    let mut store = Store::open(&path).unwrap();
    let snapshot = store.reader().snapshot().unwrap();
    assert_eq!(snapshot.pending().unwrap(), waiting);
    assert_eq!(
        snapshot
            .pending_transaction(&waiting[1].id())
            .unwrap()
            .as_ref(),
        Some(&waiting[1])
    );
    let root = snapshot.tip().unwrap();
    let block = mine(
        &genesis,
        &root,
        vec![waiting[2].clone(), waiting[0].clone()],
        b"",
    );
    connect(&mut store, &block).unwrap();
    let left = store.reader().snapshot().unwrap().pending().unwrap();
    assert_eq!(left, [waiting[1].clone(), waiting[3].clone()]);
    store
        .write(Durability::Volatile, |tables| {
            tables.remove_pending(&waiting[3].id())?;
            tables.remove_pending(&waiting[3].id())?;
            tables.put_pending(&waiting[3])?;
            tables.remove_pending(&waiting[1].id())?;
            tables.put_pending(&waiting[1])
        })
        .unwrap();
    let snapshot = store.reader().snapshot().unwrap();
    assert_eq!(
        snapshot.pending().unwrap(),
        [waiting[3].clone(), waiting[1].clone()]
    );
    assert_eq!(
        snapshot.pending_transaction(&waiting[0].id()).unwrap(),
        None
    );
    let untouched = store.write(Durability::Volatile, |tables| {
        tables.remove_pending(&waiting[3].id())?;
        Err::<(), _>(StoreError::AtGenesis)
    });
    assert!(untouched.is_err());
    assert_eq!(
        store.reader().snapshot().unwrap().pending_count().unwrap(),
        2
    );
}
