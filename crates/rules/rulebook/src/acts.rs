//! What an organiser's act has changed, as sentences.
//!
//! Worked out from what the chain keeps of the act alone, so that whoever has the chain can tell it to everybody. A record that is
//! made or corrected is told elsewhere, with its score; one that calls a match off changes what bets mean, and is told here, as is
//! what is right of a question.

pub(crate) mod questions;

use bolao_ledger::{AccountId, Act, Effect, Fixture, Outcome, Rules, Status, Team, Terms, Vote};

use crate::{Said, SaidValue, template::templates};

templates! {
    ADDED = "{match} was added to {stage}, under the code {code}.";
    MULTIPLIED = "Its points count {times} times.";
    TEAMS = "{before} is now {after}.";
    BEGINS = "{match} kicks off {kickoff}.";
    MOVED = "{match} was moved from {from} to {to}.";
    UNDATED = "{match} has no kick-off any more; it was {from}.";
    OF_DAY = "{match} will be played on the day that begins {day}.";
    NO_DAY = "{match} has no day any more.";
    POSTPONED = "{match} was postponed.";
    CANCELLED = "{match} was cancelled.";
    CODED = "{match} is called {code}.";
    CLOSES = "Betting on it ends {at}.";
    CLOSED = "Betting on it has ended.";
    NEVER_CLOSES = "Betting on it stays open until its date is known.";
    TOO_LATE = "No bets on it count: that came less than {notice} before betting would have ended.";
    PUT_OFF = "It takes no bets. Bets on it count only if it gets a date again {notice} before betting would have ended, or earlier.";
    AGAIN = "{bets, plural, one {The bet from before stands again, with its stake.} other {The # bets from before stand again, with their stakes.}}";
    LOST = "{bets, plural, one {The bet} other {The # bets}} that stood on it will not count; stakes go back.";
    WITHOUT_BETS = "{match} has a result, but no bets on it count: it did not stand open as it is for {notice}.";
    NO_DATE = "It takes no bets until it has a date.";
    SHORT = "That came less than {notice} before the end of betting.";
    VALIDATOR = "{who} becomes a validator with the weight {weight}.";
    WEIGHS = "The weight of {who} as a validator changes from {before} to {weight}.";
    GONE = "{who} stops being a validator.";
    STAYS = "{who} keeps the weight {weight} as a validator: what was to change is taken back.";
    STAYS_OUT = "{who} does not become a validator: what was to change is taken back.";
    FROM = "It takes effect {at}, with all other changes of validators that wait.";
    OTHERS_FROM = "All other changes of validators that wait take effect {at}.";
    ORGANISES = "{who} is an organiser now.";
    NO_ORGANISER = "{who} is no organiser any more.";
    LEAVES = "{who} has signed nothing for seven days and stops being an organiser {at}, unless there is a signature from {who} before then.";
    PAGE = "The pool's page is at {address}.";
    PAGE_MOVED = "The pool's page moves from {before} to {address}.";
}

/// The teams with their codes, by which a page chooses their flags.
fn coded(fixture: &Fixture) -> SaidValue {
    let named = |team: &Team| {
        let code = team.code.as_ref();
        code.map_or_else(
            || team.name.to_string(),
            |code| format!("{} ({})", team.name.as_str(), code.as_str()),
        )
    };
    SaidValue::Text(format!(
        "{} – {}",
        named(&fixture.home),
        named(&fixture.away)
    ))
}

/// Gives what an act has changed, for everybody to be told at once: nothing if it waits for signatures, changed nothing or made a
/// record. `name` is how an account is called.
#[must_use]
pub fn told(rules: &Rules, act: &Act, name: &dyn Fn(&AccountId) -> String) -> Vec<Said> {
    let who = |account: &AccountId| SaidValue::Text(name(account));
    match (&act.effect, &act.vote) {
        (Some(Effect::Match { before, after }), vote) => {
            let outcome = match vote {
                Vote::Result(outcome) => Some(outcome),
                _ => None,
            };
            of_match(rules, act, outcome, before.as_deref(), after)
        }
        (Some(Effect::Weight { before, from }), Vote::Appoint(validator)) => {
            let account = ("who", who(&validator.account));
            let weight = ("weight", validator.weight.into());
            let mut said = vec![match (*before, validator.weight) {
                (0, 0) => STAYS_OUT.with([account]),
                (before, after) if before == after => STAYS.with([account, weight]),
                (_, 0) => GONE.with([account]),
                (0, _) => VALIDATOR.with([account, weight]),
                (before, _) => WEIGHS.with([account, ("before", before.into()), weight]),
            }];
            if *from > act.time {
                let stays = *before == validator.weight;
                let from_then = if stays { OTHERS_FROM } else { FROM };
                said.push(from_then.with([("at", (*from).into())]));
            }
            said
        }
        (Some(Effect::Organiser { from }), Vote::Organiser { account, .. }) if *from > act.time => {
            vec![LEAVES.with([("who", who(account)), ("at", (*from).into())])]
        }
        (Some(Effect::Organiser { .. }), Vote::Organiser { account, added }) => {
            let template = if *added { ORGANISES } else { NO_ORGANISER };
            vec![template.with([("who", who(account))])]
        }
        (Some(Effect::Address { before }), Vote::Address(address)) => {
            let address = ("address", address.as_str().into());
            vec![match before {
                Some(before) => PAGE_MOVED.with([("before", before.as_str().into()), address]),
                None => PAGE.with([address]),
            }]
        }
        (Some(Effect::Question { after, .. }), Vote::Result(outcome)) => {
            questions::answered(after, outcome)
        }
        (Some(Effect::Question { before, after, .. }), _) => {
            questions::asked(before.as_deref(), after)
        }
        (
            Some(Effect::Weight { .. } | Effect::Organiser { .. } | Effect::Address { .. }) | None,
            _,
        ) => Vec::new(),
    }
}

