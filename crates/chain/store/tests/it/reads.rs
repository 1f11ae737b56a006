//! What readers see, and when; lists by page.

use std::collections::BTreeMap;

use bolao_ledger::{Height, MatchNo, StateView as _, TxId, table};
use bolao_store::{Durability, Store, StoreError};

use crate::game::{apply, checked, dump, genesis, mine, play, usual_plays, valid};

#[test]
fn readers_keep_what_they_saw_and_never_wait() {
    let genesis = genesis();
    let mut store = Store::in_memory(&genesis).unwrap();
    let reader = store.reader();
    play(&mut store, &usual_plays(1), b"");
    let old = reader.snapshot().unwrap();
    let seen = dump(&old);
    let block = mine(
        &genesis,
        &seen.tip,
        valid(&genesis, &old, &usual_plays(2)),
        b"",
    );
    store
        .write(Durability::Volatile, |tables| {
            let tip = tables.header(&seen.tip.hash)?.unwrap();
            tables.put_header(&checked(&tip, &block))?;
            let applied = apply(&genesis, tables, &block);
            tables.connect(&applied)?;
            assert_eq!(tables.tip()?.height, Height(2));
            let reader = reader.clone();
            let during = std::thread::spawn(move || dump(&reader.snapshot().unwrap()));
            assert_eq!(during.join().unwrap(), seen);
            Ok::<_, StoreError>(())
        })
        .unwrap();
    for height in 3..9 {
        play(&mut store, &usual_plays(height), b"");
    }
    assert_eq!(dump(&old), seen);
    assert_eq!(dump(&reader.snapshot().unwrap()).tip.height, Height(8));
}

#[test]
fn transactions_are_found_in_their_blocks() {
    let mut store = Store::in_memory(&genesis()).unwrap();
    for height in 1..=4 {
        play(&mut store, &usual_plays(height), b"");
    }
    let snapshot = store.reader().snapshot().unwrap();
    let mut all = BTreeMap::new();
    for height in (1..=4).map(Height) {
        let block = snapshot.block_at(height).unwrap().unwrap();
        all.extend(block.transactions.into_iter().map(|it| (it.id(), it)));
    }
    assert!(all.len() > 4);
    let unknown = TxId([7; 32]);
    let asked = all
        .keys()
        .copied()
        .chain([unknown])
        .chain(all.keys().copied());
    assert_eq!(snapshot.confirmed_transactions(asked).unwrap(), all);
    for (id, transaction) in all {
        let found = snapshot.confirmed_transaction(&id).unwrap();
        assert_eq!(found, Some(transaction));
    }
    assert_eq!(snapshot.confirmed_transaction(&unknown).unwrap(), None);
}

#[test]
fn lists_go_on_where_the_last_page_ended() {
    let mut store = Store::in_memory(&genesis()).unwrap();
    for height in 1..=6 {
        play(&mut store, &usual_plays(height), b"");
    }
    let snapshot = store.reader().snapshot().unwrap();
    let state = snapshot.memory_state().unwrap();
    let all_accounts = state.table::<table::Accounts>().unwrap();
    let all_matches = state.table::<table::Matches>().unwrap();
    let all_bets = state.table::<table::Bets>().unwrap();

    let mut accounts = Vec::new();
    while let page = snapshot
        .accounts(accounts.last().map(|(id, _)| *id), 4)
        .unwrap()
        && !page.is_empty()
    {
        accounts.extend(page);
    }
    assert_eq!(
        accounts,
        all_accounts.clone().into_iter().collect::<Vec<_>>()
    );
    assert_eq!(
        snapshot.matches().unwrap(),
        all_matches.values().cloned().collect::<Vec<_>>()
    );
    assert_eq!(snapshot.totals().unwrap().matches, all_matches.len() as u64);

    let mut by_match = Vec::new();
    for no in all_matches.keys() {
        let mut last = None;
        while let page = snapshot.bets_of_match(*no, last, 2).unwrap()
            && !page.is_empty()
        {
            last = page.last().map(|(id, _)| *id);
            by_match.extend(page.into_iter().map(|(id, bet)| ((*no, id), bet)));
        }
    }
    assert_eq!(by_match, all_bets.clone().into_iter().collect::<Vec<_>>());

    let mut by_account = Vec::new();
    for id in all_accounts.keys() {
        let mut last = None;
        while let page = snapshot.bets_of_account(id, last, 2).unwrap()
            && !page.is_empty()
        {
            last = page.last().map(|(no, _)| *no);
            by_account.extend(page.into_iter().map(|(no, bet)| ((no, *id), bet)));
        }
    }
    by_account.sort_by_key(|(key, _)| *key);
    assert_eq!(by_account, by_match);
    assert_eq!(snapshot.bets_of_match(MatchNo(999), None, 9).unwrap(), []);
}
