//! Keeps the miner in work: asks the node, again and again, for the template after the one that it has.

use std::{sync::Arc, time::Duration};

use anyhow::anyhow;
use backon::{BackoffBuilder as _, ExponentialBuilder};
use reqwest::StatusCode;
use serde::Deserialize;
use tokio::{sync::mpsc, time::sleep};

use super::work::{Job, fetch, is_final, refusal};
use crate::source::{Client, as_view};

/// From one try to the next, at first and at most.
const DELAYS: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(10));
/// How often a node is asked that has no place left for miners that wait.
const CROWDED: Duration = Duration::from_secs(1);

/// What the node says.
#[derive(Debug)]
pub(crate) enum News {
    /// The node answers, for the first time or again.
    Connected { version: String },
    /// Other work than before.
    Job(Arc<Job>),
    /// The node does not answer any more; this is told once.
    Lost(String),
    /// What no waiting mends.
    Hopeless(anyhow::Error),
}

/// Sends news until nobody listens.
pub(crate) async fn follow(client: Client, account: String, news: mpsc::Sender<News>) {
    let delays = || {
        ExponentialBuilder::default()
            .with_min_delay(DELAYS.0)
            .with_max_delay(DELAYS.1)
            .without_max_times()
            .with_jitter()
            .build()
    };
    let mut delay = delays();
    let (mut connected, mut told_lost) = (false, false);
    let mut known: Option<String> = None;
    // Whether the node is asked to answer only when there is other work.
    let mut waits = true;
    loop {
        let asked = async {
            if !connected {
                let version = greet(&client).await?;
                connected = true;
                told_lost = false;
                // Nobody listens any more where this fails, which the next one shows.
                let _ = news.send(News::Connected { version }).await;
            }
            fetch(&client, &account, known.as_deref().filter(|_| waits)).await
        };
        let error = match asked.await {
            Ok(job) => {
                delay = delays();
                if known.as_ref() != Some(&job.id) {
                    known = Some(job.id.clone());
                    if news.send(News::Job(Arc::new(job))).await.is_err() {
                        return;
                    }
                } else if !waits {
                    sleep(CROWDED).await;
                }
                // A place may have become free; who gets none finds that out in no time.
                waits = true;
                continue;
            }
            Err(error) => error,
        };
        match refusal(&error).map(|refusal| refusal.status) {
            // No place to wait in: ask without waiting, now and then. What is searched stays.
            Some(StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS)
                if waits && known.is_some() =>
            {
                waits = false;
            }
            Some(status) if is_final(status) => {
                let hopeless = explained(&client, error, status).await;
                let _ = news.send(News::Hopeless(hopeless)).await;
                return;
            }
            _ => {
                connected = false;
                known = None;
                waits = true;
                if !told_lost && news.send(News::Lost(error.to_string())).await.is_err() {
                    return;
                }
                told_lost = true;
                sleep(delay.next().unwrap_or(DELAYS.1)).await;
            }
        }
    }
}

/// All that is read of a status, whose form may be another version's.
#[derive(Deserialize)]
struct Greeting {
    version: String,
}

/// The node's version.
async fn greet(client: &Client) -> anyhow::Result<String> {
    let node: Greeting = as_view(client.get("/api/v1/status").await?)?;
    Ok(crate::exit::printable(&node.version))
}

async fn explained(client: &Client, error: anyhow::Error, status: StatusCode) -> anyhow::Error {
    if status != StatusCode::NOT_FOUND {
        return error.context(format!("the node at {} gives no work", client.base()));
    }
    let version = greet(client).await.unwrap_or_else(|_| "unknown".into());
    anyhow!(
        "the node at {} is of version {version} and gives no work to miners: run version {} there",
        client.base(),
        env!("CARGO_PKG_VERSION")
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use serde_json::json;
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::TcpListener,
        time::timeout,
    };

    use super::*;

    /// A node that has no place for miners that wait. Its `templates` are given one after the other, the last for ever.
    async fn crowded(listener: TcpListener, templates: Vec<&str>) {
        let mut templates = templates.into_iter().peekable();
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = vec![0; 8_192];
            let length = stream.read(&mut request).await.unwrap();
            let request = String::from_utf8_lossy(&request[..length]);
            let (status, body) = if request.contains("/status ") {
                ("200 OK", json!({ "version": "1.2.3" }))
            } else if request.contains("known=") {
                (
                    "503 Service Unavailable",
                    json!({ "title": "no place to wait" }),
                )
            } else {
                let id = templates.next_if(|_| true).unwrap();
                if templates.peek().is_none() {
                    templates = vec![id].into_iter().peekable();
                }
                (
                    "200 OK",
                    json!({
                        "id": id, "height": 1, "header": "00".repeat(80), "target": "ff".repeat(32),
                        "coinbase_prefix": "", "merkle_branch": [], "max_time": 1, "transactions": 0,
                        "wanted": true,
                    }),
                )
            };
            let body = body.to_string();
            let answer = format!(
                "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                body.len()
            );
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    }

    #[tokio::test]
    async fn a_crowded_node_is_asked_without_waiting_and_tells_its_work_once() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = Client::new(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        let _node = tokio::spawn(crowded(listener, vec!["a", "a", "b"]));
        let (sender, mut news) = mpsc::channel(1);
        let _feed = tokio::spawn(follow(client, "ana".into(), sender));
        let mut told = Vec::new();
        // Longer than some looks at "b".
        while let Ok(Some(news)) = timeout(CROWDED * 3, news.recv()).await {
            told.push(match news {
                News::Connected { version } => version,
                News::Job(job) => job.id.clone(),
                News::Lost(why) => why,
                News::Hopeless(error) => error.to_string(),
            });
        }
        assert_eq!(told, ["1.2.3", "a", "b"]);
    }
}
