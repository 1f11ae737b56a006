//! A good slip in words, and as JSON.

use bolao_api::slip::{Slip, SlipReport};
use bolao_ledger::{Action, Chips, Fixture, MatchNo, Score, UnixSeconds};
use serde_json::{Value, json};

use crate::{
    exit::printable,
    output::{self, count},
    time,
};

/// A tip of the slip: the score unless it is sealed.
struct Tipped<'a> {
    no: MatchNo,
    /// The match as the pool was made with it.
    fixture: Option<&'a Fixture>,
    score: Option<Score>,
    sealed: bool,
    stake: Chips,
}

fn tips<'a>(report: &'a SlipReport, revealed: &[(MatchNo, Score)]) -> Vec<Tipped<'a>> {
    let fixture = |no: MatchNo| report.genesis.matches.iter().find(|game| game.no == no);
    match &report.transaction.body.action {
        Action::Bet { tips } => tips
            .iter()
            .map(|tip| Tipped {
                no: tip.match_no,
                fixture: fixture(tip.match_no),
                score: Some(tip.score),
                sealed: false,
                stake: tip.stake,
            })
            .collect(),
        Action::Seal { tips } => tips
            .iter()
            .map(|tip| Tipped {
                no: tip.match_no,
                fixture: fixture(tip.match_no),
                score: revealed
                    .iter()
                    .find(|(no, _)| *no == tip.match_no)
                    .map(|(_, score)| *score),
                sealed: true,
                stake: tip.stake,
            })
            .collect(),
        _ => Vec::new(),
    }
}

fn at(seconds: UnixSeconds) -> String {
    time::timestamp(seconds).map_or_else(|| format!("second {seconds}"), time::local)
}

/// What the slip proves and what it does not, a line each.
pub(super) fn lines(
    slip: &Slip,
    report: &SlipReport,
    revealed: &[(MatchNo, Score)],
    name: Option<&str>,
) -> Vec<String> {
    let tips = tips(report, revealed);
    let account = report.transaction.body.account;
    let mut lines = vec![
        format!(
            "{}: this is in the pool's chain.",
            output::good("The slip is good")
        ),
        format!("Pool      {}", printable(report.genesis.name.as_str())),
        format!("          {}", slip.pool),
        match name {
            Some(name) => format!("Who       {name} (a name by your own chain)"),
            None => "Who       whoever holds the key of".to_owned(),
        },
        format!("          {account}"),
    ];
    if tips.is_empty() {
        lines.push(format!(
            "What      {}",
            what(&report.transaction.body.action)
        ));
    }
    for tip in &tips {
        lines.push(format!("Bet       {}", bet(tip)));
        lines.push(format!("          {}", when(tip, report.clock)));
    }
    lines.push(format!(
        "Block     {} of {}",
        report.height,
        at(report.time)
    ));
    lines.push(format!("          {}", report.block));
    lines.push(format!(
        "On top    {} up to block {} of {}",
        count(report.confirmations.saturating_sub(1), "block", "blocks"),
        report.tip_height,
        at(report.tip_time)
    ));
    lines.push(format!(
        "Work      about {} hashes to leave it out of the chain",
        large(&report.work)
    ));
    lines.push(String::new());
    lines.extend(unproven(report, &tips));
    lines
}

/// Score, match and stake.
fn bet(tip: &Tipped<'_>) -> String {
    let game = tip.fixture.map_or_else(
        || format!("match {}, which came after the pool was made", tip.no),
        |game| {
            printable(&format!(
                "{}, {} – {}",
                game.code.as_str(),
                game.home.name.as_str(),
                game.away.name.as_str()
            ))
        },
    );
    let score = match (tip.score, tip.sealed) {
        (Some(score), false) => score.to_string(),
        (Some(score), true) => format!("{score} (sealed; your wallet opens it)"),
        (None, _) => "a sealed score (its owner sees it with --reveal)".to_owned(),
    };
    let stake = match tip.stake {
        Chips::ZERO => String::new(),
        Chips(chips) => format!(", {}", count(chips, "chip", "chips")),
    };
    format!("{score} on {game}{stake}")
}

