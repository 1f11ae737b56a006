//! What organisers did: all of it, or what every player is told.

use bolao_ledger::{Act, Height, table::Acts};

use super::{Answer, Asked, Query, Refused};
use crate::{
    Chain,
    body::{ActBody, Page},
    page::{Paging, cursor},
};

/// Acts looked through for one page of those that are told: each costs a read.
const ACTS_A_PAGE: usize = 1_000;

impl<C: Chain> Asked<'_, C> {
    pub(super) fn log(&self, query: &Query) -> Answer<Page<ActBody>, C> {
        let page: Paging<u64> = query.page()?;
        let above = query.value("told_above").map(str::parse).transpose();
        let above = above.map_err(|_| {
            Refused::BadRequest("`told_above`: wanted the height of a block".to_owned())
        })?;
        let count = self.chain.totals()?.acts;
        let end = page.after.map_or(count, |before| before.min(count));
        match above {
            Some(above) => self.told(end, Height(above), &page),
            None => self.acts(end, &page),
        }
    }

    fn acts(&self, end: u64, page: &Paging<u64>) -> Answer<Page<ActBody>, C> {
        let mut acts = Vec::new();
        for seq in (0..end).rev().take(page.wanted()) {
            acts.extend(self.act(seq)?.map(|act| (seq, act)));
        }
        let (names, rules) = (&mut self.names(), &self.genesis.rules);
        page.page(acts, |(seq, _)| *seq)
            .map(|(seq, act)| Ok(ActBody::new(names, rules, seq, &act)?))
    }

    /// Acts that every player is told of, of blocks above a height, the last one first: acts are in the order of their blocks.
    fn told(&self, end: u64, above: Height, page: &Paging<u64>) -> Answer<Page<ActBody>, C> {
        let (names, rules) = (&mut self.names(), &self.genesis.rules);
        let mut items = Vec::new();
        for (looked, seq) in (0..end).rev().enumerate() {
            if items.len() == page.limit || looked == ACTS_A_PAGE {
                let next_cursor = Some(cursor(&seq.saturating_add(1)));
                return Ok(Page { items, next_cursor });
            }
            let Some(act) = self.act(seq)? else { continue };
            if act.height <= above {
                break;
            }
            if act.is_told(&self.genesis.rules) {
                items.push(ActBody::new(names, rules, seq, &act)?);
            }
        }
        let next_cursor = None;
        Ok(Page { items, next_cursor })
    }

    fn act(&self, seq: u64) -> Result<Option<Act>, C::Error> {
        self.chain.get::<Acts>(&seq)
    }
}
