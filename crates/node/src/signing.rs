//! What the node's own wallet signs: bets by name through the classic routes, the player's own joining, and
//! ([`crate::opening`]) the openings of both.

use std::sync::Arc;

use bolao_api::{ClassicBet, NodeError};
use bolao_chain::{Accepted, Rejection};
use bolao_ledger::{
    AccountId, Membership, Name, Nonce, PoolId, Reason, StateView as _, Tip, TipMode, Transaction,
    TxId, UnixSeconds,
};
use bolao_store::{Reader, Snapshot, StoreError};
use bolao_wallet::{Draft, HeldTicket, Key, KeyIndex, WalletError, WalletFile};
use tokio::{
    sync::{Mutex, OwnedMutexGuard},
    task::{JoinError, spawn_blocking},
};

use crate::engine::Engine;

/// The wallet and the way to the core. One transaction is drafted at a time, so that no nonce is used twice.
#[derive(Debug)]
pub(crate) struct Signer {
    wallet: Arc<Mutex<WalletFile>>,
    engine: Engine,
    reader: Reader,
}

/// Why a transaction of the node's own was not made or not taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SignError {
    #[error(transparent)]
    Node(#[from] NodeError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Wallet(#[from] WalletError),
    #[error("the name is another player's")]
    NameTaken,
    #[error("the signing failed: {0}")]
    Task(#[from] JoinError),
}

impl From<Rejection> for SignError {
    fn from(rejection: Rejection) -> Self {
        Self::Node(rejection.into())
    }
}

impl Signer {
    pub(crate) fn new(wallet: WalletFile, engine: Engine, reader: Reader) -> Self {
        Self {
            wallet: Arc::new(Mutex::new(wallet)),
            engine,
            reader,
        }
    }

    pub(crate) fn pool(&self) -> PoolId {
        self.reader.pool_id()
    }

    pub(crate) const fn reader(&self) -> &Reader {
        &self.reader
    }

    /// The wallet, for whoever drafts: to be held until the core has answered.
    pub(crate) async fn wallet(&self) -> OwnedMutexGuard<WalletFile> {
        Arc::clone(&self.wallet).lock_owned().await
    }

    pub(crate) async fn submit(&self, transaction: Transaction) -> Result<TxId, SignError> {
        match self.engine.submit(transaction).await? {
            Accepted::Transaction { id, .. } => Ok(id),
            Accepted::Block { hash, .. } => {
                unreachable!("a transaction was submitted, not the block {hash}")
            }
        }
    }

    /// Joins under a name with the player's own key, unless it has joined or waits to; later transactions that wait for
    /// a join that was lost do not count. Gives the account that joined.
    pub(crate) async fn join_player(
        &self,
        name: &Name,
        ticket: Option<&HeldTicket>,
    ) -> Result<Option<AccountId>, SignError> {
        let wallet = self.wallet.lock().await;
        let key = wallet.player();
        if self.reader.snapshot()?.next_nonce(&key.account())? != Nonce::ZERO {
            return Ok(None);
        }
        self.join(&key, name, ticket).await?;
        Ok(Some(key.account()))
    }

    async fn join(
        &self,
        key: &Key,
        name: &Name,
        ticket: Option<&HeldTicket>,
    ) -> Result<TxId, SignError> {
        let mut draft = Draft::new(key.account(), Nonce::ZERO);
        let body = draft.enter(self.pool(), name.clone(), ticket);
        self.submit(key.sign(self.pool(), body)).await
    }

    /// Bets under a name with a key of its own, which joins first if it must. What can be refused is refused before
    /// the name joins, so that a bad bet leaves nothing behind.
    ///
    /// Once begun it goes on to its end, even if nobody waits for that any more: were the wallet freed between the
    /// drafting and the core's answer, the next bet would take the same nonce.
    pub(crate) async fn bet(
        self: &Arc<Self>,
        bet: ClassicBet,
        now: UnixSeconds,
    ) -> Result<TxId, NodeError> {
        let name = bet.name.clone();
        let signer = Arc::clone(self);
        let result = tokio::spawn(async move { signer.bet_alone(bet, now).await })
            .await
            .unwrap_or_else(|error| Err(SignError::Task(error)));
        result.map_err(|error| match error {
            SignError::NameTaken
            | SignError::Node(NodeError::Rejected(Rejection {
                reason: Reason::NameTaken,
                ..
            })) => NodeError::NameTaken { name },
            SignError::Node(error) => error,
            SignError::Wallet(WalletError::TooManyNames) => NodeError::TooManyNames,
            SignError::Wallet(error) => NodeError::Wallet {
                message: error.to_string(),
            },
            SignError::Store(_) | SignError::Task(_) => {
                tracing::error!(%error, "a bet could not be made");
                NodeError::Stopped
            }
        })
    }

    /// Holds the wallet until the core has answered.
    async fn bet_alone(
        self: Arc<Self>,
        bet: ClassicBet,
        now: UnixSeconds,
    ) -> Result<TxId, SignError> {
        let mut wallet = self.wallet().await;
        let (signer, wanted) = (Arc::clone(&self), bet.clone());
        // A name's first bet writes the wallet's file.
        let (wallet, key) = spawn_blocking(move || {
            let key = signer.key_for(&mut wallet, &wanted, now);
            (wallet, key)
        })
        .await?;
        let key = key?;
        if self.reader.snapshot()?.next_nonce(&key.account())? == Nonce::ZERO {
            self.join(&key, &bet.name, None).await?;
        }
        let nonce = self.reader.snapshot()?.next_nonce(&key.account())?;
        let tip = Tip {
            match_no: bet.match_no,
            score: bet.score,
            stake: bet.stake,
        };
        let mut draft = Draft::new(key.account(), nonce);
        let body = match self.reader.genesis().rules.tips {
            TipMode::Open => draft.bet(vec![tip]),
            TipMode::Sealed => draft.seal_tips(&key, self.pool(), &[tip]),
        };
        let result = self.submit(key.sign(self.pool(), body)).await;
        drop(wallet);
        result
    }

    /// The key that a name bets with, after what can be refused was refused.
    fn key_for(
        &self,
        wallet: &mut WalletFile,
        bet: &ClassicBet,
        now: UnixSeconds,
    ) -> Result<Key, SignError> {
        let folded = bet.name.folded();
        let snapshot = self.reader.snapshot()?;
        let known = wallet.index_of_name(&folded).map(|index| wallet.key(index));
        // A wallet restored from its words has no table of names yet, but makes the same keys.
        let own = known.as_ref().map_or_else(
            || wallet.key(KeyIndex::of_name(&folded)).account(),
            Key::account,
        );
        if snapshot
            .name_owner(&folded)?
            .is_some_and(|owner| owner != own)
        {
            return Err(SignError::NameTaken);
        }
        self.precheck(&snapshot, bet, now)?;
        // A ticket is for the player who was invited, not for whatever name a caller thinks of.
        let genesis = self.reader.genesis();
        if genesis.membership == Membership::Invite
            && !genesis.organisers.contains(&own)
            && snapshot.next_nonce(&own)? == Nonce::ZERO
        {
            return Err(SignError::from(Rejection {
                reason: Reason::InvitationNeeded,
                message: format!(
                    "the name `{}` has not joined, and this pool is by invitation: join with the \
                     link that an organiser gives you, `bolao join LINK --name YOU`",
                    bet.name
                ),
            }));
        }
        if let Some(key) = known {
            return Ok(key);
        }
        let index = wallet.account_for_name(&folded)?;
        Ok(wallet.key(index))
    }

    fn precheck(
        &self,
        snapshot: &Snapshot,
        bet: &ClassicBet,
        now: UnixSeconds,
    ) -> Result<(), SignError> {
        let rejected =
            |reason, message: String| Err(SignError::from(Rejection { reason, message }));
        let Some(game) = snapshot.match_by_no(bet.match_no)? else {
            return rejected(
                Reason::UnknownMatch,
                format!("this pool has no match number {}", bet.match_no),
            );
        };
        if !game.is_open_at(now) {
            return rejected(
                Reason::BetAfterKickoff,
                format!(
                    "match `{}` has kicked off: bets are closed",
                    game.fixture.code
                ),
            );
        }
        let rules = &self.reader.genesis().rules;
        let (least, most) = (rules.stake_min, rules.stake_max);
        if !(least..=most).contains(&bet.stake) {
            return rejected(
                Reason::BadStake,
                format!(
                    "the stake is {} chips, this pool takes {least} to {most}",
                    bet.stake
                ),
            );
        }
        let most = self.reader.genesis().starting_chips;
        if snapshot.name_owner(&bet.name.folded())?.is_none() && bet.stake > most {
            return rejected(
                Reason::NotEnoughChips,
                format!("the stake is {} chips, a new player has {most}", bet.stake),
            );
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
