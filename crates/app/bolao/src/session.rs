//! The running node and the key that signs: who may sign, and sending what is signed.

use std::time::Duration;

use anyhow::{Context as _, bail};
use bolao_api::body::{KeptSealBody, PoolBody, VerdictBody, WordBody};
use bolao_ledger::{AccountId, Action, Genesis, MatchNo, Nonce, Reason, ValidatorKey};
use bolao_node::Home;
use bolao_openings::{Deal, Entropy};
use bolao_wallet::{Draft, Key, Word};
use rand::{TryRng as _, rngs::SysRng};
use tokio::time::{Instant, sleep};

use crate::{
    command::submit::{rehearse, submit},
    output,
    passphrase::PassphraseArgs,
    source::{self, ApiError, Client, Source},
    time,
    view::PlayerRef,
    votes::names,
};

/// From one try to the next while too much of an account waits for blocks.
const LOOK: Duration = Duration::from_millis(500);
/// How long blocks may take to come.
const TIMEOUT: Duration = Duration::from_mins(10);

/// The running node and the key that signs.
pub(crate) struct Session<'a> {
    home: &'a Home,
    pub(crate) genesis: Genesis,
    pub(crate) client: Client,
    pub(crate) source: Source,
    key: Key,
    organisers: Vec<PlayerRef>,
}

impl<'a> Session<'a> {
    /// Opens the wallet of a home whose node runs.
    pub(crate) async fn open(home: &'a Home, passphrase: &PassphraseArgs) -> anyhow::Result<Self> {
        let genesis = home.genesis()?;
        let client = source::node(home).await?;
        let key = passphrase.open(home)?.player();
        let organisers = client.read::<PoolBody>("/api/v1/pool").await?.organisers;
        Ok(Self {
            home,
            genesis,
            source: Source::Running(client.clone()),
            client,
            key,
            organisers,
        })
    }

    /// Whose signature it is.
    pub(crate) fn account(&self) -> AccountId {
        self.key.account()
    }

    /// Refuses whoever is no organiser; `what` is what he wanted to do.
    pub(crate) fn check_organiser(&self, what: &str) -> anyhow::Result<()> {
        let is_own = |organiser: &PlayerRef| organiser.account == self.account();
        if self.organisers.iter().any(is_own) {
            return Ok(());
        }
        if self.organisers.is_empty() {
            bail!("this pool has no organisers, so nobody can {what}");
        }
        bail!(
            "only organisers can {what}, and you are not one: ask {}",
            names(&self.organisers)
        );
    }

    /// The pool's organisers.
    pub(crate) fn organisers(&self) -> &[PlayerRef] {
        &self.organisers
    }

    /// What the node says would become of actions, one after the other.
    pub(crate) async fn verdicts(&self, actions: Vec<Action>) -> anyhow::Result<Vec<VerdictBody>> {
        rehearse(self.home, &self.source, self.account(), actions, false).await
    }

    /// What the node says would become of an action.
    pub(crate) async fn verdict(&self, action: &Action) -> anyhow::Result<VerdictBody> {
        let verdicts = self.verdicts(vec![action.clone()]).await?;
        let verdict = verdicts.into_iter().next();
        verdict.context("the node's answer leaves out the transaction")
    }

    /// Why the node would refuse an action, if it would.
    pub(crate) async fn refusal(&self, action: &Action) -> anyhow::Result<Option<ApiError>> {
        Ok(ApiError::refusal(&self.verdict(action).await?))
    }

    /// Deals what opens a seal of the player's to keepers; none if another program sealed it.
    pub(crate) fn deal(
        &self,
        seal: &KeptSealBody,
        round: u8,
        keepers: &[ValidatorKey],
    ) -> anyhow::Result<Option<Deal>> {
        let (pool, no) = (self.genesis.pool_id(), MatchNo(seal.r#match.no));
        let mut commitment = [0; 32];
        hex::decode_to_slice(&seal.commitment, &mut commitment)
            .context("the node's answer has a seal that is not one")?;
        let Some(opening) = self.key.opening(pool, no, Nonce(seal.nonce), &commitment) else {
            return Ok(None);
        };
        let mut entropy = Entropy([0; 32]);
        SysRng
            .try_fill_bytes(&mut entropy.0)
            .context("the operating system gave no randomness")?;
        Ok(Some(
            self.key.deal(pool, &opening, round, keepers, &entropy)?,
        ))
    }

    /// Tells the node something that no block keeps.
    pub(crate) async fn say(&self, word: &Word) -> anyhow::Result<()> {
        let (text, at) = (word.to_string(), time::now());
        let pool = self.genesis.pool_id();
        let body = WordBody {
            account: self.account(),
            at: at.0,
            signature: self.key.say(&text, pool, at),
            text,
        };
        self.client.tell("/api/v1/words", &body).await
    }

    /// Signs and sends an action; its id.
    pub(crate) async fn submit(&self, action: &Action) -> anyhow::Result<String> {
        let pool = self.genesis.pool_id();
        let body = |draft: &mut Draft| draft.body(action.clone());
        submit(self.home, &self.client, &self.key, pool, body).await
    }

    /// Sends one of many actions: where too many wait already, after a block has come.
    pub(crate) async fn submit_one_of_many(&self, action: &Action) -> anyhow::Result<String> {
        let end = Instant::now() + TIMEOUT;
        let mut is_shown = false;
        loop {
            match self.submit(action).await {
                Err(error) if ApiError::is_any(&error, &[Reason::TooManyPending]) => {
                    if Instant::now() >= end {
                        return Err(error.context(format!(
                            "no block came in {} s: is anyone making blocks? Run the same command again once someone \
                            is",
                            TIMEOUT.as_secs()
                        )));
                    }
                    if !is_shown {
                        output::hint("Waiting for a block before the rest are sent.");
                        is_shown = true;
                    }
                    sleep(LOOK).await;
                }
                result => return result,
            }
        }
    }
}
