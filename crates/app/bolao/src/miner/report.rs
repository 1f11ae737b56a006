//! What the miner reports: a line that renews itself on a terminal, log lines elsewhere, JSON lines for programs.

use std::{collections::BTreeMap, io::IsTerminal as _, time::Duration};

use bolao_ledger::BlockHash;
use bolao_miner::{HashRate, Miner};
use bolao_work::{Doing, Job, Rest};
use serde_json::{Value, json};
use tokio::time::Instant;
use url::Url;

use super::work::{Outcome, hashes_log2};
use crate::{
    log::StatusLine,
    output::{self, count},
    time,
};

/// From one log line about the hash rate to the next.
const LOG_EVERY: Duration = Duration::from_mins(1);
/// From one JSON line about the hash rate to the next.
const JSON_EVERY: Duration = Duration::from_secs(10);

/// Counts and reports.
#[derive(Debug)]
pub(crate) struct Report {
    json: bool,
    line: Option<StatusLine>,
    /// When the rate was reported last.
    reported: Option<Instant>,
    began: Instant,
    counts: BTreeMap<Outcome, u64>,
    job: Option<Seen>,
    doing: Doing,
    is_lost: bool,
}

/// The part of a job that the status line shows.
#[derive(Clone, Copy, Debug)]
struct Seen {
    height: u64,
    hashes_log2: f64,
}

impl Report {
    pub(crate) fn new(json: bool) -> Self {
        let line = (!json && std::io::stderr().is_terminal()).then(StatusLine::default);
        Self {
            json,
            line,
            reported: None,
            began: Instant::now(),
            counts: BTreeMap::new(),
            job: None,
            doing: Doing::Rest(Rest::NoJob),
            is_lost: false,
        }
    }

    fn event(&self, event: &Value) -> anyhow::Result<()> {
        if self.json {
            output::raw(event)?;
        }
        Ok(())
    }

    pub(crate) fn started(&self, miner: &Miner, node: &Url, account: &str) -> anyhow::Result<()> {
        let (kernel, threads) = (miner.kernel(), miner.threads());
        if !self.json {
            tracing::info!(%node, account, kernel, threads, "starting");
        }
        self.event(&json!({
            "event": "started",
            "node": node.as_str().trim_end_matches('/'),
            "account": account,
            "kernel": kernel,
            "threads": threads,
        }))
    }

    pub(crate) fn connected(&mut self, version: &str, pool: &str) -> anyhow::Result<()> {
        let own = env!("CARGO_PKG_VERSION");
        if version != own {
            tracing::warn!(
                "the node is of version {version}, this program of {own}: use one version if blocks are rejected"
            );
        }
        if !self.json {
            let again = if self.is_lost { " again" } else { "" };
            tracing::info!(pool, "the node answers{again}");
        }
        self.is_lost = false;
        self.reported = None;
        self.event(&json!({ "event": "connected", "version": version, "pool": pool }))
    }

    pub(crate) fn lost(&mut self, why: &str) -> anyhow::Result<()> {
        self.is_lost = true;
        self.job = None;
        if !self.json {
            let end = if why.ends_with('?') { "" } else { "." };
            tracing::warn!("{why}{end} Trying again until Ctrl-C");
        }
        self.event(&json!({ "event": "lost", "detail": why }))
    }

    /// Tells the error that ends the miner.
    pub(super) fn failed(&mut self, error: &anyhow::Error) -> anyhow::Result<()> {
        self.event(&json!({ "event": "failed", "detail": format!("{error:#}") }))
    }

    pub(crate) fn job(&mut self, job: &Job) -> anyhow::Result<()> {
        self.job = Some(Seen {
            height: job.height,
            hashes_log2: hashes_log2(job),
        });
        let target = BlockHash(job.target).to_string();
        tracing::debug!(
            height = job.height,
            target,
            transactions = job.transactions,
            "new work"
        );
        self.event(&json!({
            "event": "work",
            "height": job.height,
            "target": target,
            "transactions": job.transactions,
            "wanted": job.wanted,
        }))
    }

    /// Tells the outcome of a solution; `text` is the block's hash, or why it has none.
    pub(super) fn outcome(
        &mut self,
        job: &Job,
        outcome: Outcome,
        text: &str,
    ) -> anyhow::Result<()> {
        *self.counts.entry(outcome).or_default() += 1;
        let (height, transactions) = (job.height, job.transactions);
        let is_accepted = outcome == Outcome::Accepted;
        match outcome {
            Outcome::Accepted if self.json => {}
            Outcome::Accepted => {
                tracing::info!(height, hash = %output::short(text), transactions, "found a block");
            }
            Outcome::Stale => tracing::debug!(height, "a block came too late: {text}"),
            Outcome::Rejected => tracing::warn!(height, "the node refused a block: {text}"),
            Outcome::Lost => {
                tracing::warn!(
                    height,
                    "a block was found and the node cannot be reached: {text}"
                );
            }
        }
        self.event(&json!({
            "event": "block",
            "outcome": outcome,
            "height": height,
            "hash": is_accepted.then_some(text),
            "detail": (!is_accepted).then_some(text),
        }))
    }

    fn count(&self, outcome: Outcome) -> u64 {
        self.counts.get(&outcome).copied().unwrap_or(0)
    }

    /// Notes what the threads do from now on.
    pub(super) const fn doing(&mut self, doing: Doing) {
        self.doing = doing;
    }

