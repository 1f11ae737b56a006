#![allow(clippy::unwrap_used)]

use bolao_chain::{Core, CoreConfig};
use bolao_ledger::{Genesis, TargetRule};
use bolao_miner::{Miner, Options};
use bolao_store::Store;
use bolao_work::Rest;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::{
    clock::now,
    engine::{Engine, EngineThread},
};

/// Mining in a pool where nobody ever finds a block.
struct Endless {
    mining: Mining,
    task: Task,
    core: EngineThread,
    cancel: CancellationToken,
}

fn endless(mode: MiningMode) -> Endless {
    let genesis = Genesis {
        target: TargetRule::Fixed { zero_bits: 128 },
        ..Genesis::article()
    };
    let store = Store::in_memory(&genesis).unwrap();
    let reader = store.reader();
    let now = now();
    let core = Core::new(store, CoreConfig::default(), now).unwrap();
    let cancel = CancellationToken::new();
    let (engine, core, _) = Engine::start(core, |_| {}, None, cancel.clone()).unwrap();
    let (jobs, noticing) = Jobs::new(engine, reader, Duration::ZERO).unwrap();
    tokio::spawn(noticing);
    let options = Options::with_threads(std::num::NonZeroUsize::new(1));
    let threads = Threads::start(Some(&Miner::starter(options))).unwrap();
    let (mining, task) = Mining::new(
        Arc::new(jobs),
        threads,
        AccountId([1; 32]),
        mode,
        Duration::ZERO,
    );
    Endless {
        mining,
        task,
        core,
        cancel,
    }
}

async fn within_seconds<T>(what: impl Future<Output = T>) -> T {
    timeout(Duration::from_secs(20), what).await.unwrap()
}

/// Goes on until something is searched, or nothing.
async fn until(task: &mut Task, is_searching: bool) {
    while matches!(task.decide(), Doing::Search(_)) != is_searching {
        task.step().await.unwrap();
    }
}

#[tokio::test]
async fn the_search_ends_with_the_last_call_that_is_waited_for() {
    let Endless {
        mining, mut task, ..
    } = endless(MiningMode::Manual);
    let (mut one, mut other) = (Box::pin(mining.mine()), Box::pin(mining.mine()));
    assert!(futures::poll!(&mut one).is_pending());
    assert!(futures::poll!(&mut other).is_pending());
    until(&mut task, true).await;
    while task.waiting.len() < 2 {
        within_seconds(task.step()).await.unwrap();
    }
    drop(one);
    until(&mut task, true).await;
    assert!(mining.status().active);
    drop(other);
    until(&mut task, false).await;
    assert!(!mining.status().active);
    // The next call finds a job at once.
    let mut next = Box::pin(mining.mine());
    assert!(futures::poll!(&mut next).is_pending());
    until(&mut task, true).await;
}

#[tokio::test]
async fn a_block_goes_to_the_first_call_that_is_waited_for() {
    let Endless { mut task, .. } = endless(MiningMode::Manual);
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
    let Endless {
        mining: _mining,
        mut task,
        ..
    } = endless(MiningMode::Always);
    until(&mut task, true).await;
    let first = task.decide();
    let (began, known) = (Instant::now(), task.known.clone());
    task.step().await.unwrap();
    assert_eq!(began.elapsed().as_secs(), 30);
    assert_ne!(task.known, known);
    let second = task.decide();
    assert!(matches!(second, Doing::Search(_)) && second != first);
}

#[tokio::test(start_paused = true)]
async fn after_a_refusal_the_node_rests_but_for_those_who_ask() {
    let Endless {
        mining, mut task, ..
    } = endless(MiningMode::Always);
    for (number, seconds) in [(1, 1), (2, 2), (3, 4)] {
        until(&mut task, true).await;
        let header = task.search.job(number).unwrap().job.header;
        let unsolved = Solution {
            work_id: number,
            header,
            extra_nonce: [0; 16],
            hash: [0; 32],
        };
        task.submit(unsolved).await;
        let end = task.started.elapsed() + Duration::from_secs(seconds);
        assert_eq!(task.decide(), Doing::Rest(Rest::Refused(end)));
        assert!(!mining.status().active);
    }
    let (demand, _heard) = oneshot::channel();
    task.waiting.push_back(demand);
    until(&mut task, true).await;
    assert!(mining.status().active);
}

#[tokio::test]
async fn mining_ends_when_the_core_has_stopped() {
    let Endless {
        mining,
        task,
        core,
        cancel,
    } = endless(MiningMode::Always);
    cancel.cancel();
    core.join().unwrap();
    within_seconds(task.run()).await;
    assert!(matches!(mining.mine().await, Err(NodeError::Stopped)));
}

/// Transactions wait, or it always mines: what a node that knows others does before it has heard them.
#[tokio::test]
async fn before_the_others_are_heard_only_calls_are_mined_for() {
    let Endless {
        mining, mut task, ..
    } = endless(MiningMode::Always);
    let (met, meets) = oneshot::channel::<()>();
    task = task.after(async { drop(meets.await) });
    assert_eq!(task.decide(), Doing::Rest(Rest::Unasked));
    let mut call = Box::pin(mining.mine());
    assert!(futures::poll!(&mut call).is_pending());
    within_seconds(until(&mut task, true)).await;
    drop(call);
    within_seconds(until(&mut task, false)).await;
    drop(met);
    within_seconds(until(&mut task, true)).await;
}
