//! Much of what each peer may do a little of.

use std::collections::VecDeque;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures::AsyncWriteExt as _;
use futures::future::join_all;
use tokio::runtime::Builder;
use tokio::task::{spawn_blocking, yield_now};
use tokio::time::timeout;

use super::raw::{self, Raw, framed, gossip, group, prefixed, rumours, sync, topic};
use super::scene::{Scene, Served, noise};

/// How many attack at once, and for how long.
const ATTACKERS: u8 = 12;
const LASTS: Duration = Duration::from_secs(3);

/// From one silent connection of an attacker to the next.
const SILENCE: Duration = Duration::from_millis(30);

/// An attack that comes to less is none.
const LEAST: u64 = 100;

/// How often all attackers did what they do.
type Count = Arc<AtomicU64>;

fn next(count: &Count) -> u64 {
    count.fetch_add(1, Ordering::Relaxed)
}

/// Attackers on a thread of their own prove themselves and then attack, until they fail or time is up.
async fn flood<F>(what: &str, attack: impl Fn(Raw, Count) -> F + Send + 'static) -> Served
where
    F: Future<Output = io::Result<()>>,
{
    let (scene, count) = (Scene::new().await, Count::default());
    let (to, counted) = (scene.address, Arc::clone(&count));
    let attackers = spawn_blocking(move || {
        let alone = Builder::new_current_thread().enable_all().build().unwrap();
        alone.block_on(async {
            let mut raws = Vec::new();
            for number in 10..10 + ATTACKERS {
                let raw = Raw::dial(number, to).await.unwrap();
                assert_eq!(raw.ask(b"echo").await.unwrap(), b"echo");
                raws.push(raw);
            }
            let attacks = raws
                .into_iter()
                .map(|raw| timeout(LASTS, attack(raw, Arc::clone(&counted))));
            join_all(attacks).await
        })
    });
    let ends = attackers.await.unwrap();
    let ended = ends.iter().filter(|end| end.is_ok()).count();
    let count = count.load(Ordering::Relaxed);
    assert!(count >= LEAST, "{what} {count} times");
    scene
        .end(&format!(
            "{what} {count} times, {ended} attackers ended before"
        ))
        .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn streams_that_say_nothing_of_use_slow() {
    let served = flood("streams with noise", async |raw, count| {
        loop {
            let mut stream = raw.stream().await?;
            let _ = stream.write_all(&noise(next(&count), 100)).await;
        }
    });
    served.await.assert_served();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_slow() {
    let served = flood("requests", async |raw, count| {
        loop {
            let asks = (0..32).map(|_| {
                next(&count);
                raw.ask(b"echo")
            });
            join_all(asks).await;
        }
    });
    served.await.assert_served();
}

/// Asks for much and reads nothing, until the node closes the connection.
async fn ask_and_leave(raw: &Raw, count: &Count) -> io::Result<()> {
    let mut unread = VecDeque::new();
    loop {
        let (to, ask) = (sync(), prefixed(b"big"));
        match timeout(Duration::from_millis(50), raw.blurt(&to, &ask)).await {
            Ok(stream) => unread.push_back(stream?),
            Err(_) => drop(unread.pop_front()),
        }
        next(count);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn long_answers_that_nobody_reads_slow() {
    let served = flood("long answers left unread", async |mut raw, count| {
        loop {
            let _ = ask_and_leave(&raw, &count).await;
            raw = raw.again().await?;
        }
    });
    served.await.assert_served();
}

async fn tell(raw: &Raw, count: &Count, topic: &str, many: u64, len: usize) -> io::Result<()> {
    let mut stream = raw.speak(&gossip()).await?;
    loop {
        let told = (0..many).map(|_| [b"odd ".to_vec(), noise(next(count), len)].concat());
        let frame = rumours(topic, told);
        stream.write_all(&frame).await?;
        yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn short_gossip_slow() {
    let served = flood("short gossip", async |raw, count| {
        tell(&raw, &count, &topic("transactions"), 100, 100).await
    });
    served.await.assert_served();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn long_gossip_slow() {
    let served = flood("long gossip", async |raw, count| {
        tell(&raw, &count, &topic("blocks"), 1, 1_000_000).await
    });
    served.await.assert_served();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn gossip_on_topics_of_others_slow() {
    let served = flood("gossip of others", async |raw, count| {
        tell(&raw, &count, "weather", 1, 1_000_000).await
    });
    served.await.assert_served();
}

/// Attackers that connect under ever new names, over and over, and hold what is given.
async fn crowd<F>(what: &str, come: impl Fn(u8, SocketAddr) -> F) -> Served
where
    F: Future<Output = Option<Raw>>,
{
    let scene = Scene::new().await;
    let count = Count::default();
    let dialling = (0..ATTACKERS).map(|_| async {
        let mut open = VecDeque::new();
        loop {
            let number = 10 + (next(&count) % 200) as u8;
            open.extend(come(number, scene.address).await);
            if open.len() > 100 {
                open.pop_front();
            }
        }
    });
    let _: Result<Vec<()>, _> = timeout(LASTS, join_all(dialling)).await;
    let count = count.load(Ordering::Relaxed);
    assert!(count >= LEAST, "{count} connections");
    scene.end(&format!("{count} {what}")).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_slow() {
    let served = crowd("connections", async |number, to| {
        let raw = Raw::dial(number, to).await.ok()?;
        let _ = raw.ask(b"echo").await;
        None
    });
    served.await.assert_served();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_say_no_hello_slow() {
    let served = crowd("silent connections", async |number, to| {
        // Connections that have just ended are held for a moment, at this end of them, too.
        tokio::time::sleep(SILENCE).await;
        Raw::connect(number, to).await.ok()
    });
    served.await.assert_served();
}

/// Offers of messages that there are not, wishes for such, and changes of mind.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn offers_of_gossip_slow() {
    let served = flood("offers and wishes", async |raw, count| {
        let topic = topic("blocks");
        let mut stream = raw.speak(&gossip()).await?;
        loop {
            let ids: Vec<u8> = (0..200)
                .flat_map(|_| group(2, &noise(next(&count), 32)))
                .collect();
            let wishes: Vec<u8> = (0..100)
                .flat_map(|_| group(1, &noise(next(&count), 32)))
                .collect();
            let named = group(1, topic.as_bytes());
            let control = [
                group(1, &[named.clone(), ids].concat()),
                group(2, &wishes),
                group(3, &named),
                group(4, &named),
                group(5, &wishes),
            ];
            stream
                .write_all(&framed(&group(3, &control.concat())))
                .await?;
            yield_now().await;
        }
    });
    served.await.assert_served();
}

/// Who one is, told over and over.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn introductions_slow() {
    let served = flood("introductions", async |raw, count| {
        loop {
            let mut stream = raw.speak("/ipfs/id/push/1.0.0").await?;
            let protocols: Vec<u8> = (0..100)
                .flat_map(|_| group(3, &noise(next(&count), 30)))
                .collect();
            let family = group(5, raw::family().as_bytes());
            let said = [family, group(3, sync().as_bytes()), protocols].concat();
            stream.write_all(&framed(&said)).await?;
            stream.close().await?;
        }
    });
    served.await.assert_served();
}
