//! What a bet is, until when, and with what stake.

use bolao_ledger::{BetMode, Genesis, ItemKind, MatchNo, Rules};

use crate::{Said, SaidValue, template::templates};

templates! {
    OPEN = "Bets are open: everybody sees them at once.";
    HIDDEN = "Bets are hidden until kick-off.";
    SEALED = "Bets are hidden until kick-off: only the player who made a bet can read it, not even an organiser can.";
    OPENED = "A hidden bet must be revealed between kick-off and {window} after it, which wallets do automatically; one that is not revealed counts as no bet, and its stake stays in the pot.";
    ANYBODY_OPENS = "Anyone who knows the score and the secret of a hidden bet can reveal it for its player. Players and computers that receive them for kick-off could look earlier.";
    UNTIL_KICKOFF = "A bet counts if it is in a block before kick-off, by the pool's own clock; until then a later bet replaces \
                     an earlier one.";
    UNTIL_DEADLINE = "A bet counts if it is in a block before the deadline, {lead} before kick-off, by the pool's own clock; \
                      until then a later bet replaces an earlier one.";
    REOPENS = "If a kick-off is moved to a later time, betting that had ended opens again, as long as the match has not started.";
    STAYS_CLOSED = "If a kick-off is moved to a later time, betting that had ended stays closed.";
    WITH_NOTICE = "If a match is moved to a later time or postponed at least {notice} before betting on it ends, you can bet until its new time. With less notice, the bets made so far count.";
    AGE = "Bets on a match count only if it stood open, with its teams in this order, for at least {notice} before betting on it ended. On a match that was added, dated or given other teams later than that, that has no date, or that was cancelled before betting on it ended, no bets count, and stakes go back. Matches as the pool began with them need no such time.";
    TEAMS_STAY = "The teams of a match stay once they are known and somebody has bet on it.";
    BY_DAYS_IN_TIME = "Betting on a match whose day is known, and not its time, ends when that day begins, or at its kick-off if \
                       that becomes known with such notice.";
    BY_DAYS = "Betting on a match whose day is known, and not its time, ends when that day begins; once its kick-off is \
               known, betting goes on until then.";
    SHORT_VOID = "Of several bets that are sent together, those that the player's chips do not cover do not count; the others do, in the order in which they were sent.";
    NO_STAKES = "Bets are for points only: no chips are staked.";
    ONE_STAKE = "Every bet stakes exactly {stake, plural, one {# chip} other {# chips}}.";
    UP_TO = "A bet may stake up to {most, plural, one {# chip} other {# chips}}; one that stakes 0 is for points only.";
    FROM_TO = "A bet stakes {least, number} to {most, plural, one {# chip} other {# chips}}.";
    OWN_BETS = "Sealed: only you see {bets, plural, one {it} other {them}} before kick-off. Your node opens {bets, plural, one {it} other {them}} after that, so let it run at some time within {window} from then on; what is not opened by then does not count.";
    OWN_ANSWERS = "Sealed: only you see {bets, plural, one {it} other {them}} before the question closes. Your node opens {bets, plural, one {it} other {them}} after that, so let it run at some time within {window} from then on; what is not opened by then does not count.";
}

/// The secrecy of own bets on matches, or answers to questions, that were sent just now; none where everybody sees them.
#[must_use]
pub fn own_sealed(rules: &Rules, on: &[MatchNo]) -> Option<Said> {
    let are_answers = on
        .iter()
        .any(|no| rules.kind_of(*no) == Some(ItemKind::Question));
    let sentence = if are_answers { OWN_ANSWERS } else { OWN_BETS };
    rules.has_sealed_bets().then(|| {
        sentence.with([
            ("bets", SaidValue::count(on.len())),
            ("window", SaidValue::seconds(rules.opening_window_s)),
        ])
    })
}

pub(super) fn tipping(genesis: &Genesis) -> Vec<Said> {
    let rules = &genesis.rules;
    let mut said = Vec::new();
    match rules.bets {
        BetMode::Open => said.push(OPEN.said()),
        BetMode::Sealed => {
            // Only where nobody else is given what opens a bet does nobody else read it.
            said.push(if rules.anybody_opens { HIDDEN } else { SEALED }.said());
            said.push(OPENED.with([("window", SaidValue::seconds(rules.opening_window_s))]));
            if rules.anybody_opens {
                said.push(ANYBODY_OPENS.said());
            }
        }
    }
    said.push(match rules.deadline_lead_s {
        0 => UNTIL_KICKOFF.said(),
        lead => UNTIL_DEADLINE.with([("lead", SaidValue::seconds(lead))]),
    });
    let notice_s = rules.notice_s;
    said.push(match rules.later_kickoff_reopens {
        _ if notice_s > 0 => WITH_NOTICE.with([("notice", SaidValue::seconds(notice_s))]),
        true => REOPENS.said(),
        false => STAYS_CLOSED.said(),
    });
    if notice_s > 0 {
        let notice = ("notice", SaidValue::seconds(notice_s));
        said.extend([AGE.with([notice]), TEAMS_STAY.said()]);
    }
    if genesis.days.is_some() {
        let by_days = if notice_s > 0 {
            BY_DAYS_IN_TIME
        } else {
            BY_DAYS
        };
        said.push(by_days.said());
    }
    if rules.short_bets_void && rules.stake_max.0 > 0 {
        said.push(SHORT_VOID.said());
    }
    said.push(match (rules.stake_min.0, rules.stake_max.0) {
        (0, 0) => NO_STAKES.said(),
        (least, most) if least == most => ONE_STAKE.with([("stake", most.into())]),
        (0, most) => UP_TO.with([("most", most.into())]),
        (least, most) => FROM_TO.with([("least", least.into()), ("most", most.into())]),
    });
    said
}
