//! Keeps the miner supplied with jobs: asks the node, again and again, for the template after the one that it has.

use std::time::Duration;

use anyhow::anyhow;
use backon::{BackoffBuilder as _, ExponentialBuilder};
use bolao_work::Job;
use reqwest::StatusCode;
use serde::Deserialize;
use tokio::{
    sync::mpsc,
    time::{Instant, sleep, sleep_until},
};

use super::work::{fetch, is_final, refusal};
use crate::source::{Client, as_view};

/// From one try to the next, at first and at most.
const DELAYS: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(10));
/// The pause between questions to a node that has no place left for miners that wait, or answers without waiting.
const CROWDED: Duration = Duration::from_secs(1);
/// The least time from one question to the next, whatever the node answers.
const LEAST: Duration = Duration::from_millis(50);
/// The time for which a node may be too busy before its job counts as old.
const BUSY: Duration = Duration::from_secs(30);

/// The news from the node.
#[derive(Debug)]
pub(crate) enum News {
    /// The node answers, for the first time or again.
    Connected { version: String, pool: String },
    /// Another job than before.
    Job(Job),
    /// The node does not answer any more; this is sent once.
    Lost(String),
    /// An error that no waiting can mend.
    Fatal(anyhow::Error),
}

/// Sends news until nobody listens.
pub(crate) async fn follow(client: Client, account: String, news: mpsc::Sender<News>) {
    let mut delay = delays();
    let (mut connected, mut is_known_lost) = (false, false);
    let mut known: Option<String> = None;
    // Whether the node is asked to answer only when there is other work.
    let mut waits = true;
    let mut busy_since: Option<Instant> = None;
    let mut asked_again = Instant::now();
    loop {
        sleep_until(asked_again).await;
        let begun = Instant::now();
        asked_again = begun + LEAST;
        let asked = async {
            if !connected {
                let Greeting {
                    version,
                    pool_name: pool,
                } = greet(&client).await?;
                connected = true;
                is_known_lost = false;
                // Nobody listens any more where this fails, which the next one shows.
                let _ = news.send(News::Connected { version, pool }).await;
            }
            fetch(&client, &account, known.as_deref().filter(|_| waits)).await
        };
        let error = match asked.await {
            Ok(job) => {
                delay = delays();
                busy_since = None;
                if known.as_ref() == Some(&job.id) {
                    sleep_until(begun + CROWDED).await;
                } else {
                    known = Some(job.id.clone());
                    if news.send(News::Job(job)).await.is_err() {
                        return;
                    }
                }
                // A place may have become free; who gets none finds that out in no time.
                waits = true;
                continue;
            }
            Err(error) => error,
        };
        match refusal(&error).map(|refusal| refusal.status) {
            // What is searched stays. First no place to wait in: ask without waiting.
            Some(StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS)
                if known.is_some() && busy_since.get_or_insert(begun).elapsed() < BUSY =>
            {
                if !std::mem::take(&mut waits) {
                    sleep(delay.next().unwrap_or(DELAYS.1)).await;
                }
            }
            Some(status) if is_final(status) => {
                let error = explained(&client, error, status, connected).await;
                let _ = news.send(News::Fatal(error)).await;
                return;
            }
            _ => {
                connected = false;
                known = None;
                waits = true;
                busy_since = None;
                if !is_known_lost && news.send(News::Lost(error.to_string())).await.is_err() {
                    return;
                }
                is_known_lost = true;
                sleep(delay.next().unwrap_or(DELAYS.1)).await;
            }
        }
    }
}

/// The pauses before the node is asked again, ever longer.
fn delays() -> impl Iterator<Item = Duration> {
    ExponentialBuilder::default()
        .with_min_delay(DELAYS.0)
        .with_max_delay(DELAYS.1)
        .without_max_times()
        .with_jitter()
        .build()
}

/// All that is read of a status, whose form may be another version's.
#[derive(Deserialize)]
struct Greeting {
    version: String,
    pool_name: String,
}

async fn greet(client: &Client) -> anyhow::Result<Greeting> {
    let node: Greeting = as_view(client.get("/api/v1/status").await?)?;
    Ok(Greeting {
        version: shown(&node.version),
        pool_name: shown(&node.pool_name),
    })
}

/// Somebody else's words, cut and without what moves the cursor.
fn shown(text: &str) -> String {
    let short: String = text.chars().take(60).collect();
    crate::exit::printable(&short)
}

