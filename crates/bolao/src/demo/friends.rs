//! The friends: keys of their own, and bets that they sign and hand to whichever node is near.

use anyhow::Context as _;
use bolao_ledger::{Fixture, Name, PoolId, Score, Tip, Transaction, TxBody, encode};
use bolao_wallet::{Draft, Key, KeyIndex, Keyring, Phrase};
use serde_json::json;

use crate::source::{ApiError, Client};

/// Somebody who plays.
#[derive(Debug)]
pub(super) struct Friend {
    pub(super) name: &'static str,
    key: Key,
    draft: Draft,
    pool: PoolId,
}

impl Friend {
    /// Somebody with a key, who has not joined yet.
    pub(super) fn new(name: &'static str, key: Key, pool: PoolId) -> Self {
        let draft = Draft::new(key.account(), bolao_ledger::Nonce::ZERO);
        Self {
            name,
            key,
            draft,
            pool,
        }
    }

    /// Somebody without a node: a wallet is all it takes.
    pub(super) fn guest(name: &'static str, pool: PoolId) -> anyhow::Result<Self> {
        let phrase = Phrase::generate().context("cannot make a wallet")?;
        Ok(Self::new(
            name,
            Keyring::new(&phrase).key(KeyIndex::PLAYER),
            pool,
        ))
    }

    /// Enters the pool.
    pub(super) async fn join(&mut self, node: &Client) -> anyhow::Result<()> {
        let name = Name::new(self.name)?;
        self.submit(node, |draft| draft.join(name)).await
    }

    /// Places or replaces tips.
    pub(super) async fn bet(&mut self, node: &Client, tips: Vec<Tip>) -> anyhow::Result<()> {
        self.submit(node, |draft| draft.bet(tips)).await
    }

    /// Schedules a match, as the organiser.
    pub(super) async fn schedule(&mut self, node: &Client, fixture: Fixture) -> anyhow::Result<()> {
        self.submit(node, |draft| draft.schedule(fixture)).await
    }

    /// Signs and hands in; the nonce is used up only if the node takes it.
    async fn submit(
        &mut self,
        node: &Client,
        body: impl FnOnce(&mut Draft) -> TxBody,
    ) -> anyhow::Result<()> {
        let mut draft = self.draft.clone();
        let transaction: Transaction = self.key.sign(self.pool, body(&mut draft));
        let encoded = json!({ "transaction": hex::encode(encode(&transaction)) });
        node.post("/api/v1/transactions", &encoded).await?;
        self.draft = draft;
        Ok(())
    }
}

/// The node's words if it refused something for the reason with this code.
pub(super) fn refusal(result: anyhow::Result<()>, code: &str) -> anyhow::Result<String> {
    match result {
        Ok(()) => anyhow::bail!("the node took what it should refuse as {code}"),
        Err(error) => match error.downcast_ref::<ApiError>() {
            Some(refused) if refused.code.as_deref() == Some(code) => Ok(refused.detail.clone()),
            _ => Err(error.context(format!("wanted a refusal as {code}"))),
        },
    }
}

/// A tip without a stake.
pub(super) fn tip(no: bolao_ledger::MatchNo, score: &str) -> anyhow::Result<Tip> {
    Ok(Tip {
        match_no: no,
        score: score.parse::<Score>()?,
        stake: bolao_ledger::Chips::ZERO,
    })
}
