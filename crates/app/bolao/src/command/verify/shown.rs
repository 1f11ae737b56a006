//! A good slip in words.

use bolao_ledger::{
    AccountId, Action, Height, ItemKind, MatchNo, Prediction, UnixSeconds, json::Words,
};
use bolao_receipts::{Answer, Beside, Deciders, Proven, Slip, SlipReport};
use bolao_rulebook::{Nameless, english_with};

use super::{
    at::At,
    deciders,
    own::Own,
    tips::{Tipped, at, tips},
};
use crate::{
    exit::printable,
    output::{self, count},
    time,
};

/// A slip with all that is known of it.
#[derive(Clone, Copy)]
pub(super) struct Seen<'a> {
    pub(super) slip: &'a Slip,
    pub(super) report: &'a SlipReport,
    pub(super) own: &'a Own,
    pub(super) at: At,
}

impl Seen<'_> {
    /// Whether it is in the own chain, or in the pool by a friend's block.
    pub(super) fn answer(&self) -> Answer {
        match (self.own.beside(), self.at) {
            (_, At::Another(_)) => Answer::NotInChain,
            (
                Some(beside @ (Beside::Held | Beside::Refuted(_) | Beside::OtherValidators(_))),
                _,
            ) => beside.answer(),
            // # Rule V12: if a block that is known to be the pool's is not below its own, the transaction is in the pool.
            (beside, _) if self.told().is_some() => match beside {
                // Where only work counts, a friend's chain is one of two.
                Some(Beside::Branched) if self.report.genesis.consensus.voting().is_none() => {
                    Answer::NotInChain
                }
                _ => Answer::InChain,
            },
            (Some(beside), _) => beside.answer(),
            (None, _) => Answer::NotCompared,
        }
    }

    /// The friend's block by which it is in the pool.
    fn told(&self) -> Option<Height> {
        self.at.settles(self.report.height)
    }

    /// What the answer that it is in the chain rests on.
    pub(super) fn rests_on(&self) -> Option<&'static str> {
        match (self.answer(), self.own.beside()) {
            (Answer::InChain, Some(Beside::Held)) => Some("own_chain"),
            (Answer::InChain, _) => Some("told_block"),
            (Answer::NotInChain | Answer::NotCompared, _) => None,
        }
    }

    /// Those of whom the fewest could have made the slip, as far as it is known here.
    pub(super) fn few(&self) -> Option<&Deciders> {
        match self.own.beside() {
            Some(Beside::Refuted(height)) => self.report.signers_of(height),
            Some(Beside::OtherValidators(height)) => self.report.voters_after(height),
            _ => self.report.weakest(self.own.genuine.max(self.at.genuine())),
        }
    }

    fn who(&self, few: &Deciders) -> String {
        deciders::who(few, self.own, &self.report.genesis.organisers)
    }
}

/// The lines about what the slip proves and what it does not.
pub(super) fn lines(seen: &Seen<'_>, revealed: &[(MatchNo, Prediction)]) -> Vec<String> {
    let Seen {
        slip, report, own, ..
    } = *seen;
    let tips = tips(report, revealed, own);
    let account = report.transaction.body.account;
    let mut lines = headline(seen, &tips);
    lines.extend([
        format!("Pool      {}", printable(report.genesis.name.as_str())),
        format!("          {}", slip.pool),
        match own.names.get(&account) {
            Some(name) => format!("Who       {name} (named so in your own chain)"),
            None => "Who       the owner of".to_owned(),
        },
        format!("          {account}"),
    ]);
    if tips.is_empty() {
        lines.push(format!("What      {}", printable(&says(report, own))));
    }
    for tip in &tips {
        lines.push(format!("Bet       {}", tip.bet()));
        lines.push(format!("          {}", tip.when(report, own)));
    }
    lines.push(format!(
        "Block     {} of {}",
        report.height,
        at(report.time)
    ));
    lines.push(format!("          {}", report.block));
    lines.extend(proof(report));
    lines.extend(report.weakest(Height::ZERO).map(|few| {
        format!(
            "          the fewest on the way to it: {}, with {}",
            seen.who(few),
            deciders::keys(few)
        )
    }));
    lines.push(format!("Chain     {}", compared(own)));
    lines.extend(match seen.at {
        At::Holds(height) => Some(format!("          it leads to block {height} that you were told")),
        At::Another(height) => Some(format!(
            "          it has ANOTHER block {height} than the one that you were told"
        )),
        At::Beyond(height) => Some(format!(
            "          it does not reach block {height} that you were told: it shows blocks up to {}",
            report.top()
        )),
        At::NotAsked => None,
    });
    lines.push(String::new());
    lines.extend(unproven(report, &tips));
    lines
}

