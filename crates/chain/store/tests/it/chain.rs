//! Connecting, disconnecting, branches, leaves, rebuilding.

use bolao_headers::{ChainHeader, CheckedHeader};
use bolao_ledger::{
    Block, BlockHash, BlockId, Height, Ledger, MemoryState, Reason, StateView as _, table,
};
use bolao_store::{Certificate, Durability, FinalBlock, MAX_LEAVES, Store, StoreError};
use proptest::prelude::*;

use crate::game::{
    Dump, MATCHES, PLAYERS, Play, account, apply, as_tip, checked, connect, disconnect, dump,
    genesis, mine, play, usual_plays,
};

fn a_play() -> impl Strategy<Value = Play> {
    let guess = (1..=MATCHES, 0..9_u64, 0..60_u64);
    prop_oneof![
        2 => (0..PLAYERS).prop_map(Play::Join),
        5 => ((0..PLAYERS), prop::collection::vec(guess, 1..5)).prop_map(|(p, g)| Play::Bet(p, g)),
        1 => ((1..=MATCHES), 1..60_u64).prop_map(|(no, ahead)| Play::Schedule(no, ahead)),
    ]
}

fn games() -> impl Strategy<Value = Vec<Vec<Play>>> {
    let first: Vec<_> = (0..PLAYERS).map(Play::Join).collect();
    prop::collection::vec(prop::collection::vec(a_play(), 0..10), 1..8).prop_map(move |mut game| {
        game.insert(0, first.clone());
        game
    })
}

