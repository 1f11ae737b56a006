//! When a validator may vote again that has forgotten what it signed.
//!
//! It may have signed something for the block above the highest of which its damaged store shows anything, or of which
//! another node knows now. So a block above those has to be final first, by the votes of others. No block comes from others
//! if a validator decides alone: it has to hold all that its store showed, proposals too. Where votes make blocks of work
//! final, or the others need this validator, that proves too little, and a person has to decide.
//!
//! A home from a backup knows even less: it may have signed anything since. It first waits until other nodes have had nothing newer
//! for [`QUIET`]; where there is no other node, a person has to say so.

use std::{
    io,
    time::{Duration, Instant},
};

use bolao_ledger::{BlockProof, Height, StateView as _, ValidatorKey};
use bolao_network::NetworkHandle;
use bolao_store::Reader;
use tokio::{task::spawn_blocking, time::sleep};

use crate::{
    engine::Engine,
    error::StartError,
    home::{Home, HomeError},
    reach::reports::PeerReports,
    serve::reading::tip,
    sign::joining::caught_up,
};

/// From one look at chain and peers to the next.
const LOOK: Duration = Duration::from_secs(1);
/// The time for which nobody may have anything newer.
const QUIET: Duration = Duration::from_mins(1);

/// A home that has lost what it signed, with the parts of its node that it needs.
#[derive(Debug)]
pub(crate) struct LostVoteLog {
    pub(crate) home: Home,
    pub(crate) engine: Engine,
    pub(crate) network: NetworkHandle,
    pub(crate) reader: Reader,
    pub(crate) reports: PeerReports,
}

/// The chain as it is now.
#[derive(Clone, Copy, Debug)]
struct Chain {
    tip: Height,
    /// The highest final block that the chain holds.
    last_final: Height,
    /// Whether each block needs a certificate, and this validator makes it alone.
    is_alone: bool,
}

impl Chain {
    fn read(reader: &Reader, own: ValidatorKey) -> Result<Self, StartError> {
        let snapshot = reader.snapshot()?;
        let tip = snapshot.tip()?.height;
        let last_final = snapshot.held_final()?;
        let mut is_alone = false;
        if reader.genesis().proof() == BlockProof::Certificate
            && let Some(set) = snapshot.validator_set_after(tip)?
        {
            is_alone = set.get(&own).is_some_and(|it| set.is_quorum(it.weight));
        }
        Ok(Self {
            tip,
            last_final: last_final.map_or(Height::ZERO, |block| block.height),
            is_alone,
        })
    }

    /// Whether all is decided for which a validator may have signed something: up to the block above `lost_vote_log`, or above the tip
    /// at which it had caught up with others.
    fn may_vote(&self, lost_vote_log: Height, caught_up_at: Height) -> bool {
        self.last_final > lost_vote_log.max(caught_up_at)
            || self.is_alone && self.tip >= lost_vote_log
    }
}

impl LostVoteLog {
    /// Lets the home vote again at its next start, once it may.
    pub(crate) async fn forget(self) -> Result<(), StartError> {
        let home = self.home.clone();
        let read = spawn_blocking(move || {
            let (lost_vote_log, own) = (home.lost_votes()?, home.validator_key()?);
            Ok::<_, HomeError>((home.is_restored()?, lost_vote_log, own))
        });
        let (is_restored, lost_vote_log, own) = read.await.map_err(io::Error::other)??;
        if is_restored {
            self.quiet().await?;
        }
        // A home that has lost its whole store does not know how high it was.
        let lost_vote_log = lost_vote_log.unwrap_or(Height::ZERO);
        let mut at = None;
        loop {
            sleep(LOOK).await;
            if at.is_none()
                && (self.network.peers().is_empty()
                    || !caught_up(&self.engine, &self.network).await)
            {
                continue;
            }
            let reader = self.reader.clone();
            let chain = spawn_blocking(move || Chain::read(&reader, own)).await;
            let chain = chain.map_err(io::Error::other)??;
            let is_first = at.is_none();
            if is_first
                && self
                    .reports
                    .highest()
                    .is_none_or(|theirs| theirs > chain.tip)
            {
                continue;
            }
            let caught_up_at = *at.get_or_insert(chain.tip);
            if chain.may_vote(lost_vote_log, caught_up_at) {
                break;
            }
            if is_first {
                tracing::warn!(
                    "caught up, but this node may have signed for a block that is not decided: it waits until a \
                    block above {} is final; if that cannot happen without its vote, see \"When the store is \
                    damaged\" in OPERATING.md",
                    lost_vote_log.max(caught_up_at)
                );
            }
        }
        let home = self.home;
        let cleared = spawn_blocking(move || {
            home.clear_votes_lost()?;
            if is_restored {
                home.resume_voting()
            } else {
                Ok(())
            }
        });
        cleared.await.map_err(io::Error::other)??;
        tracing::warn!(
            "what this node may have signed before is decided; restart the node, and it votes"
        );
        Ok(())
    }
}

impl LostVoteLog {
    /// Returns once peers have had nothing newer for long enough.
    async fn quiet(&self) -> Result<(), StartError> {
        let mut since = Instant::now();
        loop {
            sleep(LOOK).await;
            let tip = tip(&self.reader)?.height;
            let has_nothing_newer = self.reports.highest().is_some_and(|theirs| theirs <= tip);
            if self.network.peers().is_empty() || !has_nothing_newer {
                since = Instant::now();
            } else if since.elapsed() >= QUIET {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn may_vote(tip: u64, last_final: u64, is_alone: bool, lost_vote_log: u64, at: u64) -> bool {
        let chain = Chain {
            tip: Height(tip),
            last_final: Height(last_final),
            is_alone,
        };
        chain.may_vote(Height(lost_vote_log), Height(at))
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
}