/// Why the block is one of the pool's, a line each.
fn proof(report: &SlipReport) -> Vec<String> {
    match &report.proven {
        Proven::Work(proven) => {
            let mut lines = vec![format!(
                "On top    {} up to block {} of {}",
                count(proven.confirmations.saturating_sub(1), "block", "blocks"),
                proven.tip_height,
                at(proven.tip_time)
            )];
            let labels = ["Work", ""].into_iter();
            let said = work(&proven.work, &proven.first_work);
            lines.extend(
                labels
                    .zip(said)
                    .map(|(label, line)| format!("{label:10}{line}")),
            );
            lines
        }
        Proven::Votes(proven) => {
            let signed = if proven.signers == proven.validators {
                match proven.validators {
                    1 => "the validator".to_owned(),
                    all => format!("all {all} validators"),
                }
            } else {
                format!(
                    "{} of {} validators, with {} of the weight {}",
                    proven.signers, proven.validators, proven.weight, proven.total
                )
            };
            let changed = match proven.changes {
                0 => "they are those that the pool was made with".to_owned(),
                times => format!(
                    "{} since the pool was made, each signed by those before",
                    count(times, "change of validators", "changes of validators")
                ),
            };
            let with = if proven.signed == report.height {
                String::new()
            } else {
                format!(" with block {}, which stands on it", proven.signed)
            };
            let mut lines = vec![
                format!("Final     signed by {signed}{with}"),
                format!("          {changed}"),
            ];
            if proven.contested {
                lines.push(
                    "          they supported different blocks before they signed this one"
                        .to_owned(),
                );
            }
            lines
        }
        _ => Vec::new(),
    }
}

/// The answer in a line or two.
fn headline(seen: &Seen<'_>, tips: &[Tipped<'_>]) -> Vec<String> {
    let answer = seen.answer();
    let mut lines = vec![match answer {
        Answer::InChain => in_chain(seen, tips),
        Answer::NotInChain => not_in_chain(seen),
        Answer::NotCompared => not_compared(seen),
    }];
    let late = late(tips);
    if answer == Answer::InChain && late > 0 && !all_late(tips) {
        let do_not = if late == 1 { "does not" } else { "do not" };
        lines.push(format!(
            "{}: {late} of its {} bets came too late and {do_not} count.",
            output::bad("But"),
            tips.len()
        ));
    }
    // Of a forged one its own line says it.
    let is_forged = matches!(
        seen.own.beside(),
        Some(Beside::Refuted(_) | Beside::OtherValidators(_))
    ) || matches!(seen.at, At::Another(_));
    if is_forged {
        return lines;
    }
    let how = match answer {
        Answer::NotCompared => {
            " Compare it in a home of the pool, or with a final block from a friend (--at HEIGHT:HASH)."
        }
        Answer::InChain | Answer::NotInChain => "",
    };
    if let Some(few) = seen.few() {
        lines.push(format!(
            "{}: {} could make such a receipt at any time, with {}.{how}",
            output::bad("But"),
            seen.who(few),
            deciders::keys(few)
        ));
    } else if answer == Answer::NotCompared {
        lines.push(format!(
            "{}: anyone with enough computing time could make such a receipt.{how}",
            output::bad("But")
        ));
    }
    lines
}

/// The words that a slip and the own chain have.
struct SlipWords<'a> {
    report: &'a SlipReport,
    own: &'a Own,
}

impl Words for SlipWords<'_> {
    fn name(&self, account: &AccountId) -> Option<String> {
        self.own.names.get(account).cloned()
    }

    fn code(&self, no: MatchNo) -> String {
        let known = self.report.genesis.matches.iter().find(|it| it.no == no);
        known.map_or_else(
            || match self.kind(no) {
                ItemKind::Match => Nameless.code(no),
                ItemKind::Question => format!("question {no}"),
            },
            |it| it.code.to_string(),
        )
    }

    fn kind(&self, no: MatchNo) -> ItemKind {
        self.report.genesis.rules.kind_of(no).unwrap_or_default()
    }

    fn time(&self, at: UnixSeconds) -> String {
        time::local(at)
    }
}

/// The sentence that says what the transaction does.
fn says(report: &SlipReport, own: &Own) -> String {
    let body = &report.transaction.body;
    english_with(&body.action.says(&body.account), &SlipWords { report, own })
}

