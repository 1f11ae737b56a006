//! Mining jobs and what miners find.

use bolao_ledger::{AccountId, BlockHash};
use bolao_work::Job;
use hex::FromHexError;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The longest name of a template, in bytes.
const MAX_ID: usize = 200;
/// The deepest Merkle tree that there can be.
const MAX_BRANCH: usize = 32;
/// The longest coinbase that there can be is far shorter, in bytes.
const MAX_COINBASE: usize = 1_000;

/// A block that lacks nothing but its proof of work.
///
/// The coinbase is `coinbase_prefix` and 16 bytes of the miner's choice, the extra nonce. Its double SHA-256, folded with
/// `merkle_branch` from the left, gives bytes 36 to 68 of the header. Bytes 68 to 72 are the time, 76 to 80 the nonce,
/// both little-endian.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TemplateBody {
    /// Names the template when a solution is submitted.
    pub id: String,
    /// The account that is named as the block's miner.
    #[schema(value_type = String)]
    pub account: AccountId,
    /// The block's height.
    pub height: u64,
    /// The header's 80 bytes, for an extra nonce of zeros, with nonce 0 and with the node's time of now.
    pub header: String,
    /// The greatest hash that is good enough, as hashes are shown.
    #[schema(value_type = String)]
    pub target: BlockHash,
    /// The coinbase without the extra nonce with which it ends.
    pub coinbase_prefix: String,
    /// The siblings of the coinbase up to the Merkle root, lowest first: plain bytes.
    pub merkle_branch: Vec<String>,
    /// The earliest time that the header may carry, in unix seconds.
    pub min_time: u32,
    /// The latest one. It moves on with the clock.
    pub max_time: u32,
    /// The number of the block's transactions.
    pub transactions: u64,
    /// True if the pool has use for the block: transactions wait, or a kick-off is to be closed. Nodes that mine
    /// whenever transactions wait look for it.
    pub wanted: bool,
}

impl TemplateBody {
    /// A job for this account.
    #[must_use]
    pub fn new(account: AccountId, job: Job) -> Self {
        Self {
            id: job.id,
            account,
            height: job.height,
            header: hex::encode(job.header),
            target: BlockHash(job.target),
            coinbase_prefix: hex::encode(&job.coinbase_prefix),
            merkle_branch: job.merkle_branch.iter().map(hex::encode).collect(),
            min_time: job.min_time,
            max_time: job.max_time,
            transactions: job.transactions,
            wanted: job.wanted,
        }
    }

    /// The job as it was given, but that nobody knows its last time.
    pub fn job(self) -> Result<Job, TemplateError> {
        let long = [
            ("the id", self.id.len(), MAX_ID),
            ("the Merkle branch", self.merkle_branch.len(), MAX_BRANCH),
            ("the coinbase", self.coinbase_prefix.len(), 2 * MAX_COINBASE),
        ];
        if let Some((what, got, most)) = long.into_iter().find(|(_, got, most)| got > most) {
            return Err(TemplateError::TooLong { what, got, most });
        }
        let branch = self.merkle_branch.iter().map(|hash| bytes(hash));
        Ok(Job {
            id: self.id,
            height: self.height,
            coinbase_prefix: hex::decode(&self.coinbase_prefix)?,
            merkle_branch: branch.collect::<Result<_, _>>()?,
            min_time: self.min_time,
            max_time: self.max_time,
            transactions: self.transactions,
            wanted: self.wanted,
            ..Job::new(bytes(&self.header)?, self.target.0)
        })
    }
}

fn bytes<const N: usize>(text: &str) -> Result<[u8; N], FromHexError> {
    let mut bytes = [0; N];
    hex::decode_to_slice(text, &mut bytes)?;
    Ok(bytes)
}

/// Why a template is no job.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum TemplateError {
    /// No template has so much.
    #[error("{what} has {got} entries or digits, wanted {most} at most")]
    TooLong {
        /// Of what.
        what: &'static str,
        /// The amount that there is.
        got: usize,
        /// The amount that there may be at most.
        most: usize,
    },
    /// No hexadecimal digits, or not as many as there are to be.
    #[error(transparent)]
    Digits(#[from] FromHexError),
}

/// A solution: what a miner found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Solution)]
pub struct SolutionBody {
    /// The template's `id`.
    pub template: String,
    /// The last 16 bytes of the coinbase, in hexadecimal.
    #[serde(with = "hex::serde")]
    #[schema(value_type = String, example = "000102030405060708090a0b0c0d0e0f")]
    pub extra_nonce: [u8; 16],
    /// The header's time, in unix seconds.
    pub time: u32,
    /// The header's nonce.
    pub nonce: u32,
}

/// A block that was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Taken)]
pub struct TakenBody {
    /// Its hash.
    #[schema(value_type = String)]
    pub hash: BlockHash,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn body() -> TemplateBody {
        let job = Job {
            id: "x".into(),
            height: 1,
            coinbase_prefix: vec![2; 50],
            merkle_branch: vec![[3; 32]],
            min_time: 4,
            max_time: 5,
            transactions: 6,
            wanted: true,
            ..Job::new(
                [7; 80],
                std::array::from_fn(|byte| u8::try_from(byte).unwrap()),
            )
        };
        TemplateBody::new(AccountId([8; 32]), job)
    }

    #[test]
    fn a_job_is_read_as_it_is_written() {
        let text = serde_json::to_string(&body()).unwrap();
        assert!(text.contains(r#""target":"1f1e1d"#), "{text}");
        let read: TemplateBody = serde_json::from_str(&text).unwrap();
        let job = read.job().unwrap();
        assert_eq!(job.target.last(), Some(&31));
        assert_eq!(TemplateBody::new(AccountId([8; 32]), job), body());
    }

    #[test]
    fn templates_of_another_form_are_refused() {
        type Spoil = fn(&mut TemplateBody);
        let spoils: [Spoil; 6] = [
            |body| body.id = "x".repeat(MAX_ID + 1),
            |body| body.header.push('0'),
            |body| body.header = "g".repeat(160),
            |body| body.coinbase_prefix = "00".repeat(MAX_COINBASE + 1),
            |body| body.merkle_branch = vec!["00".repeat(32); MAX_BRANCH + 1],
            |body| body.merkle_branch = vec!["00".into()],
        ];
        for spoil in spoils {
            let mut bad = body();
            spoil(&mut bad);
            assert!(bad.job().is_err());
        }
    }
}
