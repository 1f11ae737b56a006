//! Keeps the miner in work: asks the node, again and again, for the template after the one that it has.

use std::{sync::Arc, time::Duration};

use anyhow::anyhow;
use backon::{BackoffBuilder as _, ExponentialBuilder};
use reqwest::StatusCode;
use tokio::{sync::mpsc, time::sleep};

use super::work::{Job, fetch, is_final, refusal};
use crate::{
    source::{Client, as_view},
    view::Status,
};

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
    loop {
        let asked = async {
            if !connected {
                let version = greet(&client).await?;
                connected = true;
                told_lost = false;
                // Nobody listens any more where this fails, which the next one shows.
                let _ = news.send(News::Connected { version }).await;
            }
            fetch(&client, &account, known.as_deref()).await
        };
        let error = match asked.await {
            Ok(job) => {
                delay = delays();
                if known.as_ref() != Some(&job.id) {
                    known = Some(job.id.clone());
                    if news.send(News::Job(Arc::new(job))).await.is_err() {
                        return;
                    }
                }
                continue;
            }
            Err(error) => error,
        };
        match refusal(&error).map(|refusal| refusal.status) {
            Some(StatusCode::SERVICE_UNAVAILABLE) if known.take().is_some() => {
                // No place to wait in: ask without waiting, now and then.
                sleep(CROWDED).await;
            }
            Some(status) if is_final(status) => {
                let hopeless = explained(&client, error, status).await;
                let _ = news.send(News::Hopeless(hopeless)).await;
                return;
            }
            _ => {
                connected = false;
                known = None;
                if !told_lost && news.send(News::Lost(error.to_string())).await.is_err() {
                    return;
                }
                told_lost = true;
                sleep(delay.next().unwrap_or(DELAYS.1)).await;
            }
        }
    }
}

/// The node's version.
async fn greet(client: &Client) -> anyhow::Result<String> {
    let status: Status = as_view(client.get("/api/v1/status").await?)?;
    Ok(crate::exit::printable(&status.version))
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
