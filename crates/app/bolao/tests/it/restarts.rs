//! A node that is killed and started again, a dozen times, hears and is heard; its peers never stall.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use crate::support::{Classic, Http, TIMEOUT, eventually};

const ROUNDS: usize = 12;
/// How soon a restarted node must hear and be heard.
const HEARD: Duration = Duration::from_secs(5);
/// The longest that the survivors' chain may stand still while one of them mines.
const STALL: Duration = Duration::from_secs(3);

/// Whether a node knows of a bet of this player, waiting or in a block.
async fn knows(node: &Http, player: &str) -> Option<()> {
    let chain = node.try_get("/blockchain").await?;
    chain
        .text
        .contains(&format!("\"player\":\"{player}\""))
        .then_some(())
}

/// Has one survivor mine again and again, and watches the chain of the other; the longest that it stood still.
async fn watch(miner: Http, other: Http, stop: Arc<AtomicBool>) -> Duration {
    let height = async || -> Option<u64> {
        let answer = other.try_get("/api/v1/status").await?;
        let status: serde_json::Value = serde_json::from_str(&answer.text).ok()?;
        status["tip"]["height"].as_u64()
    };
    let mut last = (height().await, Instant::now());
    let mut longest = Duration::ZERO;
    while !stop.load(Ordering::SeqCst) {
        let answer = miner.get("/mine").await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let now = height().await;
        longest = longest.max(last.1.elapsed());
        if now > last.0 {
            last = (now, Instant::now());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    longest
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dozen_times() {
    let (one, two, mut victim) = (
        Classic::start().await,
        Classic::start().await,
        Classic::start().await,
    );
    one.register(&two).await;
    one.register(&victim).await;
    one.bet("before", "NlEn", 1, 1).await;
    for node in [&two, &victim] {
        eventually("the first bet everywhere", TIMEOUT, async || {
            knows(node.http(), "before").await
        })
        .await;
    }

    let stop = Arc::new(AtomicBool::new(false));
    let watching = tokio::spawn(watch(one.http().clone(), two.http().clone(), stop.clone()));
    for round in 0..ROUNDS {
        victim.daemon.kill();
        // From no outage at all to one that the others' timeouts notice.
        tokio::time::sleep(Duration::from_millis(150 * round as u64)).await;
        victim.daemon.spawn();
        victim.daemon.wait().await;
        let name = format!("hear{round}");
        let placed = Instant::now();
        two.bet(&name, "NlEn", 2, 1).await;
        eventually(
            &format!("round {round}: the restarted node hears"),
            HEARD,
            async || knows(victim.http(), &name).await,
        )
        .await;
        let heard = placed.elapsed();
        let name = format!("say{round}");
        let placed = Instant::now();
        victim.bet(&name, "PtCh", 0, 1).await;
        eventually(
            &format!("round {round}: the restarted node is heard"),
            HEARD,
            async || knows(two.http(), &name).await,
        )
        .await;
        println!(
            "round {round}: hears after {heard:?}, is heard after {:?}",
            placed.elapsed()
        );
    }
    stop.store(true, Ordering::SeqCst);
    let longest = watching.await.unwrap();
    println!("the survivors' chain stood still for {longest:?} at most");
    assert!(longest < STALL, "the survivors stalled for {longest:?}");

    one.mine().await;
    eventually("one chain everywhere", TIMEOUT, async || {
        let tip = one.daemon.tip().await;
        (two.daemon.tip().await == tip && victim.daemon.tip().await == tip).then_some(())
    })
    .await;
}
