//! Waiting until a block holds what was sent.

use std::time::Duration;

use anyhow::{anyhow, bail};
use bolao_api::body::PoolBody;
use tokio::time::{Instant, sleep};

use super::HeldUp;
use crate::{
    meant,
    source::{Client, escape},
    view::{NextNonce, Transaction},
};

/// From one look for the block to the next.
const LOOK: Duration = Duration::from_millis(500);

/// Waits until a block holds the transaction.
pub(super) async fn wait(
    client: &Client,
    id: &str,
    patience: Duration,
) -> anyhow::Result<Transaction> {
    // A time that no clock reaches is never over.
    let end = Instant::now().checked_add(patience);
    let path = format!("/api/v1/transactions/{}", escape(id));
    let mut held_up = HeldUp::new();
    let mut waiting = None;
    loop {
        let transaction: Transaction = match client.read(&path).await {
            Ok(transaction) => transaction,
            Err(error) => return Err(gone(client, waiting.as_ref(), error).await),
        };
        if transaction.block.is_some() {
            return Ok(transaction);
        }
        waiting = Some(transaction);
        if end.is_some_and(|end| Instant::now() >= end) {
            let pool: Option<PoolBody> = client.read("/api/v1/pool").await.ok();
            let help = match pool {
                Some(pool) if pool.outside.consensus == "pos" => {
                    "`bolao status` says who the next block is waiting for"
                }
                Some(_) => "is anyone mining? See `bolao status`; `bolao mine` mines a block",
                None => "`bolao status` says why, once the node answers again",
            };
            bail!(
                "no block includes it after {} s, and it is still waiting: {help}",
                patience.as_secs()
            );
        }
        held_up.tell(client).await;
        sleep(LOOK).await;
    }
}

/// The error of a node that was asked for a transaction which it had taken: what became of it where the node no longer knows it.
async fn gone(
    client: &Client,
    waited: Option<&Transaction>,
    error: anyhow::Error,
) -> anyhow::Error {
    if !meant::is_unknown(&error) {
        return error;
    }
    let mut overtaken = None;
    if let Some(waited) = waited {
        let path = format!("/api/v1/accounts/{}/nonce", waited.player.account);
        let next: Option<NextNonce> = client.read(&path).await.ok();
        overtaken = next
            .filter(|next| next.next_nonce > waited.nonce)
            .map(|_| !waited.action.placed().is_empty());
    }
    let help = match overtaken {
        None => return anyhow!("your node has given it up: `bolao log` says why"),
        Some(true) => {
            "your node sends it again as far as it can; check `bolao bets`, and bet again what is missing"
        }
        Some(false) => "send it again if you still need it",
    };
    anyhow!(
        "another transaction of yours with the same number, perhaps from another device, took its place, so this one \
        does not count: {help}"
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    use axum::{Json, Router, response::IntoResponse as _, routing::get};
    use bolao_ledger::AccountId;
    use http::StatusCode;
    use serde_json::json;

    use super::*;

    /// Waits on a node that knows the transaction, of nonce 7, for so many questions, and whose next nonce is then this.
    async fn waited(asked: usize, next: u64) -> String {
        let account = AccountId([1; 32]);
        let transaction = json!({
            "id": "16a8", "player": { "account": account }, "nonce": 7, "action": { "type": "bet", "tips": [
                { "match": { "no": 1, "code": "PtCh" }, "prediction": { "score": { "home": 2, "away": 1 } }, "stake": 0 },
            ] },
            "says": { "template": "{who} bets." }, "signature": "", "raw": "", "block": null,
        });
        let left = Arc::new(AtomicUsize::new(asked));
        let take = |left: usize| left.checked_sub(1);
        let known = async move || match left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, take)
        {
            Ok(_) => Json(transaction.clone()).into_response(),
            Err(_) => StatusCode::NOT_FOUND.into_response(),
        };
        let nonce = async move || {
            Json(json!({
                "account": account, "joined": true, "confirmed_nonce": next, "next_nonce": next,
            }))
        };
        let router = Router::new()
            .route("/api/v1/transactions/16a8", get(known))
            .route(&format!("/api/v1/accounts/{account}/nonce"), get(nonce));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let serving = tokio::spawn(async { axum::serve(listener, router).await });
        let client = Client::new(&url).unwrap();
        let error = wait(&client, "16a8", Duration::from_mins(1))
            .await
            .unwrap_err();
        serving.abort();
        error.to_string()
    }

    #[tokio::test]
    async fn whoever_waits_is_told_that_another_device_took_the_place() {
        let said = waited(1, 8).await;
        assert!(
            said.contains("from another device, took its place, so this one does not count"),
            "{said}"
        );
        assert!(said.contains("bet again"), "{said}");
        for said in [waited(1, 7).await, waited(0, 8).await] {
            assert!(said.contains("`bolao log` says why"), "{said}");
        }
    }
}
