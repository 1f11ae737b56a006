//! Jobs: from a block's template to `mining.notify` and back to a header.
//!
//! The bytes on the wire, as every miner since 2012 reads them:
//! - version, bits and time are numbers in big-endian hex;
//! - the previous hash has the bytes of each of its eight 32-bit words turned round;
//! - coinbase parts and Merkle branch are plain bytes.
//!
//! The coinbase's last 16 bytes are
//! `extranonce1 (4, the connection's) ‖ extranonce2 (8, the miner's) ‖ tag (4, the server's, other for each job)`.
//! The tag makes two nodes of one player search different places, and keeps the second part of
//! the coinbase from being empty, which some miners take for missing.

use std::{
    collections::{HashSet, VecDeque},
    time::Duration,
};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{difficulty::Difficulty, reject::Reject};

/// Bytes of the coinbase that the miner varies.
pub(crate) const EXTRANONCE2_BYTES: usize = 8;

/// What a block needs but its proof of work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobTemplate<B> {
    /// The header's 80 bytes: version, previous hash, Merkle root, time, bits, nonce. Merkle root
    /// and nonce are not read.
    pub header: [u8; 80],
    /// The greatest hash that makes a block: a 256-bit integer, little-endian.
    pub target: [u8; 32],
    /// The coinbase without the 16 bytes of extra nonce with which it ends.
    pub coinbase_prefix: Vec<u8>,
    /// The siblings of the coinbase up to the Merkle root, lowest first.
    pub merkle_branch: Vec<[u8; 32]>,
    /// The earliest time that the header may carry, in unix seconds.
    pub min_time: u32,
    /// The latest time that the header may carry now, in unix seconds. It moves on with the clock.
    pub max_time: u32,
    /// The latest time that the header may carry at any time, in unix seconds: after it, the block would be no good. The
    /// miner gets another job then.
    pub last_time: u32,
    /// The node's own: comes back with a block that is found.
    pub block: B,
}

impl<B> JobTemplate<B> {
    /// The hash of the block before, in the header's order.
    #[must_use]
    pub fn previous(&self) -> [u8; 32] {
        self.part(4)
    }

    /// How long it is good, from the header's time on.
    pub(crate) fn lasts(&self) -> Duration {
        let time = u32::from_le_bytes(self.part(68));
        let left = self.last_time.saturating_sub(time).saturating_add(1);
        Duration::from_secs(left.into())
    }

    /// The header's version.
    pub(crate) fn version(&self) -> u32 {
        u32::from_le_bytes(self.part(0))
    }

    /// The header for what a miner chose; times in unix seconds.
    #[must_use]
    pub fn solve(&self, extra_nonce: [u8; 16], version: u32, time: u32, nonce: u32) -> [u8; 80] {
        let coinbase = [self.coinbase_prefix.as_slice(), &extra_nonce].concat();
        let root = self
            .merkle_branch
            .iter()
            .fold(sha256d(&coinbase), |left, right| {
                sha256d([left, *right].as_flattened())
            });
        let mut header = self.header;
        header[..4].copy_from_slice(&version.to_le_bytes());
        header[36..68].copy_from_slice(&root);
        header[68..72].copy_from_slice(&time.to_le_bytes());
        header[76..].copy_from_slice(&nonce.to_le_bytes());
        header
    }

    fn part<const N: usize>(&self, at: usize) -> [u8; N] {
        *self
            .header
            .get(at..)
            .and_then(<[u8]>::first_chunk)
            .expect("every part ends before byte 80")
    }
}

/// A template as one connection got it.
#[derive(Debug)]
pub(crate) struct Job<B> {
    pub(crate) id: String,
    pub(crate) template: JobTemplate<B>,
    pub(crate) difficulty: Difficulty,
    /// When the node gave the template.
    pub(crate) since: Duration,
    /// How many jobs the connection had before.
    number: u32,
    /// Parts of their hashes that are enough to tell shares apart.
    seen: HashSet<[u8; 8]>,
}

impl<B> Job<B> {
    /// The last part of the extra nonce: the server's tag, made the job's own. Miners begin anew with each job, and two jobs
    /// of one template must not be the same work.
    pub(crate) fn tag(&self, server: [u8; 4]) -> [u8; 4] {
        (u32::from_le_bytes(server) ^ self.number.swap_bytes()).to_le_bytes()
    }

