//! A mining job.

use std::time::Duration;

use crate::hash::{merkle_root, sha256d};

/// A block that lacks nothing but its proof of work. Times are unix seconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// The giver's name for it: two jobs of one name are the same work. Empty where there is only one giver and one job.
    pub id: String,
    /// The block's height.
    pub height: u64,
    /// Bitcoin's 80 bytes: version, previous hash (4..36), Merkle root (36..68), time (68..72), compact target, nonce
    /// (76..80), integers little-endian. The miner fills in Merkle root and nonce, and moves the time forward.
    pub header: [u8; 80],
    /// The greatest hash that is good enough: a 256-bit integer, little-endian.
    pub target: [u8; 32],
    /// The coinbase without the 16 bytes of extra nonce with which it ends.
    pub coinbase_prefix: Vec<u8>,
    /// The siblings of the coinbase, leaf 0, up to the Merkle root, lowest first.
    pub merkle_branch: Vec<[u8; 32]>,
    /// The earliest time that the header may carry.
    pub min_time: u32,
    /// The latest time that the header may carry now. It moves on with the clock.
    pub max_time: u32,
    /// The latest time that the header may carry ever: later, the block's transactions would do something else.
    pub last_time: u32,
    /// The number of transactions in the block.
    pub transactions: u64,
    /// Whether the pool has use for the block: transactions wait, a kick-off is to be closed, or a result becomes final.
    pub wanted: bool,
}

impl Job {
    /// A job with an empty coinbase and nothing else in the block, whose header keeps its time.
    #[must_use]
    pub fn new(header: [u8; 80], target: [u8; 32]) -> Self {
        let mut job = Self {
            id: String::new(),
            height: 0,
            header,
            target,
            coinbase_prefix: Vec::new(),
            merkle_branch: Vec::new(),
            min_time: 0,
            max_time: 0,
            last_time: u32::MAX,
            transactions: 0,
            wanted: false,
        };
        job.max_time = job.time();
        job
    }

    /// The header's version.
    #[must_use]
    pub fn version(&self) -> u32 {
        u32::from_le_bytes(self.part(0))
    }

    /// The hash of the block before, in the header's order: the tip on which this one builds.
    #[must_use]
    pub fn previous(&self) -> [u8; 32] {
        self.part(4)
    }

    /// The header's time.
    #[must_use]
    pub fn time(&self) -> u32 {
        u32::from_le_bytes(self.part(68))
    }

    /// The header's compact target.
    #[must_use]
    pub fn bits(&self) -> u32 {
        u32::from_le_bytes(self.part(72))
    }

    fn part<const N: usize>(&self, at: usize) -> [u8; N] {
        let part = self.header.get(at..).and_then(<[u8]>::first_chunk);
        *part.expect("every part ends before byte 80")
    }

    /// The Merkle root of the block whose coinbase ends in `extra_nonce`.
    #[must_use]
    pub fn merkle_root(&self, extra_nonce: &[u8; 16]) -> [u8; 32] {
        let coinbase = [self.coinbase_prefix.as_slice(), extra_nonce].concat();
        merkle_root(sha256d(&coinbase), 0, &self.merkle_branch)
    }

    /// The header with this extra nonce, time and nonce.
    #[must_use]
    pub fn header_with(&self, extra_nonce: &[u8; 16], time: u32, nonce: u32) -> [u8; 80] {
        let mut header = self.header;
        header[36..68].copy_from_slice(&self.merkle_root(extra_nonce));
        header[68..72].copy_from_slice(&time.to_le_bytes());
        header[76..].copy_from_slice(&nonce.to_le_bytes());
        header
    }

    /// The same job once so much time has passed: the header's time and the latest one have moved on, but not past the last.
    #[must_use]
    pub fn after(mut self, passed: Duration) -> Self {
        let time = self.later(self.time(), passed);
        self.header[68..72].copy_from_slice(&time.to_le_bytes());
        self.max_time = self.later(self.max_time, passed);
        self
    }

    /// The latest time that the header may carry once so much time has passed.
    #[must_use]
    pub fn max_time_after(&self, passed: Duration) -> u32 {
        self.later(self.max_time, passed)
    }

    fn later(&self, time: u32, passed: Duration) -> u32 {
        let passed = u32::try_from(passed.as_secs()).unwrap_or(u32::MAX);
        time.saturating_add(passed).min(self.last_time)
    }

    /// Gives the time for which it holds from the header's time on: then its transactions would do something else.
    #[must_use]
    pub fn lasts(&self) -> Duration {
        let left = self.last_time.saturating_sub(self.time());
        Duration::from_secs(u64::from(left) + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(time: u32, last_time: u32) -> Job {
        let mut header = [0; 80];
        header[..4].copy_from_slice(&2_u32.to_le_bytes());
        header[4..36].fill(3);
        header[68..72].copy_from_slice(&time.to_le_bytes());
        header[72..76].copy_from_slice(&4_u32.to_le_bytes());
        Job {
            max_time: time.saturating_add(120).min(last_time),
            last_time,
            ..Job::new(header, [0xff; 32])
        }
    }

    #[test]
    fn the_header_is_read_and_filled_in() {
        let job = job(100, u32::MAX);
        assert_eq!(
            (job.version(), job.previous(), job.time(), job.bits()),
            (2, [3; 32], 100, 4)
        );
        let header = job.header_with(&[5; 16], 101, 6);
        assert_eq!(header[..36], job.header[..36]);
        assert_eq!(header[36..68], sha256d(&[5; 16]));
        assert_eq!(header[68..], [101, 0, 0, 0, 4, 0, 0, 0, 6, 0, 0, 0]);
    }

    #[test]
    fn times_move_on_but_not_to_where_the_transactions_do_something_else() {
        let times = |job: Job, seconds| {
            let job = job.after(Duration::from_secs(seconds));
            (job.time(), job.max_time)
        };
        assert_eq!(times(job(100, u32::MAX), 20), (120, 240));
        assert_eq!(times(job(100, 104), 20), (104, 104));
        assert_eq!(times(job(100, u32::MAX), u64::MAX), (u32::MAX, u32::MAX));
        assert_eq!(job(100, 104).lasts(), Duration::from_secs(5));
        assert_eq!(job(100, 99).lasts(), Duration::from_secs(1));
    }
}