/// Whether the block came before the kick-off, as far as the slip knows it.
fn when(tip: &Tipped<'_>, clock: UnixSeconds) -> String {
    match tip.fixture.map(|game| game.kickoff) {
        Some(Some(kickoff)) => {
            let apart = time::span(kickoff.0.abs_diff(clock.0));
            let kicked_off = at(kickoff);
            if clock < kickoff {
                format!("{apart} before its first planned kick-off, {kicked_off}")
            } else {
                format!(
                    "{apart} AFTER its first planned kick-off, {kicked_off}: it counts only if that was moved"
                )
            }
        }
        Some(None) => "the match had no kick-off when the pool was made".to_owned(),
        None => "the slip does not know its kick-off".to_owned(),
    }
}

/// What a slip cannot prove.
fn unproven(report: &SlipReport, tips: &[Tipped<'_>]) -> Vec<String> {
    let mut lines = vec!["It does not prove".to_owned()];
    if !tips.is_empty() {
        lines.push("- that no later bet of the same player took its place;".to_owned());
        lines.push(
            "- when the match kicked off in the end: organisers can move it, and a late bet is void;"
                .to_owned(),
        );
    }
    if name_is_needed(report) {
        lines
            .push("- which name the account bears: the block of its joining says that;".to_owned());
    }
    lines.push(
        "- that the block was made when it says: miners choose its time within bounds;".to_owned(),
    );
    lines.push(format!(
        "- that block {} is still the pool's: somebody may know a chain with more work.",
        report.tip_height
    ));
    lines
}

fn name_is_needed(report: &SlipReport) -> bool {
    !matches!(report.transaction.body.action, Action::Join { .. })
}

/// What a transaction does that holds no bet.
fn what(action: &Action) -> String {
    printable(&match action {
        Action::Join { name, .. } => format!("joins the pool as {name}"),
        Action::Bet { tips } => format!("bets on {}", count(tips.len(), "match", "matches")),
        Action::Seal { tips } => format!("seals {}", count(tips.len(), "tip", "tips")),
        Action::Open { openings } => {
            let opened: Vec<String> = openings
                .iter()
                .map(|opening| format!("match {}: {}", opening.match_no, opening.score))
                .collect();
            format!("opens sealed tips ({})", opened.join(", "))
        }
        Action::Schedule { fixture } => format!("schedules {}", fixture.code.as_str()),
        Action::Result { match_no, .. } => format!("signs a result of match {match_no}"),
        Action::Transfer { to, chips } => {
            format!("gives {} to {to}", count(chips.0, "chip", "chips"))
        }
        Action::Object { match_no, text } => {
            format!(
                "objects to the result of match {match_no}: {}",
                text.as_str()
            )
        }
    })
}

/// A number of hashes as people say it, from hexadecimal.
fn large(hex: &str) -> String {
    const UNITS: [&str; 5] = ["", " thousand", " million", " billion", " trillion"];
    let mut number = hex
        .chars()
        .filter_map(|digit| digit.to_digit(16))
        .fold(0.0, |sum: f64, digit| sum.mul_add(16.0, f64::from(digit)));
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

/// What the slip proves, for programs.
pub(super) fn json(slip: &Slip, report: &SlipReport, revealed: &[(MatchNo, Score)]) -> Value {
    let moment = |at: UnixSeconds| time::timestamp(at).map(|at| at.to_string());
    let tips: Vec<Value> = tips(report, revealed)
        .iter()
        .map(|tip| {
            let kickoff = tip.fixture.and_then(|game| game.kickoff);
            json!({
                "no": tip.no,
                "code": tip.fixture.map(|game| game.code.as_str()),
                "home": tip.fixture.map(|game| game.home.name.as_str()),
                "away": tip.fixture.map(|game| game.away.name.as_str()),
                "score": tip.score,
                "sealed": tip.sealed,
                "stake": tip.stake,
                "kickoff": kickoff.and_then(moment),
                "before_kickoff": kickoff.map(|kickoff| report.clock < kickoff),
            })
        })
        .collect();
    let body = &report.transaction.body;
    json!({
        "verdict": "good",
        "pool": slip.pool,
        "pool_name": report.genesis.name.as_str(),
        "transaction": report.id.to_string(),
        "account": body.account,
        "nonce": body.nonce,
        "action": body.action,
        "tips": tips,
        "block": {
            "height": report.height, "hash": report.block, "time": moment(report.time),
            "clock": moment(report.clock),
        },
        "tip": {
            "height": report.tip_height, "hash": report.tip, "time": moment(report.tip_time),
        },
        "blocks_on_top": report.confirmations.saturating_sub(1),
        "confirmations": report.confirmations,
        "work": report.work,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

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