    /// Renews the line, or writes one now and then.
    pub(crate) fn look(&mut self, miner: &Miner) -> anyhow::Result<()> {
        let speed = miner.hash_rate();
        if let Some(line) = &self.line {
            line.set(self.status(speed));
            return Ok(());
        }
        let every = if self.json { JSON_EVERY } else { LOG_EVERY };
        // At first as soon as it is known how it goes.
        let due = match self.reported {
            Some(reported) => reported.elapsed() >= every,
            None => self.doing != Doing::Rest(Rest::NoJob),
        };
        if !due {
            return Ok(());
        }
        self.reported = Some(Instant::now());
        if self.json {
            return self.event(&self.counts("rate", speed));
        }
        tracing::info!("{}", self.status(speed));
        Ok(())
    }

    pub(crate) fn ended(&mut self, miner: &Miner) -> anyhow::Result<()> {
        self.line = None;
        let speed = miner.hash_rate();
        if self.json {
            return self.event(&self.counts("ended", speed));
        }
        tracing::info!(
            "ended after {}: {}, {} at {speed}",
            time::span(self.began.elapsed().as_secs()),
            self.blocks(),
            count_hashes(speed)
        );
        Ok(())
    }

    fn counts(&self, event: &str, speed: HashRate) -> Value {
        json!({
            "event": event,
            "searching": self.is_searching(),
            // The rate is of the time in which something was searched.
            "hashes_per_second": speed.hashes_per_second,
            "hashes": speed.total_hashes,
            "height": self.job.map(|job| job.height),
            "accepted": self.count(Outcome::Accepted),
            "stale": self.count(Outcome::Stale),
            "rejected": self.count(Outcome::Rejected),
            "lost": self.count(Outcome::Lost),
        })
    }

    fn blocks(&self) -> String {
        let mut blocks = vec![count(self.count(Outcome::Accepted), "block", "blocks")];
        let others = [
            (Outcome::Stale, "stale"),
            (Outcome::Rejected, "rejected"),
            (Outcome::Lost, "lost"),
        ];
        for (outcome, what) in others {
            if let number @ 1.. = self.count(outcome) {
                blocks.push(format!("{number} {what}"));
            }
        }
        blocks.join(", ")
    }

    const fn is_searching(&self) -> bool {
        matches!(self.doing, Doing::Search(_))
    }

    fn status(&self, speed: HashRate) -> String {
        let rest = match (self.doing, self.job) {
            (Doing::Search(_), Some(job)) => {
                return format!(
                    "{speed}, {}; looking for block {}{}",
                    self.blocks(),
                    job.height,
                    expected(job.hashes_log2, speed)
                );
            }
            (Doing::Search(_), None) => "searching",
            (Doing::Rest(rest), _) => match rest {
                Rest::NoJob if self.is_lost => "the node does not answer",
                Rest::NoJob => "waiting for the node's work",
                Rest::Unasked | Rest::Unwanted => {
                    "nothing is waiting, so mining pauses (--when always goes on)"
                }
                Rest::Submitting => "submitting a block",
                Rest::Pace(_) => "resting before the next block",
                Rest::Refused(_) => "the last block was not taken; resting before the next",
            },
        };
        format!("{rest}; {}", self.blocks())
    }
}

/// The average time that a block takes.
fn expected(hashes_log2: f64, speed: HashRate) -> String {
    if speed.hashes_per_second == 0 {
        return String::new();
    }
    #[allow(clippy::cast_precision_loss, reason = "the first digits are shown")]
    let seconds = hashes_log2.exp2() / speed.hashes_per_second as f64;
    match seconds {
        ..1.0 => ", less than a second each".into(),
        ..120.0 => format!(", some {seconds:.0} s each"),
        ..7_200.0 => format!(", some {:.0} min each", seconds / 60.0),
        ..172_800.0 => format!(", some {:.0} h each", seconds / 3_600.0),
        _ => format!(", some {:.0} days each", seconds / 86_400.0),
    }
}

fn count_hashes(speed: HashRate) -> String {
    // The same units, of hashes instead of hashes a second.
    let hashes = HashRate::of(speed.total_hashes).to_string();
    hashes.replace("H/s", "hashes")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn speed(hashes_per_second: u64) -> HashRate {
        HashRate {
            hashes_per_second,
            total_hashes: 3_000_000,
        }
    }

    #[test]
    fn the_status_line_says_how_it_goes() {
        let mut report = Report::new(true);
        assert_eq!(
            report.status(speed(0)),
            "waiting for the node's work; 0 blocks"
        );
        report.job = Some(Seen {
            height: 12,
            hashes_log2: 24.0,
        });
        report.counts = [(Outcome::Accepted, 1), (Outcome::Stale, 2)].into();
        // A job that nobody wants is no reason to speak of searching.
        report.doing(Doing::Rest(Rest::Unwanted));
        assert_eq!(
            report.status(speed(1_000_000)),
            "nothing is waiting, so mining pauses (--when always goes on); 1 block, 2 stale"
        );
        assert_eq!(
            report.counts("rate", speed(1_000_000)).get("searching"),
            Some(&Value::Bool(false))
        );
        report.doing(Doing::Search(1));
        assert_eq!(
            report.status(speed(1_000_000)),
            "1.0 MH/s, 1 block, 2 stale; looking for block 12, some 17 s each"
        );
        assert_eq!(count_hashes(speed(0)), "3.0 Mhashes");
        for (hashes, text) in [
            (16.0, ", less than a second each"),
            (30.0, ", some 18 min each"),
            (34.0, ", some 5 h each"),
            (40.0, ", some 13 days each"),
        ] {
            assert_eq!(expected(hashes, speed(1_000_000)), text);
        }
    }
}
