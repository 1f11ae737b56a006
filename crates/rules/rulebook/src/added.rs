//! Rules that new pools have and the plainest do not.

use bolao_ledger::Genesis;

use crate::{Said, SaidValue, template::templates};

templates! {
    GOES_ON = "If a match is postponed before it has started, betting on it continues until its new kick-off, and no hidden bet is revealed before that.";
    OPENS_AGAIN = "If a match is postponed, betting on it ends at its old kick-off, and opens again only if it is rescheduled before that.";
    GOES_ON_IN_TIME = "If a match is postponed with that notice, its bets stand, betting on it continues once its new kick-off is known with such notice, and no hidden bet is revealed before that.";
    ENDS_IN_TIME = "If a match is postponed, betting on it ends at its old kick-off unless it is rescheduled with that notice.";
    ENDS = "If a match is postponed, betting on it ends at its old kick-off unless it is rescheduled before that.";
    BOUNDS = "Within {window} an account that is no organiser's sends at most \
              {transactions, plural, one {# transaction} other {# transactions}} of \
              {bytes, plural, one {# byte} other {# bytes}} together, and at most \
              {joins, plural, one {# player joins} other {# players join}}.";
}

/// Gives the sentence on betting on a match that is put off.
pub(super) fn put_off(genesis: &Genesis) -> Said {
    let stays_open = genesis.rules.put_off_stays_open;
    if genesis.rules.notice_s > 0 {
        let put_off = if stays_open {
            GOES_ON_IN_TIME
        } else {
            ENDS_IN_TIME
        };
        return put_off.said();
    }
    let put_off = match (stays_open, genesis.rules.later_kickoff_reopens) {
        (true, _) => GOES_ON,
        (false, true) => OPENS_AGAIN,
        (false, false) => ENDS,
    };
    put_off.said()
}

pub(super) fn bounds(genesis: &Genesis) -> Option<Said> {
    let bounds = genesis.bounds?;
    Some(BOUNDS.with([
        ("window", SaidValue::seconds(bounds.window_s)),
        ("transactions", bounds.account_transactions.into()),
        ("bytes", bounds.account_bytes.into()),
        ("joins", bounds.joins.into()),
    ]))
}
