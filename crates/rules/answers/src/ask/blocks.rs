//! Transactions by the block that holds them, and by their ids.

use bolao_ledger::{BlockHash, Height, TxId};

use super::{Answer, Asked, Query, Refused};
use crate::{
    Chain,
    body::{Page, TransactionBody},
    page::Paging,
};

impl<C: Chain> Asked<'_, C> {
    pub(super) fn block_transactions(&self, query: &Query) -> Answer<Page<TransactionBody>, C> {
        let page: Paging<u32> = query.page()?;
        let height = self.block(&query.about)?;
        let mut found = self.chain.transactions_at(height)?;
        found.retain(|(_, place)| page.after.is_none_or(|after| place.index > after));
        found.truncate(page.wanted());
        let names = &mut self.names();
        page.page(found, |(_, place)| place.index)
            .map(|(transaction, place)| {
                let id = transaction.id();
                let void = self.chain.void_bets(&id, &place)?;
                let body = TransactionBody::new(names, id, &transaction, &void, Some(place))?;
                Ok(body)
            })
    }

    /// The height of a block of the chain that a hash or a height names.
    fn block(&self, which: &str) -> Answer<Height, C> {
        // 64 digits are a hash even where they are decimal.
        let found = match (which.parse::<BlockHash>(), which.parse().map(Height)) {
            (Ok(hash), _) => self.chain.height_of(&hash)?,
            (Err(_), Ok(height)) => {
                let tip = self.chain.last_block()?.height;
                (height <= tip).then_some(height)
            }
            (Err(_), Err(_)) => {
                let wanted = "wanted a block's hash (64 hexadecimal digits) or a height";
                return Err(Refused::BadRequest(wanted.to_owned()));
            }
        };
        found.ok_or_else(|| {
            Refused::NotFound(format!(
                "the main chain has no block {which}; transactions of other branches are not kept"
            ))
        })
    }

    /// A transaction that a block of the chain holds.
    pub fn transaction(&self, id: &TxId) -> Result<Option<TransactionBody>, C::Error> {
        let Some((transaction, place)) = self.chain.transaction_of(id)? else {
            return Ok(None);
        };
        let void = self.chain.void_bets(id, &place)?;
        let names = &mut self.names();
        TransactionBody::new(names, *id, &transaction, &void, Some(place)).map(Some)
    }

    pub(super) fn one_transaction(&self, id: &str) -> Answer<TransactionBody, C> {
        let id: TxId = id
            .parse()
            .map_err(|error| Refused::BadRequest(format!("{error}")))?;
        let found = self.transaction(&id)?;
        found.ok_or_else(|| {
            Refused::NotFound(format!("transaction {id} is in no block of the main chain"))
        })
    }
}
