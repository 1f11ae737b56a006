//! Jobs as the API gives them, and what becomes of solutions.

use std::time::Duration;

use anyhow::Context as _;
use backon::{ExponentialBuilder, Retryable as _};
use bolao_api::body::{SolutionBody, TakenBody, TemplateBody};
use bolao_miner::Solution;
use bolao_work::{self as work, Job};
use reqwest::StatusCode;
use serde::Serialize;
use serde_json::json;

use crate::source::{ApiError, Client, as_view, escape};

/// Longer than a node keeps a miner waiting for its next template.
const WAIT: Duration = Duration::from_secs(45);

/// The base-2 logarithm of the hashes that a block takes on average.
pub(crate) fn hashes_log2(job: &Job) -> f64 {
    let target = job.target.iter().rev();
    let value = target.fold(0.0, |value, byte| value * 256.0 + f64::from(*byte));
    256.0 - f64::max(value, 1.0).log2()
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
    let body: TemplateBody = as_view(client.get_within(&path, WAIT).await?)?;
    body.job().context(
        "this program does not know the form of the node's template: are both the same version?",
    )
}

/// The outcome of a solution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome {
    Accepted,
    /// The chain had gone on.
    Stale,
    Rejected,
    /// The node could not be asked.
    Lost,
}

impl Outcome {
    /// Its meaning for the search.
    pub(crate) const fn verdict(self) -> work::Outcome {
        match self {
            Self::Accepted => work::Outcome::Taken,
            Self::Stale => work::Outcome::Stale,
            Self::Rejected | Self::Lost => work::Outcome::Refused,
        }
    }
}

/// Submits a solution; tries again for most of a minute where the node does not answer. Gives the block's hash, or why it
/// has none.
pub(crate) async fn submit(client: &Client, job: &Job, solution: &Solution) -> (Outcome, String) {
    let found = json!(SolutionBody {
        template: job.id.clone(),
        extra_nonce: solution.extra_nonce,
        time: solution.time(),
        nonce: solution.nonce(),
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
    match answer.and_then(as_view::<TakenBody>) {
        Ok(taken) => (Outcome::Accepted, taken.hash.to_string()),
        Err(error) => {
            let outcome = match refusal(&error).map(|refusal| refusal.status) {
                Some(StatusCode::CONFLICT) => Outcome::Stale,
                Some(status) if is_final(status) => Outcome::Rejected,
                _ => Outcome::Lost,
            };
            (outcome, error.to_string())
        }
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

/// Why the node itself refused a request.
pub(crate) fn refusal(error: &anyhow::Error) -> Option<&ApiError> {
    error.downcast_ref()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use super::*;

    #[test]
    fn the_hashes_of_a_block_follow_from_the_target() {
        let mut target = [0xff; 32];
        target[30..].fill(0);
        assert!((hashes_log2(&Job::new([0; 80], target)) - 16.0).abs() < 1e-6);
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