/// What the transaction is, and the verb behind it.
fn what(report: &SlipReport, own: &Own) -> (String, &'static str) {
    let action = &report.transaction.body.action;
    let placed = action.placed();
    let kind = |no| SlipWords { report, own }.kind(no);
    let answers = { placed.iter() }.filter(|it| kind(it.match_no) == ItemKind::Question);
    match (placed.len(), answers.count()) {
        (0, _) => {
            let says = printable(&says(report, own));
            (format!("this transaction (“{says}”)"), "is")
        }
        (1, 0) => ("this bet".to_owned(), "is"),
        (_, 0) => ("these bets".to_owned(), "are"),
        (1, _) => ("this answer".to_owned(), "is"),
        (all, answers) if all == answers => ("these answers".to_owned(), "are"),
        _ => ("these bets and answers".to_owned(), "are"),
    }
}

/// The sentence that it is in the chain, and by what that is known.
fn in_chain(seen: &Seen<'_>, tips: &[Tipped<'_>]) -> String {
    let Seen { report, own, .. } = *seen;
    let is_own = own.beside() == Some(Beside::Held);
    let place = if is_own {
        "In your chain"
    } else {
        "In the pool"
    };
    if all_late(tips) {
        let (what, ends) = match tips.len() {
            1 => ("the bet", "it was sent, but it does not count"),
            _ => ("the bets", "they were sent, but they do not count"),
        };
        let late = output::bad(&format!("{place}, but {what} came too late"));
        return format!("{late}: {ends}.");
    }
    let (what, is) = what(report, own);
    let height = report.height;
    let rests = match seen.told() {
        Some(told) if !is_own && told == height => {
            format!(": the block {told} that you were told holds it")
        }
        Some(told) if !is_own => format!(": the block {told} that you were told stands on it"),
        _ if matches!(report.proven, Proven::Votes(_)) => ", which is final".to_owned(),
        _ => String::new(),
    };
    format!(
        "{}: {what} {is} in block {height}{rests}.",
        output::good(place)
    )
}

/// The sentence that something else is in its place.
fn not_in_chain(seen: &Seen<'_>) -> String {
    let height = seen.report.height;
    let another = match seen.own.beside() {
        Some(Beside::Refuted(height)) => {
            format!("your own chain has another block {height}, which is final")
        }
        Some(Beside::OtherValidators(height)) => {
            format!("by your own chain, others vote after block {height} than in this slip")
        }
        _ if matches!(seen.at, At::Another(_)) => {
            "it leads to another block than the one that you were told".to_owned()
        }
        _ => {
            let more = if seen.report.genesis.consensus.voting().is_some() {
                "which is not final yet. Run your node, then verify again"
            } else {
                "so the slip is from an abandoned branch, or from a chain that someone made up"
            };
            return format!(
                "{}: it has another block at height {height}, {more}.",
                output::bad("Not in your chain")
            );
        }
    };
    let place = match seen.own.beside() {
        Some(Beside::Refuted(_) | Beside::OtherValidators(_)) => "Not in your chain",
        _ => "Not in the pool",
    };
    match seen.few() {
        Some(few) => format!(
            "{}: {another}. Making this one took {}: keep this file, it proves two histories.",
            output::bad(&format!("{place}, so forged")),
            seen.who(few)
        ),
        None => format!(
            "{}: {another}. It is forged, or from an abandoned branch.",
            output::bad(place)
        ),
    }
}

/// The sentence that it was not compared, and why.
fn not_compared(seen: &Seen<'_>) -> String {
    let not = output::bad("Not compared");
    let (height, top) = (seen.report.height, seen.report.top());
    match (&seen.own.compared, seen.at) {
        (Ok(_), _) => format!("{not}: {}.", compared(seen.own)),
        (Err(_), At::Beyond(_)) => format!(
            "{not}: the slip shows blocks up to {top}. Ask for the hash of block {height} or of a later one up to there (`bolao chain \
             HEIGHT`), or for a newer slip."
        ),
        (Err(_), At::Holds(told)) => format!(
            "{not}: the block {told} that you were told is below it. Ask for the hash of block {height} or of a later one up to {top} \
             (`bolao chain HEIGHT`)."
        ),
        (Err(why), _) => format!("{not}: {why}."),
    }
}

