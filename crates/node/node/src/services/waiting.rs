//! Waits until a home may vote that does not know what it has signed ([`Wait`](crate::home::Wait), and [`crate::vote`] for how it
//! came to that).
//!
//! It may have signed something for the block above the highest that it knows to have been there: in its damaged store, or else at
//! another node once nobody has had anything newer for [`QUIET`]. It votes
//!
//! - once a block above those is final, by the votes of others; or
//! - once it has all that its damaged store showed, proposals too, if it makes blocks alone; or
//! - once the other validators have told it what it signed for the block that is next, which it then says again, for [`QUIET`]; some of
//!   them may wait themselves ([`bolao_chain::CoreConfig::recalls`], whose module says when that is enough); or
//! - once its owner says so, who knows what no node can tell: that there is nothing else.
//!
//! Then the mark in `validator.waits` is over, and the node starts again, with the key.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use bolao_ledger::{BlockProof, Height, StateView as _, ValidatorKey};
use bolao_store::Reader;
use tokio::{sync::Notify, time::sleep};

use crate::{
    error::StartError,
    home::{WaitCause, WaitStep},
    pool::Pool,
    services::{Service, blocking},
};

/// From one look at chain and peers to the next.
const LOOK: Duration = Duration::from_secs(1);
/// The time for which nobody may have anything newer.
const QUIET: Duration = Duration::from_mins(1);
/// A peer that starts again, as one does that may vote now, is back within this.
const BACK: Duration = Duration::from_secs(15);
/// The time that a home whose owner lets it vote waits for other nodes, and then for what they tell.
const HEARS: Duration = Duration::from_secs(5);
const RECALLS: Duration = Duration::from_secs(15);

/// The service of a home that does not vote.
pub(crate) struct Waiting {
    /// The key that it is to vote with. One that is put into the home later needs another start.
    pub(crate) key: Option<ValidatorKey>,
    /// Told once the home may vote.
    pub(crate) votes_again: Arc<Notify>,
}

impl Service for Waiting {
    async fn run(self, pool: Pool) {
        match ends(self.key, &pool).await {
            Ok(()) => self.votes_again.notify_one(),
            Err(error) => {
                tracing::error!(%error, "cannot tell whether this home may vote again");
            }
        }
        pool.stop.cancelled().await;
    }
}

/// The chain as it is now.
#[derive(Clone, Copy, Debug)]
struct Chain {
    tip: Height,
    /// The highest final block that the chain holds.
    last_final: Height,
    /// Whether this validator decides alone.
    is_alone: bool,
    /// Whether each block needs a certificate.
    is_certified: bool,
}

impl Chain {
    fn read(reader: &Reader, own: ValidatorKey) -> Result<Self, StartError> {
        let snapshot = reader.snapshot()?;
        let tip = snapshot.tip()?.height;
        let last_final = snapshot.held_final()?;
        let last_final = last_final.map_or(Height::ZERO, |block| block.height);
        let is_certified = reader.genesis().proof() == BlockProof::Certificate;
        let set = snapshot.validator_set_after(if is_certified { tip } else { last_final })?;
        let quorum = |set: &bolao_ledger::ValidatorSet| {
            set.get(&own).is_some_and(|it| set.is_quorum(it.weight))
        };
        Ok(Self {
            tip,
            last_final,
            is_alone: set.as_ref().is_some_and(quorum),
            is_certified,
        })
    }

    /// Whether all is known, or decided, that a validator may have signed. `caught_up_at` is the tip at which it had what others
    /// have; `recalled` whether all others have told what it signed, for long enough.
    fn may_vote(&self, up_to: Option<Height>, caught_up_at: Height, recalled: bool) -> bool {
        // A home that has lost its whole store does not know how high it was.
        let up_to = up_to.unwrap_or_default();
        let has_all = self.tip >= up_to;
        // What others know of the next block, they have told.
        let has_rest = has_all || !self.is_alone && self.tip.next() >= up_to;
        self.last_final > up_to.max(caught_up_at)
            || self.is_alone && self.is_certified && has_all
            || recalled && has_rest
    }
}

