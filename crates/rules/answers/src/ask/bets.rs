//! Bets, by match and by player, and the transactions that hold them.

use bolao_ledger::{AccountId, Bet, Height, MatchNo, TxId, table::Bets};

use super::{Answer, Asked, Query, Refused, match_of_code, no_match, player};
use crate::{
    Chain, Game,
    body::{BetBody, Page, TransactionBody},
    page::{Paging, cursor},
};

/// Blocks looked through for one page of transactions: an empty block costs a read too.
const BLOCKS_A_PAGE: u64 = 200;

/// A bet's place in every list.
type BetKey = (MatchNo, AccountId);

impl<C: Chain> Asked<'_, C> {
    fn game(&self, no: MatchNo) -> Answer<Game, C> {
        let game = Game::load(self.chain, &self.genesis.rules, no)?;
        game.ok_or_else(|| Refused::NotFound(no_match(&no.to_string())))
    }

    pub(super) fn bets(
        &self,
        query: &Query,
        game: Option<&str>,
        who: Option<&str>,
    ) -> Answer<Page<BetBody>, C> {
        let (page, chain) = (query.page()?, self.chain);
        let no = game.map(|code| match_of_code(chain, code)).transpose()?;
        let account = who.map(|who| player(chain, who)).transpose()?;
        let found = match (no, account.map(|(id, _)| id)) {
            (no, Some(account)) => self.bets_of_player(no, account, &page)?,
            (no, None) => self.bets_by_match(no, &page)?,
        };
        let (names, rules) = (&mut self.names(), &self.genesis.rules);
        let mut last: Option<Game> = None;
        page.page(found, |(key, _)| *key)
            .map(|((no, account), bet)| {
                let game = match last.take() {
                    Some(game) if game.no() == no => game,
                    _ => self.game(no)?,
                };
                let body = BetBody::new(names, rules, &game, &account, &bet)?;
                last = Some(game);
                Ok(body)
            })
    }

    fn bets_of_player(
        &self,
        no: Option<MatchNo>,
        account: AccountId,
        page: &Paging<BetKey>,
    ) -> Answer<Vec<(BetKey, Bet)>, C> {
        let numbers = if let Some(no) = no {
            vec![no]
        } else {
            let after = page.after.map(|(no, _)| no);
            self.chain.matches_of(&account, after, page.wanted())?
        };
        let mut found = Vec::new();
        for no in numbers {
            let key = (no, account);
            if page.after.is_none_or(|after| key > after) {
                found.extend(self.chain.bet(no, &account)?.map(|bet| (key, bet)));
            }
        }
        Ok(found)
    }

    fn bets_by_match(
        &self,
        only: Option<MatchNo>,
        page: &Paging<BetKey>,
    ) -> Answer<Vec<(BetKey, Bet)>, C> {
        let numbers = if let Some(no) = only {
            vec![no]
        } else {
            let mut games = Game::all(self.chain, &self.genesis.rules)?;
            games.retain(|game| game.entry.bets > 0);
            games.iter().map(Game::no).collect()
        };
        let mut found = Vec::new();
        for no in numbers {
            let after = match page.after {
                Some((last, _)) if last > no => continue,
                after => after.filter(|(last, _)| *last == no),
            };
            let room = page.wanted().saturating_sub(found.len());
            if room == 0 {
                break;
            }
            found.extend(self.chain.scan::<Bets>(&no, after.as_ref(), room)?);
        }
        Ok(found)
    }

    /// Goes down from the last block, or from the transaction that the cursor names.
    pub(super) fn transactions(&self, query: &Query) -> Answer<Page<TransactionBody>, C> {
        let page: Paging<(Height, u32)> = query.page()?;
        let tip = self.chain.last_block()?.height;
        let (mut height, mut below) = match page.after {
            Some((height, index)) if height <= tip => (height, index),
            _ => (tip, u32::MAX),
        };
        let (names, mut items) = (&mut self.names(), Vec::new());
        let lowest = height.0.saturating_sub(BLOCKS_A_PAGE);
        loop {
            let mut here = self.chain.transactions_at(height)?;
            here.retain(|(_, place)| place.index < below);
            while let Some((transaction, place)) = here.pop() {
                if items.len() == page.limit {
                    let next_cursor = Some(cursor(&(height, place.index.saturating_add(1))));
                    return Ok(Page { items, next_cursor });
                }
                let id: TxId = transaction.id();
                let void = self.chain.void_bets(&id, &place)?;
                let body = TransactionBody::new(names, id, &transaction, &void, Some(place))?;
                items.push(body);
            }
            below = u32::MAX;
            // Genesis holds none.
            let Some(next) = height.checked_sub(1).filter(|next| *next > Height::ZERO) else {
                let next_cursor = None;
                return Ok(Page { items, next_cursor });
            };
            height = next;
            if height.0 <= lowest {
                let next_cursor = Some(cursor(&(height, below)));
                return Ok(Page { items, next_cursor });
            }
        }
    }
}
