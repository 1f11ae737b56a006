#![allow(clippy::unwrap_used)]

use bolao_chain::{CoreConfig, PeerId};
use bolao_ledger::Genesis;
use bolao_store::Store;

use super::*;

struct Panics;

impl Outbound for Panics {
    fn carry_out(&mut self, output: Output) {
        panic!("a bug: {output:?}");
    }
}

fn core() -> Core {
    let store = Store::in_memory(&Genesis::article()).unwrap();
    Core::new(store, CoreConfig::default(), now(Instant::now())).unwrap()
}

#[tokio::test]
async fn a_panic_of_the_core_ends_the_node() {
    let cancel = CancellationToken::new();
    let (engine, thread) = Engine::start(core(), Panics, cancel.clone()).unwrap();
    let input = Input::PeerConnected {
        peer: PeerId::from("somebody, who is asked for a status"),
    };
    engine.input(input).await.unwrap();
    cancel.cancelled().await;
    let error = thread.join().unwrap_err().to_string();
    assert!(error.contains("panicked"), "{error}");
    assert_eq!(engine.sync_now().await, Err(EngineError::Stopped));
}

#[tokio::test]
async fn the_core_ends_when_the_node_does() {
    let cancel = CancellationToken::new();
    let (engine, thread) = Engine::start(core(), Panics, cancel.clone()).unwrap();
    let ticking = tokio::spawn(engine.clone().tick(cancel.clone()));
    cancel.cancel();
    ticking.await.unwrap();
    thread.join().unwrap();
}