/// Returns once the home may vote, and its mark is gone.
async fn ends(key: Option<ValidatorKey>, pool: &Pool) -> Result<(), StartError> {
    let began = Instant::now();
    let (mut quiet_since, mut in_step_at, mut caught_up_at) = (began, began, None);
    let key = loop {
        sleep(LOOK).await;
        let home = pool.home.clone();
        let wait = blocking(move || Ok(home.wait()?)).await?;
        let (wait, key) = match (wait, key) {
            (Some(wait), Some(key)) => (wait, key),
            // The mark is of a key that has come since the node started.
            (Some(_), None) => return Ok(()),
            // It was removed.
            (None, Some(key)) => break key,
            (None, None) => continue,
        };
        let reader = pool.reader.clone();
        let chain = blocking(move || Chain::read(&reader, key)).await?;
        let is_first = caught_up_at.is_none();
        let in_step = has_what_others_have(pool, chain.tip, is_first).await;
        if in_step {
            in_step_at = Instant::now();
        } else if is_behind(pool, chain.tip) || in_step_at.elapsed() > BACK {
            quiet_since = Instant::now();
        }
        if wait.step == WaitStep::Allowed && hears_no_more(pool, began.elapsed(), in_step).await {
            break key;
        }
        let quiet = quiet_since.elapsed() >= QUIET;
        // A home that kept how high it was may have kept it a second before the last block.
        let is_sure = wait.up_to.is_some() && wait.cause == WaitCause::Damage;
        if !in_step || !is_sure && !quiet {
            continue;
        }
        let at = *caught_up_at.get_or_insert(chain.tip);
        let recalled = quiet && pool.engine.recalled().await.unwrap_or(false);
        if chain.may_vote(wait.up_to, at, recalled) {
            break key;
        }
    };
    let home = pool.home.clone();
    blocking(move || Ok(home.end_wait()?)).await?;
    tracing::warn!(%key, "what this home may have signed is settled: it votes from now on");
    Ok(())
}

/// Whether there are others, and none has anything newer.
async fn has_what_others_have(pool: &Pool, tip: Height, asks: bool) -> bool {
    !pool.network.peers().is_empty()
        && (!asks || pool.caught_up().await)
        && pool.reports.highest().is_some()
        && !is_behind(pool, tip)
}

/// Whether somebody has something newer.
fn is_behind(pool: &Pool, tip: Height) -> bool {
    pool.reports.highest().is_some_and(|theirs| theirs > tip)
}

/// Whether a home whose owner lets it vote need not wait for others any longer.
async fn hears_no_more(pool: &Pool, since: Duration, in_step: bool) -> bool {
    if pool.network.peers().is_empty() {
        return since >= HEARS;
    }
    in_step && (since >= RECALLS || pool.engine.recalled().await.unwrap_or(false))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain(tip: u64, last_final: u64, is_alone: bool, is_certified: bool) -> Chain {
        Chain {
            tip: Height(tip),
            last_final: Height(last_final),
            is_alone,
            is_certified,
        }
    }

    fn may_vote(tip: u64, last_final: u64, is_alone: bool, up_to: u64, at: u64) -> bool {
        let chain = chain(tip, last_final, is_alone, true);
        chain.may_vote(Some(Height(up_to)), Height(at), false)
    }

    #[test]
    fn a_block_more_is_final_before_it_votes() {
        // It may have signed for block 8, which the others still vote on.
        assert!(!may_vote(7, 7, false, 7, 7));
        assert!(may_vote(8, 8, false, 7, 7));
        // A proposal for block 8 was in its store.
        assert!(!may_vote(8, 8, false, 8, 7));
        assert!(may_vote(9, 9, false, 8, 7));
        // Its store showed less than the others have.
        assert!(!may_vote(7, 7, false, 3, 7));
        assert!(may_vote(8, 8, false, 3, 7));
    }

    #[test]
    fn blocks_of_work_that_are_not_final_are_not_enough() {
        assert!(!may_vote(20, 7, false, 7, 7));
        assert!(may_vote(20, 15, false, 7, 14));
    }

    #[test]
    fn who_decides_alone_has_all_that_its_store_showed() {
        assert!(may_vote(7, 7, true, 7, 7));
        assert!(!may_vote(5, 5, true, 7, 5));
        assert!(!may_vote(7, 7, true, 8, 7));
        assert!(!may_vote(7, 7, true, u64::MAX, 7));
    }

    /// Two of two, three of three: no block comes without it.
    #[test]
    fn what_the_others_have_told_is_enough_for_the_next_block() {
        let two = chain(7, 7, false, true);
        assert!(!two.may_vote(None, Height(7), false));
        assert!(two.may_vote(None, Height(7), true));
        assert!(two.may_vote(Some(Height(8)), Height(7), true));
        // It has seen a block that they do not have.
        assert!(!two.may_vote(Some(Height(9)), Height(7), true));
        // Nobody else can tell what it decided alone.
        let alone = chain(7, 7, true, true);
        assert!(!alone.may_vote(Some(Height(8)), Height(7), true));
        let of_work = chain(20, 7, true, false);
        assert!(!of_work.may_vote(None, Height(20), false));
        assert!(of_work.may_vote(None, Height(20), true));
    }
}
