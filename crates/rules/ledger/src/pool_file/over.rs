//! Several files that speak of one pool, such as the flags of a command over a file of rules.

use super::PoolFile;

impl PoolFile {
    /// This file over another one, which counts where this one says nothing. The points are one choice: a scheme or a game here counts over
    /// points there. So are the stages.
    #[must_use]
    pub fn over(self, below: Self) -> Self {
        let has_points = self.game.is_some() || self.scheme.is_some() || self.scoring.is_some();
        let (scheme, scoring) = if has_points {
            (self.scheme, self.scoring)
        } else {
            (below.scheme, below.scoring)
        };
        let has_stages = !self.stages.is_empty();
        Self {
            membership: self.membership.or(below.membership),
            starting_chips: self.starting_chips.or(below.starting_chips),
            consensus: self.consensus.or(below.consensus),
            change: self.change.or(below.change),
            appoint: self.appoint.or(below.appoint),
            stake_wait: self.stake_wait.or(below.stake_wait),
            stake_cut: self.stake_cut.or(below.stake_cut),
            clock: self.clock.or(below.clock),
            propose_ms: self.propose_ms.or(below.propose_ms),
            vote_ms: self.vote_ms.or(below.vote_ms),
            round_ms: self.round_ms.or(below.round_ms),
            heartbeat: self.heartbeat.or(below.heartbeat),
            grace: self.grace.or(below.grace),
            kept: self.kept.or(below.kept),
            there: self.there.or(below.there),
            patience: self.patience.or(below.patience),
            target: self.target.or(below.target),
            max_future: self.max_future.or(below.max_future),
            bets: self.bets.or(below.bets),
            deadline_lead: self.deadline_lead.or(below.deadline_lead),
            opening_window: self.opening_window.or(below.opening_window),
            later_kickoff_reopens: self.later_kickoff_reopens.or(below.later_kickoff_reopens),
            results: self.results.or(below.results),
            schedules: self.schedules.or(below.schedules),
            dispute_window: self.dispute_window.or(below.dispute_window),
            base: self.base.or(below.base),
            awarded_counts: self.awarded_counts.or(below.awarded_counts),
            tie_breaks: self.tie_breaks.or(below.tie_breaks),
            stake_min: self.stake_min.or(below.stake_min),
            stake_max: self.stake_max.or(below.stake_max),
            nobody_right: self.nobody_right.or(below.nobody_right),
            transfers: self.transfers.or(below.transfers),
            short_bets_void: self.short_bets_void.or(below.short_bets_void),
            put_off_stays_open: self.put_off_stays_open.or(below.put_off_stays_open),
            reopen_notice: self.reopen_notice.or(below.reopen_notice),
            anybody_opens: self.anybody_opens.or(below.anybody_opens),
            organisers: self.organisers.or(below.organisers),
            bounds: self.bounds.or(below.bounds),
            features: self.features.over(below.features),
            game: self.game.or(below.game),
            scheme,
            scoring,
            stages: if has_stages {
                self.stages
            } else {
                below.stages
            },
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::{rules::BetMode, scoring::preset};

    #[test]
    fn what_is_said_above_counts_and_the_rest_is_from_below() {
        let below = PoolFile {
            bets: Some(BetMode::Open),
            starting_chips: Some(50),
            scheme: Some("custom".to_owned()),
            scoring: preset("br10"),
            ..PoolFile::default()
        };
        let flags = PoolFile {
            bets: Some(BetMode::Sealed),
            ..PoolFile::default()
        };
        let both = flags.clone().over(below.clone());
        assert_eq!(
            (both.bets, both.starting_chips),
            (Some(BetMode::Sealed), Some(50))
        );
        assert_eq!(both.points().unwrap(), preset("br10"));
        let named = PoolFile {
            scheme: Some("kicktipp".to_owned()),
            ..flags
        };
        assert_eq!(named.over(below).points().unwrap(), preset("kicktipp"));
    }
}
