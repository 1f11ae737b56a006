//! What the node's own wallet signs: bets by name through the classic routes, the player's own joining, and
//! ([`crate::services::opening`]) the openings of both.

use std::{collections::BTreeSet, sync::Arc};

use bolao_acting::Wish;
use bolao_api::{ClassicBet, NodeError};
use bolao_chain::{Accepted, Proposal, Rehearsed, Rejection, rehearse};
use bolao_ledger::{
    AccountId, Action, FoldedName, Name, Nonce, OpenBet, PoolId, Reason, StateView as _,
    Transaction, TxId, UnixSeconds,
};
use bolao_store::{Reader, Snapshot, StoreError};
use bolao_wallet::{Draft, HeldTicket, Key, KeyIndex, WalletError, WalletFile};
use tokio::{
    sync::{Mutex, OwnedMutexGuard, watch},
    task::{JoinError, spawn_blocking},
};

use crate::{
    engine::Engine,
    home::{Home, HomeError},
    reading::read,
};

/// The wallet and the way to the core. One transaction is drafted at a time, so that no nonce is used twice.
#[derive(Debug)]
pub(crate) struct Signer {
    wallet: Arc<Mutex<WalletFile>>,
    player: AccountId,
    /// The names that have keys in the wallet.
    names: watch::Sender<Arc<BTreeSet<String>>>,
    engine: Engine,
    reader: Reader,
    home: Home,
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
    #[error(transparent)]
    Home(#[from] HomeError),
    #[error("the signing failed: {0}")]
    Task(#[from] JoinError),
}

impl From<Rejection> for SignError {
    fn from(rejection: Rejection) -> Self {
        Self::Node(rejection.into())
    }
}

impl Signer {
    pub(crate) fn new(wallet: WalletFile, engine: Engine, reader: Reader, home: Home) -> Self {
        Self {
            player: wallet.player().account(),
            names: watch::Sender::new(names(&wallet)),
            wallet: Arc::new(Mutex::new(wallet)),
            engine,
            reader,
            home,
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

    /// The accounts of the player and of the names that bet here.
    pub(crate) async fn own_accounts(&self) -> Vec<AccountId> {
        let wallet = self.wallet.lock().await;
        let names = wallet.names().map(|(_, index)| index);
        let indexes = std::iter::once(KeyIndex::PLAYER).chain(names);
        indexes.map(|index| wallet.key(index).account()).collect()
    }

    /// The player's own account.
    pub(crate) const fn player(&self) -> AccountId {
        self.player
    }

    /// The names that have keys in the wallet, which may be held meanwhile.
    pub(crate) fn names(&self) -> Arc<BTreeSet<String>> {
        Arc::clone(&self.names.borrow())
    }

    /// Signs an action with the player's own key, and sends it.
    pub(crate) async fn act(&self, action: Action) -> Result<TxId, SignError> {
        let wallet = self.wallet.lock().await;
        let wish = Wish::Actions(vec![action]);
        let player = self.player;
        let nonce = read(self.reader(), move |it| it.next_nonce(&player)).await;
        let nonce = nonce.ok_or(NodeError::Stopped)?;
        let done = self.fulfil(&wallet.player(), nonce, wish).await?;
        Ok(done.ids.into_iter().next().ok_or(NodeError::Stopped)?)
    }

    pub(crate) async fn submit(&self, transaction: Transaction) -> Result<TxId, SignError> {
        match self.engine.submit(transaction).await? {
            Accepted::Transaction { id, .. } => Ok(id),
            other => unreachable!("a transaction was submitted, not {other:?}"),
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
        let account = key.account();
        let nonce = read(&self.reader, move |snapshot| snapshot.next_nonce(&account)).await;
        if nonce.ok_or(NodeError::Stopped)? != Nonce::ZERO {
            return Ok(None);
        }
        let body = Draft::new(account, Nonce::ZERO).enter(self.pool(), name.clone(), ticket);
        self.submit(key.sign(self.pool(), body)).await?;
        Ok(Some(account))
    }

    /// Bets under a name with a key of its own, which joins first if it must; the player's own name has the player's own key. What can be refused is refused before
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
            SignError::Node(NodeError::Rejected(rejection)) => match rejection.reason {
                Reason::NameTaken => NodeError::NameTaken { name },
                Reason::InvitationNeeded => Rejection {
                    reason: rejection.reason,
                    message: format!(
                        "the name `{name}` has not joined, and this pool is invitation-only: join with a link from \
                        an organiser, `bolao join LINK --name YOU`"
                    ),
                }
                .into(),
                _ => rejection.into(),
            },
            SignError::Node(error) => error,
            SignError::Wallet(WalletError::TooManyNames) => NodeError::TooManyNames,
            SignError::Wallet(error) => NodeError::Wallet {
                message: error.to_string(),
            },
            SignError::Store(_) | SignError::Home(_) | SignError::Task(_) => {
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
        let signer = Arc::clone(&self);
        // A name's first bet writes the wallet's file.
        let (wallet, signed) = spawn_blocking(move || {
            let signed = signer.signed(&mut wallet, &bet, now);
            (wallet, signed)
        })
        .await?;
        let (join, bet) = signed?;
        if let Some(join) = join {
            self.submit(join).await?;
        }
        let result = self.submit(bet).await;
        drop(wallet);
        result
    }

    /// Whether a name is the player's own: the one that the player joined under, or is to join under.
    fn is_player(
        &self,
        wallet: &WalletFile,
        snapshot: &Snapshot,
        name: &FoldedName,
    ) -> Result<bool, SignError> {
        if let Some(owner) = snapshot.name_owner(name)? {
            return Ok(owner == wallet.player().account());
        }
        let own = self.home.profile()?.name;
        Ok(own.is_some_and(|own| Name::new(&own).is_ok_and(|own| own.folded() == *name)))
    }

    /// The bet, and the joining before it where the name has not joined. What can be refused is refused before the wallet
    /// keeps a key for the name.
    fn signed(
        &self,
        wallet: &mut WalletFile,
        bet: &ClassicBet,
        now: UnixSeconds,
    ) -> Result<(Option<Transaction>, Transaction), SignError> {
        let (pool, genesis) = (self.pool(), self.reader.genesis());
        let folded = bet.name.folded();
        let snapshot = self.reader.snapshot()?;
        let is_player = self.is_player(wallet, &snapshot, &folded)?;
        let known = if is_player {
            Some(KeyIndex::PLAYER)
        } else {
            wallet.index_of_name(&folded)
        };
        // A wallet restored from its words has no table of names yet, but makes the same keys.
        let key = wallet.key(known.unwrap_or_else(|| KeyIndex::of_name(&folded)));
        let nonce = snapshot.next_nonce(&key.account())?;
        let joins = nonce == Nonce::ZERO;
        // A ticket is for the player who was invited, not for whatever name a caller thinks of.
        let ticket = if is_player && joins {
            self.home.ticket(pool)?
        } else {
            None
        };
        let drafts = |key: &Key| {
            let mut draft = Draft::new(key.account(), nonce);
            let join = joins.then(|| draft.enter(pool, bet.name.clone(), ticket.as_ref()));
            let tip = OpenBet {
                match_no: bet.match_no,
                prediction: bet.score.into(),
                stake: bet.stake,
            };
            (join, draft.place(key, pool, genesis.rules.bets, &[tip]))
        };
        if joins {
            let (join, bet) = drafts(&key);
            let proposals = join.into_iter().chain([bet]).map(Proposal::from).collect();
            let refused = |it: Rehearsed| Ok::<_, SignError>(it.verdict.map(drop)?);
            rehearse(&snapshot, genesis, now, proposals, || Ok(()), refused)?;
        }
        let index = if let Some(index) = known {
            index
        } else {
            let index = wallet.account_for_name(&folded)?;
            self.names.send_replace(names(wallet));
            index
        };
        let key = wallet.key(index);
        let (join, bet) = drafts(&key);
        Ok((join.map(|join| key.sign(pool, join)), key.sign(pool, bet)))
    }
}

fn names(wallet: &WalletFile) -> Arc<BTreeSet<String>> {
    let names = wallet.names().map(|(name, _)| name.to_owned());
    Arc::new(names.collect())
}

#[cfg(test)]
mod tests;