/// Whether it has bets, and none of them came in time.
pub(super) fn all_late(tips: &[Tipped<'_>]) -> bool {
    !tips.is_empty() && late(tips) == tips.len()
}

fn late(tips: &[Tipped<'_>]) -> usize {
    tips.iter()
        .filter(|tip| tip.before_deadline == Some(false))
        .count()
}

/// Whether the own chain has the slip's block.
fn compared(own: &Own) -> String {
    match &own.compared {
        Ok(Beside::Held) => "your own chain has this block".to_owned(),
        Ok(Beside::Refuted(height)) => {
            format!("your own chain has ANOTHER block {height}, which is final")
        }
        Ok(Beside::OtherValidators(height)) => {
            format!("your own chain has OTHER validators after block {height}")
        }
        Ok(Beside::Branched) => "your own chain has ANOTHER block at this height".to_owned(),
        Ok(Beside::Above(tip)) => format!(
            "your own chain has not reached this block yet: it ends at block {tip}. Run your node, then verify again"
        ),
        Err(why) => format!("not compared: {why}"),
    }
}

/// The work behind the slip, beside what can be had for how little.
fn work(work: &str, first: &str) -> Vec<String> {
    let mut lines = vec![format!(
        "about {} hashes to leave it out of this chain; one core makes some 10 million in a second",
        large(work)
    )];
    if large(work) != large(first) {
        let little = if number(work) * 2.0 < number(first) {
            ": far more. A chain that one person made slowly looks like this one"
        } else {
            ""
        };
        lines.push(format!(
            "as many blocks at the pool's first target take {}{little}",
            large(first)
        ));
    }
    lines
}

/// The lines about what a slip cannot prove.
fn unproven(report: &SlipReport, tips: &[Tipped<'_>]) -> Vec<String> {
    let (bets, joins) = (
        !tips.is_empty(),
        matches!(report.transaction.body.action, Action::Join(_)),
    );
    let mined = match &report.proven {
        Proven::Work(proven) => Some(proven.tip_height),
        _ => None,
    };
    let is_mined = mined.is_some();
    let rows = [
        (true, "It does not prove"),
        (bets, "- that no later bet of the same player replaced it;"),
        (
            bets,
            "- when the match finally kicked off: organisers can move it, and a late bet is void;",
        ),
        (
            !joins,
            "- which name the account has: the block in which it joined says that;",
        ),
        (
            report.becomes_final(),
            "- that the block is final: a slip made once it is proves that too;",
        ),
        (
            is_mined,
            "- that the block was made when it says: miners choose its time within bounds;",
        ),
        (
            !is_mined,
            "- that the block was made when it says, to the second: validators accept times within some seconds of \
            their clocks;",
        ),
        (
            !is_mined,
            "- that these validators, or those before them, have not signed another history as well: a second slip of this height would prove that they cheated.",
        ),
    ];
    let said = rows.into_iter().filter(|(is_so, _)| *is_so);
    let last = mined.map(|height| {
        format!("- that the pool uses this chain up to block {height}: someone may know one with more work.")
    });
    said.map(|(_, text)| text.to_owned()).chain(last).collect()
}

/// About the number that hexadecimal digits say.
fn number(hex: &str) -> f64 {
    hex.chars()
        .filter_map(|digit| digit.to_digit(16))
        .fold(0.0, |sum: f64, digit| sum.mul_add(16.0, f64::from(digit)))
}

/// A number of hashes as people say it, from hexadecimal.
fn large(hex: &str) -> String {
    const UNITS: [&str; 5] = ["", " thousand", " million", " billion", " trillion"];
    let mut number = number(hex);
    let mut unit = 0;
    while number >= 1_000.0 && unit + 1 < UNITS.len() {
        number /= 1_000.0;
        unit += 1;
    }
    let unit = UNITS.get(unit).copied().unwrap_or_default();
    if number < 10.0 && !unit.is_empty() {
        format!("{number:.1}{unit}")
    } else {
        format!("{number:.0}{unit}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn little_work_is_told() {
        assert_eq!(work("1000000", "1000001").len(), 1);
        let harder = work("2000000", "1000000");
        assert_eq!(
            harder.get(1).map(String::as_str),
            Some("as many blocks at the pool's first target take 17 million")
        );
        let alone = work("10000", "1000000").join(" ");
        assert!(alone.contains("take 17 million: far more"), "{alone}");
    }

    #[test]
    fn large_numbers() {
        assert_eq!(large("0"), "0");
        assert_eq!(large("0004"), "4");
        assert_eq!(large("3e8"), "1.0 thousand");
        assert_eq!(large("10000"), "66 thousand");
        assert_eq!(large("1000000"), "17 million");
        assert_eq!(large(&"f".repeat(16)), "18446744 trillion");
    }
}
