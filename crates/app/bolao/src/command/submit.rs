//! Signing with the home's wallet and sending to the home's running node.

use std::time::Duration;

use anyhow::{Context as _, anyhow, bail};
use backon::{ExponentialBuilder, Retryable as _};
use bolao_api::body::{ActionBody, PoolBody, ProposalBody, VerdictBody};
use bolao_ledger::{AccountId, Action, Name, Nonce, PoolId, Reason, TxBody};
use bolao_node::Home;
use bolao_wallet::{Draft, Key};
use http::StatusCode;
use tokio::time::{Instant, sleep};

use super::wait::HeldUp;
use crate::{
    exit::sentence,
    output,
    source::{ApiError, Client, Source, escape},
    view::{NextNonce, Transaction},
};

/// From one look for the block to the next.
const LOOK: Duration = Duration::from_millis(500);
/// The first pause before signing anew where another was quicker with the same nonce: the node itself, as when it joins,
/// or the same command in another window.
const OVERTAKEN: Duration = Duration::from_millis(50);
/// The longest such pause.
const OVERTAKEN_MOST: Duration = Duration::from_secs(1);
/// How long the pauses are together.
const OVERTAKEN_IN_ALL: Duration = Duration::from_secs(20);

/// Sends what `action` drafts, joining before it where that is still to be done; gives its id.
pub(crate) async fn submit(
    home: &Home,
    client: &Client,
    key: &Key,
    pool: PoolId,
    action: impl Fn(&mut Draft) -> TxBody,
) -> anyhow::Result<String> {
    let pauses = ExponentialBuilder::default()
        .with_min_delay(OVERTAKEN)
        .with_max_delay(OVERTAKEN_MOST)
        .with_total_delay(Some(OVERTAKEN_IN_ALL))
        .without_max_times()
        .with_jitter();
    (|| attempt(home, client, key, pool, &action))
        .retry(pauses)
        .when(|error| ApiError::is_any(error, &Reason::OVERTAKEN))
        .await
}

async fn attempt(
    home: &Home,
    client: &Client,
    key: &Key,
    pool: PoolId,
    action: &impl Fn(&mut Draft) -> TxBody,
) -> anyhow::Result<String> {
    let account = key.account();
    let path = format!("/api/v1/accounts/{account}/nonce");
    let nonce: NextNonce = client.read(&path).await?;
    let mut draft = Draft::new(account, Nonce(nonce.next_nonce));
    if nonce.next_nonce == 0 {
        let (name, body) = joining(home, &mut draft)?;
        output::hint!("Joining the pool as {name}.");
        let joined = client.submit(&key.sign(pool, body)).await;
        joined.map_err(|error| no_entry(home, error))?;
    }
    let transaction = key.sign(pool, action(&mut draft));
    client.submit(&transaction).await
}

/// The joining that comes before everything else that an account does, under the name that the home's player chose.
pub(crate) fn joining(home: &Home, draft: &mut Draft) -> anyhow::Result<(Name, TxBody)> {
    let Some(name) = home.profile()?.name else {
        bail!(
            "you have no name in this pool yet: choose one with `bolao join {}/genesis.json --name YOU`",
            home.dir().display()
        );
    };
    let name = Name::new(&name).context("the name in profile.json cannot be used")?;
    let pool = home.genesis()?.pool_id();
    let ticket = home.ticket(pool)?;
    let body = draft.enter(pool, name.clone(), ticket.as_ref());
    Ok((name, body))
}

