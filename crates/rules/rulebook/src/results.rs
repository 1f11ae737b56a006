//! Results, pots and the table.

use bolao_ledger::{BetMode, Genesis, NobodyRight, Quorum, Rules, said::Template};

use crate::{Said, SaidValue, added::put_off, template::templates};

templates! {
    NO_ORGANISERS = "There are no organisers: nobody can schedule matches or record results.";
    ANY_OF_FIRST = "One organiser is enough to {what}.";
    SEVERAL_OF_FIRST = "{quorum, number} of the organisers, {organisers, number} at first, must agree to {what}.";
    THE_ONE = "Only the organiser can {what}.";
    ANY_OF = "One of the {organisers, number} organisers is enough to {what}.";
    SEVERAL_OF = "{quorum, number} of the {organisers, number} organisers must agree to {what}.";
    TWO_ONCE_TWO = "It takes one signature to {what} while there is one organiser, and two once there are two.";
    SCHEDULE = "add a match or set its kick-off";
    RESULT = "enter a result";
    FINAL_AT_ONCE = "A result is final from the next block on.";
    PROVISIONAL = "A result is provisional for {window} at least, in which every player may object once and the \
                   organisers may correct it; then it is final.";
    NOT_WHILE_SEALED = "It is not final while hidden bets on the match can still be revealed.";
    PUT_OFF = "If a match is postponed, its bets and stakes stay until it is played.";
    SAME_ORGANISERS = "The organisers stay as they are.";
    ANY_ADDS = "One organiser is enough to add or remove organisers.";
    SEVERAL_ADD = "{needed, number} organisers must agree to add or remove one.";
    CHANGE = "add or remove an organiser";
    MAY_LEAVE = "One signature is enough to ask an organiser to leave who has signed nothing for seven days, such as after losing the words. Everyone is told at once; seven days later the organiser leaves, unless there is a signature from that account before then.";
    SHARED = "When a result is final, the match's pot is shared in proportion to stake times points; leftover chips go to the largest fractions.";
    REFUND = "If nobody has points, every stake goes back.";
    ROLLOVER = "If nobody has points, the pot is added to the next one that is paid.";
    NO_SCORE = "If a match ends without a score that counts, such as when it is cancelled or abandoned, every stake goes back.";
    TRANSFERS = "Players may give chips to one another.";
    NO_TRANSFERS = "Nobody can give chips to another player.";
    EQUAL = "Players with equal points share a place.";
    SEPARATED = "Players with equal points are separated by {what}; if all of that is equal, they share the place.";
    THEN = "{first}, then by {next}";
}

pub(super) fn results(genesis: &Genesis) -> Vec<Said> {
    let rules = &genesis.rules;
    if genesis.organisers.is_empty() {
        return vec![NO_ORGANISERS.said()];
    }
    let mut said = vec![
        signed(genesis, rules.schedule_quorum, SCHEDULE),
        signed(genesis, rules.results_quorum, RESULT),
    ];
    said.push(match rules.dispute_window_s {
        0 => FINAL_AT_ONCE.said(),
        window => PROVISIONAL.with([("window", SaidValue::seconds(window))]),
    });
    if rules.bets == BetMode::Sealed {
        said.push(NOT_WHILE_SEALED.said());
    }
    said.push(PUT_OFF.said());
    said.push(put_off(genesis));
    let quorum = genesis.rules.organisers_quorum;
    said.push(match quorum.among(1) {
        0 => SAME_ORGANISERS.said(),
        _ if quorum == Quorum::TWO_ONCE_TWO => TWO_ONCE_TWO.with([("what", CHANGE.said().into())]),
        1 => ANY_ADDS.said(),
        needed => SEVERAL_ADD.with([("needed", needed.into())]),
    });
    if quorum.among(2) > 1 {
        said.push(MAY_LEAVE.said());
    }
    said
}

/// Gives the sentence on how many organisers sign something.
fn signed(genesis: &Genesis, quorum: Quorum, what: Template) -> Said {
    let all = genesis.organisers.len();
    let organisers = SaidValue::count(all);
    let change = genesis.rules.organisers_quorum != Quorum::of(0);
    let what = ("what", what.said().into());
    let several = if change { SEVERAL_OF_FIRST } else { SEVERAL_OF };
    if change && quorum == Quorum::TWO_ONCE_TWO {
        return TWO_ONCE_TWO.with([what]);
    }
    match quorum.among(all) {
        _ if organisers == SaidValue::Number(1) && !change => THE_ONE.with([what]),
        1 if change => ANY_OF_FIRST.with([what]),
        1 => ANY_OF.with([("organisers", organisers), what]),
        quorum => several.with([("quorum", quorum.into()), ("organisers", organisers), what]),
    }
}

pub(super) fn pots(rules: &Rules) -> Vec<Said> {
    if rules.stake_max.0 == 0 {
        return Vec::new();
    }
    let nobody = match rules.nobody_right {
        NobodyRight::Refund => REFUND,
        NobodyRight::Rollover => ROLLOVER,
    };
    [SHARED, nobody, NO_SCORE].map(Template::said).to_vec()
}

pub(super) fn transfers(genesis: &Genesis) -> Said {
    if genesis.rules.transfers {
        TRANSFERS.said()
    } else {
        NO_TRANSFERS.said()
    }
}

pub(super) fn standings(rules: &Rules) -> Said {
    let breaks = rules.tie_breaks.iter().map(|rule| rule.says().said());
    let what =
        breaks.reduce(|first, next| THEN.with([("first", first.into()), ("next", next.into())]));
    match what {
        None => EQUAL.said(),
        Some(what) => SEPARATED.with([("what", what.into())]),
    }
}