fn now(store: &Store) -> Dump {
    dump(&store.reader().snapshot().unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// Taking blocks off restores what was there before each, down to genesis; putting them back leads to the same
    /// state; another branch and back again too; and so does rebuilding.
    #[test]
    fn disconnecting_is_the_inverse_of_connecting(game in games(), fork in 0..8_usize) {
        let mut store = Store::in_memory(&genesis()).unwrap();
        let mut dumps = vec![now(&store)];
        let mut blocks = Vec::new();
        for plays in &game {
            blocks.push(play(&mut store, plays, b""));
            dumps.push(now(&store));
        }
        for (block, before) in blocks.iter().zip(&dumps).rev() {
            prop_assert_eq!(&disconnect(&mut store).unwrap(), block.get());
            prop_assert_eq!(&now(&store), before);
            for id in block.ids() {
                prop_assert_eq!(store.reader().snapshot().unwrap().transaction(id).unwrap(), None);
            }
        }
        prop_assert!(matches!(disconnect(&mut store), Err(StoreError::AtGenesis)));
        let fork = fork.min(blocks.len());
        for block in &blocks[..fork] {
            connect(&mut store, block).unwrap();
        }
        for plays in game.iter().rev().take(3) {
            play(&mut store, plays, b"another branch");
        }
        for _ in 0..game.len().min(3) {
            disconnect(&mut store).unwrap();
        }
        for block in &blocks[fork..] {
            connect(&mut store, block).unwrap();
        }
        prop_assert_eq!(Some(&now(&store)), dumps.last());
        let leaves = store.reader().snapshot().unwrap().leaves().unwrap();
        let mut heights = Vec::new();
        let top = store.reindex(|height| heights.push(height.0)).unwrap();
        prop_assert_eq!(top.0, game.len() as u64);
        prop_assert_eq!(heights, (1..=top.0).collect::<Vec<_>>());
        prop_assert_eq!(Some(&now(&store)), dumps.last());
        prop_assert_eq!(store.reader().snapshot().unwrap().leaves().unwrap(), leaves);
        for before in dumps.iter().rev().skip(1) {
            disconnect(&mut store).unwrap();
            prop_assert_eq!(&now(&store), before);
        }
    }
}

#[test]
fn the_usual_game_touches_every_table() {
    let mut store = Store::in_memory(&genesis()).unwrap();
    for height in 1..=8 {
        play(&mut store, &usual_plays(height), b"");
    }
    let dump = now(&store);
    let accounts = dump.state.table::<table::Accounts>().unwrap();
    let bets = dump.state.table::<table::Bets>().unwrap();
    let matches = dump.state.table::<table::Matches>().unwrap();
    assert_eq!(accounts.len(), usize::from(PLAYERS));
    assert!(bets.len() > 20, "{} bets", bets.len());
    assert!(matches.len() > usize::from(MATCHES / 2));
    let voids = dump
        .transactions
        .values()
        .map(|tx| tx.void_bets.len())
        .sum::<usize>();
    assert!(voids > 0);
}

#[test]
fn bodies_of_side_branches_are_kept_and_connect_later() {
    let genesis = genesis();
    let mut store = Store::in_memory(&genesis).unwrap();
    let root = CheckedHeader::genesis(&genesis);
    let main = play(&mut store, &usual_plays(1), b"main");
    let side = mine(&genesis, &as_tip(&root), vec![], b"side");
    let side_record = checked(&root, &side);
    let top = mine(&genesis, &as_tip(&side_record), vec![], b"top");
    let top_record = checked(&side_record, &top);
    store
        .write(Durability::Volatile, |tables| {
            tables.put_header(&side_record)?;
            tables.put_header(&top_record)?;
            tables.put_body(&top)
        })
        .unwrap();
    let snapshot = store.reader().snapshot().unwrap();
    assert_eq!(snapshot.tip().unwrap().hash, main.hash());
    assert_eq!(
        snapshot.block(&top.hash()).unwrap().as_ref(),
        Some(top.get())
    );
    assert_eq!(snapshot.block(&side.hash()).unwrap(), None);
    assert!(snapshot.header(&top.hash()).unwrap().unwrap().has_body);
    assert!(!snapshot.header(&side.hash()).unwrap().unwrap().has_body);
    assert!(snapshot.header(&root.hash).unwrap().unwrap().has_body);
    assert_eq!(
        snapshot.block_bytes(&top.hash()).unwrap(),
        Some(bolao_ledger::encode(top.get()))
    );
    let mut leaves: Vec<_> = snapshot
        .leaves()
        .unwrap()
        .into_iter()
        .map(|leaf| leaf.0)
        .collect();
    let mut wanted = vec![main.hash(), top.hash()];
    leaves.sort();
    wanted.sort();
    assert_eq!(leaves, wanted);

    store
        .write(Durability::Durable, |tables| {
            tables.disconnect()?;
            for block in [&side, &top] {
                let applied = apply(&genesis, tables, block);
                tables.connect(&applied)?;
            }
            Ok::<_, StoreError>(())
        })
        .unwrap();
    let snapshot = store.reader().snapshot().unwrap();
    assert_eq!(snapshot.tip().unwrap(), as_tip(&top_record));
    assert_eq!(
        snapshot.block(&main.hash()).unwrap().as_ref(),
        Some(main.get())
    );
    assert_eq!(snapshot.account(&account(1)).unwrap(), None);
}

#[test]
fn blocks_that_do_not_fit_are_refused_and_writing_goes_on() {
    let genesis = genesis();
    let mut store = Store::in_memory(&genesis).unwrap();
    let root = CheckedHeader::genesis(&genesis);
    play(&mut store, &[], b"");
    let before = now(&store);
    let late = mine(&genesis, &as_tip(&root), vec![], b"late");
    let mut state = MemoryState::default();
    let ledger = Ledger::new(&genesis);
    state.commit(&ledger.genesis_delta(&state).unwrap());
    let applied = ledger.apply_block(&state, Height(1), &late).unwrap();
    let unknown = store.write(Durability::Durable, |tables| tables.connect(&applied));
    assert!(matches!(unknown, Err(StoreError::UnknownHeader { hash }) if hash == late.hash()));
    let body = store.write(Durability::Durable, |tables| tables.put_body(&late));
    assert!(matches!(body, Err(StoreError::UnknownHeader { .. })));
    let header = checked(&root, &late);
    let above = mine(&genesis, &as_tip(&header), vec![], b"");
    let orphan = store.write(Durability::Durable, |tables| {
        tables.put_header(&checked(&header, &above))
    });
    assert!(matches!(orphan, Err(StoreError::UnknownHeader { hash }) if hash == late.hash()));
    let off_tip = store.write(Durability::Durable, |tables| {
        tables.put_header(&header)?;
        tables.connect(&applied)
    });
    assert!(matches!(off_tip, Err(StoreError::NotOnTip { .. })));
    assert_eq!(now(&store), before);
    play(&mut store, &usual_plays(2), b"");
}

#[test]
fn an_invalid_block_gives_its_place_among_the_leaves_to_its_parent() {
    let genesis = genesis();
    let mut store = Store::in_memory(&genesis).unwrap();
    let root = CheckedHeader::genesis(&genesis);
    let first = mine(&genesis, &as_tip(&root), vec![], b"");
    let first_record = checked(&root, &first);
    let second = mine(&genesis, &as_tip(&first_record), vec![], b"");
    let second_record = checked(&first_record, &second);
    let leaves = |store: &Store| {
        let leaves = store.reader().snapshot().unwrap().leaves().unwrap();
        leaves.into_iter().map(|leaf| leaf.0).collect::<Vec<_>>()
    };
    store
        .write(Durability::Durable, |tables| {
            tables.put_header(&first_record)?;
            tables.put_header(&second_record)
        })
        .unwrap();
    assert_eq!(leaves(&store), [second.hash()]);
    store
        .write(Durability::Durable, |tables| {
            tables.mark_invalid(second.hash(), Reason::BadNonce)
        })
        .unwrap();
    assert_eq!(leaves(&store), [first.hash()]);
    let record = store
        .reader()
        .snapshot()
        .unwrap()
        .header(&second.hash())
        .unwrap()
        .unwrap();
    assert_eq!(record.invalid, Some(Reason::BadNonce));
    store
        .write(Durability::Durable, |tables| {
            tables.mark_invalid(first.hash(), Reason::InvalidAncestor)?;
            tables.put_header(&first_record)
        })
        .unwrap();
    assert_eq!(leaves(&store), [root.hash]);
}

#[test]
fn the_leaves_are_bounded_and_the_tip_stays_one() {
    let genesis = genesis();
    let mut store = Store::in_memory(&genesis).unwrap();
    let root = CheckedHeader::genesis(&genesis);
    let tip = play(&mut store, &[], b"tip");
    let heavy = mine(&genesis, &as_tip(&root), vec![], b"below the heaviest");
    let heavy = checked(&root, &heavy);
    let heaviest = mine(&genesis, &as_tip(&heavy), vec![], b"heaviest");
    let heaviest = checked(&heavy, &heaviest);
    store
        .write(Durability::Volatile, |tables| {
            tables.put_header(&heavy)?;
            tables.put_header(&heaviest)?;
            for number in 0..2 * MAX_LEAVES {
                let block = mine(&genesis, &as_tip(&root), vec![], &number.to_le_bytes());
                tables.put_header(&checked(&root, &block))?;
            }
            Ok::<_, StoreError>(())
        })
        .unwrap();
    let leaves = store.reader().snapshot().unwrap().leaves().unwrap();
    assert_eq!(leaves.len() as u64, MAX_LEAVES);
    for wanted in [tip.hash(), heaviest.hash] {
        assert!(leaves.iter().any(|(hash, _)| *hash == wanted));
    }
}

#[test]
fn a_write_that_fails_or_panics_leaves_nothing_behind() {
    let genesis = genesis();
    let mut store = Store::in_memory(&genesis).unwrap();
    play(&mut store, &usual_plays(1), b"");
    let before = now(&store);
    let undone = store.write(Durability::Durable, |tables| {
        tables.disconnect()?;
        Err::<(), _>(StoreError::AtGenesis)
    });
    assert!(matches!(undone, Err(StoreError::AtGenesis)));
    assert_eq!(now(&store), before);
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let _ = store.write::<(), StoreError>(Durability::Durable, |tables| {
            tables.disconnect()?;
            panic!("in the middle")
        });
    }));
    assert!(panicked.is_err());
    assert_eq!(now(&store), before);
    let after = store.write(Durability::Durable, |tables| tables.disconnect());
    assert!(matches!(after, Err(StoreError::Poisoned)));
}