    /// The three parts as they stand in the coinbase.
    pub(crate) fn extra_nonce(
        &self,
        extranonce1: [u8; 4],
        extranonce2: [u8; EXTRANONCE2_BYTES],
        server: [u8; 4],
    ) -> [u8; 16] {
        let mut extra_nonce = [0; 16];
        let tag = self.tag(server);
        let parts = extranonce1.iter().chain(&extranonce2).chain(&tag);
        for (place, byte) in extra_nonce.iter_mut().zip(parts) {
            *place = *byte;
        }
        extra_nonce
    }

    /// The parameters of `mining.notify`.
    pub(crate) fn notify(&self, server: [u8; 4], clean: bool) -> Value {
        let template = &self.template;
        let branch: Vec<String> = template.merkle_branch.iter().map(hex::encode).collect();
        let number = |at| format!("{:08x}", u32::from_le_bytes(template.part(at)));
        json!([
            self.id,
            hex::encode(swap_words(template.previous())),
            hex::encode(&template.coinbase_prefix),
            hex::encode(self.tag(server)),
            branch,
            number(0),
            number(72),
            number(68),
            clean,
        ])
    }

    /// Whether the header may carry this time; the node's clock has moved on since the template.
    pub(crate) fn check_time(&self, time: u32, now: Duration) -> Result<(), Reject> {
        let passed = now.saturating_sub(self.since).as_secs();
        let (min, max) = (self.template.min_time, self.template.max_time);
        let max = max.saturating_add(u32::try_from(passed).unwrap_or(u32::MAX));
        let max = max.min(self.template.last_time);
        if (min..=max).contains(&time) {
            Ok(())
        } else {
            Err(Reject::Other(format!(
                "time {time} is not between {min} and {max}"
            )))
        }
    }

    /// Remembers a share's hash; it counts once. Blocks are taken when the job has had its shares, up to as many again.
    pub(crate) fn remember(
        &mut self,
        hash: [u8; 32],
        limit: usize,
        is_block: bool,
    ) -> Result<(), Reject> {
        let part = *hash.first_chunk().expect("8 bytes are in 32");
        if self.seen.contains(&part) {
            return Err(Reject::Duplicate);
        }
        let room = limit.saturating_mul(if is_block { 2 } else { 1 });
        if self.seen.len() >= room {
            return Err(Reject::Other(format!(
                "this job has had its {limit} shares: take the next"
            )));
        }
        self.seen.insert(part);
        Ok(())
    }

    /// Whether the job takes no more shares.
    pub(crate) fn is_spent(&self, limit: usize) -> bool {
        self.seen.len() >= limit
    }
}

/// The jobs that a connection may submit to, all on one tip.
#[derive(Debug)]
pub(crate) struct Jobs<B> {
    kept: VecDeque<Job<B>>,
    limit: usize,
    connection: [u8; 4],
    last_id: u32,
}

impl<B> Jobs<B> {
    /// No more than `limit` are kept. `connection` names the connection, and begins every id: a miner that comes again
    /// takes a job of an id that it knows for the old one, and mines that on (pooler's minerd does).
    pub(crate) fn new(limit: usize, connection: [u8; 4]) -> Self {
        Self {
            kept: VecDeque::new(),
            limit: limit.max(1),
            connection,
            last_id: 0,
        }
    }

    /// Adds a job; on another tip than the last, the others go. Says whether they went.
    pub(crate) fn add(
        &mut self,
        template: JobTemplate<B>,
        difficulty: Difficulty,
        since: Duration,
    ) -> (&Job<B>, bool) {
        let clean = self
            .kept
            .back()
            .is_none_or(|last| last.template.previous() != template.previous());
        if clean {
            self.kept.clear();
        }
        while self.kept.len() >= self.limit {
            self.kept.pop_front();
        }
        let number = self.last_id;
        self.last_id = self.last_id.wrapping_add(1);
        let job = Job {
            number,
            id: format!("{}{:08x}", hex::encode(self.connection), self.last_id),
            template,
            difficulty,
            since,
            seen: HashSet::new(),
        };
        self.kept.push_back(job);
        (self.kept.back().expect("just added"), clean)
    }

    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut Job<B>> {
        self.kept.iter_mut().rev().find(|job| job.id == id)
    }

    pub(crate) fn last(&self) -> Option<&Job<B>> {
        self.kept.back()
    }
}

/// SHA-256 twice.
pub(crate) fn sha256d(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(Sha256::digest(bytes)).into()
}

/// Turns the bytes of each 32-bit word round.
fn swap_words(mut hash: [u8; 32]) -> [u8; 32] {
    for word in hash.as_chunks_mut::<4>().0 {
        word.reverse();
    }
    hash
}

#[cfg(test)]
mod tests;