fn of_match(
    rules: &Rules,
    act: &Act,
    outcome: Option<&Outcome>,
    before: Option<&Terms>,
    after: &Terms,
) -> Vec<Said> {
    let game = || ("match", (&after.fixture).into());
    let called_off = outcome.and_then(|outcome| match outcome.status {
        Status::Postponed => Some(POSTPONED),
        Status::Cancelled => Some(CANCELLED),
        _ => None,
    });
    let notice = || ("notice", SaidValue::seconds(rules.notice_s));
    let lacks_notice = after.lacks_notice(rules);
    if outcome.is_some() && called_off.is_none() {
        let without = WITHOUT_BETS.with([game(), notice()]);
        return if act.is_told(rules) {
            vec![without]
        } else {
            Vec::new()
        };
    }
    let mut said: Vec<Said> = called_off.map(|it| it.with([game()])).into_iter().collect();
    said.extend(of_fixture(rules, before, after));
    let betting = |it: &Terms| (it.deadline, it.lacks_notice(rules));
    if said.is_empty() && before.map(betting) == Some(betting(after)) {
        return said;
    }
    let is_off = outcome.is_some_and(|outcome| outcome.status == Status::Cancelled);
    said.push(match (lacks_notice, after.deadline) {
        (true, None) => NO_DATE.said(),
        (_, Some(end)) if is_off && end <= act.time => CLOSED.said(),
        (true, Some(_)) if called_off.is_some() => PUT_OFF.with([notice()]),
        (true, Some(_)) => TOO_LATE.with([notice()]),
        (false, Some(end)) if end <= act.time => CLOSED.said(),
        (false, Some(end)) => CLOSES.with([("at", end.into())]),
        (false, None) => NEVER_CLOSES.said(),
    });
    let counted = before.is_some_and(|it| !it.lacks_notice(rules));
    if before.is_some() && !counted && !lacks_notice && after.bets > 0 {
        said.push(AGAIN.with([("bets", after.bets.into())]));
    }
    if counted && lacks_notice && after.deadline.is_some() && after.bets > 0 && !is_off {
        said.push(LOST.with([("bets", after.bets.into())]));
    }
    if act.is_short(rules) && (!lacks_notice || is_off) {
        said.push(SHORT.with([notice()]));
    }
    said
}

/// The changes of a match, but for betting on it.
fn of_fixture(rules: &Rules, before: Option<&Terms>, after: &Terms) -> Vec<Said> {
    let game = || ("match", (&after.fixture).into());
    let mut said = Vec::new();
    let (old, new) = (before.map(|it| &it.fixture), &after.fixture);
    match old {
        None => {
            let stage = ("stage", new.stage.as_str().into());
            said.push(ADDED.with([game(), stage, ("code", new.code.as_str().into())]));
            let (_, times) = rules.stage_of(new);
            if times > 1 {
                said.push(MULTIPLIED.with([("times", times.into())]));
            }
        }
        Some(old) if (&old.home, &old.away) != (&new.home, &new.away) => {
            let same = SaidValue::from(old) == new.into();
            let teams: fn(&Fixture) -> SaidValue = if same { coded } else { |it| it.into() };
            said.push(TEAMS.with([("before", teams(old)), ("after", teams(new))]));
        }
        Some(old) if old.code != new.code => {
            said.push(CODED.with([game(), ("code", new.code.as_str().into())]));
        }
        Some(_) => {}
    }
    match (old.and_then(|it| it.kickoff), new.kickoff) {
        (None, Some(kickoff)) => said.push(BEGINS.with([game(), ("kickoff", kickoff.into())])),
        (Some(from), Some(to)) if from != to => {
            said.push(MOVED.with([game(), ("from", from.into()), ("to", to.into())]));
        }
        (Some(from), None) => said.push(UNDATED.with([game(), ("from", from.into())])),
        _ => {}
    }
    match (before.and_then(|it| it.day), after.day) {
        (old, Some(day)) if old != Some(day) => {
            said.push(OF_DAY.with([game(), ("day", day.begins.into())]));
        }
        (Some(_), None) if new.kickoff.is_none() => said.push(NO_DAY.with([game()])),
        _ => {}
    }
    said
}
