//! Jobs: from the node's job to `mining.notify`, and what a connection may submit to.
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

use bolao_work::Job;
use serde_json::{Value, json};

use crate::{difficulty::Difficulty, reject::Reject};

/// Bytes of the coinbase that the miner varies.
pub(crate) const EXTRANONCE2_BYTES: usize = 8;

/// A job as one connection got it.
#[derive(Debug)]
pub(crate) struct Assignment<B> {
    pub(crate) id: String,
    pub(crate) job: Job,
    /// The node's own: comes back with a block that is found.
    pub(crate) block: B,
    pub(crate) difficulty: Difficulty,
    /// When the node gave the job.
    pub(crate) since: Duration,
    /// The number of jobs that the connection had before.
    number: u32,
    /// Parts of their hashes that are enough to tell shares apart.
    seen: HashSet<[u8; 8]>,
}

impl<B> Assignment<B> {
    /// The last part of the extra nonce: the server's tag, made the job's own. Miners begin anew with each job, and two
    /// assignments of one job must not be the same work.
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
        let job = &self.job;
        let branch: Vec<String> = job.merkle_branch.iter().map(hex::encode).collect();
        let number = |number: u32| format!("{number:08x}");
        json!([
            self.id,
            hex::encode(swap_words(job.previous())),
            hex::encode(&job.coinbase_prefix),
            hex::encode(self.tag(server)),
            branch,
            number(job.version()),
            number(job.bits()),
            number(job.time()),
            clean,
        ])
    }

    /// The header for what a miner chose; the version may be a rolled one.
    pub(crate) fn solve(
        &self,
        extra_nonce: &[u8; 16],
        version: u32,
        time: u32,
        nonce: u32,
    ) -> [u8; 80] {
        let mut header = self.job.header_with(extra_nonce, time, nonce);
        header[..4].copy_from_slice(&version.to_le_bytes());
        header
    }

    /// Whether the header may carry this time; the node's clock has moved on since the job came.
    pub(crate) fn check_time(&self, time: u32, now: Duration) -> Result<(), Reject> {
        let passed = now.saturating_sub(self.since);
        let (min, max) = (self.job.min_time, self.job.max_time_after(passed));
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
    kept: VecDeque<Assignment<B>>,
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
        (job, block): (Job, B),
        difficulty: Difficulty,
        since: Duration,
    ) -> (&Assignment<B>, bool) {
        let clean = self
            .kept
            .back()
            .is_none_or(|last| last.job.previous() != job.previous());
        if clean {
            self.kept.clear();
        }
        while self.kept.len() >= self.limit {
            self.kept.pop_front();
        }
        let number = self.last_id;
        self.last_id = self.last_id.wrapping_add(1);
        let assignment = Assignment {
            number,
            id: format!("{}{:08x}", hex::encode(self.connection), self.last_id),
            job,
            block,
            difficulty,
            since,
            seen: HashSet::new(),
        };
        self.kept.push_back(assignment);
        (self.kept.back().expect("just added"), clean)
    }

    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut Assignment<B>> {
        self.kept.iter_mut().rev().find(|job| job.id == id)
    }

    pub(crate) fn last(&self) -> Option<&Assignment<B>> {
        self.kept.back()
    }
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