async fn explained(
    client: &Client,
    error: anyhow::Error,
    status: StatusCode,
    connected: bool,
) -> anyhow::Error {
    let base = client.base();
    if !connected {
        return error.context(format!(
            "{base} gives no work and may not be a node (a seed server, another program?): give the URL that `bolao \
            run` prints"
        ));
    }
    if status != StatusCode::NOT_FOUND {
        return error.context(format!("the node at {base} gives no work"));
    }
    let version = greet(client).await.map(|node| node.version);
    let version = version.unwrap_or_else(|_| "unknown".into());
    anyhow!(
        "the node at {base} is of version {version} and gives no work to miners: run version {} there",
        env!("CARGO_PKG_VERSION")
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use bolao_api::body::TemplateBody;
    use bolao_ledger::AccountId;
    use serde_json::{Value, json};
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::{TcpListener, TcpStream},
        time::timeout,
    };

    use super::*;

    fn template(id: &str) -> Value {
        let job = Job {
            id: id.into(),
            ..Job::new([0; 80], [0xff; 32])
        };
        json!(TemplateBody::new(AccountId([1; 32]), job))
    }

    async fn answer(stream: &mut TcpStream, status: &str, body: &Value) {
        let body = body.to_string();
        let answer = format!(
            "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(answer.as_bytes()).await.unwrap();
    }

    /// A node that has no place for miners that wait. Its `templates` are given one after the other, the last for ever; for
    /// an empty one it is too busy.
    async fn crowded(listener: TcpListener, templates: Vec<&str>) {
        let mut templates = templates.into_iter().peekable();
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = vec![0; 8_192];
            let length = stream.read(&mut request).await.unwrap();
            let request = String::from_utf8_lossy(&request[..length]);
            let (status, body) = if request.contains("/status ") {
                ("200 OK", json!({ "version": "1.2.3", "pool_name": "Cup" }))
            } else if request.contains("known=") {
                (
                    "503 Service Unavailable",
                    json!({ "title": "no place to wait" }),
                )
            } else {
                let id = templates.next().unwrap();
                if templates.peek().is_none() {
                    templates = vec![id].into_iter().peekable();
                }
                let status = if id.is_empty() {
                    "503 Service Unavailable"
                } else {
                    "200 OK"
                };
                (status, template(id))
            };
            answer(&mut stream, status, &body).await;
        }
    }

    #[tokio::test]
    async fn a_crowded_or_busy_node_is_asked_again_and_tells_its_work_once() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = Client::new(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        let _node = tokio::spawn(crowded(listener, vec!["a", "a", "", "b"]));
        let (sender, mut news) = mpsc::channel(1);
        let _feed = tokio::spawn(follow(client, "ana".into(), sender));
        let mut heard = Vec::new();
        // Longer than some looks at "b".
        while let Ok(Some(news)) = timeout(CROWDED * 3, news.recv()).await {
            heard.push(match news {
                News::Connected { version, pool } => format!("{version} {pool}"),
                News::Job(job) => job.id.clone(),
                News::Lost(why) => why,
                News::Fatal(error) => error.to_string(),
            });
        }
        assert_eq!(heard, ["1.2.3 Cup", "a", "b"]);
    }

    /// A node whose every answer is other work, at once.
    async fn restless(listener: TcpListener) {
        for number in 0_u64.. {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = vec![0; 8_192];
            let _ = stream.read(&mut request).await.unwrap();
            let mut body = template(&number.to_string());
            body["version"] = "1".repeat(1_000).into();
            body["pool_name"] = "Cup".into();
            answer(&mut stream, "200 OK", &body).await;
        }
    }

    #[tokio::test]
    async fn a_node_is_not_asked_without_a_pause() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = Client::new(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        let _node = tokio::spawn(restless(listener));
        let (sender, mut news) = mpsc::channel(1);
        let began = Instant::now();
        let _feed = tokio::spawn(follow(client, "ana".into(), sender));
        let Some(News::Connected { version, .. }) = news.recv().await else {
            panic!("not connected");
        };
        assert_eq!(version.len(), 60);
        for _ in 0..6 {
            assert!(matches!(news.recv().await, Some(News::Job(_))));
        }
        assert!(began.elapsed() >= LEAST * 5, "{:?}", began.elapsed());
    }
}
