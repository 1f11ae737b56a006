//! Whether the rules let a match be changed as a file says.

use bolao_ledger::Fixture;

use super::{Pool, Verdict};
use crate::{view, votes::seconds};

/// What rules S2, S4, S7, S9 and S11 say of a schedule.
pub(super) fn verdict(pool: &Pool<'_>, to: &Fixture) -> Verdict {
    let refused = |why: &str| Verdict::Refused(why.to_owned());
    let waiting = pool.waits(to.no.0).iter().find(|waiting| {
        let signed = waiting.scheduled().and_then(|it| it.try_into().ok());
        signed.as_ref() == Some(to)
    });
    let sign = match (waiting, pool.own) {
        (Some(waiting), Some(own)) if waiting.is_signed_by(own) => Verdict::Signed,
        _ => Verdict::Sign,
    };
    let game = pool.matches.iter().find(|game| game.fixture.no == to.no.0);
    if game.is_some_and(|game| sets_right(pool, game, to)) {
        return sign;
    }
    if let Some(game) = game.filter(|game| !game.postponed) {
        let put_off =
            |record: &view::Record| record.outcome.status == bolao_ledger::Status::Postponed;
        if game.record.as_ref().is_some_and(|record| !put_off(record)) {
            return refused("has a result already, so it is not changed any more");
        }
        if game.fixture.kickoff.is_some_and(|at| pool.is_over(at)) {
            return refused("has kicked off already, so it is not changed any more");
        }
    }
    if to.kickoff.is_some_and(|kickoff| kickoff <= pool.now) {
        return refused("would kick off in the past, which the rules do not allow");
    }
    if let Some(game) = game {
        let began = game.fixture.kickoff.is_some_and(|at| pool.is_over(at));
        let open = game.deadline.is_none_or(|at| !pool.is_over(at));
        let lead = pool.rules.deadline_lead_s;
        let opens = (open || pool.rules.later_kickoff_reopens && !began)
            && bolao_ledger::deadline(to, lead).is_none_or(|at| pool.now < at);
        let (home, away) = (to.home.name.as_str(), to.away.name.as_str());
        if !opens && (game.fixture.home.name != home || game.fixture.away.name != away) {
            return refused("takes no more bets, so its teams stay");
        }
    }
    sign
}

/// Whether nobody tipped the match and it keeps its kick-off, so that its teams may still be filled in (S11).
pub(super) fn sets_right(pool: &Pool<'_>, game: &view::Match, to: &Fixture) -> bool {
    let closed = game.deadline.is_some_and(|at| pool.is_over(at));
    let kickoff = game.fixture.kickoff.map(seconds).and_then(Result::ok);
    closed && !game.postponed && game.bets == 0 && kickoff == to.kickoff
}
