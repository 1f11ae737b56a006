//! The matches and what a player has on them, waiting transactions included.

use std::collections::BTreeMap;

use bolao_api::body::PredictionBody;
use bolao_ledger::{AccountId, Genesis, Placed, Rules};

use super::own::Own;
use crate::{
    games,
    source::Source,
    view::{self, Bet, Match, MatchStatus, NextNonce, Player, Transaction},
};

/// A player's bet as it will be once what waits is in a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CurrentBet {
    /// Nothing if it is sealed and this wallet cannot read it.
    pub(crate) predicted: PredictionBody,
    pub(crate) sealed: bool,
    pub(crate) stake: u64,
    /// No block holds it yet.
    pub(crate) waits: bool,
}

/// All that is needed to place bets.
#[derive(Debug)]
pub(crate) struct PlayerBets {
    pub(crate) matches: Vec<Match>,
    pub(crate) rules: Rules,
    pub(crate) current: BTreeMap<u16, CurrentBet>,
    /// Chips at hand, as of the last block.
    pub(crate) chips: u64,
}

/// Whether a match takes bets, as the node says.
pub(crate) fn is_open(game: &Match) -> bool {
    game.status == MatchStatus::Scheduled
}

/// What an account has signed and no block holds yet.
async fn waiting(source: &Source, account: AccountId) -> anyhow::Result<Vec<Transaction>> {
    let path = format!("/api/v1/transactions?state=pending&account={account}");
    source.all(&path).await
}

/// Whether a bet of an account on a match waits for a block.
pub(crate) async fn waits_on(source: &Source, account: AccountId, no: u16) -> anyhow::Result<bool> {
    let waiting = waiting(source, account).await?;
    let mut placed = waiting.iter().flat_map(view::placed);
    Ok(placed.any(|(of, _)| of.no == no))
}

impl PlayerBets {
    /// Reads the wallet's player's bets.
    pub(crate) async fn load(
        source: &Source,
        genesis: &Genesis,
        own: &mut Own,
    ) -> anyhow::Result<Self> {
        let account = own.player();
        let mut bets = Self {
            matches: games::all(source).await?,
            rules: genesis.rules.clone(),
            current: BTreeMap::new(),
            chips: genesis.starting_chips.0,
        };
        let path = format!("/api/v1/accounts/{account}/nonce");
        if source.read::<NextNonce>(&path).await?.joined {
            let path = format!("/api/v1/players/{account}");
            bets.chips = source.read::<Player>(&path).await?.entry.chips.get();
            for bet in source.all::<Bet>(&format!("{path}/bets")).await? {
                let no = bet.r#match.no;
                let predicted = if bet.predicted.score.is_some() {
                    bet.predicted
                } else {
                    let own = own.reopen(source, &account, no, &bet.transaction).await?;
                    own.into()
                };
                bets.put(no, predicted, bet.sealed, bet.stake, false);
            }
        }
        bets.add_waiting(source, &account, own).await?;
        Ok(bets)
    }

    async fn add_waiting(
        &mut self,
        source: &Source,
        account: &AccountId,
        own: &Own,
    ) -> anyhow::Result<()> {
        for transaction in waiting(source, *account).await? {
            for bet in transaction.action.placed() {
                let (no, stake) = (bet.match_no.0, bet.stake.0);
                let (prediction, is_sealed) = match bet.placed {
                    Placed::Open(prediction) => (Some(prediction), false),
                    Placed::Sealed(commitment) => {
                        let commitment = hex::encode(commitment);
                        let nonce = transaction.nonce;
                        (own.prediction(account, no, nonce, &commitment), true)
                    }
                };
                self.put(no, prediction.into(), is_sealed, stake, true);
            }
        }
        Ok(())
    }

    fn put(&mut self, no: u16, predicted: PredictionBody, sealed: bool, stake: u64, waits: bool) {
        let bet = CurrentBet {
            predicted,
            sealed,
            stake,
            waits,
        };
        self.current.insert(no, bet);
    }
}
