//! BET and BLOCK, key for key as the articles' programs and pages know them.

use bolao_ledger::{
    AccountId, Action, Block, BlockHash, Height, MatchNo, NewBet, Prediction, Score, Transaction,
    actions,
};
use bolao_store::{Snapshot, StoreError};
use serde::Serialize;

use crate::v1::views::Lookup;

/// The article and the later versions of its page spell the keys differently: each is given.
#[derive(Debug, Serialize)]
pub(crate) struct Bet {
    player: String,
    match_id: String,
    matchid: String,
    /// `null` while it is sealed, as the others.
    team_one_score: Option<u8>,
    team_two_score: Option<u8>,
    teamonescore: Option<u8>,
    teamtwoscore: Option<u8>,
    stake: u64,
}

#[derive(Debug, Serialize)]
pub(crate) struct BlockView {
    index: u64,
    timestamp: u64,
    bets: Vec<Bet>,
    nonce: u32,
    hash: BlockHash,
    previous_block_hash: BlockHash,
}

impl Bet {
    /// A tip; `predicted` is `None` while it is sealed.
    pub(crate) fn new(
        player: String,
        code: String,
        predicted: Option<Prediction>,
        stake: u64,
    ) -> Self {
        let score = predicted.and_then(Prediction::score);
        let (home, away) = (score.map(Score::home), score.map(Score::away));
        Self {
            player,
            match_id: code.clone(),
            matchid: code,
            team_one_score: home,
            team_two_score: away,
            teamonescore: home,
            teamtwoscore: away,
            stake,
        }
    }
}

/// Looks up names, in lower case, and match codes.
pub(crate) struct Names<'a>(Lookup<'a>);

impl<'a> Names<'a> {
    pub(crate) fn new(snapshot: &'a Snapshot) -> Self {
        Self(Lookup::new(snapshot))
    }

    pub(crate) fn player(&mut self, account: &AccountId) -> Result<String, StoreError> {
        let name = self.0.player(account)?.name;
        Ok(name.map_or_else(|| account.to_string(), |name| name.to_lowercase()))
    }

    pub(crate) fn code(&mut self, no: MatchNo) -> Result<String, StoreError> {
        Ok(self.0.code(no)?.code)
    }

    fn bet(&mut self, account: &AccountId, tip: &NewBet) -> Result<Bet, StoreError> {
        let (player, code) = (self.player(account)?, self.code(tip.match_no)?);
        let predicted = tip.placed.prediction();
        Ok(Bet::new(player, code, predicted, tip.stake.0))
    }

    /// The main chain's block at a height; `None` above the tip.
    pub(crate) fn block(&mut self, height: Height) -> Result<Option<BlockView>, StoreError> {
        let Some(hash) = self.0.chain().hash_at(height)? else {
            return Ok(None);
        };
        let body = self.0.chain().block(&hash)?;
        let header = match &body {
            Some(block) => block.header,
            None => match self.0.chain().header(&hash)? {
                Some(record) => record.header,
                None => return Ok(None),
            },
        };
        Ok(Some(BlockView {
            index: height.next().0,
            timestamp: header.time().0,
            bets: match &body {
                Some(block) => self.counted_bets(block)?,
                None => Vec::new(),
            },
            nonce: header.nonce,
            hash,
            previous_block_hash: header.previous,
        }))
    }

    /// The tips of a block that came before their kick-off.
    fn counted_bets(&mut self, block: &Block) -> Result<Vec<Bet>, StoreError> {
        let mut bets = Vec::new();
        for transaction in &block.transactions {
            let tips = transaction.body.action.placed();
            if tips.is_empty() {
                continue;
            }
            let void = match self.0.chain().transaction(&transaction.id())? {
                Some(record) => record.void_bets,
                None => Vec::new(),
            };
            for tip in tips.iter().filter(|tip| !void.contains(&tip.match_no)) {
                bets.push(self.bet(&transaction.body.account, tip)?);
            }
        }
        Ok(bets)
    }

    /// Hands on the tips of waiting transactions, in the order in which they came.
    pub(crate) fn pending_bets<E: From<StoreError>>(
        &mut self,
        pending: &[Transaction],
        mut each: impl FnMut(Bet) -> Result<(), E>,
    ) -> Result<(), E> {
        for transaction in pending {
            if let Action::Join(actions::Join { name, .. }) = &transaction.body.action {
                self.0.learn(transaction.body.account, name.as_str());
            }
        }
        for transaction in pending {
            for tip in transaction.body.action.placed() {
                each(self.bet(&transaction.body.account, &tip)?)?;
            }
        }
        Ok(())
    }
}
