//! A match as a schedule or a day makes it, whoever asks: the ledger, or an organiser before signing.

use super::{Match, deadline};
use crate::{
    fixture::{Day, Fixture},
    rules::Rules,
    units::UnixSeconds,
};

/// Whether a time after which betting ends, or a match begins, is later than another; none is later than any.
pub(crate) fn is_later(before: Option<UnixSeconds>, after: Option<UnixSeconds>) -> bool {
    match (before, after) {
        (Some(before), Some(after)) => after > before,
        (before, None) => before.is_some(),
        (None, Some(_)) => false,
    }
}

/// Whether a change of now comes the notice before an end of betting that stands, or none does.
fn in_time(end: Option<UnixSeconds>, now: UnixSeconds, rules: &Rules) -> bool {
    let first = now.0.saturating_add(rules.notice_s.into());
    rules.notice_s == 0 || end.is_none_or(|end| first <= end.0)
}

impl Match {
    /// The match as a schedule makes it whose quorum is complete now. Whether the rules allow the schedule is not asked.
    #[must_use]
    pub fn rescheduled(&self, fixture: &Fixture, now: UnixSeconds, rules: &Rules) -> Self {
        if self.is_set_right_by(fixture, now, rules) {
            let mut game = self.clone();
            game.fixture.home = fixture.home.clone();
            game.fixture.away = fixture.away.clone();
            return game;
        }
        // Its day stands as long as no kick-off is known.
        let day = self.day.filter(|_| fixture.kickoff.is_none());
        self.moved(fixture, day, now, rules)
    }

    /// The match as a day, or that there is none, makes it.
    #[must_use]
    pub fn with_day(&self, day: Option<Day>, now: UnixSeconds, rules: &Rules) -> Self {
        let fixture = Fixture {
            kickoff: None,
            ..self.fixture.clone()
        };
        self.moved(&fixture, day, now, rules)
    }

    /// Whether bets on it count as it is, and would not as it is `after` a change, for want of notice (S22).
    #[must_use]
    pub fn loses_bets(&self, after: &Self, rules: &Rules) -> bool {
        after.lacks_notice(rules) && !self.lacks_notice(rules)
    }

    /// # Rule S11: a match that takes no more bets and on which there is none may still be given its teams, others or the
    /// # same, if it keeps its kick-off: there is no bet whose meaning could change.
    pub(crate) fn is_set_right_by(
        &self,
        fixture: &Fixture,
        now: UnixSeconds,
        rules: &Rules,
    ) -> bool {
        let closed = !self.is_open_at(now, rules) && !self.postponed;
        closed
            && self.bets == 0
            && self.fixture.kickoff == fixture.kickoff
            && self.fixture.code.folded() == fixture.code.folded()
    }

    /// # Rule S18: a change lets betting end later only if its block comes `notice_s` before the end of betting that
    /// # stands, or earlier. With less notice the bets count that stand at that end, whenever the match is played.
    pub(crate) fn may_end_later(&self, now: UnixSeconds, rules: &Rules) -> bool {
        in_time(self.deadline, now, rules)
    }

    /// # Rule S10: a match keeps its stage, under which points are counted and multiplied.
    fn moved(&self, fixture: &Fixture, day: Option<Day>, now: UnixSeconds, rules: &Rules) -> Self {
        let begun_before = self.begun_before || self.has_begun_at(now);
        let wanted = deadline(fixture, day, rules.deadline_lead_s);
        let (deadline, since, stood) = if !self.lacks_notice(rules) {
            // # Rule S22: other teams, or these in another order, are something else to bet on.
            let renamed = self.fixture.has_other_teams(fixture);
            let since = if renamed { now } else { self.since };
            let end = self.end_moved(wanted, begun_before, now, rules);
            (end, since, end.and(self.deadline))
        } else if begun_before || !in_time(self.stood, now, rules) {
            // # Rule S22: what lacks notice takes no bets any more once it has begun, or once it is too late to move the end that stood.
            (self.deadline, self.since, self.stood)
        } else {
            // # Rule S22: nor does an end of betting count that has been set just now, where none that counts stood.
            (wanted, now, self.stood)
        };
        Self {
            deadline,
            since,
            stood,
            day,
            postponed: false,
            begun_before,
            fixture: Fixture {
                stage: self.fixture.stage.clone(),
                ..fixture.clone()
            },
            ..self.clone()
        }
    }

    /// The end of betting on a match that is moved.
    fn end_moved(
        &self,
        wanted: Option<UnixSeconds>,
        begun_before: bool,
        now: UnixSeconds,
        rules: &Rules,
    ) -> Option<UnixSeconds> {
        // # Rule S13: betting that has ended because a day began opens again once a kick-off, another day or none is set.
        let ended_by_day = self
            .day
            .is_some_and(|day| self.deadline == Some(day.begins));
        // # Rule S7: an earlier kick-off closes betting earlier; a later one opens betting that had ended only where
        // # the rules say so and the match has not begun, under whichever kick-off.
        let reopens =
            rules.notice_s == 0 && !begun_before && (rules.later_kickoff_reopens || ended_by_day);
        let moves = self.is_open_at(now, rules) || reopens;
        if moves && (!is_later(self.deadline, wanted) || self.may_end_later(now, rules)) {
            wanted
        } else {
            self.deadline
        }
    }
}
