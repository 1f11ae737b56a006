//! Transactions that wait.

use bolao_ledger::{Nonce, StateView as _, Transaction, UnixSeconds};
use bolao_store::{Arrival, BlockArrivals, Durability, Store, StoreError};

use crate::game::{account, bet, connect, genesis, join, mine, sign};

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

fn put(store: &mut Store, transactions: &[&Transaction]) {
    store
        .write::<_, StoreError>(Durability::Volatile, |tables| {
            transactions
                .iter()
                .try_for_each(|transaction| tables.put_pending(transaction))
        })
        .unwrap();
}

#[test]
fn the_next_nonce_counts_what_follows_on_and_stops_at_a_gap() {
    let genesis = genesis();
    let mut store = Store::in_memory(&genesis).unwrap();
    let next = |store: &Store, player| {
        let snapshot = store.reader().snapshot().unwrap();
        let next = snapshot.next_nonce(&account(player)).unwrap().0;
        let ready = snapshot.ready_of(&account(player)).unwrap();
        let nonces: Vec<u64> = ready.iter().map(|it| it.body.nonce.0).collect();
        let known = snapshot.account(&account(player)).unwrap();
        let first = known.map_or(0, |known| known.next_nonce.0);
        assert_eq!(nonces, (first..next).collect::<Vec<_>>());
        next
    };
    let tx = |nonce| match nonce {
        0 => sign(&genesis, 1, Nonce(0), join(1)),
        _ => sign(&genesis, 1, Nonce(nonce), bet([(1, nonce, 0)])),
    };
    assert_eq!(next(&store, 1), 0);
    put(&mut store, &[&tx(1), &tx(3)]);
    assert_eq!(next(&store, 1), 0);
    put(&mut store, &[&tx(0)]);
    assert_eq!(next(&store, 1), 2);
    put(&mut store, &[&tx(2)]);
    assert_eq!(next(&store, 1), 4);
    assert_eq!((next(&store, 0), next(&store, 2)), (0, 0));
    let root = store.reader().snapshot().unwrap().tip().unwrap();
    let block = mine(&genesis, &root, vec![tx(0), tx(1)], b"");
    connect(&mut store, &block).unwrap();
    assert_eq!(next(&store, 1), 4);
    store
        .write(Durability::Volatile, |tables| {
            tables.remove_pending(&tx(2).id())
        })
        .unwrap();
    assert_eq!(next(&store, 1), 2);
}

#[test]
fn a_block_passes_what_waited_behind_a_gap_and_leaves_what_stood() {
    let genesis = genesis();
    let mut store = Store::in_memory(&genesis).unwrap();
    let tx = |nonce, goals| sign(&genesis, 1, Nonce(nonce), bet([(1, goals, 0)]));
    let root = store.reader().snapshot().unwrap().tip().unwrap();
    let joined = mine(
        &genesis,
        &root,
        vec![sign(&genesis, 1, Nonce(0), join(1))],
        b"",
    );
    connect(&mut store, &joined).unwrap();
    let (stood, in_block, behind) = (tx(1, 1), tx(2, 1), tx(3, 1));
    let (gap, later) = (tx(5, 1), tx(7, 1));
    put(&mut store, &[&stood, &in_block, &behind, &gap, &later]);
    let tip = store.reader().snapshot().unwrap().tip().unwrap();
    let others = [tx(1, 2), in_block, tx(3, 2), tx(4, 2), tx(5, 2)];
    connect(&mut store, &mine(&genesis, &tip, others.into(), b"")).unwrap();
    let left = store.reader().snapshot().unwrap().pending().unwrap();
    assert_eq!(left, [stood, behind, later]);
}

