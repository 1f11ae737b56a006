#![allow(clippy::unwrap_used)]

use bolao_chain::{Core, CoreConfig, Output};
use bolao_ledger::{Genesis, TargetRule};
use bolao_store::Store;
use tokio_util::sync::CancellationToken;

use super::{pace::RENEW, *};
use crate::engine::{EngineThread, Outbound, now};

struct Nowhere;

impl Outbound for Nowhere {
    fn carry_out(&mut self, _: Output) {}
}

/// Mining in a pool where nobody ever finds a block.
struct Hopeless {
    mining: Mining,
    task: Task,
    core: EngineThread,
    cancel: CancellationToken,
}

fn hopeless(mode: MiningMode) -> Hopeless {
    let genesis = Genesis {
        target: TargetRule::Fixed { zero_bits: 128 },
        ..Genesis::article()
    };
    let store = Store::in_memory(&genesis).unwrap();
    let reader = store.reader();
    let now = now();
    let core = Core::new(store, CoreConfig::default(), now).unwrap();
    let cancel = CancellationToken::new();
    let (engine, core) = Engine::start(core, Nowhere, cancel.clone()).unwrap();
    let config = MiningConfig {
        mode,
        miner: Options::with_threads(std::num::NonZeroUsize::new(1)),
        idle_pace: Duration::ZERO,
        account: AccountId([1; 32]),
        salt: [1; 8],
    };
    let (mining, task) = Mining::prepare(engine, reader, config).unwrap();
    Hopeless {
        mining,
        task,
        core,
        cancel,
    }
}

async fn within_seconds<T>(what: impl Future<Output = T>) -> T {
    timeout(Duration::from_secs(20), what).await.unwrap()
}

#[tokio::test]
async fn the_search_ends_with_the_last_call_that_is_waited_for() {
    let Hopeless {
        mining, mut task, ..
    } = hopeless(MiningMode::Manual);
    let (mut one, mut other) = (Box::pin(mining.mine()), Box::pin(mining.mine()));
    assert!(futures::poll!(&mut one).is_pending());
    assert!(futures::poll!(&mut other).is_pending());
    for _ in 0..2 {
        assert!(within_seconds(task.wait(None)).await);
        task.refresh().await.unwrap();
    }
    assert!(mining.status().active);
    drop(one);
    assert!(within_seconds(task.wait(None)).await);
    task.refresh().await.unwrap();
    assert!(mining.status().active);
    drop(other);
    assert!(within_seconds(task.wait(None)).await);
    task.refresh().await.unwrap();
    assert!(!mining.status().active);
}

#[tokio::test]
async fn a_block_goes_to_the_first_call_that_is_waited_for() {
    let Hopeless { mut task, .. } = hopeless(MiningMode::Manual);
    let (gone, _) = oneshot::channel();
    let (first, heard) = oneshot::channel();
    let (second, mut waits) = oneshot::channel();
    task.waiting.extend([gone, first, second]);
    let hash = BlockHash([7; 32]);
    task.answer(Ok(hash));
    assert_eq!(within_seconds(heard).await.unwrap().unwrap(), hash);
    assert!(waits.try_recv().is_err());
    assert_eq!(task.waiting.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_search_for_which_nothing_changes_goes_on_with_fresh_times() {
    let Hopeless {
        mining: _mining,
        mut task,
        ..
    } = hopeless(MiningMode::Always);
    let end = task.refresh().await.unwrap().unwrap();
    assert_eq!(end, Instant::now() + RENEW);
    tokio::time::advance(RENEW / 2).await;
    assert_eq!(task.refresh().await.unwrap(), Some(end));
    // It wakes by itself.
    assert!(task.wait(Some(end)).await);
    let now = Instant::now();
    assert!(now >= end);
    assert_eq!(task.refresh().await.unwrap(), Some(now + RENEW));
    assert!(task.searched.solved(2).is_some());
}

#[tokio::test(start_paused = true)]
async fn after_a_refusal_the_node_rests_but_for_those_who_ask() {
    let Hopeless {
        mining, mut task, ..
    } = hopeless(MiningMode::Always);
    for (number, seconds) in [(1, 1), (2, 2), (3, 4)] {
        task.refresh().await.unwrap();
        let header = task.searched.now().unwrap().header.to_bytes();
        let unsolved = Solution {
            work_id: number,
            header,
            extra_nonce: [0; 16],
            hash: [0; 32],
        };
        task.submit(unsolved).await;
        let end = Instant::now() + Duration::from_secs(seconds);
        assert_eq!(task.refresh().await.unwrap(), Some(end));
        assert!(!mining.status().active);
        tokio::time::advance(Duration::from_secs(seconds)).await;
    }
    task.backoff.refused(Instant::now().into_std());
    let (demand, _heard) = oneshot::channel();
    task.waiting.push_back(demand);
    task.refresh().await.unwrap();
    assert!(mining.status().active);
}

#[tokio::test]
async fn mining_ends_when_the_core_has_stopped() {
    let Hopeless {
        mining,
        task,
        core,
        cancel,
    } = hopeless(MiningMode::Always);
    cancel.cancel();
    core.join().unwrap();
    within_seconds(task.run()).await;
    assert!(matches!(mining.mine().await, Err(NodeError::Stopped)));
}