#[test]
fn old_bodies_of_side_branches_are_forgotten_and_those_of_the_main_chain_are_not() {
    let genesis = genesis();
    let mut store = Store::in_memory(&genesis).unwrap();
    let mut parent = CheckedHeader::genesis(&genesis);
    let mut side = Vec::new();
    for height in 1..=4_u8 {
        let block = mine(&genesis, &as_tip(&parent), vec![], &[height]);
        parent = checked(&parent, &block);
        store
            .write::<_, StoreError>(Durability::Volatile, |tables| {
                tables.put_header(&parent)?;
                tables.put_body(&block)
            })
            .unwrap();
        side.push(block);
    }
    let main: Vec<_> = (1..=4).map(|_| play(&mut store, &[], b"main")).collect();
    let lost = main[3].hash();
    disconnect(&mut store).unwrap();
    let prune = |store: &mut Store, below, limit| {
        store
            .write(Durability::Volatile, |tables| {
                tables.prune_side_bodies(Height(below), limit)
            })
            .unwrap()
    };
    assert_eq!(prune(&mut store, 4, 2), 2);
    assert_eq!(prune(&mut store, 4, 9), 1);
    assert_eq!(prune(&mut store, 4, 9), 0);
    let has = |store: &Store, hash| {
        let record = store.reader().snapshot().unwrap().header(&hash).unwrap();
        record.unwrap().has_body
    };
    let kept: Vec<_> = side.iter().map(|it| has(&store, it.hash())).collect();
    assert_eq!(kept, [false, false, false, true]);
    assert!(main.iter().all(|block| has(&store, block.hash())));
    // What was taken off the chain and put on it again stays; what was only taken off goes.
    connect(&mut store, &main[3]).unwrap();
    assert_eq!(prune(&mut store, 9, 9), 1);
    assert!(has(&store, lost));
    disconnect(&mut store).unwrap();
    assert_eq!(prune(&mut store, 9, 9), 1);
    assert!(!has(&store, lost));
    store
        .write(Durability::Volatile, |tables| tables.put_body(&main[3]))
        .unwrap();
    assert!(has(&store, lost));
}

