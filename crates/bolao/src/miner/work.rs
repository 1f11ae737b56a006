//! Work as the API gives it, and what becomes of solutions.

use std::{fmt, time::Duration};

use anyhow::{Context as _, bail};
use backon::{ExponentialBuilder, Retryable as _};
use bolao_miner::{Solution, Template};
use reqwest::StatusCode;
use serde::Deserialize;
use serde_json::json;
use tokio::time::Instant;

use crate::source::{ApiError, Client, as_view, escape};

/// Longer than a node keeps a miner waiting for its next template.
const WAIT: Duration = Duration::from_secs(45);
/// The longest name of a template, in bytes.
const MAX_ID: usize = 200;
/// The deepest Merkle tree that there can be.
const MAX_BRANCH: usize = 32;
/// The longest coinbase that there can be is far shorter, in bytes.
const MAX_COINBASE: usize = 1_000;

/// A template under the node's name for it.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    pub(crate) id: String,
    pub(crate) height: u64,
    /// As hashes are shown.
    pub(crate) target: String,
    pub(crate) transactions: u64,
    /// Whether the pool has use for the block.
    pub(crate) wanted: bool,
    /// When it came: its header carried the node's time then.
    pub(crate) at: Instant,
    pub(crate) template: Template,
}

#[derive(Deserialize)]
struct TemplateView {
    id: String,
    height: u64,
    header: String,
    target: String,
    coinbase_prefix: String,
    merkle_branch: Vec<String>,
    max_time: u32,
    transactions: u64,
    wanted: bool,
}

impl Job {
    fn read(view: TemplateView) -> anyhow::Result<Self> {
        let form = "the node's template is of another form than this program knows: are both of one version?";
        let too_long = view.id.len() > MAX_ID
            || view.merkle_branch.len() > MAX_BRANCH
            || view.coinbase_prefix.len() > 2 * MAX_COINBASE;
        if too_long {
            bail!(form);
        }
        let mut target: [u8; 32] = bytes(&view.target).context(form)?;
        target.reverse();
        let branch = view.merkle_branch.iter().map(|hash| bytes(hash));
        let template = Template {
            header: bytes(&view.header).context(form)?,
            target,
            coinbase_prefix: hex::decode(&view.coinbase_prefix).context(form)?,
            merkle_branch: branch.collect::<Result<_, _>>().context(form)?,
            max_time: view.max_time,
        };
        Ok(Self {
            id: view.id,
            height: view.height,
            // As it was read, so that nothing else can stand in it.
            target: view.target.to_ascii_lowercase(),
            transactions: view.transactions,
            wanted: view.wanted,
            at: Instant::now(),
            template,
        })
    }

    /// The block that it builds on.
    pub(crate) fn tip(&self) -> &[u8] {
        self.template.header.get(4..36).unwrap_or_default()
    }

    /// The node's clock for headers, whatever this machine's says.
    pub(crate) fn clock(&self) -> impl Fn() -> u32 + use<> {
        let (time, at) = (self.template.time(), self.at);
        move || {
            let passed = u32::try_from(at.elapsed().as_secs()).unwrap_or(u32::MAX);
            time.saturating_add(passed)
        }
    }

    /// The base-2 logarithm of the hashes that a block takes on average.
    pub(crate) fn hashes_log2(&self) -> f64 {
        let target = self.template.target.iter().rev();
        let value = target.fold(0.0, |value, byte| value * 256.0 + f64::from(*byte));
        256.0 - f64::max(value, 1.0).log2()
    }
}

fn bytes<const N: usize>(text: &str) -> Result<[u8; N], hex::FromHexError> {
    let mut bytes = [0; N];
    hex::decode_to_slice(text, &mut bytes)?;
    Ok(bytes)
}

/// The job for an account. While it is the one that is `known`, the node keeps the answer back.
pub(crate) async fn fetch(
    client: &Client,
    account: &str,
    known: Option<&str>,
) -> anyhow::Result<Job> {
    let mut path = format!("/api/v1/mining/template?account={}", escape(account));
    if let Some(known) = known {
        path.push_str("&known=");
        path.push_str(&escape(known));
    }
    Job::read(as_view(client.get_within(&path, WAIT).await?)?)
}

/// What became of a solution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Accepted {
        hash: String,
    },
    /// The chain had gone on.
    Stale(String),
    Rejected(String),
    /// The node could not be asked.
    Lost(String),
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Accepted { .. } => "accepted",
            Self::Stale(_) => "stale",
            Self::Rejected(_) => "rejected",
            Self::Lost(_) => "lost",
        })
    }
}

