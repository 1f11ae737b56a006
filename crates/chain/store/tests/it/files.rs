//! Files that are missing, in use, foreign, cut short or damaged.

use std::{
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
};

use bolao_ledger::{Genesis, Height, MatchNo, Text, table};
use bolao_store::{CACHE_BYTES, OpenError, SCHEMA_VERSION, Store, StoreError};
use redb::{Database, ReadableTable as _, TableDefinition};

use crate::game::{dump, genesis, play, usual_plays};

fn a_store(directory: &Path) -> PathBuf {
    let path = directory.join("chain.redb");
    let mut store = Store::create(&path, &genesis()).unwrap();
    for height in 1..=5 {
        play(&mut store, &usual_plays(height), b"");
    }
    path
}

#[test]
fn a_store_is_found_again_and_its_pool_is_checked() {
    let directory = tempfile::tempdir().unwrap();
    let missing = directory.path().join("missing.redb");
    assert!(matches!(
        Store::open(&missing),
        Err(OpenError::NotFound { .. })
    ));
    assert!(!missing.exists());
    let path = a_store(directory.path());
    assert!(matches!(
        Store::create(&path, &genesis()),
        Err(OpenError::Exists { .. })
    ));
    let store = Store::open_or_create(&path, &genesis(), CACHE_BYTES).unwrap();
    assert_eq!(*store.genesis().as_ref(), genesis());
    assert_eq!(
        dump(&store.reader().snapshot().unwrap()).tip.height,
        Height(5)
    );
    assert!(matches!(Store::open(&path), Err(OpenError::InUse { .. })));
    drop(store);
    let other = Genesis {
        name: Text::new("another").unwrap(),
        ..genesis()
    };
    assert!(matches!(
        Store::open_or_create(&path, &other, CACHE_BYTES),
        Err(OpenError::OtherPool { got, wanted })
            if got == genesis().pool_id() && wanted == other.pool_id()
    ));
}

#[test]
fn files_that_are_no_store_are_refused_and_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("foreign");
    for content in [&b"{\"not\": \"a store\"}"[..], &vec![0; 100_000], b"redb"] {
        fs::write(&path, content).unwrap();
        assert!(matches!(
            Store::open(&path),
            Err(OpenError::NotAStore { .. })
        ));
        let made = Store::open_or_create(&path, &genesis(), CACHE_BYTES);
        assert!(matches!(made, Err(OpenError::NotAStore { .. })));
        assert_eq!(fs::read(&path).unwrap(), content);
    }
    fs::write(&path, b"").unwrap();
    assert!(matches!(
        Store::open(&path),
        Err(OpenError::NotAStore { .. })
    ));
    assert_eq!(fs::read(&path).unwrap(), b"");
    // What a crash leaves before genesis is written.
    let store = Store::open_or_create(&path, &genesis(), CACHE_BYTES).unwrap();
    assert_eq!(
        store.reader().snapshot().unwrap().tip().unwrap().height,
        Height::ZERO
    );

    let path = directory.path().join("other.redb");
    let other = Database::create(&path).unwrap();
    let write = other.begin_write().unwrap();
    write
        .open_table(TableDefinition::<u64, u64>::new("theirs"))
        .unwrap();
    write.commit().unwrap();
    drop(other);
    let opened = Store::open(&path).unwrap_err();
    assert!(matches!(opened, OpenError::NotAStore { .. }), "{opened}");
}

fn overwrite(path: &Path, change: impl FnOnce(&redb::WriteTransaction)) {
    let database = Database::open(path).unwrap();
    let write = database.begin_write().unwrap();
    change(&write);
    write.commit().unwrap();
}

#[test]
fn another_format_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let path = a_store(directory.path());
    overwrite(&path, |write| {
        let mut meta = write
            .open_table(TableDefinition::<&str, &[u8]>::new("meta"))
            .unwrap();
        let newer = (SCHEMA_VERSION + 1).to_le_bytes();
        meta.insert("schema", newer.as_slice()).unwrap();
    });
    for opened in [Store::open(&path), Store::open_for_repair(&path)] {
        let opened = opened.unwrap_err();
        let is_newer = |got: u32| got == SCHEMA_VERSION + 1;
        assert!(
            matches!(opened, OpenError::Schema { got } if is_newer(got)),
            "{opened}"
        );
        assert!(opened.to_string().contains("newer"), "{opened}");
    }
}

/// No format before this one has today's transactions.
#[test]
fn an_older_format_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let path = a_store(directory.path());
    let set = |format: u8| {
        overwrite(&path, |write| {
            let meta = TableDefinition::<&str, &[u8]>::new("meta");
            let mut meta = write.open_table(meta).unwrap();
            meta.insert("schema", [format, 0, 0, 0].as_slice()).unwrap();
        });
    };
    set(10);
    overwrite(&path, |write| {
        let meta = TableDefinition::<&str, &[u8]>::new("meta");
        let mut meta = write.open_table(meta).unwrap();
        meta.insert("genesis", [2, 0, 7].as_slice()).unwrap();
    });
    let opened = Store::open_for_repair(&path).unwrap_err();
    assert!(matches!(opened, OpenError::Schema { got: 10 }), "{opened}");
    set(6);
    let opened = Store::open_for_repair(&path).unwrap_err();
    assert!(
        opened.to_string().contains("or make a new pool"),
        "{opened}"
    );
}

