//! The bets of a slip, and whether they came in time.

use bolao_ledger::{Chips, Fixture, MatchNo, Prediction, UnixSeconds};
use bolao_receipts::SlipReport;

use super::own::Own;
use crate::{exit::printable, output::count, time};

/// A bet of the slip.
#[derive(Debug)]
pub(super) struct Tipped<'a> {
    pub(super) no: MatchNo,
    /// The match as the pool was made with it.
    pub(super) fixture: Option<&'a Fixture>,
    /// The prediction, unless it is sealed.
    pub(super) predicted: Option<Prediction>,
    pub(super) sealed: bool,
    pub(super) stake: Chips,
    /// When betting on it ended, as the pool was made.
    pub(super) deadline: Option<UnixSeconds>,
    /// Whether it came before betting ended: by the own chain, where that holds it, else as the pool was made.
    pub(super) before_deadline: Option<bool>,
}

pub(super) fn tips<'a>(
    report: &'a SlipReport,
    revealed: &[(MatchNo, Prediction)],
    own: &Own,
) -> Vec<Tipped<'a>> {
    let tipped = |no: MatchNo, predicted, sealed, stake| {
        let fixture = report.genesis.matches.iter().find(|game| game.no == no);
        let deadline = report.genesis.planned_deadline(no);
        // # Rule D1: a tip counts only in a block whose time is before the match's deadline.
        let planned = deadline.map(|deadline| report.clock < deadline);
        let judged = own.void.as_ref().map(|void| !void.contains(&no));
        Tipped {
            no,
            fixture,
            predicted,
            sealed,
            stake,
            deadline,
            before_deadline: judged.or(planned),
        }
    };
    let opened = |no| {
        let found = revealed.iter().find(|(of, _)| *of == no);
        found.map(|(_, prediction)| *prediction)
    };
    let placed = report.transaction.body.action.placed();
    let tips = placed.into_iter().map(|tip| {
        let no = tip.match_no;
        let readable = tip.placed.prediction();
        let predicted = readable.or_else(|| opened(no));
        tipped(no, predicted, readable.is_none(), tip.stake)
    });
    tips.collect()
}

/// A moment of the chain, in this machine's zone.
pub(super) fn at(seconds: UnixSeconds) -> String {
    time::timestamp(seconds).map_or_else(|| format!("second {seconds}"), time::local)
}

impl Tipped<'_> {
    /// Prediction, match and stake.
    pub(super) fn bet(&self) -> String {
        let game = self.fixture.map_or_else(
            || format!("number {}, which came after the pool was made", self.no),
            |game| {
                printable(&format!(
                    "{}, {} – {}",
                    game.code.as_str(),
                    game.home.name.as_str(),
                    game.away.name.as_str()
                ))
            },
        );
        let predicted = match (self.predicted, self.sealed) {
            (Some(predicted), false) => predicted.words(),
            (Some(predicted), true) => {
                format!("{} (sealed; your wallet opens it)", predicted.words())
            }
            (None, _) => "a sealed score (its owner sees it with --reveal)".to_owned(),
        };
        let stake = match self.stake {
            Chips::ZERO => String::new(),
            Chips(chips) => format!(", {}", count(chips, "chip", "chips")),
        };
        format!("{predicted} on {game}{stake}")
    }

    /// Whether its block came before betting on it ended, as far as the slip and the own chain know.
    pub(super) fn when(&self, report: &SlipReport, own: &Own) -> String {
        let planned = self.deadline.map(|deadline| {
            let apart = time::span(deadline.0.abs_diff(report.clock.0));
            let side = if report.clock < deadline {
                "before"
            } else {
                "AFTER"
            };
            let end = at(deadline);
            let kickoff = self.fixture.and_then(|game| game.kickoff);
            let lead = kickoff.map_or(0, |at| at.0.saturating_sub(deadline.0));
            if kickoff.is_none() {
                format!("{apart} {side} its planned day began, {end}")
            } else if lead == 0 {
                format!("{apart} {side} its first planned kick-off, {end}")
            } else {
                let lead = time::span(lead);
                format!(
                    "{apart} {side} betting on it ended by the first plan, {end}, {lead} before kick-off"
                )
            }
        });
        let planned_in_time = self.deadline.map(|deadline| report.clock < deadline);
        let judged = own.void.is_some();
        let verdict = match (self.before_deadline, judged) {
            (Some(false), true) => "too late by your own chain, so it does not count",
            (Some(false), false) if report.genesis.organisers.is_empty() => {
                "too late, so it does not count"
            }
            (Some(false), false) => {
                "too late, so it does not count unless the match had been moved"
            }
            (Some(true), true) if planned_in_time != Some(true) => "in time by your own chain",
            _ => "",
        };
        let known = planned.unwrap_or_else(|| match self.fixture {
            Some(_) => "the match had no kick-off when the pool was made".to_owned(),
            None => "the slip does not know its kick-off".to_owned(),
        });
        if verdict.is_empty() {
            known
        } else {
            format!("{known}: {verdict}")
        }
    }
}