#[derive(Deserialize)]
struct Taken {
    hash: bolao_ledger::BlockHash,
}

/// Hands a solution in; tries again for most of a minute where the node does not answer.
pub(crate) async fn hand_in(client: &Client, job: &Job, solution: &Solution) -> Outcome {
    let word = |at: usize| {
        let bytes = solution.header.get(at..).and_then(<[u8]>::first_chunk);
        bytes.map_or(0, |bytes| u32::from_le_bytes(*bytes))
    };
    let found = json!({
        "template": job.id,
        "extra_nonce": hex::encode(solution.extra_nonce),
        "time": word(68),
        "nonce": word(76),
    });
    let again = ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(100))
        .with_max_delay(Duration::from_secs(10))
        .with_max_times(10)
        .with_jitter();
    let answer = (|| client.post("/api/v1/mining/submit", &found))
        .retry(again)
        .when(|error| refusal(error).is_none_or(|refusal| !is_final(refusal.status)))
        .await;
    match answer.and_then(as_view::<Taken>) {
        Ok(taken) => Outcome::Accepted {
            hash: taken.hash.to_string(),
        },
        Err(error) => match refusal(&error) {
            Some(refusal) if refusal.status == StatusCode::CONFLICT => {
                Outcome::Stale(error.to_string())
            }
            Some(refusal) if is_final(refusal.status) => Outcome::Rejected(error.to_string()),
            _ => Outcome::Lost(error.to_string()),
        },
    }
}

/// Whether asking the same again is of no use: the request is at fault, and the node is not just slow or crowded.
pub(crate) fn is_final(status: StatusCode) -> bool {
    let passing = [
        StatusCode::REQUEST_TIMEOUT,
        StatusCode::TOO_EARLY,
        StatusCode::TOO_MANY_REQUESTS,
    ];
    status.is_client_error() && !passing.contains(&status)
}

/// What the node itself said against a request.
pub(crate) fn refusal(error: &anyhow::Error) -> Option<&ApiError> {
    error.downcast_ref()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use super::*;

    fn view() -> TemplateView {
        TemplateView {
            id: "x".into(),
            height: 1,
            header: "00".repeat(80),
            target: format!("{}{}", "00".repeat(2), "ff".repeat(30)),
            coinbase_prefix: "00".repeat(50),
            merkle_branch: vec!["01".repeat(32)],
            max_time: 1,
            transactions: 0,
            wanted: false,
        }
    }

    #[test]
    fn templates_are_read_and_their_difficulty_told() {
        let job = Job::read(view()).unwrap();
        assert_eq!(job.template.target.first(), Some(&0xff));
        assert_eq!(job.template.target.last(), Some(&0));
        assert!((job.hashes_log2() - 16.0).abs() < 1e-6);
    }

    #[test]
    fn headers_are_dated_by_the_nodes_clock() {
        let mut job = Job::read(view()).unwrap();
        job.template.header[68..72].copy_from_slice(&1_000_000_u32.to_le_bytes());
        assert!((1_000_000..1_000_005).contains(&job.clock()()));
        job.at = job.at.checked_sub(Duration::from_secs(7)).unwrap();
        assert!((1_000_007..1_000_012).contains(&job.clock()()));
    }

    #[test]
    fn templates_of_another_form_are_refused() {
        type Spoil = fn(&mut TemplateView);
        let spoils: [Spoil; 7] = [
            |view| view.id = "x".repeat(MAX_ID + 1),
            |view| view.header.push('0'),
            |view| view.target = "g".repeat(64),
            |view| view.target = String::new(),
            |view| view.coinbase_prefix = "00".repeat(MAX_COINBASE + 1),
            |view| view.merkle_branch = vec!["00".repeat(32); MAX_BRANCH + 1],
            |view| view.merkle_branch = vec!["00".into()],
        ];
        for spoil in spoils {
            let mut bad = view();
            spoil(&mut bad);
            assert!(Job::read(bad).is_err());
        }
    }

    #[test]
    fn a_slow_node_is_asked_again() {
        for code in [408, 425, 429, 500, 503] {
            assert!(!is_final(StatusCode::from_u16(code).unwrap()), "{code}");
        }
        for code in [400, 404, 409, 413, 422] {
            assert!(is_final(StatusCode::from_u16(code).unwrap()), "{code}");
        }
    }
}
