//! When the validator hears that something waits.

use bolao_finality::Input;

use crate::{core::Core, error::CoreError};

impl Core {
    /// Says that something is to be decided, once for each height.
    pub(crate) fn offer_votes(&mut self) -> Result<(), CoreError> {
        loop {
            let height = self.vote_number();
            let Some(voter) = self.voter.as_ref() else {
                return Ok(());
            };
            if voter.offered == Some(height)
                || self.hears_first()
                || self.must_wait()
                || !self.is_vote_due()?
            {
                return Ok(());
            }
            let now = self.now;
            if let Some(voter) = &mut self.voter {
                voter.heard.waits(now);
                voter.offered = Some(height);
                voter.due = None;
            }
            self.vote(Input::Waiting)?;
        }
    }

    /// Whether this validator still waits for what its peers have. What nobody gives it in time it does not wait for.
    fn hears_first(&mut self) -> bool {
        let mut statuses = self.peers.values().filter_map(|peer| peer.status.as_ref());
        let in_step = !self.is_syncing()
            && statuses.clone().next().is_some()
            && !statuses.any(|status| self.is_ahead(status))
            && self.peers.values().all(|peer| peer.clock().is_some());
        let (tip, now, wait_ms) = (self.tip.hash, self.now.mono_ms, self.config.hears_first_ms);
        let Some(voter) = &mut self.voter else {
            return false;
        };
        voter.hears = match voter.hears {
            Some((before, until)) if !in_step && before != tip => {
                Some((tip, until.max(now.saturating_add(wait_ms))))
            }
            hears => hears.filter(|_| !in_step),
        };
        voter.hears = voter.hears.filter(|(_, until)| *until > now);
        voter.hears.is_some()
    }
}
