#![allow(clippy::unwrap_used)]

use std::sync::mpsc as std_mpsc;

use bolao_chain::{CoreConfig, PeerId};
use bolao_ledger::{Genesis, Header, Name, Nonce, Reason, TargetRule};
use bolao_store::{CACHE_BYTES, Durability, Store, StoreError};
use bolao_wallet::{Draft, Key};
use bolao_work::{meets_target, sha256d};

use super::*;

fn panics(output: Output) {
    panic!("a bug: {output:?}");
}

fn core() -> Core {
    let store = Store::in_memory(&Genesis::article()).unwrap();
    Core::new(store, CoreConfig::default(), now()).unwrap()
}

#[tokio::test]
async fn a_panic_of_the_core_ends_the_node() {
    let cancel = CancellationToken::new();
    let (engine, thread, _) = Engine::start(core(), panics, None, cancel.clone()).unwrap();
    let input = Input::PeerConnected {
        peer: PeerId::from("somebody, who is asked for a status"),
    };
    engine.input(input).await.unwrap();
    cancel.cancelled().await;
    let error = thread.join().unwrap_err().to_string();
    assert!(error.contains("panicked"), "{error}");
    assert_eq!(engine.sync_now(Vec::new()).await, Err(NodeError::Stopped));
}

#[tokio::test]
async fn the_core_ends_when_the_node_does() {
    let cancel = CancellationToken::new();
    let (engine, thread, _) = Engine::start(core(), panics, None, cancel.clone()).unwrap();
    cancel.cancel();
    thread.join().unwrap();
    assert_eq!(engine.sync_now(Vec::new()).await, Err(NodeError::Stopped));
}

/// Services end when they find the core gone, and are not missed then.
#[tokio::test]
async fn who_finds_the_core_gone_finds_the_node_told_to_end() {
    for _ in 0..20 {
        let cancel = CancellationToken::new();
        let (engine, _, _) = Engine::start(core(), panics, None, cancel.clone()).unwrap();
        let peer = PeerId::from("somebody, who is asked for a status");
        engine.input(Input::PeerConnected { peer }).await.unwrap();
        while engine.input(Input::Tick).await.is_ok() {}
        assert!(cancel.is_cancelled());
    }
}

/// Stops the core at the first output for others, until the sender is dropped.
/// A core that handles nothing until the sender is dropped.
async fn busy(cancel: CancellationToken) -> (Engine, std_mpsc::Sender<()>) {
    let (go_on, stays) = std_mpsc::channel();
    let (engine, _, _) = Engine::start(
        core(),
        move |_| {
            let _ = stays.recv();
        },
        None,
        cancel,
    )
    .unwrap();
    let peer = PeerId::from("somebody, who is asked for a status");
    engine.input(Input::PeerConnected { peer }).await.unwrap();
    while engine.queue.capacity() < QUEUE {
        tokio::task::yield_now().await;
    }
    (engine, go_on)
}

/// One whose queue is full as well.
async fn stuck(cancel: CancellationToken) -> (Engine, std_mpsc::Sender<()>) {
    let (engine, go_on) = busy(cancel).await;
    while engine.queue.capacity() > 0 {
        engine.input(Input::Tick).await.unwrap();
    }
    (engine, go_on)
}

/// A block that the core answers to: that its work is missing.
fn block() -> Block {
    let template = core().template(now(), AccountId([0; 32]), &[]).unwrap();
    template.block(template.header(), [0; 16])
}

#[tokio::test]
async fn a_found_block_waits_for_a_place() {
    let (engine, go_on) = stuck(CancellationToken::new()).await;
    assert_eq!(engine.received(block()).await, Err(NodeError::Busy));
    let mut mined = Box::pin(engine.mined(block(), tokio::time::Instant::now() + FOUND_WAITS));
    assert!(futures::poll!(&mut mined).is_pending());
    drop(go_on);
    assert!(matches!(
        mined.await,
        Err(NodeError::Rejected(Rejection {
            reason: Reason::HighHash,
            ..
        }))
    ));
}

/// A node that joins by itself is one that starts, with all the blocks of its peers in the queue.
#[tokio::test]
async fn what_waits_for_the_chain_waits_for_a_place_too() {
    let (engine, go_on) = stuck(CancellationToken::new()).await;
    assert_eq!(engine.sync_now(Vec::new()).await, Err(NodeError::Busy));
    let mut synced = Box::pin(engine.synced(Vec::new));
    assert!(futures::poll!(&mut synced).is_pending());
    drop(go_on);
    assert_eq!(synced.await, Ok(0));
}

#[tokio::test(start_paused = true)]
async fn a_found_block_does_not_wait_for_ever() {
    let (engine, _go_on) = stuck(CancellationToken::new()).await;
    let begun = tokio::time::Instant::now();
    let mined = engine.mined(block(), begun + FOUND_WAITS).await;
    assert_eq!(mined, Err(NodeError::Busy));
    assert_eq!(begun.elapsed().as_secs(), FOUND_WAITS.as_secs());
}

