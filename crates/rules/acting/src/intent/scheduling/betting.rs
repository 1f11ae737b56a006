//! The end of betting on a match that is scheduled anew, and what becomes of the bets that are there.

use bolao_ledger::{Fixture, Match, Rules, UnixSeconds, deadline};
use bolao_rulebook::{Said, SaidValue};

use crate::intent::{line, said, until};

const NONE_COUNT: &str = "No bets on it will count: it would not stand open as it is for {notice} before betting ends {at}.";
const LOST: &str =
    "{bets, plural, one {# bet} other {# bets}} on it will not count; stakes go back.";
const GO_ON: &str = "Without this, bets on {teams} go on counting.";
const STILL_ENDS: &str =
    "Betting on it still ends {at}, in {ahead}: that is less than {notice} ahead.";
const ENDS: &str = "Betting on it ends {at}, in {ahead}.";
const STAY: &str = "{bets, plural, one {# bet on it stays} other {# bets on it stay}}.";

/// Says until when bets are taken then, where that changes, and what becomes of those that are there.
pub(super) fn ends(
    stood: Option<&Match>,
    fixture: &Fixture,
    rules: &Rules,
    now: UnixSeconds,
) -> Option<Said> {
    let new = || Match {
        since: now,
        ..Match::new(fixture.clone(), None, rules.deadline_lead_s)
    };
    let after = stood.map_or_else(new, |game| game.rescheduled(fixture, now, rules));
    let end = after.deadline.filter(|_| fixture.kickoff.is_some())?;
    let is_open = |game: &Match| game.is_open_at(now, rules);
    let stays = |game: &Match| {
        let is_over = !is_open(game) && !is_open(&after);
        !game.lacks_notice(rules)
            && (is_over || (game.deadline, game.since) == (after.deadline, after.since))
    };
    if stood.is_some_and(stays) {
        return None;
    }
    let seconds = rules.notice_s;
    let notice = ("notice", SaidValue::Seconds { seconds });
    let bets = stood.map_or(0, |game| game.bets);
    let told = ("bets", bets.into());
    let at = ("at", end.into());
    if after.lacks_notice(rules) {
        let mut says = vec![said(NONE_COUNT, [notice, at])];
        if let Some(counted) = stood.filter(|game| game.loses_bets(&after, rules)) {
            says.extend((bets > 0).then(|| said(LOST, [told])));
            let goes_on = is_open(counted) && counted.fixture.has_other_teams(fixture);
            says.extend(goes_on.then(|| said(GO_ON, [("teams", (&counted.fixture).into())])));
        }
        return Some(line(says));
    }
    let ahead = ("ahead", until(end, now));
    // # Rule S18
    let is_kept = after.deadline != deadline(fixture, None, rules.deadline_lead_s);
    let mut says = vec![if is_kept {
        said(STILL_ENDS, [at, ahead, notice])
    } else {
        said(ENDS, [at, ahead])
    }];
    says.extend((bets > 0).then(|| said(STAY, [told])));
    Some(line(says))
}

#[cfg(test)]
mod tests;