#[test]
fn a_page_goes_on_where_the_last_one_ended_whatever_left_meanwhile() {
    let genesis = genesis();
    let mut store = Store::in_memory(&genesis).unwrap();
    let joins: Vec<_> = (0..6)
        .map(|player| sign(&genesis, player, Nonce::ZERO, join(player)))
        .collect();
    put(&mut store, &[&joins[0], &joins[1], &joins[2]]);
    let page = |store: &Store, after, limit| {
        let snapshot = store.reader().snapshot().unwrap();
        snapshot.pending_after(after, limit).unwrap()
    };
    let first = page(&store, None, 2);
    assert_eq!([&first[0].1, &first[1].1], [&joins[0], &joins[1]]);
    let place = first[1].0;
    // The last one leaves, and the next to come must not take its number.
    store
        .write(Durability::Volatile, |tables| {
            tables.remove_pending(&joins[1].id())?;
            tables.remove_pending(&joins[2].id())
        })
        .unwrap();
    let end = page(&store, None, 9).last().unwrap().0;
    assert!(end < place);
    put(&mut store, &[&joins[3]]);
    let second = page(&store, Some(place), 9);
    assert_eq!(second.len(), 1);
    assert_eq!(second[0].1, joins[3]);
    assert!(second[0].0 > place + 1);
    assert!(page(&store, Some(u64::MAX), 9).is_empty());
    let ids = store.reader().snapshot().unwrap().pending_ids(1).unwrap();
    assert_eq!(ids.len(), 1);
}

#[test]
fn one_nonce_of_an_account_is_held_once() {
    let genesis = genesis();
    let mut store = Store::in_memory(&genesis).unwrap();
    let one = sign(&genesis, 1, Nonce(1), bet([(1, 1, 0)]));
    let other = sign(&genesis, 1, Nonce(1), bet([(1, 2, 0)]));
    put(&mut store, &[&one, &other]);
    let snapshot = store.reader().snapshot().unwrap();
    assert_eq!(snapshot.pending().unwrap(), [other]);
    assert_eq!(snapshot.pending_transaction(&one.id()).unwrap(), None);
}

/// What a stranger sends leaves nothing once it is gone.
#[test]
fn the_arrival_of_what_waits_goes_with_it() {
    let genesis = genesis();
    let mut store = Store::in_memory(&genesis).unwrap();
    let arrival = |at| Arrival {
        at: UnixSeconds(at),
        in_step: true,
        clock_agrees: false,
    };
    let transactions: Vec<_> = (1..=3)
        .map(|player| sign(&genesis, player, Nonce::ZERO, join(player)))
        .collect();
    let [one, two, three] = &transactions[..] else {
        unreachable!("there are three");
    };
    store.now_is(arrival(100));
    put(&mut store, &[one, two]);
    store.now_is(arrival(200));
    put(&mut store, &[two, three]);
    let known = |store: &Store, transaction: &Transaction| {
        let snapshot = store.reader().snapshot().unwrap();
        snapshot.pending_arrival(&transaction.id()).unwrap()
    };
    assert_eq!(known(&store, two), Some(arrival(100)));
    assert_eq!(known(&store, three), Some(arrival(200)));
    let root = store.reader().snapshot().unwrap().tip().unwrap();
    store.now_is(arrival(300));
    let block = mine(&genesis, &root, vec![two.clone(), one.clone()], b"");
    connect(&mut store, &block).unwrap();
    store
        .write(Durability::Volatile, |tables| {
            tables.remove_pending(&three.id())
        })
        .unwrap();
    for transaction in &transactions {
        assert_eq!(known(&store, transaction), None);
    }
    let arrivals = |store: &Store| {
        let snapshot = store.reader().snapshot().unwrap();
        snapshot
            .block_arrivals(root.height.next(), &block.hash())
            .unwrap()
            .unwrap()
    };
    let wanted = BlockArrivals {
        block: arrival(300),
        transactions: vec![arrival(100); 2],
    };
    assert_eq!(arrivals(&store), wanted);
    // Off the chain and on it again: nothing arrives twice.
    store.now_is(arrival(400));
    store
        .write(Durability::Volatile, |tables| {
            let block = tables.disconnect()?;
            tables.put_back(&block)
        })
        .unwrap();
    assert_eq!(known(&store, one), Some(arrival(100)));
    connect(&mut store, &block).unwrap();
    assert_eq!(arrivals(&store), wanted);
    assert_eq!(known(&store, one), None);
}
