//! What the node's own wallet signs: bets by name through the classic routes, and the player's own joining.

use bolao_api::{ClassicBet, ClassicBetError, SubmitError};
use bolao_chain::{Accepted, Rejection};
use bolao_ledger::{
    AccountId, FoldedName, Name, Nonce, PoolId, Reason, StateView as _, Tip, Transaction, TxId,
    UnixSeconds,
};
use bolao_store::{Reader, Snapshot, StoreError};
use bolao_wallet::{Draft, Key, KeyIndex, WalletError, WalletFile};
use tokio::sync::Mutex;

use crate::engine::{Engine, EngineError};

/// The wallet and the way to the core. One transaction is drafted at a time, so that no nonce is used twice.
#[derive(Debug)]
pub(crate) struct Signer {
    wallet: Mutex<WalletFile>,
    engine: Engine,
    reader: Reader,
}

/// Why a transaction of the node's own was not made or not taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SignError {
    #[error("{0}")]
    Rejected(Rejection),
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Wallet(#[from] WalletError),
    #[error("the name is another player's")]
    NameTaken,
}

impl From<Rejection> for SignError {
    fn from(rejection: Rejection) -> Self {
        Self::Rejected(rejection)
    }
}

impl From<SignError> for SubmitError {
    fn from(error: SignError) -> Self {
        match error {
            SignError::Rejected(Rejection { reason, message }) => {
                Self::Rejected { reason, message }
            }
            SignError::Engine(EngineError::Busy) => Self::Busy,
            _ => Self::Stopped,
        }
    }
}

/// What an account's next transaction must carry, those that wait included.
fn next_nonce(snapshot: &Snapshot, account: &AccountId) -> Result<Nonce, StoreError> {
    let confirmed = snapshot
        .account(account)?
        .map_or(Nonce::ZERO, |account| account.next_nonce);
    let pending = snapshot
        .pending()?
        .iter()
        .filter(|transaction| transaction.body.account == *account)
        .map(|transaction| transaction.body.nonce.0.saturating_add(1))
        .max()
        .unwrap_or(0);
    Ok(Nonce(confirmed.0.max(pending)))
}

impl Signer {
    pub(crate) fn new(wallet: WalletFile, engine: Engine, reader: Reader) -> Self {
        Self {
            wallet: Mutex::new(wallet),
            engine,
            reader,
        }
    }

    fn pool(&self) -> PoolId {
        self.reader.pool_id()
    }

    async fn submit(&self, transaction: Transaction) -> Result<TxId, SignError> {
        match self.engine.submit(transaction).await?? {
            Accepted::Transaction { id, .. } => Ok(id),
            Accepted::Block { hash, .. } => {
                unreachable!("a transaction was submitted, not the block {hash}")
            }
        }
    }

    /// Joins under a name with the player's own key, unless it has joined or waits to. Gives the account that joined.
    pub(crate) async fn join_player(&self, name: &Name) -> Result<Option<AccountId>, SignError> {
        let wallet = self.wallet.lock().await;
        let key = wallet.player();
        let snapshot = self.reader.snapshot()?;
        if next_nonce(&snapshot, &key.account())? != Nonce::ZERO {
            return Ok(None);
        }
        drop(snapshot);
        self.join(&key, name).await?;
        Ok(Some(key.account()))
    }

    async fn join(&self, key: &Key, name: &Name) -> Result<TxId, SignError> {
        let body = Draft::new(key.account(), Nonce::ZERO).join(name.clone());
        self.submit(key.sign(self.pool(), body)).await
    }

    /// Bets under a name with a key of its own, which joins first if it must. What can be refused is refused before
    /// the name joins, so that a bad bet leaves nothing behind.
    pub(crate) async fn bet(
        &self,
        bet: &ClassicBet,
        now: UnixSeconds,
    ) -> Result<TxId, ClassicBetError> {
        let folded = bet.name.folded();
        let mut wallet = self.wallet.lock().await;
        let result = self.bet_as(&mut wallet, &folded, bet, now).await;
        result.map_err(|error| match error {
            SignError::NameTaken
            | SignError::Rejected(Rejection {
                reason: Reason::NameTaken,
                ..
            }) => ClassicBetError::NameTaken {
                name: bet.name.clone(),
            },
            SignError::Rejected(Rejection { reason, message }) => {
                ClassicBetError::Rejected { reason, message }
            }
            SignError::Engine(EngineError::Busy) => ClassicBetError::Busy,
            SignError::Engine(EngineError::Stopped) => ClassicBetError::Stopped,
            SignError::Wallet(error) => ClassicBetError::Wallet {
                message: error.to_string(),
            },
            SignError::Store(error) => {
                tracing::error!(%error, "a bet could not be checked");
                ClassicBetError::Stopped
            }
        })
    }

    async fn bet_as(
        &self,
        wallet: &mut WalletFile,
        folded: &FoldedName,
        bet: &ClassicBet,
        now: UnixSeconds,
    ) -> Result<TxId, SignError> {
        let snapshot = self.reader.snapshot()?;
        let known = wallet.index_of_name(folded).map(|index| wallet.key(index));
        // A wallet restored from its words has no table of names yet, but makes the same keys.
        let own = known.as_ref().map_or_else(
            || wallet.key(KeyIndex::of_name(folded)).account(),
            Key::account,
        );
        if snapshot
            .name_owner(folded)?
            .is_some_and(|owner| owner != own)
        {
            return Err(SignError::NameTaken);
        }
        self.precheck(&snapshot, bet, now)?;
        let key = if let Some(key) = known {
            key
        } else {
            let index = wallet.account_for_name(folded)?;
            wallet.key(index)
        };
        let mut nonce = next_nonce(&snapshot, &key.account())?;
        drop(snapshot);
        if nonce == Nonce::ZERO {
            self.join(&key, &bet.name).await?;
            nonce = Nonce(1);
        }
        let tip = Tip {
            match_no: bet.match_no,
            score: bet.score,
            stake: bet.stake,
        };
        let body = Draft::new(key.account(), nonce).bet(vec![tip]);
        self.submit(key.sign(self.pool(), body)).await
    }

    fn precheck(
        &self,
        snapshot: &Snapshot,
        bet: &ClassicBet,
        now: UnixSeconds,
    ) -> Result<(), SignError> {
        let rejected =
            |reason, message: String| Err(SignError::Rejected(Rejection { reason, message }));
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
