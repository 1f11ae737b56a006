//! When the validator hears that something waits.

use bolao_finality::Input;

use crate::{consensus::Voting, core::Parts, error::CoreError};

impl Voting {
    /// Says that something is to be decided, once for each height.
    pub(crate) fn offer_votes(&mut self, parts: &mut Parts) -> Result<(), CoreError> {
        loop {
            let height = self.vote_number(parts);
            if self.offered == Some(height)
                || self.hears_first(parts)
                || self.must_wait(parts)
                || !parts.cx.kind.is_due(self, parts)?
            {
                return Ok(());
            }
            let now = parts.cx.now;
            self.heard.waits(now);
            self.offered = Some(height);
            self.due = None;
            self.vote(parts, Input::Waiting)?;
        }
    }

    /// Whether this validator still waits for what its peers have. What nobody gives it in time it does not wait for.
    fn hears_first(&mut self, parts: &Parts) -> bool {
        let mut statuses = parts
            .sync
            .peers()
            .values()
            .filter_map(|peer| peer.status.as_ref());
        let in_step = !parts.sync.is_syncing(&parts.cx)
            && statuses.clone().next().is_some()
            && !statuses.any(|status| parts.chain.is_ahead(status))
            && parts
                .sync
                .peers()
                .values()
                .all(|peer| peer.clock().is_some());
        let (tip, now, wait_ms) = (
            parts.chain.tip().hash,
            parts.cx.now.mono_ms,
            parts.cx.config.hears_first_ms,
        );
        self.hears = match self.hears {
            Some((before, until)) if !in_step && before != tip => {
                Some((tip, until.max(now.saturating_add(wait_ms))))
            }
            hears => hears.filter(|_| !in_step),
        };
        self.hears = self.hears.filter(|(_, until)| *until > now);
        self.hears.is_some()
    }
}
