//! A good slip in words.

use bolao_ledger::{Action, Height, MatchNo, Score};
use bolao_receipts::{Beside, Deciders, Proven, Slip, SlipReport};

use super::{
    at::At,
    deciders,
    own::Own,
    tips::{Tipped, at, tips},
};
use crate::{
    exit::printable,
    output::{self, count},
};

/// The verdict on a slip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// What can be known here speaks for it.
    Good,
    /// It is as good, and all its bets came too late.
    Late,
    /// The own chain, or a friend's block, is of another history.
    Forged,
    /// The own chain, or the slip's, ends too early to tell.
    Unread,
}

/// A slip with all that is known of it.
#[derive(Clone, Copy)]
pub(super) struct Seen<'a> {
    pub(super) slip: &'a Slip,
    pub(super) report: &'a SlipReport,
    pub(super) own: &'a Own,
    pub(super) at: At,
}

impl Seen<'_> {
    pub(super) fn verdict(&self, revealed: &[(MatchNo, Score)]) -> Verdict {
        let tips = tips(self.report, revealed, self.own);
        let late = !tips.is_empty() && late(&tips) == tips.len();
        let is_friends = self.at.genuine() >= self.report.height;
        match (self.own.beside, self.at) {
            (Some(Beside::Refuted(_) | Beside::OtherValidators(_)), _) | (_, At::Another(_)) => {
                Verdict::Forged
            }
            (Some(Beside::Branched | Beside::Above(_)), _) if !is_friends => Verdict::Unread,
            (None, At::Beyond(_)) => Verdict::Unread,
            _ if late => Verdict::Late,
            _ => Verdict::Good,
        }
    }

    /// Those of whom the fewest could have made the slip, as far as it is known here.
    pub(super) fn few(&self) -> Option<&Deciders> {
        match self.own.beside {
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
pub(super) fn lines(seen: &Seen<'_>, revealed: &[(MatchNo, Score)]) -> Vec<String> {
    let Seen {
        slip, report, own, ..
    } = *seen;
    let tips = tips(report, revealed, own);
    let account = report.transaction.body.account;
    let mut lines = headline(seen, &tips, seen.verdict(revealed));
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
        lines.push(format!(
            "What      {}",
            printable(&report.transaction.body.action.words())
        ));
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

/// The verdict in a line or two.
fn headline(seen: &Seen<'_>, tips: &[Tipped<'_>], verdict: Verdict) -> Vec<String> {
    let Seen { report, own, .. } = *seen;
    let is_final = matches!(report.proven, Proven::Votes(_));
    let mut lines = match verdict {
        Verdict::Forged => vec![forged(seen)],
        Verdict::Unread => vec![unread(seen, is_final)],
        Verdict::Late => {
            let (what, ends) = match tips.len() {
                1 => ("The bet", "it was sent, but it does not count"),
                _ => ("The bets", "they were sent, but they do not count"),
            };
            vec![format!(
                "{}: the slip proves that {ends}.",
                output::bad(&format!("{what} came too late"))
            )]
        }
        Verdict::Good => {
            let what = if is_final {
                "this bet is in a final block of this pool."
            } else {
                "this bet is in a chain of this pool."
            };
            vec![format!("{}: {what}", output::good("Valid"))]
        }
    };
    let late = late(tips);
    if verdict == Verdict::Good && late > 0 {
        let do_not = if late == 1 { "does not" } else { "do not" };
        lines.push(format!(
            "{}: {late} of its {} bets came too late and {do_not} count.",
            output::bad("But"),
            tips.len()
        ));
    }
    if let Some(few) = seen.few().filter(|_| verdict != Verdict::Forged) {
        let how = match own.beside {
            None => {
                " Compare it in a home of the pool, or with a final block from a friend (--at HEIGHT:HASH)."
            }
            _ => "",
        };
        lines.push(format!(
            "{}: {} could make such a receipt at any time, with {}.{how}",
            output::bad("But"),
            seen.who(few),
            deciders::keys(few)
        ));
    }
    lines
}

/// The sentence that another history is known.
fn forged(seen: &Seen<'_>) -> String {
    let forged = output::bad("Forged");
    let another = match seen.own.beside {
        Some(Beside::Refuted(height)) => {
            format!("your own chain has another block {height}, which is final")
        }
        Some(Beside::OtherValidators(height)) => {
            format!("by your own chain, others vote after block {height} than in this slip")
        }
        _ => "it leads to another block than the one that you were told".to_owned(),
    };
    match seen.few() {
        Some(few) => format!(
            "{forged}: {another}. Making this one took {}: keep this file, it proves two histories.",
            seen.who(few)
        ),
        None => format!("{forged}, or from an abandoned branch: {another}."),
    }
}

/// The sentence that it cannot be told here.
fn unread(seen: &Seen<'_>, is_final: bool) -> String {
    let height = seen.report.height;
    match seen.own.beside {
        Some(Beside::Above(tip)) => format!(
            "{}: your own chain ends at block {tip}, and the slip is of block {height}. Run your node, then verify again.",
            output::bad("Not in the pool that this home has read")
        ),
        Some(Beside::Branched) if is_final => format!(
            "{}: it has another block at height {height}, which is not final yet. Run your node, then verify again.",
            output::bad("Your own chain does not have this")
        ),
        Some(Beside::Branched) => format!(
            "{}: it has another block at height {height}. The slip is from an abandoned branch, or from a chain that someone \
            made up.",
            output::bad("Your own chain does not have this")
        ),
        _ => format!(
            "{}: the slip shows blocks up to {}. Ask for the hash of block {height} or of a later one up to there (`bolao chain \
            HEIGHT`), or for a newer slip.",
            output::bad("Not compared"),
            seen.report.top()
        ),
    }
}

fn late(tips: &[Tipped<'_>]) -> usize {
    tips.iter()
        .filter(|tip| tip.before_deadline == Some(false))
        .count()
}

/// Whether the own chain has the slip's block.
fn compared(own: &Own) -> String {
    match own.beside {
        Some(Beside::Held) => "your own chain has this block".to_owned(),
        Some(Beside::Refuted(height)) => {
            format!("your own chain has ANOTHER block {height}, which is final")
        }
        Some(Beside::OtherValidators(height)) => {
            format!("your own chain has OTHER validators after block {height}")
        }
        Some(Beside::Branched) => "your own chain has ANOTHER block at this height".to_owned(),
        Some(Beside::Above(tip)) => format!(
            "your own chain has not reached this block yet: it ends at block {tip}. Run your node, then verify again"
        ),
        None => {
            "not compared with your own: `bolao verify` does that in a home of this pool".to_owned()
        }
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
        matches!(report.transaction.body.action, Action::Join { .. }),
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