/// That the home's player has not joined, why, and what helps; none if a block holds his join.
pub(crate) async fn not_joined(
    home: &Home,
    source: &Source,
    account: AccountId,
) -> anyhow::Result<Option<String>> {
    let path = format!("/api/v1/accounts/{account}/nonce");
    let nonce: NextNonce = source.read(&path).await?;
    if nonce.joined {
        return Ok(None);
    }
    if nonce.next_nonce > 0 {
        return Ok(Some(
            "you have not joined yet: your joining is waiting for a block".to_owned(),
        ));
    }
    Ok(Some(
        match rehearse(home, source, account, Vec::new(), false).await {
            Err(error) => format!("you have not joined: {}", sentence(&error)),
            Ok(_) => "you have not joined yet: your node does that while it runs (`bolao run`)"
                .to_owned(),
        },
    ))
}

/// The node's refusal to let a player in, with what helps.
fn no_entry(home: &Home, error: anyhow::Error) -> anyhow::Error {
    let mut refusal = match error.downcast::<ApiError>() {
        Ok(refusal) => refusal,
        Err(error) => return error,
    };
    if refusal.is(Reason::InvitationNeeded) {
        "you are not in this pool yet, and it is invitation-only: ask an organiser for a link, then `bolao join \
        'LINK' --name YOU`".clone_into(&mut refusal.detail);
    } else if refusal.is(Reason::NameTaken) || refusal.is(Reason::MisleadingName) {
        refusal.detail = format!(
            "{} with `bolao join {}/genesis.json --name YOU`",
            refusal.detail,
            home.dir().display()
        );
    }
    refusal.into()
}

/// What the node says would become of an account's actions, one after the other or each alone, joining before them where
/// that is still to be done. Nothing is written.
pub(crate) async fn rehearse(
    home: &Home,
    source: &Source,
    account: AccountId,
    actions: Vec<Action>,
    alone: bool,
) -> anyhow::Result<Vec<VerdictBody>> {
    let path = format!("/api/v1/accounts/{account}/nonce");
    let nonce: NextNonce = source.read(&path).await?;
    let mut proposals = Vec::new();
    if nonce.next_nonce == 0 {
        let (_, body) = joining(home, &mut Draft::new(account, Nonce::ZERO))?;
        proposals.push(ProposalBody::unsigned(account, body.action));
    }
    let joins = proposals.len();
    let actions = actions.into_iter();
    proposals.extend(actions.map(|action| ProposalBody {
        alone,
        ..ProposalBody::unsigned(account, action)
    }));
    if proposals.is_empty() {
        return Ok(Vec::new());
    }
    let mut verdicts = source.rehearse(&proposals).await?;
    let rest = verdicts.split_off(joins);
    match verdicts.iter().find_map(ApiError::refusal) {
        Some(refusal) => Err(no_entry(home, refusal.into())),
        None => Ok(rest),
    }
}

/// Waits until a block holds the transaction.
pub(crate) async fn wait(
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
                Some(pool) if pool.consensus == "pos" => {
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
    let refused = error.downcast_ref::<ApiError>();
    if refused.is_none_or(|refused| refused.status != StatusCode::NOT_FOUND) {
        return error;
    }
    let mut overtaken = None;
    if let Some(waited) = waited {
        let path = format!("/api/v1/accounts/{}/nonce", waited.player.account);
        let next: Option<NextNonce> = client.read(&path).await.ok();
        overtaken = next
            .filter(|next| next.next_nonce > waited.nonce)
            .map(|_| &waited.action);
    }
    let help = match overtaken {
        None => return anyhow!("your node has given it up: `bolao log` says why"),
        Some(ActionBody::Bet { .. } | ActionBody::Seal { .. }) => {
            "your node sends it again as far as it can; check `bolao bets`, and bet again what is missing"
        }
        Some(_) => "send it again if you still need it",
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
    use serde_json::json;

    use super::*;

    /// Waits on a node that knows the transaction, of nonce 7, for so many questions, and whose next nonce is then this.
    async fn waited(asked: usize, next: u64) -> String {
        let account = AccountId([1; 32]);
        let transaction = json!({
            "id": "16a8", "player": { "account": account }, "nonce": 7, "action": { "type": "bet", "tips": [] },
            "signature": "", "raw": "", "block": null,
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