/// A disk that fails is often made read-only by the system.
#[cfg(unix)]
#[test]
fn a_file_that_can_only_be_read_is_not_said_to_be_rebuilt() {
    use std::os::unix::fs::PermissionsExt as _;
    let directory = tempfile::tempdir().unwrap();
    let path = a_store(directory.path());
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o400)).unwrap();
    if std::fs::File::options().write(true).open(&path).is_ok() {
        // Root may write anyway.
        return;
    }
    Store::open(&path).unwrap();
    let refused = Store::open_for_repair(&path).unwrap_err();
    assert!(matches!(refused, OpenError::ReadOnly { .. }), "{refused}");
}

#[test]
fn damaged_entries_are_named_and_rebuilt() {
    let directory = tempfile::tempdir().unwrap();
    let path = a_store(directory.path());
    let before = dump(&Store::open(&path).unwrap().reader().snapshot().unwrap());
    let hash = before.tip.hash.0;
    overwrite(&path, |write| {
        let state = TableDefinition::<&[u8], &[u8]>::new("state");
        let mut state = write.open_table(state).unwrap();
        let third = table::key_bytes::<table::Matches>(&MatchNo(3));
        state
            .insert(third.as_slice(), [1, 2, 3].as_slice())
            .unwrap();
        let undo = TableDefinition::<u64, &[u8]>::new("undo");
        write.open_table(undo).unwrap().remove(5).unwrap();
    });
    let opened = Store::open(&path).unwrap_err();
    assert!(
        matches!(&opened, OpenError::Store(StoreError::Corrupt { table: "undo", key, .. }) if key == "5"),
        "{opened}"
    );
    let mut store = Store::open_for_repair(&path).unwrap();
    let matches = store.reader().snapshot().unwrap().matches().unwrap_err();
    assert!(
        matches!(&matches, StoreError::Corrupt { table: "Matches", key, .. } if key == "Matches MatchNo(3)"),
        "{matches}"
    );
    store.reindex(|_| {}).unwrap();
    drop(store);
    let mut store = Store::open(&path).unwrap();
    assert_eq!(dump(&store.reader().snapshot().unwrap()), before);
    crate::game::disconnect(&mut store).unwrap();
    drop(store);

    overwrite(&path, |write| {
        let headers = TableDefinition::<&[u8; 32], &[u8]>::new("headers");
        write
            .open_table(headers)
            .unwrap()
            .insert(&hash, [7].as_slice())
            .unwrap();
        let main = TableDefinition::<u64, &[u8; 32]>::new("main");
        write.open_table(main).unwrap().remove(4).unwrap();
    });
    let opened = Store::open(&path).unwrap_err();
    assert!(
        matches!(&opened, OpenError::Store(StoreError::Corrupt { table: "meta", key, .. }) if key == "tip"),
        "{opened}"
    );
    let store = Store::open_for_repair(&path).unwrap();
    let header = store.reader().snapshot().unwrap().header(&before.tip.hash);
    assert!(matches!(
        header,
        Err(StoreError::Corrupt {
            table: "headers",
            ..
        })
    ));
}

#[test]
fn a_damaged_body_stops_a_rebuild_and_changes_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let path = a_store(directory.path());
    let bodies = TableDefinition::<u64, &[u8]>::new("bodies");
    overwrite(&path, |write| {
        let mut bodies = write.open_table(bodies).unwrap();
        let body = bodies.get(2).unwrap().unwrap().value().to_vec();
        // The last byte belongs to a signature.
        let mut damaged = body.clone();
        *damaged.last_mut().unwrap() ^= 1;
        bodies.insert(2, damaged.as_slice()).unwrap();
    });
    let mut store = Store::open(&path).unwrap();
    let before = store.reader().snapshot().unwrap().memory_state().unwrap();
    let error = store.reindex(|_| {}).unwrap_err();
    assert!(
        matches!(
            error,
            bolao_store::ReindexError::Block {
                height: Height(3),
                ..
            }
        ),
        "{error}"
    );
    assert_eq!(
        store.reader().snapshot().unwrap().memory_state().unwrap(),
        before
    );
}

/// Opens a damaged file and reads all of it. Whatever comes of it, no panic may.
fn survives(path: &Path) -> bool {
    let tried = catch_unwind(AssertUnwindSafe(|| {
        let Ok(store) = Store::open(path) else { return };
        let snapshot = store.reader().snapshot().unwrap();
        let _ = snapshot.memory_state();
        let _ = snapshot.leaves();
        for height in 0..9 {
            let _ = snapshot.block_at(Height(height));
        }
    }));
    tried.is_ok()
}

#[test]
fn files_cut_short_are_errors() {
    let directory = tempfile::tempdir().unwrap();
    let path = a_store(directory.path());
    let whole = fs::read(&path).unwrap();
    let cut = directory.path().join("cut.redb");
    for eighth in 0..8 {
        let length = whole.len() * eighth / 8;
        fs::write(&cut, &whole[..length]).unwrap();
        let opened = Store::open(&cut);
        assert!(opened.is_err(), "opened {length} of {} bytes", whole.len());
    }
}

#[test]
fn flipped_bytes_never_panic() {
    let directory = tempfile::tempdir().unwrap();
    let path = a_store(directory.path());
    let whole = fs::read(&path).unwrap();
    let damaged = directory.path().join("damaged.redb");
    let panicked: Vec<_> = (0..whole.len())
        .step_by(whole.len() / 250 + 1)
        .filter(|place| {
            let mut bytes = whole.clone();
            bytes[*place] ^= 0x55;
            fs::write(&damaged, bytes).unwrap();
            !survives(&damaged)
        })
        .collect();
    assert!(
        panicked.is_empty(),
        "flips at {panicked:?} of {} bytes",
        whole.len()
    );
}
