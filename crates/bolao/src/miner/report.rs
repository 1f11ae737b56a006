//! What the miner reports: a line that renews itself on a terminal, log lines elsewhere, JSON lines for programs.

use std::{io::IsTerminal as _, time::Duration};

use bolao_ledger::BlockHash;
use bolao_miner::{HashRate, Miner};
use bolao_work::{Doing, Job, Rest};
use serde_json::{Value, json};
use tokio::time::Instant;
use url::Url;

use super::work::{Outcome, hashes_log2};
use crate::{
    command::node::rate,
    log::StatusLine,
    output::{self, count},
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
    accepted: u64,
    stale: u64,
    rejected: u64,
    lost: u64,
    job: Option<Seen>,
    doing: Doing,
    is_lost: bool,
}

/// What the status line says of a job.
#[derive(Clone, Copy, Debug)]
struct Seen {
    height: u64,
    hashes_log2: f64,
}

impl Report {
    pub(crate) fn new(json: bool) -> Self {
        let line = (!json && std::io::stderr().is_terminal()).then(StatusLine::new);
        Self {
            json,
            line,
            reported: None,
            began: Instant::now(),
            accepted: 0,
            stale: 0,
            rejected: 0,
            lost: 0,
            job: None,
            doing: Doing::Rest(Rest::NoJob),
            is_lost: false,
        }
    }

    fn event(&self, event: &Value) -> anyhow::Result<()> {
        if self.json {
            output::line(event)?;
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

    /// What ends the miner.
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

    pub(crate) fn outcome(&mut self, job: &Job, outcome: &Outcome) -> anyhow::Result<()> {
        let height = job.height;
        let (hash, detail) = match outcome {
            Outcome::Accepted { hash } => {
                self.accepted += 1;
                if !self.json {
                    let (of, count) = (short(hash), job.transactions);
                    if count == 0 {
                        tracing::info!(height, hash = %of, "found a block");
                    } else {
                        tracing::info!(height, hash = %of, transactions = count, "found a block");
                    }
                }
                (Some(hash), None)
            }
            Outcome::Stale(why) => {
                self.stale += 1;
                tracing::debug!(height, "a block came too late: {why}");
                (None, Some(why))
            }
            Outcome::Rejected(why) => {
                self.rejected += 1;
                tracing::warn!(height, "the node refused a block: {why}");
                (None, Some(why))
            }
            Outcome::Lost(why) => {
                self.lost += 1;
                tracing::warn!(
                    height,
                    "a block was found that nobody could be told of: {why}"
                );
                (None, Some(why))
            }
        };
        self.event(&json!({
            "event": "block",
            "outcome": outcome.to_string(),
            "height": height,
            "hash": hash,
            "detail": detail,
        }))
    }

    /// What the threads do from now on.
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
            span(self.began.elapsed()),
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
            "accepted": self.accepted,
            "stale": self.stale,
            "rejected": self.rejected,
            "lost": self.lost,
        })
    }

    fn blocks(&self) -> String {
        let others = [
            (self.stale, "stale"),
            (self.rejected, "rejected"),
            (self.lost, "lost"),
        ];
        let others = others.into_iter().filter(|(number, _)| *number > 0);
        std::iter::once(count(self.accepted, "block", "blocks"))
            .chain(others.map(|(number, what)| format!("{number} {what}")))
            .collect::<Vec<_>>()
            .join(", ")
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
                    "nothing waits, so it rests (--when always does not)"
                }
                Rest::Submitting => "submitting a block",
                Rest::Pace(_) => "resting before the next block",
                Rest::Refused(_) => "the last block was not taken; resting before the next",
            },
        };
        format!("{rest}; {}", self.blocks())
    }
}

/// Enough of a hash to know it by: the first digits are zeros.
fn short(hash: &str) -> String {
    format!("{}…", hash.chars().take(16).collect::<String>())
}

fn span(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..=119 => format!("{seconds} s"),
        120..=7_199 => format!("{} min", seconds / 60),
        _ => format!("{} h", seconds / 3_600),
    }
}

/// How long a block takes on average.
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
    let hashes = rate(speed.total_hashes).to_string();
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
        report.accepted = 1;
        report.stale = 2;
        // A job that nobody wants is no reason to speak of searching.
        report.doing(Doing::Rest(Rest::Unwanted));
        assert_eq!(
            report.status(speed(1_000_000)),
            "nothing waits, so it rests (--when always does not); 1 block, 2 stale"
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
