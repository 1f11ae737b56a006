//! What organisers did: all of it, or what every player is told.

use bolao_ledger::{Act, Height, table::Acts};

use super::{Answer, Asked, Query, Refused};
use crate::{
    Chain,
    body::{ActBody, Page},
    page::{Paging, all, cursor},
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
        let found = if let Some(above) = above {
            self.told(end, Height(above), &page)?
        } else {
            let acts = (0..end).rev().take(page.wanted());
            let acts = acts.filter_map(|seq| self.act(seq).transpose());
            page.page(all(acts)?, |(seq, _)| *seq)
        };
        let (names, rules) = (&mut self.names(), &self.genesis.rules);
        found.map(|(seq, act)| Ok(ActBody::new(names, rules, seq, &act)?))
    }

    /// Acts that every player is told of, of blocks above a height, the last one first: acts are in the order of their blocks.
    fn told(
        &self,
        end: u64,
        above: Height,
        page: &Paging<u64>,
    ) -> Result<Page<(u64, Act)>, C::Error> {
        let (mut items, mut next_cursor) = (Vec::new(), None);
        for (looked, seq) in (0..end).rev().enumerate() {
            if items.len() == page.limit || looked == ACTS_A_PAGE {
                next_cursor = Some(cursor(&seq.saturating_add(1)));
                break;
            }
            match self.act(seq)? {
                Some((_, act)) if act.height <= above => break,
                Some(act) if act.1.is_told(&self.genesis.rules) => items.push(act),
                _ => {}
            }
        }
        Ok(Page { items, next_cursor })
    }

    fn act(&self, seq: u64) -> Result<Option<(u64, Act)>, C::Error> {
        Ok(self.chain.get::<Acts>(&seq)?.map(|act| (seq, act)))
    }
}
