//! The running node and the key that signs: who may sign, and sending what is signed.

use std::ops::Deref;

use anyhow::{Context as _, bail};
use bolao_acting::Wish;
use bolao_api::body::{KeptSealBody, PoolBody, WordBody};
use bolao_ledger::{Action, MatchNo, Nonce, ValidatorKey, Vote};
use bolao_node::Home;
use bolao_openings::{Deal, Entropy};
use bolao_wallet::Word;
use rand::{TryRng as _, rngs::SysRng};

use crate::{
    actor::Actor, passphrase::PassphraseArgs, source::Client, time, view::PlayerRef, votes::names,
};

/// The running node and the key that signs.
pub(crate) struct Session<'a> {
    pub(crate) actor: Actor<'a>,
    pub(crate) client: Client,
    organisers: Vec<PlayerRef>,
}

impl<'a> Deref for Session<'a> {
    type Target = Actor<'a>;

    fn deref(&self) -> &Actor<'a> {
        &self.actor
    }
}

impl<'a> Session<'a> {
    /// Opens the wallet of a home whose node runs.
    pub(crate) async fn open(home: &'a Home, passphrase: &PassphraseArgs) -> anyhow::Result<Self> {
        let actor = Actor::open(home, passphrase, true).await?;
        let client = actor.client()?.clone();
        let organisers = client.read::<PoolBody>("/api/v1/pool").await?.organisers;
        Ok(Self {
            actor,
            client,
            organisers,
        })
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

    /// The number of organisers who must sign a vote, as many as they are now.
    pub(crate) fn quorum(&self, vote: &Vote) -> u8 {
        self.genesis.quorum(vote, self.organisers.len())
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

    /// Sends one of many actions: where too many wait already, after a block has come.
    pub(crate) async fn submit_one_of_many(&self, action: &Action) -> anyhow::Result<String> {
        let wish = Wish::Actions(vec![action.clone()]);
        self.act(self.acting(wish).patient()).await.id()
    }
}