#[tokio::test]
async fn the_core_wakes_by_itself() {
    let store = Store::in_memory(&Genesis::article()).unwrap();
    let config = CoreConfig {
        request_timeout_ms: 20,
        status_interval_ms: 20,
        ..CoreConfig::default()
    };
    let core = Core::new(store, config, now()).unwrap();
    let (sender, outputs) = std_mpsc::channel();
    let cancel = CancellationToken::new();
    let sends = move |output| {
        let _ = sender.send(output);
    };
    let (engine, thread, _) = Engine::start(core, sends, None, cancel.clone()).unwrap();
    let peer = PeerId::from("somebody who never answers");
    engine.input(Input::PeerConnected { peer }).await.unwrap();
    for _ in 0..3 {
        let output = outputs.recv_timeout(Duration::from_secs(20)).unwrap();
        assert!(matches!(output, Output::SendRequest { .. }), "{output:?}");
    }
    cancel.cancel();
    thread.join().unwrap();
}

fn join(name: &str) -> Transaction {
    let key = Key::generate().unwrap();
    let join = Draft::new(key.account(), Nonce(0)).join(Name::new(name).unwrap());
    key.sign(Genesis::article().pool_id(), join)
}

#[tokio::test]
async fn what_waits_between_transactions_keeps_its_place() {
    let (engine, go_on) = busy(CancellationToken::new()).await;
    let (one, two, again) = (join("Anna"), join("Bruno"), join("Anna"));
    let (one, two, again, template, after, ()) = tokio::join!(
        engine.submit(one),
        engine.submit(two),
        engine.submit(again),
        engine.template(AccountId([1; 32])),
        engine.submit(join("Clara")),
        async { drop(go_on) },
    );
    assert!(one.is_ok() && two.is_ok() && after.is_ok());
    assert!(matches!(
        again,
        Err(NodeError::Rejected(Rejection {
            reason: Reason::NameTaken,
            ..
        }))
    ));
    assert_eq!(template.unwrap().transactions.len(), 2);
}

/// A store whose last block was taken off just before a crash: the name that it held is nobody's now.
fn crashed(home: &std::path::Path) -> Store {
    let genesis = Genesis {
        target: TargetRule::Fixed { zero_bits: 1 },
        ..Genesis::article()
    };
    let open = || Store::open_or_create(&home.join("chain"), &genesis, CACHE_BYTES).unwrap();
    let mut core = Core::new(open(), CoreConfig::default(), now()).unwrap();
    let key = Key::generate().unwrap();
    let body = Draft::new(key.account(), Nonce(0)).join(Name::new("Anna").unwrap());
    let transaction = key.sign(genesis.pool_id(), body);
    let submission = Submission {
        token: 0,
        transaction,
    };
    core.handle(now(), Input::Submit(vec![submission])).unwrap();
    let template = core.template(now(), AccountId([0; 32]), &[]).unwrap();
    let mut header = template.job.header_with(&[0; 16], template.job.min_time, 0);
    for nonce in 0_u32.. {
        header = template
            .job
            .header_with(&[0; 16], template.job.min_time, nonce);
        if meets_target(&sha256d(&header), &template.job.target) {
            break;
        }
    }
    let block = Box::new(template.block(Header::from_bytes(&header), [0; 16]));
    core.handle(now(), Input::Mined { token: 1, block })
        .unwrap();
    drop(core);
    let mut store = open();
    store
        .write::<_, StoreError>(Durability::Durable, |tables| {
            let block = tables.disconnect()?;
            // Else the core connects it again when it starts.
            tables.mark_invalid(block.hash(), Reason::KnownInvalid)
        })
        .unwrap();
    store
}

#[tokio::test]
async fn what_a_crash_left_unjudged_is_not_missed() {
    let home = tempfile::tempdir().unwrap();
    let core = Core::new(crashed(home.path()), CoreConfig::default(), now()).unwrap();
    let reader = core.reader();
    let cancel = CancellationToken::new();
    let (_engine, _, everything) = Engine::start(core, |_| {}, None, cancel.clone()).unwrap();
    // The core judges in its first tick, before anybody can subscribe.
    for _ in 0..1_000 {
        if reader.snapshot().unwrap().notice_count().unwrap() > 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    for mut events in everything {
        let next = tokio::time::timeout(Duration::from_secs(20), events.recv());
        let event = next.await.unwrap().unwrap();
        assert!(matches!(event, Event::Noticed { .. }), "{event:?}");
    }
    cancel.cancel();
}

#[tokio::test]
async fn a_stuck_core_is_not_alive() {
    let cancel = CancellationToken::new();
    let (engine, go_on) = busy(cancel.clone()).await;
    let mut alive = Box::pin(engine.alive());
    assert!(futures::poll!(&mut alive).is_pending());
    drop(go_on);
    assert_eq!(alive.await, Ok(()));
    cancel.cancel();
    while engine.alive().await.is_ok() {}
}