#[test]
fn a_final_block_is_kept_for_good() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("chain.redb");
    let block = |height: u64, byte: u8| FinalBlock {
        block: BlockId {
            height: Height(height),
            hash: BlockHash([byte; 32]),
        },
        certificate: Certificate::new(vec![byte; 3]).unwrap(),
    };
    let put = |store: &mut Store, block: &FinalBlock| {
        store.write::<_, StoreError>(Durability::Durable, |tables| tables.put_final(block))
    };
    {
        let mut store = Store::create(&path, &genesis()).unwrap();
        let snapshot = store.reader().snapshot().unwrap();
        assert_eq!(snapshot.last_final().unwrap(), None);
        for (height, byte) in [(5, 1), (2, 2), (9, 3)] {
            put(&mut store, &block(height, byte)).unwrap();
        }
        let refused = put(&mut store, &block(5, 4)).unwrap_err();
        assert!(matches!(refused, StoreError::TwoFinals { .. }));
        // The first certificate stays.
        let mut again = block(5, 1);
        again.certificate = Certificate::default();
        put(&mut store, &again).unwrap();
    }
    let mut store = Store::open(&path).unwrap();
    store.reindex(|_| {}).unwrap();
    let snapshot = store.reader().snapshot().unwrap();
    assert_eq!(snapshot.last_final().unwrap(), Some(block(9, 3)));
    assert_eq!(snapshot.final_at(Height(5)).unwrap(), Some(block(5, 1)));
    assert_eq!(snapshot.final_at(Height(6)).unwrap(), None);
    assert_eq!(snapshot.final_above(Height(5)).unwrap(), Some(block(9, 3)));
    let long = vec![0; Certificate::MAX_BYTES + 1];
    assert!(Certificate::new(long).is_err());
}

/// Rule B1, and what it adds up to.
#[test]
fn a_rebuild_checks_the_work_of_every_header() {
    let genesis = genesis();
    let parent = CheckedHeader::genesis(&genesis);
    let good = mine(&genesis, &as_tip(&parent), vec![], b"");
    let header = good.get().header;
    let cheap = (0..=u32::MAX)
        .map(|nonce| header.with_nonce(nonce))
        .find(|header| !header.meets_own_target())
        .unwrap();
    let work = header.work();
    for (header, claimed, wanted) in [
        (cheap, work, Some("breaks a rule: high-hash")),
        (header, work + work, Some("its work is another")),
        (header, work, None),
    ] {
        let block = Block {
            header,
            ..good.get().clone()
        };
        let kept = CheckedHeader::from_store(ChainHeader {
            header,
            block: BlockId {
                height: Height(1),
                hash: block.hash(),
            },
            work: parent.work + claimed,
        });
        let block = block.check(&genesis, genesis.pool_id()).unwrap();
        let mut store = Store::in_memory(&genesis).unwrap();
        store
            .write::<_, StoreError>(Durability::Volatile, |tables| {
                tables.put_header(&kept)?;
                let applied = apply(&genesis, tables, &block);
                tables.connect(&applied)
            })
            .unwrap();
        let refused = store.reindex(|_| {}).err().map(|error| error.to_string());
        assert_eq!(refused.is_some(), wanted.is_some(), "{refused:?}");
        assert!(
            refused
                .unwrap_or_default()
                .contains(wanted.unwrap_or_default())
        );
    }
}
